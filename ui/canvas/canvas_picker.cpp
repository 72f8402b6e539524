#include "ui/canvas/canvas_picker.h"

#include "ui/theme/tokens.h"

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

/// A port is never hit from farther away than this, in scene units: at small zoom the whole node would be port.
constexpr double kPortReach = 16.0;
constexpr double kPortZoom = 0.3;
/// Part of a body that must lie on a link to be put into it.
constexpr double kSpliceShare = 0.75;
constexpr double kGapBehind = 96.0;  ///< between a node and one added behind it
constexpr double kGapBelow = 40.0;
constexpr QSizeF kUsualSize{208.0, 152.0};  ///< of a node with its picture, before it is there

double distance(const QPointF& a, const QPointF& b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

QRectF square(const QPointF& centre, double reach) {
    return {centre - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach)};
}

/// From the order in which they were made to the one in which they are seen, the topmost first.
template <class Item>
std::vector<Item*> topmostFirst(std::vector<Item*> items) {
    std::reverse(items.begin(), items.end());
    std::stable_sort(items.begin(), items.end(),
                     [](const Item* a, const Item* b) { return a->zValue() > b->zValue(); });
    return items;
}

}  // namespace

Hit CanvasPicker::hitAt(const QPointF& scene, double zoom) const {
    const double reach = std::min(kPortTarget / zoom, kPortReach);
    const double edgeReach = kEdgeTarget / zoom / 2;
    Hit port;
    Hit body;
    double nearest = zoom >= kPortZoom ? reach : 0.0;
    for (const NodeItem* node : topmostFirst(sync_.nodesTouching(square(scene, reach)))) {
        const auto consider = [&](const std::vector<QPointF>& ports, Hit::Kind kind) {
            for (std::size_t index = 0; index < ports.size(); ++index) {
                const double away = distance(node->pos() + ports[index], scene);
                if (away >= nearest) continue;
                nearest = away;
                port = {kind, node->id(), static_cast<std::uint16_t>(index), {}};
            }
        };
        consider(node->layout().inputs, Hit::Kind::Input);
        consider(node->layout().outputs, Hit::Kind::Output);
        if (body.kind == Hit::Kind::Nothing && node->sceneBody().contains(scene))
            body = {Hit::Kind::Node, node->id(), 0, {}};
    }
    if (port.kind != Hit::Kind::Nothing) return port;
    if (body.kind != Hit::Kind::Nothing) return body;
    const QRectF near = square(scene, edgeReach);
    for (const EdgeItem* edge : topmostFirst(sync_.edgesTouching(near)))
        if (edge->shape().intersects(near)) return {Hit::Kind::Edge, {}, 0, edge->view().place};
    return {};
}

std::vector<NodeId> CanvasPicker::nodesTouching(const QRectF& scene) const {
    std::vector<NodeId> ids;
    for (const NodeItem* item : sync_.nodesTouching(scene)) ids.push_back(item->id());
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::optional<graph::LinkPlace> CanvasPicker::linkUnder(const QRectF& body, NodeId except) const {
    const double dx = body.width() * (1 - kSpliceShare) / 2;
    const double dy = body.height() * (1 - kSpliceShare) / 2;
    const QRectF middle = body.adjusted(dx, dy, -dx, -dy);
    for (const EdgeItem* edge : topmostFirst(sync_.edgesTouching(middle))) {
        const EdgeView& view = edge->view();
        if (view.place.to == except || view.link.from == except) continue;
        if (edge->shape().intersects(middle)) return view.place;
    }
    return std::nullopt;
}

QRectF CanvasPicker::bodyOf(NodeId node) const {
    const NodeItem* item = sync_.node(node);
    return item == nullptr ? QRectF() : item->sceneBody();
}

QPointF CanvasPicker::portAt(const LooseLink& end) const {
    const NodeItem* item = sync_.node(end.node);
    if (item == nullptr) return {};
    return end.fromOutput ? item->outputAt(end.port) : item->inputAt(end.port);
}

int CanvasPicker::rankAt(const LooseLink& end) const {
    const NodeItem* item = sync_.node(end.node);
    if (item == nullptr) return -1;
    const auto& ports = end.fromOutput ? item->view().outputs : item->view().inputs;
    return end.port < ports.size() ? ports[end.port].rank : -1;
}

bool CanvasPicker::isFree(const QPointF& place) const { return nodesTouching(QRectF(place, kUsualSize)).empty(); }

QPointF CanvasPicker::freePlace(QPointF wanted) const {
    // Each node in the way moves the place below it, so that every one is passed at most once.
    for (std::size_t tries = sync_.nodeCount(); tries > 0; --tries) {
        const std::vector<NodeId> below = nodesTouching(QRectF(wanted, kUsualSize));
        if (below.empty()) break;
        double bottom = wanted.y();
        for (const NodeId id : below) bottom = std::max(bottom, bodyOf(id).bottom());
        wanted.setY(std::ceil((bottom + kGapBelow) / kGrid) * kGrid);
    }
    return wanted;
}

QPointF CanvasPicker::placeBehind(NodeId node) const {
    const QRectF body = bodyOf(node);
    return freePlace(snapped(QPointF(body.right() + kGapBehind, body.top())));
}

}  // namespace shapewise::ui
