#include "ui/viewers/feature_map_grid.h"

#include "ui/viewers/plot_painter.h"

#include <QAbstractScrollArea>
#include <QHBoxLayout>
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

FeatureMapGrid::FeatureMapGrid(QWidget* parent)
    : TensorView(parent),
      area_(new QAbstractScrollArea(this)),
      job_([this](const QString& why) { Q_EMIT failed(why); }) {
    auto* column = new QHBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(area_);
    setFocusProxy(area_);
    area_->setFrameShape(QFrame::NoFrame);
    area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area_->setAccessibleName(tr("Feature maps"));
    setAccessibleName(area_->accessibleName());
    viewport()->setMouseTracking(true);
    viewport()->installEventFilter(this);
}

QWidget* FeatureMapGrid::viewport() const { return area_->viewport(); }

QScrollBar* FeatureMapGrid::scrollBar() const { return area_->verticalScrollBar(); }

void FeatureMapGrid::show(const TensorShown& shown) {
    if (!(shown.type.shape == look_.shown.type.shape)) {
        page_ = 0;
        cellScale_ = 0.0;
        images_ = {};
        scrollBar()->setValue(0);
    }
    look_.shown = shown;
    setOnScreen(shown);
    page_ = std::clamp<std::int64_t>(page_, 0, std::max<std::int64_t>(0, pageCount() - 1));
    look_.colors = &chooseColormap(shown.style, shown.display, shown.statistics);
    look_.statistics = shownStatistics(shown.statistics, shown.display);
    look_.range = chooseRange(shown.style, shown.display, *look_.colors, look_.statistics);
    layOut();
    startImages();
    Q_EMIT pagesChanged();
}

std::int64_t FeatureMapGrid::pageCount() const {
    if (look_.shown.isEmpty()) return 0;
    return (view_math::mapCount(*look_.shown.values, look_.shown.layout) + kMapsPerPage - 1) / kMapsPerPage;
}

void FeatureMapGrid::setPage(std::int64_t page) {
    const std::int64_t wanted = std::clamp<std::int64_t>(page, 0, std::max<std::int64_t>(0, pageCount() - 1));
    if (wanted == page_) return;
    page_ = wanted;
    images_ = {};
    layOut();
    startImages();
    Q_EMIT pagesChanged();
}

double FeatureMapGrid::barWidth() const { return fontMetrics().horizontalAdvance(QStringLiteral("−000.00")) + 28.0; }

void FeatureMapGrid::layOut() {
    cells_.clear();
    contentHeight_ = 0.0;
    if (!look_.shown.isEmpty()) layOutCells();
    const int view = viewport()->height();
    scrollBar()->setPageStep(view);
    scrollBar()->setSingleStep(24);
    scrollBar()->setRange(0, std::max(0, static_cast<int>(contentHeight_) - view));
    viewport()->update();
}

void FeatureMapGrid::layOutCells() {
    const std::int64_t first = page_ * kMapsPerPage;
    const std::int64_t count =
        std::min(kMapsPerPage, view_math::mapCount(*look_.shown.values, look_.shown.layout) - first);
    const auto rows = static_cast<double>(look_.shown.size(look_.shown.layout.rows));
    const auto columns = static_cast<double>(look_.shown.size(look_.shown.layout.columns));
    const double width = viewport()->width() - 2 * kMargin - barWidth();
    const double label = fontMetrics().height();
    const double scale = cellScale_ > 0.0 ? cellScale_ : fittingScale(rows, columns, count);
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

/// The largest scale at which all maps of the page fit without scrolling, within reason.
double FeatureMapGrid::fittingScale(double rows, double columns, std::int64_t count) const {
    const double width = viewport()->width() - 2 * kMargin - barWidth();
    const double height = viewport()->height() - 2 * kMargin;
    const double label = fontMetrics().height();
    double scale = std::max(kSmallestMap / std::max(rows, columns), 0.05);
    const double cap = std::max(kLargestFit / std::max(rows, columns), count == 1 ? height / rows : 0.0);
    for (double candidate = scale; candidate <= cap; candidate *= 1.08) {
        const double perRow = std::floor((width + kGutter) / (columns * candidate + kGutter));
        if (perRow < 1.0) break;
        const double lines = std::ceil(static_cast<double>(count) / perRow);
        if (lines * (rows * candidate + label + kGutter) > height) break;
        scale = candidate;
    }
    return scale > 1.0 ? std::floor(scale) : scale;
}

FeatureMapGrid::Page FeatureMapGrid::makePage(const Look& look) {
    Page page;
    page.first = look.firstMap;
    for (std::int64_t map = look.firstMap; map < look.firstMap + look.mapCount; ++map) {
        view_math::Map cut = view_math::cutMap(*look.shown.values, look.shown.layout,
                                               {look.shown.place.sample, map, look.shown.place.slice}, kMostCells);
        page.dead.push_back(
            std::all_of(cut.values.begin(), cut.values.end(), [](float value) { return value == 0.0f; }));
        page.strange.push_back(
            std::any_of(cut.values.begin(), cut.values.end(), [](float value) { return !std::isfinite(value); }));
        view_math::ValueRange range = look.range;
        if (look.shown.style.policy == RangePolicy::PerMap) {
            const auto own = shownStatistics(view_math::statisticsOf(cut.values), look.shown.display);
            range = chooseRange(look.shown.style, look.shown.display, *look.colors, own);
        }
        convertToShown(cut, look.shown.display);
        page.images.push_back(mapImage(cut, range, *look.colors));
    }
    return page;
}

void FeatureMapGrid::startImages() {
    look_.firstMap = page_ * kMapsPerPage;
    look_.mapCount = static_cast<std::int64_t>(cells_.size());
    const std::int64_t numbers =
        look_.shown.size(look_.shown.layout.rows) * look_.shown.size(look_.shown.layout.columns) * look_.mapCount;
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
        if (isMade && images_.strange[index] != 0) {  // a cell of a small picture may be too small to see
            label += tr(" · NaN or ∞");
            painter.setPen(QColor::fromRgb(view_math::kNotANumberColor));
        }
        painter.drawText(QPointF(area.left(), area.top() - 3.0), label);
    }
}

