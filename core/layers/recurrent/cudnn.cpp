// CuDNNLSTM, CuDNNGRU of Keras 2: LSTM and GRU with the weights as the library cuDNN wants them.
// For each gate the input kernel's block [features, units] holds its transpose, row by row, the recurrent one its
// transpose; there is one bias for the input and one for the state, whose sum counts (GRU: reset_after).
// Reference: keras/layers/cudnn_recurrent.py, keras/engine/saving.py (_convert_rnn_weights) of Keras 2.x

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/recurrent_parts.h"
#include "core/layers/parts/sliding.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

bool isLstm(const Params& params) { return params.type().param("unit_forget_bias") != nullptr; }
std::int64_t gatesOf(const Params& params) { return isLstm(params) ? 4 : 3; }

void inferCudnn(InferContext& context) {
    if (context.params().flag("stateful") && !knownSize(context, 0)) return;
    if (!knownSize(context, 2)) return;
    inferSequence(context, isLstm(context.params()) ? 2 : 1);
}

std::vector<WeightSpec> cudnnWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Dim features = inputs[0]->shape[2];
    if (!features.isKnown()) return {};
    const std::int64_t units = params.integer("units");
    const std::int64_t columns = saturatingMultiply(gatesOf(params), units);
    std::vector<WeightSpec> weights{
        {.name = "kernel", .extents = {features.size(), columns}},
        {.name = "recurrent_kernel", .extents = {units, columns}, .initializer = Initializer::Orthogonal},
        {.name = "bias", .extents = {saturatingMultiply(2, columns)}, .initializer = Initializer::Zeros}};
    if (isLstm(params) && params.flag("unit_forget_bias")) {
        weights.back().initializer = Initializer::Fixed;
        weights.back().fixed = [units](std::span<float> values) {
            std::fill(values.begin(), values.end(), 0.0F);
            // fits: a tensor in memory
            std::fill_n(values.begin() + 5 * units, units, 1.0F);  // the state's forget gate
        };
    }
    return weights;
}

/// Rows of the kernel as LSTM and GRU have it. `isRecurrent`: a block is its own transpose; else its values stand in
/// the order of the transpose.
tensor::Tensor plainKernel(const tensor::Tensor& kernel, std::int64_t units, bool isRecurrent) {
    const std::int64_t rows = kernel.size(0);
    const std::int64_t columns = kernel.size(1);
    tensor::Tensor plain(kernel.extents());
    for (std::int64_t gate = 0; gate < columns; gate += units)
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t unit = 0; unit < units; ++unit) {
                const std::int64_t at = unit * rows + row;  // in the block, row by row
                const std::int64_t from =
                    // fits: a tensor in memory
                    isRecurrent ? unit * columns + gate + row : at / units * columns + gate + at % units;
                plain.data()[row * columns + gate + unit] = kernel.data()[from];
            }
    return plain;
}

Result<void> cudnnForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const std::int64_t units = params.integer("units");
    if (context.inputMask() != nullptr)
        return failure("cuDNN layers take no mask", "Use LSTM or GRU, or take the Masking or mask_zero away");
    const kernels::RecurrentShape shape{.batch = x.size(0), .time = x.size(1), .inputs = x.size(2), .units = units};
    const tensor::Tensor kernel = plainKernel(context.weight(0), units, false);
    const tensor::Tensor recurrent = plainKernel(context.weight(1), units, true);
    tensor::Tensor bias = context.weight(2);
    const std::int64_t half = bias.count() / 2;
    for (std::int64_t at = 0; isLstm(params) && at < half; ++at) bias.data()[at] += bias.data()[half + at];
    const kernels::RecurrentWeights weights{
        .kernel = kernel.data(), .recurrentKernel = recurrent.data(), .bias = bias.data()};
    kernels::RecurrentOptions options;
    options.goBackwards = params.flag("go_backwards");
    const auto stateAt = [&](int port) {
        const tensor::Tensor* state = context.inputAtPort(port);
        return state != nullptr ? state->data() : nullptr;
    };
    options.initialState = stateAt(kInitialStatePort);
    if (isLstm(params)) options.initialCarry = stateAt(kInitialCarryPort);
    kernels::RecurrentOutputs outputs;
    (params.flag("return_sequences") ? outputs.sequence : outputs.last) = context.output().data();
    if (params.flag("return_state")) {
        outputs.state = context.output(1).data();
        if (isLstm(params)) outputs.carry = context.output(2).data();
    }
    (isLstm(params) ? kernels::lstm : kernels::gru)(shape, x.data(), weights, options, outputs, context.parallel());
    return {};
}

