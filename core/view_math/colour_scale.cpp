#include "core/view_math/colour_scale.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace shapewise::view_math {
namespace {

constexpr std::size_t kHistogramBins = 4096;

std::string withTrueMinus(std::string text) {
    if (!text.empty() && text.front() == '-') text.replace(0, 1, "−");
    return text;
}

double percentile(const std::array<std::int64_t, kHistogramBins>& histogram, std::int64_t count, double part,
                  double minimum, double width) {
    const auto wanted = static_cast<std::int64_t>(part * static_cast<double>(count - 1));
    std::int64_t seen = 0;
    for (std::size_t bin = 0; bin < kHistogramBins; ++bin) {
        seen += histogram[bin];
        if (seen > wanted)
            return minimum + width * (part < 0.5 ? static_cast<double>(bin) : static_cast<double>(bin + 1));
    }
    return minimum + width * static_cast<double>(kHistogramBins);
}

ValueRange rangeBetween(double low, double high, const ValueStatistics& statistics, ColormapKind kind) {
    if (kind == ColormapKind::Diverging) {
        const double reach = std::max(std::abs(low), std::abs(high));
        low = -reach;
        high = reach;
    }
    return {low, high, statistics.minimum < low || statistics.maximum > high};
}

}  // namespace

ValueStatistics statisticsOf(std::span<const float> values) {
    ValueStatistics result;
    double minimum = std::numeric_limits<double>::infinity();
    double maximum = -minimum;
    double sum = 0.0;
    std::int64_t finite = 0;
    for (const float value : values) {
        if (std::isnan(value)) {
            ++result.notANumber;
        } else if (std::isinf(value)) {
            ++result.infinite;
        } else {
            const auto number = static_cast<double>(value);
            minimum = std::min(minimum, number);
            maximum = std::max(maximum, number);
            sum += number;
            ++finite;
        }
    }
    result.count = static_cast<std::int64_t>(values.size());
    if (finite == 0) return result;
    result.minimum = minimum;
    result.maximum = maximum;
    result.mean = sum / static_cast<double>(finite);
    result.low = minimum;
    result.high = maximum;
    if (minimum == maximum) return result;

    std::array<std::int64_t, kHistogramBins> histogram{};
    const double width = (maximum - minimum) / static_cast<double>(kHistogramBins);
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        const double place = (static_cast<double>(value) - minimum) / width;
        ++histogram[std::min(kHistogramBins - 1, static_cast<std::size_t>(place))];
    }
    result.low = percentile(histogram, finite, 0.01, minimum, width);
    result.high = percentile(histogram, finite, 0.99, minimum, width);
    return result;
}

ValueRange robustRange(const ValueStatistics& statistics, ColormapKind kind) {
    // Mostly constant data (a ReLU that is almost everywhere zero) would be clipped to nothing.
    if (statistics.high - statistics.low < 0.02 * (statistics.maximum - statistics.minimum))
        return fullRange(statistics, kind);
    return rangeBetween(statistics.low, statistics.high, statistics, kind);
}

ValueRange fullRange(const ValueStatistics& statistics, ColormapKind kind) {
    return rangeBetween(statistics.minimum, statistics.maximum, statistics, kind);
}

int colorIndex(float value, const ValueRange& range) {
    if (std::isnan(value)) return -1;
    if (range.high <= range.low) return 128;
    const double place = (static_cast<double>(value) - range.low) / (range.high - range.low);
    return static_cast<int>(std::clamp(place * 256.0, 0.0, 255.0));
}

void paintValues(std::span<const float> values, const ValueRange& range, const Colormap& map,
                 std::span<std::uint32_t> pixels) {
    assert(values.size() == pixels.size());
    if (range.high <= range.low) {
        for (std::size_t index = 0; index < values.size(); ++index)
            pixels[index] = 0xFF000000u | (std::isfinite(values[index]) ? map.colors[128] : kNotANumberColor);
        return;
    }
    const auto low = static_cast<float>(range.low);
    const auto factor = static_cast<float>(256.0 / (range.high - range.low));
    for (std::size_t index = 0; index < values.size(); ++index) {
        const float value = values[index];
        const float place = (value - low) * factor;
        if (!std::isfinite(value) || std::isnan(place)) {
            pixels[index] = 0xFF000000u | kNotANumberColor;
        } else {
            pixels[index] = 0xFF000000u | map.colors[static_cast<std::size_t>(std::clamp(place, 0.0f, 255.0f))];
        }
    }
}

double decibelsFromNaturalLog(double logMagnitude) { return logMagnitude * 20.0 / std::log(10.0); }

std::vector<double> roundTicks(double low, double high, int most) {
    if (!(high > low) || most < 1 || !std::isfinite(high - low)) return {low};
    const double raw = (high - low) / most;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = power * 10.0;
    for (const double candidate : {1.0, 2.0, 5.0})
        if (candidate * power >= raw) {
            step = candidate * power;
            break;
        }
    std::vector<double> ticks;
    for (auto index = static_cast<std::int64_t>(std::ceil(low / step - 1e-9));
         static_cast<double>(index) * step <= high + step * 1e-9; ++index)
        ticks.push_back(static_cast<double>(index) * step);
    return ticks;
}

std::string tickText(double value, double step) {
    if (std::abs(value) < step * 1e-9) value = 0.0;
    if (step >= 1000.0 || (std::abs(value) >= 1000.0 && std::fmod(std::abs(step), 100.0) < 1e-9))
        return withTrueMinus(fmt::format("{:.4g}k", value / 1000.0));
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
    return withTrueMinus(fmt::format("{:.{}f}", value, decimals));
}

std::string valueText(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
    return withTrueMinus(fmt::format("{:.4g}", value));
}

}  // namespace shapewise::view_math
