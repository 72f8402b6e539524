// DepthwiseConv1D, DepthwiseConv2D: each channel is convolved by itself, with depth_multiplier kernels.
//   y[b, o, c*m + j] = activation(bias[c*m + j] + sum over k of x[b, o*stride + k*dilation - padding, c] *
//   kernel[k, c, j])
// [batch, spatial..., channels] -> [batch, out..., channels * depth_multiplier]; channels second with
// channels_first. Strides may go together with dilation here: Keras' depthwise layers do not refuse it.
// Reference: https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/

#include "core/base/checked_math.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/depthwise.h"
#include "core/layers/parts/foreign_names.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

std::vector<ParamSpec> depthwiseParams(int axes) {
    return {kernelSizeParam(axes), stridesParam(axes),  paddingParam(),    depthMultiplierParam(),
            dataFormatParam(),     dilationParam(axes), activationParam(), useBiasParam()};
}

void inferDepthwise(InferContext& context) {
    const SpatialLayout layout = spatialLayout(context.params());
    const std::optional<std::int64_t> channels = knownSize(context, layout.channelAxis());
    if (!channels) return;
    const std::int64_t multiplier = context.params().integer("depth_multiplier");
    const Dim output = Dim(*channels) * Dim(multiplier);
    inferSliding(context, depthwiseSliding(context.params()), output, "kernel_size");
    if (context.isExplaining())
        context.explain("channels", diag::say("{}·{} = {}", *channels, multiplier, output),
                        "depth_multiplier kernels for each channel");
    inferActivation(context);
}

std::vector<WeightSpec> depthwiseWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const Dim channels = inputs[0]->shape[spatialLayout(params).channelAxis()];
    if (!channels.isKnown()) return {};
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = depthwiseKernelExtents(params, channels.size())}};
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias",
                           .extents = {saturatingMultiply(channels.size(), params.integer("depth_multiplier"))},
                           .initializer = Initializer::Zeros});
    return weights;
}

Result<void> depthwiseForward(ForwardContext& context) {
    const Params& params = context.params;
    const SpatialCall call(context, params.channelsFirst());
    const kernels::DepthwiseShape shape = depthwiseShape(params, call.input());
    const float* bias = params.flag("use_bias") ? context.weight(1).data() : nullptr;
    activated(
        context, "activation", [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
            call.run(extents, y, [&](float* result) {
                kernels::depthwiseConvolution(shape, call.x(), context.weight(0).data(),
                                              {.bias = bias, .activation = activation}, result, context.parallel());
            });
        });
    return {};
}

std::int64_t depthwiseMultiplyAdds(const Params& params, std::span<const TensorType* const>,
                                   std::span<const TensorType> outputs) {
    return saturatingMultiply(kernelCells(params), outputs[0].shape.elementCount().sizeOr(-1));
}

std::string depthwiseTelling(const Params& params) {
    const int axes = params.type().family.spatialRank;
    const std::int64_t multiplier = params.integer("depth_multiplier");
    const std::string_view padding = params.text("padding");
    return joinTelling({windowText(params, "kernel_size", axes, "kernel"),
                        multiplier == 1 ? std::string() : fmt::format("depth ×{}", multiplier), strideText(params),
                        padding == "valid" ? std::string() : std::string(padding), activationText(params)});
}

LayerType depthwiseType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    return {
        .className = className,
        .category = Category::Convolution,
        .title = className,
        .summary = "Convolves each channel by itself",
        .keywords = "convolution separable mobilenet channelwise",
        .doc =
            "Each input channel has `depth_multiplier` kernels of its own; channels are not mixed.\n\n"
            "Input `[batch, spatial..., channels]`, output `[batch, spatial'..., channels · "
            "depth_multiplier]`, kernel "
            "`[size..., channels, depth_multiplier]`.\n\n"
            "Length of an axis: valid `⌊(n − d(k − 1) − 1) / s⌋ + 1`, same `⌈n / s⌉`.\n\n"
            "Reference: <https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/>",
        .params = depthwiseParams(axes),
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"kernel_size", "depth_multiplier", "strides", "padding", "activation"},
        .role = Role::Convolution,
        .effects = {AxisEffect::Slides, ChannelEffect::Makes},
        .family = {"DepthwiseConv", axes},
        .infer = inferDepthwise,
        .check = checkDepthwise,
        .weights = depthwiseWeights,
        .forward = depthwiseForward,
        .multiplyAdds = depthwiseMultiplyAdds,
        .window = depthwiseWindow,
        .tellingText = depthwiseTelling,
        .foreign = {.keys = convolutionNames({"strides", "padding", "data_format", "use_bias"})},
    };
}

}  // namespace

const LayerType& depthwiseConv1D() {
    static const LayerType type = depthwiseType(1, "DepthwiseConv1D", "(batch, time, channels)");
    return type;
}

const LayerType& depthwiseConv2D() {
    static const LayerType type = depthwiseType(2, "DepthwiseConv2D", "(batch, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
