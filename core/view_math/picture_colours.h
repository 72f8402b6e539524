#pragma once
// Pictures with three channels (or four, the last of them opacity) in their own colours.

#include "core/tensor/tensor.h"
#include "core/view_math/colour_scale.h"

#include <cstdint>
#include <vector>

namespace shapewise::view_math {

/// The axis of red, green and blue: the one that means channels, else the last or the second; of size 3 or 4. -1: the
/// tensor is no picture of rank 4.
[[nodiscard]] int colourAxis(const tensor::Shape& shape, const tensor::Tensor& values);

/// Which values are black and which are white: 0..1, 0..255 or -1..1 where all values lie within, else minimum to
/// maximum.
[[nodiscard]] ValueRange colourRange(const ValueStatistics& statistics);

struct ColourPicture {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t step = 1;                ///< pixels of the tensor along one of the picture
    std::vector<std::uint32_t> pixels{};  ///< 0xFFRRGGBB, row by row
};

/// One sample, every step-th pixel so that no side has more than `most`. A pixel with a value that is no number or
/// infinite, also one that is left out beside it, has the colour of such values. An opacity is laid over grey.
[[nodiscard]] ColourPicture paintColours(const tensor::Tensor& values, int channels, std::int64_t sample,
                                         const ValueRange& range, std::int64_t most);

/// Index into the tensor of a pixel, on the first channel.
[[nodiscard]] std::vector<std::int64_t> colourIndex(int channels, std::int64_t sample, std::int64_t row,
                                                    std::int64_t column);

}  // namespace shapewise::view_math
