// Bidirectional: a recurrent layer read forwards and another read backwards, their outputs joined.
// merge_mode concat doubles the last axis; sum, mul and ave keep it; None gives two outputs. States of both
// follow. Initial states: those of the forward layer, then those of the backward one.
// Reference: https://keras.io/api/layers/recurrent_layers/bidirectional/

#include "core/base/checked_math.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/nested_layer.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

/// As Keras does inside Bidirectional, steps that a mask hides give 0 where every step is given.
std::shared_ptr<graph::Node> withZeroedMask(const NestedNode& node) {
    auto copy = std::make_shared<graph::Node>(*node);
    if (copy->type->param("zero_output_for_mask") != nullptr)
        copy->set("zero_output_for_mask", Value(Params(*node).flag("return_sequences")));
    return copy;
}

bool isRecurrent(const LayerType& type) { return type.param("go_backwards") != nullptr; }

/// Both layers; null where they cannot be made.
struct Directions {
    NestedNode forward;
    NestedNode backward;
};

/// The layer read backwards is the one given, or the forward one turned round.
Directions directionsFrom(const Params& params, const NestedNode& forward) {
    if (forward == nullptr || !isRecurrent(*forward->type)) return {};
    Directions directions{.forward = withZeroedMask(forward), .backward = nullptr};
    if (params.isNone("backward_layer")) {
        auto turned = withZeroedMask(forward);
        turned->set("go_backwards", Value(true));
        directions.backward = turned;
    } else if (const NestedNode given = nestedNode(params, "backward_layer"); given != nullptr) {
        directions.backward = withZeroedMask(given);
    }
    return directions;
}

void refuseInner(InferContext& context, ParamKey key, std::string_view layer, std::string problem) {
    context.refuse(
        {diag::Code::NestedLayer, key.name, -1, {{"layer", std::string(layer)}, {"problem", std::move(problem)}}});
}

/// What Keras demands of the two layers before it looks at an input.
bool doMatch(InferContext& context, const Directions& directions) {
    const std::string_view className = directions.backward->type->className;
    const Params forward(*directions.forward);
    const Params backward(*directions.backward);
    const bool isMade = context.params().isNone("backward_layer");
    if (forward.flag("go_backwards") == backward.flag("go_backwards")) {
        refuseInner(context, isMade ? ParamKey("layer") : ParamKey("backward_layer"), className,
                    isMade ? "its go_backwards must be False: the copy read backwards is made from it"
                           : "it must read the other way: go_backwards differs from that of the forward layer");
        return false;
    }
    for (const char* key : {"stateful", "return_sequences", "return_state"})
        if (forward.flag(ParamKey::of(key)) != backward.flag(ParamKey::of(key))) {
            refuseInner(context, "backward_layer", className,
                        fmt::format("its {} must be that of the forward layer", key));
            return false;
        }
    return true;
}

/// How many states a recurrent layer carries: its ports behind the first.
std::size_t stateCount(const NestedNode& node) { return node->type->inputs.size() - 1; }

/// The inputs of one direction: the sequence, then its share of the initial states.
template <class T>
std::vector<const T*> inputsOf(std::span<const T* const> all, const Directions& directions, bool isForward) {
    std::vector<const T*> inputs{all[0]};
    if (all.size() == 1) return inputs;
    const std::size_t first = isForward ? 1 : 1 + stateCount(directions.forward);
    const std::size_t count = stateCount(isForward ? directions.forward : directions.backward);
    for (std::size_t index = first; index < std::min(all.size(), first + count); ++index) inputs.push_back(all[index]);
    return inputs;
}

void giveJoined(InferContext& context, const std::vector<TensorType>& first, const std::vector<TensorType>& second,
                std::string_view backwardName, int& next) {
    TensorType joined = first[0];
    const int last = joined.shape.rank() - 1;
    const bool isConcat = context.params().text("merge_mode") == "concat";
    if (!isConcat && !mayBeEqual(first[0].shape[last], second[0].shape[last]))
        return refuseInner(context, "backward_layer", backwardName, "its units differ from the forward layer's");
    if (isConcat) joined.shape.setSize(last, first[0].shape[last] + second[0].shape[last]);
    context.output(next++) = joined;
    if (!context.isExplaining()) return;
    if (isConcat)
        context.explain("features",
                        diag::say("{} + {} = {}", first[0].shape[last], second[0].shape[last], joined.shape[last]),
                        "forwards and backwards side by side");
    else
        context.explain("features", joined.shape[last], "both directions merged value by value");
}

