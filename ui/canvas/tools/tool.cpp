#include "ui/canvas/tools/tool.h"

#include "ui/theme/tokens.h"

#include <QApplication>

#include <cmath>

namespace shapewise::ui {

bool isDrag(const QPointF& pressed, const QPointF& now) {
    return (now - pressed).manhattanLength() >= QApplication::startDragDistance() / 2.0;
}

Selecting selectingOf(Qt::KeyboardModifiers modifiers) {
    if (modifiers & Qt::ShiftModifier) return Selecting::Add;
    if (modifiers & Qt::ControlModifier) return Selecting::Toggle;
    return Selecting::Replace;
}

QPointF snapped(const QPointF& place) {
    return {std::round(place.x() / kGrid) * kGrid, std::round(place.y() / kGrid) * kGrid};
}

}  // namespace shapewise::ui
