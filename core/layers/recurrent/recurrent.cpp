// SimpleRNN, LSTM, GRU: a state carried from step to step.
//   SimpleRNN: h' = activation(x·W + h·U + b)
//   LSTM: i, f, o = recurrent_activation(...), c' = f*c + i*activation(...), h' = o*activation(c'); gates i f
//   c o GRU: z, r = recurrent_activation(...), h' = z*h + (1 - z)*candidate; gates z r h; reset_after: r
//   after the product
// [batch, time, features] -> [batch, units], or [batch, time, units] with return_sequences; then the states
// with return_state. Reference: https://keras.io/api/layers/recurrent_layers/

#include "core/kernels/recurrent.h"
#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/recurrent_parts.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

enum class Cell { Simple, Lstm, Gru };

/// Which cell a type is, from what only that cell has.
Cell cellOf(const Params& params) {
    if (params.type().param("unit_forget_bias") != nullptr) return Cell::Lstm;
    return params.type().param("reset_after") != nullptr ? Cell::Gru : Cell::Simple;
}

std::int64_t gatesOf(Cell cell) { return cell == Cell::Simple ? 1 : cell == Cell::Lstm ? 4 : 3; }

std::vector<ParamSpec> recurrentParams(Cell cell) {
    std::vector<ParamSpec> params{{.key = "units",
                                   .kind = ParamKind::Integer,
                                   .help = "Size of the state and of the output",
                                   .required = true,
                                   .initial = 32,
                                   .minimum = 1},
                                  activationParam("activation", "tanh")};
    if (cell != Cell::Simple) params.push_back(activationParam("recurrent_activation", "sigmoid"));
    params.push_back(useBiasParam());
    if (cell == Cell::Lstm)
        params.push_back(
            recurrentFlag("unit_forget_bias", "Start the bias of the forget gate at 1", Affects::Weights, true));
    appendSequenceParams(params);
    params.push_back(
        recurrentFlag("unroll", "Unroll the loop while training; needs a known number of steps", Affects::Shape));
    if (cell == Cell::Gru)
        params.push_back(recurrentFlag("reset_after", "Apply the reset gate after the product with the state",
                                       Affects::Weights, true));
    return params;
}

void inferRecurrent(InferContext& context) {
    const Params& params = context.params();
    const Cell cell = cellOf(params);
    if (params.flag("stateful") && !knownSize(context, 0)) return;
    if (params.flag("unroll") && !knownSize(context, 1)) return;
    if (!knownSize(context, 2)) return;
    inferSequence(context, cell == Cell::Lstm ? 2 : 1);
}

std::vector<WeightSpec> recurrentWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Dim features = inputs[0]->shape[2];
    if (!features.isKnown()) return {};
    const Cell cell = cellOf(params);
    const std::int64_t units = params.integer("units");
    const std::int64_t columns = saturatingMultiply(gatesOf(cell), units);
    std::vector<WeightSpec> weights{
        {.name = "kernel", .extents = {features.size(), columns}},
        {.name = "recurrent_kernel", .extents = {units, columns}, .initializer = Initializer::Orthogonal}};
    if (!params.flag("use_bias")) return weights;
    const bool twoRows = cell == Cell::Gru && params.flag("reset_after");
    const bool forget = cell == Cell::Lstm && params.flag("unit_forget_bias");
    weights.push_back({.name = "bias",
                       .extents = twoRows ? tensor::Extents{2, columns} : tensor::Extents{columns},
                       .initializer = forget ? Initializer::UnitForgetBias : Initializer::Zeros});
    return weights;
}

Result<void> recurrentForward(ForwardContext& context) {
    const Params& params = context.params;
    const Cell cell = cellOf(params);
    const tensor::Tensor& x = context.input();
    const kernels::RecurrentShape shape{
        .batch = x.size(0), .time = x.size(1), .inputs = x.size(2), .units = params.integer("units")};
    const kernels::RecurrentWeights weights{.kernel = context.weight(0).data(),
                                            .recurrentKernel = context.weight(1).data(),
                                            .bias = params.flag("use_bias") ? context.weight(2).data() : nullptr};
    const kernels::RecurrentOptions options = recurrentOptions(context);
    kernels::RecurrentOutputs outputs;
    (params.flag("return_sequences") ? outputs.sequence : outputs.last) = context.output().data();
    if (params.flag("return_state")) {
        outputs.state = context.output(1).data();
        if (cell == Cell::Lstm) outputs.carry = context.output(2).data();
    }
    switch (cell) {
        case Cell::Simple: kernels::simpleRnn(shape, x.data(), weights, options, outputs, context.parallel()); break;
        case Cell::Lstm: kernels::lstm(shape, x.data(), weights, options, outputs, context.parallel()); break;
        case Cell::Gru: kernels::gru(shape, x.data(), weights, options, outputs, context.parallel()); break;
    }
    return {};
}

