#pragma once
// The theme in use: palette, style sheet and fonts of the whole program.

#include "ui/theme/tokens.h"

#include <QFont>
#include <QObject>

namespace shapewise::ui {

/// Dark when the desktop's window colour is dark. Before applyTheme() only: that sets a palette of its own.
[[nodiscard]] Theme desktopTheme();

[[nodiscard]] Theme currentTheme();
/// Sets Fusion style, palette and style sheet on the application and tells ThemeSignal.
void applyTheme(Theme theme);

/// For what is painted by hand: repaint, drop cached pictures.
class ThemeSignal : public QObject {
    Q_OBJECT

  public:
    static ThemeSignal& instance();

  Q_SIGNALS:
    void changed();

  private:
    ThemeSignal() = default;
    friend void applyTheme(Theme theme);
};

/// Shapes and numbers: digits of one width, one step smaller than the application font.
[[nodiscard]] QFont fixedFont();
/// One step smaller than the application font: headings of sections, type names on nodes.
[[nodiscard]] QFont smallFont();
[[nodiscard]] QFont boldFont();

/// Marks a button as the first choice: drawn in the accent colour by the style sheet.
void setPrimary(QWidget* button, bool primary = true);

}  // namespace shapewise::ui
