#pragma once
// From values to places in a colour map: statistics, range policies, and the map of a whole picture.

#include "core/view_math/colormap.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace shapewise::view_math {

/// What values are there. Values that are no numbers or infinite are counted and left out of the rest.
struct ValueStatistics {
    std::int64_t count = 0;
    std::int64_t notANumber = 0;
    std::int64_t infinite = 0;
    double minimum = 0.0;
    double maximum = 0.0;
    double mean = 0.0;
    double low = 0.0;   ///< 1st percentile
    double high = 0.0;  ///< 99th percentile
    [[nodiscard]] bool isConstant() const { return minimum == maximum; }
    [[nodiscard]] bool hasBothSigns() const { return minimum < 0.0 && maximum > 0.0; }
};
/// O(n); percentiles from a histogram of 4,096 bins between minimum and maximum.
[[nodiscard]] ValueStatistics statisticsOf(std::span<const float> values);

struct ValueRange {
    double low = 0.0;
    double high = 1.0;
    bool clipped = false;  ///< values lie outside: marks on the colour bar
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};
/// 1st to 99th percentile; symmetric about zero for a diverging map; a constant gives low == high.
[[nodiscard]] ValueRange robustRange(const ValueStatistics& statistics, ColormapKind kind);
/// Minimum to maximum, symmetric about zero for a diverging map.
[[nodiscard]] ValueRange fullRange(const ValueStatistics& statistics, ColormapKind kind);

/// Entry 0..255 of a value; the middle for a range of one value. NaN gives -1.
[[nodiscard]] int colorIndex(float value, const ValueRange& range);

/// Fills pixels (0xFFRRGGBB, row-major like the values) of a picture: one pixel a value. Sizes must agree
/// (asserted).
void paintValues(std::span<const float> values, const ValueRange& range, const Colormap& map,
                 std::span<std::uint32_t> pixels);

/// 20·log10 of a magnitude whose natural logarithm is `logMagnitude` (Keras' STFTSpectrogram in mode "log").
[[nodiscard]] double decibelsFromNaturalLog(double logMagnitude);

/// About `most` round numbers (1, 2, 5 × 10^n) from low to high, for axes and colour bars.
[[nodiscard]] std::vector<double> roundTicks(double low, double high, int most);
/// Short text of a number on a scale of that step: "0.25", "2k", "−23.4".
[[nodiscard]] std::string tickText(double value, double step);
/// A value for a read-out: 4 significant digits, "NaN", "−∞", a true minus sign.
[[nodiscard]] std::string valueText(double value);

}  // namespace shapewise::view_math
