#pragma once
// Products of two tensors over chosen axes: einsum equations and the Dot layer.

#include "core/base/result.h"
#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <string_view>
#include <utility>

namespace shapewise::kernels {

/// Sizes of the result of a two-operand equation such as "abc,cd->abd" or "...x,xy->...y".
/// Fails when the equation cannot be read, a letter has two sizes, or the ranks do not fit.
[[nodiscard]] Result<Extents> einsumExtents(std::string_view equation, const Extents& a, const Extents& b);

/// y: einsumExtents(equation, a, b). Precondition: einsumExtents succeeds for them.
void einsum(std::string_view equation, const TensorView& a, const TensorView& b, float* y,
            const Parallel& parallel = {});

/// Keras' Dot: contracts axis `axes.first` of a with axis `axes.second` of b, per sample. Axes count from the batch and
/// may be negative. Result: batch, the rest of a, the rest of b; [batch, 1] when nothing is left. With `normalize` both
/// are first divided by their L2 norm along the contracted axis. Preconditions: rank >= 2; no axis is the batch; equal
/// sizes.
[[nodiscard]] Extents dotExtents(const Extents& a, const Extents& b, std::pair<int, int> axes);
void dot(const TensorView& a, const TensorView& b, std::pair<int, int> axes, bool normalize, float* y,
         const Parallel& parallel = {});

}  // namespace shapewise::kernels
