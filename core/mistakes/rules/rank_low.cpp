// Too few axes: a missing channel axis, a flattened or pooled map, a sequence where a picture is expected, a table
// where a sequence is expected, a sample without its batch axis.

#include "core/base/amount.h"
#include "core/base/divisors.h"
#include "core/mistakes/repair/layer_repairs.h"
#include "core/mistakes/rules/rank.h"
#include "core/mistakes/rules/readings.h"

#include <algorithm>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::axisOf;
using diag::Phrase;
using diag::say;
using graph::Node;
using layers::AxisEffect;
using layers::LayerType;
using layers::Role;
using tensor::AxisMeaning;
using tensor::Dim;

Origin originOf(const Case& input) { return rankOrigin(input.graph(), input.analysis, *input.link); }

/// "(time, channels)".
Phrase axesOf(const tensor::Shape& shape) {
    std::vector<Phrase> names;
    for (int axis = 1; axis < shape.rank(); ++axis) names.emplace_back(axisOf(shape, axis));
    return say("({})", joined(names, ", "));
}

/// "(height = time, width = channels, channels = 1)".
Phrase spatialMeaning(const Case& input, bool channelsFirst) {
    constexpr AxisMeaning kSpace[] = {AxisMeaning::Depth, AxisMeaning::Height, AxisMeaning::Width};
    const int axes = input.shape().rank() - 1;
    std::vector<Phrase> parts;
    for (int axis = 1; axis <= axes; ++axis) {
        const diag::Axis old = axisOf(input.shape(), axis);
        const AxisMeaning space = axes <= 3 ? kSpace[3 - axes + axis - 1] : AxisMeaning::Unknown;
        const Phrase name = axes <= 3 ? Phrase(diag::Axis{space, axis}) : Phrase("axis");
        const bool isSame = axes <= 3 && old.meaning == space;
        parts.push_back(isSame ? name : say("{} = {}", name, old));
    }
    parts.insert(channelsFirst ? parts.begin() : parts.end(), "channels = 1");
    return say("({})", joined(parts, ", "));
}

/// The Input itself declares the axis of channels.
void addSourceChannel(const Case& input, Proposals& proposals) {
    if (!input.input || neededRank(input) != input.shape().rank() + 1 || input.shape().rank() < 3) return;
    const Node* source =
        throughIdentities(input.graph(), *input.link, [](const Node& node) { return node.inputs.empty(); });
    if (!source) return;
    Sizes sizes = sampleSizes(input.shape());
    sizes.insert(isChannelsFirst(input.node) ? sizes.begin() : sizes.end(), Dim(1));
    proposeSourceShape(input, proposals, *source, sizes, "The data need a channel axis of size 1 too.");
}

void addChannelAxis(const Case& input, Proposals& proposals) {
    Sizes sizes = sampleSizes(input.shape());
    const bool first = isChannelsFirst(input.node);
    sizes.insert(first ? sizes.begin() : sizes.end(), Dim(1));
    proposeReshape(input, proposals, "insert-reshape", sizes,
                   say("Axes afterwards: {}.", spatialMeaning(input, first)));
}

/// (steps, 1, channels) with a window of (k, 1): a 1D convolution written as a 2D one.
void keepFlat(const Case& input, Proposals& proposals) {
    const int axes = input.type.family.spatialRank;
    const std::string_view key = windowKey(input.type);
    if (key.empty() || axes < 2 || isChannelsFirst(input.node)) return;
    Numbers window = spatialOf(input.node, key, axes);
    if (window.empty()) return;
    window.back() = 1;
    Sizes sizes = sampleSizes(input.shape());
    if (std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); }) > 1) return;
    sizes.insert(sizes.end() - 1, Dim(1));
    Plan plan = input.plan();
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(sizes)}});
    plan.set(input.node.id, key, Value::list(window));
    for (const std::string_view other : {"strides", "dilation_rate"}) {
        Numbers numbers = spatialOf(input.node, other, axes);
        if (numbers.empty() || numbers.back() == 1) continue;
        numbers.back() = 1;
        plan.set(input.node.id, other, Value::list(numbers));
    }
    const std::string name(input.type.className);
    proposals.add("keep-flat",
                  say("Keep {}: Reshape {}, {} {}", name, sizesText(sizes), key == "kernel_size" ? "kernel" : "window",
                      numbersText(window)),
                  "The new axis of size 1 is width; channels stay channels, and the window moves along the steps only.",
                  std::move(plan));
}