std::int64_t recurrentMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                   std::span<const TensorType>) {
    return gatedMultiplyAdds(params, inputs[0]->shape, gatesOf(cellOf(params)));
}

std::string recurrentTelling(const Params& params) {
    const std::string activation = params.activation("activation");
    return sequenceTelling(params, activation == "tanh" ? std::string() : activation);
}

constexpr Dialects kGatesOfHardSigmoid{Dialect::Keras1, Dialect::Keras2, Dialect::TfKeras1, Dialect::TensorFlowJs};

Foreign recurrentForeign(Cell cell) {
    Foreign foreign{
        .keys = joined(joined(kernelNames(), recurrentNames()), {{"output_dim", "units"}, forgetBiasName()}),
        .ignored = recurrentIgnored(),
        .gaps = recurrentGaps()};
    // Keras 2.3 and tf.keras 2 changed the default to sigmoid; formulas: layers/parts/activation_choice.cpp. Sources:
    // keras/layers/recurrent.py at 1.2.2, 2.2.4 and 2.3.1, keras/layers/rnn of tf.keras 2.15, tfjs-layers 4.22
    // (recurrent.ts: DEFAULT_RECURRENT_ACTIVATION; unitForgetBias has no default and is off when absent).
    if (cell != Cell::Simple) {
        foreign.keys.push_back({"inner_activation", "recurrent_activation"});
        foreign.defaults.push_back({"recurrent_activation", "hard_sigmoid_keras2", kGatesOfHardSigmoid});
    }
    if (cell == Cell::Lstm) foreign.defaults.push_back({"unit_forget_bias", false, kTensorFlowJs});
    if (cell != Cell::Gru) return foreign;
    foreign.defaults.push_back({"reset_after", false, kBeforeTfKeras2});
    return foreign;
}

LayerType recurrentType(Cell cell, std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Recurrent,
            .title = className,
            .summary = summary,
            .keywords = "recurrent rnn sequence time memory state",
            .doc = doc,
            .params = recurrentParams(cell),
            .inputs =
                recurrentPorts({.name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, features)"},
                               2, "(batch, units)", cell == Cell::Lstm),
            .outputs = cell == Cell::Lstm ? std::vector<std::string_view>{"output", "state", "carry"}
                                          : std::vector<std::string_view>{"output", "state"},
            .telling = {"units", "return_sequences"},
            .role = Role::Recurrent,
            .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
            .goesStepByStep = true,
            .masks = Masks::Compute,
            .infer = inferRecurrent,
            .check = checkRecurrentActivations,
            .weights = recurrentWeights,
            .forward = recurrentForward,
            .multiplyAdds = recurrentMultiplyAdds,
            .tellingText = recurrentTelling,
            .foreign = recurrentForeign(cell)};
}

}  // namespace

const LayerType& simpleRNN() {
    static const LayerType type = recurrentType(
        Cell::Simple, "SimpleRNN", "Carries one state from step to step",
        "$h_t = activation(x_t W + h_{t-1} U + b)$\n\n"
        "Input `[batch, time, features]`, output `[batch, units]`, or `[batch, time, units]` with "
        "`return_sequences`; then the last state with `return_state`. Kernel `[features, units]`, recurrent "
        "kernel "
        "`[units, units]`.\n\nReference: <https://keras.io/api/layers/recurrent_layers/simple_rnn/>");
    return type;
}

const LayerType& lSTM() {
    static const LayerType type =
        recurrentType(Cell::Lstm, "LSTM", "Remembers over long sequences with gates",
                      "Gates i, f, c, o: $c_t = f c_{t-1} + i\\, activation(..)$, $h_t = o\\, activation(c_t)$.\n\n"
                      "Input `[batch, time, features]`, output `[batch, units]`, or `[batch, time, units]` with "
                      "`return_sequences`; then state and carry with `return_state`. Kernel `[features, 4 units]`, "
                      "recurrent "
                      "kernel `[units, 4 units]`.\n\nReference: <https://keras.io/api/layers/recurrent_layers/lstm/>");
    return type;
}

const LayerType& gRU() {
    static const LayerType type =
        recurrentType(Cell::Gru, "GRU", "Remembers with two gates, lighter than LSTM",
                      "Gates z, r, h: $h_t = z h_{t-1} + (1 - z)\\, candidate$.\n\n"
                      "Input `[batch, time, features]`, output `[batch, units]`, or `[batch, time, units]` with "
                      "`return_sequences`; then the last state with `return_state`. Kernel `[features, 3 units]`, "
                      "recurrent kernel "
                      "`[units, 3 units]`, bias `[2, 3 units]` with `reset_after`.\n\n"
                      "Reference: <https://keras.io/api/layers/recurrent_layers/gru/>");
    return type;
}

}  // namespace shapewise::layers
