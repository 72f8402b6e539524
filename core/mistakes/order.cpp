// The right sizes in the wrong order: steps and channels, channels first, mel bands as time, Reshape instead of Permute,
// normalisation over the wrong axis, a batch in the shape. Nothing refuses these, so they are said with care.

#include "core/mistakes/rank.h"

#include "core/diag/render_text.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Code;
using diag::Severity;
using graph::Graph;
using graph::Link;
using graph::Node;
using infer::Analysis;
using layers::Role;
using tensor::Dim;
using tensor::Shape;

/// The source that both declares the order and reaches the link without any layer in between that could change it.
const Node* plainSource(const Graph& graph, const Link& link) {
    return throughIdentities(graph, link, [](const Node& node) { return node.inputs.empty(); });
}

// ---- row 6: (1, 101) for (101, 1)

void detectExchanged(const graph::Project& project, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.type->family.spatialRank != 1 || node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != 3) return;
    const AxisLayout layout = layoutOf(3, isChannelsFirst(node));
    const std::int64_t steps = type->shape[layout.firstSpatial].sizeOr(0);
    const std::int64_t channels = type->shape[layout.channel].sizeOr(0);
    if (steps < 1 || channels < 8 || channels < 4 * steps) return;
    const Numbers kernel = spatialOf(node, windowKey(*node.type), 1);
    if (kernel.empty() || steps >= kernel[0] || channels < kernel[0]) return;
    if (!plainSource(project.graph, node.inputs.front())) return;
    Silent silent;
    silent.confidence = steps == 1 ? 0.9 : 0.7;
    silent.refusal = {Code::StepsChannelsExchanged, {}, 0, {{"steps", steps}, {"channels", channels}}};
    found.push_back(std::move(silent));
}

void proposeExchange(const Case& input, Proposals& proposals) {
    const Shape& shape = input.shape();
    Plan plan = input.plan();
    plan.insert(*input.place, "Permute", {{"dims", Value::list({2, 1})}});
    proposals.add("insert-permute", "Insert Permute (2, 1) → (" + shape[2].text() + ", " + shape[1].text() + ")",
                  "The axes change places and the values move with them.", std::move(plan));
    if (const Node* source = plainSource(input.graph(), *input.link))
        proposeSourceShape(input, proposals, *source, {shape[2], shape[1]}, "The data must then be stored in that order.");
}

// ---- row 7: channels first

bool isChannelCount(std::int64_t size) { return size == 1 || size == 3 || size == 4; }

void detectChannelsFirst(const graph::Project& project, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.type->family.spatialRank != 2 || node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != 4) return;
    const Shape& shape = type->shape;
    const bool first = isChannelsFirst(node);
    const std::int64_t claimed = shape[first ? 1 : 3].sizeOr(0);   // what the layer takes as channels
    const std::int64_t likely = shape[first ? 3 : 1].sizeOr(0);    // where the channels seem to be
    const std::int64_t other = shape[2].sizeOr(0);
    if (!isChannelCount(likely) || isChannelCount(claimed) || claimed < 8 || other < 8) return;
    if (!plainSource(project.graph, node.inputs.front())) return;
    Silent silent;
    silent.confidence = likely == 3 || likely == 1 ? 0.9 : 0.7;
    silent.refusal = {Code::ChannelsFirstData,
                      {},
                      0,
                      {{"height", shape[first ? 2 : 1].sizeOr(0)}, {"width", shape[first ? 3 : 2].sizeOr(0)}, {"channels", claimed}, {"likely", likely}}};
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
        } else if ((node->type->role == Role::Normalization || node->type->role == Role::Concatenate) && output && output->shape.rank() > 2 &&
                   valueOf(*node, "axis").isInteger()) {
            plan.set(node->id, "axis", first ? 1 : -1);
        }
        if (node->type->role == Role::Flatten || node->type->role == Role::GlobalPooling) continue;
        for (const graph::LinkPlace& place : input.analysis.consumers(node->id))
            if (seen.insert(place.to).second) order.push_back(place.to);
    }
    const std::string format = first ? "channels_first" : "channels_last";
    proposals.add("change-data-format", "Set data_format of " + (count == 1 ? labelOf(input.node) : std::to_string(count) + " layers") + " to '" + format + "'",
                  "The data stay as they are; normalisation and joining use the channel axis too.", std::move(plan), Applicability::Maybe);
}

