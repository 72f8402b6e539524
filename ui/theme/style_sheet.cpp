#include "ui/theme/style_sheet.h"

#include <utility>

namespace shapewise::ui {
namespace {

// @names stand for tokens. Longer names come first in the table below where one begins another.
constexpr char kFrame[] = R"(
QMainWindow, QDialog { background: @panel; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accentColor; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }

QMenuBar { background: @panel; border-bottom: 1px solid @line; padding: 3px 6px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @raised; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @accentFill; }
QMenu::item:disabled { color: @unknown; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { padding-left: 4px; }

QToolBar { background: @panel; border: none; border-bottom: 1px solid @line; padding: 4px 10px; spacing: 6px; }
QToolBar::separator { width: 1px; background: @line; margin: 4px 6px; }
QStatusBar { background: @panel; border-top: 1px solid @line; color: @secondaryText; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @secondaryText; }

QDockWidget { color: @secondaryText; titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: @panel; padding: 8px 12px; border-bottom: 1px solid @line; text-align: left; }
QDockWidget > QWidget { background: @panel; }
QTabBar { background: @panel; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @secondaryText; padding: 8px 12px; border: none;
               border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accentColor; }
QTabBar::tab:hover { color: @text; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QSplitter::handle { background: @line; }
QScrollArea { border: none; background: @panel; }
QScrollArea > QWidget > QWidget { background: @panel; }
)";

constexpr char kControls[] = R"(
QPushButton, QToolButton { background: @raised; color: @text; border: 1px solid @line; border-radius: 5px;
                           padding: 4px 9px; }
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; }
QPushButton:hover, QToolButton:hover { border-color: @accentLine; }
QPushButton:focus, QToolButton:focus { border-color: @accentColor; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {
    background: @accentFill; border-color: @accentLine; }
QPushButton:disabled, QToolButton:disabled { color: @unknown; }
QPushButton[primary="true"], QToolButton[primary="true"] { background: @accentFill; border-color: @accentLine; }
QPushButton[primary="true"]:hover { border-color: @accentColor; }
QPushButton[flat="true"], QPushButton[link="true"] { background: transparent; border-color: transparent; }
QFileDialog QToolButton { padding: 2px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: url(:/icons/arrow-down.svg); width: 9px; height: 9px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 5px; }
QToolButton[popupMode="2"] { padding-right: 18px; }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton::menu-button { border: none; width: 16px; }
QToolButton::menu-arrow { image: url(:/icons/arrow-down.svg); width: 9px; height: 9px; }

QLineEdit, QPlainTextEdit, QTextEdit, QTextBrowser, QAbstractSpinBox, QComboBox {
    background: @field; color: @text; border: 1px solid @line; border-radius: 5px; padding: 3px 7px;
    selection-background-color: @accentFill; selection-color: @text; }
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: @accentColor; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @unknown; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"] {
    border-color: @errorColor; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 15px; }
QAbstractSpinBox::up-arrow { image: url(:/icons/arrow-up.svg); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url(:/icons/arrow-down.svg); width: 8px; height: 8px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url(:/icons/arrow-down.svg); width: 9px; height: 9px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; outline: none; padding: 2px;
    selection-background-color: @accentFill; selection-color: @text; }
QCheckBox, QRadioButton { spacing: 7px; }
QCheckBox::indicator, QTreeView::indicator, QTableView::indicator, QListView::indicator {
    width: 13px; height: 13px; border: 1px solid @line; border-radius: 3px; background: @field; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: @accentColor; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked,
QListView::indicator:checked { background: @accentColor; border-color: @accentColor; image: url(:/icons/@tickImage.svg); }
QCheckBox::indicator:indeterminate { background: @accentFill; border-color: @accentLine; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accentColor; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: @text; }
QProgressBar { background: @field; border: 1px solid @line; border-radius: 4px; text-align: center; color: @text; }
QProgressBar::chunk { background: @accentFill; border-radius: 3px; }
)";

constexpr char kViews[] = R"(
QAbstractItemView { background: @panel; alternate-background-color: @panel; border: none; outline: none;
    selection-background-color: @accentFill; selection-color: @text; }
QTreeView::item, QListView::item { padding: 3px 4px; border-radius: 4px; }
QTableView::item { padding: 0 6px; border: none; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: @raised; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: @accentFill; color: @text; }
QTreeView::branch { background: @panel; }
QTableView { gridline-color: @line; }
QHeaderView { background: @panel; }
QHeaderView::section { background: @panel; color: @secondaryText; border: none; border-bottom: 1px solid @line;
    padding: 5px 8px; }
QTableCornerButton::section { background: @panel; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @unknown; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: @panel; }

QLabel[role="heading"] { color: @secondaryText; font-weight: 600; }
QLabel[role="secondary"] { color: @secondaryText; }
QLabel[role="error"] { color: @errorText; }
QLabel[role="warning"] { color: @warningText; }
QFrame[role="separator"] { background: @line; border: none; max-height: 1px; min-height: 1px; }

QFrame#canvasNotice { background: @raised; border: 1px solid @errorLine; border-radius: 6px; }
QFrame#canvasNotice QLabel { background: transparent; color: @text; }
QLabel#pointerText { background: @raised; color: @text; border: 1px solid @line; border-radius: 4px; }
QGraphicsView#canvas { border: none; border-left: 1px solid @line; border-right: 1px solid @line; background: @canvas; }
QFrame#breadcrumbs { background: @panel; border: none; border-bottom: 1px solid @line; }
QFrame#quickAdd { background: @panel; border: 1px solid @accentLine; border-radius: 8px; }
QFrame#quickAdd QListView { background: transparent; }
QFrame#callout { background: @errorFill; border: 1px solid @errorLine; border-radius: 8px; }
QFrame#callout[severity="warning"], QFrame#callout[severity="hint"] {
    background: @warningFill; border-color: @warningLine; }
QFrame#callout QLabel { background: transparent; color: @text; }
QFrame#callout QLabel#calloutTitle { color: @errorText; font-weight: 600; }
QFrame#callout[severity="warning"] QLabel#calloutTitle, QFrame#callout[severity="hint"] QLabel#calloutTitle {
    color: @warningText; }
