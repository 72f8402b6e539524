// LocallyConnected1D, LocallyConnected2D: a convolution whose kernel differs from position to position. Keras 1 and 2.
//   y[b, o, f] = activation(bias[o, f] + sum over k, c of x[b, o*stride + k - before, c] * kernel[o, k, c, f])
// before: 0 for valid, floor(kernel / 2) for same. [batch, spatial..., channels] -> [batch, out..., filters].
// Reference: keras/layers/local.py and keras/utils/conv_utils.py (conv_connected_inputs, conv_kernel_idxs) of Keras 2.x

#include "core/kernels/locally_connected.h"
#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

Sliding slidingOf(const Params& params) {
    const SpatialLayout layout = spatialLayout(params);
    return {.layout = layout,
            .size = params.spatial("kernel_size", layout.spatialRank),
            .stride = params.spatial("strides", layout.spatialRank),
            .padding = windowPadding(params.text("padding")),
            .what = "kernel"};
}

void checkLocal(InferContext& context) {
    const Params& params = context.params();
    if (params.integer("implementation") != 1 || params.text("padding") != "same") return;
    context.refuse({diag::Code::ParameterConflict,
                    "padding",
                    -1,
                    {{"first", std::string("padding")},
                     {"first_value", params["padding"]},
                     {"second", std::string("implementation")},
                     {"second_value", params["implementation"]},
                     {"rule", std::string("Implementation 1 knows no padding; 2 and 3 do")}}});
}

void inferLocal(InferContext& context) {
    const Params& params = context.params();
    const Sliding sliding = slidingOf(params);
    if (!knownSize(context, sliding.layout.channelAxis())) return;
    for (int index = 0; index < sliding.layout.spatialRank; ++index)
        if (!knownSize(context, sliding.layout.spatialAxis(index))) return;
    inferSliding(context, sliding, Dim(params.integer("filters")), "kernel_size");
    if (context.isExplaining())
        context.explain("channels", fmt::format("filters = {}", params.integer("filters")), "one for each filter");
    inferActivation(context);
}

/// Spatial sizes of input and output, the rest of a kernel's call. Preconditions: sizes known and fitting.
kernels::LocalShape localShape(const Params& params, const tensor::Shape& input) {
    const Sliding sliding = slidingOf(params);
    const int axes = sliding.layout.spatialRank;
    kernels::LocalShape shape{.input = {},
                              .size = kernelSizes(sliding.size, axes),
                              .strides = kernelSizes(sliding.stride, axes),
                              .filters = params.integer("filters"),
                              .channelsFirst = sliding.layout.channelsFirst,
                              .layout = static_cast<kernels::LocalKernel>(params.integer("implementation"))};
    shape.input.batch = input[0].sizeOr(1);
    shape.input.channels = input[sliding.layout.channelAxis()].sizeOr(1);
    for (int index = 0; index < axes; ++index) {
        const auto place = static_cast<std::size_t>(3 - axes) + static_cast<std::size_t>(index);
        const Dim length = input[sliding.layout.spatialAxis(index)];
        shape.input.spatial[place] = length.sizeOr(1);
        shape.output[place] = slide(length, sliding.axis(index)).output.sizeOr(1);
        if (sliding.padding == WindowPadding::Same) shape.before[place] = shape.size[place] / 2;
    }
    return shape;
}

std::int64_t saturatingProduct(const kernels::Sizes3& sizes) {
    return saturatingMultiply(saturatingMultiply(sizes[0], sizes[1]), sizes[2]);
}

tensor::Extents kernelExtents(const kernels::LocalShape& shape, int axes) {
    const std::int64_t channels = shape.input.channels;
    const auto append = [axes](tensor::Extents& extents, const kernels::Sizes3& sizes) {
        extents.insert(extents.end(), sizes.end() - axes, sizes.end());
    };
    tensor::Extents extents;
    switch (shape.layout) {
        case kernels::LocalKernel::Windows:
            return {saturatingProduct(shape.output), saturatingMultiply(saturatingProduct(shape.size), channels),
                    shape.filters};
        case kernels::LocalKernel::Masked:
            if (shape.channelsFirst) extents.push_back(channels);
            append(extents, shape.input.spatial);
            extents.push_back(shape.channelsFirst ? shape.filters : channels);
            append(extents, shape.output);
            if (!shape.channelsFirst) extents.push_back(shape.filters);
            return extents;
        case kernels::LocalKernel::Sparse: break;
    }
    std::int64_t connections = saturatingMultiply(channels, shape.filters);
    for (std::size_t axis = 0; axis < 3; ++axis)
        connections = saturatingMultiply(
            connections, kernels::connectedPairs(shape.input.spatial[axis], shape.output[axis], shape.size[axis],
                                                 shape.strides[axis], shape.before[axis]));
    return {connections};
}

std::vector<WeightSpec> localWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Shape& input = inputs[0]->shape;
    for (int axis = 1; axis < input.rank(); ++axis)
        if (!input[axis].isKnown()) return {};
    const int axes = params.type().family.spatialRank;
    const kernels::LocalShape shape = localShape(params, input);
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = kernelExtents(shape, axes)}};
    if (!params.flag("use_bias")) return weights;
    tensor::Extents bias(shape.output.end() - axes, shape.output.end());
    bias.push_back(shape.filters);
    weights.push_back({.name = "bias", .extents = std::move(bias), .initializer = Initializer::Zeros});
    return weights;
}