void proposeChannelsLast(const Case& input, Proposals& proposals) {
    const bool first = isChannelsFirst(input.node);
    const Shape& shape = input.shape();
    const Numbers dims = first ? Numbers{3, 1, 2} : Numbers{2, 3, 1};
    Plan plan = input.plan();
    plan.insert(*input.place, "Permute", {{"dims", Value::list(dims)}});
    proposals.add("insert-permute", "Insert Permute " + numbersText(dims), first ? "Axes afterwards: (channels, height, width)." : "Axes afterwards: (height, width, channels).",
                  std::move(plan));
    const Node* source = plainSource(input.graph(), *input.link);
    if (!source) return;
    changeFormat(input, proposals, *source, !first);
    std::vector<Dim> sizes = sampleSizes(shape);
    std::ranges::rotate(sizes, first ? sizes.end() - 1 : sizes.begin() + 1);
    proposeSourceShape(input, proposals, *source, sizes, "The data must then be stored in that order.");
}

// ---- mel bands as time

bool readsTimeFirst(const Node& node) {
    switch (node.type->role) {
        case Role::Convolution:
        case Role::Pooling: return node.type->family.spatialRank == 1 && !isChannelsFirst(node);
        case Role::Recurrent:
        case Role::Attention: return true;
        case Role::Wrapper: return true;
        default: return false;
    }
}

void detectMelAsTime(const graph::Project& project, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.inputs.empty() || !analysis[node.id].isKnown() || !readsTimeFirst(node)) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() != 3) return;
    const Node* mel = throughIdentities(project.graph, node.inputs.front(),
                                        [](const Node& up) { return up.type->role == Role::MelSpectrogram; });
    if (!mel) return;
    Silent silent;
    silent.confidence = 0.9;
    silent.refusal = {Code::MelAsTime, {}, 0, {{"bins", type->shape[1].text()}, {"mel", labelOf(*mel)}}};
    found.push_back(std::move(silent));
}

void describeMel(const Case& input, diag::Diagnostic& diagnostic) {
    const Node* mel = throughIdentities(input.graph(), *input.link, [](const Node& up) { return up.type->role == Role::MelSpectrogram; });
    if (mel && mel != input.producer) diagnostic.rootCause = mel->id;
}

void proposeMel(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.insert(*input.place, "Permute", {{"dims", Value::list({2, 1})}});
    proposals.add("insert-permute", "Insert Permute (2, 1) → (" + input.shape()[2].text() + ", " + input.shape()[1].text() + ")",
                  "Axes afterwards: (time, mel bands).", std::move(plan));
}

// ---- row 20: Reshape used to exchange axes

Numbers withoutOnes(const Shape& shape) {
    Numbers sizes;
    for (int axis = 1; axis < shape.rank(); ++axis) {
        if (!shape[axis].isKnown()) return {};
        if (shape[axis].size() != 1) sizes.push_back(shape[axis].size());
    }
    return sizes;
}

void detectScrambling(const graph::Project&, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.inputs.empty() || !analysis[node.id].isKnown() || !hasParameter(*node.type, "target_shape")) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type) return;
    const Numbers before = withoutOnes(type->shape);
    const Numbers after = withoutOnes(analysis[node.id].output.shape);
    if (before.size() < 2 || before.size() != after.size() || before == after) return;
    if (!std::ranges::is_permutation(before, after)) return;
    Silent silent;
    silent.confidence = 0.8;
    silent.refusal = {Code::ReshapeExchangesAxes, "target_shape", 0, {{"target", analysis[node.id].output.shape.textWithoutBatch()}}};
    found.push_back(std::move(silent));
}

