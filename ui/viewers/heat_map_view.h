#pragma once
// One map, large, with true axes, a colour bar and a read-out under the pointer.

#include "core/exec/run.h"
#include "ui/base/latest_job.h"
#include "ui/pictures/map_picture.h"

#include <QWidget>

#include <vector>

namespace shapewise::ui {

struct PlotColors;

/// What is looked at. The tensor stays alive as long as a view shows it.
struct ShownTensor {
    exec::TensorPtr values;
    tensor::TensorType type;
    view_math::MapLayout layout;
    view_math::ValueDisplay display = view_math::ValueDisplay::Raw;
    view_math::ValueStatistics statistics;  ///< of raw values of the whole tensor
};
/// Layout, display and statistics of a tensor. O(elements): call where 16 ms may pass, or keep the result.
[[nodiscard]] ShownTensor shownTensor(exec::TensorPtr values, const tensor::TensorType& type);

/// "[0, 12, 3, 5]   0.42 s · 1875 Hz   −23.4 dB (ln −2.694)" for a cell.
[[nodiscard]] QString readOut(const ShownTensor& shown, const std::vector<std::int64_t>& index);

/// One map as it is painted, with what the axes and the colour bar say.
struct MapPicture {
    ShownTensor shown;
    view_math::MapPlace place;
    view_math::Map map;  ///< in shown units
    view_math::ValueRange range;
    view_math::ValueStatistics statistics;  ///< in shown units
    const view_math::Colormap* colors = nullptr;
    QImage image;
};
/// O(cells of the map); any thread.
[[nodiscard]] MapPicture makeMapPicture(const ShownTensor& shown, const view_math::MapPlace& place,
                                        const MapStyle& style);

class HeatMapView : public QWidget {
    Q_OBJECT

  public:
    explicit HeatMapView(QWidget* parent = nullptr);

    /// Large maps are cut and coloured on another thread; what is on screen stays until they are.
    void show(const ShownTensor& shown, const view_math::MapPlace& place, const MapStyle& style);
    void clear();
    [[nodiscard]] bool isBusy() const { return job_.isRunning(); }
    /// Painted at that size, in device-independent pixels.
    [[nodiscard]] QImage picture(QSize size, qreal devicePixelRatio) const;
    [[nodiscard]] QSize sizeHint() const override { return {360, 240}; }

  Q_SIGNALS:
    void readOutChanged(const QString& text);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

  private:
    void take(MapPicture picture);
    void paintPlot(QPainter& painter, const QRectF& bounds, bool withCursor) const;
    [[nodiscard]] QRectF pictureRect(const QRectF& bounds) const;

    MapPicture picture_;
    LatestJob job_;
    std::int64_t hoverRow_ = -1;
    std::int64_t hoverColumn_ = -1;
};

/// Colours of axes from the theme in use.
[[nodiscard]] PlotColors plotColors();
/// Name of an axis in a plot: "s", "Hz", "time", "channels", "axis 2".
[[nodiscard]] QString axisLabel(const tensor::TensorType& type, int axis);

}  // namespace shapewise::ui
