// The right sizes in the wrong order: steps and channels, channels first, mel bands as time, Reshape instead of
// Permute, normalisation over the wrong axis, a batch in the shape. Nothing refuses these, so they are said with care.

#include "core/mistakes/rules/order.h"

#include "core/base/amount.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Code;
using diag::Phrase;
using diag::say;
using diag::Severity;
using graph::Graph;
using graph::Link;
using graph::Node;
using infer::Analysis;
using layers::AxisEffect;
using layers::Role;
using tensor::AxisMeaning;
using tensor::Dim;
using tensor::Shape;

/// The source that both declares the order and reaches the link without any layer in between that could change it.
const Node* plainSource(const Graph& graph, const Link& link) {
    return throughIdentities(graph, link, [](const Node& node) { return node.inputs.empty(); });
}

// ---- steps and channels: (1, 101) for (101, 1)

void detectExchanged(const graph::Project& project, const Analysis& analysis, const Node& node,
                     std::vector<Silent>& found) {
    if (node.type->family.spatialRank != 1 || node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != 3) return;
    const AxisLayout layout = layoutOf(3, isChannelsFirst(node));
    const std::int64_t steps = type->shape[layout.firstSpatial].sizeOr(0);
    const std::int64_t channels = type->shape[layout.channel].sizeOr(0);
    if (steps < 1 || channels < 8 || channels < Amount(4) * steps) return;
    const Numbers kernel = spatialOf(node, windowKey(*node.type), 1);
    if (kernel.empty() || steps >= kernel[0] || channels < kernel[0]) return;
    if (!plainSource(project.graph, node.inputs.front())) return;
    Silent silent;
    silent.confidence = steps == 1 ? 0.9 : 0.7;
    silent.refusal = {Code::StepsChannelsExchanged,
                      {},
                      0,
                      {{"steps", steps},
                       {"steps_text", steps == 1 ? Phrase("1 step") : say("{} steps", steps)},
                       {"channels", channels},
                       {"kernel", kernel[0]}}};
    found.push_back(std::move(silent));
}

// ---- channels first

bool isChannelCount(std::int64_t size) { return size == 1 || size == 3 || size == 4; }

/// A picture or a volume whose channels stand where a layer of this data_format looks for space.
bool hasChannelsElsewhere(const Shape& shape, bool readsFirst) {
    const int rank = shape.rank();
    if (rank != 4 && rank != 5) return false;
    const int claimed = readsFirst ? 1 : rank - 1;  // what the layer takes as channels
    const int likely = readsFirst ? rank - 1 : 1;   // where the channels seem to be
    if (!isChannelCount(shape[likely].sizeOr(0)) || isChannelCount(shape[claimed].sizeOr(0))) return false;
    for (int axis = 1; axis < rank; ++axis)
        if (axis != likely && shape[axis].sizeOr(0) < 8) return false;
    return true;
}

void detectChannelsFirst(const graph::Project& project, const Analysis& analysis, const Node& node,
                         std::vector<Silent>& found) {
    const int axes = node.type->family.spatialRank;
    if ((axes != 2 && axes != 3) || node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != axes + 2) return;
    const Shape& shape = type->shape;
    const bool first = isChannelsFirst(node);
    if (!hasChannelsElsewhere(shape, first) || !plainSource(project.graph, node.inputs.front())) return;
    const Dim likely = shape[first ? axes + 1 : 1];
    const Dim claimed = shape[first ? 1 : axes + 1];
    const bool isOne = likely == Dim(1);
    const Phrase side = first       ? (isOne ? "column" : "columns")
                        : axes == 3 ? (isOne ? "layer" : "layers")
                                    : (isOne ? "row" : "rows");
    Silent silent;
    silent.confidence = likely == Dim(4) || axes == 3 ? 0.7 : 0.9;
    std::vector<Phrase> reading;
    for (int index = 0; index < axes; ++index) {
        const AxisMeaning meaning = axes == 3 && index == 0 ? AxisMeaning::Depth
                                    : index == axes - 2     ? AxisMeaning::Height
                                                            : AxisMeaning::Width;
        const int axis = index + (first ? 2 : 1);
        reading.push_back(say("{} {}", diag::Axis{meaning, axis}, shape[axis]));
    }
    reading.push_back(say("channels {}", claimed));
    silent.refusal = {Code::ChannelsFirstData,
                      {},
                      0,
                      {{"reading", joined(reading, ", ")},
                       {"doubt", say("A picture of {} {} and {} channels is unlikely; the channels seem to come {}",
                                     likely, side, claimed, Phrase(first ? "last" : "first"))}}};
    found.push_back(std::move(silent));
}

