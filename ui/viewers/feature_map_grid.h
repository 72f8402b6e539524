#pragma once
// All maps of a layer side by side under one colour bar: one map a channel, pages of 256.

#include "ui/base/latest_job.h"
#include "ui/viewers/tensor_view.h"

#include <vector>

class QAbstractScrollArea;
class QMouseEvent;
class QScrollBar;
class QWheelEvent;

namespace shapewise::ui {

class FeatureMapGrid : public TensorView {
    Q_OBJECT

  public:
    explicit FeatureMapGrid(QWidget* parent = nullptr);

    /// `shown.place.map` is ignored: all maps of that sample and slice are shown. Maps are cut and coloured on another
    /// thread; those of the run before stay until they are.
    void show(const TensorShown& shown) override;
    [[nodiscard]] bool isBusy() const override { return job_.isRunning(); }
    /// As wide as it is laid out, whatever `size`, and as high as all maps of the page.
    [[nodiscard]] QImage picture(QSize size, qreal devicePixelRatio) override;

    static constexpr std::int64_t kMapsPerPage = 256;
    [[nodiscard]] std::int64_t pageCount() const override;
    [[nodiscard]] std::int64_t page() const override { return page_; }
    void setPage(std::int64_t page) override;

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    struct Cell {
        std::int64_t map = 0;
        QRectF area;
    };
    /// Everything the images are made of.
    struct Look {
        TensorShown shown;
        view_math::ValueRange range;
        view_math::ValueStatistics statistics;  ///< in shown units
        const view_math::Colormap* colors = nullptr;
        std::int64_t firstMap = 0;
        std::int64_t mapCount = 0;
    };
    struct Page {
        std::int64_t first = 0;
        std::vector<QImage> images;
        std::vector<char> dead;     ///< maps that are zero everywhere
        std::vector<char> strange;  ///< maps with values that are NaN or infinite
    };
    [[nodiscard]] static Page makePage(const Look& look);
    void layOut();
    void layOutCells();
    [[nodiscard]] double fittingScale(double rows, double columns, std::int64_t count) const;
    void startImages();
    void paintPage();
    void paintBar(QPainter& painter, double left, double height) const;
    /// False: scrolls.
    bool zoom(const QWheelEvent& event);
    void paintMaps(QPainter& painter, const QRectF& visible, double yOffset) const;
    [[nodiscard]] const Cell* cellAt(const QPointF& viewportPoint) const;
    /// Of the value under a point of a cell.
    [[nodiscard]] TensorIndex indexAt(const Cell& cell, const QPointF& viewportPoint) const;
    [[nodiscard]] double barWidth() const;
    [[nodiscard]] QWidget* viewport() const;
    [[nodiscard]] QScrollBar* scrollBar() const;

    QAbstractScrollArea* area_;
    Look look_;
    std::int64_t page_ = 0;
    double cellScale_ = 0.0;  ///< pixels a value; 0: chosen to fit
    std::vector<Cell> cells_;
    double contentHeight_ = 0.0;
    Page images_;
    LatestJob job_;
};

}  // namespace shapewise::ui
