#pragma once
// What a map looks like: the choices of the viewer, and the picture made from them.

#include "core/view_math/colour_scale.h"
#include "core/view_math/map_layout.h"

#include <QImage>
#include <QString>

#include <string>

namespace shapewise::ui {

enum class RangePolicy { SharedByLayer, PerMap, Full };

/// How values become colours. `display` turns logarithmic magnitudes into decibels first.
struct MapStyle {
    std::string colormapId;  ///< empty: chosen by the data (see chooseColormap)
    RangePolicy policy = RangePolicy::SharedByLayer;
    double rangeDecibels = 80.0;  ///< below the maximum, for decibel displays
};

/// Magma for spectra, blue-red for values of both signs, else viridis.
[[nodiscard]] const view_math::Colormap& chooseColormap(const MapStyle& style, view_math::ValueDisplay display,
                                                        const view_math::ValueStatistics& statistics);

/// The range shown, in units of shownValue(): robust limits, or the top `rangeDecibels` for decibels.
[[nodiscard]] view_math::ValueRange chooseRange(const MapStyle& style, view_math::ValueDisplay display,
                                                const view_math::Colormap& map,
                                                const view_math::ValueStatistics& statistics);

/// Replaces the values of a map by what is shown of them (decibels).
void convertToShown(view_math::Map& map, view_math::ValueDisplay display);
/// Statistics in shown units from those of raw values (both displays are monotone).
[[nodiscard]] view_math::ValueStatistics shownStatistics(view_math::ValueStatistics raw,
                                                         view_math::ValueDisplay display);

/// One pixel a cell, RGB32. A null image for an empty map.
[[nodiscard]] QImage mapImage(const view_math::Map& map, const view_math::ValueRange& range,
                              const view_math::Colormap& colors);

/// "dB", "raw" ...: what stands at the colour bar.
[[nodiscard]] QString unitText(view_math::ValueDisplay display);

}  // namespace shapewise::ui
