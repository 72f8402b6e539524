#pragma once
// Texts of the Help menu, and the window they are shown in.

#include <QString>

class QWidget;

namespace shapewise::ui {

class ActionTable;

void openHelpDialog(QWidget* parent, const QString& title, const QString& html);
/// Pages of all problems, to choose from.
void openExplanationList(QWidget* parent);

/// Every action that has keys, by menu, and what the mouse does on the canvas.
[[nodiscard]] QString shortcutsHtml(const ActionTable& actions);
/// Version, licence, and which optional formats this build reads.
[[nodiscard]] QString aboutHtml();

}  // namespace shapewise::ui
