#include "ui/canvas/overlays/free_place.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::ui {
namespace {

constexpr double kLeastGap = 4.0;
constexpr double kGap = 16.0;                ///< between the node and what is placed
constexpr std::size_t kMostNeighbours = 16;  ///< beside which a place is looked for

double distance(const QRectF& a, const QRectF& b) {
    const double x = std::max({0.0, a.left() - b.right(), b.left() - a.right()});
    const double y = std::max({0.0, a.top() - b.bottom(), b.top() - a.bottom()});
    return std::hypot(x, y);
}

}  // namespace

std::optional<QPointF> freePlace(const QSizeF& size, const QRectF& anchor, const std::vector<Obstacle>& obstacles,
                                 const QRectF& inside) {
    const auto leftAt = [&](double left) { return std::clamp(left, inside.left(), inside.right() - size.width()); };
    const auto topAt = [&](double top) { return std::clamp(top, inside.top(), inside.bottom() - size.height()); };
    std::vector<QPointF> candidates;
    for (const double share : {0.7, 0.5, 0.35, 0.15, 0.85})
        candidates.emplace_back(leftAt(anchor.center().x() - share * size.width()), anchor.bottom() + kGap);
    for (const double share : {0.7, 0.35})
        candidates.emplace_back(leftAt(anchor.center().x() - share * size.width()),
                                anchor.top() - kGap - size.height());
    const double top = topAt(anchor.center().y() - size.height() / 3.0);
    candidates.emplace_back(anchor.right() + kGap, top);
    candidates.emplace_back(anchor.left() - kGap - size.width(), top);
    const auto addOthers = [&] {
        // Beside, above and below what lies nearest: a free place touches something, or the edge of the view.
        std::vector<const Obstacle*> nearest;
        nearest.reserve(obstacles.size());
        for (const Obstacle& obstacle : obstacles) nearest.push_back(&obstacle);
        const std::size_t count = std::min(nearest.size(), kMostNeighbours);
        std::partial_sort(
            nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(count), nearest.end(),
            [&](const Obstacle* a, const Obstacle* b) { return distance(a->box, anchor) < distance(b->box, anchor); });
        std::vector<double> lefts{inside.left(), inside.right() - size.width(), leftAt(anchor.left()),
                                  leftAt(anchor.right() + kGap), leftAt(anchor.left() - kGap - size.width())};
        std::vector<double> tops{inside.top(), inside.bottom() - size.height(), top, topAt(anchor.bottom() + kGap),
                                 topAt(anchor.top() - kGap - size.height())};
        for (std::size_t index = 0; index < count; ++index) {
            const QRectF& box = nearest[index]->box;
            lefts.insert(lefts.end(), {leftAt(box.right() + kGap), leftAt(box.left() - kGap - size.width())});
            tops.insert(tops.end(), {topAt(box.bottom() + kGap), topAt(box.top() - kGap - size.height())});
        }
        const std::size_t first = candidates.size();
        for (const double left : lefts)
            for (const double above : tops) candidates.emplace_back(left, above);
        std::stable_sort(candidates.begin() + static_cast<std::ptrdiff_t>(first), candidates.end(),
                         [&](const QPointF& a, const QPointF& b) {
                             return distance(QRectF(a, size), anchor) < distance(QRectF(b, size), anchor);
                         });
    };
    std::optional<QPointF> best;
    double bestCost = std::numeric_limits<double>::max();
    const auto tryAll = [&](std::size_t from) {
        for (std::size_t index = from; index < candidates.size(); ++index) {
            const QRectF box(candidates[index], size);
            if (!inside.contains(box) || box.adjusted(-kLeastGap, -kLeastGap, kLeastGap, kLeastGap).intersects(anchor))
                continue;
            double cost = static_cast<double>(index);
            bool isFree = true;
            for (const Obstacle& obstacle : obstacles) {
                const QRectF hidden = box.intersected(obstacle.box);
                if (hidden.isEmpty()) continue;
                isFree = isFree && !obstacle.isNode;
                cost += obstacle.weight * hidden.width() * hidden.height();
            }
            if (!isFree || cost >= bestCost) continue;
            bestCost = cost;
            best = candidates[index];
        }
    };
    tryAll(0);
    if (best) return best;
    const std::size_t tried = candidates.size();
    addOthers();
    tryAll(tried);
    return best;
}

}  // namespace shapewise::ui
