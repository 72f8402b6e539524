// Numbers of channels and features: unknown where weights need them, other than was fixed, not divisible into groups;
// element types.

#include "core/mistakes/rules/channel.h"

#include "core/base/amount.h"
#include "core/base/divisors.h"
#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using graph::Node;
using layers::LayerType;
using layers::Role;
using tensor::Dim;

using Sizes = std::vector<Dim>;

// ---- unknown sizes

void describeUnknown(const Case& input, diag::Diagnostic& diagnostic) {
    const int axis = static_cast<int>(numberArgument(input.refusal, "axis", -1));
    Phrase name = diag::phraseOf(diagnostic.arguments, "axis_name", "an axis");
    if (input.input && axis >= 0) {
        const diag::Axis at = diag::axisOf(input.shape(), axis);
        name = at.meaning == tensor::AxisMeaning::Unknown ? Phrase(at) : say("the {} axis", at);
    }
    setArgument(diagnostic.arguments, {"axis_phrase", name});
    if (!input.input) setArgument(diagnostic.arguments, {"shape", Phrase("its input")});
    nameSizeRoot(input, diagnostic, axis);
}

/// Numbers in the place of None in the declared shape of the source.
void fixSourceSizes(const Case& input, Proposals& proposals) {
    const graph::Link* link = input.link                  ? input.link
                              : input.node.inputs.empty() ? nullptr
                                                          : &input.node.inputs.front();
    const Node* source = link ? sourceOf(input.graph(), *link) : nullptr;
    const tensor::TensorType* output = source ? input.analysis[source->id].outputAt(0) : nullptr;
    if (!output || output->shape.rank() < 2) return;
    Sizes sizes = sampleSizes(output->shape);
    const bool isPicture = sizes.size() == 3;
    const std::size_t channel = input.node.inputs.empty() || !isChannelsFirst(input.node) ? sizes.size() - 1 : 0;
    for (std::size_t index = 0; index < sizes.size(); ++index)
        if (!sizes[index].isKnown())
            sizes[index] = Dim(sizes.size() == 1 ? 16 : index == channel ? (isPicture ? 3 : 1) : 64);
    proposeSourceShape(input, proposals, *source, sizes, "Set the real sizes of your data.",
                       Applicability::Placeholder);
}

void proposeKnown(const Case& input, Proposals& proposals) {
    for (const std::string_view key : {"unroll", "stateful"}) {
        if (!hasParameter(input.type, key) || !flagOf(input.node, key)) continue;
        Plan plan = input.plan();
        plan.set(input.node.id, key, false);
        proposals.add(std::string(key) + "-off", "Turn " + std::string(key) + " off",
                      "Any number of steps is then allowed.", std::move(plan));
    }
    if (!input.link) return fixSourceSizes(input, proposals);
    poolInstead(input, proposals, false);
    fixSourceSizes(input, proposals);
}

// ---- channels other than the weights have

void putConvolution(const Case& input, Proposals& proposals, std::int64_t channels) {
    const int rank = input.shape().rank();
    if (rank < 2 || rank > 5) return;
    Plan plan = input.plan();
    std::string text = "Dense(" + std::to_string(channels) + ")";
    if (rank == 2) {
        plan.insert(*input.place, "Dense", {{"units", channels}});
    } else {
        const std::string name = "Conv" + std::to_string(rank - 2) + "D";
        Settings settings{{"filters", channels}, {"kernel_size", 1}};
        if (isChannelsFirst(input.node)) settings.emplace_back("data_format", "channels_first");
        plan.insert(*input.place, name, settings);
        text = "a 1 × 1 " + name + " with " + std::to_string(channels) + " filters";
    }
    proposals.add("insert-projection", "Insert " + text, "It has weights of its own, which must be trained.",
                  std::move(plan), Applicability::Maybe);
}

void colourOfFile(const Case& input, Proposals& proposals, std::int64_t channels) {
    const Node* source = sourceOf(input.graph(), *input.link);
    const layers::ParamSpec* colour = source ? source->type->param("colour") : nullptr;
    if (!colour) return;
    const char* choice = channels == 1 ? "grey" : channels == 3 ? "rgb" : channels == 4 ? "rgba" : nullptr;
    if (!choice) return;
    Plan plan = input.plan();
    plan.set(source->id, "colour", choice);
    proposals.add("colour", std::string("Read ") + labelOf(*source) + " as " + choice, "Nothing else changes.",
                  std::move(plan));
}

