#pragma once
// Texts of the Help menu, and the window they are shown in.

#include <QString>

class QWidget;

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

class ActionTable;
struct PanelSpec;

void openHelpDialog(QWidget* parent, const QString& title, const QString& html);
/// Pages of all problems, to choose from.
void openExplanationList(QWidget* parent);

/// The page of a layer.
void openLayerDialog(QWidget* parent, const layers::LayerType& type);
/// What a panel is for, and what `focus` in it is.
[[nodiscard]] QString panelHtml(const PanelSpec& panel, const QWidget* focus);

/// Every action that has keys, by menu, and what the mouse does on the canvas.
[[nodiscard]] QString shortcutsHtml(const ActionTable& actions);
/// Version, licence, and which optional formats this build reads.
[[nodiscard]] QString aboutHtml();

}  // namespace shapewise::ui