/// The node that took the axes away, when it had as many as are needed.
const Node* loweringNode(const Case& input) {
    const Origin origin = originOf(input);
    if (!origin.node || origin.node->inputs.empty()) return nullptr;
    const tensor::TensorType* before = typeAt(input.analysis, origin.node->inputs.front());
    return before && before->shape.rank() == neededRank(input) ? origin.node : nullptr;
}

void moveBefore(const Case& input, Proposals& proposals) {
    const Node* lowering = loweringNode(input);
    if (!lowering) return;
    const graph::Link up = lowering->inputs.front();
    Plan plan = input.plan();
    plan.feed(*input.place, up.from, up.fromPort);
    plan.feed({lowering->id, 0}, input.node.id);
    for (const graph::LinkPlace& place : input.analysis.consumers(input.node.id))
        plan.feed(place, input.link->from, input.link->fromPort);
    if (Numbers target = integersOf(valueOf(*lowering, "target_shape")); target.size() > 1) {
        const tensor::Shape& before = typeAt(input.analysis, up)->shape;
        const std::optional<std::int64_t> filters = integerOf(input.node, "filters");
        if (filters && Dim(target.back()) == before[before.rank() - 1]) target.back() = *filters;
        target.front() = -1;
        plan.set(lowering->id, "target_shape", Value::list(target));
    }
    proposals.add("move-before", "Move " + labelOf(input.node) + " before " + labelOf(*lowering),
                  say("It then works on {}.", typeAt(input.analysis, up)->shape), std::move(plan));
    if (!endsMap(*lowering->type)) return;
    Plan without = input.plan();
    without.bypass(*lowering);
    proposals.add("remove-lowering", "Remove " + labelOf(*lowering), "The axes it took away stay.", std::move(without));
}

bool isRecording(const Case& input) {
    const tensor::TensorType& type = *input.input;
    const int rank = type.shape.rank();
    if (rank != 3 || type.shape[2].sizeOr(99) > 2) return false;
    const bool hasRate = type.scales && type.scales->sampleRateHz > 0.0;
    return (hasRate && type.scale(1).kind == tensor::AxisScale::Kind::Seconds) || type.shape[1].sizeOr(0) >= 2000;
}

void makeSpectrogram(const Case& input, Proposals& proposals) {
    if (input.type.family.spatialRank != 2 || !isRecording(input)) return;
    Plan plan = input.plan();
    plan.insert(*input.place, "STFTSpectrogram", {{"expand_dims", true}});
    proposals.add("insert-spectrogram", "Make it a spectrogram first: insert STFTSpectrogram",
                  "Axes afterwards: (time, frequency, channels). Frames of 256 samples; set its frame_length to suit.",
                  std::move(plan), Applicability::Maybe);
}

void proposeForSpatial(const Case& input, Proposals& proposals) {
    const int axes = input.type.family.spatialRank;
    const int missing = neededRank(input) - input.shape().rank();
    if (missing == 1 && axes >= 2) {
        const bool isPicture = isPictureWithoutChannels(input);
        if (isPicture) addSourceChannel(input, proposals);
        if (isPicture) addChannelAxis(input, proposals);
        const tensor::Shape& shape = input.shape();
        proposeSibling(input, proposals, axes - 1,
                       say("Axes stay {}; the window moves along {} and takes all {} of a step together.",
                           axesOf(shape), axisOf(shape, 1), axisOf(shape, shape.rank() - 1)));
        addChannelAxis(input, proposals);
        keepFlat(input, proposals);
        makeSpectrogram(input, proposals);
    }
    moveBefore(input, proposals);
    if (missing < 2 || axes < 2 || isChannelsFirst(input.node)) return;
    const tensor::Shape& shape = input.shape();
    const std::int64_t count = shape[shape.rank() - 1].sizeOr(0);
    if (shape.rank() != 2 || count == 0 || axes != 2) return;
    for (const std::int64_t channels : {std::int64_t{1}, std::int64_t{3}}) {
        if (count % channels != 0) continue;
        const std::int64_t cells = count / channels;
        const std::int64_t side = largestDivisor(cells, Amount::rounded(std::sqrt(static_cast<double>(cells))).value());
        if (channels > 1 && Amount(side) * side != cells) continue;
        proposeReshape(
            input, proposals, "insert-reshape-" + std::to_string(channels),
            {Dim(side), Dim(cells / side), Dim(channels)},
            "Axes afterwards: (height, width, channels); right only if the values were stored in that order.",
            Applicability::Maybe);
    }
}

