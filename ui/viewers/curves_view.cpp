#include "ui/viewers/curves_view.h"

#include "ui/theme/tokens.h"

#include <QBarCategoryAxis>
#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>

namespace shapewise::ui {
namespace {

/// Okabe–Ito with amber for its yellow, which disappears on white: told apart by colour-blind eyes.
constexpr std::array<QRgb, 7> kSeriesColors{0x56B4E9, 0xE69F00, 0x009E73, 0xCC79A7,
                                            0x0072B2, 0xD55E00, 0xF5C710};

QColor seriesColor(int index) {
    return QColor(kSeriesColors[static_cast<std::size_t>(index) % kSeriesColors.size()]);
}

} // namespace

CurvesView::CurvesView(QWidget* parent)
    : QWidget(parent), chart_(new QChart), view_(new QChartView(chart_, this)) {
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

void CurvesView::show(const ShownTensor& shown, const view_math::MapPlace& place) {
    shown_ = shown;
    place_ = place;
    rebuild();
}

void CurvesView::clear() {
    show(ShownTensor{}, {});
}

void CurvesView::rebuild() {
    chart_->removeAllSeries();
    for (QAbstractAxis* axis : chart_->axes()) {
        chart_->removeAxis(axis);
        delete axis;
    }
    chart_->setTitle({});
    builtForWidth_ = width();
    if (!shown_.values || shown_.values->count() == 0)
        return;
    const view_math::MapLayout& layout = shown_.layout;
    const bool isList = layout.rows < 0 &&
                        shown_.type.scale(std::max(layout.columns, 0)).kind == tensor::AxisScale::Kind::None;
    const std::int64_t steps =
        layout.columns < 0 ? shown_.values->count() : shown_.values->size(layout.columns);
    if (isList && steps <= kMostBars)
        showBars();
    else
        showCurves();
    styleChart();
}

void CurvesView::setAxisTitles(const QString& horizontal, const QString& vertical) {
    const auto axes = [&](Qt::Orientation orientation) { return chart_->axes(orientation); };
    if (!axes(Qt::Horizontal).isEmpty())
        axes(Qt::Horizontal).first()->setTitleText(horizontal);
    if (!axes(Qt::Vertical).isEmpty())
        axes(Qt::Vertical).first()->setTitleText(vertical);
}

void CurvesView::showBars() {
    const view_math::Map map = view_math::cutMap(*shown_.values, shown_.layout, place_);
    auto* set = new QBarSet(tr("value"));
    QStringList categories;
    for (std::size_t index = 0; index < map.values.size(); ++index) {
        set->append(static_cast<qreal>(map.values[index]));
        categories << QString::number(index);
    }
    set->setColor(seriesColor(0));
    set->setBorderColor(Qt::transparent);
    auto* series = new QBarSeries;
    series->setBarWidth(0.8);
    series->append(set);
    chart_->addSeries(series);
    auto* across = new QBarCategoryAxis;
    across->append(categories);
    chart_->addAxis(across, Qt::AlignBottom);
    series->attachAxis(across);
    auto* up = new QValueAxis;
    const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
    up->setRange(std::min(0.0, static_cast<double>(*low)),
                 std::max(static_cast<double>(*high), *high <= 0.0f ? 0.0 : 1e-9));
    up->applyNiceNumbers();
    chart_->addAxis(up, Qt::AlignLeft);
    series->attachAxis(up);
    chart_->legend()->hide();
    setAxisTitles(axisLabel(shown_.type, shown_.layout.columns), unitText(shown_.display));
    connect(series, &QBarSeries::hovered, this, [this](bool inside, int index) {
        if (!inside || !shown_.values) {
            Q_EMIT readOutChanged({});
            return;
        }
        const view_math::Map bars = view_math::cutMap(*shown_.values, shown_.layout, place_);
        Q_EMIT readOutChanged(
            readOut(shown_, view_math::indexOf(*shown_.values, shown_.layout, place_, bars, 0, index)));
    });
}

void CurvesView::showCurves() {
    const tensor::Tensor& values = *shown_.values;
    const view_math::MapLayout& layout = shown_.layout;
    view_math::Map map = view_math::cutMap(values, layout, place_, std::int64_t{1} << 40);
    if (layout.rowsUpward)
        std::reverse(map.values.begin(), map.values.end());
    const std::int64_t curves = std::min<std::int64_t>(map.rows, kMostCurves);
    const tensor::AxisScale scale =
        layout.columns < 0 ? tensor::AxisScale{} : shown_.type.scale(layout.columns);
    double low = 0.0;
    double high = 0.0;
    for (std::int64_t curve = 0; curve < curves; ++curve) {
        const std::span<const float> line{map.values.data() + curve * map.columns,
                                          static_cast<std::size_t>(map.columns)};
        const view_math::Envelope envelope = view_math::decimate(line, std::max(64, width()));
        QList<QPointF> points;
        points.reserve(static_cast<qsizetype>(envelope.values.size()));
        for (std::size_t index = 0; index < envelope.values.size(); ++index) {
            const auto value = static_cast<double>(envelope.values[index]);
            if (!std::isfinite(value))
                continue;
            const double shown = view_math::shownValue(envelope.values[index], shown_.display);
            low = points.isEmpty() && curve == 0 ? shown : std::min(low, shown);
            high = points.isEmpty() && curve == 0 ? shown : std::max(high, shown);
            points.append({view_math::positionOf(envelope.positions[index], scale), shown});
        }
        auto* series = new QLineSeries;
        series->setName(map.rows == 1 ? tr("value") : QString::number(curve));
        QPen pen(seriesColor(static_cast<int>(curve)), 1.4);
        // Colours come round after seven curves: the pattern tells the second round apart.
        if (curve >= static_cast<std::int64_t>(kSeriesColors.size()))
            pen.setStyle(Qt::DashLine);
        series->setPen(pen);
        series->replace(points);
        chart_->addSeries(series);
        connect(series, &QLineSeries::hovered, this, [this, curve, scale](const QPointF& at, bool inside) {
            if (!inside || !shown_.values) {
                Q_EMIT readOutChanged({});
                return;
            }
            view_math::Map whole;
            whole.rows = shown_.layout.rows < 0 ? 1 : shown_.values->size(shown_.layout.rows);
            whole.columns = shown_.layout.columns < 0 ? 1 : shown_.values->size(shown_.layout.columns);
            const auto column = std::clamp<std::int64_t>(std::llround(view_math::indexAt(at.x(), scale)), 0,
                                                         whole.columns - 1);
            Q_EMIT readOutChanged(readOut(
                shown_, view_math::indexOf(*shown_.values, shown_.layout, place_, whole, curve, column)));
        });
    }
    chart_->createDefaultAxes();
    if (const auto axes = chart_->axes(Qt::Vertical); !axes.isEmpty()) {
        auto* up = qobject_cast<QValueAxis*>(axes.first());
        const double margin = high > low ? (high - low) * 0.05 : std::max(std::abs(high) * 0.1, 1e-6);
        up->setRange(low - margin, high + margin);
        up->setTickCount(std::clamp(height() / 40, 2, 7));
        up->setLabelFormat(QStringLiteral("%.3g"));
    }
    if (const auto axes = chart_->axes(Qt::Horizontal); !axes.isEmpty()) {
        auto* across = qobject_cast<QValueAxis*>(axes.first());
        across->setLabelFormat(scale.kind == tensor::AxisScale::Kind::None ? QStringLiteral("%.0f")
                                                                           : QStringLiteral("%.3g"));
        across->setTickCount(std::clamp(width() / 90, 2, 11));
    }
    chart_->legend()->setVisible(map.rows > 1);
    if (map.rows > curves)
        chart_->setTitle(tr("first %1 of %2 channels; Maps shows all").arg(curves).arg(map.rows));
    setAxisTitles(axisLabel(shown_.type, layout.columns), unitText(shown_.display));
}

QImage CurvesView::picture(qreal devicePixelRatio) {
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
    if (std::abs(width() - builtForWidth_) > builtForWidth_ / 4 + 16)
        rebuild();
}

void CurvesView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        styleChart();
}

} // namespace shapewise::ui
