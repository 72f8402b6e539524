#pragma once
// TensorView: a widget that shows a tensor: as a heat map, maps side by side, curves. One file a view; a row of
// tensorViews() makes it known to everything that shows tensors.

#include "core/exec/run.h"
#include "core/view_math/map_layout.h"
#include "ui/pictures/map_picture.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace shapewise::ui {

/// What is looked at, and how. The tensor stays alive as long as a view shows it.
struct TensorShown {
    exec::TensorPtr values;  ///< null: nothing
    tensor::TensorType type;
    view_math::MapLayout layout;
    view_math::ValueDisplay display = view_math::ValueDisplay::Raw;
    view_math::ValueStatistics statistics;  ///< of raw values, for the range of colours
    view_math::MapPlace place;              ///< which sample, and which map or slice where one is shown
    MapStyle style;
    bool isPicture = false;  ///< as exec::NodeRun says: its channels are colours

    [[nodiscard]] bool isEmpty() const { return values == nullptr || values->count() == 0; }
    /// How many values lie along an axis of the tensor; 1 without one.
    [[nodiscard]] std::int64_t size(int axis) const { return axis < 0 || values == nullptr ? 1 : values->size(axis); }
};

/// Layout and display as the axes mean it; no statistics yet. O(1).
[[nodiscard]] TensorShown tensorShown(exec::TensorPtr values, const tensor::TensorType& type);

enum class Measured { EverySample, OneSample };
/// How many numbers measured() reads.
[[nodiscard]] std::int64_t measuredCount(const TensorShown& shown, Measured which);
/// With the statistics of those samples; of one, that of `shown.place`. Any thread.
[[nodiscard]] TensorShown measured(TensorShown shown, Measured which);

/// One number per axis of a tensor.
using TensorIndex = std::vector<std::int64_t>;

/// "[0, 12, 3, 5]   0.42 s · 1875 Hz   −23.4 dB (ln −2.694)" for a cell; empty for no index.
[[nodiscard]] QString readOut(const TensorShown& shown, const TensorIndex& index);

/// Name of an axis in a plot: "s", "Hz", "time", "channels", "axis 2".
[[nodiscard]] QString axisLabel(const tensor::TensorType& type, int axis);

class TensorView : public QWidget {
    Q_OBJECT

  public:
    using QWidget::QWidget;

    /// Large tensors are worked out on another thread; what is on screen stays until then.
    virtual void show(const TensorShown& shown) = 0;
    void clear() { show(TensorShown{}); }
    /// True while what is on screen is of an earlier show().
    [[nodiscard]] virtual bool isBusy() const = 0;
    /// With its axes, about that size in device-independent pixels; where there is more to see than fits, all of it.
    [[nodiscard]] virtual QImage picture(QSize size, qreal devicePixelRatio) = 0;
    [[nodiscard]] QSize sizeHint() const override { return {360, 240}; }  // the same, whichever is shown
    /// What the cells on screen, and the indices of the signals, belong to.
    [[nodiscard]] const TensorShown& onScreen() const { return onScreen_; }

    /// Of a view that shows only a part at a time.
    [[nodiscard]] virtual std::int64_t pageCount() const { return 1; }
    [[nodiscard]] virtual std::int64_t page() const { return 0; }
    virtual void setPage(std::int64_t) {}

  Q_SIGNALS:
    /// The value under the pointer; empty when it has left the values.
    void cellHovered(const shapewise::ui::TensorIndex& index);
    void cellChosen(const shapewise::ui::TensorIndex& index);
    void pagesChanged();
    /// What was asked for cannot be shown.
    void failed(const QString& why);

  protected:
    void setOnScreen(const TensorShown& shown) { onScreen_ = shown; }

  private:
    TensorShown onScreen_;
};

}  // namespace shapewise::ui
