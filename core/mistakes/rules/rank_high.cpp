// Too many axes: a batch written into the shape, frames of a video, a map into a recurrent layer, a sequence where one
// vector is expected, a channel axis where none is allowed.

#include "core/mistakes/repair/layer_repairs.h"
#include "core/mistakes/rules/rank.h"
#include "core/mistakes/rules/readings.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using graph::Node;
using layers::AxisEffect;
using layers::LayerType;
using layers::Role;
using tensor::Dim;

/// Product of sizes, None when one is not known.
Dim productOf(const Sizes& sizes, std::size_t first, std::size_t last) {
    Dim product(1);
    for (std::size_t index = first; index < last; ++index) product = product * sizes[index];
    return product;
}

bool worksOnSteps(const LayerType& type) {
    return type.goesStepByStep || (type.effects.space == AxisEffect::Slides && type.family.spatialRank == 3);
}

/// The first number of the source's shape may be the batch.
struct BatchInShapeCase {
    const Node* source = nullptr;
    std::int64_t first = 0;
    Sizes rest;
    bool isLikely = false;
};

std::optional<BatchInShapeCase> batchInShape(const Case& input) {
    const Node* source = rankOrigin(input.graph(), input.analysis, *input.link).node;
    if (input.type.family.spatialRank == 0 && !isRecurrent(input.node)) return std::nullopt;
    for (const Node* between : pathUp(input.graph(), *input.link))
        if (between->type->family.spatialRank > 0) return std::nullopt;  // it has taken this rank as it is
    if (!source || shapeKey(*source->type).empty() || neededRank(input) != input.shape().rank() - 1)
        return std::nullopt;
    BatchInShapeCase found;
    const tensor::TensorType* output = input.analysis[source->id].outputAt(0);
    if (!output || output->shape.rank() < 3 || !output->shape[1].isKnown()) return std::nullopt;
    found.source = source;
    found.first = output->shape[1].size();
    found.rest = sampleSizes(output->shape);
    found.rest.erase(found.rest.begin());
    const bool isUsualBatch = found.first >= 8 && (found.first & (found.first - 1)) == 0;
    const bool isMany = found.first >= 100;
    found.isLikely =
        (isUsualBatch || isMany) && !leadsTo(input, input.node.id, worksOnSteps) && !worksOnSteps(input.type);
    return found;
}

void dropBatch(const Case& input, Proposals& proposals, const BatchInShapeCase& found) {
    const std::string number = std::to_string(found.first);
    const std::string label = labelOf(*found.source);
    Plan drop = input.plan();
    drop.set(found.source->id, shapeKey(*found.source->type), sizesValue(found.rest));
    drop.reset(found.source->id, "batch_shape");
    if (!hasParameter(*found.source->type, "batch_shape")) {
        drop = input.plan();
        drop.set(found.source->id, shapeKey(*found.source->type), sizesValue(found.rest));
    }
    proposals.add("drop-batch", diag::say("Drop {} from the shape of {}: {}", number, label, sizesText(found.rest)),
                  number + " is then the batch, which shape does not name.", std::move(drop), Applicability::Maybe);
    if (!hasParameter(*found.source->type, "batch_size")) return;
    Plan fixed = input.plan();
    fixed.set(found.source->id, shapeKey(*found.source->type), sizesValue(found.rest));
    fixed.set(found.source->id, "batch_size", found.first);
    proposals.add("fixed-batch", "Use " + number + " as the fixed batch size of " + label,
                  "The model then takes exactly " + number + " samples at a time.", std::move(fixed),
                  Applicability::Maybe);
}

/// Seen from behind: target_shape names the batch, which makes an axis of size 1.
void dropBatchOfReshape(const Case& input, Proposals& proposals) {
    const Node* reshape = rankOrigin(input.graph(), input.analysis, *input.link).node;
    const tensor::TensorType* output = reshape ? input.analysis[reshape->id].outputAt(0) : nullptr;
    if (!output || !hasParameter(*reshape->type, "target_shape") || output->shape.rank() < 3) return;
    const Numbers target = integersOf(valueOf(*reshape, "target_shape"));
    if (target.size() < 2 || output->shape[1] != Dim(1) || neededRank(input) != input.shape().rank() - 1) return;
    Plan plan = input.plan();
    const Numbers rest(target.begin() + 1, target.end());
    plan.set(reshape->id, "target_shape", Value::list(rest));
    proposals.add("drop-batch", "Set target_shape of " + labelOf(*reshape) + " to " + numbersText(rest),
                  "Its first number stood for the batch, which target_shape does not name.", std::move(plan));
}