void repeatGrey(const Case& input, Proposals& proposals, std::int64_t channels, std::int64_t given) {
    if (given != 1 || channels < 2 || channels > 4) return;
    Plan plan = input.plan();
    std::vector<graph::Link> links(static_cast<std::size_t>(channels),
                                   graph::Link{input.link->from, input.link->fromPort, 0});
    const Numbers axis{isChannelsFirst(input.node) ? 1 : -1};
    const NodeId joined = plan.add("Concatenate", {{"axis", axis[0]}}, links, input.node.id);
    plan.feed(*input.place, joined);
    proposals.add("repeat-grey", "Repeat the grey channel " + std::to_string(channels) + " times (Concatenate)",
                  "All channels then show the same picture.", std::move(plan));
}

void dropLastChannels(const Case& input, Proposals& proposals, std::int64_t channels, std::int64_t given) {
    const std::int64_t extra = (Amount(given) - channels).value();
    if (input.shape().rank() != 4 || extra < 1 || given > 4) return;
    Plan plan = input.plan();
    const bool first = isChannelsFirst(input.node);
    if (!first) plan.insert(*input.place, "Permute", {{"dims", Value::list({1, 3, 2})}});
    Value cut(ValueList{first ? Value::list({0, extra}) : Value::list({0, 0}),
                        first ? Value::list({0, 0}) : Value::list({0, extra})});
    plan.insert(*input.place, "Cropping2D", {{"cropping", std::move(cut)}});
    if (!first) plan.insert(*input.place, "Permute", {{"dims", Value::list({1, 3, 2})}});
    proposals.add(
        "drop-channels",
        extra == 1 && given == 4 ? "Drop the alpha channel" : "Drop the last " + std::to_string(extra) + " channels",
        "Permute brings the channels beside the height, Cropping2D cuts, Permute brings them back.", std::move(plan));
}

void changeSourceChannels(const Case& input, Proposals& proposals, std::int64_t channels) {
    const int axis = isChannelsFirst(input.node) ? 1 : input.shape().rank() - 1;
    const Origin origin = sizeOrigin(input.graph(), input.analysis, *input.link, axis);
    const tensor::TensorType* output = origin.node ? input.analysis[origin.node->id].outputAt(0) : nullptr;
    if (!output || !origin.node->inputs.empty() || origin.axis < 1) return;
    Sizes sizes = sampleSizes(output->shape);
    sizes[static_cast<std::size_t>(origin.axis - 1)] = Dim(channels);
    proposeSourceShape(input, proposals, *origin.node, sizes, "The data must have this many channels too.");
}

void describeChannels(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"expected", numberArgument(input.refusal, "needed", 0)});
    setArgument(diagnostic.arguments, {"channels", numberArgument(input.refusal, "got", 0)});
    if (input.input) nameSizeRoot(input, diagnostic, isChannelsFirst(input.node) ? 1 : input.shape().rank() - 1);
}

// ---- groups

/// The layer that puts channels first before a normalisation over another axis; null when there is none.
const Node* channelsFirstBefore(const Case& input) {
    if (input.type.role != Role::Normalization || !input.link || integerOf(input.node, "axis") == 1) return nullptr;
    const Node* giver = throughIdentities(input.graph(), *input.link,
                                          [](const Node& node) { return hasParameter(*node.type, "data_format"); });
    return giver && isChannelsFirst(*giver) ? giver : nullptr;
}

/// The layer whose filters or units are the channels that come in.
const Node* channelGiver(const Case& input, int axis) {
    if (!input.link) return nullptr;
    const Node* node = sizeOrigin(input.graph(), input.analysis, *input.link, axis).node;
    return node && (hasParameter(*node->type, "filters") || hasParameter(*node->type, "units")) ? node : nullptr;
}

std::int64_t nearestMultiple(std::int64_t number, std::int64_t of) {
    const Amount below(number - number % of);
    const Amount above = below + of;
    return (below > 0 && Amount(number) - below <= above - number ? below : above).value();
}

