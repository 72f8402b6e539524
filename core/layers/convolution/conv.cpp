// Conv1D, Conv2D, Conv3D: a kernel slides over the spatial axes and mixes the channels of a group (cross-correlation).
//   y[b, o, f] = activation(bias[f] + sum over k, c of x[b, o*stride + k*dilation - padding, c] * kernel[k, c, f])
// [batch, spatial..., channels] -> [batch, out..., filters]; channels second with channels_first.
// Reference: https://keras.io/api/layers/convolution_layers/

#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include "core/base/checked_math.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

std::vector<ParamSpec> convParams(int axes) {
    return {
        filtersParam(),
        kernelSizeParam(axes),
        stridesParam(axes),
        paddingParam(axes == 1),
        dataFormatParam(),
        dilationParam(axes),
        {.key = "groups",
         .kind = ParamKind::Integer,
         .fallback = 1,
         .help = "Parts the channels are split into, each with filters of its own",
         .minimum = 1},
        activationParam(),
        useBiasParam(),
    };
}

void refuseGroups(InferContext& context, const char* what, std::int64_t value) {
    diag::Arguments arguments{
        {"what", std::string(what)}, {"value", value}, {"groups", context.params().integer("groups")}};
    const bool ofInput = std::string_view(what) == "channels";
    if (ofInput) arguments.push_back({"shape", context.input().shape});
    context.refuse({diag::Code::GroupsNotDividing, "groups", ofInput ? 0 : -1, std::move(arguments)});
}

void checkConv(InferContext& context) {
    const Params& params = context.params();
    const std::int64_t filters = params.integer("filters");
    if (filters % params.integer("groups") != 0) refuseGroups(context, "filters", filters);
    refuseStrideWithDilation(context, spatialRank(params));
}

void inferConv(InferContext& context) {
    const Params& params = context.params();
    const SpatialLayout layout = spatialLayout(params);
    const std::optional<std::int64_t> channels = knownSize(context, layout.channelAxis());
    if (channels && *channels % params.integer("groups") != 0) refuseGroups(context, "channels", *channels);
    const Sliding sliding{.layout = layout,
                          .size = params.spatial("kernel_size", layout.spatialRank),
                          .stride = params.spatial("strides", layout.spatialRank),
                          .dilation = params.spatial("dilation_rate", layout.spatialRank),
                          .padding = windowPadding(params.text("padding")),
                          .what = "kernel"};
    inferSliding(context, sliding, Dim(params.integer("filters")), "kernel_size");
    if (context.isExplaining())
        context.explain("channels", fmt::format("filters = {}", params.integer("filters")), "one for each filter");
    inferActivation(context);
}

std::vector<WeightSpec> convWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const SpatialLayout layout = spatialLayout(params);
    const Dim channels = inputs[0]->shape[layout.channelAxis()];
    if (!channels.isKnown()) return {};
    const SpatialSizes size = params.spatial("kernel_size", layout.spatialRank);
    tensor::Extents kernel(size.begin(), size.begin() + layout.spatialRank);
    kernel.push_back(channels.size() / params.integer("groups"));
    kernel.push_back(params.integer("filters"));
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = std::move(kernel)}};
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias", .extents = {params.integer("filters")}, .initializer = Initializer::Zeros});
    return weights;
}

kernels::Window kernelWindow(const Params& params, const kernels::ImageSize& input) {
    const int axes = spatialRank(params);
    kernels::Window window{.size = kernelSizes(params.spatial("kernel_size", axes), axes),
                           .strides = kernelSizes(params.spatial("strides", axes), axes),
                           .dilation = kernelSizes(params.spatial("dilation_rate", axes), axes)};
    switch (windowPadding(params.text("padding"))) {
        case WindowPadding::Valid: window.padValid(); break;
        case WindowPadding::Same: window.padSame(input.spatial); break;
        case WindowPadding::Causal: window.padCausal(); break;
    }
    return window;
}

kernels::ConvolutionShape convolutionShape(const Params& params, const kernels::ImageSize& input) {
    return {.input = input,
            .window = kernelWindow(params, input),
            .filters = params.integer("filters"),
            .groups = params.integer("groups")};
}

PreparedLayer prepareConv(const ForwardContext& context) {
    const tensor::Extents extents = extentsOf(context.inputTypes[0]->shape);
    const bool channelsFirst = context.params.channelsFirst();
    const auto shape = convolutionShape(
        context.params, kernels::imageSize(channelsFirst ? kernels::channelsLastExtents(extents) : extents));
    return {.packed = kernels::packKernel(shape, context.weight(0).data(), context.parallel()), .inside = {}};
}

Result<void> convForward(ForwardContext& context) {
    const Params& params = context.params;
    const SpatialCall call(context, params.channelsFirst());
    const kernels::ConvolutionShape shape = convolutionShape(params, call.input());
    const kernels::KernelValues kernel(context.weight(0).data(), packedOf(context));
    const float* bias = params.flag("use_bias") ? context.weight(1).data() : nullptr;
    activated(context, "activation",
              [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
                  call.run(extents, y, [&](float* result) {
                      kernels::convolution(shape, call.x(), kernel, {.bias = bias, .activation = activation}, result,
                                           context.parallel());
                  });
              });
    return {};
}

