#pragma once
// A picture in its own colours: red, green and blue of one sample, with a read-out of all channels under the pointer.

#include "core/view_math/picture_colours.h"
#include "ui/base/latest_job.h"
#include "ui/viewers/tensor_view.h"

namespace shapewise::ui {

class ColourView : public TensorView {
    Q_OBJECT

  public:
    explicit ColourView(QWidget* parent = nullptr);

    void show(const TensorShown& shown) override;
    [[nodiscard]] bool isBusy() const override { return job_.isRunning(); }
    [[nodiscard]] QImage picture(QSize size, qreal devicePixelRatio) override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

  private:
    struct Painted {
        TensorShown shown;
        int channels = -1;
        std::int64_t step = 1;
        view_math::ValueRange range;
        QImage image;
    };
    static Painted paintedOf(const TensorShown& shown);
    /// Where the picture lies: as large as it fits, with its own proportions.
    [[nodiscard]] QRectF areaIn(const QRectF& bounds) const;
    [[nodiscard]] QString caption() const;
    void paintAll(QPainter& painter, const QRectF& bounds) const;
    /// Empty outside the picture.
    [[nodiscard]] TensorIndex indexAt(const QPointF& at) const;

    Painted painted_;
    LatestJob job_;
    bool isHovered_ = false;
};

}  // namespace shapewise::ui
