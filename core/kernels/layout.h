#pragma once
// Sizes shared by the kernels: images of one to three spatial axes, and a tensor seen around one axis.

#include "core/tensor/tensor.h"

#include <array>
#include <cstdint>

namespace shapewise::kernels {

using tensor::Extents;
using tensor::Tensor;
using tensor::TensorView;

/// One number a spatial axis. Fewer than three axes stand at the end, with 1 (sizes, strides) or 0 (padding) before:
/// a 1-D convolution of kernel 5 has {1, 1, 5}.
using Sizes3 = std::array<std::int64_t, 3>;

[[nodiscard]] constexpr std::int64_t product(const Sizes3& sizes) { return sizes[0] * sizes[1] * sizes[2]; }

/// Sizes for one to three axes, filled with `fill` in front. Precondition: 1 <= axes.size() <= 3.
template <class Range>
[[nodiscard]] Sizes3 sizes3(const Range& axes, std::int64_t fill = 1) {
    Sizes3 result{fill, fill, fill};
    std::size_t place = 3 - static_cast<std::size_t>(axes.size());
    for (const auto size : axes) result[place++] = static_cast<std::int64_t>(size);
    return result;
}

/// [batch, spatial..., channels], channels last.
struct ImageSize {
    std::int64_t batch = 1;
    Sizes3 spatial{1, 1, 1};
    std::int64_t channels = 1;

    [[nodiscard]] std::int64_t positions() const { return product(spatial); }
    [[nodiscard]] std::int64_t count() const { return batch * positions() * channels; }
    friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// From extents of rank 3, 4 or 5, channels last. Precondition: that rank.
[[nodiscard]] ImageSize imageSize(const Extents& extents);
/// The inverse: [batch, the last `spatialRank` spatial sizes, channels].
[[nodiscard]] Extents imageExtents(const ImageSize& image, int spatialRank);

/// A row-major tensor seen around one axis: [outer, size, inner].
struct AxisSplit {
    std::int64_t outer = 1;
    std::int64_t size = 1;
    std::int64_t inner = 1;
    [[nodiscard]] std::int64_t count() const { return outer * size * inner; }
};

/// Precondition: -rank <= axis < rank.
[[nodiscard]] AxisSplit splitAt(const Extents& extents, int axis);

}  // namespace shapewise::kernels
