#include "ui/canvas/tools/rubber_band.h"

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QPainter>

namespace shapewise::ui {
namespace {
constexpr int kFillAlpha = 28;
}

RubberBandTool::RubberBandTool(ToolCanvas& canvas, const PointerEvent& press)
    : Tool(canvas), press_(press), now_(press.scene), before_(canvas.selectedNodes()) {}

void RubberBandTool::move(const PointerEvent& event) {
    if (!dragging_ && !isDrag(press_.viewport, event.viewport)) return;
    dragging_ = true;
    now_ = event.scene;
    canvas().selectNodes(before_, Selecting::Replace);
    canvas().selectNodes(canvas().nodesTouching(QRectF(press_.scene, now_).normalized()),
                         selectingOf(press_.modifiers));
    canvas().overlayChanged();
}

void RubberBandTool::release(const PointerEvent& event) {
    if (dragging_) {
        move(event);
    } else if (selectingOf(press_.modifiers) == Selecting::Replace) {
        canvas().selectNodes({}, Selecting::Replace);
    }
    dragging_ = false;
    canvas().overlayChanged();
}

void RubberBandTool::cancel() {
    dragging_ = false;
    canvas().selectNodes(before_, Selecting::Replace);
    canvas().overlayChanged();
}

QString RubberBandTool::hint() const {
    return dragging_ ? QCoreApplication::translate("Canvas", "Shift: add · Ctrl: toggle · Esc: cancel") : QString();
}

void RubberBandTool::paint(QPainter& painter) const {
    if (!dragging_) return;
    QColor fill = tokens().accent;
    fill.setAlpha(kFillAlpha);
    QPen pen(tokens().accent, 1.0);
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.setBrush(fill);
    painter.drawRect(QRectF(press_.scene, now_).normalized());
}

}  // namespace shapewise::ui
