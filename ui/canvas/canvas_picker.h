#pragma once
// CanvasPicker: what is where on the canvas. Answers from the items near a place; changes nothing.

#include "ui/canvas/scene/scene_sync.h"
#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

class CanvasPicker {
  public:
    explicit CanvasPicker(const SceneSync& sync) : sync_(sync) {}

    /// Ports first, then nodes, then edges; of each the topmost. Ports and edges are easier to hit than they look.
    [[nodiscard]] Hit hitAt(const QPointF& scene, double zoom) const;
    [[nodiscard]] std::vector<NodeId> nodesTouching(const QRectF& scene) const;
    /// A link whose curve crosses the middle of that body, other than those of `except`.
    [[nodiscard]] std::optional<graph::LinkPlace> linkUnder(const QRectF& body, NodeId except) const;

    /// Empty when there is no such node.
    [[nodiscard]] QRectF bodyOf(NodeId node) const;
    /// Where a port is drawn.
    [[nodiscard]] QPointF portAt(const LooseLink& end) const;
    /// Rank of the tensor at that end; -1 when not known.
    [[nodiscard]] int rankAt(const LooseLink& end) const;

    /// Whether a node of usual size would cover no other there.
    [[nodiscard]] bool isFree(const QPointF& place) const;
    /// That place, or one below it that is free.
    [[nodiscard]] QPointF freePlace(QPointF wanted) const;
    /// A free place for the next node of a chain.
    [[nodiscard]] QPointF placeBehind(NodeId node) const;

  private:
    const SceneSync& sync_;
};

}  // namespace shapewise::ui
