#include "core/layers/parts/recurrent_parts.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/parts/activation_choice.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

ParamSpec dropoutParam(std::string_view key, std::string_view help) {
    return {.key = key,
            .kind = ParamKind::Real,
            .fallback = 0.0,
            .help = help,
            .minimum = 0.0,
            .maximum = 1.0,
            .affects = Affects::Nothing};
}

void refuseState(InferContext& context, int index, const tensor::Shape& needed, int axis) {
    const tensor::Shape& state = context.input(index).shape;
    if (axis == 0) {
        context.refuse(
            {diag::Code::BatchMismatch,
             {},
             index,
             {{"shape", state}, {"other", context.input(0).shape}, {"size", state[0]}, {"other_size", needed[0]}}});
        return;
    }
    context.refuse({diag::Code::AxisSizesDiffer,
                    {},
                    index,
                    {{"shape", state},
                     {"other", context.input(0).shape},
                     {"axis", std::int64_t{axis}},
                     {"axis_name", diag::axisOf(needed, axis)},
                     {"size", state[axis]},
                     {"other_axis", std::int64_t{-1}},
                     {"other_size", needed[axis]}}});
}

const float* stateAt(const ForwardContext& context, int port) {
    const tensor::Tensor* state = context.inputAtPort(port);
    return state != nullptr ? state->data() : nullptr;
}

}  // namespace

ParamSpec recurrentFlag(std::string_view key, std::string_view help, Affects affects, bool fallback) {
    return {.key = key,
            .kind = ParamKind::Boolean,
            .fallback = fallback,
            .help = help,
            .noneAllowed = true,
            .affects = affects};
}

void appendSequenceParams(std::vector<ParamSpec>& params) {
    params.push_back(dropoutParam("dropout", "Share of the inputs dropped while training"));
    params.push_back(dropoutParam("recurrent_dropout", "Share of the state dropped while training"));
    params.push_back(
        recurrentFlag("return_sequences", "Give the output of every step, not only the last", Affects::Shape));
    params.push_back(recurrentFlag("return_state", "Give the last state as well", Affects::Shape));
    params.push_back(recurrentFlag("go_backwards", "Read the sequence from its end", Affects::Values));
    params.push_back(
        recurrentFlag("stateful", "Keep the state from batch to batch; needs a known batch size", Affects::Shape));
    params.push_back(recurrentFlag("zero_output_for_mask", "Give 0 at steps that a mask hides, not the output before",
                                   Affects::Values));
}

std::vector<PortSpec> recurrentPorts(const PortSpec& input, int stateRank, tensor::AxesPattern axes, bool hasCarry) {
    std::vector<PortSpec> ports{input};
    for (const std::string_view name : {std::string_view("initial state"), std::string_view("initial carry")})
        if (name == "initial state" || hasCarry)
            ports.push_back({.name = name,
                             .optional = true,
                             .minimumRank = stateRank,
                             .maximumRank = stateRank,
                             .axes = axes,
                             .passedAs = PassedAs::State});
    return ports;
}

void checkRecurrentActivations(InferContext& context) {
    for (const std::string_view key : {std::string_view("activation"), std::string_view("recurrent_activation")}) {
        const LayerType& type = context.params().type();
        if (type.param(key) == nullptr || context.params().activation(ParamKey::of(key)) != "glu") continue;
        context.refuse({diag::Code::ParameterRange,
                        key,
                        -1,
                        {{"value", context.params()[ParamKey::of(key)]},
                         {"expected", std::string("a function that keeps the size; glu halves it")}}});
    }
}

bool checkInitialStates(InferContext& context, const tensor::Shape& state) {
    for (int index = 0; index < context.inputCount(); ++index) {
        if (context.portOf(index) < kInitialStatePort) continue;
        const tensor::Shape& given = context.input(index).shape;
        for (int axis = 0; axis < state.rank(); ++axis)
            if (!mayBeEqual(given[axis], state[axis])) {
                refuseState(context, index, state, axis);
                return false;
            }
    }
    return true;
}

void inferSequence(InferContext& context, int states) {
    const Params& params = context.params();
    const tensor::Shape input = context.input().shape;
    const std::int64_t units = params.integer("units");
    tensor::Shape state;
    state.append(input[0], tensor::AxisMeaning::Batch);
    state.append(tensor::Dim(units), tensor::AxisMeaning::Features);
    if (!checkInitialStates(context, state)) return;

    tensor::TensorType& output = context.output();
    output.shape.append(input[0], tensor::AxisMeaning::Batch);
    if (params.flag("return_sequences")) {
        output.shape.append(input[1], tensor::AxisMeaning::Time);
        if (context.input().scale(1).kind != tensor::AxisScale::Kind::None && !params.flag("go_backwards")) {
            output.scales = context.input().scales;
            dropScale(output, 2);
            dropValueKind(output);
        }
    }
    output.shape.append(tensor::Dim(units), tensor::AxisMeaning::Features);
    if (params.flag("return_state"))
        for (int index = 1; index <= states; ++index) context.output(index).shape = state;
    if (!context.isExplaining()) return;
    context.explain("time", params.flag("return_sequences") ? diag::Phrase(input[1]) : diag::Phrase("last step"),
                    params.flag("return_sequences") ? "one output for each step" : "return_sequences gives all steps");
    context.explain("features", fmt::format("units = {}", units));
}

kernels::RecurrentOptions recurrentOptions(ForwardContext& context) {
    const Params& params = context.params;
    kernels::RecurrentOptions options;
    options.activation = activationOf(params["activation"]);
    if (params.type().param("recurrent_activation") != nullptr)
        options.recurrentActivation = activationOf(params["recurrent_activation"]);
    if (params.type().param("reset_after") != nullptr) options.resetAfter = params.flag("reset_after");
    options.goBackwards = params.flag("go_backwards");
    options.zeroMaskedOutput = params.flag("zero_output_for_mask");
    options.mask = stepMask(context.inputMask(), context.input().size(0), context.input().size(1));
    if (options.mask != nullptr && params.flag("return_sequences")) context.giveMask(*context.inputMask());
    options.initialState = stateAt(context, kInitialStatePort);
    if (params.type().outputs.size() > 2) options.initialCarry = stateAt(context, kInitialCarryPort);
    return options;
}

std::int64_t gatedMultiplyAdds(const Params& params, const tensor::Shape& input, std::int64_t gates) {
    if (!input.isFullyKnown()) return -1;
    const std::int64_t units = params.integer("units");
    const std::int64_t perStep =
        saturatingMultiply(saturatingMultiply(gates, units), saturatingAdd(input[2].size(), units));
    return saturatingMultiply(saturatingMultiply(input[0].size(), input[1].size()), perStep);
}

std::string sequenceTelling(const Params& params, std::string more) {
    return joinTelling({counted(params.integer("units"), "unit"),
                        params.flag("return_sequences") ? std::string("all steps") : std::string("last step"),
                        std::move(more)});
}

}  // namespace shapewise::layers
