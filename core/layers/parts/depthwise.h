#pragma once
// What depthwise and separable convolutions share: a window over each channel by itself.

#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

namespace shapewise::layers {

[[nodiscard]] ParamSpec depthMultiplierParam();
/// From kernel_size, strides, dilation_rate and padding.
[[nodiscard]] Sliding depthwiseSliding(const Params& params);
/// Keras 3 refuses a stride together with dilation here too.
void checkDepthwise(InferContext& context);
[[nodiscard]] SlidingWindow depthwiseWindow(const Params& params);
/// [size..., channels, depth_multiplier].
[[nodiscard]] tensor::Extents depthwiseKernelExtents(const Params& params, std::int64_t channels);
[[nodiscard]] kernels::DepthwiseShape depthwiseShape(const Params& params, const kernels::ImageSize& input);
/// Product of kernel_size, at most 2^63 - 1.
[[nodiscard]] std::int64_t kernelCells(const Params& params);
/// "stride 2×2", empty for 1.
[[nodiscard]] std::string strideText(const Params& params);

}  // namespace shapewise::layers
