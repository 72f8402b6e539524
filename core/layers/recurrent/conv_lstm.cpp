// ConvLSTM1D, 2D, 3D: an LSTM whose products are convolutions, for sequences of maps.
// The input convolution has strides, dilation and padding as given; the recurrent one stride 1 and "same".
// Gates i f c o. [batch, time, spatial..., channels] -> [batch, out..., filters], or [batch, time, out...,
// filters] with return_sequences; channels after time with channels_first. With return_state the last state
// and carry follow. Reference: https://keras.io/api/layers/recurrent_layers/conv_lstm2d/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/recurrent.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/recurrent_parts.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::AxisMeaning;
using tensor::Dim;
using tensor::TensorType;

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

/// Of one step: the time axis is not counted.
SpatialLayout stepLayout(const Params& params) { return {spatialRank(params), params.channelsFirst()}; }

int channelAxis(const Params& params) { return stepLayout(params).channelAxis() + 1; }

std::vector<ParamSpec> convLstmParams(int axes) {
    std::vector<ParamSpec> params{
        filtersParam(),
        kernelSizeParam(axes),
        stridesParam(axes),
        paddingParam(),
        dataFormatParam(),
        dilationParam(axes),
        activationParam("activation", "tanh"),
        activationParam("recurrent_activation", "sigmoid"),
        useBiasParam(),
        recurrentFlag("unit_forget_bias", "Start the bias of the forget gate at 1", Affects::Weights, true)};
    appendSequenceParams(params);
    return params;
}

void checkConvLstm(InferContext& context) {
    refuseStrideWithDilation(context, spatialRank(context.params()));
    checkRecurrentActivations(context);
}

WindowAxis windowAxis(const Params& params, int index) {
    const int axes = spatialRank(params);
    const auto i = static_cast<std::size_t>(index);
    return {.size = params.spatial("kernel_size", axes)[i],
            .stride = params.spatial("strides", axes)[i],
            .dilation = params.spatial("dilation_rate", axes)[i],
            .padding = windowPadding(params.text("padding"))};
}

/// Length of a spatial axis of a step; refuses WindowTooLarge.
std::optional<Dim> slideAxis(InferContext& context, int index) {
    const Params& params = context.params();
    const int axis = stepLayout(params).spatialAxis(index) + 1;
    const Dim length = context.input().shape[axis];
    const WindowAxis window = windowAxis(params, index);
    const SlidLength slid = slide(length, window);
    if (context.isExplaining())
        context.explain(diag::Axis{stepLayout(params).usualMeaning(index), axis},
                        diag::say("{} → {}", length, slid.output), params.text("padding") == "same" ? "same" : "valid");
    if (slid.fits) return slid.output;
    context.refuse({diag::Code::WindowTooLarge,
                    "kernel_size",
                    0,
                    {{"what", std::string("kernel")},
                     {"axis", std::int64_t{axis}},
                     {"axis_name", diag::Axis{stepLayout(params).usualMeaning(index), axis}},
                     {"size", length.size()},
                     {"window", window.size},
                     {"effective", window.effectiveSize()},
                     {"stride", window.stride},
                     {"dilation", window.dilation},
                     {"computed", slid.computed},
                     {"shape", context.input().shape}}});
    return std::nullopt;
}

void inferConvLstm(InferContext& context) {
    const Params& params = context.params();
    const tensor::Shape& input = context.input().shape;
    const SpatialLayout layout = stepLayout(params);
    if (params.flag("stateful") && !knownSize(context, 0)) return;
    if (!knownSize(context, channelAxis(params))) return;
    tensor::Shape step;  // [batch, spatial..., filters] in the layout of the input
    step.append(input[0], AxisMeaning::Batch);
    for (int axis = 1; axis <= layout.spatialRank + 1; ++axis) step.append(Dim());
    for (int index = 0; index < layout.spatialRank; ++index) {
        if (!knownSize(context, layout.spatialAxis(index) + 1)) return;
        const std::optional<Dim> length = slideAxis(context, index);
        if (!length) return;
        step.setSize(layout.spatialAxis(index), *length);
        step.setMeaning(layout.spatialAxis(index), layout.usualMeaning(index));
    }
    step.setSize(layout.channelAxis(), Dim(params.integer("filters")));
    step.setMeaning(layout.channelAxis(), AxisMeaning::Channels);

    if (!checkInitialStates(context, step)) return;
    TensorType& output = context.output();
    if (params.flag("return_sequences")) {
        output.shape.append(input[0], AxisMeaning::Batch);
        output.shape.append(input[1], AxisMeaning::Time);
        for (int axis = 1; axis < step.rank(); ++axis) output.shape.append(step[axis], step.meaning(axis));
    } else {
        output.shape = step;
    }
    const int steps = params.flag("return_sequences") ? 1 : 0;
    if (steps == 1 && !params.flag("go_backwards")) takeScale(output, 1, context.input(), 1);
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        takeScale(output, axis + steps, context.input(), axis + 1);
        const WindowAxis window = windowAxis(params, index);
        rescaleBySliding(output, axis + steps, window, slide(input[axis + 1], window));
    }
    if (params.flag("return_state"))
        for (int state = 1; state <= 2; ++state) context.output(state).shape = step;
}

