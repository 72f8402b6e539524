#include "core/tensor/shape.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace shapewise::tensor {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kTimesSign = "×";

bool isSpace(char c) { return kSpaces.find(c) != std::string_view::npos; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isNumber(std::string_view word) { return !word.empty() && std::all_of(word.begin(), word.end(), isDigit); }
bool isTimes(std::string_view word) { return word == "x" || word == "X" || word == "*" || word == kTimesSign; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    return text;
}

/// A long word is cut, so that a file's name pasted by mistake does not fill the message.
std::string quoted(std::string_view word) {
    constexpr std::size_t kLongest = 40;
    return word.size() <= kLongest ? fmt::format("'{}'", word) : fmt::format("'{}…'", word.substr(0, kLongest));
}

std::string reasonAgainst(std::string_view word) {
    const std::string_view digits = word.starts_with('-') ? word.substr(1) : word;
    if (isNumber(digits) && word.starts_with('-'))
        return fmt::format("Size {} is negative; only -1 is possible, for an unknown size", quoted(word));
    if (isNumber(digits))
        return fmt::format("Size {} is too large: the largest is {}", quoted(word),
                           std::numeric_limits<std::int64_t>::max());
    if (std::count(digits.begin(), digits.end(), '.') == 1 && digits.size() > 1 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c == '.' || isDigit(c); }))
        return fmt::format("Size {} is not a whole number", quoted(word));
    return fmt::format("Size {} is neither a whole number, a name such as T, nor None", quoted(word));
}

/// Takes off the brackets round all sizes. False with a reason when one of the two is missing.
bool takeOffBrackets(std::string_view& text, std::string& reason) {
    constexpr std::string_view kOpening = "([{";
    constexpr std::string_view kClosing = ")]}";
    text = trimmed(text);
    while (!text.empty()) {
        const std::size_t opening = kOpening.find(text.front());
        const std::size_t closing = kClosing.find(text.back());
        if (opening == std::string_view::npos && closing == std::string_view::npos) break;
        if (opening != closing || text.size() < 2) {
            const bool hasOpening = opening != std::string_view::npos;
            reason = fmt::format("Bracket '{}' has no partner '{}'", hasOpening ? text.front() : text.back(),
                                 hasOpening ? kClosing[opening] : kOpening[closing]);
            return false;
        }
        text = trimmed(text.substr(1, text.size() - 2));
    }
    return true;
}

/// Splits the part between two commas: at spaces, at "x" after a number (20x1) and at a lone "x" (20 x T).
std::vector<std::string_view> wordsOf(std::string_view part) {
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while (at < part.size()) {
        if (isSpace(part[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < part.size() && isDigit(part[end])) ++end;
        const std::string_view after = part.substr(end);
        const bool isTimesNext =
            after.starts_with('x') || after.starts_with('X') || after.starts_with('*') || after.starts_with(kTimesSign);
        if (end == at || !isTimesNext) end = std::min(part.find_first_of(kSpaces, at), part.size());
        words.push_back(part.substr(at, end - at));
        at = end;
        if (isTimesNext && isNumber(words.back())) {
            const std::size_t length = after.starts_with(kTimesSign) ? kTimesSign.size() : 1;
            words.push_back(part.substr(at, length));
            at += length;
        }
    }
    return words;
}

/// Reads one part; between two sizes a times sign is a separator, elsewhere "x" is a name.
bool readPart(std::string_view part, std::vector<Dim>& sizes, std::string& reason) {
    const std::vector<std::string_view> words = wordsOf(part);
    bool isAfterSize = false;
    for (std::size_t index = 0; index < words.size(); ++index) {
        if (isAfterSize && isTimes(words[index])) {
            if (index + 1 == words.size()) {
                reason = fmt::format("Size after {} is missing", quoted(words[index]));
                return false;
            }
            isAfterSize = false;
            continue;
        }
        const std::optional<Dim> size = parseDim(words[index]);
        if (!size) {
            reason = reasonAgainst(words[index]);
            return false;
        }
        sizes.push_back(*size);
        isAfterSize = true;
    }
    return true;
}

bool readAll(std::string_view text, std::vector<Dim>& sizes, std::string& reason) {
    if (trimmed(text).empty()) {
        reason = "No sizes; write them like 28, 28, 1";
        return false;
    }
    if (!takeOffBrackets(text, reason)) return false;
    if (text.empty()) return true;
    if (text.back() == ',') text = trimmed(text.substr(0, text.size() - 1));
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(",;", start), text.size());
        const std::string_view part = trimmed(text.substr(start, end - start));
        if (part.empty()) {
            reason = fmt::format("Size {} is missing: there is nothing before or after a comma", sizes.size() + 1);
            return false;
        }
        if (!readPart(part, sizes, reason)) return false;
        start = end + 1;
    }
    if (sizes.size() > static_cast<std::size_t>(kMaximumRank)) {
        reason = fmt::format("{} sizes, where at most {} are possible", sizes.size(), kMaximumRank);
        return false;
    }
    return true;
}

}  // namespace

std::optional<std::vector<Dim>> parseSizes(std::string_view text, std::string* why) {
    std::vector<Dim> sizes;
    std::string reason;
    if (readAll(text, sizes, reason)) return sizes;
    if (why != nullptr) *why = std::move(reason);
    return std::nullopt;
}

}  // namespace shapewise::tensor
