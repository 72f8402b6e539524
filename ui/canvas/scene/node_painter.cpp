#include "ui/canvas/scene/node_painter.h"

#include "ui/canvas/scene/port_painter.h"
#include "ui/theme/tokens.h"

#include <QPaintDevice>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <qdrawutil.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace shapewise::ui {
namespace {

constexpr double kFadedOpacity = 0.35;
constexpr double kBlockedOpacity = 0.55;
constexpr double kSelectionGap = 2.0;
constexpr double kSelectionWidth = 2.0;
constexpr double kErrorOutline = 1.6;
constexpr double kErrorHalo = 3.0;
constexpr int kShadowMargin = 14;
constexpr int kShadowDrop = 4;

QPixmap& shadowCache() {
    static QPixmap pixmap;
    return pixmap;
}

/// A soft rectangle, drawn once and stretched as a nine-patch: a graphics effect would cost fifteen times as much.
const QPixmap& shadowPixmap() {
    QPixmap& pixmap = shadowCache();
    if (!pixmap.isNull()) return pixmap;
    constexpr int kSide = 4 * kShadowMargin + 1;
    pixmap = QPixmap(kSide, kSide);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor color = tokens().shadow;
    const int alpha = color.alpha();
    for (int ring = 0; ring < kShadowMargin; ++ring) {
        const double strength = std::pow(static_cast<double>(ring + 1) / kShadowMargin, 2.0) / kShadowMargin * 2.2;
        color.setAlpha(std::clamp(static_cast<int>(alpha * strength), 1, 255));
        painter.setBrush(color);
        const double radius = kShadowMargin + kNodeRadius - ring;
        painter.drawRoundedRect(QRectF(ring, ring, kSide - 2 * ring, kSide - 2 * ring), radius, radius);
    }
    return pixmap;
}

void paintShadow(QPainter& painter, const QRectF& body) {
    const QRect target = body.translated(0, kShadowDrop)
                             .toAlignedRect()
                             .adjusted(-kShadowMargin + 3, -kShadowMargin + 3, kShadowMargin - 3, kShadowMargin - 3);
    const int cut = 2 * kShadowMargin;
    qDrawBorderPixmap(&painter, target, QMargins(cut, cut, cut, cut), shadowPixmap());
}

bool isError(const NodeView& view) { return view.badge == diag::Severity::Error; }

QColor headerColor(const NodeView& view) {
    return isError(view) ? tokens().errorHeader : Tokens::category(view.category);
}

QPainterPath headerPath(const QRectF& header) {
    QPainterPath path;
    const double r = kNodeRadius;
    path.moveTo(header.bottomLeft());
    path.lineTo(header.left(), header.top() + r);
    path.arcTo(QRectF(header.left(), header.top(), 2 * r, 2 * r), 180, -90);
    path.lineTo(header.right() - r, header.top());
    path.arcTo(QRectF(header.right() - 2 * r, header.top(), 2 * r, 2 * r), 90, -90);
    path.lineTo(header.bottomRight());
    path.closeSubpath();
    return path;
}

void paintBlock(QPainter& painter, double zoom, const NodeView& view, const NodeLayout& layout, const NodeLook& look) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    QColor color = headerColor(view);
    if (isError(view)) color = tokens().error;
    if (view.badge == diag::Severity::Warning) color = tokens().warning;
    painter.fillRect(layout.body, color);
    if (!look.selected) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tokens().accent, kSelectionWidth / zoom));
    painter.drawRect(layout.body);
}

void paintBody(QPainter& painter, const NodeView& view, const NodeLayout& layout, const NodeLook& look) {
    const Tokens& t = tokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.nodeBody);
    painter.drawRoundedRect(layout.body, kNodeRadius, kNodeRadius);
    if (view.state == infer::State::Blocked) {
        QColor hatch = t.unknown;
        hatch.setAlpha(70);
        painter.setBrush(QBrush(hatch, Qt::BDiagPattern));
        painter.drawRoundedRect(layout.body, kNodeRadius, kNodeRadius);
    }
    painter.setBrush(headerColor(view));
    painter.drawPath(headerPath(layout.header));

    painter.setBrush(Qt::NoBrush);
    if (isError(view)) {
        QColor halo = t.error;
        halo.setAlpha(50);
        painter.setPen(QPen(halo, kErrorHalo * 2));
        painter.drawRoundedRect(layout.body, kNodeRadius, kNodeRadius);
        painter.setPen(QPen(t.error, kErrorOutline));
    } else {
        painter.setPen(QPen(look.hovered ? t.unknown : t.nodeOutline, 1.0));
    }
    painter.drawRoundedRect(layout.body, kNodeRadius, kNodeRadius);
}

/// The edges of further cards behind a node that holds a graph.
void paintStack(QPainter& painter, const NodeLayout& layout) {
    const Tokens& t = tokens();
    painter.setPen(QPen(t.nodeOutline, 1.0));
    painter.setBrush(t.nodeBody);
    for (const double offset : {2 * kStackStep, kStackStep})
        painter.drawRoundedRect(layout.body.adjusted(offset, offset, -offset, offset), kNodeRadius, kNodeRadius);
}

void paintSelection(QPainter& painter, const NodeLayout& layout) {
    constexpr double kOut = kSelectionGap + kSelectionWidth / 2;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tokens().accent, kSelectionWidth));
    painter.drawRoundedRect(layout.body.adjusted(-kOut, -kOut, kOut, kOut), kNodeRadius + kOut, kNodeRadius + kOut);
}

