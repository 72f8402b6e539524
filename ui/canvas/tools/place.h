#pragma once

#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// A layer dragged in from the palette: its outline follows the pointer, a link under it takes it in unless Alt is
/// held.
class PlaceTool : public Tool {
  public:
    PlaceTool(ToolCanvas& canvas, const layers::LayerType& type, const QSizeF& size);

    void move(const PointerEvent& event) override;
    void release(const PointerEvent& event) override;
    void cancel() override;
    [[nodiscard]] QString hint() const override;
    void paint(QPainter& painter) const override;

  private:
    const layers::LayerType& type_;
    QSizeF size_;
    QPointF place_;
    bool shown_ = false;
    std::optional<graph::LinkPlace> target_;
};

}  // namespace shapewise::ui
