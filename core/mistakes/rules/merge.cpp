// Merge layers: shapes that do not broadcast or join, odd sizes of a U-Net, residual paths, ranks, batches, and sizes
// of 1 that are stretched without a word.

#include "core/mistakes/rules/merge.h"

#include "core/layers/framework/catalog.h"
#include "core/mistakes/read/describe.h"

#include <algorithm>

namespace shapewise::mistakes {

using diag::Applicability;
using diag::axisOf;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using graph::Node;
using layers::Role;
using tensor::Dim;
using tensor::Shape;

std::optional<MergePair> mergePairOf(const Case& input) {
    if (!input.input || !input.place) return std::nullopt;
    MergePair pair;
    pair.second = input.place->slot;
    const bool isJoin = input.type.role == Role::Concatenate;
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const tensor::TensorType* other = input.inputAt(slot);
        if (slot == pair.second || !other) continue;
        if (!pair.firstShape) {
            pair.first = slot;
            pair.firstShape = &other->shape;
        }
        if (isJoin || other->shape.rank() != input.shape().rank()) continue;
        for (int axis = 1; axis < other->shape.rank(); ++axis) {
            const Dim a = other->shape[axis];
            const Dim b = input.shape()[axis];
            if (tensor::mayBeEqual(a, b) || a == Dim(1) || b == Dim(1)) continue;
            pair.first = slot;
            pair.firstShape = &other->shape;
            slot = input.node.inputs.size();
            break;
        }
    }
    if (!pair.firstShape) return std::nullopt;
    pair.secondShape = &input.shape();
    pair.isJoin = isJoin;
    const Shape& shape = *pair.secondShape;
    const Node* firstNode = input.graph().find(input.node.inputs[pair.first].from);
    pair.channelsFirst =
        shape.rank() > 2 && (isChannelsFirst(*input.producer) || (firstNode && isChannelsFirst(*firstNode)));
    pair.joinAxis = -1;
    if (isJoin) {
        const std::int64_t axis = integerOf(input.node, "axis").value_or(-1);
        pair.joinAxis = static_cast<int>(axis < 0 ? axis + shape.rank() : axis);
    }
    if (pair.firstShape->rank() != shape.rank()) return pair;
    for (int axis = 1; axis < shape.rank(); ++axis) {
        const Dim a = (*pair.firstShape)[axis];
        const Dim b = shape[axis];
        if (axis == pair.joinAxis || tensor::mayBeEqual(a, b)) continue;
        if (!isJoin && (a == Dim(1) || b == Dim(1))) continue;
        (axis == pair.channelAxis() ? pair.channelsDiffer : pair.spaceDiffers) = true;
        pair.differing.push_back(axis);
    }
    return pair;
}

namespace {

/// The axis that the layer itself names.
Phrase refusedAxis(const diag::Arguments& given) {
    return say("{} {} and {}", diag::phraseOf(given, "axis_name", "an axis"),
               diag::phraseOf(given, "other_size", "one size"), diag::phraseOf(given, "size", "another"));
}

Phrase differencesOf(const MergePair& pair, const diag::Arguments& given) {
    std::vector<Phrase> list;
    for (const int axis : pair.differing)
        list.push_back(
            say("{} {} and {}", axisOf(*pair.secondShape, axis), (*pair.firstShape)[axis], (*pair.secondShape)[axis]));
    return list.empty() ? refusedAxis(given) : joined(list, ", ");
}

/// One input, whose other side stands in the settings of the layer.
void describeConstant(const Case& input, diag::Diagnostic& diagnostic) {
    const diag::Arguments& given = input.refusal.arguments;
    setArgument(diagnostic.arguments, {"first", diag::phraseOf(given, "other", "its input")});
    setArgument(diagnostic.arguments,
                {"second", say("a constant {}", diag::phraseOf(given, "shape", "of another shape"))});
    setArgument(diagnostic.arguments, {"axes", refusedAxis(given)});
}

void describeMerge(const Case& input, diag::Diagnostic& diagnostic) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair) return describeConstant(input, diagnostic);
    const Node* first = input.graph().find(input.node.inputs[pair->first].from);
    auto& arguments = diagnostic.arguments;
    setArgument(arguments, {"first", *pair->firstShape});
    setArgument(arguments, {"second", *pair->secondShape});
    setArgument(arguments, {"axes", differencesOf(*pair, input.refusal.arguments)});
    setArgument(arguments,
                {"joined", pair->joinAxis > 0 ? Phrase(axisOf(*pair->secondShape, pair->joinAxis)) : Phrase("axis 0")});
    setArgument(arguments, {"firstProducer", first ? labelOf(*first) : std::string("one input")});
    setArgument(arguments, {"secondProducer", labelOf(*input.producer)});
    setArgument(arguments, {"firstRank", std::int64_t{pair->firstShape->rank()}});
    setArgument(arguments, {"secondRank", std::int64_t{pair->secondShape->rank()}});
    diagnostic.wanted = say("{} as {} gives", describeShape(*pair->firstShape), first ? labelOf(*first) : "the first");
    if (!pair->differing.empty()) nameSizeRoot(input, diagnostic, pair->differing.front());
}