void describeGroups(const Case& input, diag::Diagnostic& diagnostic) {
    const std::int64_t value = numberArgument(input.refusal, "value", 0);
    const std::int64_t groups = std::max<std::int64_t>(1, numberArgument(input.refusal, "groups", 1));
    const bool isTooFew = value < groups;
    setArgument(diagnostic.arguments,
                {"arithmetic", isTooFew ? say("{} is less than {}", value, groups)
                                        : say("{} / {} leaves {}", value, groups, value % groups)});
    setArgument(
        diagnostic.arguments,
        {"share", input.type.role == Role::Normalization ? Phrase("each group takes as many channels as the others")
                  : hasParameter(input.type, "filters")
                      ? Phrase("each group takes the same share of the input channels and of the filters")
                      : Phrase("the parts must be equal")});
    if (const Node* giver = channelsFirstBefore(input)) {
        diagnostic.rootCause = giver->id;
        diagnostic.why = say("{} puts the channels on axis 1", labelOf(*giver));
    }
}

void proposeGroups(const Case& input, Proposals& proposals) {
    const std::string_view key = input.refusal.parameter.empty() ? "groups" : input.refusal.parameter;
    const std::int64_t value = numberArgument(input.refusal, "value", 1);
    const std::int64_t groups = std::max<std::int64_t>(1, numberArgument(input.refusal, "groups", 1));
    const std::int64_t filters = integerOf(input.node, "filters").value_or(0);
    const int channelAxis = input.input ? (isChannelsFirst(input.node) ? 1 : input.shape().rank() - 1) : 0;
    const std::int64_t channels = input.input ? input.shape()[channelAxis].sizeOr(0) : 0;
    if (channelsFirstBefore(input)) {
        Plan plan = input.plan();
        plan.set(input.node.id, "axis", 1);
        proposals.add("axis-1", "Set axis to 1", "Axis 1 holds the channels with channels_first.", std::move(plan));
    }
    const std::int64_t common = std::gcd(std::gcd(std::max<std::int64_t>(value, 1), filters), channels);
    if (common > 0) {
        const std::int64_t fitting = largestDivisor(common, groups);
        Plan plan = input.plan();
        plan.set(input.node.id, key, fitting);
        proposals.add("fitting-groups", "Set " + std::string(key) + " to " + std::to_string(fitting),
                      std::to_string(fitting) + " divides " + std::to_string(value) + " evenly.", std::move(plan));
    }
    if (filters > 0 && filters % groups != 0) {
        const std::int64_t nearest = nearestMultiple(filters, groups);
        Plan plan = input.plan();
        plan.set(input.node.id, "filters", nearest);
        proposals.add("fitting-filters", "Set filters to " + std::to_string(nearest),
                      "The nearest multiple of " + std::to_string(groups) + ".", std::move(plan));
    }
    if (const Node* giver = channelGiver(input, channelAxis); giver && channels > 0 && channels % groups != 0) {
        const std::string_view size = hasParameter(*giver->type, "filters") ? "filters" : "units";
        const std::int64_t nearest = nearestMultiple(channels, groups);
        Plan plan = input.plan();
        plan.set(giver->id, size, nearest);
        proposals.add("fitting-channels",
                      "Set " + std::string(size) + " of " + labelOf(*giver) + " to " + std::to_string(nearest),
                      "The nearest multiple of " + std::to_string(groups) + ".", std::move(plan), Applicability::Maybe);
    }
    for (const LayerType* type : layers::allLayers()) {
        if (type->family.name != "DepthwiseConv" || type->family.spatialRank != input.type.family.spatialRank) continue;
        if (input.type.family.name != "Conv" || groups < 2 || channels != groups) continue;
        Plan plan = input.plan();
        plan.replace(input.node, *type, {{"depth_multiplier", std::max<std::int64_t>(1, filters / channels)}});
        proposals.add("use-depthwise", "Use " + std::string(type->className) + " instead",
                      "Each channel is a group of its own.", std::move(plan), Applicability::Maybe);
    }
}

// ---- element types

