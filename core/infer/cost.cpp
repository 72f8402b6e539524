#include "core/infer/cost.h"

#include "core/base/checked_math.h"
#include "core/infer/cost_table.h"
#include "core/layers/framework/guess.h"
#include "core/layers/parts/body.h"

#include <algorithm>

namespace shapewise::infer {

namespace {

using graph::Node;
using tensor::TensorType;

TensorType ofOneSample(const TensorType& type) {
    TensorType one = type;
    if (one.shape.rank() > 0 && !one.shape[0].isKnown()) one.shape.setSize(0, 1);
    return one;
}

bool hasOpenBatch(const TensorType& type) { return type.shape.rank() > 0 && !type.shape[0].isKnown(); }

std::optional<std::int64_t> bytesOf(const TensorType& type) {
    const tensor::Dim count = hasOpenBatch(type) ? type.shape.elementCountPerSample() : type.shape.elementCount();
    if (!count.isKnown()) return std::nullopt;
    return saturatingMultiply(count.size(), static_cast<std::int64_t>(sizeof(float)));
}

/// Of all layers of a body that compute something: its inputs are held outside.
std::optional<std::int64_t> bytesInside(const layers::Body& body) {
    std::int64_t bytes = 0;
    for (const layers::BodyNode& entry : body.nodes()) {
        if (entry.node->type->isSource()) continue;
        if (layers::isNestedModel(*entry.node)) {
            if (std::find(entry.inputs.begin(), entry.inputs.end(), nullptr) != entry.inputs.end()) return std::nullopt;
            const std::optional<std::int64_t> inner =
                bytesInside(layers::Body(layers::Params(*entry.node), entry.inputs));
            if (!inner) return std::nullopt;
            bytes = saturatingAdd(bytes, *inner);
            continue;
        }
        if (entry.outputs.empty() && !entry.node->type->outputs.empty()) return std::nullopt;
        for (const TensorType& output : entry.outputs) {
            const std::optional<std::int64_t> own = bytesOf(output);
            if (!own) return std::nullopt;
            bytes = saturatingAdd(bytes, *own);
        }
    }
    return bytes;
}

std::optional<std::int64_t> bytesOf(const Node& node, const NodeAnalysis& result,
                                    const std::vector<const TensorType*>& inputs) {
    if (!result.isKnown()) return std::nullopt;
    const bool hasInputs = std::find(inputs.begin(), inputs.end(), nullptr) == inputs.end();
    if (layers::isNestedModel(node) && node.body->nodeCount() > 0 && !hasInputs) return std::nullopt;
    if (layers::isNestedModel(node) && node.body->nodeCount() > 0)
        return bytesInside(layers::Body(layers::Params(node), inputs));
    std::int64_t bytes = 0;
    for (std::size_t port = 0; port < result.outputCount(); ++port) {
        const std::optional<std::int64_t> own = bytesOf(*result.outputAt(port));
        if (!own) return std::nullopt;
        bytes = saturatingAdd(bytes, *own);
    }
    return bytes;
}

/// The rule of the layer for one sample, run again.
std::optional<std::int64_t> inferredMultiplyAdds(const Node& node, const std::vector<const TensorType*>& inputs) {
    std::vector<TensorType> single;
    single.reserve(inputs.size());
    for (const TensorType* input : inputs) single.push_back(ofOneSample(*input));
    std::vector<const TensorType*> pointers;
    pointers.reserve(single.size());
    for (const TensorType& type : single) pointers.push_back(&type);
    return layers::multiplyAddCount(node, pointers);
}

std::optional<std::int64_t> multiplyAddsOf(const Node& node, const NodeAnalysis& result,
                                           const std::vector<const TensorType*>& inputs) {
    if (layers::holdsUnknownLayer(node)) return std::nullopt;
    if (node.type->multiplyAdds == nullptr) return 0;
    std::size_t open = 0;
    for (const TensorType* input : inputs) {
        if (input == nullptr) return std::nullopt;
        open += hasOpenBatch(*input) ? 1U : 0U;
    }
    if (result.outputCount() == 0) return std::nullopt;
    std::vector<TensorType> outputs;
    outputs.reserve(result.outputCount());
    for (std::size_t port = 0; port < result.outputCount(); ++port) {
        // Where a fixed batch meets an open one, that one may not be a single sample.
        if (hasOpenBatch(*result.outputAt(port)) != (open > 0)) return inferredMultiplyAdds(node, inputs);
        outputs.push_back(ofOneSample(*result.outputAt(port)));
    }
    if (open != 0 && open != inputs.size()) return inferredMultiplyAdds(node, inputs);
    std::vector<TensorType> single;
    single.reserve(open);
    std::vector<const TensorType*> pointers = inputs;
    for (const TensorType*& input : pointers)
        if (open > 0) input = &single.emplace_back(ofOneSample(*input));
    const auto isOpen = [](const TensorType& type) { return !type.shape.isFullyKnown(); };
    if (std::any_of(outputs.begin(), outputs.end(), isOpen)) return std::nullopt;
    for (const TensorType* input : pointers)
        if (isOpen(*input)) return std::nullopt;
    const std::int64_t count = node.type->multiplyAdds(layers::Params(node), pointers, outputs);
    return count < 0 ? std::nullopt : std::optional(count);
}

layers::ParameterCount countOf(const std::vector<layers::WeightSpec>& weights) {
    layers::ParameterCount count;
    for (const layers::WeightSpec& weight : weights) {
        std::int64_t numbers = 1;
        for (const std::int64_t extent : weight.extents) numbers = saturatingMultiply(numbers, extent);
        count.total = saturatingAdd(count.total, numbers);
        if (weight.trainable) count.trainable = saturatingAdd(count.trainable, numbers);
    }
    return count;
}

/// Of the layer of a node that is not in conflict. `known`: what is certain where it holds layers nobody knows.
std::optional<layers::ParameterCount> parametersOf(const Node& node, const NodeAnalysis& result,
                                                   const std::vector<const TensorType*>& inputs,
                                                   layers::ParameterCount& known) {
    const bool hasInputs = std::find(inputs.begin(), inputs.end(), nullptr) == inputs.end();
    if (layers::holdsUnknownLayer(node)) {
        if (layers::isNestedModel(node) && hasInputs) known = countOf(layers::weightsOf(node, inputs));
        return std::nullopt;
    }
    if (node.type->weights == nullptr) return layers::ParameterCount{};
    if (!hasInputs || !result.isKnown()) return std::nullopt;
    const bool isGuess =
        std::any_of(inputs.begin(), inputs.end(), [](const TensorType* type) { return type->guessed; });
    if (isGuess) return layers::parameterCount(node, inputs);  // its rule may have been asked with other sizes
    return countOf(layers::weightsOf(node, inputs));
}

bool isGuess(const Node& node, const NodeAnalysis& result) {
    bool guessed = result.state == State::Unknown || layers::holdsUnknownLayer(node);
    for (std::size_t port = 0; port < result.outputCount(); ++port) guessed = guessed || result.outputAt(port)->guessed;
    return guessed;
}

}  // namespace

NodeCost costOf(const Node& node, const Analysis& analysis, const std::vector<const TensorType*>& inputs) {
    const NodeAnalysis& result = analysis[node.id];
    NodeCost cost;
    cost.activationBytes = bytesOf(node, result, inputs);
    cost.isGuessed = isGuess(node, result);
    if (!result.isKnown() && result.state != State::Unknown) return cost;
    const bool shares = node.sharesLayerOf.isValid() && analysis.graph().find(node.sharesLayerOf) != nullptr;
    cost.parameters = shares ? layers::ParameterCount{} : parametersOf(node, result, inputs, cost.known);
    if (!result.isKnown()) return cost;
    cost.multiplyAdds = multiplyAddsOf(node, result, inputs);
    return cost;
}

const NodeCost& Costs::operator[](NodeId id) const {
    static const NodeCost kNothing;
    return id.value < nodes.size() ? nodes[id.value] : kNothing;
}

Costs costsOf(const graph::Graph&, const Analysis& analysis, const GivenFields& given) {
    return CostTable::of(analysis, given).costs();
}

}  // namespace shapewise::infer
