// SeparableConv1D, SeparableConv2D: a depthwise convolution, then a 1x1 convolution that mixes the channels.
// [batch, spatial..., channels] -> [batch, out..., filters]; channels second with channels_first.
// Reference: https://keras.io/api/layers/convolution_layers/separable_convolution2d/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/depthwise.h"
#include "core/layers/parts/foreign_names.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

std::vector<ParamSpec> separableParams(int axes) {
    return {filtersParam(),      kernelSizeParam(axes),  stridesParam(axes), paddingParam(), dataFormatParam(),
            dilationParam(axes), depthMultiplierParam(), activationParam(),  useBiasParam()};
}

void inferSeparable(InferContext& context) {
    if (!knownSize(context, spatialLayout(context.params()).channelAxis())) return;
    inferSliding(context, depthwiseSliding(context.params()), Dim(context.params().integer("filters")), "kernel_size");
    if (context.isExplaining())
        context.explain("channels", fmt::format("filters = {}", context.params().integer("filters")),
                        "mixed by the 1×1 convolution");
    inferActivation(context);
}

std::vector<WeightSpec> separableWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const SpatialLayout layout = spatialLayout(params);
    const Dim channels = inputs[0]->shape[layout.channelAxis()];
    if (!channels.isKnown()) return {};
    const std::int64_t filters = params.integer("filters");
    tensor::Extents pointwise(static_cast<std::size_t>(layout.spatialRank), 1);
    pointwise.push_back(saturatingMultiply(channels.size(), params.integer("depth_multiplier")));
    pointwise.push_back(filters);
    std::vector<WeightSpec> weights{
        {.name = "depthwise_kernel", .extents = depthwiseKernelExtents(params, channels.size())},
        {.name = "pointwise_kernel", .extents = std::move(pointwise)}};
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias", .extents = {filters}, .initializer = Initializer::Zeros});
    return weights;
}

Result<void> separableForward(ForwardContext& context) {
    const Params& params = context.params;
    const SpatialCall call(context, params.channelsFirst());
    const kernels::DepthwiseShape shape = depthwiseShape(params, call.input());
    const kernels::SeparableKernels weights{.depthwise = context.weight(0).data(),
                                            .pointwise = context.weight(1).data(),
                                            .filters = params.integer("filters")};
    const float* bias = params.flag("use_bias") ? context.weight(2).data() : nullptr;
    activated(context, "activation",
              [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
                  call.run(extents, y, [&](float* result) {
                      kernels::separableConvolution(shape, call.x(), weights, {.bias = bias, .activation = activation},
                                                    result, context.parallel());
                  });
              });
    return {};
}

std::int64_t separableMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                   std::span<const TensorType> outputs) {
    const std::int64_t channels = inputs[0]->shape[spatialLayout(params).channelAxis()].sizeOr(0);
    const std::int64_t middle = saturatingMultiply(channels, params.integer("depth_multiplier"));
    const std::int64_t positions = outputs[0].shape.elementCount().sizeOr(-1) / params.integer("filters");
    return saturatingMultiply(
        positions, saturatingMultiply(middle, saturatingAdd(kernelCells(params), params.integer("filters"))));
}

std::string separableTelling(const Params& params) {
    const std::string_view padding = params.text("padding");
    return joinTelling({counted(params.integer("filters"), "filter"),
                        windowText(params, "kernel_size", params.type().family.spatialRank, "kernel"),
                        strideText(params), padding == "valid" ? std::string() : std::string(padding),
                        activationText(params)});
}

LayerType separableType(int axes, std::string_view className, tensor::AxesPattern axesText, std::string_view alias) {
    return {
        .className = className,
        .category = Category::Convolution,
        .title = className,
        .summary = "Convolves each channel by itself, then mixes the channels",
        .keywords = "convolution depthwise pointwise xception mobilenet",
        .doc =
            "A depthwise convolution with `depth_multiplier` kernels a channel, then a 1×1 convolution with "
            "`filters` outputs.\n\n"
            "Input `[batch, spatial..., channels]`, output `[batch, spatial'..., filters]`, depthwise kernel "
            "`[size..., channels, depth_multiplier]`, pointwise kernel `[1..., channels · depth_multiplier, "
            "filters]`.\n\n"
            "Length of an axis: valid `⌊(n − d(k − 1) − 1) / s⌋ + 1`, same `⌈n / s⌉`.\n\n"
            "Reference: <https://keras.io/api/layers/convolution_layers/separable_convolution2d/>",
        .params = separableParams(axes),
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"filters", "kernel_size", "strides", "padding", "activation"},
        .role = Role::Convolution,
        .effects = {AxisEffect::Slides, ChannelEffect::Makes},
        .family = {"SeparableConv", axes},
        .infer = inferSeparable,
        .check = checkDepthwise,
        .weights = separableWeights,
        .forward = separableForward,
        .multiplyAdds = separableMultiplyAdds,
        .window = depthwiseWindow,
        .tellingText = separableTelling,
        .foreign = {.classes = {{alias}},
                    .keys = convolutionNames({"filters", "strides", "padding", "data_format", "use_bias"})},
    };
}

}  // namespace

const LayerType& separableConv1D() {
    static const LayerType type =
        separableType(1, "SeparableConv1D", "(batch, time, channels)", "SeparableConvolution1D");
    return type;
}

const LayerType& separableConv2D() {
    static const LayerType type =
        separableType(2, "SeparableConv2D", "(batch, height, width, channels)", "SeparableConvolution2D");
    return type;
}

}  // namespace shapewise::layers
