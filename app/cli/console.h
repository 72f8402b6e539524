#pragma once
// Writing to the terminal.

#include "core/base/result.h"
#include "core/io/report/report_text.h"

#include <string_view>

namespace shapewise::cli {

/// To stdout. A line feed is added when the last one is missing.
void print(std::string_view text);
/// "shapewise-cli: FILE: message. advice" to stderr.
void complain(const Error& error);
void note(std::string_view text);

/// On when stdout is a terminal and NO_COLOR is not set.
[[nodiscard]] io::Colour terminalColour();

}  // namespace shapewise::cli
