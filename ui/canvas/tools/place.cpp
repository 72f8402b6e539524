#include "ui/canvas/tools/place.h"

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QPainter>

namespace shapewise::ui {

PlaceTool::PlaceTool(ToolCanvas& canvas, const layers::LayerType& type, const QSizeF& size)
    : Tool(canvas), type_(type), size_(size) {}

void PlaceTool::move(const PointerEvent& event) {
    const QPointF corner = event.scene - QPointF(size_.width() / 2, size_.height() / 2);
    const bool isFree = event.modifiers & Qt::AltModifier;
    place_ = isFree ? corner : snapped(corner);
    shown_ = true;
    const bool fits = !type_.inputs.empty() && !type_.outputs.empty() && !isFree;
    target_ = fits ? canvas().linkUnder(QRectF(place_, size_), NodeId()) : std::nullopt;
    canvas().markSplice(target_);
    canvas().overlayChanged();
}

void PlaceTool::release(const PointerEvent& event) {
    move(event);
    edits::NewLayer layer;
    layer.type = &type_;
    layer.place = place_;
    if (target_) layer.splice = edits::at(canvas().project(), *target_);
    cancel();
    const NodeId id = canvas().project().graph.nextId();
    if (canvas().perform(edits::add(canvas().project(), canvas().wiring(), layer)))
        canvas().selectNodes({id}, Selecting::Replace);
}

void PlaceTool::cancel() {
    shown_ = false;
    canvas().markSplice(std::nullopt);
    canvas().overlayChanged();
}

QString PlaceTool::hint() const {
    return target_ ? QCoreApplication::translate("Canvas", "Release to insert into this link · Alt: no insertion")
                   : QCoreApplication::translate("Canvas", "Release to add the layer here · on a link: insert it");
}

void PlaceTool::paint(QPainter& painter) const {
    if (!shown_) return;
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = Tokens::category(type_.category);
    fill.setAlpha(90);
    painter.setBrush(fill);
    QPen pen(tokens().accent, 1.5);
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(place_, size_), kNodeRadius, kNodeRadius);
}

}  // namespace shapewise::ui
