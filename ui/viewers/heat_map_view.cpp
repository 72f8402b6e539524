#include "ui/viewers/heat_map_view.h"

#include "ui/base/qt_text.h"
#include "ui/viewers/plot_painter.h"

#include <QMarginsF>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr QMarginsF kMargins(8.0, 4.0, 8.0, 4.0);
constexpr double kSmallestRead = 40.0;  // below this a plot shows the picture alone

PlotAxis plotAxis(const TensorShown& shown, int axis, std::int64_t cells, std::int64_t step, bool upward) {
    PlotAxis result;
    result.label = axisLabel(shown.type, axis);
    if (axis >= 0) result.scale = shown.type.scale(axis);
    // Cell i covers indices i − ½ ... i + ½, so that the tick of an index stands at the middle of its cell.
    result.first = -0.5;
    result.last = static_cast<double>(cells * step) - 0.5;
    result.upward = upward;
    return result;
}

/// Whether a step along the rows is as long as one along the columns: places of a picture, not time or frequency.
bool isPicture(const tensor::TensorType& type, const view_math::MapLayout& layout) {
    const auto isPlace = [&](int axis) {
        if (axis < 0 || type.scale(axis).kind != tensor::AxisScale::Kind::None) return false;
        const tensor::AxisMeaning meaning =
            axis < type.shape.rank() ? type.shape.meaning(axis) : tensor::AxisMeaning::Unknown;
        return meaning != tensor::AxisMeaning::Time && meaning != tensor::AxisMeaning::Frequency &&
               meaning != tensor::AxisMeaning::Channels && meaning != tensor::AxisMeaning::Features;
    };
    return !layout.isCurve && isPlace(layout.rows) && isPlace(layout.columns);
}

}  // namespace

HeatMapView::HeatMapView(QWidget* parent)
    : TensorView(parent), job_([this](const QString& why) { Q_EMIT failed(why); }) {
    setMouseTracking(true);
    setMinimumSize(120, 90);
    setAccessibleName(tr("Heat map"));
}

MapPicture makeMapPicture(const TensorShown& shown) {
    MapPicture picture;
    picture.shown = shown;
    if (!shown.values) return picture;
    picture.map = view_math::cutMap(*shown.values, shown.layout, shown.place);
    view_math::ValueStatistics statistics = shown.statistics;
    if (shown.style.policy == RangePolicy::PerMap) statistics = view_math::statisticsOf(picture.map.values);
    picture.colors = &chooseColormap(shown.style, shown.display, statistics);
    picture.statistics = shownStatistics(statistics, shown.display);
    picture.range = chooseRange(shown.style, shown.display, *picture.colors, picture.statistics);
    convertToShown(picture.map, shown.display);
    picture.image = mapImage(picture.map, picture.range, *picture.colors);
    return picture;
}

void HeatMapView::show(const TensorShown& shown) {
    job_.start(
        shown.size(shown.layout.rows) * shown.size(shown.layout.columns), [shown] { return makeMapPicture(shown); },
        [this](MapPicture picture) { take(std::move(picture)); });
}

void HeatMapView::take(MapPicture picture) {
    picture_ = std::move(picture);
    setOnScreen(picture_.shown);
    hovered_ = {};
    update();
}

PlotAreas HeatMapView::areasIn(const QRectF& bounds, const QFont& font) const {
    const PlotAreas areas = plotAreas(bounds, font, true);
    const TensorShown& shown = picture_.shown;
    if (!isPicture(shown.type, shown.layout)) return areas;
    const double ratio = static_cast<double>(shown.size(shown.layout.columns)) /
                         static_cast<double>(std::max<std::int64_t>(shown.size(shown.layout.rows), 1));
    // A strip that would be too thin to read is stretched all the same.
    const PlotAreas kept = keepingAspect(areas, ratio);
    const bool isReadable = kept.picture.width() >= kSmallestRead && kept.picture.height() >= kSmallestRead;
    return isReadable ? kept : areas;
}

void HeatMapView::paintPlot(QPainter& painter, const QRectF& bounds, bool withCursor) const {
    if (picture_.image.isNull()) return;
    const PlotAreas areas = areasIn(bounds, painter.font());
    if (areas.picture.width() < kSmallestRead || areas.picture.height() < kSmallestRead / 2.0) {
        painter.drawImage(bounds, picture_.image);
        return;
    }
    const PlotColors colors = plotColors();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(areas.picture, picture_.image);
    painter.setPen(colors.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(areas.picture);
    const view_math::MapLayout& layout = picture_.shown.layout;
    paintHorizontalAxis(painter, areas,
                        plotAxis(picture_.shown, layout.columns, picture_.map.columns, picture_.map.columnStep, false),
                        colors);
    paintVerticalAxis(painter, areas,
                      plotAxis(picture_.shown, layout.rows, picture_.map.rows, picture_.map.rowStep, layout.rowsUpward),
                      colors);
    paintColorBar(painter, areas, *picture_.colors, picture_.range, picture_.statistics,
                  unitText(picture_.shown.display), colors);
    if (picture_.shown.statistics.isConstant()) {
        painter.setPen(colors.text);
        painter.drawText(areas.picture, Qt::AlignCenter,
                         tr("constant %1").arg(toQString(view_math::valueText(picture_.shown.statistics.minimum))));
    }
    if (withCursor && hovered_.isValid()) paintCursor(painter, areas.picture);
}

void HeatMapView::paintCursor(QPainter& painter, const QRectF& area) const {
    const auto middle = [](std::int64_t cell, std::int64_t cells) {
        return (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
    };
    const double x = area.left() + middle(hovered_.column, picture_.map.columns) * area.width();
    const double y = area.top() + middle(hovered_.row, picture_.map.rows) * area.height();
    painter.setPen(QPen(QColor(255, 255, 255, 140), 1, Qt::DotLine));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

void HeatMapView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintPlot(painter, QRectF(rect()).marginsRemoved(kMargins), true);
}

QImage HeatMapView::picture(QSize size, qreal devicePixelRatio) {
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(plotColors().background);
    QPainter painter(&image);
    painter.setFont(font());
    paintPlot(painter, QRectF(QPointF(0, 0), QSizeF(size)).marginsRemoved(kMargins), false);
    return image;
}

HeatMapView::Cell HeatMapView::cellAt(const QPointF& at) const {
    const QRectF area = areasIn(QRectF(rect()).marginsRemoved(kMargins), font()).picture;
    if (picture_.image.isNull() || !area.contains(at)) return {};
    const auto cell = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0, cells - 1);
    };
    return {cell((at.y() - area.top()) / area.height(), picture_.map.rows),
            cell((at.x() - area.left()) / area.width(), picture_.map.columns)};
}

TensorIndex HeatMapView::indexOf(const Cell& cell) const {
    return view_math::indexOf(*picture_.shown.values, picture_.shown.layout, picture_.shown.place, picture_.map,
                              cell.row, cell.column);
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
    const Cell cell = cellAt(event->position());
    if (!cell.isValid()) {
        leaveEvent(event);
        return;
    }
    hovered_ = cell;
    Q_EMIT cellHovered(indexOf(cell));
    update();
}

void HeatMapView::mouseReleaseEvent(QMouseEvent* event) {
    const Cell cell = cellAt(event->position());
    if (cell.isValid() && event->button() == Qt::LeftButton) Q_EMIT cellChosen(indexOf(cell));
}

void HeatMapView::leaveEvent(QEvent*) {
    if (!hovered_.isValid()) return;
    hovered_ = {};
    Q_EMIT cellHovered({});
    update();
}

}  // namespace shapewise::ui