void describeBatch(const Case& input, diag::Diagnostic& diagnostic) {
    const diag::Arguments& given = input.refusal.arguments;
    setArgument(diagnostic.arguments, {"first", diag::phraseOf(given, "other_size", "another size")});
    setArgument(diagnostic.arguments, {"second", diag::phraseOf(given, "size", "another size")});
    nameSizeRoot(input, diagnostic, 0);
}

/// Sets the batch size where it was declared.
void proposeBatch(const Case& input, Proposals& proposals) {
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const graph::Link& link = input.node.inputs[slot];
        const Node* source = sizeOrigin(input.graph(), input.analysis, link, 0).node;
        const tensor::TensorType* mine = input.inputAt(slot);
        if (!source || !mine || !source->inputs.empty()) continue;
        for (std::size_t other = 0; other < input.node.inputs.size(); ++other) {
            const tensor::TensorType* theirs = input.inputAt(other);
            if (!theirs || !theirs->shape[0].isKnown() || theirs->shape[0] == mine->shape[0]) continue;
            const std::int64_t batch = theirs->shape[0].size();
            Plan plan = input.plan();
            if (hasParameter(*source->type, "batch_shape") && !valueOf(*source, "batch_shape").isNone()) {
                ValueList list =
                    valueOf(*source, "batch_shape").isList() ? valueOf(*source, "batch_shape").asList() : ValueList{};
                if (list.empty()) continue;
                list.front() = Value(batch);
                plan.set(source->id, "batch_shape", Value(std::move(list)));
            } else if (hasParameter(*source->type, "batch_size")) {
                plan.set(source->id, "batch_size", batch);
            } else {
                continue;
            }
            proposals.add("batch-of-" + source->name,
                          "Set the batch size of " + labelOf(*source) + " to " + std::to_string(batch), {},
                          std::move(plan), Applicability::Maybe);
        }
    }
}

