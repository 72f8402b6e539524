#include "core/view_math/map_layout.h"

#include "core/view_math/colour_scale.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::view_math {
namespace {

using tensor::AxisMeaning;
using tensor::Extents;
using tensor::Tensor;

constexpr double kMelFactor = 1127.0;  // mel = 1127 ln(1 + f / 700)
constexpr double kMelCorner = 700.0;

int axisMeaning(const tensor::Shape& shape, std::initializer_list<AxisMeaning> meanings) {
    for (int axis = 1; axis < shape.rank(); ++axis)
        for (const AxisMeaning meaning : meanings)
            if (shape.meaning(axis) == meaning) return axis;
    return -1;
}

std::vector<std::int64_t> strides(const Extents& extents) {
    std::vector<std::int64_t> steps(extents.size(), 1);
    for (std::size_t axis = extents.size(); axis-- > 1;) steps[axis - 1] = steps[axis] * extents[axis];
    return steps;
}

std::int64_t extentOf(const Tensor& values, int axis) { return axis < 0 ? 1 : values.size(axis); }

/// Offset of the first element of a place: sample, map and slice set, all other axes 0.
std::int64_t offsetOf(const Tensor& values, const MapLayout& layout, const MapPlace& place,
                      const std::vector<std::int64_t>& steps) {
    std::int64_t offset = 0;
    const auto add = [&](int axis, std::int64_t index) {
        if (axis < 0 || axis >= values.rank()) return;
        offset += std::clamp<std::int64_t>(index, 0, values.size(axis) - 1) * steps[static_cast<std::size_t>(axis)];
    };
    add(0, place.sample);
    add(layout.maps, place.map);
    add(layout.slices, place.slice);
    return offset;
}

/// The largest; a value that is no number or infinite is seen however many stand beside it.
float mostTelling(float a, float b) {
    if (!std::isfinite(a)) return a;
    return !std::isfinite(b) || b > a ? b : a;
}

}  // namespace

MapLayout chooseLayout(const tensor::Shape& shape) {
    MapLayout layout;
    const int rank = shape.rank();
    if (rank <= 1) return layout;
    if (rank == 2) {
        layout.columns = 1;
        layout.isCurve = true;
        return layout;
    }
    const int channels = axisMeaning(shape, {AxisMeaning::Channels, AxisMeaning::Features});
    const int time = axisMeaning(shape, {AxisMeaning::Time});
    const int frequency = axisMeaning(shape, {AxisMeaning::Frequency});
    if (time > 0 && frequency > 0) {
        layout.columns = time;
        layout.rows = frequency;
        layout.rowsUpward = true;
        for (int axis = 1; axis < rank; ++axis)
            if (axis != time && axis != frequency) (layout.maps < 0 ? layout.maps : layout.slices) = axis;
        return layout;
    }
    if (rank == 3) {
        layout.columns = channels == 1 ? 2 : 1;
        layout.rows = channels == 1 ? 1 : 2;
        layout.isCurve = true;
        return layout;
    }
    layout.maps = channels > 0 ? channels : rank - 1;
    std::vector<int> others;
    for (int axis = 1; axis < rank; ++axis)
        if (axis != layout.maps) others.push_back(axis);
    layout.columns = others.back();
    layout.rows = others[others.size() - 2];
    if (others.size() > 2) layout.slices = others[others.size() - 3];
    return layout;
}

std::int64_t mapCount(const Tensor& values, const MapLayout& layout) { return extentOf(values, layout.maps); }
std::int64_t sliceCount(const Tensor& values, const MapLayout& layout) { return extentOf(values, layout.slices); }

Map cutMap(const Tensor& values, const MapLayout& layout, const MapPlace& place, std::int64_t most) {
    Map map;
    if (values.count() == 0) return map;
    const std::vector<std::int64_t> steps = strides(values.extents());
    const std::int64_t rows = extentOf(values, layout.rows);
    const std::int64_t columns = extentOf(values, layout.columns);
    map.rowStep = (rows + most - 1) / most;
    map.columnStep = (columns + most - 1) / most;
    map.rows = (rows + map.rowStep - 1) / map.rowStep;
    map.columns = (columns + map.columnStep - 1) / map.columnStep;
    map.values.assign(static_cast<std::size_t>(map.rows * map.columns), std::numeric_limits<float>::quiet_NaN());

    const std::int64_t rowStride = layout.rows < 0 ? 0 : steps[static_cast<std::size_t>(layout.rows)];
    const std::int64_t columnStride = layout.columns < 0 ? 0 : steps[static_cast<std::size_t>(layout.columns)];
    const float* start = values.data() + offsetOf(values, layout, place, steps);
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::int64_t group = row / map.rowStep;
        const std::int64_t target = layout.rowsUpward ? map.rows - 1 - group : group;
        float* line = map.values.data() + target * map.columns;
        const float* source = start + row * rowStride;
        if (map.rowStep == 1 && map.columnStep == 1) {
            for (std::int64_t column = 0; column < columns; ++column) line[column] = source[column * columnStride];
        } else {
            for (std::int64_t column = 0; column < columns; ++column) {
                float& cell = line[column / map.columnStep];
                const bool isFirst = row % map.rowStep == 0 && column % map.columnStep == 0;
                cell = isFirst ? source[column * columnStride] : mostTelling(cell, source[column * columnStride]);
            }
        }
    }
    return map;
}

