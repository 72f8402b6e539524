#pragma once
// Axes, colour bar and hatching round a picture of values. Pure painting: used by the views, by saved PNGs and tests.

#include "core/tensor/shape.h"
#include "core/view_math/colour_scale.h"

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace shapewise::ui {

/// One side of a plot: cells first ... last along an axis with that scale.
struct PlotAxis {
    QString label;  ///< "s", "Hz", "time step", "channel"
    tensor::AxisScale scale;
    double first = 0.0;   ///< index at the start of the axis
    double last = 1.0;    ///< index at its end
    bool upward = false;  ///< vertical axis with the first index at the bottom
};

struct PlotColors {
    QColor text;
    QColor secondaryText;
    QColor line;
    QColor background;
};
/// Of the theme in use.
[[nodiscard]] PlotColors plotColors();

/// Where the parts of a plot lie inside `bounds`: room for tick texts comes from the font.
struct PlotAreas {
    QRectF picture;
    QRectF colorBar;
    QRectF leftAxis;
    QRectF bottomAxis;
};
[[nodiscard]] PlotAreas plotAreas(const QRectF& bounds, const QFont& font, bool withColorBar);

/// The same with a picture of that ratio of sides, as large as fits, in the upper left corner of its room.
[[nodiscard]] PlotAreas keepingAspect(PlotAreas areas, double widthByHeight);

void paintHorizontalAxis(QPainter& painter, const PlotAreas& areas, const PlotAxis& axis, const PlotColors& colors);
void paintVerticalAxis(QPainter& painter, const PlotAreas& areas, const PlotAxis& axis, const PlotColors& colors);
/// With ticks, the unit above, and marks where values lie outside the range.
void paintColorBar(QPainter& painter, const PlotAreas& areas, const view_math::Colormap& map,
                   const view_math::ValueRange& range, const view_math::ValueStatistics& statistics,
                   const QString& unit, const PlotColors& colors);

}  // namespace shapewise::ui