/// Both layers, which go together; refuses what Keras does before it looks at an input. Empty too where nobody knows
/// one of the classes.
std::optional<Directions> matchingDirections(InferContext& context) {
    const Params& params = context.params();
    const NestedNode inner = nestedNode(context, "layer");
    if (inner == nullptr) return std::nullopt;
    if (!params.isNone("backward_layer") && nestedNode(context, "backward_layer") == nullptr) return std::nullopt;
    const Directions directions = directionsFrom(params, inner);
    if (directions.forward == nullptr || directions.backward == nullptr || !isRecurrent(*directions.backward->type)) {
        refuseInner(context, directions.forward == nullptr ? ParamKey("layer") : ParamKey("backward_layer"),
                    inner->type->className, "it cannot be read backwards; SimpleRNN, LSTM, GRU and ConvLSTM can");
        return std::nullopt;
    }
    if (!checkNested(context, directions.forward, "layer") ||
        !checkNested(context, directions.backward, "backward_layer") || !doMatch(context, directions))
        return std::nullopt;
    return directions;
}

void checkBidirectional(InferContext& context) { static_cast<void>(matchingDirections(context)); }

void inferBidirectional(InferContext& context) {
    const Params& params = context.params();
    const std::optional<Directions> matching = matchingDirections(context);
    if (!matching) return;
    const Directions& directions = *matching;
    const std::size_t states = stateCount(directions.forward) + stateCount(directions.backward);
    if (context.inputs().size() > 1 && context.inputs().size() - 1 != states)
        return refuseInner(context, "layer", directions.forward->type->className,
                           fmt::format("both directions together take {} initial states, not {}", states,
                                       context.inputs().size() - 1));
    const std::vector<TensorType> first =
        inferNested(context, directions.forward, "layer", inputsOf(context.inputs(), directions, true));
    if (first.empty()) return;
    const std::vector<TensorType> second =
        inferNested(context, directions.backward, "backward_layer", inputsOf(context.inputs(), directions, false));
    if (second.empty()) return;
    if (first[0].shape.rank() != second[0].shape.rank() || first.size() != second.size())
        return refuseInner(context, "backward_layer", directions.backward->type->className,
                           "it must return what the forward layer returns");
    int next = 0;
    if (params.isNone("merge_mode")) {
        context.output(next++) = first[0];
        context.output(next++) = second[0];
        if (Params(*directions.backward).flag("return_sequences")) {
            // The second output is turned round: in time where its layer reads backwards, else against it.
            dropScale(context.output(1), 1);
            if (Params(*directions.backward).flag("go_backwards")) takeScale(context.output(1), 1, context.input(), 1);
        }
        if (context.isExplaining()) {
            const int last = first[0].shape.rank() - 1;
            context.explain("features", diag::say("{} and {}", first[0].shape[last], second[0].shape[last]),
                            "forwards and backwards as two outputs");
        }
    } else {
        giveJoined(context, first, second, directions.backward->type->className, next);
    }
    for (const std::vector<TensorType>* types : {&first, &second})
        for (std::size_t state = 1; state < types->size(); ++state) context.output(next++) = (*types)[state];
}

std::vector<WeightSpec> bidirectionalWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const Directions directions = directionsFrom(params, nestedNode(params, "layer"));
    std::vector<WeightSpec> weights = nestedWeights(directions.forward, *inputs[0]);
    const std::vector<WeightSpec> second = nestedWeights(directions.backward, *inputs[0]);
    weights.insert(weights.end(), second.begin(), second.end());
    return weights;
}

/// Output tensors of one direction.
Result<std::vector<tensor::Tensor>> runDirection(const ForwardContext& context, const NestedNode& node,
                                                 std::span<const tensor::Tensor* const> inputs,
                                                 std::span<const tensor::Tensor* const> weights) {
    std::vector<TensorType> types(inputs.size());
    std::vector<const TensorType*> typePointers;
    for (std::size_t index = 0; index < inputs.size(); ++index) {
        types[index].shape = inputs[index]->shape();
        typePointers.push_back(&types[index]);
    }
    InferContext inference(Params(*node), typePointers, {}, nullptr);
    if (!inferLayer(inference))
        return failure("The layer inside Bidirectional refuses this input", "Check its parameters");
    std::vector<tensor::Tensor> outputs;
    for (const TensorType& output : inference.outputs()) {
        tensor::Extents extents;
        for (const tensor::Dim size : output.shape.sizes()) extents.push_back(size.sizeOr(0));
        outputs.emplace_back(std::move(extents));
    }
    if (Result<void> done =
            runNested(node, context, {*inputs[0], weights, outputs, context.inputMask(), inputs.subspan(1)});
        !done)
        return Unexpected(done.error());
    return outputs;
}

