// Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: a convolution with fractional stride, the way back to a
// larger map.
//   y[b, i*stride + k*dilation - crop, f] += x[b, i, c] * kernel[k, f, c], then bias and activation
// length: valid (n-1)*s + max(ke, s), same n*s; with output_padding op: valid (n-1)*s + ke + op, same (n-1)*s
// + (ke mod 2) + op. [batch, spatial..., channels] -> [batch, out..., filters]; channels second with
// channels_first. Reference: https://keras.io/api/layers/convolution_layers/

#include "core/base/amount.h"
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

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

std::vector<ParamSpec> transposedParams(int axes) {
    return {filtersParam(),
            kernelSizeParam(axes),
            stridesParam(axes),
            paddingParam(),
            {.key = "output_padding",
             .kind = ParamKind::Spatial,
             .help = "Cells added at the end of each spatial axis, below the stride; None for the usual length",
             .noneAllowed = true,
             .minimum = 0,
             .axes = axes},
            dataFormatParam(),
            dilationParam(axes),
            activationParam(),
            useBiasParam()};
}

std::optional<std::int64_t> outputPadding(const Params& params, int index) {
    if (params.isNone("output_padding")) return std::nullopt;
    return params.spatial("output_padding", spatialRank(params))[static_cast<std::size_t>(index)];
}

void checkTransposed(InferContext& context) {
    const Params& params = context.params();
    const int axes = spatialRank(params);
    refuseStrideWithDilation(context, axes);
    if (params.isNone("output_padding")) return;
    const SpatialSizes added = params.spatial("output_padding", axes);
    const SpatialSizes strides = params.spatial("strides", axes);
    for (std::size_t index = 0; index < static_cast<std::size_t>(axes); ++index) {
        if (added[index] < strides[index]) continue;
        context.refuse({diag::Code::ParameterConflict,
                        "output_padding",
                        -1,
                        {{"first", std::string("output_padding")},
                         {"first_value", params["output_padding"]},
                         {"second", std::string("strides")},
                         {"second_value", params["strides"]},
                         {"rule", std::string("output_padding must be below the stride on every axis")}}});
        return;
    }
}

WindowAxis windowAxis(const Params& params, int index) {
    const int axes = spatialRank(params);
    const auto i = static_cast<std::size_t>(index);
    return {.size = params.spatial("kernel_size", axes)[i],
            .stride = params.spatial("strides", axes)[i],
            .dilation = params.spatial("dilation_rate", axes)[i],
            .padding = windowPadding(params.text("padding"))};
}

/// Cells cut off in front of the whole result, as kernels::TransposedShape::placeAxis counts them.
std::int64_t croppedBefore(const WindowAxis& window, std::optional<std::int64_t> added) {
    if (window.padding != WindowPadding::Same) return 0;
    const Amount effective = window.effectiveSize();
    const Amount total = added ? effective + effective.value() % 2 - 2 + *added : effective - 2 + window.stride;
    return (effective - 1 - std::min(Amount((total + 1).value() / 2), effective - 1)).value();
}

void explainAxis(InferContext& context, int axis, Dim length, const WindowAxis& window,
                 std::optional<std::int64_t> added, Dim output) {
    const std::int64_t effective = window.effectiveSize();
    const bool same = window.padding == WindowPadding::Same;
    diag::Phrase arithmetic;
    if (added)
        arithmetic = diag::say("({} − 1)·{} + {} + {} = {}", length, window.stride, same ? effective % 2 : effective,
                               *added, output);
    else if (same)
        arithmetic = diag::say("{}·{} = {}", diag::Factor{length}, window.stride, output);
    else
        arithmetic =
            diag::say("({} − 1)·{} + max({}, {}) = {}", length, window.stride, effective, window.stride, output);
    context.explain(diag::axisOf(context.output().shape, axis), arithmetic);
}

void inferTransposed(InferContext& context) {
    const Params& params = context.params();
    const SpatialLayout layout = spatialLayout(params);
    if (!knownSize(context, layout.channelAxis())) return;
    startFromInput(context, layout);
    TensorType& output = context.output();
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        const Dim length = context.input().shape[axis];
        const WindowAxis window = windowAxis(params, index);
        const std::optional<std::int64_t> added = outputPadding(params, index);
        const std::optional<Dim> slid = slideTransposed(length, window, added);
        if (!slid) {
            context.refuse({diag::Code::WindowTooLarge,
                            "kernel_size",
                            0,
                            {{"what", std::string("kernel")},
                             {"axis", std::int64_t{axis}},
                             {"axis_name", diag::axisOf(output.shape, axis)},
                             {"size", length.sizeOr(0)},
                             {"window", window.size},
                             {"effective", window.effectiveSize()},
                             {"stride", window.stride},
                             {"dilation", window.dilation},
                             {"computed", std::int64_t{0}},
                             {"shape", context.input().shape}}});
            return;
        }
        output.shape.setSize(axis, *slid);
        const double centre = static_cast<double>(window.effectiveSize() - 1) / 2.0;
        const auto stride = static_cast<double>(window.stride);
        rescaleAxis(output, axis, (static_cast<double>(croppedBefore(window, added)) - centre) / stride, 1.0 / stride);
        if (context.isExplaining()) explainAxis(context, axis, length, window, added, *slid);
    }
    output.shape.setSize(layout.channelAxis(), Dim(params.integer("filters")));
    if (context.isExplaining())
        context.explain("channels", fmt::format("filters = {}", params.integer("filters")), "one for each filter");
    inferActivation(context);
}

