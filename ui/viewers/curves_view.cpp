#include "ui/viewers/curves_view.h"

#include "core/view_math/colour_scale.h"
#include "ui/base/wording.h"
#include "ui/theme/tokens.h"

#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QScatterSeries>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace shapewise::ui {
namespace {

/// Okabe–Ito with amber for its yellow, which disappears on white: told apart by colour-blind eyes.
constexpr std::array<QRgb, 7> kSeriesColors{0x56B4E9, 0xE69F00, 0x009E73, 0xCC79A7, 0x0072B2, 0xD55E00, 0xF5C710};

QColor seriesColor(int index) { return QColor(kSeriesColors[static_cast<std::size_t>(index) % kSeriesColors.size()]); }

constexpr int kMostPoints = 64;  // columns of the narrowest view

/// Ticks at round numbers, zero among them, with as many decimals as they need.
void setRoundTicks(QValueAxis& axis, int most) {
    const std::vector<double> ticks = view_math::roundTicks(axis.min(), axis.max(), std::clamp(most, 2, 10));
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : axis.max() - axis.min();
    if (!(step > 0.0)) return;
    axis.setTickType(QValueAxis::TicksDynamic);
    axis.setTickAnchor(0.0);
    axis.setTickInterval(step);
    const int decimals = static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
    axis.setLabelFormat(decimals > 5 || step >= 1e5 ? QStringLiteral("%.3g")
                                                    : QStringLiteral("%.%1f").arg(std::max(decimals, 0)));
}

}  // namespace

CurvesView::CurvesView(QWidget* parent)
    : TensorView(parent),
      job_([this](const QString& why) { Q_EMIT failed(why); }),
      chart_(new QChart),
      view_(new QChartView(chart_, this)) {
    chart_->setMargins(QMargins(2, 2, 8, 2));
    chart_->layout()->setContentsMargins(0, 0, 0, 0);
    chart_->setBackgroundRoundness(0);
    chart_->legend()->setAlignment(Qt::AlignRight);
    view_->setFrameShape(QFrame::NoFrame);
    view_->setRenderHint(QPainter::Antialiasing);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view_);
    setAccessibleName(tr("Curves"));
    styleChart();
}

void CurvesView::styleChart() {
    const Tokens& theme = tokens();
    chart_->setBackgroundBrush(theme.panel);
    chart_->setPlotAreaBackgroundVisible(false);
    view_->setBackgroundBrush(theme.panel);
    chart_->setTitleBrush(theme.secondaryText);
    chart_->setTitleFont(font());
    chart_->legend()->setLabelColor(theme.secondaryText);
    chart_->legend()->setFont(font());
    for (QAbstractAxis* axis : chart_->axes()) {
        axis->setLabelsColor(theme.secondaryText);
        axis->setTitleBrush(theme.secondaryText);
        axis->setLabelsFont(font());
        axis->setTitleFont(font());
        axis->setGridLineColor(theme.line);
        axis->setLinePenColor(theme.line);
    }
}

void CurvesView::show(const TensorShown& shown) {
    wanted_ = shown;
    rebuild();
}

CurvesView::Lines CurvesView::makeLines(const TensorShown& shown, int width) {
    Lines lines;
    lines.shown = shown;
    if (shown.isEmpty()) return lines;
    const view_math::MapLayout& layout = shown.layout;
    view_math::Map map = view_math::cutMap(*shown.values, layout, shown.place, std::int64_t{1} << 40);
    if (layout.rowsUpward) std::reverse(map.values.begin(), map.values.end());
    lines.rows = map.rows;
    lines.columns = map.columns;
    const bool isList =
        layout.rows < 0 && shown.type.scale(std::max(layout.columns, 0)).kind == tensor::AxisScale::Kind::None;
    lines.areBars = isList && map.columns <= kMostBars;
    for (std::int64_t curve = 0; curve < std::min<std::int64_t>(map.rows, kMostCurves); ++curve) {
        const std::span<const float> line{map.values.data() + curve * map.columns,
                                          static_cast<std::size_t>(map.columns)};
        lines.curves.push_back(view_math::decimate(line, std::max(kMostPoints, width)));
    }
    return lines;
}

