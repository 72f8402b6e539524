#pragma once
// EdgePainter: the pixels of a link: colour and width by rank, dashed red when refused, thin when nothing flows.

#include "ui/canvas/scene/node_view.h"

#include <QPainterPath>

class QPainter;

namespace shapewise::ui {

struct EdgeLook {
    bool selected = false;
    bool hovered = false;
    bool faded = false;
    bool spliceTarget = false;  ///< the node in the hand would go in here
    friend bool operator==(const EdgeLook&, const EdgeLook&) = default;
};

/// From an output port to an input port; leaves and arrives horizontally.
[[nodiscard]] QPainterPath edgePath(const QPointF& from, const QPointF& to);

/// Where the shape label goes: above the middle of a level edge (above both nodes where it is wider than the gap), on
/// the middle of a steep one.
[[nodiscard]] QRectF labelBox(const QPointF& from, const QPointF& to, const QString& label);
/// Whether the label can be shown without being asked for: it fits between the ports.
[[nodiscard]] bool labelFits(const QPointF& from, const QPointF& to, const QString& label);

void paintEdge(QPainter& painter, double zoom, const EdgeView& view, const EdgeLook& look, const QPainterPath& path,
               const QPointF& from, const QPointF& to);
/// The pill with the shape; apart from the edge, so that it lies above nodes.
void paintEdgeLabel(QPainter& painter, const EdgeView& view, const QRectF& box);

/// The link while it is drawn by hand.
void paintLooseEdge(QPainter& painter, double zoom, const QPointF& from, const QPointF& to, int rank, bool refused);

}  // namespace shapewise::ui