std::vector<std::int64_t> indexOf(const Tensor& values, const MapLayout& layout, const MapPlace& place, const Map& map,
                                  std::int64_t row, std::int64_t column) {
    std::vector<std::int64_t> index(static_cast<std::size_t>(values.rank()), 0);
    const auto put = [&](int axis, std::int64_t number) {
        if (axis < 0 || axis >= values.rank()) return;
        index[static_cast<std::size_t>(axis)] =
            std::clamp<std::int64_t>(number, 0, std::max<std::int64_t>(0, values.size(axis) - 1));
    };
    put(0, place.sample);
    put(layout.maps, place.map);
    put(layout.slices, place.slice);
    put(layout.rows, (layout.rowsUpward ? map.rows - 1 - row : row) * map.rowStep);
    put(layout.columns, column * map.columnStep);
    return index;
}

float valueAt(const Tensor& values, const std::vector<std::int64_t>& index) {
    const std::vector<std::int64_t> steps = strides(values.extents());
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis) offset += index[axis] * steps[axis];
    return values.data()[offset];
}

Envelope decimate(std::span<const float> values, std::int64_t columns) {
    Envelope envelope;
    const auto count = static_cast<std::int64_t>(values.size());
    if (count <= 2 * columns) {
        for (std::int64_t index = 0; index < count; ++index) {
            envelope.positions.push_back(static_cast<double>(index));
            envelope.values.push_back(values[static_cast<std::size_t>(index)]);
        }
        return envelope;
    }
    for (std::int64_t column = 0; column < columns; ++column) {
        const std::int64_t from = count * column / columns;
        const std::int64_t to = std::max(from + 1, count * (column + 1) / columns);
        const auto strange =
            std::find_if(values.begin() + from, values.begin() + to, [](float value) { return !std::isfinite(value); });
        if (strange != values.begin() + to) {  // seen however many stand beside it
            envelope.positions.push_back(static_cast<double>(strange - values.begin()));
            envelope.values.push_back(*strange);
            continue;
        }
        const auto [low, high] = std::minmax_element(values.begin() + from, values.begin() + to);
        const bool lowFirst = low < high;
        for (const auto place : {lowFirst ? low : high, lowFirst ? high : low}) {
            envelope.positions.push_back(static_cast<double>(place - values.begin()));
            envelope.values.push_back(*place);
        }
    }
    return envelope;
}

ValueDisplay valueDisplay(const tensor::TensorType& type) {
    if (!type.scales) return ValueDisplay::Raw;
    if (type.scales->valueKind == "ln magnitude") return ValueDisplay::LnMagnitude;
    if (type.scales->valueKind == "dB") return ValueDisplay::Decibels;
    return ValueDisplay::Raw;
}

double shownValue(float raw, ValueDisplay display) {
    const auto value = static_cast<double>(raw);
    return display == ValueDisplay::LnMagnitude ? decibelsFromNaturalLog(value) : value;
}

double positionOf(double index, const tensor::AxisScale& scale) {
    const double place = scale.origin + index * scale.step;
    switch (scale.kind) {
        case tensor::AxisScale::Kind::None: return index;
        case tensor::AxisScale::Kind::Mel: return kMelCorner * (std::exp(place / kMelFactor) - 1.0) * scale.stretch;
        default: return place;
    }
}

double indexAt(double position, const tensor::AxisScale& scale) {
    switch (scale.kind) {
        case tensor::AxisScale::Kind::None: return position;
        case tensor::AxisScale::Kind::Mel:
            return (kMelFactor * std::log(1.0 + position / scale.stretch / kMelCorner) - scale.origin) / scale.step;
        default: return (position - scale.origin) / scale.step;
    }
}

std::string positionText(double index, const tensor::AxisScale& scale) {
    const double position = positionOf(index, scale);
    switch (scale.kind) {
        case tensor::AxisScale::Kind::Seconds: return fmt::format("{:.4g} s", position);
        case tensor::AxisScale::Kind::Hertz:
        case tensor::AxisScale::Kind::Mel: return fmt::format("{:.0f} Hz", position);
        default: return fmt::format("{:.0f}", index);
    }
}

}  // namespace shapewise::view_math