void CurvesView::rebuild() {
    builtForWidth_ = width();
    job_.start(
        wanted_.size(wanted_.layout.rows) * wanted_.size(wanted_.layout.columns),
        [shown = wanted_, width = width()] { return makeLines(shown, width); },
        [this](Lines lines) {
            lines_ = std::move(lines);
            setOnScreen(lines_.shown);
            draw();
        });
}

void CurvesView::draw() {
    chart_->removeAllSeries();
    for (QAbstractAxis* axis : chart_->axes()) {
        chart_->removeAxis(axis);
        delete axis;
    }
    chart_->setTitle({});
    if (lines_.curves.empty()) return;
    if (lines_.areBars)
        drawBars();
    else
        drawCurves();
    styleChart();
}

tensor::AxisScale CurvesView::scaleAcross() const {
    const int axis = lines_.shown.layout.columns;
    return axis < 0 ? tensor::AxisScale{} : lines_.shown.type.scale(axis);
}

TensorIndex CurvesView::indexOf(std::int64_t curve, std::int64_t column) const {
    if (lines_.shown.isEmpty()) return {};
    view_math::Map whole;
    whole.rows = lines_.rows;
    whole.columns = lines_.columns;
    const std::int64_t row = lines_.shown.layout.rowsUpward ? lines_.rows - 1 - curve : curve;
    return view_math::indexOf(*lines_.shown.values, lines_.shown.layout, lines_.shown.place, whole, row,
                              std::clamp<std::int64_t>(column, 0, lines_.columns - 1));
}

void CurvesView::setAxes(QAbstractAxis* across, double low, double high) {
    auto* up = new QValueAxis;
    up->setRange(low, high);
    setRoundTicks(*up, height() / 44);
    up->setTitleText(unitText(lines_.shown.display));
    across->setTitleText(axisLabel(lines_.shown.type, lines_.shown.layout.columns));
    chart_->addAxis(across, Qt::AlignBottom);
    chart_->addAxis(up, Qt::AlignLeft);
    for (QAbstractSeries* series : chart_->series()) {
        series->attachAxis(across);
        series->attachAxis(up);
    }
}

void CurvesView::drawBars() {
    auto* set = new QBarSet(tr("value"));
    double low = 0.0;
    double high = 0.0;
    const std::vector<float>& values = lines_.curves.front().values;
    for (std::size_t index = 0; index < values.size(); ++index) {
        const bool isFinite = std::isfinite(values[index]);
        const double value = isFinite ? view_math::shownValue(values[index], lines_.shown.display) : 0.0;
        set->append(value);
        if (!isFinite) strange_.append({static_cast<double>(index), 0.0});
        low = std::min(low, value);
        high = std::max(high, value);
    }
    set->setColor(seriesColor(0));
    set->setBorderColor(Qt::transparent);
    auto* series = new QBarSeries;
    series->setBarWidth(0.8);
    series->append(set);
    chart_->addSeries(series);
    const bool hasStrange = !strange_.isEmpty();
    drawStrange(0.0);
    // Numbers, not categories: those have a label each, and dots where it does not fit.
    auto* across = new QValueAxis;
    across->setRange(-0.5, static_cast<double>(values.size()) - 0.5);
    setRoundTicks(*across, std::min(width() / 48, static_cast<int>(values.size())));
    across->setTickInterval(std::max(1.0, across->tickInterval()));
    across->setLabelFormat(QStringLiteral("%.0f"));
    across->setGridLineVisible(false);
    const double room = high > low ? (high - low) * 0.05 : 1.0;
    setAxes(across, low < 0.0 ? low - room : low, high > 0.0 || low >= 0.0 ? high + room : high);
    chart_->legend()->setVisible(hasStrange);
    connect(series, &QBarSeries::hovered, this,
            [this](bool inside, int index) { Q_EMIT cellHovered(inside ? indexOf(0, index) : TensorIndex{}); });
    connect(series, &QBarSeries::clicked, this, [this](int index) { Q_EMIT cellChosen(indexOf(0, index)); });
}