/// The layer at every step, the layer with one more axis, or one with memory.
void perStep(const Case& input, Proposals& proposals) {
    const int axes = input.type.family.spatialRank;
    if (axes == 0 || input.shape().rank() != neededRank(input) + 1) return;
    const bool isWrappable = input.type.role != Role::ConvRecurrent;
    if (isWrappable) {
        if (const LayerType* wrapper = layers::findLayer("TimeDistributed")) {
            Plan plan = input.plan();
            plan.replace(input.node, *wrapper, {{"layer", layerValue(input.node, input.type)}});
            if (input.node.weights) plan.add(edit::SetWeights{input.node.id, input.node.weights});
            proposals.add("time-distributed", "Use TimeDistributed(" + std::string(input.type.className) + ")",
                          diag::say("Axis 1 is time: the same layer works on each of {} frames.", input.shape()[1]),
                          std::move(plan));
        }
    }
    proposeSibling(input, proposals, axes + 1, "Axis 1 becomes a direction the window moves in.");
    if (input.type.effects.space != AxisEffect::Slides) return;
    const LayerType* memory = typeWith(Role::ConvRecurrent, axes);
    if (!memory) return;
    Plan plan = input.plan();
    Settings sequences{{"return_sequences", false}};
    plan.replace(input.node, *memory, sequences);
    proposals.add("conv-recurrent", "Use " + std::string(memory->className) + " instead",
                  "Axis 1 is time: the layer remembers from frame to frame and gives the last one.", std::move(plan),
                  Applicability::Maybe);
}

/// A layer before has taken this rank as space, so that it is a map and no sequence of anything.
bool isMap(const Case& input) {
    const int rank = input.shape().rank();
    for (const Node* node : pathUp(input.graph(), *input.link)) {
        const tensor::TensorType* output = input.analysis[node->id].outputAt(0);
        if (!output || output->shape.rank() != rank) return false;
        if (node->type->family.spatialRank == rank - 2 && node->type->role != Role::ConvRecurrent) return true;
    }
    return false;
}

/// (batch, T, F, C) into a layer of (batch, time, features).
void mapToSteps(const Case& input, Proposals& proposals) {
    const int rank = input.shape().rank();
    if (neededRank(input) != 3 || rank < 4) return;
    const Sizes sizes = sampleSizes(input.shape());
    const Dim features = productOf(sizes, 1, sizes.size());
    proposeReshape(input, proposals, "insert-reshape", {sizes[0], features},
                   diag::say("Time is axis 1 ({}, {} steps); the rest of a step is {} features.",
                             diag::axisOf(input.shape(), 1), sizes[0], features));
    if (const std::vector<std::int64_t> extents = extentsBehind(input, input.node.id); !extents.empty()) {
        int number = 1;
        for (const Sizes& reading : readingsFor(sizes, 2, extents)) {
            Plan other = input.plan();
            other.insert(*input.place, "Reshape", {{"target_shape", sizesValue(reading)}});
            proposals.addReading(
                "insert-reshape-" + std::to_string(++number), diag::say("Insert Reshape → {}", sizesText(reading)),
                "The same values in the same order, as the weights behind it take them.", std::move(other));
        }
    }
    if (rank == 4) {
        const Dim columns = sizes[0] * sizes[2];
        Plan plan = input.plan();
        plan.insert(*input.place, "Permute", {{"dims", Value::list({2, 1, 3})}});
        plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue({sizes[1], columns})}});
        proposals.add("permute-and-reshape",
                      diag::say("Insert Permute (2, 1, 3) and Reshape → {}", sizesText({sizes[1], columns})),
                      diag::say("Time is axis 2 ({}, {} steps), as when reading from left to right.",
                                diag::axisOf(input.shape(), 2), sizes[1]),
                      std::move(plan), Applicability::Maybe);
    }
    Plan plan = input.plan();
    ValueDict flatten;
    flatten.emplace_back("class_name", Value("Flatten"));
    flatten.emplace_back("config", Value(ValueDict{}));
    plan.insert(*input.place, "TimeDistributed", {{"layer", Value(std::move(flatten))}});
    proposals.add("time-distributed-flatten", "Insert TimeDistributed(Flatten)",
                  "The same as the Reshape, for any number of steps.", std::move(plan));
}

/// (b, samples, 1) into a layer that wants (b, samples).
void dropChannelAxis(const Case& input, Proposals& proposals) {
    if (input.type.role != Role::MelSpectrogram || input.shape().rank() != 3) return;
    const Dim channels = input.shape()[2];
    const Dim samples = input.shape()[1];
    if (channels == Dim(1)) {
        proposeReshape(input, proposals, "insert-reshape", {samples},
                       "MelSpectrogram takes samples without a channel axis.");
        return;
    }
    const Node* source = sourceOf(input.graph(), *input.link);
    if (source && hasParameter(*source->type, "channels")) {
        Plan plan = input.plan();
        plan.set(source->id, "channels", "mix");
        plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue({samples})}});
        proposals.add(
            "mix-channels",
            diag::say("Mix {} to one channel and insert Reshape → {}", labelOf(*source), sizesText({samples})),
            "MelSpectrogram takes samples without a channel axis.", std::move(plan));
    }
    Plan plan = input.plan();
    plan.insert(*input.place, "Conv1D", {{"filters", 1}, {"kernel_size", 1}});
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue({samples})}});
    proposals.add("mix-by-convolution",
                  diag::say("Mix {} channels by a 1 × 1 Conv1D, then Reshape → {}", channels, sizesText({samples})),
                  "The weights of the mix are learned.", std::move(plan), Applicability::Maybe);
    proposeReshape(input, proposals, "insert-reshape", {samples * channels},  // fits: Dims
                   "Channels would follow one another as samples.", Applicability::Maybe);
}