void addStepAxis(const Case& input, Proposals& proposals) {
    const Dim size = input.shape()[1];
    proposeReshape(input, proposals, "insert-reshape", {size, Dim(1)},
                   say("Axes afterwards: (time, channels): {} steps of 1 value.", size), Applicability::Maybe);
    if (isRecurrent(input.node) || input.type.category == layers::Category::Attention)
        proposeReshape(input, proposals, "insert-reshape-one-step", {Dim(1), size},
                       say("Axes afterwards: (time, features): 1 step of {} values.", size), Applicability::Maybe);
    if (const Node* source = sourceOf(input.graph(), *input.link); source && keepsShape(*input.producer->type))
        proposeSourceShape(input, proposals, *source, {size, Dim(1)}, say("{} steps of 1 value.", size));
    if (input.producer->inputs.empty() && !shapeKey(*input.producer->type).empty()) {
        proposeSourceShape(input, proposals, *input.producer, {size, Dim(1)}, say("{} steps of 1 value.", size));
        if (input.type.role == Role::Spectrogram) return;
        Plan plan = input.plan();
        plan.insert(*input.place, "Embedding", {{"input_dim", 10000}, {"output_dim", 64}});
        proposals.add("insert-embedding", "Insert Embedding (10000 ids, 64 values each)",
                      "If the values are token ids: each becomes a vector. Set input_dim to your number of ids.",
                      std::move(plan), Applicability::Placeholder);
    }
}

void repeatForDecoder(const Case& input, Proposals& proposals) {
    const Origin origin = originOf(input);
    if (!origin.node || !isRecurrent(*origin.node) || origin.node->inputs.empty()) return;
    const tensor::TensorType* before = typeAt(input.analysis, origin.node->inputs.front());
    const std::int64_t steps = before ? before->shape[1].sizeOr(10) : 10;
    Plan plan = input.plan();
    plan.insert(*input.place, "RepeatVector", {{"n", steps}});
    proposals.add(
        "insert-repeat-vector", "Insert RepeatVector(" + std::to_string(steps) + ")",
        "For a decoder: the one vector of the encoder is given at each of " + std::to_string(steps) + " steps.",
        std::move(plan), Applicability::Placeholder);
}

/// An array or an Input whose first axis was taken as the batch.
void addBatchAxis(const Case& input, Proposals& proposals) {
    const Node* source = originOf(input).node;
    if (!source || !source->type->isSource()) return;
    const std::string note = "Its first axis is then no longer the batch.";
    for (const layers::ParamSpec& spec : source->type->params) {
        if (spec.kind != layers::ParamKind::Boolean || spec.key.find("batch") == std::string_view::npos) continue;
        if (!flagOf(*source, spec.key)) continue;
        Plan plan = input.plan();
        plan.set(source->id, spec.key, false);
        proposals.add("add-batch-axis", "Take " + labelOf(*source) + " as one sample: add a batch axis of 1", note,
                      std::move(plan));
    }
    const tensor::TensorType* output = input.analysis[source->id].outputAt(0);
    const bool hasBatch = output && output->shape.rank() > 0 && output->shape[0].isKnown();
    if (!hasBatch || !hasParameter(*source->type, "batch_shape")) return;
    const Sizes all(output->shape.sizes().begin(), output->shape.sizes().end());
    Plan plan = input.plan();
    plan.reset(source->id, "batch_shape");
    plan.reset(source->id, "batch_size");
    plan.set(source->id, "shape", sizesValue(all));
    proposals.add("add-batch-axis",
                  say("Take {} as one sample of {}: add a batch axis", sizesText(all), labelOf(*source)), note,
                  std::move(plan), Applicability::Maybe);
}

/// A last axis of 3 or 4, or a single vector, is rarely what follows a batch axis.
bool lostItsBatch(const Case& input) {
    const tensor::Shape& shape = input.shape();
    const std::int64_t last = shape[shape.rank() - 1].sizeOr(0);
    return shape.rank() == 1 ||
           (input.type.family.spatialRank == 2 && shape.rank() == 3 && (last == 3 || last == 4 || last == 1));
}

/// (None, 224, 3) into a 2D layer: the first number of a picture was left out together with the batch.
void restorePicture(const Case& input, Proposals& proposals) {
    const tensor::Shape& shape = input.shape();
    if (!lostItsBatch(input) || shape.rank() != 3 || shape[0].isKnown() || shape[1].sizeOr(0) < 16 ||
        shape[2] == Dim(1))
        return;
    const Node* source =
        throughIdentities(input.graph(), *input.link, [](const Node& node) { return node.inputs.empty(); });
    if (!source) return;
    proposeSourceShape(
        input, proposals, *source, {shape[1], shape[1], shape[2]},
        say("If pictures of {} × {} were meant: shape leaves the batch out, so all three sizes belong to it.", shape[1],
            shape[1]),
        Applicability::Maybe, "source-picture");
}