std::int64_t convMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                              std::span<const TensorType> outputs) {
    const SpatialLayout layout = spatialLayout(params);
    const SpatialSizes size = params.spatial("kernel_size", layout.spatialRank);
    std::int64_t perOutput = inputs[0]->shape[layout.channelAxis()].sizeOr(0) / params.integer("groups");
    for (const std::int64_t cells : size) perOutput = saturatingMultiply(perOutput, cells);
    return saturatingMultiply(perOutput, outputs[0].shape.elementCount().sizeOr(-1));
}

SlidingWindow convWindow(const Params& params) {
    const int axes = spatialRank(params);
    return {.size = params.spatial("kernel_size", axes),
            .stride = params.spatial("strides", axes),
            .dilation = params.spatial("dilation_rate", axes),
            .padding = windowPadding(params.text("padding"))};
}

std::string convTelling(const Params& params) {
    const int axes = spatialRank(params);
    const std::string strides = spatialText(params, "strides", axes);
    const bool strided = params.spatial("strides", axes) != SpatialSizes{1, 1, 1};
    const std::string_view padding = params.text("padding");
    return joinTelling({counted(params.integer("filters"), "filter"), windowText(params, "kernel_size", axes, "kernel"),
                        strided ? "stride " + strides : std::string(),
                        padding == "valid" ? std::string() : std::string(padding), activationText(params)});
}

std::string convDoc(std::string_view axes, std::string_view kernel, std::string_view page) {
    return fmt::format(
        "Slides `filters` kernels over the input; each gives one output channel.\n\n"
        "$y_{{o,f}} = activation(b_f + \\sum_{{k,c}} x_{{o s + k d,\\, c}}\\, w_{{k,c,f}})$\n\n"
        "Input `[batch, {0}, channels]`, output `[batch, {0}', filters]`, kernel `[{1}, channels / groups, "
        "filters]`.\n\n"
        "Length of an axis: valid `⌊(n − d(k − 1) − 1) / s⌋ + 1`, same `⌈n / s⌉`. Strides above 1 do not go together "
        "with "
        "dilation above 1.\n\nReference: <https://keras.io/api/layers/convolution_layers/{2}/>",
        axes, kernel, page);
}

LayerType convType(int axes) {
    static const std::string docs[] = {convDoc("time", "k", "convolution1d"),
                                       convDoc("height, width", "kh, kw", "convolution2d"),
                                       convDoc("depth, height, width", "kd, kh, kw", "convolution3d")};
    return {
        .category = Category::Convolution,
        .doc = docs[axes - 1],
        .params = convParams(axes),
        .telling = {"filters", "kernel_size", "strides", "padding", "activation"},
        .role = Role::Convolution,
        .effects = {AxisEffect::Slides, ChannelEffect::Makes},
        .family = {"Conv", axes},
        .infer = inferConv,
        .check = checkConv,
        .weights = convWeights,
        .forward = convForward,
        .prepare = prepareConv,
        .multiplyAdds = convMultiplyAdds,
        .window = convWindow,
        .tellingText = convTelling,
        .foreign = {.keys = convolutionNames(
                        {"filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "use_bias"})},
    };
}

}  // namespace

const LayerType& conv1D() {
    static const LayerType type = [] {
        LayerType made = convType(1);
        made.className = made.title = "Conv1D";
        made.summary = "Slides a kernel along time";
        made.keywords = "convolution temporal sequence filter audio causal dilated wavenet";
        made.inputs = {
            PortSpec{.name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, channels)"}};
        made.foreign.classes = {{"Convolution1D", kKeras1}, {"AtrousConvolution1D", kKeras1}};
        return made;
    }();
    return type;
}

const LayerType& conv2D() {
    static const LayerType type = [] {
        LayerType made = convType(2);
        made.className = made.title = "Conv2D";
        made.summary = "Slides a kernel over height and width";
        made.keywords = "convolution image picture spectrogram filter dilated";
        made.inputs = {
            PortSpec{.name = "input", .minimumRank = 4, .maximumRank = 4, .axes = "(batch, height, width, channels)"}};
        made.foreign.classes = {{"Convolution2D", kKeras1},
                                {"AtrousConvolution2D", kKeras1},
                                {.name = "AtrousConv2D", .in = kKeras1, .isTranslated = true}};
        return made;
    }();
    return type;
}

const LayerType& conv3D() {
    static const LayerType type = [] {
        LayerType made = convType(3);
        made.className = made.title = "Conv3D";
        made.summary = "Slides a kernel over depth, height and width";
        made.keywords = "convolution volume video voxel filter";
        made.inputs = {PortSpec{
            .name = "input", .minimumRank = 5, .maximumRank = 5, .axes = "(batch, depth, height, width, channels)"}};
        made.foreign.classes = {{"Convolution3D", kKeras1}};
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