/// Steps in the order of the input again: [batch, time, ...].
void turnTime(tensor::Tensor& sequence) {
    const std::int64_t steps = sequence.size(1);
    const std::int64_t stepSize = sequence.count() / std::max<std::int64_t>(1, sequence.size(0) * steps);
    for (std::int64_t sample = 0; sample < sequence.size(0); ++sample) {
        float* first = sequence.data() + sample * steps * stepSize;
        for (std::int64_t step = 0; step < steps / 2; ++step)
            std::swap_ranges(first + step * stepSize, first + (step + 1) * stepSize,
                             first + (steps - 1 - step) * stepSize);
    }
}

float merged(std::string_view mode, float a, float b) {
    if (mode == "sum") return a + b;
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

/// A sequence keeps the mask of its input; with merge_mode None both outputs have it.
void handMaskOn(const ForwardContext& context) {
    if (stepMask(context.inputMask(), context.input().size(0), context.input().size(1)) == nullptr) return;
    context.giveMask(*context.inputMask());
    if (context.params.isNone("merge_mode")) context.giveMask(*context.inputMask(), 1);
}

Result<void> bidirectionalForward(ForwardContext& context) {
    const Params& params = context.params;
    const Directions directions = directionsFrom(params, nestedNode(params, "layer"));
    if (directions.forward == nullptr || directions.backward == nullptr)
        return failure("Bidirectional has no layer inside", "Choose a recurrent layer");
    const bool isSequence = Params(*directions.forward).flag("return_sequences");
    const std::size_t own = nestedWeights(directions.forward, *context.inputTypes[0]).size();
    auto first = runDirection(context, directions.forward, inputsOf(context.inputs, directions, true),
                              context.weights.first(own));
    if (!first) return Unexpected(first.error());
    auto second = runDirection(context, directions.backward, inputsOf(context.inputs, directions, false),
                               context.weights.subspan(own));
    if (!second) return Unexpected(second.error());
    if (isSequence) {
        turnTime((*second)[0]);
        handMaskOn(context);
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
        for (std::size_t state = 1; state < outputs->size(); ++state) hand((*outputs)[state]);
    return {};
}

std::int64_t bidirectionalMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                       std::span<const TensorType>) {
    const Directions directions = directionsFrom(params, nestedNode(params, "layer"));
    std::int64_t total = 0;
    for (const NestedNode& node : {directions.forward, directions.backward}) {
        if (node == nullptr || node->type->multiplyAdds == nullptr) return 0;
        InferContext inference(Params(*node), inputs.first(1), {}, nullptr);
        if (!inferLayer(inference)) return -1;
        const std::int64_t one = node->type->multiplyAdds(Params(*node), inputs.first(1), inference.outputs());
        if (one < 0) return one;
        total = saturatingAdd(total, one);
    }
    return total;
}

std::string bidirectionalTelling(const Params& params) {
    const NestedNode inner = nestedNode(params, "layer");
    return joinTelling(
        {nestedClassName(params, "layer"), inner ? tellingText(Params(*inner)) : std::string(),
         params.isNone("merge_mode") ? std::string("two outputs") : std::string(params.text("merge_mode"))});
}

Value initialLayer() {
    return Value(ValueDict{{"class_name", Value("LSTM")},
                           {"config", Value(ValueDict{{"units", Value(32)}, {"return_sequences", Value(true)}})}});
}

}  // namespace

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
        .inputs = {PortSpec{.name = "input", .minimumRank = 3, .axes = "(batch, time, features)"},
                   PortSpec{.name = "initial state",
                            .optional = true,
                            .many = true,
                            .minimumRank = 2,
                            .axes = "(batch, units)",
                            .passedAs = PassedAs::State}},
        .outputs = {"output", "second", "state", "state", "state", "state"},
        .telling = {"layer", "merge_mode"},
        .role = Role::Recurrent,
        .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
        .goesStepByStep = true,
        .masks = Masks::Compute,
        .infer = inferBidirectional,
        .check = checkBidirectional,
        .weights = bidirectionalWeights,
        .forward = bidirectionalForward,
        .multiplyAdds = bidirectionalMultiplyAdds,
        .tellingText = bidirectionalTelling,
    };
    return type;
}

}  // namespace shapewise::layers
