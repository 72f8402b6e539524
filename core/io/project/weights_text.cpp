#include "core/io/project/weights_text.h"

#include "core/base/checked_math.h"

#include <fmt/format.h>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace shapewise::io {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<std::int8_t, 256> makeDigits() {
    std::array<std::int8_t, 256> digits{};
    digits.fill(-1);
    for (std::size_t value = 0; value < kAlphabet.size(); ++value)
        digits[static_cast<unsigned char>(kAlphabet[value])] = static_cast<std::int8_t>(value);
    return digits;
}

std::uint32_t littleEndian(std::uint32_t bits) {
    if constexpr (std::endian::native == std::endian::little) return bits;
    return __builtin_bswap32(bits);
}

}  // namespace

std::string floatsToText(std::span<const float> values) {
    std::string out;
    out.reserve((values.size() * sizeof(float) + 2) / 3 * 4);
    std::uint32_t group = 0;
    int bytes = 0;
    const auto flush = [&](int characters) {
        for (int index = 0; index < characters; ++index) out += kAlphabet[(group >> (18 - 6 * index)) & 63u];
        out.append(static_cast<std::size_t>(4 - characters), '=');
        group = 0;
        bytes = 0;
    };
    for (const float value : values) {
        const std::uint32_t bits = littleEndian(std::bit_cast<std::uint32_t>(value));
        std::array<std::uint8_t, 4> raw{};
        std::memcpy(raw.data(), &bits, raw.size());
        for (const std::uint8_t byte : raw) {
            group |= static_cast<std::uint32_t>(byte) << (16 - 8 * bytes);
            if (++bytes == 3) flush(4);
        }
    }
    if (bytes > 0) flush(bytes + 1);
    return out;
}

Result<tensor::Tensor> floatsFromText(std::string_view text, tensor::Extents extents) {
    static const std::array<std::int8_t, 256> kDigits = makeDigits();
    std::int64_t count = 1;
    for (const std::int64_t extent : extents) count = saturatingMultiply(count, extent);
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    const std::size_t held = text.size() / 4 * 3 + (text.size() % 4 == 0 ? 0 : text.size() % 4 - 1);
    if (count < 0 || static_cast<std::uint64_t>(count) != held / sizeof(float) || held % sizeof(float) != 0)
        return failure(fmt::format("the values hold {} bytes, but {} wants {} numbers", held,
                                   tensor::extentsText(extents), count));
    std::string bytes;
    bytes.reserve(held);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char character : text) {
        const std::int8_t digit = kDigits[static_cast<unsigned char>(character)];
        if (digit < 0) return failure("the values are not base64 text");
        group = (group << 6) | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((group >> bits) & 0xFFu);
    }
    tensor::Tensor values(std::move(extents));
    for (std::size_t index = 0; index < bytes.size() / sizeof(float); ++index) {
        std::uint32_t raw = 0;
        std::memcpy(&raw, bytes.data() + index * sizeof raw, sizeof raw);
        values.data()[index] = std::bit_cast<float>(littleEndian(raw));
    }
    return values;
}

}  // namespace shapewise::io
