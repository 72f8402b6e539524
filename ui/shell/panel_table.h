#pragma once
// The table of panels: what stands beside the canvas. Docks, tabs, the View menu, the walk of F6 and what is restored
// at the start are made from it.

#include "ui/session/panel.h"

#include <QKeySequence>
#include <QString>

#include <functional>
#include <vector>

namespace shapewise::ui {

/// Panels of one area share a dock, as tabs where there are several.
enum class PanelArea { Left, Right, Bottom };

struct PanelSpec {
    QString id;
    QString title;
    PanelArea area = PanelArea::Bottom;
    std::function<Panel*(QWidget* parent)> make;
    QKeySequence shortcut = {};  ///< brings it to the front, with the keyboard; may be none
    QString help = {};           ///< what it is for and which keys work there, in sentences
};

[[nodiscard]] const std::vector<PanelSpec>& panelTable();

}  // namespace shapewise::ui
