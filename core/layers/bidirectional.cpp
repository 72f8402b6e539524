// Bidirectional: a recurrent layer read forwards and another read backwards, their outputs joined.
// merge_mode concat doubles the last axis; sum, mul and ave keep it; None gives two outputs. States of both
// follow. Reference: https://keras.io/api/layers/recurrent_layers/bidirectional/

#include "core/base/checked_math.h"
#include "core/layers/common_params.h"
#include "core/layers/forward.h"
#include "core/layers/nested_layer.h"
#include "core/layers/windows.h"

#include <algorithm>
#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

/// The layer read backwards: the one given, or the forward one turned round.
NestedNode backwardNode(const Params& params, const NestedNode& forward) {
    if (!params.isNone("backward_layer"))
        return nestedNode(params, "backward_layer");
    if (forward == nullptr || forward->type->param("go_backwards") == nullptr)
        return nullptr;
    auto turned = std::make_shared<graph::Node>(*forward);
    turned->set("go_backwards", Value(!Params(*forward).flag("go_backwards")));
    return turned;
}

bool isRecurrent(const LayerType& type) {
    return type.param("go_backwards") != nullptr;
}

void refuseInner(InferContext& context, ParamKey key, std::string_view layer, std::string problem) {
    context.refuse({diag::Code::NestedLayer,
                    key.name,
                    -1,
                    {{"layer", std::string(layer)}, {"problem", std::move(problem)}}});
}

void inferBidirectional(InferContext& context) {
    const Params& params = context.params();
    const NestedNode forward = nestedNode(context, "layer");
    if (forward == nullptr)
        return;
    if (!isRecurrent(*forward->type))
        return refuseInner(context, "layer", forward->type->className,
                           "it cannot be read backwards; SimpleRNN, LSTM and GRU can");
    if (!params.isNone("backward_layer") && nestedNode(context, "backward_layer") == nullptr)
        return;
    const NestedNode backward = backwardNode(params, forward);
    const std::vector<TensorType> first = inferNested(context, forward, "layer", context.input());
    if (first.empty())
        return;
    const std::vector<TensorType> second = inferNested(context, backward, "backward_layer", context.input());
    if (second.empty())
        return;
    if (first[0].shape.rank() != second[0].shape.rank() || first.size() != second.size() ||
        Params(*forward).flag("go_backwards") == Params(*backward).flag("go_backwards"))
        return refuseInner(context, "backward_layer", backward->type->className,
                           "it must return what the forward layer returns and read the other way");

    int next = 0;
    TensorType joined = first[0];
    const int last = joined.shape.rank() - 1;
    if (params.isNone("merge_mode")) {
        context.output(next++) = first[0];
        context.output(next++) = second[0];
    } else if (params.text("merge_mode") == "concat") {
        joined.shape.setSize(last, first[0].shape[last] + second[0].shape[last]);
        context.output(next++) = joined;
        if (context.isExplaining())
            context.explain("features",
                            fmt::format("{} + {} = {}", first[0].shape[last].text(),
                                        second[0].shape[last].text(), joined.shape[last].text()),
                            "forwards and backwards side by side");
    } else {
        if (!mayBeEqual(first[0].shape[last], second[0].shape[last]))
            return refuseInner(context, "backward_layer", backward->type->className,
                               "its units differ from the forward layer's");
        context.output(next++) = joined;
        if (context.isExplaining())
            context.explain("features", joined.shape[last].text(), "both directions merged value by value");
    }
    for (const std::vector<TensorType>* types : {&first, &second})
        for (std::size_t state = 1; state < types->size(); ++state)
            context.output(next++) = (*types)[state];
}

std::vector<WeightSpec> bidirectionalWeights(const Params& params,
                                             std::span<const TensorType* const> inputs) {
    const NestedNode forward = nestedNode(params, "layer");
    std::vector<WeightSpec> weights = nestedWeights(forward, *inputs[0]);
    const std::vector<WeightSpec> second = nestedWeights(backwardNode(params, forward), *inputs[0]);
    weights.insert(weights.end(), second.begin(), second.end());
    return weights;
}

