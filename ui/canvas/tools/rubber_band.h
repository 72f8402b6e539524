#pragma once

#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// A box on empty canvas: what it touches is selected. Shift adds, Ctrl toggles. A click selects nothing.
class RubberBandTool : public Tool {
  public:
    RubberBandTool(ToolCanvas& canvas, const PointerEvent& press);

    void move(const PointerEvent& event) override;
    void release(const PointerEvent& event) override;
    void cancel() override;
    [[nodiscard]] QString hint() const override;
    void paint(QPainter& painter) const override;

  private:
    PointerEvent press_;
    QPointF now_;
    std::vector<NodeId> before_;
    bool dragging_ = false;
};

}  // namespace shapewise::ui
