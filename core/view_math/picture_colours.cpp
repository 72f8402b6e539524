#include "core/view_math/picture_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace shapewise::view_math {

namespace {

bool isColours(std::int64_t size) { return size == 3 || size == 4; }

}  // namespace

int colourAxis(const tensor::Shape& shape, const tensor::Tensor& values) {
    if (values.rank() != 4) return -1;
    if (shape.rank() == 4)
        for (const int axis : {1, 3})
            if (shape.meaning(axis) == tensor::AxisMeaning::Channels) return isColours(values.size(axis)) ? axis : -1;
    for (const int axis : {3, 1})
        if (isColours(values.size(axis))) return axis;
    return -1;
}

ValueRange colourRange(const ValueStatistics& statistics) {
    constexpr double kSlack = 1e-6;
    const bool isPositive = statistics.minimum >= -kSlack;
    if (isPositive && statistics.maximum <= 1.0 + kSlack) return {0.0, 1.0, false};
    if (isPositive && statistics.maximum <= 255.0 + kSlack) return {0.0, 255.0, false};
    if (statistics.minimum >= -1.0 - kSlack && statistics.maximum <= 1.0 + kSlack) return {-1.0, 1.0, false};
    return {statistics.minimum, statistics.maximum, false};
}

ColourPicture paintColours(const tensor::Tensor& values, int channels, std::int64_t sample, const ValueRange& range,
                           std::int64_t most) {
    ColourPicture picture;
    const bool isFirst = channels == 1;
    const std::int64_t rows = values.size(isFirst ? 2 : 1);
    const std::int64_t columns = values.size(isFirst ? 3 : 2);
    const std::int64_t count = values.size(channels);
    if (values.count() == 0 || rows == 0 || columns == 0) return picture;
    picture.step = std::max<std::int64_t>(1, (std::max(rows, columns) + most - 1) / most);
    picture.rows = (rows + picture.step - 1) / picture.step;
    picture.columns = (columns + picture.step - 1) / picture.step;
    picture.pixels.assign(static_cast<std::size_t>(picture.rows * picture.columns), 0);
    const std::int64_t channelStride = isFirst ? rows * columns : 1;
    const std::int64_t pixelStride = isFirst ? 1 : count;
    const float* start =
        values.data() + std::clamp<std::int64_t>(sample, 0, values.size(0) - 1) * rows * columns * count;
    const double width = range.high > range.low ? range.high - range.low : 1.0;
    const auto light = [&](float value) {
        return std::clamp((static_cast<double>(value) - range.low) / width, 0.0, 1.0);
    };
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column) {
            const float* pixel = start + (row * columns + column) * pixelStride;
            std::uint32_t& out =
                picture.pixels[static_cast<std::size_t>(row / picture.step * picture.columns + column / picture.step)];
            bool isFinite = true;
            for (std::int64_t channel = 0; channel < count; ++channel)
                isFinite = isFinite && std::isfinite(pixel[channel * channelStride]);
            if (!isFinite) {
                out = 0xFF000000U | kNotANumberColor;
                continue;
            }
            if (row % picture.step != 0 || column % picture.step != 0) continue;
            constexpr double kBehind = 0.5;
            const double opacity = count == 4 ? light(pixel[3 * channelStride]) : 1.0;
            std::uint32_t colour = 0xFF;
            for (std::int64_t channel = 0; channel < 3; ++channel) {
                const double shown = light(pixel[channel * channelStride]) * opacity + kBehind * (1.0 - opacity);
                colour = colour << 8U | static_cast<std::uint32_t>(std::lround(shown * 255.0));
            }
            out = colour;
        }
    return picture;
}

std::vector<std::int64_t> colourIndex(int channels, std::int64_t sample, std::int64_t row, std::int64_t column) {
    if (channels == 1) return {sample, 0, row, column};
    return {sample, row, column, 0};
}

}  // namespace shapewise::view_math