std::vector<WeightSpec> convLstmWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const Dim channels = inputs[0]->shape[channelAxis(params)];
    if (!channels.isKnown()) return {};
    const std::int64_t filters = params.integer("filters");
    const SpatialSizes size = params.spatial("kernel_size", spatialRank(params));
    tensor::Extents kernel(size.begin(), size.begin() + spatialRank(params));
    tensor::Extents recurrent = kernel;
    kernel.insert(kernel.end(), {channels.size(), saturatingMultiply(4, filters)});
    recurrent.insert(recurrent.end(), {filters, saturatingMultiply(4, filters)});
    std::vector<WeightSpec> weights{
        {.name = "kernel", .extents = std::move(kernel)},
        {.name = "recurrent_kernel", .extents = std::move(recurrent), .initializer = Initializer::Orthogonal}};
    if (params.flag("use_bias"))
        weights.push_back(
            {.name = "bias",
             .extents = {saturatingMultiply(4, filters)},
             .initializer = params.flag("unit_forget_bias") ? Initializer::UnitForgetBias : Initializer::Zeros});
    return weights;
}

/// [batch, time, ...] seen as [batch * time, ...], and back.
tensor::Extents stepsExtents(const tensor::Extents& extents) {
    tensor::Extents steps{extents[0] * extents[1]};
    steps.insert(steps.end(), extents.begin() + 2, extents.end());
    return steps;
}

/// Moves a channels-last result of [count, spatial..., filters] to where the layer wants it.
void hand(const ForwardContext& context, const tensor::Tensor& last, tensor::Tensor& target) {
    if (context.params.channelsFirst())
        kernels::channelsLastToFirst(last.extents(), last.data(), target.data(), context.parallel());
    else
        std::copy(last.values().begin(), last.values().end(), target.data());
}

/// `x` in channels-last memory; `moved` holds it where it has to be moved. extents: those of x.
const float* channelsLast(const ForwardContext& context, const tensor::Extents& extents, const float* x,
                          tensor::Tensor& moved) {
    if (!context.params.channelsFirst() || x == nullptr) return x;
    moved = tensor::Tensor(kernels::channelsLastExtents(extents));
    kernels::channelsFirstToLast(extents, x, moved.data(), context.parallel());
    return moved.data();
}

kernels::ConvLstmShape convLstmShape(const Params& params, const tensor::Tensor& x) {
    const int axes = spatialRank(params);
    tensor::Extents step = stepsExtents(x.extents());
    step[0] = x.size(0);
    if (params.channelsFirst()) step = kernels::channelsLastExtents(step);
    kernels::ConvLstmShape shape;
    shape.time = x.size(1);
    shape.input = kernels::imageSize(step);
    shape.filters = params.integer("filters");
    shape.window = {.size = kernelSizes(params.spatial("kernel_size", axes), axes),
                    .strides = kernelSizes(params.spatial("strides", axes), axes),
                    .dilation = kernelSizes(params.spatial("dilation_rate", axes), axes)};
    if (params.text("padding") == "same") shape.window.padSame(shape.input.spatial);
    return shape;
}

Result<void> convLstmForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const kernels::ConvLstmShape shape = convLstmShape(params, x);
    const tensor::Extents state = kernels::imageExtents(shape.output(), spatialRank(params));
    const tensor::Extents stateGiven = params.channelsFirst() ? kernels::channelsFirstExtents(state) : state;
    tensor::Tensor moved;
    tensor::Tensor movedState;
    tensor::Tensor movedCarry;
    const float* values = channelsLast(context, stepsExtents(x.extents()), x.data(), moved);
    kernels::RecurrentOptions options = recurrentOptions(context);
    options.initialState = channelsLast(context, stateGiven, options.initialState, movedState);
    options.initialCarry = channelsLast(context, stateGiven, options.initialCarry, movedCarry);
    const kernels::RecurrentWeights weights{.kernel = context.weight(0).data(),
                                            .recurrentKernel = context.weight(1).data(),
                                            .bias = params.flag("use_bias") ? context.weight(2).data() : nullptr};

    tensor::Extents main = state;
    if (params.flag("return_sequences")) main[0] = x.size(0) * x.size(1);
    tensor::Tensor mainValues(main);
    tensor::Tensor stateValues(state);
    tensor::Tensor carryValues(state);
    kernels::RecurrentOutputs outputs{.state = stateValues.data(), .carry = carryValues.data()};
    (params.flag("return_sequences") ? outputs.sequence : outputs.last) = mainValues.data();
    kernels::convLstm(shape, values, weights, options, outputs, context.parallel());

    hand(context, mainValues, context.output());
    if (params.flag("return_state")) {
        hand(context, stateValues, context.output(1));
        hand(context, carryValues, context.output(2));
    }
    return {};
}

