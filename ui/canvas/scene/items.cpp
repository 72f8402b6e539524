#include "ui/canvas/scene/items.h"

#include "ui/theme/tokens.h"

#include <QGraphicsScene>
#include <QGraphicsView>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kEdgeMargin = 5.0;  ///< half the widest pen and a pixel for antialiasing

/// How much detail is worth drawing: the zoom in device-independent pixels (the painter's transform knows nothing of
/// the device), and somewhat more on screens with finer pixels, where small text is still text.
double zoomOf(const QPainter& painter) {
    const double finer = std::sqrt(std::max(1.0, painter.device()->devicePixelRatioF()));
    return QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform()) * finer;
}

/// QGraphicsItem::update() would let the scene look through all of its items once more.
void paintAgain(const QGraphicsItem& item) {
    if (item.scene() == nullptr) return;
    constexpr int kSoftEdge = 2;
    const QRectF bounds = item.sceneBoundingRect();
    for (const QGraphicsView* view : item.scene()->views()) {
        const QRect seen = view->viewportTransform().mapRect(bounds).toAlignedRect();
        view->viewport()->update(seen.adjusted(-kSoftEdge, -kSoftEdge, kSoftEdge, kSoftEdge));
    }
}

NodeViewPtr emptyNode() {
    static const NodeViewPtr view = std::make_shared<NodeView>();
    return view;
}

EdgeViewPtr emptyEdge() {
    static const EdgeViewPtr view = std::make_shared<EdgeView>();
    return view;
}

}  // namespace

NodeItem::NodeItem() : view_(emptyNode()), layout_(layOut(*view_, false)) {
    setFlag(ItemIsSelectable);
    setZValue(kNodeLayer);
}

QPainterPath NodeItem::shape() const {
    QPainterPath path;
    path.addRect(layout_->body);
    return path;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    NodeLook look = look_;
    look.selected = isSelected();
    paintNode(*painter, zoomOf(*painter), *view_, *layout_, look, showsThumbnail_ ? thumbnail_ : QImage());
}

void NodeItem::show(NodeViewPtr view) {
    view_ = std::move(view);
    layOutAgain();
    setPos(view_->place);
}

void NodeItem::showMoved(const QPointF& place) {
    auto view = std::make_shared<NodeView>(*view_);
    view->place = place;
    view_ = std::move(view);
    setPos(place);
}

void NodeItem::layOutAgain() {
    prepareGeometryChange();
    // A node without a shape has no output: an old picture would say otherwise.
    const bool current = view_->state == infer::State::Known;
    layout_ = layOut(*view_, showsThumbnail_ && current && !thumbnail_.isNull());
    update();
}

void NodeItem::setLook(NodeLook look) {
    if (look_ == look) return;
    look_ = std::move(look);
    paintAgain(*this);
}

bool NodeItem::setThumbnail(const QImage& picture, bool visible) {
    const QSizeF before = layout_->body.size();
    thumbnail_ = picture;
    showsThumbnail_ = visible;
    layOutAgain();
    return layout_->body.size() != before;
}

QPointF NodeItem::inputAt(std::size_t port) const {
    const auto& ports = layout_->inputs;
    if (ports.empty()) return pos() + QPointF(0, layout_->body.height() / 2);
    return pos() + ports[std::min(port, ports.size() - 1)];
}

QPointF NodeItem::outputAt(std::size_t port) const {
    const auto& ports = layout_->outputs;
    if (ports.empty()) return pos() + QPointF(layout_->body.width(), layout_->body.height() / 2);
    return pos() + ports[std::min(port, ports.size() - 1)];
}

QVariant NodeItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemSelectedHasChanged) setZValue(isSelected() ? kRaisedNodeLayer : kNodeLayer);
    return QGraphicsItem::itemChange(change, value);
}

EdgeItem::EdgeItem() : view_(emptyEdge()) {
    setFlag(ItemIsSelectable);
    setZValue(kEdgeLayer);
}

QPainterPath EdgeItem::shape() const {
    QPainterPathStroker stroker;
    stroker.setWidth(1.0);
    QPainterPath outline = stroker.createStroke(path_);
    if (showsLabel()) outline.addRect(label_);
    return outline;
}

void EdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const double zoom = zoomOf(*painter);
    EdgeLook look = look_;
    look.selected = isSelected();
    paintEdge(*painter, zoom, *view_, look, path_, from_, to_);
    if (zoom >= kTextZoom && showsLabel() && !look_.faded) paintEdgeLabel(*painter, *view_, label_);
}

bool EdgeItem::showsLabel() const {
    if (view_->label.isEmpty()) return false;
    return view_->wrong || look_.hovered || isSelected() || labelFits(from_, to_, view_->label);
}

void EdgeItem::show(EdgeViewPtr view) {
    view_ = std::move(view);
    updateGeometry();
    updateLayer();
}

void EdgeItem::setLook(EdgeLook look) {
    if (look_ == look) return;
    look_ = look;
    updateLayer();
    paintAgain(*this);
}

void EdgeItem::setEnds(const QPointF& from, const QPointF& to) {
    if (from_ == from && to_ == to && !path_.isEmpty()) return;
    from_ = from;
    to_ = to;
    updateGeometry();
}

void EdgeItem::updateGeometry() {
    prepareGeometryChange();
    // Between the rims of the ports, so that their numbers stay free.
    path_ = edgePath(from_ + QPointF(kPortRadius - 1, 0), to_ - QPointF(kPortRadius - 1, 0));
    label_ = labelBox(from_, to_, view_->label);
    bounds_ = path_.controlPointRect().adjusted(-kEdgeMargin, -kEdgeMargin, kEdgeMargin, kEdgeMargin);
    if (!view_->label.isEmpty()) bounds_ = bounds_.united(label_.adjusted(-2, -2, 2, 2));
    update();
}

void EdgeItem::updateLayer() {
    const bool raised = view_->wrong || look_.hovered || look_.spliceTarget || isSelected();
    setZValue(raised ? kRaisedEdgeLayer : kEdgeLayer);
}

QVariant EdgeItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemSelectedHasChanged) updateLayer();
    return QGraphicsItem::itemChange(change, value);
}

}  // namespace shapewise::ui
