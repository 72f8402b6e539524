#include "core/base/hash.h"

#include <array>
#include <bit>
#include <cstring>

namespace shapewise {
namespace {

// The primes of XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9u;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5u;

constexpr std::size_t kWord = 8;
constexpr std::size_t kLanes = 4;

std::uint64_t round(std::uint64_t lane, std::uint64_t word) { return std::rotl(lane + word * kPrime2, 31) * kPrime1; }

std::uint64_t merge(std::uint64_t hash, std::uint64_t word) { return (hash ^ round(0, word)) * kPrime1 + kPrime4; }

std::uint64_t avalanche(std::uint64_t hash) {
    hash = (hash ^ (hash >> 33)) * kPrime2;
    hash = (hash ^ (hash >> 29)) * kPrime3;
    return hash ^ (hash >> 32);
}

/// Up to 8 bytes, the first the lowest, whatever the byte order of the machine.
std::uint64_t wordAt(const std::byte* bytes, std::size_t count) {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, bytes, count);
    } else {
        for (std::size_t index = 0; index < count; ++index)
            word |= std::to_integer<std::uint64_t>(bytes[index]) << (8 * index);
    }
    return word;
}

std::uint64_t hashOf(std::span<const std::byte> bytes) {
    std::uint64_t hash = kPrime5;
    std::size_t at = 0;
    if (bytes.size() >= kLanes * kWord) {
        std::array<std::uint64_t, kLanes> lanes{kPrime1 + kPrime2, kPrime2, 0, 0u - kPrime1};
        for (; at + kLanes * kWord <= bytes.size(); at += kLanes * kWord)
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                lanes[lane] = round(lanes[lane], wordAt(bytes.data() + at + lane * kWord, kWord));
        hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
        for (const std::uint64_t lane : lanes) hash = merge(hash, lane);
    }
    hash += bytes.size();
    while (at < bytes.size()) {
        const std::size_t count = bytes.size() - at < kWord ? bytes.size() - at : kWord;
        hash = merge(std::rotl(hash, 27), wordAt(bytes.data() + at, count));
        at += count;
    }
    return avalanche(hash);
}

}  // namespace

Hasher& Hasher::add(std::uint64_t word) {
    state_ = merge(std::rotl(state_, 27), word);
    return *this;
}

Hasher& Hasher::add(double number) { return add(std::bit_cast<std::uint64_t>(number)); }

Hasher& Hasher::add(std::string_view text) { return addBytes(std::as_bytes(std::span(text.data(), text.size()))); }

Hasher& Hasher::addBytes(std::span<const std::byte> bytes) {
    return add(static_cast<std::uint64_t>(bytes.size())).add(hashOf(bytes));
}

std::uint64_t Hasher::result() const { return avalanche(state_); }

}  // namespace shapewise
