#pragma once
// NodePainter: the pixels of a node. Text is left out below 50 % zoom, everything but a block below 25 %.

#include "ui/canvas/scene/node_metrics.h"
#include "ui/canvas/scene/node_view.h"

#include <QImage>

class QPainter;

namespace shapewise::ui {

/// What depends on the hand rather than on the document.
struct NodeLook {
    bool selected = false;
    bool hovered = false;
    bool faded = false;            ///< no target for the link being drawn
    std::vector<int> grownInputs;  ///< ports that would take the link being drawn
    std::vector<int> grownOutputs;
    friend bool operator==(const NodeLook&, const NodeLook&) = default;
};

inline constexpr double kTextZoom = 0.5;
inline constexpr double kNameZoom = 0.33;  ///< below kTextZoom, the name alone, as large as the header holds
inline constexpr double kBlockZoom = 0.25;

/// `zoom`: device-independent pixels per scene unit.
void paintNode(QPainter& painter, double zoom, const NodeView& view, const NodeLayout& layout, const NodeLook& look,
               const QImage& thumbnail);

/// A port of that colour with its rank inside, from a cache. Centre at `at`.
void paintPort(QPainter& painter, double zoom, const QPointF& at, const PortView& port, bool grown);

/// Octagon with a cross, triangle or round i.
void paintBadge(QPainter& painter, const QPointF& centre, double radius, diag::Severity severity);

/// Drops cached pictures of ports and shadows, after a change of theme.
void forgetPaintCaches();

}  // namespace shapewise::ui
