#include "ui/viewers/plot_painter.h"

#include "core/view_math/map_layout.h"
#include "ui/base/qt_text.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kTick = 4.0;
constexpr double kGap = 4.0;
constexpr double kColorBarWidth = 12.0;
constexpr double kLeastBar = 60.0;  // lower, its ticks would cover one another

struct Tick {
    double place;  ///< 0 ... 1 along the axis
    QString text;
};

/// Round numbers in the unit of the axis. Mel axes are spaced in mel and labelled in hertz.
std::vector<Tick> ticksOf(const PlotAxis& axis, int most) {
    std::vector<Tick> ticks;
    const double low = view_math::positionOf(axis.first, axis.scale);
    const double high = view_math::positionOf(axis.last, axis.scale);
    const double span = axis.last - axis.first;
    if (!(span > 0.0)) return ticks;
    const std::vector<double> values = view_math::roundTicks(low, high, most);
    const double step = values.size() > 1 ? values[1] - values[0] : std::max(std::abs(low), 1.0);
    for (const double value : values) {
        const double place = (view_math::indexAt(value, axis.scale) - axis.first) / span;
        if (place < -1e-6 || place > 1.0 + 1e-6) continue;
        if (axis.scale.kind == tensor::AxisScale::Kind::None && std::abs(value - std::round(value)) > 1e-6) continue;
        ticks.push_back({place, toQString(view_math::tickText(value, step))});
    }
    return ticks;
}

}  // namespace

PlotColors plotColors() {
    const Tokens& theme = tokens();
    return {theme.text, theme.secondaryText, theme.line, theme.panel};
}

PlotAreas plotAreas(const QRectF& bounds, const QFont& font, bool withColorBar) {
    const QFontMetricsF metrics(font);
    const double left = metrics.horizontalAdvance(QStringLiteral("−0000")) + kTick + kGap;
    const double bottom = metrics.height() + kTick + 2.0;
    const double right = withColorBar ? kColorBarWidth + metrics.horizontalAdvance(QStringLiteral("−00.00")) + 4 * kGap
                                      : metrics.horizontalAdvance(QStringLiteral("00"));
    const double top = metrics.height() + 2.0;
    PlotAreas areas;
    areas.picture = bounds.adjusted(left, top, -right, -bottom);
    areas.leftAxis = QRectF(bounds.left(), areas.picture.top(), left, areas.picture.height());
    areas.bottomAxis = QRectF(areas.picture.left(), areas.picture.bottom(), areas.picture.width(), bottom);
    if (withColorBar)
        areas.colorBar =
            QRectF(areas.picture.right() + 2 * kGap, areas.picture.top(), kColorBarWidth, areas.picture.height());
    return areas;
}

PlotAreas keepingAspect(PlotAreas areas, double widthByHeight) {
    if (!(widthByHeight > 0.0) || areas.picture.height() <= 0.0) return areas;
    const double width = std::min(areas.picture.width(), areas.picture.height() * widthByHeight);
    const double height = std::min(areas.picture.height(), areas.picture.width() / widthByHeight);
    areas.colorBar.translate(areas.picture.left() + width - areas.picture.right(), 0.0);
    areas.colorBar.setHeight(std::max(height, std::min(areas.colorBar.height(), kLeastBar)));
    areas.bottomAxis = QRectF(areas.picture.left(), areas.picture.top() + height, width, areas.bottomAxis.height());
    areas.picture.setSize(QSizeF(width, height));
    areas.leftAxis.setHeight(height);
    return areas;
}

void paintHorizontalAxis(QPainter& painter, const PlotAreas& areas, const PlotAxis& axis, const PlotColors& colors) {
    const QFontMetricsF metrics(painter.font());
    const QRectF& area = areas.bottomAxis;
    const int most =
        std::max(2, static_cast<int>(area.width() / (metrics.horizontalAdvance(QStringLiteral("00.00")) * 1.8)));
    double usedUntil = area.left() - 1000.0;
    const double labelWidth = metrics.horizontalAdvance(axis.label);
    for (const Tick& tick : ticksOf(axis, most)) {
        const double x = area.left() + tick.place * area.width();
        painter.setPen(colors.line);
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.top() + kTick));
        const double width = metrics.horizontalAdvance(tick.text);
        const double left = x - width / 2.0;
        if (left < usedUntil + 6.0 || x + width / 2.0 > area.right() - labelWidth - 6.0) continue;
        painter.setPen(colors.secondaryText);
        painter.drawText(QPointF(left, area.top() + kTick + metrics.ascent() + 1.0), tick.text);
        usedUntil = x + width / 2.0;
    }
    painter.setPen(colors.secondaryText);
    painter.drawText(QPointF(area.right() - labelWidth, area.top() + kTick + metrics.ascent() + 1.0), axis.label);
}

