#include "ui/viewers/heat_map_view.h"

#include "ui/theme/tokens.h"
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

PlotAxis plotAxis(const ShownTensor& shown, int axis, std::int64_t cells, std::int64_t step, bool upward) {
    PlotAxis result;
    result.label = axisLabel(shown.type, axis);
    if (axis >= 0) result.scale = shown.type.scale(axis);
    // Cell i covers indices i − ½ ... i + ½, so that the tick of an index stands at the middle of its cell.
    result.first = -0.5;
    result.last = static_cast<double>(cells * step) - 0.5;
    result.upward = upward;
    return result;
}

}  // namespace

ShownTensor shownTensor(exec::TensorPtr values, const tensor::TensorType& type) {
    ShownTensor shown;
    shown.type = type;
    shown.layout = view_math::chooseLayout(type.shape);
    shown.display = view_math::valueDisplay(type);
    if (values) shown.statistics = view_math::statisticsOf(values->values());
    shown.values = std::move(values);
    return shown;
}

PlotColors plotColors() {
    const Tokens& theme = tokens();
    return {theme.text, theme.secondaryText, theme.line, theme.panel};
}

QString axisLabel(const tensor::TensorType& type, int axis) {
    if (axis < 0) return {};
    switch (type.scale(axis).kind) {
        case tensor::AxisScale::Kind::Seconds: return QStringLiteral("s");
        case tensor::AxisScale::Kind::Hertz: return QStringLiteral("Hz");
        case tensor::AxisScale::Kind::Mel: return QStringLiteral("Hz (mel)");
        default: break;
    }
    const tensor::AxisMeaning meaning =
        axis < type.shape.rank() ? type.shape.meaning(axis) : tensor::AxisMeaning::Unknown;
    if (meaning == tensor::AxisMeaning::Unknown) return QStringLiteral("axis %1").arg(axis);
    const std::string_view name = tensor::axisName(meaning);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString readOut(const ShownTensor& shown, const std::vector<std::int64_t>& index) {
    if (!shown.values || shown.values->count() == 0) return {};
    QString place;
    QString positions;
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
        if (axis > 0) place += QStringLiteral(", ");
        place += QString::number(index[axis]);
        const tensor::AxisScale scale = shown.type.scale(static_cast<int>(axis));
        if (scale.kind == tensor::AxisScale::Kind::None) continue;
        if (!positions.isEmpty()) positions += QStringLiteral(" · ");
        positions += QString::fromStdString(view_math::positionText(static_cast<double>(index[axis]), scale));
    }
    const float raw = view_math::valueAt(*shown.values, index);
    const QString number = QString::fromStdString(view_math::valueText(static_cast<double>(raw) + 0.0));  // no −0
    QString text = QStringLiteral("[%1]").arg(place);
    if (!positions.isEmpty()) text += QStringLiteral("   ") + positions;
    if (shown.display == view_math::ValueDisplay::LnMagnitude) {
        const double decibels = view_math::shownValue(raw, shown.display);
        return text +
               QStringLiteral("   %1 dB (ln %2)").arg(QString::fromStdString(view_math::valueText(decibels)), number);
    }
    if (shown.display == view_math::ValueDisplay::Decibels) return text + QStringLiteral("   %1 dB").arg(number);
    return text + QStringLiteral("   ") + number;
}

HeatMapView::HeatMapView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumSize(120, 90);
    setAccessibleName(tr("Heat map"));
}

MapPicture makeMapPicture(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style) {
    MapPicture picture;
    picture.shown = shown;
    picture.place = place;
    if (!shown.values) return picture;
    picture.map = view_math::cutMap(*shown.values, shown.layout, place);
    view_math::ValueStatistics statistics = shown.statistics;
    if (style.policy == RangePolicy::PerMap) statistics = view_math::statisticsOf(picture.map.values);
    picture.colors = &chooseColormap(style, shown.display, statistics);
    picture.statistics = shownStatistics(statistics, shown.display);
    picture.range = chooseRange(style, shown.display, *picture.colors, picture.statistics);
    convertToShown(picture.map, shown.display);
    picture.image = mapImage(picture.map, picture.range, *picture.colors);
    return picture;
}

void HeatMapView::show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style) {
    const auto size = [&](int axis) { return axis < 0 || !shown.values ? 1 : shown.values->size(axis); };
    job_.start(
        size(shown.layout.rows) * size(shown.layout.columns),
        [shown, place, style] { return makeMapPicture(shown, place, style); },
        [this](MapPicture picture) { take(std::move(picture)); });
}

void HeatMapView::take(MapPicture picture) {
    picture_ = std::move(picture);
    hoverRow_ = hoverColumn_ = -1;
    update();
}

void HeatMapView::clear() { show(ShownTensor{}, {}, {}); }

QRectF HeatMapView::pictureRect(const QRectF& bounds) const { return plotAreas(bounds, font(), true).picture; }

void HeatMapView::paintPlot(QPainter& painter, const QRectF& bounds, bool withCursor) const {
    if (picture_.image.isNull()) return;
    const PlotAreas areas = plotAreas(bounds, painter.font(), true);
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
        painter.drawText(
            areas.picture, Qt::AlignCenter,
            tr("constant %1").arg(QString::fromStdString(view_math::valueText(picture_.shown.statistics.minimum))));
    }
    if (!withCursor || hoverRow_ < 0) return;
    const double x = areas.picture.left() + (static_cast<double>(hoverColumn_) + 0.5) /
                                                static_cast<double>(picture_.map.columns) * areas.picture.width();
    const double y = areas.picture.top() + (static_cast<double>(hoverRow_) + 0.5) /
                                               static_cast<double>(picture_.map.rows) * areas.picture.height();
    painter.setPen(QPen(QColor(255, 255, 255, 140), 1, Qt::DotLine));
    painter.drawLine(QPointF(areas.picture.left(), y), QPointF(areas.picture.right(), y));
    painter.drawLine(QPointF(x, areas.picture.top()), QPointF(x, areas.picture.bottom()));
}

void HeatMapView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintPlot(painter, QRectF(rect()).marginsRemoved(kMargins), true);
}

QImage HeatMapView::picture(QSize size, qreal devicePixelRatio) const {
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(plotColors().background);
    QPainter painter(&image);
    painter.setFont(font());
    paintPlot(painter, QRectF(QPointF(0, 0), QSizeF(size)).marginsRemoved(kMargins), false);
    return image;
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
    const QRectF area = pictureRect(QRectF(rect()).marginsRemoved(kMargins));
    const QPointF at = event->position();
    if (picture_.image.isNull() || !area.contains(at)) {
        leaveEvent(event);
        return;
    }
    const auto cell = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0, cells - 1);
    };
    hoverColumn_ = cell((at.x() - area.left()) / area.width(), picture_.map.columns);
    hoverRow_ = cell((at.y() - area.top()) / area.height(), picture_.map.rows);
    Q_EMIT readOutChanged(
        readOut(picture_.shown, view_math::indexOf(*picture_.shown.values, picture_.shown.layout, picture_.place,
                                                   picture_.map, hoverRow_, hoverColumn_)));
    update();
}

void HeatMapView::leaveEvent(QEvent*) {
    if (hoverRow_ < 0) return;
    hoverRow_ = hoverColumn_ = -1;
    Q_EMIT readOutChanged({});
    update();
}

}  // namespace shapewise::ui
