#include "core/mistakes/rules/rank.h"

#include "core/mistakes/repair/layer_repairs.h"

#include "core/diag/render_text.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/read/describe.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::setArgument;
using graph::Node;
using layers::LayerType;
using layers::Role;
using tensor::Dim;

std::string countOf(int axes) { return std::to_string(axes) + (axes == 1 ? " axis" : " axes"); }

/// "height and width".
std::string namesOf(int spatialRank) {
    constexpr std::string_view kNames[] = {"time", "height and width", "depth, height and width"};
    return spatialRank >= 1 && spatialRank <= 3 ? std::string(kNames[spatialRank - 1]) : countOf(spatialRank);
}

/// What a layer that slides over space finds instead: "its input has only time besides batch and channels".
std::string spaceOf(const Case& input) {
    const tensor::Shape& shape = input.shape();
    if (shape.rank() <= 2)
        return "its input has no axis besides batch and " +
               (shape.rank() == 2 ? axisText(shape, 1) : std::string("nothing else"));
    const int channel = isChannelsFirst(input.node) ? 1 : shape.rank() - 1;
    std::string names;
    for (int axis = 1; axis < shape.rank(); ++axis)
        if (axis != channel) names += (names.empty() ? "" : " and ") + axisText(shape, axis);
    const std::string rest = axisText(shape, channel);
    return "its input has only " + names + " besides batch and " +
           (rest == "frequency" || rest == "time" ? "what it takes as channels (" + rest + ")" : rest);
}

std::string dimsAndAxes(const Case& input, int needed) {
    return "dims names " + countOf(needed - 1) + ", but its input has " + std::to_string(input.shape().rank() - 1) +
           " besides the batch";
}

/// The cause in one sentence, said by what the layer does.
std::string causeOfTooFew(const Case& input, int needed) {
    const tensor::Shape& shape = input.shape();
    const LayerType& type = input.type;
    const int missing = needed - shape.rank();
    if (type.role == Role::Permute) return dimsAndAxes(input, needed);
    if (shape.rank() == 1 && needed == 2) return "The only axis is the batch, so each sample has no features";
    if (type.role == Role::ConvRecurrent)
        return "It reads one frame after the other, so " + wantedAxes(input.node, input.link) +
               " needs an axis for time";
    if (isRecurrent(input.node) || type.role == Role::Attention)
        return "It goes from step to step, and " + shape.text() + " has one axis where time and features need two";
    if (type.role == Role::Spectrogram)
        return "It takes samples with their channels, and " + shape.text() + " has no axis of channels";
    if (type.family.spatialRank > 0 && missing == 1 && isPictureWithoutChannels(input))
        return "The picture has no axis of channels; one of size 1 makes it grey";
    if (type.family.spatialRank > 0)
        return "It moves over " + namesOf(type.family.spatialRank) + ", but " + spaceOf(input);
    return countOf(missing) + (missing == 1 ? " is" : " are") + " missing in " + shape.text();
}

std::string causeOfTooMany(const Case& input, int needed) {
    const tensor::Shape& shape = input.shape();
    const int extra = shape.rank() - needed;
    if (input.type.role == Role::Permute) return dimsAndAxes(input, needed);
    if (input.type.role == Role::MelSpectrogram) return "It takes samples without an axis of channels";
    if (isRecurrent(input.node))
        return "It goes from step to step over one axis, but " + shape.text() + " has " + countOf(extra) + " more";
    if (input.type.family.spatialRank > 0)
        return "It moves over " + namesOf(input.type.family.spatialRank) + ", but its input has " + countOf(extra) +
               " more";
    return shape.text() + " has " + countOf(extra) + " too many";
}