/// One vector per sample from something larger.
void reduceToVector(const Case& input, Proposals& proposals) {
    if (neededRank(input) != 2) return;
    const int axes = input.shape().rank() - 2;
    if (axes < 1) return;
    if (const LayerType* pooling = typeWith(Role::GlobalPooling, axes); pooling && axes <= 3) {
        const std::string name = "GlobalAveragePooling" + std::to_string(axes) + "D";
        Plan plan = input.plan();
        plan.insert(*input.place, name);
        proposals.add("insert-global-pooling", "Insert " + name,
                      "The mean over all positions; where something was is lost.", std::move(plan));
    }
    Plan plan = input.plan();
    plan.insert(*input.place, "Flatten");
    proposals.add("insert-flatten", "Insert Flatten", "All values in one row.", std::move(plan));
}

/// Merges axes from the front until the rank fits; an axis of size 1 is dropped instead where there is one.
void mergeAxes(const Case& input, Proposals& proposals) {
    const int needed = neededRank(input);
    Sizes sizes = sampleSizes(input.shape());
    if (needed < 2) return;
    while (static_cast<int>(sizes.size()) > needed - 1) {  // fits: a rank
        const auto one = std::ranges::find(sizes, Dim(1));
        if (one != sizes.end()) {
            sizes.erase(one);
            continue;
        }
        sizes[1] = sizes[0] * sizes[1];
        sizes.erase(sizes.begin());
    }
    if (std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); }) > 1) return;
    Plan plan = input.plan();
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(sizes)}});
    proposals.addLastResort("merge-axes", diag::say("Insert Reshape → {}", sizesText(sizes)),
                            "Leading axes follow one another.", std::move(plan));
}

}  // namespace

diag::Phrase batchOrFrames(const Case& input) {
    if (!input.input || !input.link || input.refusal.code != diag::Code::RankTooHigh) return {};
    const std::optional<BatchInShapeCase> found = batchInShape(input);
    if (!found) return {};
    const diag::Phrase batch = "the batch size, which shape leaves out";
    const diag::Phrase frames = input.shape().rank() >= 5 ? "frames of a video" : "steps in time";
    return diag::say("{} in the shape of {} may be {}, or {}", found->first, labelOf(*found->source),
                     found->isLikely ? batch : frames, found->isLikely ? frames : batch);
}

void proposeRankTooHigh(const Case& input, Proposals& proposals) {
    if (!input.input || !input.place || !input.producer) return;
    proposePermutation(input, proposals);
    if (input.type.role == Role::Permute) return;
    dropChannelAxis(input, proposals);
    const std::optional<BatchInShapeCase> batch = batchInShape(input);
    if (batch && batch->isLikely) dropBatch(input, proposals, *batch);
    if (input.shape().rank() == 3 && neededRank(input) == 2) proposeReturnSequences(input, proposals, false);
    const auto axes = static_cast<std::size_t>(std::max(1, neededRank(input) - 1));
    Sizes oneFrame = sampleSizes(input.shape());
    if (!oneFrame.empty()) oneFrame.erase(oneFrame.begin());
    const bool isFrames = axes > 2 && input.shape().rank() == neededRank(input) + 1 && input.shape()[1] != Dim(1);
    // TimeDistributed keeps the weights where they are those of one frame.
    if (input.node.weights && isFrames && fitsWeights(input, oneFrame)) perStep(input, proposals);
    const bool isWrapper = innerLayerOf(input.node).type != nullptr;  // the rank may be that of one step
    proposeFittingReadings(input, proposals, isWrapper ? std::vector{axes, axes + 1} : std::vector{axes}, true);
    dropBatchOfReshape(input, proposals);
    if (input.type.family.spatialRank > 0 && isMap(input))
        proposeSibling(input, proposals, input.shape().rank() - 2, "It moves over all axes of the map.");
    mapToSteps(input, proposals);
    perStep(input, proposals);
    if (batch && !batch->isLikely) dropBatch(input, proposals, *batch);
    reduceToVector(input, proposals);
    mergeAxes(input, proposals);
}

}  // namespace shapewise::mistakes