/// Concatenate of different ranks: bring the larger down, or both to rows.
void proposeRanks(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair) return;
    const bool isSecondHigher = pair->secondShape->rank() > pair->firstShape->rank();
    const std::size_t high = isSecondHigher ? pair->second : pair->first;
    const std::size_t low = isSecondHigher ? pair->first : pair->second;
    const Shape& highShape = isSecondHigher ? *pair->secondShape : *pair->firstShape;
    const Shape& lowShape = isSecondHigher ? *pair->firstShape : *pair->secondShape;
    const graph::LinkPlace highPlace{input.node.id, high};
    const std::string name = labelOf(*input.graph().find(input.node.inputs[high].from));
    const int axes = highShape.rank() - 2;
    if (lowShape.rank() == 2) {
        Plan flatten = input.plan();
        std::vector<Phrase> maps;
        for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
            const tensor::TensorType* type = input.inputAt(slot);
            if (!type || type->shape.rank() < 3) continue;
            flatten.insert({input.node.id, slot}, "Flatten");
            maps.emplace_back(labelOf(*input.graph().find(input.node.inputs[slot].from)));
        }
        proposals.add("insert-flatten", say("Insert Flatten behind {}", joined(maps, " and ")),
                      "All its values in one row.", std::move(flatten));
        if (axes >= 1 && axes <= 3) {
            Plan pooling = input.plan();
            const std::string pool = "GlobalAveragePooling" + std::to_string(axes) + "D";
            pooling.insert(highPlace, pool);
            proposals.add("insert-global-pooling", "Insert " + pool + " behind " + name, "The mean over all positions.",
                          std::move(pooling));
        }
        if (axes == 1 && highShape[1].isKnown()) {
            Plan repeat = input.plan();
            repeat.insert({input.node.id, low}, "RepeatVector", {{"n", highShape[1].size()}});
            proposals.add("insert-repeat-vector", say("Insert RepeatVector({})", highShape[1]),
                          "The vector is given at every step.", std::move(repeat), Applicability::Maybe);
        }
    }
    proposeUnequalRanks(input, proposals);
    std::vector<Dim> sizes = sampleSizes(lowShape);
    sizes.insert(sizes.begin(), static_cast<std::size_t>(highShape.rank() - lowShape.rank()), Dim(1));
    Plan reshape = input.plan();
    reshape.insert({input.node.id, low}, "Reshape", {{"target_shape", sizesValue(sizes)}});
    proposals.add("insert-reshape", say("Insert Reshape → {}", sizesText(sizes)), "New axes of size 1 stand in front.",
                  std::move(reshape), Applicability::Maybe);
    Plan rows = input.plan();
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const tensor::TensorType* type = input.inputAt(slot);
        if (type && type->shape.rank() > 2) rows.insert({input.node.id, slot}, "Flatten");
    }
    rows.set(input.node.id, "axis", -1);
    proposals.add("flatten-all", "Flatten all inputs and join on the last axis", "All values in one row.",
                  std::move(rows), Applicability::Maybe);
}

void describeBroadcast(const Case& input, diag::Diagnostic& diagnostic) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair) return;
    setArgument(diagnostic.arguments, {"first", *pair->firstShape});
    setArgument(diagnostic.arguments, {"second", *pair->secondShape});
    const Node* first = input.graph().find(input.node.inputs[pair->first].from);
    diagnostic.wanted =
        say("{} as {} gives", describeShape(*pair->firstShape), first ? labelOf(*first) : "the other input");
    nameSizeRoot(input, diagnostic, static_cast<int>(numberArgument(input.refusal, "axis", 1)));
}

/// The sizes of 1 are stretched by a layer that says so, or the two shapes are made equal.
void stretchPlainly(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair || pair->firstShape->rank() != pair->secondShape->rank()) return;
    const int axes = pair->secondShape->rank() - 2;
    if (axes < 1 || axes > 3 || pair->channelsFirst) return;
    Numbers factors;
    for (int axis = 1; axis <= axes; ++axis) {
        const std::int64_t small = (*pair->secondShape)[axis].sizeOr(0);
        const std::int64_t big = (*pair->firstShape)[axis].sizeOr(0);
        if (small < 1 || big < 1) return;
        factors.push_back(small == 1 ? big : 1);
    }
    if (std::ranges::all_of(factors, [](std::int64_t factor) { return factor == 1; })) return;
    Plan plan = input.plan();
    const std::string name = "UpSampling" + std::to_string(axes) + "D";
    plan.insert(*input.place, name, {{"size", axes == 1 ? Value(factors.front()) : Value::list(factors)}});
    proposals.add("insert-up-sampling",
                  "Insert " + name + " " + timesText(factors) + " behind " + labelOf(*input.producer),
                  "The same numbers, but the stretching is written down.", std::move(plan));
}

/// A vector that is added to a map: Keras puts axes of size 1 behind the batch, which is written down instead.
void spreadVector(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair || pair->secondShape->rank() != 2 || pair->firstShape->rank() < 3 || pair->firstShape->rank() > 5) return;
    const int axes = pair->firstShape->rank() - 2;
    Numbers factors;
    std::vector<Dim> sizes;
    for (int axis = 1; axis <= axes; ++axis) {
        if (!(*pair->firstShape)[axis].isKnown()) return;
        factors.push_back((*pair->firstShape)[axis].size());
        sizes.emplace_back(1);
    }
    sizes.push_back((*pair->secondShape)[1]);
    Plan plan = input.plan();
    if (axes == 1) {
        plan.insert(*input.place, "RepeatVector", {{"n", factors.front()}});
        proposals.add("insert-repeat-vector",
                      "Insert RepeatVector(" + std::to_string(factors.front()) + ") behind " + labelOf(*input.producer),
                      "The same numbers, but the repeating is written down.", std::move(plan));
        return;
    }
    const std::string name = "UpSampling" + std::to_string(axes) + "D";
    plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(sizes)}});
    plan.insert(*input.place, name, {{"size", Value::list(factors)}});
    proposals.add("insert-up-sampling",
                  say("Insert Reshape → {} and {} {} behind {}", sizesText(sizes), name, timesText(factors),
                      labelOf(*input.producer)),
                  "The same numbers, but the stretching is written down.", std::move(plan));
}

