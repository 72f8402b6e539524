#include "tests/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace shapewise::fuzz {

namespace {

std::size_t below(Random& random, std::size_t bound) {
    return bound == 0 ? 0 : static_cast<std::size_t>(random() % bound);
}

bool looksLikeText(std::string_view bytes) {
    const std::string_view start = bytes.substr(0, 256);
    return std::all_of(start.begin(), start.end(), [](unsigned char c) { return c >= 0x20 || std::isspace(c) != 0; });
}

struct Piece {
    std::size_t first = 0;
    std::size_t count = 0;
};

Piece anyPiece(const std::string& bytes, Random& random) {
    const std::size_t first = below(random, bytes.size());
    const std::size_t most = std::min<std::size_t>(bytes.size() - first, std::size_t{1} << below(random, 12));
    return {first, most == 0 ? 0 : 1 + below(random, most)};
}

void changeBytes(std::string& bytes, std::string_view other, Random& random) {
    constexpr std::array<char, 6> kOdd{'\0', '\x01', '\x7F', '\xFF', '\x80', '\xFE'};
    if (bytes.empty()) return;
    const Piece piece = anyPiece(bytes, random);
    const std::size_t at = below(random, bytes.size());
    switch (below(random, 9)) {
        case 0: bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << below(random, 8))); break;
        case 1: bytes[at] = kOdd[below(random, kOdd.size())]; break;
        case 2: bytes.erase(piece.first, piece.count); break;
        case 3: bytes.insert(at, bytes.substr(piece.first, piece.count)); break;
        case 4: bytes.resize(at); break;
        case 5:
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(piece.first), piece.count,
                        kOdd[below(random, kOdd.size())]);
            break;
        case 6:  // numbers of 4 bytes stand at places that four divides, mostly
            for (std::size_t place = at / 4 * 4; place < std::min(bytes.size(), at / 4 * 4 + 4); ++place)
                bytes[place] = kOdd[below(random, kOdd.size())];
            break;
        case 7:
            if (!other.empty()) {
                const std::size_t from = below(random, other.size());
                bytes.replace(piece.first, piece.count, other.substr(from, piece.count));
            }
            break;
        default:  // the head, where sizes and kinds are
            bytes[below(random, std::min<std::size_t>(bytes.size(), 128))] = static_cast<char>(random());
            break;
    }
}

/// Where a number, a text or a word of JSON stands.
Piece anyToken(const std::string& text, Random& random) {
    const std::size_t start = below(random, text.size());
    for (std::size_t step = 0; step < text.size(); ++step) {
        const std::size_t at = (start + step) % text.size();
        const char c = text[at];
        const char before = at > 0 ? text[at - 1] : ' ';
        const bool isStart = before == ' ' || before == ':' || before == ',' || before == '[' || before == '\n';
        if (!isStart) continue;
        if (c == '"') {
            const std::size_t end = text.find('"', at + 1);
            if (end != std::string::npos) return {at, end - at + 1};
        } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') {
            const std::size_t end = text.find_first_of(",]} \n", at);
            return {at, (end == std::string::npos ? text.size() : end) - at};
        } else if (c == '[' || c == '{') {
            int depth = 0;
            for (std::size_t end = at; end < text.size() && end < at + 4096; ++end) {
                if (text[end] == '[' || text[end] == '{') ++depth;
                if ((text[end] == ']' || text[end] == '}') && --depth == 0) return {at, end - at + 1};
            }
        }
    }
    return {};
}

void changeJson(std::string& text, std::string_view other, Random& random) {
    static constexpr std::array<std::string_view, 27> kValues{"0",
                                                              "-1",
                                                              "1",
                                                              "2",
                                                              "3",
                                                              "7",
                                                              "16",
                                                              "1000003",
                                                              "2147483647",
                                                              "4294967296",
                                                              "4611686018427387904",
                                                              "9223372036854775807",
                                                              "-9223372036854775808",
                                                              "9223372036854775808",
                                                              "1e308",
                                                              "-0.0",
                                                              "0.5",
                                                              "null",
                                                              "true",
                                                              "false",
                                                              "[]",
                                                              "{}",
                                                              "[0, 0]",
                                                              "[9223372036854775807, 9223372036854775807]",
                                                              "\"\"",
                                                              "\"same\"",
                                                              "\"channels_first\""};
    if (text.empty()) return;
    const Piece token = anyToken(text, random);
    if (token.count == 0) return changeBytes(text, other, random);
    const std::string old = text.substr(token.first, token.count);
    switch (below(random, 6)) {
        case 0:
        case 1: text.replace(token.first, token.count, kValues[below(random, kValues.size())]); break;
        case 2: {  // another value of the same file
            const Piece from = anyToken(text, random);
            text.replace(token.first, token.count, std::string(text, from.first, from.count));
            break;
        }
        case 3: text.replace(token.first, token.count, "[" + old + ", " + old + "]"); break;
        case 4: text.insert(token.first, old + ", "); break;
        default: {
            std::string from(other);
            const Piece piece = from.empty() ? Piece{} : anyToken(from, random);
            if (piece.count > 0) text.replace(token.first, token.count, from, piece.first, piece.count);
            break;
        }
    }
}

}  // namespace

std::string mutated(std::string_view original, std::string_view other, Random& random) {
    std::string bytes(original);
    const bool isText = looksLikeText(original);
    const std::size_t changes = 1 + below(random, 4);
    for (std::size_t change = 0; change < changes; ++change)
        if (isText && below(random, 8) != 0)
            changeJson(bytes, other, random);
        else
            changeBytes(bytes, other, random);
    constexpr std::size_t kMost = std::size_t{4} << 20;
    if (bytes.size() > kMost) bytes.resize(kMost);
    return bytes;
}

}  // namespace shapewise::fuzz
