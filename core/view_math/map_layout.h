#pragma once
// How a tensor of any rank is laid out as pictures: which axis runs along the rows and columns of a map,
// which one counts the maps. Decided by what the axes mean, so that channels_first and channels_last look the
// same and time always runs to the right, frequency upwards.

#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::view_math {

/// Axes of the tensor by role; -1: none. The batch axis is 0.
struct MapLayout {
    int rows = -1;            ///< up or down in a map
    int columns = -1;         ///< to the right
    int maps = -1;            ///< one map each: channels
    int slices = -1;          ///< a further axis that a slider walks through: depth, or time of a video
    bool rowsUpward = false;  ///< first row at the bottom: frequency
    bool isCurve = false;     ///< one value per step: better drawn as curves over `columns`, one a map

    friend bool operator==(const MapLayout&, const MapLayout&) = default;
};

/// [batch, features]: one curve. [batch, time, channels]: curves, or a map with time to the right and
/// channels down. [batch, height, width, channels]: a map a channel. [batch, time, frequency, channels]: time
/// to the right, frequency up. [batch, depth, height, width, channels]: the same with slices. Axes of unknown
/// meaning are taken in the usual order.
[[nodiscard]] MapLayout chooseLayout(const tensor::Shape& shape);

/// One map cut out of a tensor, row-major, first row at the top of the picture (already turned for
/// rowsUpward).
struct Map {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t rowStep = 1;  ///< tensor indices a row stands for; > 1 when the map was too large for a picture
    std::int64_t columnStep = 1;
    std::vector<float> values;
};

struct MapPlace {
    std::int64_t sample = 0;  ///< index along the batch
    std::int64_t map = 0;     ///< index along layout.maps
    std::int64_t slice = 0;
};

/// Maps larger than `most` cells along an axis are reduced by the largest value of each group, so that no
/// peak is lost. Indices outside the tensor are clamped. An empty tensor gives an empty map.
[[nodiscard]] Map cutMap(const tensor::Tensor& values, const MapLayout& layout, const MapPlace& place,
                         std::int64_t most = 4096);

/// How many maps, slices and samples there are. At least 1 each unless the tensor is empty.
[[nodiscard]] std::int64_t mapCount(const tensor::Tensor& values, const MapLayout& layout);
[[nodiscard]] std::int64_t sliceCount(const tensor::Tensor& values, const MapLayout& layout);

/// The index into the tensor of a cell of a cut map, one number per axis.
[[nodiscard]] std::vector<std::int64_t> indexOf(const tensor::Tensor& values, const MapLayout& layout,
                                                const MapPlace& place, const Map& map, std::int64_t row,
                                                std::int64_t column);
/// The value there. Precondition: a full index inside the tensor.
[[nodiscard]] float valueAt(const tensor::Tensor& values, const std::vector<std::int64_t>& index);

/// Largest and smallest of a row of values per column of a picture, for curves of many points.
struct Envelope {
    std::vector<double> positions;  ///< index along the curve
    std::vector<float> values;      ///< alternating minimum and maximum where several values share a column
};
[[nodiscard]] Envelope decimate(std::span<const float> values, std::int64_t columns);

/// What the numbers of a tensor are and how they are shown.
enum class ValueDisplay : std::uint8_t {
    Raw,
    LnMagnitude,  ///< natural logarithm of a magnitude, shown in dB: 20·log10(e^v)
    Decibels
};
[[nodiscard]] ValueDisplay valueDisplay(const tensor::TensorType& type);
/// The number as it is shown: dB for logarithmic magnitudes, else the value itself.
[[nodiscard]] double shownValue(float raw, ValueDisplay display);

/// Position of an index on its axis in seconds or hertz; the index itself without a scale.
[[nodiscard]] double positionOf(double index, const tensor::AxisScale& scale);
/// The index (fractional) at a position: the inverse.
[[nodiscard]] double indexAt(double position, const tensor::AxisScale& scale);
/// "1 875 Hz", "0.42 s", "index 3".
[[nodiscard]] std::string positionText(double index, const tensor::AxisScale& scale);

}  // namespace shapewise::view_math
