// What tools ask of the canvas, and the previews they show on it.
#include "core/graph/topology.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/empty_canvas.h"
#include "ui/palette/layer_search.h"
#include "ui/palette/quick_add.h"
#include "ui/session/document_model.h"
#include "ui/theme/tokens.h"

#include <QLabel>
#include <QScrollBar>

#include <algorithm>
#include <set>

namespace shapewise::ui {
namespace {

/// A port is never hit from farther away than this, in scene units: at small zoom the whole node would be port.
constexpr double kPortReach = 16.0;
constexpr double kPortZoom = 0.3;
/// Part of a body that must lie on a link to be put into it.
constexpr double kSpliceShare = 0.75;
constexpr QPoint kPointerTextOffset{16, 18};

double distance(const QPointF& a, const QPointF& b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

std::set<NodeId> downstreamOf(const infer::Analysis& analysis, NodeId start) {
    std::set<NodeId> found;
    std::vector<NodeId> open{start};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        for (const graph::LinkPlace& place : analysis.consumers(id))
            if (found.insert(place.to).second) open.push_back(place.to);
    }
    return found;
}

bool takesRank(const layers::LayerType& type, std::size_t port, int rank) {
    if (type.inputs.empty() || rank < 0) return true;
    const layers::PortSpec& spec = type.inputs[std::min(port, type.inputs.size() - 1)];
    return rank >= spec.minimumRank && rank <= spec.maximumRank;
}

}  // namespace

const graph::Project& CanvasController::project() const { return document_.project(); }

bool CanvasController::perform(const edit::Edit& edit) { return document_.perform(edit); }

Hit CanvasController::hitAt(const QPointF& scene) const {
    const double perPixel = 1.0 / zoom();
    const double reach = std::min(kPortTarget * perPixel, kPortReach);
    const double edgeReach = kEdgeTarget * perPixel / 2;
    const double side = std::max(reach, edgeReach);
    const QRectF around(scene - QPointF(side, side), QSizeF(2 * side, 2 * side));
    const QList<QGraphicsItem*> near = scene_.items(around, Qt::IntersectsItemBoundingRect, Qt::DescendingOrder);
    Hit nearest;
    double nearestDistance = zoom() >= kPortZoom ? reach : 0.0;
    Hit node;
    Hit edge;
    const QRectF onEdge(scene - QPointF(edgeReach, edgeReach), QSizeF(2 * edgeReach, 2 * edgeReach));
    for (const QGraphicsItem* item : near) {
        if (const auto* nodeItem = qgraphicsitem_cast<const NodeItem*>(item)) {
            const auto consider = [&](const std::vector<QPointF>& ports, Hit::Kind kind) {
                for (std::size_t index = 0; index < ports.size(); ++index) {
                    const double away = distance(nodeItem->pos() + ports[index], scene);
                    if (away >= nearestDistance) continue;
                    nearestDistance = away;
                    nearest = {kind, nodeItem->id(), static_cast<std::uint16_t>(index), {}};
                }
            };
            consider(nodeItem->layout().inputs, Hit::Kind::Input);
            consider(nodeItem->layout().outputs, Hit::Kind::Output);
            if (node.kind == Hit::Kind::Nothing && nodeItem->sceneBody().contains(scene))
                node = {Hit::Kind::Node, nodeItem->id(), 0, {}};
        } else if (const auto* edgeItem = qgraphicsitem_cast<const EdgeItem*>(item)) {
            if (edge.kind == Hit::Kind::Nothing && edgeItem->shape().intersects(onEdge))
                edge = {Hit::Kind::Edge, {}, 0, edgeItem->view().place};
        }
    }
    if (nearest.kind != Hit::Kind::Nothing) return nearest;
    return node.kind != Hit::Kind::Nothing ? node : edge;
}

double CanvasController::zoom() const { return view_.zoom(); }

std::vector<NodeId> CanvasController::selectedNodes() const {
    std::vector<NodeId> ids;
    for (const QGraphicsItem* item : scene_.selectedItems())
        if (const auto* node = qgraphicsitem_cast<const NodeItem*>(item)) ids.push_back(node->id());
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<edits::Splice> CanvasController::selectedLinks() const {
    std::vector<edits::Splice> links;
    for (const QGraphicsItem* item : scene_.selectedItems())
        if (const auto* edge = qgraphicsitem_cast<const EdgeItem*>(item))
            links.push_back({edge->view().place, edge->view().link});
    return links;
}

void CanvasController::selectNodes(const std::vector<NodeId>& nodes, Selecting how) {
    const std::vector<NodeId> before = selectedNodes();
    const bool hadLinks = !selectedLinks().empty();
    {
        const QSignalBlocker quiet(&scene_);
        if (how == Selecting::Replace) scene_.clearSelection();
        for (const NodeId id : nodes)
            if (NodeItem* item = sync_.node(id)) item->setSelected(how != Selecting::Toggle || !item->isSelected());
    }
    if (selectedNodes() != before || hadLinks) selectionMoved();
}

void CanvasController::selectLink(const graph::LinkPlace& link, Selecting how) {
    EdgeItem* item = sync_.edge(link);
    if (item == nullptr) return;
    {
        const QSignalBlocker quiet(&scene_);
        if (how == Selecting::Replace) scene_.clearSelection();
        item->setSelected(how != Selecting::Toggle || !item->isSelected());
    }
    selectionMoved();
}

std::vector<NodeId> CanvasController::nodesTouching(const QRectF& rect) const {
    std::vector<NodeId> ids;
    for (const NodeItem* item : sync_.nodes())
        if (item->sceneBody().intersects(rect)) ids.push_back(item->id());
    return ids;
}

QRectF CanvasController::bodyOf(NodeId id) const {
    const NodeItem* item = sync_.node(id);
    return item == nullptr ? QRectF() : item->sceneBody();
}

QPointF CanvasController::portAt(const LooseLink& end) const {
    const NodeItem* item = sync_.node(end.node);
    if (item == nullptr) return {};
    return end.fromOutput ? item->outputAt(end.port) : item->inputAt(end.port);
}

int CanvasController::rankAt(const LooseLink& end) const {
    const NodeItem* item = sync_.node(end.node);
    if (item == nullptr) return -1;
    const auto& ports = end.fromOutput ? item->view().outputs : item->view().inputs;
    return end.port < ports.size() ? ports[end.port].rank : -1;
}

std::optional<graph::LinkPlace> CanvasController::linkUnder(const QRectF& body, NodeId except) const {
    const double dx = body.width() * (1 - kSpliceShare) / 2;
    const double dy = body.height() * (1 - kSpliceShare) / 2;
    const QRectF middle = body.adjusted(dx, dy, -dx, -dy);
    for (const QGraphicsItem* item : scene_.items(middle, Qt::IntersectsItemShape, Qt::DescendingOrder)) {
        const auto* edge = qgraphicsitem_cast<const EdgeItem*>(item);
        if (edge == nullptr) continue;
        const EdgeView& view = edge->view();
        if (view.place.to != except && view.link.from != except) return view.place;
    }
    return std::nullopt;
}

bool CanvasController::canSplice(NodeId node) const {
    const auto consumers = document_.analysis().consumers(node);
    return edits::standsAlone(project(), {consumers.begin(), consumers.end()}, node);
}

void CanvasController::showNodeAt(NodeId node, const QPointF& place) { sync_.showAt(node, place); }

void CanvasController::showNodeAtHome(NodeId node) { sync_.showAtHome(node); }

void CanvasController::markSplice(const std::optional<graph::LinkPlace>& link) {
    if (link == spliceMark_) return;
    const auto mark = [this](const std::optional<graph::LinkPlace>& at, bool on) {
        EdgeItem* edge = at ? sync_.edge(*at) : nullptr;
        if (edge == nullptr) return;
        EdgeLook look = edge->look();
        look.spliceTarget = on;
        edge->setLook(look);
    };
    mark(spliceMark_, false);
    spliceMark_ = link;
    mark(spliceMark_, true);
}

void CanvasController::fadeLink(const std::optional<graph::LinkPlace>& link) {
    const auto mark = [this](const std::optional<graph::LinkPlace>& at, bool on) {
        EdgeItem* edge = at ? sync_.edge(*at) : nullptr;
        if (edge == nullptr) return;
        EdgeLook look = edge->look();
        look.faded = on;
        edge->setLook(look);
    };
    mark(fadeMark_, false);
    fadeMark_ = link;
    mark(fadeMark_, true);
}

void CanvasController::markTargets(const std::optional<LooseLink>& end) {
    if (!end) {
        if (!targetsMarked_) return;
        targetsMarked_ = false;
        for (NodeItem* item : sync_.nodes()) item->setLook({});
        return;
    }
    targetsMarked_ = true;
    std::set<NodeId> loops;
    if (end->fromOutput) {
        const auto upstream = graph::upstreamOf(project().graph, end->node);
        loops.insert(upstream.begin(), upstream.end());
    } else {
        loops = downstreamOf(document_.analysis(), end->node);
    }
    loops.insert(end->node);
    const int rank = rankAt(*end);
    const layers::LayerType& fixedType = *project().graph.find(end->node)->type;
    for (NodeItem* item : sync_.nodes()) {
        NodeLook look;
        look.faded = item->id() != end->node;
        if (loops.count(item->id()) == 0) {
            const NodeView& view = item->view();
            const layers::LayerType& type = *project().graph.find(item->id())->type;
            if (end->fromOutput) {
                for (std::size_t port = 0; port < view.inputs.size(); ++port)
                    if (takesRank(type, port, rank)) look.grownInputs.push_back(static_cast<int>(port));
            } else {
                for (std::size_t port = 0; port < view.outputs.size(); ++port)
                    if (takesRank(fixedType, end->port, view.outputs[port].rank))
                        look.grownOutputs.push_back(static_cast<int>(port));
            }
        }
        if (item->id() == end->node) (end->fromOutput ? look.grownOutputs : look.grownInputs).push_back(end->port);
        item->setLook(std::move(look));
    }
}

void CanvasController::showPointerText(const QString& text, const QPointF& viewport) {
    pointerText_->setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    pointerText_->setText(text);
    pointerText_->adjustSize();
    const QSize room = view_.viewport()->size();
    const QPoint at = viewport.toPoint() + kPointerTextOffset;
    pointerText_->move(std::clamp(at.x(), 0, std::max(0, room.width() - pointerText_->width())),
                       std::clamp(at.y(), 0, std::max(0, room.height() - pointerText_->height())));
    pointerText_->raise();
}

void CanvasController::overlayChanged() { view_.viewport()->update(); }

void CanvasController::scrollBy(const QPointF& delta) { view_.scrollByPixels(delta); }

void CanvasController::searchLayerFor(const LooseLink& end, const QPointF& scene) {
    quickAddEnd_ = end;
    quickAddPlace_ = scene;
    const QString name = document_.nodeName(end.node);
    const QString title =
        end.fromOutput ? tr("Add a layer behind %1").arg(name) : tr("Add a layer before %1").arg(name);
    quickAdd_->open(view_.mapFromScene(scene), title, end.fromOutput ? rankAt(end) : -1, end.fromOutput);
}

}  // namespace shapewise::ui
