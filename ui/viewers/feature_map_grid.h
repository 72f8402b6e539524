#pragma once
// All maps of a layer side by side under one colour bar: one map a channel, pages of 256.

#include "ui/viewers/heat_map_view.h"

#include <QAbstractScrollArea>

#include <vector>

namespace shapewise::ui {

class FeatureMapGrid : public QAbstractScrollArea {
    Q_OBJECT

  public:
    explicit FeatureMapGrid(QWidget* parent = nullptr);

    /// `place.map` is ignored: all maps of that sample and slice are shown.
    void show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style);
    void clear();
    [[nodiscard]] QImage picture(qreal devicePixelRatio) const;

    static constexpr std::int64_t kMapsPerPage = 256;
    [[nodiscard]] std::int64_t pageCount() const;
    [[nodiscard]] std::int64_t page() const { return page_; }
    void setPage(std::int64_t page);

  Q_SIGNALS:
    void readOutChanged(const QString& text);
    /// A map was clicked: it is wanted large.
    void mapChosen(qlonglong map);
    void pageChanged();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    struct Cell {
        std::int64_t map = 0;
        QRectF area;
    };
    void layOut();
    void forgetImages();
    const QImage& imageOf(std::int64_t map) const;
    void paintMaps(QPainter& painter, const QRectF& visible, double yOffset) const;
    [[nodiscard]] const Cell* cellAt(const QPointF& viewportPoint) const;
    [[nodiscard]] double barWidth() const;

    ShownTensor shown_;
    view_math::MapPlace place_;
    MapStyle style_;
    view_math::ValueRange range_;
    view_math::ValueStatistics shownStatistics_;
    const view_math::Colormap* colors_ = nullptr;
    std::int64_t page_ = 0;
    double cellScale_ = 0.0; ///< pixels a value; 0: chosen to fit
    std::vector<Cell> cells_;
    double contentHeight_ = 0.0;
    mutable std::vector<QImage> images_; ///< of the page, made when first painted
    mutable std::vector<char> dead_;     ///< maps that are zero everywhere
};

} // namespace shapewise::ui
