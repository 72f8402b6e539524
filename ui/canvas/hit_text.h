#pragma once

#include "ui/canvas/scene/scene_sync.h"
#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// What a tooltip says of what the pointer is over; empty over nothing.
[[nodiscard]] QString textOf(const Hit& hit, const SceneSync& sync, const std::vector<diag::Diagnostic>& problems);

}  // namespace shapewise::ui