/// Another data_format for every spatial layer behind the source, and the axis of what joins or normalises channels.
void changeFormat(const Case& input, Proposals& proposals, const Node& source, bool first) {
    Plan plan = input.plan();
    std::vector<NodeId> order{source.id};
    std::unordered_set<NodeId> seen{source.id};
    int count = 0;
    for (std::size_t index = 0; index < order.size() && order.size() < 2000; ++index) {
        const Node* node = input.graph().find(order[index]);
        const tensor::TensorType* output = input.analysis[order[index]].outputAt(0);
        if (hasParameter(*node->type, "data_format")) {
            plan.set(node->id, "data_format", first ? "channels_first" : "channels_last");
            ++count;
        } else if (const std::string_view axis = node->type->channelAxis;
                   !axis.empty() && output && output->shape.rank() > 2 && valueOf(*node, axis).isInteger()) {
            plan.set(node->id, axis, first ? 1 : -1);
        }
        if (endsMap(*node->type)) continue;
        for (const graph::LinkPlace& place : input.analysis.consumers(node->id))
            if (seen.insert(place.to).second) order.push_back(place.to);
    }
    const std::string format = first ? "channels_first" : "channels_last";
    proposals.add("change-data-format",
                  "Set data_format of " + (count == 1 ? labelOf(input.node) : std::to_string(count) + " layers") +
                      " to '" + format + "'",
                  "The data stay as they are; normalisation and joining use the channel axis too.", std::move(plan),
                  Applicability::Maybe);
}

/// The axes in the other order, the values in it, or all layers told of it. `place` is where the source feeds the
/// model.
void proposeOtherFormat(const Case& input, Proposals& proposals, const Node& source, graph::LinkPlace place,
                        const Shape& shape) {
    const bool first = isChannelsFirst(input.node);
    const auto axes = static_cast<std::int64_t>(shape.rank() - 1);
    Numbers dims;
    if (first) dims.push_back(axes);
    for (std::int64_t axis = first ? 1 : 2; axis <= (first ? axes - 1 : axes); ++axis) dims.push_back(axis);
    if (!first) dims.push_back(1);
    std::vector<Dim> sizes;
    for (const std::int64_t dim : dims) sizes.push_back(shape[static_cast<int>(dim)]);
    const bool isBehindSource = place.to != input.node.id;
    Plan plan = input.plan();
    plan.insert(place, "Permute", {{"dims", Value::list(dims)}});
    proposals.add("insert-permute",
                  "Insert Permute " + numbersText(dims) +
                      (isBehindSource ? " behind " + labelOf(source) : std::string()) + " → " + sizesText(sizes),
                  first ? "The channels then come first." : "The channels then come last.", std::move(plan),
                  Applicability::Maybe);
    changeFormat(input, proposals, source, !first);
    proposeSourceShape(input, proposals, source, sizes, "The data must then be stored in that order.");
}

void proposeChannelsLast(const Case& input, Proposals& proposals) {
    if (const Node* source = plainSource(input.graph(), *input.link))
        proposeOtherFormat(input, proposals, *source, *input.place, input.shape());
}

/// Steps and channels in the other order.
void proposeOtherSteps(const Case& input, Proposals& proposals, const Node& source, graph::LinkPlace place,
                       const Shape& shape) {
    const std::string steps = "(" + shape[2].text() + ", " + shape[1].text() + ")";
    const bool isBehindSource = place.to != input.node.id;
    Plan plan = input.plan();
    plan.insert(place, "Permute", {{"dims", Value::list({2, 1})}});
    proposals.add(
        "insert-permute",
        "Insert Permute (2, 1)" + (isBehindSource ? " behind " + labelOf(source) : std::string()) + " → " + steps,
        "The axes change places and the values move with them: " + shape[2].text() + " steps of " + shape[1].text() +
            (shape[1] == Dim(1) ? " channel." : " channels."),
        std::move(plan), Applicability::Maybe);
    proposeSourceShape(input, proposals, source, {shape[2], shape[1]},
                       "Steps first, then channels; the data must be stored in that order.");
}

