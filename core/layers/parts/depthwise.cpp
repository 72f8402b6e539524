#include "core/layers/parts/depthwise.h"

#include "core/base/checked_math.h"
#include "core/layers/parts/common_params.h"

namespace shapewise::layers {

namespace {

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

}  // namespace

ParamSpec depthMultiplierParam() {
    return {.key = "depth_multiplier",
            .kind = ParamKind::Integer,
            .fallback = 1,
            .help = "Kernels for each input channel",
            .minimum = 1};
}

Sliding depthwiseSliding(const Params& params) {
    const SpatialLayout layout = spatialLayout(params);
    return {.layout = layout,
            .size = params.spatial("kernel_size", layout.spatialRank),
            .stride = params.spatial("strides", layout.spatialRank),
            .dilation = params.spatial("dilation_rate", layout.spatialRank),
            .padding = windowPadding(params.text("padding")),
            .what = "kernel"};
}

void checkDepthwise(InferContext& context) { refuseStrideWithDilation(context, spatialRank(context.params())); }

SlidingWindow depthwiseWindow(const Params& params) {
    const Sliding sliding = depthwiseSliding(params);
    return {.size = sliding.size, .stride = sliding.stride, .dilation = sliding.dilation, .padding = sliding.padding};
}

tensor::Extents depthwiseKernelExtents(const Params& params, std::int64_t channels) {
    const SpatialSizes size = params.spatial("kernel_size", spatialRank(params));
    tensor::Extents extents(size.begin(), size.begin() + spatialRank(params));
    extents.push_back(channels);
    extents.push_back(params.integer("depth_multiplier"));
    return extents;
}

kernels::DepthwiseShape depthwiseShape(const Params& params, const kernels::ImageSize& input) {
    const int axes = spatialRank(params);
    kernels::DepthwiseShape shape{.input = input,
                                  .window = {.size = kernelSizes(params.spatial("kernel_size", axes), axes),
                                             .strides = kernelSizes(params.spatial("strides", axes), axes),
                                             .dilation = kernelSizes(params.spatial("dilation_rate", axes), axes)},
                                  .multiplier = params.integer("depth_multiplier")};
    if (params.text("padding") == "same") shape.window.padSame(input.spatial);
    return shape;
}

std::int64_t kernelCells(const Params& params) {
    std::int64_t cells = 1;
    for (const std::int64_t size : params.spatial("kernel_size", spatialRank(params)))
        cells = saturatingMultiply(cells, size);
    return cells;
}

std::string strideText(const Params& params) {
    const int axes = spatialRank(params);
    if (params.spatial("strides", axes) == SpatialSizes{1, 1, 1}) return {};
    return "stride " + spatialText(params, "strides", axes);
}

}  // namespace shapewise::layers
