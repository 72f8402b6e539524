#pragma once
// Numbers written as text, told from the first bytes of a file.

#include "core/io/formats/format.h"

#include <string_view>

namespace shapewise::io {

enum class TableColumns { AllNumbers, AlsoText };

/// Lines of as many fields, the first perhaps names: all of them numbers, or with a number in each line. Blanks
/// separate as one, however many; between blanks one column of numbers is a table.
[[nodiscard]] Match matchTable(std::string_view head, char separator, TableColumns columns);

/// Numbers in brackets.
[[nodiscard]] Match matchJsonNumbers(std::string_view head);

}  // namespace shapewise::io