void proposeTransposition(const Case& input, Proposals& proposals) {
    const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
    if (!output) return;
    const std::vector<Dim> before = sampleSizes(input.shape());
    const std::vector<Dim> after = sampleSizes(output->shape);
    std::vector<bool> used(before.size(), false);
    Numbers dims;
    for (const Dim size : after) {
        if (size == Dim(1)) continue;
        for (std::size_t index = 0; index < before.size(); ++index) {
            if (used[index] || before[index] != size) continue;
            used[index] = true;
            dims.push_back(static_cast<std::int64_t>(index) + 1);
            break;
        }
    }
    for (std::size_t index = 0; index < before.size(); ++index)
        if (!used[index]) dims.push_back(static_cast<std::int64_t>(index) + 1);
    std::vector<Dim> permuted;
    for (const std::int64_t dim : dims) permuted.push_back(before[static_cast<std::size_t>(dim - 1)]);
    Plan plan = input.plan();
    const std::string order = numbersText(dims);
    if (const layers::LayerType* permute = typeWith(Role::Permute, 0); permute && permuted == after) {
        plan.replace(input.node, *permute, {{"dims", Value::list(dims)}});
        proposals.add("use-permute", "Use Permute " + order + " instead", "The axes change places and the values move with them.", std::move(plan));
        return;
    }
    plan.insert(*input.place, "Permute", {{"dims", Value::list(dims)}});
    proposals.add("insert-permute", "Insert Permute " + order + " before it", "The values are in order then, and Reshape only adds or drops axes of size 1.",
                  std::move(plan));
}

// ---- normalisation over the wrong axis

/// The nearest layer before that says where its channels are.
const Node* formatGiver(const Graph& graph, const Link& link) {
    for (const Node* node : pathUp(graph, link, 50)) {
        if (hasParameter(*node->type, "data_format") && node->type->role != Role::Flatten) return node;
        if (!keepsShape(*node->type)) return nullptr;
    }
    return nullptr;
}

void detectNormalization(const graph::Project& project, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
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
    silent.refusal = {Code::NormalizationAxis, "axis", 0, {{"axis", axisText(type->shape, static_cast<int>(index))}, {"value", *axis}}};
    found.push_back(std::move(silent));
}

void proposeNormalization(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.set(input.node.id, "axis", 1);
    proposals.add("axis-1", "Set axis to 1", "Axis 1 holds the channels with channels_first.", std::move(plan));
}

// ---- a batch in the shape of an Input

void detectBatchInShape(const graph::Project& project, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    constexpr std::int64_t kMany = 10000;
    if (shapeKey(*node.type).empty() || !analysis[node.id].isKnown()) return;
    const Shape& shape = analysis[node.id].output.shape;
    if (shape.rank() < 3 || shape[1].sizeOr(0) < kMany || shape[shape.rank() - 1].sizeOr(0) < 2) return;
    for (const graph::LinkPlace& place : analysis.consumers(node.id)) {
        const Node* consumer = project.graph.find(place.to);
        if (!consumer || (consumer->type->role != Role::Dense && consumer->type->role != Role::Flatten)) return;
    }
    if (analysis.consumers(node.id).empty()) return;
    Silent silent;
    silent.severity = Severity::Hint;
    silent.confidence = 0.6;
    silent.refusal = {Code::BatchInShape, "shape", -1, {{"number", shape[1].size()}, {"shape", shape}}};
    found.push_back(std::move(silent));
}

void proposeBatchOut(const Case& input, Proposals& proposals) {
    const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
    if (!output) return;
    std::vector<Dim> sizes = sampleSizes(output->shape);
    sizes.erase(sizes.begin());
    proposeSourceShape(input, proposals, input.node, sizes, "The first number is the number of samples, which shape does not name.");
}

constexpr Rule kRules[] = {
    {Code::StepsChannelsExchanged, nullptr, proposeExchange},
    {Code::ChannelsFirstData, nullptr, proposeChannelsLast},
    {Code::MelAsTime, describeMel, proposeMel},
    {Code::ReshapeExchangesAxes, nullptr, proposeTransposition},
    {Code::NormalizationAxis, nullptr, proposeNormalization},
    {Code::BatchInShape, nullptr, proposeBatchOut},
};

constexpr SilentRule kDetectors[] = {
    {Role::Convolution, detectExchanged},     {Role::Convolution, detectChannelsFirst}, {Role::Pooling, detectChannelsFirst},
    {Role::Convolution, detectMelAsTime},     {Role::Pooling, detectMelAsTime},         {Role::Recurrent, detectMelAsTime},
    {Role::Attention, detectMelAsTime},       {Role::Wrapper, detectMelAsTime},         {Role::Reshape, detectScrambling},
    {Role::Normalization, detectNormalization}, {Role::Source, detectBatchInShape},
};

}  // namespace

std::span<const Rule> orderRules() { return kRules; }
std::span<const SilentRule> orderDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
