#pragma once
// Names of choices and activations are compared without regard to case, as Keras does.

#include <algorithm>
#include <string>
#include <string_view>

namespace shapewise::layers {

[[nodiscard]] constexpr char lowerLetter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// ASCII letters only; other characters must be the same.
[[nodiscard]] inline bool equalIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lowerLetter(x) == lowerLetter(y); });
}

[[nodiscard]] inline std::string lowerCase(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lowerLetter);
    return result;
}

}  // namespace shapewise::layers