QFrame#exampleCard { background: @nodeBody; border: 1px solid @nodeOutline; border-radius: 8px; }
QFrame#exampleCard:hover, QFrame#exampleCard:focus { border-color: @accentColor; }
QFrame#exampleCard QLabel { background: transparent; }
)";

}  // namespace

QString styleSheet(const Tokens& t) {
    QString sheet = QString::fromUtf8(kFrame) + QString::fromUtf8(kControls) + QString::fromUtf8(kViews);
    const std::pair<const char*, QString> table[] = {
        {"@secondaryText", t.secondaryText.name()},
        {"@warningText", t.warningText.name()},
        {"@warningFill", t.warningFill.name()},
        {"@warningLine", t.warningLine.name()},
        {"@nodeOutline", t.nodeOutline.name()},
        {"@accentColor", t.accent.name()},
        {"@accentFill", t.accentFill.name()},
        {"@accentLine", t.accentLine.name()},
        {"@errorColor", t.error.name()},
        {"@errorFill", t.errorFill.name()},
        {"@errorLine", t.errorLine.name()},
        {"@errorText", t.errorText.name()},
        {"@tickImage", t.theme == Theme::Dark ? QStringLiteral("tick-dark") : QStringLiteral("tick-light")},
        {"@nodeBody", t.nodeBody.name()},
        {"@unknown", t.unknown.name()},
        {"@canvas", t.canvas.name()},
        {"@raised", t.raised.name()},
        {"@panel", t.panel.name()},
        {"@field", t.field.name()},
        {"@line", t.line.name()},
        {"@text", t.text.name()},
    };
    for (const auto& [name, value] : table) sheet.replace(QLatin1String(name), value);
    return sheet;
}

}  // namespace shapewise::ui
