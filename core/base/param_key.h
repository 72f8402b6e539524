#pragma once
// ParamKey: the name of a parameter with its hash, computed at compile time for literals, so that looking a
// parameter up in inference compares a few integers and no text.

#include <cstdint>
#include <string_view>

namespace shapewise {

[[nodiscard]] constexpr std::uint32_t hashName(std::string_view name) {
    std::uint32_t hash = 2166136261u;  // FNV-1a, 32 bit
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

struct ParamKey {
    std::uint32_t hash;
    std::string_view name;

    consteval ParamKey(const char* literal) : hash(hashName(literal)), name(literal) {}
    [[nodiscard]] static constexpr ParamKey of(std::string_view name) { return ParamKey(hashName(name), name); }

private:
    constexpr ParamKey(std::uint32_t h, std::string_view n) : hash(h), name(n) {}
};

}  // namespace shapewise