/// As Keras does inside Bidirectional, steps of padding give 0 instead of the step before. [batch, time,
/// units]
void clearMasked(tensor::Tensor& sequence, const tensor::Tensor* given, bool isBackwards) {
    const std::int64_t steps = sequence.size(1);
    const float* mask = stepMask(given, sequence.size(0), steps);
    if (mask == nullptr)
        return;
    for (std::int64_t row = 0; row < sequence.size(0) * steps; ++row) {
        const std::int64_t step = row % steps;
        const std::int64_t place = isBackwards ? row - step + (steps - 1 - step) : row;
        if (mask[place] == 0.0F)
            std::fill_n(sequence.data() + row * sequence.size(2), sequence.size(2), 0.0F);
    }
}

/// Output tensors of one direction on x.
Result<std::vector<tensor::Tensor>> runDirection(const ForwardContext& context, const NestedNode& node,
                                                 std::span<const tensor::Tensor* const> weights) {
    TensorType type;
    type.shape = context.input().shape();
    const TensorType* const inputs[] = {&type};
    InferContext inference(Params(*node), inputs, {}, nullptr);
    if (!inferLayer(inference))
        return failure("The layer inside Bidirectional refuses this input", "Check its parameters");
    std::vector<tensor::Tensor> outputs;
    for (const TensorType& output : inference.outputs()) {
        tensor::Extents extents;
        for (const tensor::Dim size : output.shape.sizes())
            extents.push_back(size.sizeOr(0));
        outputs.emplace_back(std::move(extents));
    }
    const tensor::Tensor* mask = context.inputMask();
    if (Result<void> done = runNested(node, context, {context.input(), weights, outputs, mask}); !done)
        return Unexpected(done.error());
    if (outputs[0].rank() == 3)
        clearMasked(outputs[0], mask, Params(*node).flag("go_backwards"));
    return outputs;
}

/// Steps in the order of the input again: [batch, time, units].
void turnTime(tensor::Tensor& sequence) {
    const std::int64_t steps = sequence.size(1);
    const std::int64_t units = sequence.size(2);
    for (std::int64_t sample = 0; sample < sequence.size(0); ++sample) {
        float* first = sequence.data() + sample * steps * units;
        for (std::int64_t step = 0; step < steps / 2; ++step)
            std::swap_ranges(first + step * units, first + (step + 1) * units,
                             first + (steps - 1 - step) * units);
    }
}

float merged(std::string_view mode, float a, float b) {
    if (mode == "sum")
        return a + b;
    return mode == "mul" ? a * b : (a + b) / 2.0F;
}

void joinOutputs(ForwardContext& context, const tensor::Tensor& a, const tensor::Tensor& b) {
    const std::string_view mode = context.params.text("merge_mode");
    tensor::Tensor& y = context.output();
    if (mode == "concat") {
        const tensor::TensorView views[] = {{a.data(), a.extents()}, {b.data(), b.extents()}};
        kernels::concatenate(views, a.rank() - 1, y.data(), context.parallel());
        return;
    }
    for (std::int64_t index = 0; index < a.count(); ++index)
        y.data()[index] = merged(mode, a.data()[index], b.data()[index]);
}

