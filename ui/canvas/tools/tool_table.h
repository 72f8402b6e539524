#pragma once
// The table of tools: which gesture a press begins. A tool that begins with a press is one file plus one row here; what
// begins otherwise (a layer dragged in from outside) is made by the controller.

#include "ui/canvas/tools/tool.h"

#include <memory>
#include <span>

namespace shapewise::ui {

struct Press {
    PointerEvent at;
    Qt::MouseButton button = Qt::LeftButton;
    bool spaceHeld = false;
    Hit hit;  ///< what is under it
};

struct ToolRow {
    const char* name;
    bool (*matches)(const Press& press);
    /// Null where the press was all there is to it.
    std::unique_ptr<Tool> (*make)(ToolCanvas& canvas, const Press& press);
};

/// The first row that matches is taken.
[[nodiscard]] std::span<const ToolRow> toolTable();
/// Null when no row matches.
[[nodiscard]] const ToolRow* toolFor(std::span<const ToolRow> table, const Press& press);

}  // namespace shapewise::ui