QColor lineColor(const NodeView& view, TextLine::Role role) {
    const Tokens& t = tokens();
    switch (role) {
        case TextLine::Role::Shape: return t.text;
        case TextLine::Role::State: return view.state == infer::State::Conflict ? t.errorText : t.secondaryText;
        case TextLine::Role::Telling:
        case TextLine::Role::Count: break;
    }
    return t.secondaryText;
}

void paintTexts(QPainter& painter, const NodeView& view, const NodeLayout& layout) {
    const Tokens& t = tokens();
    const CanvasFonts& fonts = canvasFonts();
    painter.setFont(fonts.name);
    painter.setPen(t.textOnColor);
    painter.drawText(layout.nameBox, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, layout.name);
    if (!layout.typeName.isEmpty()) {
        painter.setFont(fonts.type);
        QColor color = t.textOnColor;
        color.setAlpha(220);
        painter.setPen(color);
        painter.drawText(layout.typeBox, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, layout.typeName);
    }
    for (const TextLine& line : layout.lines) {
        painter.setFont(line.role == TextLine::Role::Shape ? fonts.shape : fonts.text);
        painter.setPen(lineColor(view, line.role));
        painter.drawText(line.box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, line.text);
    }
}

/// The name at a size that can still be read on the screen.
void paintNameAlone(QPainter& painter, double zoom, const NodeView& view, const NodeLayout& layout) {
    constexpr double kReadable = 9.0;  // device-independent pixels
    const QRectF box = layout.header.adjusted(kNodeRadius, 0, -kNodeRadius, 0);
    QFont font = canvasFonts().name;
    font.setPixelSize(static_cast<int>(std::min(kReadable / zoom, layout.header.height() - 2.0)));
    painter.setFont(font);
    painter.setPen(tokens().textOnColor);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(view.name, Qt::ElideRight, box.width()));
}

void paintThumbnail(QPainter& painter, const NodeLayout& layout, const QImage& thumbnail) {
    if (thumbnail.isNull() || layout.thumbnail.isEmpty()) return;
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, thumbnail.width() > layout.thumbnail.width());
    painter.drawImage(layout.thumbnail, thumbnail);
    painter.restore();
}

void paintPorts(QPainter& painter, double zoom, const NodeView& view, const NodeLayout& layout, const NodeLook& look) {
    const auto grown = [](const std::vector<int>& list, std::size_t index) {
        return std::find(list.begin(), list.end(), static_cast<int>(index)) != list.end();
    };
    for (std::size_t index = 0; index < layout.inputs.size(); ++index)
        paintPort(painter, zoom, layout.inputs[index], view.inputs[index], grown(look.grownInputs, index));
    for (std::size_t index = 0; index < layout.outputs.size(); ++index)
        paintPort(painter, zoom, layout.outputs[index], view.outputs[index], grown(look.grownOutputs, index));
}

}  // namespace

void paintNode(QPainter& painter, double zoom, const NodeView& view, const NodeLayout& layout, const NodeLook& look,
               const QImage& thumbnail) {
    if (zoom < kBlockZoom) {
        paintBlock(painter, zoom, view, layout, look);
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const bool grows = !look.grownInputs.empty() || !look.grownOutputs.empty();
    if (look.faded && !grows) painter.setOpacity(kFadedOpacity);
    if (zoom >= kTextZoom) paintShadow(painter, layout.body);
    if (view.state == infer::State::Blocked) painter.setOpacity(std::min(painter.opacity(), kBlockedOpacity));
    if (view.opens) paintStack(painter, layout);
    paintBody(painter, view, layout, look);
    paintThumbnail(painter, layout, thumbnail);
    if (zoom >= kTextZoom)
        paintTexts(painter, view, layout);
    else if (zoom >= kNameZoom)
        paintNameAlone(painter, zoom, view, layout);
    if (look.selected) paintSelection(painter, layout);
    paintPorts(painter, zoom, view, layout, look);
    if (!look.faded) painter.setOpacity(1.0);
    if (view.badge) paintBadge(painter, layout.badge, 9.0, *view.badge);
    painter.restore();
}

void paintBadge(QPainter& painter, const QPointF& centre, double radius, diag::Severity severity) {
    const Tokens& t = tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.canvas, 1.5));
    const QColor ink = t.textOnStatus;
    if (severity == diag::Severity::Error) {
        QPolygonF octagon;
        for (int corner = 0; corner < 8; ++corner) {
            const double angle = (22.5 + 45.0 * corner) * 3.14159265358979 / 180.0;
            octagon << centre + QPointF(std::cos(angle), std::sin(angle)) * radius;
        }
        painter.setBrush(t.error);
        painter.drawPolygon(octagon);
        const double arm = radius * 0.36;
        painter.setPen(QPen(ink, radius * 0.22, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm));
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm));
    } else if (severity == diag::Severity::Warning) {
        painter.setBrush(t.warning);
        painter.drawPolygon(
            QPolygonF({centre + QPointF(0, -radius * 1.1), centre + QPointF(radius * 1.08, radius * 0.85),
                       centre + QPointF(-radius * 1.08, radius * 0.85)}));
        painter.setPen(QPen(ink, radius * 0.22, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(centre + QPointF(0, -radius * 0.35), centre + QPointF(0, radius * 0.22));
        painter.drawPoint(centre + QPointF(0, radius * 0.58));
    } else {
        painter.setBrush(t.info);
        painter.drawEllipse(centre, radius * 0.9, radius * 0.9);
        painter.setPen(QPen(ink, radius * 0.24, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(centre + QPointF(0, -radius * 0.02), centre + QPointF(0, radius * 0.45));
        painter.drawPoint(centre + QPointF(0, -radius * 0.45));
    }
    painter.restore();
}

void forgetPaintCaches() {
    shadowCache() = QPixmap();
    forgetPortPixmaps();
}

}  // namespace shapewise::ui