void describeRank(const Case& input, diag::Diagnostic& diagnostic) {
    const int needed = neededRank(input);
    const diag::Argument* exact = diag::findArgument(input.refusal.arguments, "exact");
    const auto* isExact = exact ? std::get_if<std::int64_t>(&exact->value) : nullptr;
    const bool isTooHigh = input.refusal.code == diag::Code::RankTooHigh;
    std::string text = "rank " + std::to_string(needed);
    if (isExact && *isExact == 0) text = (isTooHigh ? "at most " : "at least ") + text;
    setArgument(diagnostic.arguments, {"needed_text", text});
    setArgument(diagnostic.arguments, {"needed", std::int64_t{needed}});
    if (diagnostic.wanted.empty()) {
        diagnostic.wanted = text;
        setArgument(diagnostic.arguments, {"wanted", "tensors of " + text});
    }
    setArgument(diagnostic.arguments, {"cause", labelOf(input.node) + " works on " + diagnostic.wanted});
    if (!input.input || !input.link) return;
    setArgument(diagnostic.arguments,
                {"cause", isTooHigh ? causeOfTooMany(input, needed) : causeOfTooFew(input, needed)});
    diagnostic.why = batchOrFrames(input);
    const Origin origin = rankOrigin(input.graph(), input.analysis, *input.link);
    if (!origin.node || origin.node == input.producer) return;
    diagnostic.rootCause = origin.node->id;
    diagnostic.why += (diagnostic.why.empty() ? "Rank " : ". Rank ") + std::to_string(input.shape().rank()) +
                      " comes from " + labelOf(*origin.node);
}

constexpr Rule kRules[] = {
    {diag::Code::RankTooLow, describeRank, proposeRankTooLow},
    {diag::Code::RankTooHigh, describeRank, proposeRankTooHigh},
};

}  // namespace

std::span<const Rule> rankRules() { return kRules; }

int neededRank(const Case& input) {
    if (const diag::Argument* needed = diag::findArgument(input.refusal.arguments, "needed"))
        if (const auto* number = std::get_if<std::int64_t>(&needed->value)) return static_cast<int>(*number);
    const std::size_t port = input.link ? input.link->toPort : 0;
    if (port >= input.type.inputs.size()) return 0;
    const layers::PortSpec& spec = input.type.inputs[port];
    return input.refusal.code == diag::Code::RankTooHigh ? spec.maximumRank : spec.minimumRank;
}

bool leadsTo(const Case& input, NodeId node, bool (*condition)(const LayerType&)) {
    std::vector<NodeId> order{node};
    std::unordered_set<NodeId> seen{node};
    for (std::size_t index = 0; index < order.size() && order.size() < 200; ++index) {
        for (const graph::LinkPlace& place : input.analysis.consumers(order[index])) {
            const Node* consumer = input.graph().find(place.to);
            if (!consumer || !seen.insert(place.to).second) continue;
            if (condition(*consumer->type)) return true;
            order.push_back(place.to);
        }
    }
    return false;
}

void proposeReshape(const Case& input, Proposals& proposals, std::string slug, const std::vector<Dim>& sizes,
                    std::string note, Applicability applicability) {
    const auto unknown = std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); });
    if (unknown > 1 || !input.place) return;
    Plan plan = input.plan();
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(sizes)}});
    proposals.add(std::move(slug), "Insert Reshape → " + sizesText(sizes), std::move(note), std::move(plan),
                  applicability);
}

void proposeSibling(const Case& input, Proposals& proposals, int spatialRank, std::string note) {
    const LayerType* sibling = layers::sibling(input.type, spatialRank);
    if (!sibling || sibling == &input.type) return;
    Plan plan = input.plan();
    plan.replace(input.node, *sibling);
    proposals.add("use-" + layers::automaticName(*sibling), "Use " + std::string(sibling->className) + " instead",
                  std::move(note), std::move(plan));
}

void proposePermutation(const Case& input, Proposals& proposals) {
    if (input.type.role != Role::Permute || !input.input) return;
    const auto axes = static_cast<std::int64_t>(input.shape().rank() - 1);
    Numbers dims;
    for (const std::int64_t dim : integersOf(valueOf(input.node, "dims")))
        if (dim >= 1 && dim <= axes && std::ranges::find(dims, dim) == dims.end()) dims.push_back(dim);
    for (std::int64_t dim = 1; dim <= axes; ++dim)
        if (std::ranges::find(dims, dim) == dims.end()) dims.push_back(dim);
    Plan plan = input.plan();
    plan.set(input.node.id, "dims", Value::list(dims));
    proposals.add("renumber-dims", "Set dims to " + numbersText(dims), "Every axis of the input is named once.",
                  std::move(plan));
}

}  // namespace shapewise::mistakes
