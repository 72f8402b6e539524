#include "ui/canvas/scene/edge_painter.h"

#include "ui/canvas/scene/node_metrics.h"
#include "ui/canvas/scene/node_painter.h"
#include "ui/theme/tokens.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kHandleAtLeast = 40.0;
constexpr double kLabelLift = 8.0;
constexpr double kBadgeLift = 11.0;  ///< badges stand out above a node by less
constexpr double kFadedOpacity = 0.3;
constexpr double kLongEdge = 2500.0;  ///< pixels; smoothing farther ones costs more than it shows

QPen edgePen(const EdgeView& view, const EdgeLook& look, double zoom) {
    const Tokens& t = tokens();
    double width = edgeWidth(view.rank);
    QPen pen;
    pen.setCapStyle(Qt::FlatCap);
    const auto dashes = [&](double on, double off) { pen.setDashPattern({on / width, off / width}); };
    QColor color = t.rank(view.rank);
    if (view.wrong) {
        width = kErrorEdgeWidth;
        color = t.error;
        dashes(6, 4);
    } else if (view.blocked) {
        width = 1.5;
        color = t.unknown;
        view.guessed ? dashes(6, 3) : dashes(1.5, 4);
    } else if (view.guessed) {
        color = t.unknown;
        dashes(6, 3);
    } else if (view.suspicious) {
        width = std::max(width, 2.0);
        color = t.warning;
        dashes(2, 4);
    }
    if (look.selected || look.spliceTarget) color = t.accent;
    if (look.hovered) width += 0.5;
    if (look.selected) width += 0.75;
    if (look.spliceTarget) {
        width += 3;
        pen.setStyle(Qt::SolidLine);
    }
    pen.setColor(color);
    pen.setWidthF(std::max(width, 1.0 / zoom));
    return pen;
}

}  // namespace

QPainterPath edgePath(const QPointF& from, const QPointF& to) {
    const double handle = std::max(kHandleAtLeast, std::abs(to.x() - from.x()) / 2);
    // Ports next to one another on one line need no bow.
    const bool straight = to.x() > from.x() && std::abs(to.y() - from.y()) < 0.5;
    QPainterPath path(from);
    if (straight) {
        path.lineTo(to);
    } else {
        path.cubicTo(from + QPointF(handle, 0), to - QPointF(handle, 0), to);
    }
    return path;
}

QRectF labelBox(const QPointF& from, const QPointF& to, const QString& label) {
    const QSizeF size = pillSize(label);
    const QPointF middle = (from + to) / 2;
    // On a steep curve the pill sits on the line, which it would cut otherwise.
    const bool isSteep = std::abs(to.y() - from.y()) > size.height();
    double top = isSteep ? middle.y() - size.height() / 2 : middle.y() - kLabelLift - size.height();
    // Wider than the gap: above the nodes and their badges, whose titles it would hide.
    if (!isSteep && to.x() > from.x() && !labelFits(from, to, label))
        top = std::min(from.y(), to.y()) - firstPortBelowTop() - kBadgeLift - size.height();
    return {middle.x() - size.width() / 2, top, size.width(), size.height()};
}

bool labelFits(const QPointF& from, const QPointF& to, const QString& label) {
    return to.x() - from.x() >= pillSize(label).width() + 2 * kPortRadius;
}

void paintEdge(QPainter& painter, double zoom, const EdgeView& view, const EdgeLook& look, const QPainterPath& path,
               const QPointF& from, const QPointF& to) {
    painter.save();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(edgePen(view, look, zoom));
    if (look.faded) painter.setOpacity(kFadedOpacity);
    if (zoom < kBlockZoom) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawLine(from, to);
    } else {
        const bool isLong = (to - from).manhattanLength() * zoom > kLongEdge;
        painter.setRenderHint(QPainter::Antialiasing, !isLong);
        painter.drawPath(path);
    }
    painter.restore();
}

void paintEdgeLabel(QPainter& painter, const EdgeView& view, const QRectF& box) {
    const Tokens& t = tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(view.wrong ? t.error : t.line, 1.0));
    painter.setBrush(t.pill);
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    painter.setFont(canvasFonts().shape);
    painter.setPen(view.wrong ? t.errorText : t.text);
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, view.label);
    painter.restore();
}

void paintLooseEdge(QPainter& painter, double zoom, const QPointF& from, const QPointF& to, int rank, bool refused) {
    const Tokens& t = tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    QPen pen(refused ? t.unknown : t.rank(rank), std::max(edgeWidth(rank), 1.0 / zoom));
    if (refused) pen.setDashPattern({2, 3});
    painter.setPen(pen);
    painter.drawPath(edgePath(from, to));
    painter.restore();
}

}  // namespace shapewise::ui