/// Layers that leave each axis where it is.
bool keepsOrder(const layers::LayerType& type) {
    const AxisEffect effect = type.effects.space;
    return movesWindow(type) || effect == AxisEffect::Stretches || effect == AxisEffect::Shifts || keepsShape(type);
}

void proposeExchange(const Case& input, Proposals& proposals) {
    if (const Node* source = plainSource(input.graph(), *input.link))
        proposeOtherSteps(input, proposals, *source, *input.place, input.shape());
}

// ---- mel bands as time

bool isAlongTime(const layers::LayerType& type) {
    const AxisEffect effect = type.effects.space;
    const bool isOverSpace = movesWindow(type) || effect == AxisEffect::Reduces;
    return type.goesStepByStep || effect == AxisEffect::SeesAll || (isOverSpace && type.family.spatialRank == 1);
}

void detectMelAsTime(const graph::Project& project, const Analysis& analysis, const Node& node,
                     std::vector<Silent>& found) {
    if (node.inputs.empty() || !analysis[node.id].isKnown() || isChannelsFirst(node)) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != 3) return;
    const Node* mel = throughIdentities(project.graph, node.inputs.front(),
                                        [](const Node& up) { return up.type->role == Role::MelSpectrogram; });
    if (!mel) return;
    Silent silent;
    silent.confidence = 0.9;
    silent.refusal = {Code::MelAsTime, {}, 0, {{"bins", type->shape[1]}, {"mel", labelOf(*mel)}}};
    found.push_back(std::move(silent));
}

void describeMel(const Case& input, diag::Diagnostic& diagnostic) {
    const Node* mel = throughIdentities(input.graph(), *input.link,
                                        [](const Node& up) { return up.type->role == Role::MelSpectrogram; });
    if (mel && mel != input.producer) diagnostic.rootCause = mel->id;
}

void proposeMel(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.insert(*input.place, "Permute", {{"dims", Value::list({2, 1})}});
    proposals.add("insert-permute", say("Insert Permute (2, 1) → {}", Shape{input.shape()[2], input.shape()[1]}),
                  "Axes afterwards: (time, mel bands).", std::move(plan));
}

// ---- normalisation over the wrong axis

/// The nearest layer before that says where its channels are.
const Node* formatGiver(const Graph& graph, const Link& link) {
    for (const Node* node : pathUp(graph, link, 50)) {
        if (hasParameter(*node->type, "data_format") && node->type->effects.space != AxisEffect::Joins) return node;
        if (!keepsShape(*node->type)) return nullptr;
    }
    return nullptr;
}

