#include "core/base/text.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace shapewise {
namespace {

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool isWord(char c) {
    return isLower(c) || isUpper(c) || isDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::uint64_t magnitudeOf(std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    return number < 0 ? 0u - bits : bits;
}

/// Lower case without separators: "max_pooling2d" and "MaxPooling2D" are the same name.
std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '_' && c != '-' && c != ' ') out += lower(c);
    return out;
}

/// "2.1 M" from 2,100,000: one decimal below 100, none above, and none when it is 0.
std::string scaled(std::int64_t number, const std::array<const char*, 7>& units) {
    double value = static_cast<double>(magnitudeOf(number));
    std::size_t step = 0;
    const auto rounded = [&value] {
        return value < 99.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
    };
    while (step + 1 < units.size() && (value >= 1000.0 || rounded() == "1000")) {
        value /= 1000.0;
        ++step;
    }
    std::string digits = rounded();
    if (digits.ends_with(".0")) digits.resize(digits.size() - 2);
    const std::string_view unit = units[step];
    return fmt::format("{}{}{}{}", number < 0 ? "-" : "", digits, unit.empty() ? "" : " ", unit);
}

/// re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name): matches do not overlap.
std::string separateCapitalisedWords(std::string_view name) {
    std::string out;
    std::size_t at = 0;
    while (at < name.size()) {
        out += name[at];
        if (at + 2 < name.size() && isUpper(name[at + 1]) && isLower(name[at + 2])) {
            out += '_';
            out += name[at + 1];
            for (at += 2; at < name.size() && isLower(name[at]); ++at) out += name[at];
        } else {
            ++at;
        }
    }
    return out;
}

}  // namespace

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(beforeLast, last);
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u);
            row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
            const bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (isSwap) row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::vector<std::string> nearestNames(std::string_view word, const std::vector<std::string>& candidates,
                                      std::size_t most) {
    constexpr std::size_t kShortestBeginning = 3;
    const std::string wanted = folded(word);
    std::vector<std::pair<std::size_t, const std::string*>> found;
    for (const std::string& candidate : candidates) {
        const std::string name = folded(candidate);
        const std::size_t allowed = std::max<std::size_t>(1, std::max(name.size(), wanted.size()) / 3);
        const std::size_t difference = std::max(name.size(), wanted.size()) - std::min(name.size(), wanted.size());
        const std::size_t distance = difference <= allowed ? editDistance(wanted, name) : allowed + 1;
        const bool isNear = distance <= allowed && distance < std::max(name.size(), wanted.size());
        const bool isBeginning = wanted.size() >= kShortestBeginning && name.starts_with(wanted);
        if (isNear || name == wanted)
            found.emplace_back(distance, &candidate);
        else if (isBeginning)
            found.emplace_back(difference, &candidate);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (const auto& [distance, name] : found) {
        if (names.size() == most) break;
        names.push_back(*name);
    }
    return names;
}

std::string ordinal(std::int64_t number) {
    const std::uint64_t magnitude = magnitudeOf(number);
    const std::uint64_t last = magnitude % 10;
    const bool isTeen = magnitude % 100 / 10 == 1;
    const char* ending = isTeen || last == 0 || last > 3 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd";
    return fmt::format("{}{}", number, ending);
}

std::string counted(std::int64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string join(std::span<const std::string> list, std::string_view separator, std::string_view last) {
    std::string out;
    for (std::size_t index = 0; index < list.size(); ++index) {
        if (index > 0) out += index + 1 == list.size() ? last : separator;
        out += list[index];
    }
    return out;
}

std::string join(std::span<const std::string> list, std::string_view separator) {
    return join(list, separator, separator);
}

std::string withThousands(std::int64_t number) {
    std::string digits = fmt::format("{}", magnitudeOf(number));
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return number < 0 ? "-" + digits : digits;
}

std::string humanBytes(std::int64_t bytes) { return scaled(bytes, {"B", "kB", "MB", "GB", "TB", "PB", "EB"}); }

std::string humanCount(std::int64_t count) { return scaled(count, {"", "k", "M", "G", "T", "P", "E"}); }

std::string snakeCase(std::string_view name) {
    std::string words;
    std::copy_if(name.begin(), name.end(), std::back_inserter(words), isWord);
    const std::string separated = separateCapitalisedWords(words);
    std::string out;
    for (std::size_t at = 0; at < separated.size(); ++at) {
        if (at > 0 && isUpper(separated[at]) && isLower(separated[at - 1])) out += '_';
        out += lower(separated[at]);
    }
    return out;
}

}  // namespace shapewise