void proposeBroadcast(const Case& input, Proposals& proposals) {
    const int channel = isChannelsFirst(*input.producer) ? 1 : input.shape().rank() - 1;
    if (input.shape()[channel] == Dim(1)) proposeStretchedProjection(input, proposals);
    stretchPlainly(input, proposals);
    spreadVector(input, proposals);
    const auto all = layers::allLayers();
    const auto gate = std::ranges::find_if(all, &layers::LayerType::isGate);
    if (gate != all.end() && *gate != &input.type) {
        Plan plan = input.plan();
        plan.replace(input.node, **gate);
        const std::string name((*gate)->className);
        proposals.add("use-" + layers::automaticName(**gate), "Use " + name + " instead",
                      "A gate: each value scales a whole channel or row.", std::move(plan), Applicability::Maybe);
    }
}

/// A size of 1 against a larger one is stretched. In a gate that is meant.
void detectBroadcast(const graph::Project&, const infer::Analysis& analysis, const Node& node,
                     std::vector<Silent>& found) {
    if (node.type->isGate || node.inputs.size() < 2 || !analysis[node.id].isKnown()) return;
    const Shape& output = analysis[node.id].output.shape;
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
        const tensor::TensorType* type = typeAt(analysis, node.inputs[slot]);
        if (!type) return;
        const Shape& shape = type->shape;
        const int shift = output.rank() - shape.rank();
        // Keras puts the axes that are missing behind the batch, with size 1.
        int stretched = -1;
        std::vector<Phrase> axes;
        for (int axis = 1; axis < output.rank(); ++axis) {
            const bool isOne = axis <= shift || shape[axis - shift] == Dim(1);
            if (!isOne || output[axis].sizeOr(1) <= 1) continue;
            if (stretched < 0) stretched = axis;
            axes.push_back(say("{} 1 becomes {}", axisOf(output, axis), output[axis]));
        }
        if (stretched < 0) continue;
        Silent silent;
        silent.confidence = shift > 0 ? 0.5 : 0.7;
        silent.refusal = {diag::Code::BroadcastMerge,
                          {},
                          static_cast<int>(slot),
                          {{"axis", std::int64_t{std::max(1, stretched - shift)}},
                           {"axes", joined(axes, ", ")},
                           {"first", output},
                           {"second", shape}}};
        found.push_back(std::move(silent));
        return;
    }
}

/// Nothing is merged: a link was forgotten.
void detectLoneInput(const graph::Project&, const infer::Analysis& analysis, const Node& node,
                     std::vector<Silent>& found) {
    if (node.inputs.size() != 1 || !analysis[node.id].isKnown()) return;
    Silent silent;
    silent.severity = diag::Severity::Error;
    silent.refusal = {diag::Code::TooFewInputs, {}, -1, {{"needed", std::int64_t{2}}, {"got", std::int64_t{1}}}};
    found.push_back(std::move(silent));
}

constexpr Rule kRules[] = {
    {diag::Code::MergeMismatch, describeMerge, proposeMerge},
    {diag::Code::ConcatenateMismatch, describeMerge, proposeMerge},
    {diag::Code::MergeRankMismatch, describeMerge, proposeRanks},
    {diag::Code::BatchMismatch, describeBatch, proposeBatch},
    {diag::Code::BroadcastMerge, describeBroadcast, proposeBroadcast},
};

constexpr SilentRule kDetectors[] = {
    {isA<Role::BroadcastMerge>, detectBroadcast},
    {isA<Role::BroadcastMerge>, detectLoneInput},
    {isA<Role::Concatenate>, detectLoneInput},
};

}  // namespace

std::span<const Rule> mergeRules() { return kRules; }
std::span<const SilentRule> mergeDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