std::vector<WeightSpec> transposedWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const SpatialLayout layout = spatialLayout(params);
    const Dim channels = inputs[0]->shape[layout.channelAxis()];
    if (!channels.isKnown()) return {};
    const SpatialSizes size = params.spatial("kernel_size", layout.spatialRank);
    tensor::Extents kernel(size.begin(), size.begin() + layout.spatialRank);
    kernel.push_back(params.integer("filters"));
    kernel.push_back(channels.size());
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = std::move(kernel)}};
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias", .extents = {params.integer("filters")}, .initializer = Initializer::Zeros});
    return weights;
}

Result<void> transposedForward(ForwardContext& context) {
    const Params& params = context.params;
    const int axes = spatialRank(params);
    const SpatialCall call(context, params.channelsFirst());
    kernels::TransposedShape shape{.input = call.input(),
                                   .size = kernelSizes(params.spatial("kernel_size", axes), axes),
                                   .strides = kernelSizes(params.spatial("strides", axes), axes),
                                   .dilation = kernelSizes(params.spatial("dilation_rate", axes), axes),
                                   .filters = params.integer("filters")};
    const bool same = params.text("padding") == "same";
    for (int index = 0; index < axes; ++index)
        shape.placeAxis(3 - axes + index, same, outputPadding(params, index).value_or(-1));
    const float* bias = params.flag("use_bias") ? context.weight(1).data() : nullptr;
    activated(
        context, "activation", [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
            call.run(extents, y, [&](float* result) {
                kernels::transposedConvolution(shape, call.x(), context.weight(0).data(),
                                               {.bias = bias, .activation = activation}, result, context.parallel());
            });
        });
    return {};
}

std::int64_t transposedMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                    std::span<const TensorType>) {
    std::int64_t perInput = params.integer("filters");
    for (const std::int64_t cells : params.spatial("kernel_size", spatialRank(params)))
        perInput = saturatingMultiply(perInput, cells);
    return saturatingMultiply(perInput, inputs[0]->shape.elementCount().sizeOr(-1));
}

std::string transposedTelling(const Params& params) {
    const int axes = spatialRank(params);
    const std::string_view padding = params.text("padding");
    return joinTelling({counted(params.integer("filters"), "filter"), windowText(params, "kernel_size", axes, "kernel"),
                        "stride " + spatialText(params, "strides", axes),
                        padding == "valid" ? std::string() : std::string(padding), activationText(params)});
}

LayerType transposedType(int axes, std::string_view className, std::string_view summary, tensor::AxesPattern axesText,
                         std::string_view alias) {
    return {
        .className = className,
        .category = Category::Convolution,
        .title = className,
        .summary = summary,
        .keywords = "deconvolution transposed upsample decoder enlarge fractional stride",
        .doc =
            "Spreads each input cell over a kernel, `strides` cells apart: the transpose of a "
            "convolution.\n\n"
            "Input `[batch, spatial..., channels]`, output `[batch, spatial'..., filters]`, kernel "
            "`[size..., filters, channels]`.\n\n"
            "Length of an axis: valid `(n − 1) s + max(k, s)`, same `n s`; with `output_padding` p valid "
            "`(n − 1) s + k + p`, same `(n − 1) s + k mod 2 + p`, where k is the dilated kernel.\n\n"
            "Reference: <https://keras.io/api/layers/convolution_layers/>",
        .params = transposedParams(axes),
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"filters", "kernel_size", "strides", "padding", "activation"},
        .role = Role::TransposedConvolution,
        .effects = {AxisEffect::Stretches, ChannelEffect::Makes},
        .family = {"ConvTranspose", axes},
        .infer = inferTransposed,
        .check = checkTransposed,
        .weights = transposedWeights,
        .forward = transposedForward,
        .multiplyAdds = transposedMultiplyAdds,
        .tellingText = transposedTelling,
        .foreign = {.classes = {{alias}},
                    .keys = convolutionNames({"filters", "strides", "padding", "data_format", "use_bias"})},
    };
}

}  // namespace

const LayerType& conv1DTranspose() {
    static const LayerType type = transposedType(1, "Conv1DTranspose", "Lengthens time with a trained kernel",
                                                 "(batch, time, channels)", "Convolution1DTranspose");
    return type;
}

const LayerType& conv2DTranspose() {
    static const LayerType type = [] {
        LayerType made = transposedType(2, "Conv2DTranspose", "Enlarges a map with a trained kernel",
                                        "(batch, height, width, channels)", "Convolution2DTranspose");
        made.foreign.classes.push_back({"Deconvolution2D", kKeras1});
        return made;
    }();
    return type;
}

const LayerType& conv3DTranspose() {
    static const LayerType type = [] {
        LayerType made = transposedType(3, "Conv3DTranspose", "Enlarges a volume with a trained kernel",
                                        "(batch, depth, height, width, channels)", "Convolution3DTranspose");
        made.foreign.classes.push_back({.name = "Deconvolution3D", .in = kKeras1, .isTranslated = true});
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
