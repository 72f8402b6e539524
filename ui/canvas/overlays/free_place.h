#pragma once
// Where a small widget above the canvas covers no node.

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <vector>

namespace shapewise::ui {

/// What is not to be covered: nodes never, the rest as little as can be.
struct Obstacle {
    QRectF box;
    double weight = 1.0;
    bool isNode = true;
};

/// The top left corner of a free place for that size, as near to `anchor` as there is, over neither it nor a node.
[[nodiscard]] std::optional<QPointF> freePlace(const QSizeF& size, const QRectF& anchor,
                                               const std::vector<Obstacle>& obstacles, const QRectF& inside);

}  // namespace shapewise::ui
