#pragma once
// The items of the scene: an id, immutable view data, and how the hand has marked them. No logic, no signals, not
// movable by themselves: tools move things, SceneSync sets what they show.

#include "ui/canvas/scene/edge_painter.h"
#include "ui/canvas/scene/node_metrics.h"
#include "ui/canvas/scene/node_painter.h"

#include <QGraphicsItem>
#include <QImage>

namespace shapewise::ui {

// Layers of the scene, from below.
inline constexpr double kEdgeLayer = 0.0;
inline constexpr double kNodeLayer = 1.0;
inline constexpr double kRaisedNodeLayer = 2.0;  ///< selected nodes
inline constexpr double kRaisedEdgeLayer = 3.0;  ///< refused, selected and hovered edges, for their labels

class NodeItem : public QGraphicsItem {
  public:
    enum { Type = UserType + 1 };

    NodeItem();

    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override { return layout_->bounds(); }
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    [[nodiscard]] NodeId id() const { return view_->id; }
    [[nodiscard]] const NodeView& view() const { return *view_; }
    [[nodiscard]] const NodeLayout& layout() const { return *layout_; }
    [[nodiscard]] const NodeLook& look() const { return look_; }
    [[nodiscard]] const QImage& thumbnail() const { return thumbnail_; }

    void show(NodeViewPtr view);
    /// The document has it somewhere else now; nothing else changed.
    void showMoved(const QPointF& place);
    void setLook(NodeLook look);
    /// Returns true when the node's size changed.
    bool setThumbnail(const QImage& picture, bool visible);
    void layOutAgain();

    [[nodiscard]] QPointF inputAt(
        std::size_t port) const;  ///< scene position; the body's edge when there is no such port
    [[nodiscard]] QPointF outputAt(std::size_t port) const;
    [[nodiscard]] QRectF sceneBody() const { return layout_->body.translated(pos()); }

  protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

  private:
    NodeViewPtr view_;
    std::shared_ptr<const NodeLayout> layout_;
    NodeLook look_;
    QImage thumbnail_;
    bool showsThumbnail_ = true;
};

class EdgeItem : public QGraphicsItem {
  public:
    enum { Type = UserType + 2 };

    EdgeItem();

    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override { return bounds_; }
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    [[nodiscard]] const EdgeView& view() const { return *view_; }
    [[nodiscard]] QPointF from() const { return from_; }
    [[nodiscard]] QPointF to() const { return to_; }
    [[nodiscard]] const EdgeLook& look() const { return look_; }
    [[nodiscard]] bool showsLabel() const;
    [[nodiscard]] QRectF label() const { return label_; }

    void show(EdgeViewPtr view);
    void setLook(EdgeLook look);
    void setEnds(const QPointF& from, const QPointF& to);

  protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

  private:
    void updateGeometry();
    void updateLayer();

    EdgeViewPtr view_;
    EdgeLook look_;
    QPointF from_;
    QPointF to_;
    QPainterPath path_;
    QRectF label_;
    QRectF bounds_;
};

}  // namespace shapewise::ui
