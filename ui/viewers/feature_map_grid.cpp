#include "ui/viewers/feature_map_grid.h"

#include "ui/theme/tokens.h"
#include "ui/viewers/plot_painter.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kGutter = 6.0;
constexpr double kMargin = 8.0;
constexpr std::int64_t kMostCells = 512; // along one side of a map in the grid
constexpr double kSmallestMap = 24.0;
constexpr double kLargestFit = 160.0; // maps are not blown up beyond this to fill the view

} // namespace

FeatureMapGrid::FeatureMapGrid(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Feature maps"));
}

void FeatureMapGrid::show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style) {
    const bool sameLayer = shown.type.shape == shown_.type.shape;
    shown_ = shown;
    place_ = place;
    style_ = style;
    if (!sameLayer) {
        page_ = 0;
        cellScale_ = 0.0;
        verticalScrollBar()->setValue(0);
    }
    page_ = std::clamp<std::int64_t>(page_, 0, std::max<std::int64_t>(0, pageCount() - 1));
    colors_ = &chooseColormap(style, shown_.display, shown_.statistics);
    shownStatistics_ = shownStatistics(shown_.statistics, shown_.display);
    range_ = chooseRange(style, shown_.display, *colors_, shownStatistics_);
    forgetImages();
    layOut();
    Q_EMIT pageChanged();
}

void FeatureMapGrid::clear() {
    show(ShownTensor{}, {}, {});
}

std::int64_t FeatureMapGrid::pageCount() const {
    if (!shown_.values || shown_.values->count() == 0)
        return 0;
    return (view_math::mapCount(*shown_.values, shown_.layout) + kMapsPerPage - 1) / kMapsPerPage;
}

void FeatureMapGrid::setPage(std::int64_t page) {
    const std::int64_t wanted = std::clamp<std::int64_t>(page, 0, std::max<std::int64_t>(0, pageCount() - 1));
    if (wanted == page_)
        return;
    page_ = wanted;
    forgetImages();
    layOut();
    Q_EMIT pageChanged();
}

double FeatureMapGrid::barWidth() const {
    return fontMetrics().horizontalAdvance(QStringLiteral("−000.00")) + 28.0;
}

void FeatureMapGrid::forgetImages() {
    images_.clear();
    dead_.clear();
}

void FeatureMapGrid::layOut() {
    cells_.clear();
    contentHeight_ = 0.0;
    if (shown_.values && shown_.values->count() > 0) {
        const std::int64_t maps = view_math::mapCount(*shown_.values, shown_.layout);
        const std::int64_t first = page_ * kMapsPerPage;
        const std::int64_t count = std::min(kMapsPerPage, maps - first);
        const auto rows =
            static_cast<double>(shown_.layout.rows < 0 ? 1 : shown_.values->size(shown_.layout.rows));
        const auto columns =
            static_cast<double>(shown_.layout.columns < 0 ? 1 : shown_.values->size(shown_.layout.columns));
        const double width = viewport()->width() - 2 * kMargin - barWidth();
        const double height = viewport()->height() - 2 * kMargin;
        const double label = fontMetrics().height();

        double scale = cellScale_;
        if (scale <= 0.0) {
            // The largest scale at which all maps of the page fit without scrolling, within reason.
            scale = std::max(kSmallestMap / std::max(rows, columns), 0.05);
            const double cap =
                std::max(kLargestFit / std::max(rows, columns), count == 1 ? height / rows : 0.0);
            for (double candidate = scale; candidate <= cap; candidate *= 1.08) {
                const double perRow = std::floor((width + kGutter) / (columns * candidate + kGutter));
                if (perRow < 1.0)
                    break;
                const double lines = std::ceil(static_cast<double>(count) / perRow);
                if (lines * (rows * candidate + label + kGutter) > height)
                    break;
                scale = candidate;
            }
            if (scale > 1.0)
                scale = std::floor(scale);
        }
        // Very long maps (an hour of frames) are squeezed to the width of the view.
        const double mapWidth = std::min(std::max(columns * scale, 8.0), std::max(width, 40.0));
        const double mapHeight = std::max(rows * scale, 8.0);
        const double perRow = std::max(1.0, std::floor((width + kGutter) / (mapWidth + kGutter)));
        for (std::int64_t index = 0; index < count; ++index) {
            const double line = std::floor(static_cast<double>(index) / perRow);
            const double column = static_cast<double>(index) - line * perRow;
            cells_.push_back({first + index, QRectF(kMargin + column * (mapWidth + kGutter),
                                                    kMargin + line * (mapHeight + label + kGutter) + label,
                                                    mapWidth, mapHeight)});
        }
        contentHeight_ = cells_.back().area.bottom() + kMargin;
    }
    const int view = viewport()->height();
    verticalScrollBar()->setPageStep(view);
    verticalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(contentHeight_) - view));
    viewport()->update();
}

