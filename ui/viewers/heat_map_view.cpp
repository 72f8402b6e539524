#include "ui/viewers/heat_map_view.h"

#include "ui/theme/tokens.h"
#include "ui/viewers/plot_painter.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kSmallestRead = 40.0; // below this a plot shows the picture alone

PlotAxis plotAxis(const ShownTensor& shown, int axis, std::int64_t cells, std::int64_t step, bool upward) {
    PlotAxis result;
    result.label = axisLabel(shown.type, axis);
    if (axis >= 0)
        result.scale = shown.type.scale(axis);
    // Cell i covers indices i − ½ ... i + ½, so that the tick of an index stands at the middle of its cell.
    result.first = -0.5;
    result.last = static_cast<double>(cells * step) - 0.5;
    result.upward = upward;
    return result;
}

} // namespace

ShownTensor shownTensor(exec::TensorPtr values, const tensor::TensorType& type) {
    ShownTensor shown;
    shown.type = type;
    shown.layout = view_math::chooseLayout(type.shape);
    shown.display = view_math::valueDisplay(type);
    if (values)
        shown.statistics = view_math::statisticsOf(values->values());
    shown.values = std::move(values);
    return shown;
}

PlotColors plotColors() {
    const Tokens& theme = tokens();
    return {theme.text, theme.secondaryText, theme.line, theme.panel};
}

QString axisLabel(const tensor::TensorType& type, int axis) {
    if (axis < 0)
        return {};
    switch (type.scale(axis).kind) {
        case tensor::AxisScale::Kind::Seconds:
            return QStringLiteral("s");
        case tensor::AxisScale::Kind::Hertz:
            return QStringLiteral("Hz");
        case tensor::AxisScale::Kind::Mel:
            return QStringLiteral("Hz (mel)");
        default:
            break;
    }
    const tensor::AxisMeaning meaning =
        axis < type.shape.rank() ? type.shape.meaning(axis) : tensor::AxisMeaning::Unknown;
    if (meaning == tensor::AxisMeaning::Unknown)
        return QStringLiteral("axis %1").arg(axis);
    const std::string_view name = tensor::axisName(meaning);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString readOut(const ShownTensor& shown, const std::vector<std::int64_t>& index) {
    if (!shown.values || shown.values->count() == 0)
        return {};
    QString place;
    QString positions;
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
        if (axis > 0)
            place += QStringLiteral(", ");
        place += QString::number(index[axis]);
        const tensor::AxisScale scale = shown.type.scale(static_cast<int>(axis));
        if (scale.kind == tensor::AxisScale::Kind::None)
            continue;
        if (!positions.isEmpty())
            positions += QStringLiteral(" · ");
        positions += QString::fromStdString(view_math::positionText(static_cast<double>(index[axis]), scale));
    }
    const float raw = view_math::valueAt(*shown.values, index);
    const QString number = QString::fromStdString(view_math::valueText(static_cast<double>(raw)));
    QString text = QStringLiteral("[%1]").arg(place);
    if (!positions.isEmpty())
        text += QStringLiteral("   ") + positions;
    if (shown.display == view_math::ValueDisplay::LnMagnitude) {
        const double decibels = view_math::shownValue(raw, shown.display);
        return text + QStringLiteral("   %1 dB (ln %2)")
                          .arg(QString::fromStdString(view_math::valueText(decibels)), number);
    }
    if (shown.display == view_math::ValueDisplay::Decibels)
        return text + QStringLiteral("   %1 dB").arg(number);
    return text + QStringLiteral("   ") + number;
}

HeatMapView::HeatMapView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumSize(120, 90);
    setAccessibleName(tr("Heat map"));
}

