#include "ui/theme/theme.h"

#include "ui/theme/style_sheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QVariant>
#include <QWidget>

#include <algorithm>

namespace shapewise::ui {
namespace {

Theme& themeInUse() {
    static Theme theme = Theme::Dark;
    return theme;
}

QPalette paletteOf(const Tokens& t) {
    QPalette palette;
    const auto both = [&](QPalette::ColorRole role, const QColor& color) {
        palette.setColor(QPalette::Active, role, color);
        palette.setColor(QPalette::Inactive, role, color);
    };
    palette.setColor(QPalette::Window, t.panel);
    palette.setColor(QPalette::Base, t.field);
    palette.setColor(QPalette::AlternateBase, t.panel);
    palette.setColor(QPalette::Button, t.raised);
    palette.setColor(QPalette::Light, t.raised.lighter(115));
    palette.setColor(QPalette::Midlight, t.raised);
    palette.setColor(QPalette::Mid, t.line);
    palette.setColor(QPalette::Dark, t.line);
    palette.setColor(QPalette::Shadow, t.field);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Highlight, t.accentFill);
    palette.setColor(QPalette::HighlightedText, t.text);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::PlaceholderText, t.secondaryText);
    palette.setColor(QPalette::BrightText, t.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        both(role, t.text);
        palette.setColor(QPalette::Disabled, role, t.unknown);
    }
    return palette;
}

QFont resized(QFont font, double points) {
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(std::max(6.0, font.pointSizeF() + points));
    } else {
        font.setPixelSize(std::max(8, font.pixelSize() + static_cast<int>(points)));
    }
    return font;
}

}  // namespace

Theme desktopTheme() {
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? Theme::Dark : Theme::Light;
}

Theme currentTheme() { return themeInUse(); }

void applyTheme(Theme theme) {
    themeInUse() = theme;
    if (QStyle* fusion = QStyleFactory::create(QStringLiteral("Fusion"))) QApplication::setStyle(fusion);
    QApplication::setPalette(paletteOf(tokens(theme)));
    qApp->setStyleSheet(styleSheet(tokens(theme)));
    Q_EMIT ThemeSignal::instance().changed();
}

ThemeSignal& ThemeSignal::instance() {
    static ThemeSignal signal;
    return signal;
}

QFont fixedFont() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    const QFont base = QApplication::font();
    if (base.pointSizeF() > 0) font.setPointSizeF(base.pointSizeF());
    return resized(font, -0.75);
}

QFont smallFont() { return resized(QApplication::font(), -1.0); }

QFont boldFont() {
    QFont font = QApplication::font();
    font.setWeight(QFont::DemiBold);
    return font;
}

void setPrimary(QWidget* button, bool primary) {
    button->setProperty("primary", primary);
    button->style()->unpolish(button);
    button->style()->polish(button);
}

}  // namespace shapewise::ui