const QImage& FeatureMapGrid::imageOf(std::int64_t map) const {
    const auto index = static_cast<std::size_t>(map - page_ * kMapsPerPage);
    if (images_.size() <= index) {
        images_.resize(cells_.size());
        dead_.assign(cells_.size(), 0);
    }
    QImage& image = images_[index];
    if (!image.isNull())
        return image;
    view_math::Map cut =
        view_math::cutMap(*shown_.values, shown_.layout, {place_.sample, map, place_.slice}, kMostCells);
    dead_[index] =
        std::all_of(cut.values.begin(), cut.values.end(), [](float value) { return value == 0.0f; });
    view_math::ValueRange range = range_;
    if (style_.policy == RangePolicy::PerMap) {
        const auto own = shownStatistics(view_math::statisticsOf(cut.values), shown_.display);
        range = chooseRange(style_, shown_.display, *colors_, own);
    }
    convertToShown(cut, shown_.display);
    image = mapImage(cut, range, *colors_);
    return image;
}

void FeatureMapGrid::paintMaps(QPainter& painter, const QRectF& visible, double yOffset) const {
    const PlotColors colors = plotColors();
    QFont small = painter.font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    painter.setFont(small);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    for (const Cell& cell : cells_) {
        const QRectF area = cell.area.translated(0, -yOffset);
        if (!area.adjusted(0, -20, 0, 0).intersects(visible))
            continue;
        painter.drawImage(area, imageOf(cell.map));
        const bool isDead = dead_[static_cast<std::size_t>(cell.map - page_ * kMapsPerPage)] != 0;
        painter.setPen(colors.secondaryText);
        QString label = QString::number(cell.map);
        if (isDead)
            label += area.width() > 60 ? tr(" · all zero") : QStringLiteral(" ∅");
        painter.drawText(QPointF(area.left(), area.top() - 3.0), label);
    }
}

void FeatureMapGrid::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    if (cells_.empty())
        return;
    painter.setFont(font());
    paintMaps(painter, viewport()->rect(), verticalScrollBar()->value());
    painter.setFont(font());
    PlotAreas areas;
    const double left = viewport()->width() - barWidth();
    const double height = std::min(220.0, viewport()->height() - 48.0);
    areas.colorBar = QRectF(left, 24.0, 12.0, height);
    if (style_.policy == RangePolicy::PerMap) {
        view_math::ValueRange unit{0.0, 1.0, false};
        paintColorBar(painter, areas, *colors_, unit, {}, tr("own range"), plotColors());
    } else {
        paintColorBar(painter, areas, *colors_, range_, shownStatistics_, unitText(shown_.display),
                      plotColors());
    }
}

QImage FeatureMapGrid::picture(qreal devicePixelRatio) const {
    const QSize size(viewport()->width(), std::max(60, static_cast<int>(std::min(contentHeight_, 16000.0))));
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    const PlotColors colors = plotColors();
    image.fill(colors.background);
    if (cells_.empty())
        return image;
    QPainter painter(&image);
    painter.setFont(font());
    paintMaps(painter, QRectF(QPointF(0, 0), QSizeF(size)), 0.0);
    PlotAreas areas;
    areas.colorBar = QRectF(size.width() - barWidth(), 24.0, 12.0, std::min(220.0, size.height() - 48.0));
    painter.setFont(font());
    paintColorBar(painter, areas, *colors_, range_, shownStatistics_, unitText(shown_.display), colors);
    return image;
}

const FeatureMapGrid::Cell* FeatureMapGrid::cellAt(const QPointF& viewportPoint) const {
    const QPointF at = viewportPoint + QPointF(0, verticalScrollBar()->value());
    const auto found =
        std::find_if(cells_.begin(), cells_.end(), [&](const Cell& cell) { return cell.area.contains(at); });
    return found == cells_.end() ? nullptr : &*found;
}

void FeatureMapGrid::mouseMoveEvent(QMouseEvent* event) {
    const Cell* cell = cellAt(event->position());
    if (!cell) {
        Q_EMIT readOutChanged({});
        return;
    }
    const QPointF at = event->position() + QPointF(0, verticalScrollBar()->value());
    view_math::Map size;
    size.rows = shown_.layout.rows < 0 ? 1 : shown_.values->size(shown_.layout.rows);
    size.columns = shown_.layout.columns < 0 ? 1 : shown_.values->size(shown_.layout.columns);
    const auto index = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0,
                                        cells - 1);
    };
    const std::int64_t row = index((at.y() - cell->area.top()) / cell->area.height(), size.rows);
    const std::int64_t column = index((at.x() - cell->area.left()) / cell->area.width(), size.columns);
    Q_EMIT readOutChanged(
        readOut(shown_, view_math::indexOf(*shown_.values, shown_.layout,
                                           {place_.sample, cell->map, place_.slice}, size, row, column)));
}

void FeatureMapGrid::mouseReleaseEvent(QMouseEvent* event) {
    if (const Cell* cell = cellAt(event->position()); cell && event->button() == Qt::LeftButton)
        Q_EMIT mapChosen(cell->map);
}

void FeatureMapGrid::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier) || cells_.empty()) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const auto columns =
        static_cast<double>(shown_.layout.columns < 0 ? 1 : shown_.values->size(shown_.layout.columns));
    const double now = cells_.front().area.width() / columns;
    cellScale_ = std::clamp(now * std::pow(1.0015, event->angleDelta().y()), 0.02, 64.0);
    layOut();
    event->accept();
}

void FeatureMapGrid::resizeEvent(QResizeEvent*) {
    layOut();
}

bool FeatureMapGrid::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave)
        Q_EMIT readOutChanged({});
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace shapewise::ui
