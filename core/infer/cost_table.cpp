#include "core/infer/cost_table.h"

#include <queue>
#include <algorithm>
#include <tuple>

namespace shapewise::infer {

using graph::Node;
using tensor::TensorType;

CostTable CostTable::of(const Analysis& analysis, GivenFields given) {
    const graph::Graph& graph = analysis.graph();
    CostTable table;
    table.given_ = std::move(given);
    table.hasLoops_ = analysis.hasLoops();
    table.costs_.nodes.resize(graph.slotCount());
    for (const NodeId id : graph::topologicalOrder(graph).nodes) (void)table.visit(analysis, id, Extent::Whole);
    table.publishSums();
    return table;
}

void CostTable::update(const Analysis& analysis, std::span<const NodeId> changed) {
    constexpr std::size_t kFewEnough = 4;  // beyond a quarter of all nodes, in order from scratch is cheaper
    const graph::Graph& graph = analysis.graph();
    if (analysis.hasLoops() || hasLoops_ || changed.size() * kFewEnough > graph.slotCount() + 64) {
        *this = of(analysis, std::move(given_));
        return;
    }
    if (costs_.nodes.size() < graph.slotCount()) costs_.nodes.resize(graph.slotCount());
    struct Visit {
        std::int64_t position;
        NodeId id;
        Extent extent;
        /// The nearest to the sources first, of one node the visit that does more.
        bool operator<(const Visit& other) const {
            return std::tie(other.position, other.id, other.extent) < std::tie(position, id, extent);
        }
    };
    std::priority_queue<Visit> waiting;
    const auto push = [&](NodeId id, Extent extent) { waiting.push({analysis.position(id), id, extent}); };
    for (const NodeId id : changed) {
        if (graph.find(id) == nullptr) {
            if (id.value < costs_.nodes.size()) put(id, NodeCost{});
            severalFields_.erase(id);
            continue;
        }
        push(id, Extent::Whole);
        for (const graph::LinkPlace& consumer : analysis.consumers(id)) push(consumer.to, Extent::Whole);
    }
    NodeId last;
    while (!waiting.empty()) {
        const Visit next = waiting.top();
        waiting.pop();
        if (next.id == last) continue;
        last = next.id;
        if (!visit(analysis, next.id, next.extent)) continue;
        for (const graph::LinkPlace& consumer : analysis.consumers(next.id)) push(consumer.to, Extent::FieldOnly);
    }
    publishSums();
}

/// Works out one node again. True when consumers see another field.
bool CostTable::visit(const Analysis& analysis, NodeId id, Extent extent) {
    const Node& node = *analysis.graph().find(id);
    const std::vector<const TensorType*> inputs = analysis.inputTypes(node);
    NodeCost cost = extent == Extent::Whole ? costOf(node, analysis, inputs) : costs_.nodes[id.value];
    const bool isSeen = storeFields(id, fieldsAt(analysis, node, inputs), cost.field);
    cost.isCounted = true;
    put(id, cost);
    return isSeen;
}

std::vector<ReceptiveField> CostTable::fieldsAt(const Analysis& analysis, const Node& node,
                                                const std::vector<const TensorType*>& inputs) const {
    if (!analysis[node.id].isKnown()) return {ReceptiveField{.isKnown = false}};
    if (const auto start = given_.find(node.id); start != given_.end()) return {start->second};
    std::vector<ReceptiveField> before;
    before.reserve(node.inputs.size());
    for (const graph::Link& link : node.inputs)
        if (link.from.value < costs_.nodes.size()) before.push_back(fieldAtLink(link));
    return fieldsOf(node, before, inputs);
}

ReceptiveField CostTable::fieldAtLink(const graph::Link& link) const {
    if (!severalFields_.empty())
        if (const auto several = severalFields_.find(link.from); several != severalFields_.end())
            return fieldAt(several->second, link.fromPort);
    return costs_.nodes[link.from.value].field;
}

/// Keeps what the outputs of a node see, and gives that of the first. True when it differs from what was kept.
bool CostTable::storeFields(NodeId id, std::vector<ReceptiveField> fields, ReceptiveField& first) {
    first = fields.front();
    bool differs = !(costs_.nodes[id.value].field == first);
    const auto kept = severalFields_.empty() ? severalFields_.end() : severalFields_.find(id);
    if (fields.size() > 1) {
        differs = differs || kept == severalFields_.end() || kept->second != fields;
        severalFields_[id] = std::move(fields);
    } else if (kept != severalFields_.end()) {
        severalFields_.erase(kept);
        differs = true;
    }
    return differs;
}

template <class Combine>
void CostTable::count(const NodeCost& cost, Combine combine) {
    if (!cost.isCounted) return;
    const layers::ParameterCount& parameters = cost.parameters ? *cost.parameters : cost.known;
    combine(total_, parameters.total);
    combine(trainable_, parameters.trainable);
    combine(multiplyAdds_, cost.multiplyAdds.value_or(0));
    combine(activationBytes_, cost.activationBytes.value_or(0));
}

void CostTable::put(NodeId id, NodeCost cost) {
    const auto add = [](WideSum& sum, std::int64_t value) { sum.add(value); };
    const auto subtract = [](WideSum& sum, std::int64_t value) { sum.subtract(value); };
    const auto tally = [](const NodeCost& of, std::size_t& gaps, bool isOne, std::size_t step) {
        if (of.isCounted && isOne) gaps += step;
    };
    const auto countAll = [&](const NodeCost& of, std::size_t step) {
        tally(of, parameterGaps_, !of.parameters, step);
        tally(of, multiplyAddGaps_, !of.multiplyAdds, step);
        tally(of, byteGaps_, !of.activationBytes, step);
        tally(of, guesses_, of.isGuessed, step);
    };
    const NodeCost& old = costs_.nodes[id.value];
    count(old, subtract);
    countAll(old, ~std::size_t{0});  // one less
    count(cost, add);
    countAll(cost, 1);
    costs_.nodes.set(id.value, cost);
}

void CostTable::publishSums() {
    costs_.parameters = {total_.saturated(), trainable_.saturated()};
    costs_.multiplyAdds = multiplyAdds_.saturated();
    costs_.activationBytes = activationBytes_.saturated();
    costs_.knowsParameters = parameterGaps_ == 0;
    costs_.knowsMultiplyAdds = multiplyAddGaps_ == 0;
    costs_.knowsActivationBytes = byteGaps_ == 0;
    costs_.isGuessed = guesses_ != 0;
}

}  // namespace shapewise::infer
