#pragma once
// Kernels that move values without computing: transpose, join, pad, crop, repeat, look up, encode.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <span>

namespace shapewise::kernels {

/// y[.., i_order[0], i_order[1], ..] : axis a of y is axis order[a] of x. Precondition: order is a permutation of the
/// axes.
[[nodiscard]] Extents permutedExtents(const Extents& extents, std::span<const int> order);
void permute(const Extents& extents, std::span<const int> order, const float* x, float* y,
             const Parallel& parallel = {});

/// x: [count, rows, columns] -> y: [count, columns, rows].
void transpose(std::int64_t count, std::int64_t rows, std::int64_t columns, const float* x, float* y,
               const Parallel& parallel = {});
/// [batch, channels, spatial...] -> [batch, spatial..., channels] and back. `extents` are those of x; rank >= 2.
void channelsFirstToLast(const Extents& extents, const float* x, float* y, const Parallel& parallel = {});
void channelsLastToFirst(const Extents& extents, const float* x, float* y, const Parallel& parallel = {});
[[nodiscard]] Extents channelsLastExtents(const Extents& channelsFirst);
[[nodiscard]] Extents channelsFirstExtents(const Extents& channelsLast);

/// Joins along `axis`. Precondition: the other sizes are equal.
[[nodiscard]] Extents concatenatedExtents(std::span<const TensorView> inputs, int axis);
void concatenate(std::span<const TensorView> inputs, int axis, float* y, const Parallel& parallel = {});

/// x: extents -> y: before[a] + extents[a] + after[a]. Negative amounts cut off, so that cropping is padding by -n.
/// Preconditions: one amount an axis; no size of y is negative.
struct Margins {
    Extents before;
    Extents after;
};
[[nodiscard]] Extents paddedExtents(const Extents& extents, const Margins& margins);
void pad(const Extents& extents, const Margins& margins, float fill, const float* x, float* y,
         const Parallel& parallel = {});

/// Each index of the middle axis `times` times in a row: a b -> a a b b. y: [outer, size * times, inner].
void repeatEach(const AxisSplit& axis, std::int64_t times, const float* x, float* y, const Parallel& parallel = {});
/// The whole of the middle axis `times` times: a b -> a b a b. RepeatVector: {batch, 1, features}.
void repeatWhole(const AxisSplit& axis, std::int64_t times, const float* x, float* y, const Parallel& parallel = {});
/// Nearest up-sampling: x: image -> y: [batch, spatial * factors, channels].
void upsampleNearest(const ImageSize& input, const Sizes3& factors, const float* x, float* y,
                     const Parallel& parallel = {});

/// Whether all ids lay inside the table, and the place of the first that did not.
struct Gathered {
    bool allInside = true;
    std::int64_t firstOutside = 0;
};
/// Rows of a table by number. table: [rows, width], ids: [count] -> y: [count, width]. An id outside 0..rows-1 gives a
/// row of NaN.
[[nodiscard]] Gathered gatherRows(const float* table, std::int64_t rows, std::int64_t width, std::span<const float> ids,
                                  float* y, const Parallel& parallel = {});

enum class CategoryMode { OneHot, MultiHot, Count };
/// OneHot: ids [rows * length] -> y: [rows * length, tokens]. MultiHot, Count: ids [rows, length] -> y: [rows, tokens],
/// 1 where an id occurs or how often (or the sum of weights: [rows, length], Count only). Ids outside 0..tokens-1 are
/// reported and left out.
struct CategoryShape {
    std::int64_t rows = 1;
    std::int64_t length = 1;
    std::int64_t tokens = 1;
};
[[nodiscard]] Gathered encodeCategories(CategoryMode mode, const CategoryShape& shape, const float* ids,
                                        const float* weights, float* y);

}  // namespace shapewise::kernels
