#pragma once
// Hashes: of names at compile time, and of contents (the key under which a computed value is kept).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace shapewise {

/// FNV-1a, 32 bit (Fowler, Noll, Vo; draft-eastlake-fnv).
[[nodiscard]] constexpr std::uint32_t fnv1a32(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

/// 64-bit hash of a sequence of values, the same on every machine and in every session. Each value counts with
/// its length, so that "ab" + "c" and "a" + "bc" differ. Bytes are read in four lanes (XXH64 by Yann Collet), at
/// several gigabytes a second. Not meant against forgery.
class Hasher {
  public:
    Hasher& add(std::uint64_t word);
    Hasher& add(double number);  ///< by its bits: 0.0 and -0.0 differ, equal NaNs are equal
    Hasher& add(std::string_view text);
    Hasher& add(const char* text) { return add(std::string_view(text)); }
    Hasher& add(float number) { return add(static_cast<double>(number)); }

    template <class Integer>
    requires std::integral<Integer> || std::is_enum_v<Integer> Hasher& add(Integer number) {
        return add(static_cast<std::uint64_t>(number));
    }

    Hasher& addBytes(std::span<const std::byte> bytes);
    Hasher& addFloats(std::span<const float> values) { return addBytes(std::as_bytes(values)); }

    [[nodiscard]] std::uint64_t result() const;

  private:
    std::uint64_t state_ = 0x27D4EB2F165667C5u;
};

}  // namespace shapewise