void HeatMapView::show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style) {
    shown_ = shown;
    place_ = place;
    style_ = style;
    hoverRow_ = hoverColumn_ = -1;
    image_ = {};
    map_ = {};
    if (shown_.values) {
        map_ = view_math::cutMap(*shown_.values, shown_.layout, place);
        view_math::ValueStatistics statistics = shown_.statistics;
        if (style.policy == RangePolicy::PerMap)
            statistics = view_math::statisticsOf(map_.values);
        colors_ = &chooseColormap(style, shown_.display, statistics);
        shownStatistics_ = shownStatistics(statistics, shown_.display);
        range_ = chooseRange(style, shown_.display, *colors_, shownStatistics_);
        convertToShown(map_, shown_.display);
        image_ = mapImage(map_, range_, *colors_);
    }
    update();
}

void HeatMapView::clear() {
    show(ShownTensor{}, {}, {});
}

QRectF HeatMapView::pictureRect(const QRectF& bounds) const {
    return plotAreas(bounds, font(), true).picture;
}

void HeatMapView::paintPlot(QPainter& painter, const QRectF& bounds, bool withCursor) const {
    if (image_.isNull())
        return;
    const PlotAreas areas = plotAreas(bounds, painter.font(), true);
    if (areas.picture.width() < kSmallestRead || areas.picture.height() < kSmallestRead / 2.0) {
        painter.drawImage(bounds, image_);
        return;
    }
    const PlotColors colors = plotColors();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(areas.picture, image_);
    painter.setPen(colors.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(areas.picture);
    const view_math::MapLayout& layout = shown_.layout;
    paintHorizontalAxis(painter, areas,
                        plotAxis(shown_, layout.columns, map_.columns, map_.columnStep, false), colors);
    paintVerticalAxis(painter, areas,
                      plotAxis(shown_, layout.rows, map_.rows, map_.rowStep, layout.rowsUpward), colors);
    paintColorBar(painter, areas, *colors_, range_, shownStatistics_, unitText(shown_.display), colors);
    if (shown_.statistics.isConstant()) {
        painter.setPen(colors.text);
        painter.drawText(
            areas.picture, Qt::AlignCenter,
            tr("constant %1").arg(QString::fromStdString(view_math::valueText(shown_.statistics.minimum))));
    }
    if (!withCursor || hoverRow_ < 0)
        return;
    const double x = areas.picture.left() + (static_cast<double>(hoverColumn_) + 0.5) /
                                                static_cast<double>(map_.columns) * areas.picture.width();
    const double y = areas.picture.top() + (static_cast<double>(hoverRow_) + 0.5) /
                                               static_cast<double>(map_.rows) * areas.picture.height();
    painter.setPen(QPen(QColor(255, 255, 255, 140), 1, Qt::DotLine));
    painter.drawLine(QPointF(areas.picture.left(), y), QPointF(areas.picture.right(), y));
    painter.drawLine(QPointF(x, areas.picture.top()), QPointF(x, areas.picture.bottom()));
}

void HeatMapView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintPlot(painter, rect(), true);
}

QImage HeatMapView::picture(QSize size, qreal devicePixelRatio) const {
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(plotColors().background);
    QPainter painter(&image);
    painter.setFont(font());
    paintPlot(painter, QRectF(QPointF(0, 0), QSizeF(size)).adjusted(6, 6, -6, -6), false);
    return image;
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
    const QRectF area = pictureRect(rect());
    const QPointF at = event->position();
    if (image_.isNull() || !area.contains(at)) {
        leaveEvent(event);
        return;
    }
    const auto cell = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0,
                                        cells - 1);
    };
    hoverColumn_ = cell((at.x() - area.left()) / area.width(), map_.columns);
    hoverRow_ = cell((at.y() - area.top()) / area.height(), map_.rows);
    Q_EMIT readOutChanged(readOut(
        shown_, view_math::indexOf(*shown_.values, shown_.layout, place_, map_, hoverRow_, hoverColumn_)));
    update();
}

void HeatMapView::leaveEvent(QEvent*) {
    if (hoverRow_ < 0)
        return;
    hoverRow_ = hoverColumn_ = -1;
    Q_EMIT readOutChanged({});
    update();
}

} // namespace shapewise::ui
