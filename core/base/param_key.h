#pragma once
// ParamKey: the name of a parameter with its hash, computed at compile time for literals, so that looking a
// parameter up in inference compares a few integers and no text.

#include "core/base/hash.h"

#include <cstdint>
#include <string_view>

namespace shapewise {

[[nodiscard]] constexpr std::uint32_t hashName(std::string_view name) { return fnv1a32(name); }

struct ParamKey {
    std::uint32_t hash;
    std::string_view name;

    consteval ParamKey(const char* literal) : hash(hashName(literal)), name(literal) {}
    [[nodiscard]] static constexpr ParamKey of(std::string_view name) { return ParamKey(hashName(name), name); }

  private:
    constexpr ParamKey(std::uint32_t h, std::string_view n) : hash(h), name(n) {}
};

}  // namespace shapewise
