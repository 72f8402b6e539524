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
    /// Maps are cut and coloured on another thread; those of the run before stay until they are.
    [[nodiscard]] bool isBusy() const { return job_.isRunning(); }

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
    /// Everything the images are made of.
    struct Look {
        ShownTensor shown;
        view_math::MapPlace place;
        MapStyle style;
        view_math::ValueRange range;
        view_math::ValueStatistics statistics;  ///< in shown units
        const view_math::Colormap* colors = nullptr;
        std::int64_t firstMap = 0;
        std::int64_t mapCount = 0;
    };
    struct Page {
        std::int64_t first = 0;
        std::vector<QImage> images;
        std::vector<char> dead;  ///< maps that are zero everywhere
    };
    [[nodiscard]] static Page makePage(const Look& look);
    void layOut();
    void startImages();
    void paintMaps(QPainter& painter, const QRectF& visible, double yOffset) const;
    [[nodiscard]] const Cell* cellAt(const QPointF& viewportPoint) const;
    [[nodiscard]] double barWidth() const;

    Look look_;
    std::int64_t page_ = 0;
    double cellScale_ = 0.0;  ///< pixels a value; 0: chosen to fit
    std::vector<Cell> cells_;
    double contentHeight_ = 0.0;
    Page images_;
    LatestJob job_;
};

}  // namespace shapewise::ui
