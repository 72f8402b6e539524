#pragma once
// Numbers as most files hold them, for tests that make files.

#include <cstdint>
#include <string>

namespace shapewise::test {

/// The lowest `bytes` bytes, the lowest first.
[[nodiscard]] inline std::string littleEndian(std::uint64_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>((number >> (8 * i)) & 0xFF);
    return text;
}

}  // namespace shapewise::test