void FeatureMapGrid::paintBar(QPainter& painter, double left, double height) const {
    PlotAreas areas;
    areas.colorBar = QRectF(left, 24.0, 12.0, std::min(220.0, height - 48.0));
    if (look_.shown.style.policy == RangePolicy::PerMap) {
        const view_math::ValueRange unit{0.0, 1.0, false};
        paintColorBar(painter, areas, *look_.colors, unit, {}, tr("own range"), plotColors());
    } else {
        paintColorBar(painter, areas, *look_.colors, look_.range, look_.statistics, unitText(look_.shown.display),
                      plotColors());
    }
}

void FeatureMapGrid::paintPage() {
    QPainter painter(viewport());
    if (cells_.empty()) return;
    painter.setFont(font());
    paintMaps(painter, viewport()->rect(), scrollBar()->value());
    painter.setFont(font());
    paintBar(painter, viewport()->width() - barWidth(), viewport()->height());
}

QImage FeatureMapGrid::picture(QSize, qreal devicePixelRatio) {
    constexpr double kHighest = 16000.0;
    const QSize size(viewport()->width(), std::max(60, static_cast<int>(std::min(contentHeight_, kHighest))));
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(plotColors().background);
    if (cells_.empty()) return image;
    QPainter painter(&image);
    painter.setFont(font());
    paintMaps(painter, QRectF(QPointF(0, 0), QSizeF(size)), 0.0);
    painter.setFont(font());
    paintBar(painter, size.width() - barWidth(), size.height());
    return image;
}

const FeatureMapGrid::Cell* FeatureMapGrid::cellAt(const QPointF& viewportPoint) const {
    const QPointF at = viewportPoint + QPointF(0, scrollBar()->value());
    const auto found =
        std::find_if(cells_.begin(), cells_.end(), [&](const Cell& cell) { return cell.area.contains(at); });
    return found == cells_.end() ? nullptr : &*found;
}

TensorIndex FeatureMapGrid::indexAt(const Cell& cell, const QPointF& viewportPoint) const {
    const QPointF at = viewportPoint + QPointF(0, scrollBar()->value()) - cell.area.topLeft();
    view_math::Map size;
    size.rows = look_.shown.size(look_.shown.layout.rows);
    size.columns = look_.shown.size(look_.shown.layout.columns);
    const auto index = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0, cells - 1);
    };
    return view_math::indexOf(
        *look_.shown.values, look_.shown.layout, {look_.shown.place.sample, cell.map, look_.shown.place.slice}, size,
        index(at.y() / cell.area.height(), size.rows), index(at.x() / cell.area.width(), size.columns));
}

bool FeatureMapGrid::zoom(const QWheelEvent& event) {
    if (!(event.modifiers() & Qt::ControlModifier) || cells_.empty()) return false;
    const auto columns = static_cast<double>(look_.shown.size(look_.shown.layout.columns));
    const double now = cells_.front().area.width() / columns;
    cellScale_ = std::clamp(now * std::pow(1.0015, event.angleDelta().y()), 0.02, 64.0);
    layOut();
    return true;
}

bool FeatureMapGrid::eventFilter(QObject* watched, QEvent* event) {
    if (watched != viewport()) return TensorView::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::Paint: paintPage(); return true;
        case QEvent::Resize: layOut(); break;
        case QEvent::Leave: Q_EMIT cellHovered({}); break;
        case QEvent::Wheel: return zoom(*static_cast<QWheelEvent*>(event));
        case QEvent::MouseMove: {
            const QPointF at = static_cast<QMouseEvent*>(event)->position();
            const Cell* cell = cellAt(at);
            Q_EMIT cellHovered(cell == nullptr ? TensorIndex{} : indexAt(*cell, at));
            return true;
        }
        case QEvent::MouseButtonRelease: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            const Cell* cell = cellAt(mouse->position());
            if (cell != nullptr && mouse->button() == Qt::LeftButton)
                Q_EMIT cellChosen(indexAt(*cell, mouse->position()));
            break;
        }
        default: break;
    }
    return TensorView::eventFilter(watched, event);
}

}  // namespace shapewise::ui
