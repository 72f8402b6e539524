#include "ui/canvas/scene/port_painter.h"

#include "ui/canvas/scene/node_painter.h"
#include "ui/theme/tokens.h"

#include <QHash>
#include <QPaintDevice>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kGrowth = 1.35;

QHash<quint64, QPixmap>& cache() {
    static QHash<quint64, QPixmap> pixmaps;
    return pixmaps;
}

QColor portColor(const PortView& port) {
    const Tokens& t = tokens();
    if (port.wrong) return t.error;
    return t.rank(port.rank);
}

/// The number inside: what is there, else what is wanted.
int shownRank(const PortView& port) { return port.wrong || port.rank < 0 ? port.wantedRank : port.rank; }

/// Drawn at `pixels` per unit of radius, so that it stays sharp at any zoom and device pixel ratio.
QPixmap drawPort(const PortView& port, double pixels, bool withNumber) {
    const double radius = kPortRadius * pixels;
    const double margin = 2.0 * pixels;
    const int side = static_cast<int>(std::ceil(2 * (radius + margin)));
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF centre(side / 2.0, side / 2.0);
    const Tokens& t = tokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.canvas);
    painter.drawEllipse(centre, radius + 0.5 * pixels, radius + 0.5 * pixels);
    painter.setBrush(portColor(port));
    painter.drawEllipse(centre, radius - 1.2 * pixels, radius - 1.2 * pixels);
    const bool hollow = port.rank < 0 && !port.wrong;
    if (hollow) {
        painter.setBrush(t.nodeBody);
        painter.drawEllipse(centre, radius - 2.6 * pixels, radius - 2.6 * pixels);
    }
    if (withNumber && shownRank(port) >= 0) {
        QFont font = canvasFonts().port;
        font.setPixelSize(std::max(1, static_cast<int>(std::lround(9.0 * pixels))));
        painter.setFont(font);
        painter.setPen(hollow ? t.secondaryText : t.portText);
        painter.drawText(QRectF(0, 0, side, side), Qt::AlignCenter, QString::number(shownRank(port)));
    }
    return pixmap;
}

}  // namespace

void paintPort(QPainter& painter, double zoom, const QPointF& at, const PortView& port, bool grown) {
    const double ratio = painter.device()->devicePixelRatioF();
    // Steps of a quarter, so that a zoom gesture does not draw each port anew at each step.
    const double pixels = std::clamp(std::ceil(zoom * ratio * 4.0) / 4.0, 0.25, 8.0);
    const bool withNumber = zoom >= kTextZoom;
    const QColor color = portColor(port);
    const quint64 key = (static_cast<quint64>(color.rgb()) << 32) | (static_cast<quint64>(pixels * 4.0) << 16) |
                        (static_cast<quint64>(shownRank(port) + 2) << 8) | (withNumber ? 1u : 0u) |
                        (port.rank < 0 && !port.wrong ? 2u : 0u);
    auto found = cache().find(key);
    if (found == cache().end()) found = cache().insert(key, drawPort(port, pixels, withNumber));
    const double half = found->width() / pixels / 2.0 * (grown ? kGrowth : 1.0);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half), *found, QRectF(found->rect()));
}

void forgetPortPixmaps() { cache().clear(); }

}  // namespace shapewise::ui
