// Repairs that several families propose: taking a layer away, another shape for the source.

#include "core/base/amount.h"
#include "core/mistakes/rules/rule.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using graph::LinkPlace;
using graph::Node;
using tensor::Dim;

/// Everything behind a node, itself first.
std::vector<NodeId> behind(const infer::Analysis& analysis, NodeId start) {
    std::vector<NodeId> order{start};
    std::unordered_set<NodeId> seen{start};
    for (std::size_t index = 0; index < order.size(); ++index)
        for (const LinkPlace& place : analysis.consumers(order[index]))
            if (seen.insert(place.to).second) order.push_back(place.to);
    return order;
}

std::string countText(std::size_t count) {
    return count == 1 ? "the layer behind it" : "the " + std::to_string(count) + " layers behind it";
}

/// Nobody makes an input longer than that, and what is computed beyond 64 bits stays there.
constexpr std::int64_t kLargestProposed = std::int64_t{1} << 40;

/// The least size before a window that gives `needed` behind it.
std::optional<std::int64_t> beforeWindow(const Node& node, int axis, std::int64_t needed) {
    const layers::SlidingWindow window = node.type->window(layers::Params(node));
    const int index = axis - (isChannelsFirst(node) ? 2 : 1);
    if (index < 0 || index >= node.type->family.spatialRank) return needed;
    const auto place = static_cast<std::size_t>(index);
    if (window.wholeInput) return std::nullopt;
    const Amount steps = (Amount(needed) - 1) * window.stride[place];
    const Amount least = steps + (window.padding == layers::WindowPadding::Same ? 1 : window.reach(place));
    if (least > kLargestProposed) return std::nullopt;
    return least.value();
}

std::optional<std::int64_t> before(const Node& node, const infer::Analysis& analysis, int axis, std::int64_t needed) {
    if (keepsShape(*node.type)) return needed;
    if (movesWindow(*node.type) && node.type->window) return beforeWindow(node, axis, needed);
    const tensor::TensorType* input = typeAt(analysis, node.inputs.front());
    const tensor::TensorType* output = analysis[node.id].outputAt(0);
    if (!input || !output || input->shape.rank() != output->shape.rank()) return std::nullopt;
    const Dim in = input->shape[axis];
    const Dim out = output->shape[axis];
    if (in == out && !movesAxes(*node.type)) return needed;
    if (node.type->effects.space == layers::AxisEffect::Shifts && in.isKnown() && out.isKnown())
        return std::max(Amount(1), Amount(needed) - (Amount(out.size()) - in.size())).value();
    return std::nullopt;
}

}  // namespace

void proposeRemoval(const Case& input, Proposals& proposals) {
    const std::string label = labelOf(input.node);
    if (!input.node.inputs.empty()) {
        Plan plan = input.plan();
        plan.bypass(input.node);
        proposals.addLastResort("remove", "Remove " + label, "What feeds it then feeds the layers behind it.",
                                std::move(plan));
    }
    const std::vector<NodeId> all = behind(input.analysis, input.node.id);
    if (all.size() > 1) {
        Plan plan = input.plan();
        for (const NodeId id : all) plan.remove(id);
        proposals.addLastResort("delete-rest", "Delete " + label + " and " + countText(all.size() - 1),
                                "One undo brings them back.", std::move(plan));
    } else {
        Plan plan = input.plan();
        plan.remove(input.node.id);
        proposals.addLastResort("delete", "Delete " + label, "One undo brings it back.", std::move(plan));
    }
}

void proposeSourceShape(const Case& input, Proposals& proposals, const Node& source, const std::vector<Dim>& sizes,
                        diag::Phrase note, diag::Applicability applicability, std::string slug) {
    const std::string_view key = shapeKey(*source.type);
    if (key.empty()) return;
    Plan plan = input.plan();
    ValueList list;
    for (const Dim size : sizes) {
        if (size.isKnown())
            list.emplace_back(size.size());
        else if (size.isSymbolic())
            list.emplace_back(size.text());
        else
            list.emplace_back();
    }
    const bool hasBatchShape = hasParameter(*source.type, "batch_shape") && !valueOf(source, "batch_shape").isNone();
    if (hasBatchShape) {
        const Value& batchShape = valueOf(source, "batch_shape");
        const bool hasBatch = batchShape.isList() && !batchShape.asList().empty();
        list.insert(list.begin(), hasBatch ? batchShape.asList().front() : Value());
        plan.set(source.id, "batch_shape", Value(std::move(list)));
    } else {
        plan.set(source.id, key, Value(std::move(list)));
    }
    proposals.add(
        std::move(slug),
        diag::say("Change the shape of {} to {}", labelOf(source), tensor::Shape(std::span<const Dim>(sizes))),
        std::move(note), std::move(plan), applicability);
}

std::optional<std::int64_t> sourceSizeFor(const Case& input, int axis, std::int64_t needed) {
    if (!input.link) return std::nullopt;
    std::optional<std::int64_t> size = needed;
    for (const Node* node : pathUp(input.graph(), *input.link)) {
        if (node->inputs.empty()) return size;
        size = before(*node, input.analysis, axis, *size);
        if (!size) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace shapewise::mistakes
