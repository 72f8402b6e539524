#include "core/layers/parts/common_params.h"

#include "core/base/checked_math.h"
#include "core/layers/parts/activation_choice.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

ParamSpec filtersParam() {
    return {.key = "filters",
            .kind = ParamKind::Integer,
            .help = "Number of filters, which is the number of output channels",
            .required = true,
            .initial = 32,
            .minimum = 1,
            .affects = Affects::Shape};
}

ParamSpec kernelSizeParam(int axes) {
    return {.key = "kernel_size",
            .kind = ParamKind::Spatial,
            .help = "Length of the kernel along each spatial axis",
            .required = true,
            .initial = 3,
            .minimum = 1,
            .axes = axes};
}

ParamSpec stridesParam(int axes) {
    return {.key = "strides",
            .kind = ParamKind::Spatial,
            .fallback = 1,
            .help = "Step of the window along each spatial axis",
            .minimum = 1,
            .axes = axes};
}

ParamSpec dilationParam(int axes) {
    return {.key = "dilation_rate",
            .kind = ParamKind::Spatial,
            .fallback = 1,
            .help = "Distance between neighbouring cells of the kernel; 1 means no gaps",
            .minimum = 1,
            .axes = axes};
}

ParamSpec paddingParam(bool withCausal) {
    ParamSpec spec{.key = "padding",
                   .kind = ParamKind::Choice,
                   .fallback = "valid",
                   .help = "valid adds nothing; same adds zeros so that stride 1 keeps the length",
                   .choices = {"valid", "same"}};
    if (withCausal) {
        spec.help =
            "valid adds nothing; same keeps the length; causal adds zeros before, so that no output sees later samples";
        spec.choices.emplace_back("causal");
    }
    return spec;
}

ParamSpec dataFormatParam() {
    return {.key = "data_format",
            .kind = ParamKind::Choice,
            .help = "Where the channel axis stands; None means channels_last",
            .noneAllowed = true,
            .noneMeans = "channels_last",
            .choices = {"channels_last", "channels_first"}};
}

ParamSpec activationParam(std::string_view key, std::string_view fallback) {
    return {.key = key,
            .kind = ParamKind::Activation,
            .fallback = fallback.empty() ? Value() : Value(fallback),
            .help = "Function applied to each output value; None leaves it as it is",
            .noneAllowed = true,
            .choices = activationChoices(),
            .affects = Affects::Shape};
}

ParamSpec useBiasParam() {
    return {.key = "use_bias",
            .kind = ParamKind::Boolean,
            .fallback = true,
            .help = "Add a trained number to each output channel",
            .affects = Affects::Weights};
}

std::string spatialText(const Params& params, ParamKey key, int axes) {
    const SpatialSizes sizes = params.spatial(key, axes);
    std::string text;
    for (int axis = 0; axis < axes; ++axis)
        text += fmt::format("{}{}", axis == 0 ? "" : "×", sizes[static_cast<std::size_t>(axis)]);
    return text;
}

std::string windowText(const Params& params, ParamKey key, int axes, std::string_view word) {
    const std::string sizes = spatialText(params, key, axes);
    return axes == 1 ? fmt::format("{} {}", word, sizes) : sizes;
}

std::string joinTelling(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        if (!text.empty()) text += " · ";
        text += part;
    }
    return text;
}

std::string activationText(const Params& params, ParamKey key) {
    const std::string name = params.activation(key);
    return name == "linear" ? std::string() : name;
}

void refuseStrideWithDilation(InferContext& context, int axes) {
    const Params& params = context.params();
    const SpatialSizes strides = params.spatial("strides", axes);
    const SpatialSizes dilation = params.spatial("dilation_rate", axes);
    const auto aboveOne = [](std::int64_t number) { return number > 1; };
    if (!std::any_of(strides.begin(), strides.end(), aboveOne) ||
        !std::any_of(dilation.begin(), dilation.end(), aboveOne))
        return;
    context.refuse({diag::Code::ParameterConflict,
                    "dilation_rate",
                    -1,
                    {{"first", std::string("strides")},
                     {"first_value", params["strides"]},
                     {"second", std::string("dilation_rate")},
                     {"second_value", params["dilation_rate"]},
                     {"rule", std::string("Keras takes either strides or dilation_rate above 1, never both")}}});
}

std::optional<std::int64_t> knownSize(InferContext& context, int axis) {
    const tensor::Shape& shape = context.input().shape;
    if (shape[axis].isKnown()) return shape[axis].size();
    tensor::Shape named = shape;
    if (named.meaning(axis) == tensor::AxisMeaning::Unknown && axis == shape.rank() - 1)
        named.setMeaning(axis, tensor::AxisMeaning::Features);
    context.refuse({diag::Code::SizeUnknown,
                    {},
                    0,
                    {{"axis", std::int64_t{axis}},
                     {"axis_name", diag::axisOf(named, axis)},
                     {"size", shape[axis]},
                     {"shape", shape}}});
    return std::nullopt;
}

void keepInput(InferContext& context) {
    context.output() = context.input();
    if (context.isExplaining()) context.explain("shape", context.input().shape, "kept");
}

void inferActivation(InferContext& context, ParamKey key) {
    if (context.params()[key].isNone() || context.params().activation(key) != "glu") return;
    tensor::TensorType& output = context.output();
    const int last = output.shape.rank() - 1;
    const std::optional<tensor::Dim> half = divideExactly(output.shape[last], 2);
    if (!half && output.shape[last].isKnown())
        context.refuse(
            {diag::Code::GroupsNotDividing,
             key.name,
             -1,
             {{"what", std::string("channels")}, {"value", output.shape[last].size()}, {"groups", std::int64_t{2}}}});
    if (context.isExplaining())
        context.explain("activation", "glu", "multiplies one half of the last axis with the other");
    output.shape.setSize(last, half.value_or(tensor::Dim::unknown()));
}

std::optional<int> axisIndex(InferContext& context, std::string_view key, std::int64_t axis, int lowest) {
    const tensor::Shape& shape = context.input().shape;
    const std::int64_t index = axis < 0 ? axis + shape.rank() : axis;
    if (index >= lowest && index < shape.rank()) return static_cast<int>(index);
    context.refuse({diag::Code::AxisOutOfRange,
                    key,
                    0,
                    {{"axis", axis},
                     {"lowest", std::int64_t{lowest == 0 ? -shape.rank() : lowest}},
                     {"highest", std::int64_t{shape.rank()} - 1},
                     {"rank", std::int64_t{shape.rank()}},
                     {"shape", shape}}});
    return std::nullopt;
}

ParamSpec rateParam(std::string_view help) {
    return {.key = "rate",
            .kind = ParamKind::Real,
            .help = help,
            .required = true,
            .initial = 0.5,
            .minimum = 0.0,
            .maximum = 1.0,
            .affects = Affects::Nothing};
}

ParamSpec seedParam() {
    return {.key = "seed",
            .kind = ParamKind::Integer,
            .help = "Start of the random numbers while training; None for another each time",
            .noneAllowed = true,
            .affects = Affects::Nothing};
}

std::int64_t twoPerValue(const Params&, std::span<const tensor::TensorType* const>,
                         std::span<const tensor::TensorType> outputs) {
    const tensor::Dim count = outputs[0].shape.elementCount();
    return count.isKnown() ? saturatingMultiply(2, count.size()) : -1;
}

}  // namespace shapewise::layers
