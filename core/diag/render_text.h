#pragma once
// From codes and arguments to words. Everything that prints a diagnostic uses these.

#include "core/diag/diagnostic.h"

namespace shapewise::diag {

/// Puts arguments in the place of {name}. A name without argument reads "?".
[[nodiscard]] std::string render(std::string_view text, const Arguments& arguments);

/// One argument as a message shows it: shapes as (None, 18, 32), numbers plain, parameter values as Python prints them.
[[nodiscard]] std::string argumentText(const Argument& argument);

/// Null when there is no such argument.
[[nodiscard]] const Argument* findArgument(const Arguments& arguments, std::string_view name);
/// Sets an argument, replacing one of the same name.
void setArgument(Arguments& arguments, Argument argument);

/// "Probably a mistake, 70 % sure": how sure a warning is.
[[nodiscard]] std::string surenessText(const Diagnostic& diagnostic);

/// "error", "warning", "hint".
[[nodiscard]] std::string_view severityName(Severity severity);

}  // namespace shapewise::diag
