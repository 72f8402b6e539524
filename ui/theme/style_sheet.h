#pragma once

#include "ui/theme/tokens.h"

#include <QString>

namespace shapewise::ui {

/// The style sheet of the whole window: flat panels, thin separators, rounded fields, accent for what is active.
/// Sizes are in device-independent pixels; text sizes stay the font's.
[[nodiscard]] QString styleSheet(const Tokens& tokens);

}  // namespace shapewise::ui
