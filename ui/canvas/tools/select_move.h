#pragma once

#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// Press on a node: selects it; dragging moves the selection on the grid. A node that stands alone, dropped on a link,
/// goes into it; Alt: neither grid nor link.
class SelectMoveTool : public Tool {
  public:
    SelectMoveTool(ToolCanvas& canvas, NodeId grabbed, const PointerEvent& press);

    void move(const PointerEvent& event) override;
    void release(const PointerEvent& event) override;
    void cancel() override;
    [[nodiscard]] QString hint() const override;
    [[nodiscard]] Qt::CursorShape cursor() const override;

  private:
    [[nodiscard]] QPointF delta(const PointerEvent& event) const;
    void putBack();

    NodeId grabbed_;
    PointerEvent press_;
    std::vector<NodeId> before_;  ///< selection before the press
    std::vector<NodeId> moving_;
    bool dragging_ = false;
    bool canSplice_ = false;
    std::optional<graph::LinkPlace> target_;
};

}  // namespace shapewise::ui