std::int64_t convLstmMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                  std::span<const TensorType> outputs) {
    const tensor::Shape& input = inputs[0]->shape;
    const std::int64_t filters = params.integer("filters");
    std::int64_t perPosition = saturatingMultiply(saturatingMultiply(4, filters),
                                                  saturatingAdd(input[channelAxis(params)].sizeOr(0), filters));
    for (const std::int64_t cells : params.spatial("kernel_size", spatialRank(params)))
        perPosition = saturatingMultiply(perPosition, cells);
    const Dim count = outputs[0].shape.elementCount();
    if (!count.isKnown() || !input[1].isKnown()) return -1;
    const std::int64_t steps = params.flag("return_sequences") ? 1 : input[1].size();
    return saturatingMultiply(saturatingMultiply(count.size() / filters, steps), perPosition);
}

std::string convLstmTelling(const Params& params) {
    return joinTelling({counted(params.integer("filters"), "filter"),
                        spatialText(params, "kernel_size", spatialRank(params)),
                        params.flag("return_sequences") ? std::string("all steps") : std::string("last step")});
}

LayerType convLstmType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    return {
        .className = className,
        .category = Category::Recurrent,
        .title = className,
        .summary = "An LSTM whose products are convolutions",
        .keywords = "recurrent convolution video sequence frames lstm",
        .doc =
            "Gates i, f, c, o as in LSTM, each a convolution of the step plus a convolution of the state.\n\n"
            "Input `[batch, time, spatial..., channels]`, output `[batch, spatial'..., filters]`, or "
            "`[batch, time, spatial'..., filters]` with `return_sequences`. Kernel `[size..., channels, 4 "
            "filters]`, recurrent "
            "kernel `[size..., filters, 4 filters]`. The spatial sizes must be known.\n\n"
            "Reference: <https://keras.io/api/layers/recurrent_layers/>",
        .params = convLstmParams(axes),
        .inputs = recurrentPorts({.name = "input", .minimumRank = axes + 3, .maximumRank = axes + 3, .axes = axesText},
                                 axes + 2, "(batch, spatial..., filters)", true),
        .outputs = {"output", "state", "carry"},
        .telling = {"filters", "kernel_size", "return_sequences"},
        .role = Role::ConvRecurrent,
        .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
        .goesStepByStep = true,
        .family = {"ConvLSTM", axes},
        .masks = Masks::Compute,
        .infer = inferConvLstm,
        .check = checkConvLstm,
        .weights = convLstmWeights,
        .forward = convLstmForward,
        .multiplyAdds = convLstmMultiplyAdds,
        .tellingText = convLstmTelling,
        .foreign =
            {.keys = joined(joined(convolutionNames({"filters", "strides", "padding", "data_format", "use_bias"}),
                                   recurrentNames()),
                            {{"inner_activation", "recurrent_activation"}}),
             // Keras 3 changed the default to sigmoid. Sources: keras/layers/convolutional_recurrent.py at 2.3.1,
             // keras/layers/rnn/conv_lstm2d.py of tf.keras 2.15, tfjs-layers 4.22 (the cell is an LSTMCell).
             .defaults = {{"recurrent_activation", "hard_sigmoid_keras2", kBeforeKeras3},
                          {"unit_forget_bias", false, kTensorFlowJs}},
             .ignored = recurrentIgnored()},
    };
}

}  // namespace

const LayerType& convLSTM1D() {
    static const LayerType type = convLstmType(1, "ConvLSTM1D", "(batch, time, steps, channels)");
    return type;
}

const LayerType& convLSTM2D() {
    static const LayerType type = convLstmType(2, "ConvLSTM2D", "(batch, time, height, width, channels)");
    return type;
}

const LayerType& convLSTM3D() {
    static const LayerType type = convLstmType(3, "ConvLSTM3D", "(batch, time, depth, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
