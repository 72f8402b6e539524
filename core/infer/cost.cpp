#include "core/infer/cost.h"

#include "core/base/checked_math.h"
#include "core/infer/receptive_field.h"
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

std::optional<std::int64_t> bytesOf(const TensorType& type) {
    const tensor::Dim count = ofOneSample(type).shape.elementCount();
    if (!count.isKnown()) return std::nullopt;
    return saturatingMultiply(count.size(), static_cast<std::int64_t>(sizeof(float)));
}

/// Of all layers of a body that compute something: its inputs are held outside.
std::optional<std::int64_t> bytesInside(const layers::Body& body) {
    std::int64_t bytes = 0;
    for (const layers::BodyNode& entry : body.nodes()) {
        if (entry.node->type->isSource()) continue;
        if (layers::isNestedModel(*entry.node)) {
            const std::optional<std::int64_t> inner =
                bytesInside(layers::Body(layers::Params(*entry.node), entry.inputs));
            if (!inner) return std::nullopt;
            bytes = saturatingAdd(bytes, *inner);
            continue;
        }
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

std::optional<std::int64_t> multiplyAddsOf(const Node& node, const std::vector<const TensorType*>& inputs) {
    if (node.type->multiplyAdds == nullptr) return 0;
    std::vector<TensorType> single;
    for (const TensorType* input : inputs) {
        if (input == nullptr) return std::nullopt;
        single.push_back(ofOneSample(*input));
    }
    std::vector<const TensorType*> pointers;
    for (const TensorType& type : single) pointers.push_back(&type);
    return layers::multiplyAddCount(node, pointers);
}

void addTotals(Costs& costs, const NodeCost& cost, const NodeAnalysis& result) {
    costs.isComplete =
        costs.isComplete && result.isKnown() && cost.parameters && cost.multiplyAdds && cost.activationBytes;
    if (cost.parameters) {
        costs.parameters.total = saturatingAdd(costs.parameters.total, cost.parameters->total);
        costs.parameters.trainable = saturatingAdd(costs.parameters.trainable, cost.parameters->trainable);
    }
    costs.multiplyAdds = saturatingAdd(costs.multiplyAdds, cost.multiplyAdds.value_or(0));
    costs.activationBytes = saturatingAdd(costs.activationBytes, cost.activationBytes.value_or(0));
}

}  // namespace

Costs costsOf(const graph::Graph& graph, const Analysis& analysis, const GivenFields& given) {
    Costs costs;
    costs.nodes.resize(graph.slotCount());
    std::vector<std::vector<ReceptiveField>> fields(graph.slotCount());  // by node id and port
    for (const NodeId id : graph::topologicalOrder(graph).nodes) {
        const Node& node = *graph.find(id);
        const NodeAnalysis& result = analysis[id];
        const std::vector<const TensorType*> inputs = analysis.inputTypes(node);
        NodeCost& cost = costs.nodes[id.value];
        std::vector<ReceptiveField> before;
        for (const graph::Link& link : node.inputs)
            if (link.from.value < fields.size()) before.push_back(fieldAt(fields[link.from.value], link.fromPort));
        const auto start = given.find(id);
        if (!result.isKnown())
            fields[id.value] = {ReceptiveField{.isKnown = false}};
        else if (start != given.end())
            fields[id.value] = {start->second};
        else
            fields[id.value] = fieldsOf(node, before, inputs);
        cost.field = fields[id.value].front();
        cost.activationBytes = bytesOf(node, result, inputs);
        if (result.isKnown()) {
            const bool shares = node.sharesLayerOf.isValid() && graph.find(node.sharesLayerOf) != nullptr;
            cost.parameters = shares ? layers::ParameterCount{} : layers::parameterCount(node, inputs);
            cost.multiplyAdds = multiplyAddsOf(node, inputs);
        }
        addTotals(costs, cost, result);
    }
    return costs;
}

}  // namespace shapewise::infer
