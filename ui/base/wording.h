#pragma once
// What core holds as data, as the window writes it: one notation and one language for all of it.

#include "core/base/text.h"
#include "core/diag/renderer.h"
#include "ui/base/qt_text.h"

#include <QCoreApplication>

namespace shapewise::ui {

[[nodiscard]] inline const diag::Renderer& renderer() { return diag::Renderer::standard(); }

/// A number with thousands and what it counts: "1 number", "1,200 numbers".
[[nodiscard]] inline QString countedText(std::int64_t number, std::string_view noun) {
    const std::string plain = counted(number, noun);
    return toQString(withThousands(number) + plain.substr(plain.find(' ')));
}

[[nodiscard]] inline QString shown(const diag::Phrase& phrase) { return toQString(renderer().text(phrase)); }
[[nodiscard]] inline QString shown(const tensor::Shape& shape) { return toQString(renderer().text(shape)); }
/// The shape, as "≈ (None, 8)" where it is a guess.
[[nodiscard]] inline QString shown(const tensor::TensorType& type) {
    return type.guessed ? QStringLiteral("≈ ") + shown(type.shape) : shown(type.shape);
}
/// A sum as it is written; a lower bound, or not known, where it is not whole.
[[nodiscard]] inline QString atLeast(const QString& sum, std::int64_t number, bool isWhole) {
    if (isWhole) return sum;
    return number == 0 ? QCoreApplication::translate("Wording", "unknown")
                       : QCoreApplication::translate("Wording", "at least %1").arg(sum);
}
[[nodiscard]] inline QString shown(const diag::AxisNames& axes) { return toQString(renderer().text(axes)); }

}  // namespace shapewise::ui
