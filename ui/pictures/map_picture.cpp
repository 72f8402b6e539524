#include "ui/pictures/map_picture.h"

#include <algorithm>

namespace shapewise::ui {

using view_math::ValueDisplay;
using view_math::ValueStatistics;

const view_math::Colormap& chooseColormap(const MapStyle& style, ValueDisplay display,
                                          const ValueStatistics& statistics) {
    if (!style.colormapId.empty()) return view_math::colormap(style.colormapId);
    if (display != ValueDisplay::Raw) return view_math::colormap("magma");
    return view_math::colormap(statistics.hasBothSigns() ? "blue-red" : "viridis");
}

view_math::ValueRange chooseRange(const MapStyle& style, ValueDisplay display, const view_math::Colormap& map,
                                  const ValueStatistics& statistics) {
    if (display != ValueDisplay::Raw) {
        const double low = statistics.maximum - style.rangeDecibels;
        if (statistics.isConstant()) return {statistics.minimum, statistics.maximum, false};
        return {low, statistics.maximum, statistics.minimum < low};
    }
    return style.policy == RangePolicy::Full ? view_math::fullRange(statistics, map.kind)
                                             : view_math::robustRange(statistics, map.kind);
}

void convertToShown(view_math::Map& map, ValueDisplay display) {
    if (display != ValueDisplay::LnMagnitude) return;
    for (float& value : map.values) value = static_cast<float>(view_math::shownValue(value, display));
}

ValueStatistics shownStatistics(ValueStatistics raw, ValueDisplay display) {
    const auto shown = [&](double value) { return view_math::shownValue(static_cast<float>(value), display); };
    raw.minimum = shown(raw.minimum);
    raw.maximum = shown(raw.maximum);
    raw.mean = shown(raw.mean);
    raw.low = shown(raw.low);
    raw.high = shown(raw.high);
    return raw;
}

QImage mapImage(const view_math::Map& map, const view_math::ValueRange& range, const view_math::Colormap& colors) {
    if (map.rows == 0 || map.columns == 0) return {};
    QImage image(static_cast<int>(map.columns), static_cast<int>(map.rows), QImage::Format_RGB32);
    for (std::int64_t row = 0; row < map.rows; ++row) {
        const std::span<const float> line{map.values.data() + row * map.columns, static_cast<std::size_t>(map.columns)};
        auto* pixels = reinterpret_cast<std::uint32_t*>(image.scanLine(static_cast<int>(row)));
        view_math::paintValues(line, range, colors, {pixels, line.size()});
    }
    return image;
}

QString unitText(ValueDisplay display) {
    return display == ValueDisplay::Raw ? QStringLiteral("raw") : QStringLiteral("dB");
}

}  // namespace shapewise::ui
