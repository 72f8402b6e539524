#include "ui/viewers/feature_map_grid.h"

#include "ui/theme/tokens.h"
#include "ui/viewers/plot_painter.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kGutter = 6.0;
constexpr double kMargin = 8.0;
constexpr std::int64_t kMostCells = 512;  // along one side of a map in the grid
constexpr double kSmallestMap = 24.0;
constexpr double kLargestFit = 160.0;  // maps are not blown up beyond this to fill the view

}  // namespace

FeatureMapGrid::FeatureMapGrid(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Feature maps"));
}

void FeatureMapGrid::show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style) {
    if (!(shown.type.shape == look_.shown.type.shape)) {
        page_ = 0;
        cellScale_ = 0.0;
        images_ = {};
        verticalScrollBar()->setValue(0);
    }
    look_.shown = shown;
    look_.place = place;
    look_.style = style;
    page_ = std::clamp<std::int64_t>(page_, 0, std::max<std::int64_t>(0, pageCount() - 1));
    look_.colors = &chooseColormap(style, shown.display, shown.statistics);
    look_.statistics = shownStatistics(shown.statistics, shown.display);
    look_.range = chooseRange(style, shown.display, *look_.colors, look_.statistics);
    layOut();
    startImages();
    Q_EMIT pageChanged();
}

void FeatureMapGrid::clear() { show(ShownTensor{}, {}, {}); }

std::int64_t FeatureMapGrid::pageCount() const {
    if (!look_.shown.values || look_.shown.values->count() == 0) return 0;
    return (view_math::mapCount(*look_.shown.values, look_.shown.layout) + kMapsPerPage - 1) / kMapsPerPage;
}

void FeatureMapGrid::setPage(std::int64_t page) {
    const std::int64_t wanted = std::clamp<std::int64_t>(page, 0, std::max<std::int64_t>(0, pageCount() - 1));
    if (wanted == page_) return;
    page_ = wanted;
    images_ = {};
    layOut();
    startImages();
    Q_EMIT pageChanged();
}

double FeatureMapGrid::barWidth() const { return fontMetrics().horizontalAdvance(QStringLiteral("−000.00")) + 28.0; }

void FeatureMapGrid::layOut() {
    cells_.clear();
    contentHeight_ = 0.0;
    if (look_.shown.values && look_.shown.values->count() > 0) {
        const std::int64_t maps = view_math::mapCount(*look_.shown.values, look_.shown.layout);
        const std::int64_t first = page_ * kMapsPerPage;
        const std::int64_t count = std::min(kMapsPerPage, maps - first);
        const auto rows =
            static_cast<double>(look_.shown.layout.rows < 0 ? 1 : look_.shown.values->size(look_.shown.layout.rows));
        const auto columns = static_cast<double>(
            look_.shown.layout.columns < 0 ? 1 : look_.shown.values->size(look_.shown.layout.columns));
        const double width = viewport()->width() - 2 * kMargin - barWidth();
        const double height = viewport()->height() - 2 * kMargin;
        const double label = fontMetrics().height();

        double scale = cellScale_;
        if (scale <= 0.0) {
            // The largest scale at which all maps of the page fit without scrolling, within reason.
            scale = std::max(kSmallestMap / std::max(rows, columns), 0.05);
            const double cap = std::max(kLargestFit / std::max(rows, columns), count == 1 ? height / rows : 0.0);
            for (double candidate = scale; candidate <= cap; candidate *= 1.08) {
                const double perRow = std::floor((width + kGutter) / (columns * candidate + kGutter));
                if (perRow < 1.0) break;
                const double lines = std::ceil(static_cast<double>(count) / perRow);
                if (lines * (rows * candidate + label + kGutter) > height) break;
                scale = candidate;
            }
            if (scale > 1.0) scale = std::floor(scale);
        }
        // Very long maps (an hour of frames) are squeezed to the width of the view.
        const double mapWidth = std::min(std::max(columns * scale, 8.0), std::max(width, 40.0));
        const double mapHeight = std::max(rows * scale, 8.0);
        const double perRow = std::max(1.0, std::floor((width + kGutter) / (mapWidth + kGutter)));
        for (std::int64_t index = 0; index < count; ++index) {
            const double line = std::floor(static_cast<double>(index) / perRow);
            const double column = static_cast<double>(index) - line * perRow;
            cells_.push_back(
                {first + index, QRectF(kMargin + column * (mapWidth + kGutter),
                                       kMargin + line * (mapHeight + label + kGutter) + label, mapWidth, mapHeight)});
        }
        contentHeight_ = cells_.back().area.bottom() + kMargin;
    }
    const int view = viewport()->height();
    verticalScrollBar()->setPageStep(view);
    verticalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(contentHeight_) - view));
    viewport()->update();
}

