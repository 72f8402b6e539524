#pragma once
// Parameter values as text in the inspector's fields, and back. Reads what people type: 3, 3x3, (3, 3), [3, 3], None.
// Bounds are not looked at: a value out of range enters the document and is explained there.

#include "core/base/result.h"
#include "core/layers/framework/param.h"

#include <QString>

namespace shapewise::ui {

/// "3 × 3" for spatial sizes, "(None, 28, 1)" for sizes, "0.25", "same"; noneText() for None.
[[nodiscard]] QString valueText(const layers::ParamSpec& spec, const Value& value);

/// "None", or what None does: "channels_last (default)", "half a frame".
[[nodiscard]] QString noneText(const layers::ParamSpec& spec);

/// The value a text stands for, or why it stands for none: one sentence that names the text and shows a form that
/// works.
[[nodiscard]] Result<Value> parseValue(const layers::ParamSpec& spec, const QString& text);

/// A whole number of 64 bits.
[[nodiscard]] Result<std::int64_t> parseWholeNumber(const QString& text);
/// A real number; decimal point only.
[[nodiscard]] Result<double> parseReal(const QString& text);

/// "3", "0.001", "1e-07": the shortest text that reads back as the same number.
[[nodiscard]] QString realText(double number);

/// "kernel_size" -> "Kernel size".
[[nodiscard]] QString labelOf(const layers::ParamSpec& spec);

}  // namespace shapewise::ui
