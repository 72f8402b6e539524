#pragma once
// Curves over time, or bars of features: the only file that includes Qt Charts.
// Charts are given at most two points a pixel column (minimum and maximum), always by replace().

#include "ui/viewers/heat_map_view.h"

#include <QWidget>

#include <vector>

class QAbstractAxis;
class QChart;
class QChartView;

namespace shapewise::ui {

class CurvesView : public QWidget {
    Q_OBJECT

  public:
    explicit CurvesView(QWidget* parent = nullptr);

    /// Long signals are thinned on another thread; what is on screen stays until they are.
    void show(const ShownTensor& shown, const view_math::MapPlace& place);
    void clear();
    [[nodiscard]] bool isBusy() const { return job_.isRunning(); }
    [[nodiscard]] QImage picture(qreal devicePixelRatio);
    /// How many curves one picture shows at most; further channels are counted in its title.
    static constexpr int kMostCurves = 12;
    /// Up to this many features are drawn as bars.
    static constexpr std::int64_t kMostBars = 64;

  Q_SIGNALS:
    void readOutChanged(const QString& text);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    /// What is drawn, thinned to the width of the view.
    struct Lines {
        ShownTensor shown;
        view_math::MapPlace place;
        std::int64_t rows = 0;     ///< curves there are; `curves` holds the first of them
        std::int64_t columns = 0;  ///< steps of each
        bool areBars = false;
        std::vector<view_math::Envelope> curves;
    };
    [[nodiscard]] static Lines makeLines(const ShownTensor& shown, const view_math::MapPlace& place, int width);
    void rebuild();
    void draw();
    void drawBars();
    void drawCurves();
    void addCurve(std::int64_t curve);
    void styleChart();
    void setAxes(QAbstractAxis* across, double low, double high);
    void tell(std::int64_t curve, std::int64_t column);

    ShownTensor wanted_;  ///< asked for; lines_ follow
    view_math::MapPlace wantedPlace_;
    Lines lines_;
    LatestJob job_;
    QChart* chart_;
    QChartView* view_;
    int builtForWidth_ = 0;
};

}  // namespace shapewise::ui