Result<void> bidirectionalForward(ForwardContext& context) {
    const Params& params = context.params;
    const NestedNode forward = nestedNode(params, "layer");
    const NestedNode backward = backwardNode(params, forward);
    if (forward == nullptr || backward == nullptr)
        return failure("Bidirectional has no layer inside", "Choose a recurrent layer");
    const std::size_t own = nestedWeights(forward, *context.inputTypes[0]).size();
    auto first = runDirection(context, forward, context.weights.first(own));
    if (!first)
        return Unexpected(first.error());
    auto second = runDirection(context, backward, context.weights.subspan(own));
    if (!second)
        return Unexpected(second.error());
    if ((*second)[0].rank() == 3)
        turnTime((*second)[0]);

    if ((*first)[0].rank() == 3 &&
        stepMask(context.inputMask(), context.input().size(0), context.input().size(1)) != nullptr) {
        context.giveMask(*context.inputMask());
        if (params.isNone("merge_mode"))
            context.giveMask(*context.inputMask(), 1);
    }
    std::size_t next = 1;
    const auto hand = [&](const tensor::Tensor& values) {
        std::copy(values.values().begin(), values.values().end(), context.outputs[next++].data());
    };
    if (params.isNone("merge_mode")) {
        std::copy((*first)[0].values().begin(), (*first)[0].values().end(), context.output().data());
        hand((*second)[0]);
    } else {
        joinOutputs(context, (*first)[0], (*second)[0]);
    }
    for (const auto* outputs : {&*first, &*second})
        for (std::size_t state = 1; state < outputs->size(); ++state)
            hand((*outputs)[state]);
    return {};
}

std::int64_t bidirectionalMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                       std::span<const TensorType> outputs) {
    const NestedNode forward = nestedNode(params, "layer");
    if (forward == nullptr || forward->type->multiplyAdds == nullptr)
        return 0;
    const std::int64_t one = forward->type->multiplyAdds(Params(*forward), inputs, outputs);
    return one < 0 ? one : saturatingMultiply(2, one);
}

std::string bidirectionalTelling(const Params& params) {
    const NestedNode inner = nestedNode(params, "layer");
    return joinTelling(
        {nestedClassName(params, "layer"), inner ? tellingText(Params(*inner)) : std::string(),
         params.isNone("merge_mode") ? std::string("two outputs") : std::string(params.text("merge_mode"))});
}

Value initialLayer() {
    return Value(
        ValueDict{{"class_name", Value("LSTM")},
                  {"config", Value(ValueDict{{"units", Value(32)}, {"return_sequences", Value(true)}})}});
}

} // namespace

const LayerType& bidirectional() {
    static const LayerType type{
        .className = "Bidirectional",
        .category = Category::Wrapper,
        .title = "Bidirectional",
        .summary = "Reads a sequence forwards and backwards",
        .keywords = "wrapper recurrent lstm gru rnn both directions",
        .doc =
            "Runs the inner recurrent layer on the sequence and a second one, with weights of its own, on "
            "the reversed "
            "sequence.\n\nInput `[batch, time, features]`. `merge_mode` concat doubles the last axis of the "
            "inner output; sum, "
            "mul and ave keep it; None gives two outputs. With `return_state` the states of both follow.\n\n"
            "Reference: <https://keras.io/api/layers/recurrent_layers/bidirectional/>",
        .params = {{.key = "layer",
                    .kind = ParamKind::Layer,
                    .help = "The recurrent layer read forwards",
                    .required = true,
                    .initial = initialLayer()},
                   {.key = "merge_mode",
                    .kind = ParamKind::Choice,
                    .fallback = "concat",
                    .help = "How the outputs of both directions are joined; None keeps both",
                    .noneAllowed = true,
                    .choices = {"concat", "sum", "mul", "ave"}},
                   {.key = "backward_layer",
                    .kind = ParamKind::Layer,
                    .help = "The layer read backwards; None for the same with weights of its own",
                    .noneAllowed = true}},
        .inputs = {PortSpec{
            .name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, features)"}},
        .outputs = {"output", "second", "state", "state", "state"},
        .telling = {"layer", "merge_mode"},
        .role = Role::Recurrent,
        .masks = Masks::Compute,
        .infer = inferBidirectional,
        .weights = bidirectionalWeights,
        .forward = bidirectionalForward,
        .multiplyAdds = bidirectionalMultiplyAdds,
        .tellingText = bidirectionalTelling,
    };
    return type;
}

} // namespace shapewise::layers