void describeElements(const Case& input, diag::Diagnostic& diagnostic) {
    const std::string needed = diag::textOf(input.refusal.arguments, "needed", "another type");
    setArgument(diagnostic.arguments, {"expected", needed});
    setArgument(diagnostic.arguments, {"given", diag::textOf(input.refusal.arguments, "got", "another type")});
    setArgument(diagnostic.arguments, {"reason", say("{} computes with {} only", labelOf(input.node), needed)});
}

void proposeElements(const Case& input, Proposals& proposals) {
    if (!input.link) return;
    const std::string type = diag::textOf(input.refusal.arguments, "needed", "float32");
    const Node* source = sourceOf(input.graph(), *input.link);
    if (source && hasParameter(*source->type, "dtype")) {
        Plan plan = input.plan();
        plan.set(source->id, "dtype", type);
        proposals.add("source-dtype", "Set dtype of " + labelOf(*source) + " to " + type, {}, std::move(plan));
    }
    if (type != "float32") return;
    Plan plan = input.plan();
    plan.insert(*input.place, "Rescaling", {{"scale", 1.0}});
    proposals.add("insert-rescaling", "Insert Rescaling (scale 1)", "It turns whole numbers into floats.",
                  std::move(plan));
}

constexpr Rule kRules[] = {
    {diag::Code::SizeUnknown, describeUnknown, proposeKnown},
    {diag::Code::ChannelsMismatch, describeChannels, proposeChannels},
    {diag::Code::GroupsNotDividing, describeGroups, proposeGroups},
    {diag::Code::ElementType, describeElements, proposeElements},
};

}  // namespace

void proposeChannels(const Case& input, Proposals& proposals) {
    if (!input.input || !input.link) return;
    const std::int64_t needed = numberArgument(input.refusal, "needed", 0);
    const std::int64_t given = numberArgument(input.refusal, "got", 0);
    if (needed < 1) return;
    colourOfFile(input, proposals, needed);
    dropLastChannels(input, proposals, needed, given);
    repeatGrey(input, proposals, needed, given);
    putConvolution(input, proposals, needed);
    changeSourceChannels(input, proposals, needed);
    for (const std::string_view key : {"mean", "variance"})
        if (hasParameter(input.type, key) && input.node.setting(ParamKey::of(key))) {
            Plan plan = input.plan();
            plan.reset(input.node.id, "mean");
            plan.reset(input.node.id, "variance");
            proposals.add("reset-statistics", "Forget mean and variance", "They belong to other data.",
                          std::move(plan));
        }
}

void poolInstead(const Case& input, Proposals& proposals, bool makeNew) {
    const Node* flatten = throughIdentities(input.graph(), *input.link, [](const Node& node) {
        return node.type->effects.space == layers::AxisEffect::Joins;
    });
    if (!flatten || flatten->inputs.empty()) return;
    const tensor::TensorType* map = typeAt(input.analysis, flatten->inputs.front());
    const int axes = map ? map->shape.rank() - 2 : 0;
    if (axes < 1 || axes > 3) return;
    const std::string rank = std::to_string(axes) + "D";
    for (const std::string& name : {"GlobalAveragePooling" + rank, "GlobalMaxPooling" + rank}) {
        const LayerType* pooling = layers::findLayer(name);
        if (!pooling) continue;
        Plan plan = input.plan();
        plan.replace(*flatten, *pooling);
        if (makeNew) plan.add(edit::SetWeights{input.node.id, nullptr});
        proposals.add("use-" + layers::automaticName(*pooling),
                      "Use " + name + " instead of " + labelOf(*flatten) +
                          (makeNew ? " and make " + labelOf(input.node) + " new" : std::string()),
                      std::string("One number for each channel, whatever the size of the map.") +
                          (makeNew ? " The layer must be trained again." : ""),
                      std::move(plan));
    }
    if (makeNew) return;
    Plan plan = input.plan();
    const Numbers size(static_cast<std::size_t>(axes), 7);
    plan.insert({flatten->id, 0}, "AdaptiveAveragePooling" + rank,
                {{"output_size", axes == 1 ? Value(7) : Value::list(size)}});
    proposals.add("insert-adaptive-pooling", "Insert AdaptiveAveragePooling" + rank + " → " + timesText(size),
                  "Every map is averaged to this size first.", std::move(plan));
}

std::span<const Rule> channelRules() { return kRules; }

}  // namespace shapewise::mistakes
