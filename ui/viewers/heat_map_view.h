#pragma once
// One map, large, with true axes, a colour bar and a read-out under the pointer.

#include "ui/base/latest_job.h"
#include "ui/viewers/plot_painter.h"
#include "ui/viewers/tensor_view.h"

namespace shapewise::ui {

/// One map as it is painted, with what the axes and the colour bar say.
struct MapPicture {
    TensorShown shown;
    view_math::Map map;  ///< in shown units
    view_math::ValueRange range;
    view_math::ValueStatistics statistics;  ///< in shown units
    const view_math::Colormap* colors = nullptr;
    QImage image;
};
/// O(cells of the map); any thread.
[[nodiscard]] MapPicture makeMapPicture(const TensorShown& shown);

class HeatMapView : public TensorView {
    Q_OBJECT

  public:
    explicit HeatMapView(QWidget* parent = nullptr);

    void show(const TensorShown& shown) override;
    [[nodiscard]] bool isBusy() const override { return job_.isRunning(); }
    [[nodiscard]] QImage picture(QSize size, qreal devicePixelRatio) override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

  private:
    struct Cell {
        std::int64_t row = -1;
        std::int64_t column = -1;
        [[nodiscard]] bool isValid() const { return row >= 0; }
    };
    void take(MapPicture picture);
    /// A picture keeps its ratio of sides; time and frequency fill the room.
    [[nodiscard]] PlotAreas areasIn(const QRectF& bounds, const QFont& font) const;
    void paintPlot(QPainter& painter, const QRectF& bounds, bool withCursor) const;
    void paintCursor(QPainter& painter, const QRectF& area) const;
    [[nodiscard]] Cell cellAt(const QPointF& at) const;
    [[nodiscard]] TensorIndex indexOf(const Cell& cell) const;

    MapPicture picture_;
    LatestJob job_;
    Cell hovered_;
};

}  // namespace shapewise::ui
