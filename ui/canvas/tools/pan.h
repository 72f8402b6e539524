#pragma once

#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// Middle button, or Space and the left one: the paper moves with the hand.
class PanTool : public Tool {
  public:
    PanTool(ToolCanvas& canvas, const PointerEvent& press) : Tool(canvas), last_(press.viewport) {}

    void move(const PointerEvent& event) override {
        canvas().scrollBy(event.viewport - last_);
        last_ = event.viewport;
    }
    void release(const PointerEvent& event) override { move(event); }
    void cancel() override {}
    [[nodiscard]] QString hint() const override { return {}; }
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::ClosedHandCursor; }

  private:
    QPointF last_;
};

}  // namespace shapewise::ui