void detectNormalization(const graph::Project& project, const Analysis& analysis, const Node& node,
                         std::vector<Silent>& found) {
    const bool isOverChannels = hasParameter(*node.type, "momentum") || hasParameter(*node.type, "groups");
    if (!isOverChannels || node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    const std::optional<std::int64_t> axis = integerOf(node, "axis");
    if (!type || type->shape.rank() < 3 || !axis) return;
    const std::int64_t index = *axis < 0 ? *axis + type->shape.rank() : *axis;
    if (index == 1) return;
    const Node* giver = formatGiver(project.graph, node.inputs.front());
    if (!giver || !isChannelsFirst(*giver) || giver->type->family.spatialRank + 2 != type->shape.rank()) return;
    Silent silent;
    silent.confidence = 0.95;
    silent.refusal = {
        Code::NormalizationAxis,
        "axis",
        0,
        {{"axis", diag::axisOf(type->shape, static_cast<int>(index))}, {"giver", labelOf(*giver)}, {"value", *axis}}};
    found.push_back(std::move(silent));
}

void describeNormalization(const Case& input, diag::Diagnostic& diagnostic) {
    const Node* giver = input.link ? formatGiver(input.graph(), *input.link) : nullptr;
    if (giver && giver != input.producer) diagnostic.rootCause = giver->id;
    diagnostic.wanted = "the channels on axis 1";
}

void proposeNormalization(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.set(input.node.id, "axis", 1);
    proposals.add("axis-1", "Set axis to 1", "Axis 1 holds the channels with channels_first.", std::move(plan));
}

// ---- a batch in the shape of an Input

bool mayHoldBatch(const Analysis& analysis, const Node& node) {
    constexpr std::int64_t kMany = 10000;
    if (shapeKey(*node.type).empty() || !analysis[node.id].isKnown()) return false;
    const Shape& shape = analysis[node.id].output.shape;
    return shape.rank() >= 3 && shape[1].sizeOr(0) >= kMany && shape[shape.rank() - 1].sizeOr(0) >= 2;
}

void detectBatchInShape(const graph::Project& project, const Analysis& analysis, const Node& node,
                        std::vector<Silent>& found) {
    if (!mayHoldBatch(analysis, node)) return;
    const Shape& shape = analysis[node.id].output.shape;
    for (const graph::LinkPlace& place : analysis.consumers(node.id)) {
        const Node* consumer = project.graph.find(place.to);
        if (!consumer || (consumer->type->role != Role::Dense && consumer->type->effects.space != AxisEffect::Joins))
            return;
    }
    if (analysis.consumers(node.id).empty()) return;
    Silent silent;
    silent.severity = Severity::Hint;
    silent.confidence = 0.6;
    silent.refusal = {Code::BatchInShape, "shape", -1, {{"number", shape[1].size()}, {"shape", shape}}};
    found.push_back(std::move(silent));
}

void watchConsumers(const graph::Project&, const Analysis& analysis, const Node& node, std::vector<NodeId>& watched) {
    if (!mayHoldBatch(analysis, node)) return;
    for (const graph::LinkPlace& place : analysis.consumers(node.id)) watched.push_back(place.to);
}

void proposeBatchOut(const Case& input, Proposals& proposals) {
    const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
    if (!output) return;
    std::vector<Dim> sizes = sampleSizes(output->shape);
    sizes.erase(sizes.begin());
    proposeSourceShape(input, proposals, input.node, sizes,
                       "The first number is the number of samples, which shape does not name.");
}

constexpr Rule kRules[] = {
    {Code::StepsChannelsExchanged, nullptr, proposeExchange},
    {Code::ChannelsFirstData, nullptr, proposeChannelsLast},
    {Code::MelAsTime, describeMel, proposeMel},
    {Code::NormalizationAxis, describeNormalization, proposeNormalization},
    {Code::BatchInShape, nullptr, proposeBatchOut},
};

bool slides(const layers::LayerType& type) { return type.effects.space == AxisEffect::Slides; }
bool isSource(const layers::LayerType& type) { return type.isSource(); }

constexpr SilentRule kDetectors[] = {
    {slides, detectExchanged},
    {movesWindow, detectChannelsFirst},
    {isAlongTime, detectMelAsTime},
    {isA<Role::Normalization>, detectNormalization},
    {isSource, detectBatchInShape, watchConsumers},
};

}  // namespace

void proposeOrderOfSource(const Case& input, Proposals& proposals) {
    const int axes = input.type.family.spatialRank;
    if (!input.link || !input.place || !movesWindow(input.type)) return;
    graph::LinkPlace place = *input.place;
    const Node* node = input.producer;
    while (node && !node->inputs.empty()) {
        if (!keepsOrder(*node->type)) return;
        place = {node->id, 0};
        node = firstProducer(input.graph(), *node);
    }
    const tensor::TensorType* output = node ? input.analysis[node->id].outputAt(0) : nullptr;
    if (!output || output->shape.rank() != axes + 2) return;
    // Behind layers that keep the shape, the axes are exchanged where they are used; behind others, at the source.
    if (plainSource(input.graph(), *input.link) == node) place = *input.place;
    const Shape& shape = output->shape;
    if (axes == 1 && !isChannelsFirst(input.node)) {
        const Numbers window = spatialOf(input.node, windowKey(input.type), 1);
        if (window.empty() || !shape[1].isKnown() || Amount(4) * shape[1].size() > shape[2].sizeOr(0) ||
            shape[2].size() < window[0])
            return;
        proposeOtherSteps(input, proposals, *node, place, shape);
    } else if (hasChannelsElsewhere(shape, isChannelsFirst(input.node))) {
        proposeOtherFormat(input, proposals, *node, place, shape);
    }
}

std::span<const Rule> orderRules() { return kRules; }
std::span<const SilentRule> orderDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
