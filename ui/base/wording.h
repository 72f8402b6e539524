#pragma once
// What core holds as data, as the window writes it: one notation and one language for all of it.

#include "core/diag/renderer.h"
#include "ui/base/qt_text.h"

namespace shapewise::ui {

[[nodiscard]] inline const diag::Renderer& renderer() { return diag::Renderer::standard(); }

[[nodiscard]] inline QString shown(const diag::Phrase& phrase) { return toQString(renderer().text(phrase)); }
[[nodiscard]] inline QString shown(const tensor::Shape& shape) { return toQString(renderer().text(shape)); }
[[nodiscard]] inline QString shown(const diag::AxisNames& axes) { return toQString(renderer().text(axes)); }

}  // namespace shapewise::ui