Result<void> localForward(ForwardContext& context) {
    const Params& params = context.params;
    const kernels::LocalShape shape = localShape(params, context.input().shape());
    const float* bias = params.flag("use_bias") ? context.weight(1).data() : nullptr;
    activated(context, "activation",
              [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
                  kernels::locallyConnected(shape, context.input().data(), context.weight(0).data(), bias, y,
                                            context.parallel());
                  if (!activation.isLinear())
                      kernels::activate(activation, y, tensor::elementCount(extents), y, context.parallel());
              });
    return {};
}

std::int64_t localMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                               std::span<const TensorType> outputs) {
    const Sliding sliding = slidingOf(params);
    std::int64_t perOutput = inputs[0]->shape[sliding.layout.channelAxis()].sizeOr(0);
    for (const std::int64_t cells : sliding.size) perOutput = saturatingMultiply(perOutput, cells);
    return saturatingMultiply(perOutput, outputs[0].shape.elementCount().sizeOr(-1));
}

SlidingWindow localWindow(const Params& params) {
    const Sliding sliding = slidingOf(params);
    return {.size = sliding.size,
            .stride = sliding.stride,
            .padding = sliding.padding,
            .centred = sliding.padding == WindowPadding::Same};
}

std::string localTelling(const Params& params) {
    const int axes = params.type().family.spatialRank;
    const bool strided = params.spatial("strides", axes) != SpatialSizes{1, 1, 1};
    const bool padded = params.text("padding") != "valid";
    return joinTelling({counted(params.integer("filters"), "filter"), windowText(params, "kernel_size", axes, "kernel"),
                        strided ? "stride " + spatialText(params, "strides", axes) : std::string(),
                        padded ? std::string(params.text("padding")) : std::string(), activationText(params)});
}

LayerType localType(int axes) {
    static const std::string docs[] = {
        "A Conv1D without shared weights: each position of the output has a kernel of its own.\n\n"
        "$y_{o,f} = activation(b_{o,f} + \\sum_{k,c} x_{o s + k,\\, c}\\, w_{o,k,c,f})$\n\n"
        "Input `[batch, time, channels]`, output `[batch, time', filters]`, bias `[time', filters]`. Kernel: "
        "`[time', kernel × channels, filters]` with implementation 1; `[time, channels, time', filters]`, most of it "
        "not used, with 2; `[connections]` with 3. Keras 3 has no such layer.",
        "A Conv2D without shared weights: each position of the output has a kernel of its own.\n\n"
        "$y_{o,f} = activation(b_{o,f} + \\sum_{k,c} x_{o s + k,\\, c}\\, w_{o,k,c,f})$\n\n"
        "Input `[batch, height, width, channels]`, output `[batch, height', width', filters]`, bias "
        "`[height', width', filters]`. Kernel: `[height' × width', kh × kw × channels, filters]` with "
        "implementation 1; `[height, width, channels, height', width', filters]`, most of it not used, with 2; "
        "`[connections]` with 3. Keras 3 has no such layer."};
    return {
        .category = Category::Convolution,
        .doc = docs[axes - 1],
        .params = {filtersParam(),
                   kernelSizeParam(axes),
                   stridesParam(axes),
                   paddingParam(),
                   dataFormatParam(),
                   activationParam(),
                   useBiasParam(),
                   {.key = "implementation",
                    .kind = ParamKind::Integer,
                    .fallback = 1,
                    .help = "How the kernel lies in memory: 1 by windows, 2 as a masked matrix, 3 sparse",
                    .minimum = 1,
                    .maximum = 3,
                    .affects = Affects::Weights}},
        .telling = {"filters", "kernel_size", "strides", "padding", "activation"},
        .effects = {AxisEffect::Slides, ChannelEffect::Makes},
        .family = {"LocallyConnected", axes},
        .infer = inferLocal,
        .check = checkLocal,
        .weights = localWeights,
        .forward = localForward,
        .multiplyAdds = localMultiplyAdds,
        .window = localWindow,
        .tellingText = localTelling,
        .foreign = {.keys =
                        convolutionNames({"filters", "kernel_size", "strides", "padding", "data_format", "use_bias"})},
    };
}

std::vector<Example> localExamples(const std::vector<tensor::Extents>& inputs) {
    std::vector<Example> examples;
    for (const int implementation : {1, 2, 3})
        for (const char* format : {"channels_last", "channels_first"})
            examples.push_back({{{"filters", 3},
                                 {"kernel_size", 2},
                                 {"strides", 2},
                                 {"padding", implementation == 1 ? "valid" : "same"},
                                 {"data_format", format},
                                 {"implementation", implementation}},
                                inputs});
    return examples;
}

}  // namespace

const LayerType& locallyConnected1D() {
    static const LayerType type = [] {
        LayerType made = localType(1);
        made.className = made.title = "LocallyConnected1D";
        made.summary = "Slides along time with a kernel for each position";
        made.keywords = "local convolution unshared weights old keras 1 2";
        made.inputs = {
            PortSpec{.name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, channels)"}};
        made.foreign.classes = {{"LocallyConnected1D", kBeforeKeras3}};
        made.examples = localExamples({{2, 7, 4}});
        return made;
    }();
    return type;
}

const LayerType& locallyConnected2D() {
    static const LayerType type = [] {
        LayerType made = localType(2);
        made.className = made.title = "LocallyConnected2D";
        made.summary = "Slides over height and width with a kernel for each position";
        made.keywords = "local convolution unshared weights image old keras 1 2";
        made.inputs = {
            PortSpec{.name = "input", .minimumRank = 4, .maximumRank = 4, .axes = "(batch, height, width, channels)"}};
        made.foreign.classes = {{"LocallyConnected2D", kBeforeKeras3}};
        made.examples = localExamples({{2, 5, 6, 4}});
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
