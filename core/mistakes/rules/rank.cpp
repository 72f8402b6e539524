#include "core/mistakes/rules/rank.h"

#include "core/mistakes/repair/layer_repairs.h"

#include "core/layers/framework/catalog.h"
#include "core/mistakes/read/describe.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::axisOf;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using graph::Node;
using layers::LayerType;
using layers::Role;
using tensor::AxisMeaning;
using tensor::Dim;

std::string countOf(int axes) { return std::to_string(axes) + (axes == 1 ? " axis" : " axes"); }

/// "height and width".
std::string namesOf(int spatialRank) {
    constexpr std::string_view kNames[] = {"time", "height and width", "depth, height and width"};
    return spatialRank >= 1 && spatialRank <= 3 ? std::string(kNames[spatialRank - 1]) : countOf(spatialRank);
}

/// What a layer that slides over space finds instead: "its input has only time besides batch and channels".
Phrase spaceOf(const Case& input) {
    const tensor::Shape& shape = input.shape();
    if (shape.rank() < 2) return "its input has no axis besides batch and nothing else";
    if (shape.rank() == 2) return say("its input has no axis besides batch and {}", axisOf(shape, 1));
    const int channel = isChannelsFirst(input.node) ? 1 : shape.rank() - 1;
    std::vector<Phrase> names;
    for (int axis = 1; axis < shape.rank(); ++axis)
        if (axis != channel) names.emplace_back(axisOf(shape, axis));
    const diag::Axis rest = axisOf(shape, channel);
    const bool isTaken = rest.meaning == AxisMeaning::Frequency || rest.meaning == AxisMeaning::Time;
    return say("its input has only {} besides batch and {}", joined(names, " and "),
               isTaken ? say("what it takes as channels ({})", rest) : Phrase(rest));
}

Phrase dimsAndAxes(const Case& input, int needed) {
    // fits: a rank
    return say("dims names {}, but its input has {} besides the batch", countOf(needed - 1), input.shape().rank() - 1);
}

/// The cause in one sentence, said by what the layer does.
Phrase causeOfTooFew(const Case& input, int needed) {
    const tensor::Shape& shape = input.shape();
    const LayerType& type = input.type;
    const int missing = needed - shape.rank();  // fits: a rank
    if (type.role == Role::Permute) return dimsAndAxes(input, needed);
    if (shape.rank() == 1 && needed == 2) return "The only axis is the batch, so each sample has no features";
    if (type.role == Role::ConvRecurrent)
        return say("It reads one frame after the other, so {} needs an axis for time",
                   wantedAxes(input.node, input.link));
    if (isRecurrent(input.node) || type.role == Role::Attention)
        return say("It goes from step to step, and {} has one axis where time and features need two", shape);
    if (type.role == Role::Spectrogram)
        return say("It takes samples with their channels, and {} has no axis of channels", shape);
    if (type.family.spatialRank > 0 && missing == 1 && isPictureWithoutChannels(input))
        return "The picture has no axis of channels; one of size 1 makes it grey";
    if (type.family.spatialRank > 0)
        return say("It moves over {}, but {}", namesOf(type.family.spatialRank), spaceOf(input));
    return missing == 1 ? say("{} is missing in {}", countOf(missing), shape)
                        : say("{} are missing in {}", countOf(missing), shape);
}

Phrase causeOfTooMany(const Case& input, int needed) {
    const tensor::Shape& shape = input.shape();
    const std::string extra = countOf(shape.rank() - needed);
    if (input.type.role == Role::Permute) return dimsAndAxes(input, needed);
    if (input.type.role == Role::MelSpectrogram) return "It takes samples without an axis of channels";
    if (isRecurrent(input.node))
        return say("It goes from step to step over one axis, but {} has {} more", shape, extra);
    if (input.type.family.spatialRank > 0)
        return say("It moves over {}, but its input has {} more", namesOf(input.type.family.spatialRank), extra);
    return say("{} has {} too many", shape, extra);
}

void describeRank(const Case& input, diag::Diagnostic& diagnostic) {
    const int needed = neededRank(input);
    const diag::Argument* exact = diag::findArgument(input.refusal.arguments, "exact");
    const auto* isExact = exact ? std::get_if<std::int64_t>(&exact->value) : nullptr;
    const bool isTooHigh = input.refusal.code == diag::Code::RankTooHigh;
    const bool isBound = isExact && *isExact == 0;
    const Phrase text = !isBound    ? say("rank {}", needed)
                        : isTooHigh ? say("at most rank {}", needed)
                                    : say("at least rank {}", needed);
    setArgument(diagnostic.arguments, {"needed_text", text});
    setArgument(diagnostic.arguments, {"needed", std::int64_t{needed}});
    if (diagnostic.wanted.empty()) {
        diagnostic.wanted = text;
        setArgument(diagnostic.arguments, {"wanted", say("tensors of {}", text)});
    }
    setArgument(diagnostic.arguments, {"cause", say("{} works on {}", labelOf(input.node), diagnostic.wanted)});
    if (!input.input || !input.link) return;
    setArgument(diagnostic.arguments,
                {"cause", isTooHigh ? causeOfTooMany(input, needed) : causeOfTooFew(input, needed)});
    diagnostic.why = batchOrFrames(input);
    const Origin origin = rankOrigin(input.graph(), input.analysis, *input.link);
    if (!origin.node || origin.node == input.producer) return;
    diagnostic.rootCause = origin.node->id;
    const Phrase giver = say("Rank {} comes from {}", input.shape().rank(), labelOf(*origin.node));
    diagnostic.why = diagnostic.why.empty() ? giver : say("{}. {}", diagnostic.why, giver);
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
                    Phrase note, Applicability applicability) {
    const auto unknown = std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); });
    if (unknown > 1 || !input.place) return;
    Plan plan = input.plan();
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(sizes)}});
    proposals.add(std::move(slug), say("Insert Reshape → {}", sizesText(sizes)), std::move(note), std::move(plan),
                  applicability);
}

void proposeSibling(const Case& input, Proposals& proposals, int spatialRank, Phrase note) {
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
