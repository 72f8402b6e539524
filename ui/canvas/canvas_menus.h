#pragma once
// The context menus of the canvas, made of rows of the table of actions and of what only the place says.

#include "ui/canvas/tools/tool.h"

class QMenu;

namespace shapewise::ui {

class CanvasController;

/// For what `hit` names, or for the ground at `scene`. Deletes itself when closed.
[[nodiscard]] QMenu* makeCanvasMenu(CanvasController& canvas, const Hit& hit, const QPointF& scene);

}  // namespace shapewise::ui
