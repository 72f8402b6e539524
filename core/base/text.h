#pragma once
// Words and numbers as messages show them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise {

/// Fewest letters to insert, remove, change or swap with a neighbour to get from a to b (optimal string
/// alignment). Counts bytes; exact case. O(a * b).
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);

/// The at most `most` candidates someone may have meant by `word`, the nearest first: those that differ in case or
/// separators only, have up to a third of their letters wrong, or begin with the word (from 3 letters on).
[[nodiscard]] std::vector<std::string> nearestNames(std::string_view word, const std::vector<std::string>& candidates,
                                                    std::size_t most);

/// "1st", "2nd", "3rd", "11th", "22nd".
[[nodiscard]] std::string ordinal(std::int64_t number);

/// A number and what it counts, for nouns that take an s: "1 filter", "32 filters".
[[nodiscard]] std::string counted(std::int64_t number, std::string_view noun);

/// join({"a", "b", "c"}, ", ", " or ") -> "a, b or c".
[[nodiscard]] std::string join(std::span<const std::string> list, std::string_view separator, std::string_view last);
[[nodiscard]] std::string join(std::span<const std::string> list, std::string_view separator);

/// 138357544 -> "138,357,544".
[[nodiscard]] std::string withThousands(std::int64_t number);

/// In steps of 1000: "512 B", "1.5 kB", "2.1 MB", "138 MB", "3.2 GB".
[[nodiscard]] std::string humanBytes(std::int64_t bytes);

/// In steps of 1000: "950", "1.4 k", "1.4 M", "15.5 G".
[[nodiscard]] std::string humanCount(std::int64_t count);

/// The name Keras gives to an unnamed layer of a class (keras/src/utils/naming.py, to_snake_case):
/// "Conv2DTranspose" -> "conv2d_transpose", "GlobalAveragePooling2D" -> "global_average_pooling2d".
/// Only A to Z count as capitals; every byte of other scripts counts as a letter.
[[nodiscard]] std::string snakeCase(std::string_view name);

}  // namespace shapewise