void paintVerticalAxis(QPainter& painter, const PlotAreas& areas, const PlotAxis& axis, const PlotColors& colors) {
    const QFontMetricsF metrics(painter.font());
    const QRectF& area = areas.leftAxis;
    const int most = std::max(2, static_cast<int>(area.height() / (metrics.height() * 2.0)));
    for (const Tick& tick : ticksOf(axis, most)) {
        const double place = axis.upward ? 1.0 - tick.place : tick.place;
        const double y = area.top() + place * area.height();
        painter.setPen(colors.line);
        painter.drawLine(QPointF(area.right() - kTick, y), QPointF(area.right(), y));
        painter.setPen(colors.secondaryText);
        const double width = metrics.horizontalAdvance(tick.text);
        painter.drawText(QPointF(area.right() - kTick - 3.0 - width, y + metrics.ascent() / 2.0 - 1.0), tick.text);
    }
    painter.setPen(colors.secondaryText);
    painter.drawText(QPointF(area.left(), area.top() - metrics.descent() - 2.0), axis.label);
}

void paintColorBar(QPainter& painter, const PlotAreas& areas, const view_math::Colormap& map,
                   const view_math::ValueRange& range, const view_math::ValueStatistics& statistics,
                   const QString& unit, const PlotColors& colors) {
    const QRectF& bar = areas.colorBar;
    if (bar.width() <= 0.0 || bar.height() <= 8.0) return;
    const QFontMetricsF metrics(painter.font());
    QImage gradient(1, 256, QImage::Format_RGB32);
    for (int index = 0; index < 256; ++index)
        gradient.setPixel(0, 255 - index, 0xFF000000u | map.colors[static_cast<std::size_t>(index)]);
    painter.drawImage(bar, gradient);
    painter.setPen(colors.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);

    painter.setPen(colors.secondaryText);
    const double textLeft = bar.right() + kGap + 1.0;
    // Beside the mark of values above the range, where there is one.
    const double unitLeft = statistics.maximum > range.high ? textLeft : bar.left();
    painter.drawText(QPointF(unitLeft, bar.top() - metrics.descent() - 2.0), unit);
    if (range.high <= range.low) {
        painter.drawText(QPointF(textLeft, bar.center().y() + metrics.ascent() / 2.0),
                         toQString(view_math::valueText(range.low)));
        return;
    }
    const int most = std::max(2, static_cast<int>(bar.height() / (metrics.height() * 2.2)));
    const std::vector<double> ticks = view_math::roundTicks(range.low, range.high, most);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
    for (const double value : ticks) {
        const double y = bar.bottom() - (value - range.low) / (range.high - range.low) * bar.height();
        painter.setPen(colors.line);
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3.0, y));
        painter.setPen(colors.secondaryText);
        painter.drawText(QPointF(textLeft + 2.0, std::clamp(y + metrics.ascent() / 2.0 - 1.0,
                                                            bar.top() + metrics.ascent() - 3.0, bar.bottom() + 2.0)),
                         toQString(view_math::tickText(value, step)));
    }
    // Values beyond the range: small triangles at the ends.
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.secondaryText);
    const double middle = bar.center().x();
    if (statistics.maximum > range.high)
        painter.drawPolygon(
            QPolygonF({{middle - 4, bar.top() - 2}, {middle + 4, bar.top() - 2}, {middle, bar.top() - 8}}));
    if (statistics.minimum < range.low)
        painter.drawPolygon(
            QPolygonF({{middle - 4, bar.bottom() + 2}, {middle + 4, bar.bottom() + 2}, {middle, bar.bottom() + 8}}));
}

}  // namespace shapewise::ui
