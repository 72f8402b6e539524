#pragma once
// JSON text to and from Value. Order of members is kept. Python's NaN and Infinity are read and written.

#include "core/base/result.h"
#include "core/base/value.h"

#include <string>
#include <string_view>

namespace shapewise::io {

/// The deepest nesting of lists and dicts that is read.
inline constexpr int kMaximumJsonDepth = 200;

/// Fails with the line for text that is no JSON, is cut off, or nests deeper than kMaximumJsonDepth. Of two members
/// with one key the last counts, as in Python. Integers beyond 64 bits become reals.
[[nodiscard]] Result<Value> parseJson(std::string_view text);

/// On one line, as Python's json.dumps: {"a": [1, 2.0]}. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string jsonText(const Value& value);

/// Over several lines: what fits in `width` columns stands on one line, the rest one member a line, indented by two.
[[nodiscard]] std::string jsonLines(const Value& value, std::size_t width = 110);

/// The text that stands under `key`; empty when there is none.
[[nodiscard]] std::string textMember(const Value& value, std::string_view key);

}  // namespace shapewise::io
