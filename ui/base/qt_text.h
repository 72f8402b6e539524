#pragma once
// Between core's UTF-8 and Qt's text.

#include <QString>

#include <string_view>

namespace shapewise::ui {

[[nodiscard]] inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

}  // namespace shapewise::ui