void appendOnes(const Case& input, Proposals& proposals) {
    Sizes sizes = sampleSizes(input.shape());
    const int missing = neededRank(input) - input.shape().rank();
    if (missing <= 0) return;
    sizes.insert(sizes.end(), static_cast<std::size_t>(missing), Dim(1));
    proposeReshape(input, proposals, "append-axes", sizes, "New axes of size 1 stand at the end.",
                   Applicability::Maybe);
}

void proposeForConvRecurrent(const Case& input, Proposals& proposals) {
    if (input.type.role != Role::ConvRecurrent || neededRank(input) - input.shape().rank() != 1) return;
    Sizes sizes = sampleSizes(input.shape());
    sizes.insert(sizes.begin(), Dim(1));
    proposeReshape(input, proposals, "insert-time-axis", sizes, "Axes afterwards: (time = 1, …, channels): one frame.",
                   Applicability::Maybe);
    const LayerType* still = typeWith(Role::Convolution, input.type.family.spatialRank);
    if (!still) return;
    Plan plan = input.plan();
    plan.replace(input.node, *still);
    proposals.add("use-convolution", "Use " + std::string(still->className) + " instead",
                  "Single pictures have no time; the memory between frames is lost.", std::move(plan),
                  Applicability::Maybe);
}

}  // namespace

bool isPictureWithoutChannels(const Case& input) {
    const tensor::Shape& shape = input.shape();
    const int last = shape.rank() - 1;
    const AxisMeaning meaning = shape.meaning(last);
    if (meaning == AxisMeaning::Frequency || meaning == AxisMeaning::Width) return true;
    for (const Node* node : pathUp(input.graph(), *input.link, 100)) {
        if (node->type->effects.space == AxisEffect::Transforms) return true;
        if (node->inputs.empty()) break;
        if (!keepsShape(*node->type) && node->type->effects.space != AxisEffect::Contracts) return false;
    }
    const std::int64_t first = shape[last - 1].sizeOr(0);
    const std::int64_t second = shape[last].sizeOr(0);
    return std::min(first, second) >= 16 && std::max(first, second) <= Amount(4) * std::min(first, second);
}

void proposeRankTooLow(const Case& input, Proposals& proposals) {
    if (!input.input || !input.place || !input.producer) return;
    const int needed = neededRank(input);
    const int rank = input.shape().rank();
    const Role role = input.type.role;
    if (lostItsBatch(input) || !hasParameter(*originOf(input).node->type, "batch_shape"))
        addBatchAxis(input, proposals);
    if (needed == 3 && rank == 2) {
        proposeReturnSequences(input, proposals, true);
        repeatForDecoder(input, proposals);
    }
    const auto axes = static_cast<std::size_t>(std::max(1, needed - 1));  // fits: a rank
    const bool isWrapper = innerLayerOf(input.node).type != nullptr;      // the rank may be that of one step
    proposeFittingReadings(input, proposals, isWrapper ? std::vector{axes, axes + 1} : std::vector{axes}, true);
    proposePermutation(input, proposals);
    proposeUnwrapped(input, proposals);
    if (rank == 2 && (role == Role::GlobalPooling || input.type.effects.space == AxisEffect::Pools)) {
        Plan plan = input.plan();
        plan.bypass(input.node);
        if (loweringNode(input) == nullptr && neededRank(input) > 3)
            proposals.add("remove", "Remove " + labelOf(input.node), "Its input has no space left to pool.",
                          std::move(plan), Applicability::Maybe);
    }
    proposeForConvRecurrent(input, proposals);
    if (input.type.family.spatialRank > 0 && role != Role::ConvRecurrent) proposeForSpatial(input, proposals);
    if (rank == 2 && needed == 3) addStepAxis(input, proposals);
    if (rank == 1)
        proposeReshape(input, proposals, "insert-reshape", {Dim(1)}, "Each number is a sample of one feature.");
    if (needed == rank + 1 && rank > 2) addChannelAxis(input, proposals);
    restorePicture(input, proposals);
    addSourceChannel(input, proposals);
    if (!lostItsBatch(input)) addBatchAxis(input, proposals);
    appendOnes(input, proposals);
}

}  // namespace shapewise::mistakes