void CurvesView::addCurve(std::int64_t curve) {
    const tensor::AxisScale scale = scaleAcross();
    const view_math::Envelope& envelope = lines_.curves[static_cast<std::size_t>(curve)];
    QList<QPointF> points;
    points.reserve(static_cast<qsizetype>(envelope.values.size()));
    for (std::size_t index = 0; index < envelope.values.size(); ++index)
        if (std::isfinite(envelope.values[index]))
            points.append({view_math::positionOf(envelope.positions[index], scale),
                           view_math::shownValue(envelope.values[index], lines_.shown.display)});
    addStrange(envelope, scale);
    auto* series = new QLineSeries;
    series->setName(lines_.rows == 1 ? tr("value") : QString::number(curve));
    QPen pen(seriesColor(static_cast<int>(curve)), 1.4);
    // Colours come round after seven curves: the pattern tells the second round apart.
    if (curve >= static_cast<std::int64_t>(kSeriesColors.size())) pen.setStyle(Qt::DashLine);
    series->setPen(pen);
    series->replace(points);
    chart_->addSeries(series);
    const auto indexAt = [this, curve, scale](const QPointF& at) {
        return indexOf(curve, std::llround(view_math::indexAt(at.x(), scale)));
    };
    connect(series, &QLineSeries::hovered, this, [this, indexAt](const QPointF& at, bool inside) {
        Q_EMIT cellHovered(inside ? indexAt(at) : TensorIndex{});
    });
    connect(series, &QLineSeries::clicked, this,
            [this, indexAt](const QPointF& at) { Q_EMIT cellChosen(indexAt(at)); });
}

/// NaN and infinity have no height: they stand as marks where the curve is broken.
void CurvesView::addStrange(const view_math::Envelope& envelope, const tensor::AxisScale& scale) {
    for (std::size_t index = 0; index < envelope.values.size(); ++index)
        if (!std::isfinite(envelope.values[index]))
            strange_.append({view_math::positionOf(envelope.positions[index], scale), 0.0});
}

void CurvesView::drawStrange(double height) {
    if (strange_.isEmpty()) return;
    for (QPointF& point : strange_) point.setY(height);
    auto* series = new QScatterSeries;
    series->setName(tr("NaN or infinite"));
    series->setColor(QColor::fromRgb(view_math::kNotANumberColor));
    series->setBorderColor(Qt::transparent);
    series->setMarkerSize(7.0);
    series->replace(strange_);
    strange_.clear();
    chart_->addSeries(series);
}

void CurvesView::drawCurves() {
    const auto count = static_cast<std::int64_t>(lines_.curves.size());
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::int64_t curve = 0; curve < count; ++curve) {
        addCurve(curve);
        for (const float raw : lines_.curves[static_cast<std::size_t>(curve)].values) {
            if (!std::isfinite(raw)) continue;
            const double value = view_math::shownValue(raw, lines_.shown.display);
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (low > high) low = high = 0.0;
    const tensor::AxisScale scale = scaleAcross();
    auto* across = new QValueAxis;
    across->setRange(view_math::positionOf(0.0, scale),
                     view_math::positionOf(std::max(1.0, static_cast<double>(lines_.columns - 1)), scale));
    setRoundTicks(*across, width() / 90);
    const double margin = high > low ? (high - low) * 0.05 : std::max(std::abs(high) * 0.1, 1e-6);
    const bool hasStrange = !strange_.isEmpty();
    drawStrange(low - margin * 0.5);
    setAxes(across, low - margin, high + margin);
    chart_->legend()->setVisible(lines_.rows > 1 || hasStrange);
    if (lines_.rows > count)
        chart_->setTitle(tr("first %1 of %2; One Map shows all").arg(count).arg(countedText(lines_.rows, "channel")));
}

QImage CurvesView::picture(QSize, qreal devicePixelRatio) {
    QImage image(size() * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(tokens().panel);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    view_->render(&painter);
    return image;
}

void CurvesView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // More columns on screen deserve more points; small changes do not.
    if (std::abs(width() - builtForWidth_) > builtForWidth_ / 4 + 16) rebuild();
}

void CurvesView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        styleChart();
}

}  // namespace shapewise::ui
