#pragma once
// Curves over time, or bars of features: the only file that includes Qt Charts.
// Charts are given at most two points a pixel column (minimum and maximum), always by replace().

#include "ui/base/latest_job.h"
#include "ui/viewers/tensor_view.h"

#include <QList>
#include <QPointF>

#include <vector>

class QAbstractAxis;
class QChart;
class QChartView;

namespace shapewise::ui {

class CurvesView : public TensorView {
    Q_OBJECT

  public:
    explicit CurvesView(QWidget* parent = nullptr);

    void show(const TensorShown& shown) override;
    [[nodiscard]] bool isBusy() const override { return job_.isRunning(); }
    /// As it is laid out, whatever `size`.
    [[nodiscard]] QImage picture(QSize size, qreal devicePixelRatio) override;
    /// How many curves one picture shows at most; further channels are counted in its title.
    static constexpr int kMostCurves = 12;
    /// Up to this many features are drawn as bars.
    static constexpr std::int64_t kMostBars = 64;

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    /// What is drawn, thinned to the width of the view.
    struct Lines {
        TensorShown shown;
        std::int64_t rows = 0;     ///< curves there are; `curves` holds the first of them
        std::int64_t columns = 0;  ///< steps of each
        bool areBars = false;
        std::vector<view_math::Envelope> curves;
    };
    [[nodiscard]] static Lines makeLines(const TensorShown& shown, int width);
    void rebuild();
    void draw();
    void drawBars();
    void drawCurves();
    void addCurve(std::int64_t curve);
    void addStrange(const view_math::Envelope& envelope, const tensor::AxisScale& scale);
    void drawStrange(double height);
    void styleChart();
    void setAxes(QAbstractAxis* across, double low, double high);
    [[nodiscard]] tensor::AxisScale scaleAcross() const;
    [[nodiscard]] TensorIndex indexOf(std::int64_t curve, std::int64_t column) const;

    TensorShown wanted_;  ///< asked for; lines_ follow
    Lines lines_;
    QList<QPointF> strange_;  ///< NaN and infinite values of what is being drawn
    LatestJob job_;
    QChart* chart_;
    QChartView* view_;
    int builtForWidth_ = 0;
};

}  // namespace shapewise::ui