FeatureMapGrid::Page FeatureMapGrid::makePage(const Look& look) {
    Page page;
    page.first = look.firstMap;
    for (std::int64_t map = look.firstMap; map < look.firstMap + look.mapCount; ++map) {
        view_math::Map cut = view_math::cutMap(*look.shown.values, look.shown.layout,
                                               {look.place.sample, map, look.place.slice}, kMostCells);
        page.dead.push_back(
            std::all_of(cut.values.begin(), cut.values.end(), [](float value) { return value == 0.0f; }));
        view_math::ValueRange range = look.range;
        if (look.style.policy == RangePolicy::PerMap) {
            const auto own = shownStatistics(view_math::statisticsOf(cut.values), look.shown.display);
            range = chooseRange(look.style, look.shown.display, *look.colors, own);
        }
        convertToShown(cut, look.shown.display);
        page.images.push_back(mapImage(cut, range, *look.colors));
    }
    return page;
}

void FeatureMapGrid::startImages() {
    look_.firstMap = page_ * kMapsPerPage;
    look_.mapCount = static_cast<std::int64_t>(cells_.size());
    const auto size = [this](int axis) { return axis < 0 || !look_.shown.values ? 1 : look_.shown.values->size(axis); };
    const std::int64_t numbers = size(look_.shown.layout.rows) * size(look_.shown.layout.columns) * look_.mapCount;
    job_.start(
        numbers, [look = look_] { return makePage(look); },
        [this](Page page) {
            images_ = std::move(page);
            viewport()->update();
        });
}

void FeatureMapGrid::paintMaps(QPainter& painter, const QRectF& visible, double yOffset) const {
    const PlotColors colors = plotColors();
    QFont small = painter.font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    painter.setFont(small);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    for (const Cell& cell : cells_) {
        const QRectF area = cell.area.translated(0, -yOffset);
        if (!area.adjusted(0, -20, 0, 0).intersects(visible)) continue;
        const auto index = static_cast<std::size_t>(cell.map - page_ * kMapsPerPage);
        const bool isMade = images_.first == page_ * kMapsPerPage && index < images_.images.size();
        if (isMade)
            painter.drawImage(area, images_.images[index]);
        else
            painter.fillRect(area, colors.line);
        const bool isDead = isMade && images_.dead[index] != 0;
        painter.setPen(colors.secondaryText);
        QString label = QString::number(cell.map);
        if (isDead) label += area.width() > 60 ? tr(" · all zero") : QStringLiteral(" ∅");
        painter.drawText(QPointF(area.left(), area.top() - 3.0), label);
    }
}

void FeatureMapGrid::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    if (cells_.empty()) return;
    painter.setFont(font());
    paintMaps(painter, viewport()->rect(), verticalScrollBar()->value());
    painter.setFont(font());
    PlotAreas areas;
    const double left = viewport()->width() - barWidth();
    const double height = std::min(220.0, viewport()->height() - 48.0);
    areas.colorBar = QRectF(left, 24.0, 12.0, height);
    if (look_.style.policy == RangePolicy::PerMap) {
        view_math::ValueRange unit{0.0, 1.0, false};
        paintColorBar(painter, areas, *look_.colors, unit, {}, tr("own range"), plotColors());
    } else {
        paintColorBar(painter, areas, *look_.colors, look_.range, look_.statistics, unitText(look_.shown.display),
                      plotColors());
    }
}

QImage FeatureMapGrid::picture(qreal devicePixelRatio) const {
    const QSize size(viewport()->width(), std::max(60, static_cast<int>(std::min(contentHeight_, 16000.0))));
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    const PlotColors colors = plotColors();
    image.fill(colors.background);
    if (cells_.empty()) return image;
    QPainter painter(&image);
    painter.setFont(font());
    paintMaps(painter, QRectF(QPointF(0, 0), QSizeF(size)), 0.0);
    PlotAreas areas;
    areas.colorBar = QRectF(size.width() - barWidth(), 24.0, 12.0, std::min(220.0, size.height() - 48.0));
    painter.setFont(font());
    paintColorBar(painter, areas, *look_.colors, look_.range, look_.statistics, unitText(look_.shown.display), colors);
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
    size.rows = look_.shown.layout.rows < 0 ? 1 : look_.shown.values->size(look_.shown.layout.rows);
    size.columns = look_.shown.layout.columns < 0 ? 1 : look_.shown.values->size(look_.shown.layout.columns);
    const auto index = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0, cells - 1);
    };
    const std::int64_t row = index((at.y() - cell->area.top()) / cell->area.height(), size.rows);
    const std::int64_t column = index((at.x() - cell->area.left()) / cell->area.width(), size.columns);
    Q_EMIT readOutChanged(readOut(
        look_.shown, view_math::indexOf(*look_.shown.values, look_.shown.layout,
                                        {look_.place.sample, cell->map, look_.place.slice}, size, row, column)));
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
        static_cast<double>(look_.shown.layout.columns < 0 ? 1 : look_.shown.values->size(look_.shown.layout.columns));
    const double now = cells_.front().area.width() / columns;
    cellScale_ = std::clamp(now * std::pow(1.0015, event->angleDelta().y()), 0.02, 64.0);
    layOut();
    event->accept();
}

void FeatureMapGrid::resizeEvent(QResizeEvent*) { layOut(); }

bool FeatureMapGrid::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) Q_EMIT readOutChanged({});
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace shapewise::ui
