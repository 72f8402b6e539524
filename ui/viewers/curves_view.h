#pragma once
// Curves over time, or bars of features: the only file that includes Qt Charts.
// Charts are given at most two points a pixel column (minimum and maximum), always by replace().

#include "ui/viewers/heat_map_view.h"

#include <QWidget>

class QChart;
class QChartView;
class QValueAxis;

namespace shapewise::ui {

class CurvesView : public QWidget {
    Q_OBJECT

public:
    explicit CurvesView(QWidget* parent = nullptr);

    void show(const ShownTensor& shown, const view_math::MapPlace& place);
    void clear();
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
    void rebuild();
    void showBars();
    void showCurves();
    void styleChart();
    void setAxisTitles(const QString& horizontal, const QString& vertical);

    ShownTensor shown_;
    view_math::MapPlace place_;
    QChart* chart_;
    QChartView* view_;
    int builtForWidth_ = 0;
};

}  // namespace shapewise::ui