std::int64_t cudnnMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                               std::span<const TensorType>) {
    return gatedMultiplyAdds(params, inputs[0]->shape, gatesOf(params));
}

std::string cudnnTelling(const Params& params) { return sequenceTelling(params); }

std::vector<ParamSpec> cudnnParams(bool lstm) {
    std::vector<ParamSpec> params{{.key = "units",
                                   .kind = ParamKind::Integer,
                                   .help = "Size of the state and of the output",
                                   .required = true,
                                   .initial = 32,
                                   .minimum = 1}};
    if (lstm)
        params.push_back(
            recurrentFlag("unit_forget_bias", "Start the bias of the forget gate at 1", Affects::Weights, true));
    params.push_back(
        recurrentFlag("return_sequences", "Give the output of every step, not only the last", Affects::Shape));
    params.push_back(recurrentFlag("return_state", "Give the last state as well", Affects::Shape));
    params.push_back(recurrentFlag("go_backwards", "Read the sequence from its end", Affects::Values));
    params.push_back(
        recurrentFlag("stateful", "Keep the state from batch to batch; needs a known batch size", Affects::Shape));
    return params;
}

LayerType cudnnType(bool lstm, std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Recurrent,
            .title = className,
            .summary = summary,
            .keywords = "recurrent rnn sequence time memory cudnn gpu old keras 2",
            .doc = doc,
            .params = cudnnParams(lstm),
            .inputs =
                recurrentPorts({.name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, features)"},
                               2, "(batch, units)", lstm),
            .outputs = lstm ? std::vector<std::string_view>{"output", "state", "carry"}
                            : std::vector<std::string_view>{"output", "state"},
            .telling = {"units", "return_sequences"},
            .role = Role::Recurrent,
            .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
            .goesStepByStep = true,
            .masks = Masks::Compute,
            .infer = inferCudnn,
            .weights = cudnnWeights,
            .forward = cudnnForward,
            .multiplyAdds = cudnnMultiplyAdds,
            .tellingText = cudnnTelling,
            .foreign = {.classes = {{className, kKeras2}}, .ignored = recurrentIgnored()}};
}

}  // namespace

const LayerType& cuDNNLSTM() {
    static const LayerType type = cudnnType(
        true, "CuDNNLSTM", "LSTM with its weights as cuDNN has them",
        "The numbers of LSTM with tanh and sigmoid: gates i, f, c, o.\n\n"
        "Input `[batch, time, features]`, output `[batch, units]`, or `[batch, time, units]` with "
        "`return_sequences`; then state and carry with `return_state`. Kernel `[features, 4 units]`, recurrent kernel "
        "`[units, 4 units]`, each gate's block holding its transpose; bias `[8 units]`: of the input, then of the "
        "state. Takes no mask. Keras 3 has LSTM instead.");
    return type;
}

const LayerType& cuDNNGRU() {
    static const LayerType type = cudnnType(
        false, "CuDNNGRU", "GRU with its weights as cuDNN has them",
        "The numbers of GRU with `reset_after`, tanh and sigmoid: gates z, r, h.\n\n"
        "Input `[batch, time, features]`, output `[batch, units]`, or `[batch, time, units]` with "
        "`return_sequences`; then the last state with `return_state`. Kernel `[features, 3 units]`, recurrent kernel "
        "`[units, 3 units]`, each gate's block holding its transpose; bias `[6 units]`: of the input, then of the "
        "state. Takes no mask. Keras 3 has GRU instead.");
    return type;
}

}  // namespace shapewise::layers
