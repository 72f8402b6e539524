#pragma once
// Icons: single-colour SVGs from resources/icons, tinted with the text colour of the theme, sharp at any scale.

#include <QColor>
#include <QIcon>
#include <QString>

namespace shapewise::ui {

/// resources/icons/<name>.svg in the theme's text colour, dimmed when disabled; follows theme changes on next paint.
/// An unknown name gives a null icon (a test lists all names used).
[[nodiscard]] QIcon icon(const QString& name);
/// A fixed colour instead, e.g. that of a status.
[[nodiscard]] QIcon icon(const QString& name, const QColor& color);

}  // namespace shapewise::ui
