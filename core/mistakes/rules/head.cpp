// The end of a model: Dense applied to a whole map, and outputs that are not what the Target says.

#include "core/mistakes/repair/layer_repairs.h"
#include "core/mistakes/rules/merge.h"

#include "core/layers/framework/catalog.h"
#include "core/layers/parts/target_shape.h"

#include <algorithm>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Code;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using diag::Severity;
using graph::Node;
using infer::Analysis;
using layers::AxisEffect;
using layers::LayerType;
using layers::Role;
using tensor::Dim;
using tensor::Shape;

/// What lies behind a Dense on a map.
struct Behind {
    bool isReduced = false;  ///< pooling or Flatten follows, or a Target that wants a map
    bool isMapUsed = false;  ///< layers that work on maps follow
};

bool isTarget(const LayerType& type) { return !type.inputs.empty() && type.outputs.empty(); }

bool reducesMap(const LayerType& type) {
    return endsMap(type) || type.effects.space == AxisEffect::Pools || isTarget(type);
}

bool usesMap(const LayerType& type) {
    switch (type.effects.space) {
        case AxisEffect::Slides:
        case AxisEffect::Stretches:
        case AxisEffect::Rearranges:
        case AxisEffect::SeesAll: return true;
        case AxisEffect::Unknown: return !type.holdsModel;
        default: return false;
    }
}

/// `looked` gets the nodes behind that were looked at; may be null.
Behind lookBehind(const graph::Project& project, const Analysis& analysis, const Node& node,
                  std::vector<NodeId>* looked = nullptr) {
    constexpr std::size_t kFarthest = 500;
    Behind behind;
    std::vector<NodeId> order{node.id};
    std::unordered_set<NodeId> seen{node.id};
    for (std::size_t index = 0; index < order.size() && order.size() < kFarthest; ++index) {
        for (const graph::LinkPlace& place : analysis.consumers(order[index])) {
            const Node* consumer = project.graph.find(place.to);
            if (!consumer || !seen.insert(place.to).second) continue;
            if (looked) looked->push_back(place.to);
            if (reducesMap(*consumer->type)) {
                behind.isReduced = true;
                return behind;
            }
            behind.isMapUsed = behind.isMapUsed || usesMap(*consumer->type);
            order.push_back(place.to);
        }
    }
    return behind;
}

bool isBehindDense(const graph::Project& project, const Node& node) {
    return throughIdentities(project.graph, node.inputs.front(),
                             [](const Node& up) { return up.type->role == Role::Dense; }) != nullptr;
}

bool isFromMap(const graph::Project& project, const Node& node) {
    return throughIdentities(project.graph, node.inputs.front(), [](const Node& up) {
               return movesWindow(*up.type) && up.type->family.spatialRank == 1;
           }) != nullptr;
}

/// What a Dense that works on a map or a sequence is given.
struct PositionsOfDense {
    bool isMap = false;
    Phrase sizes;  ///< "28 × 28"
};

std::optional<PositionsOfDense> positionsOfDense(const graph::Project& project, const Analysis& analysis,
                                                 const Node& node) {
    if (node.inputs.empty() || !analysis[node.id].isKnown() || !hasParameter(*node.type, "units")) return std::nullopt;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    if (!type || type->shape.rank() < 3 || isBehindDense(project, node)) return std::nullopt;
    const Shape& shape = type->shape;
    int wide = 0;
    PositionsOfDense positions;
    std::vector<Phrase> sizes;
    for (int axis = 1; axis < shape.rank() - 1; ++axis) {
        if (shape[axis] == Dim(1)) continue;
        ++wide;
        sizes.emplace_back(shape[axis]);
    }
    positions.isMap = wide >= 2;
    positions.sizes = joined(sizes, " × ");
    if (wide == 0 || (!positions.isMap && !isFromMap(project, node))) return std::nullopt;
    return positions;
}

void detectDenseOnMap(const graph::Project& project, const Analysis& analysis, const Node& node,
                      std::vector<Silent>& found) {
    const std::optional<PositionsOfDense> positions = positionsOfDense(project, analysis, node);
    if (!positions) return;
    const bool isMap = positions->isMap;
    const Behind behind = lookBehind(project, analysis, node);
    if (behind.isReduced || (!isMap && behind.isMapUsed)) return;
    Silent silent;
    silent.severity = isMap && !behind.isMapUsed ? Severity::Warning : Severity::Hint;
    silent.confidence = isMap && !behind.isMapUsed ? 0.8 : 0.4;
    silent.refusal = {isMap ? Code::DenseOnMap : Code::DenseOnSequence, {}, 0, {{"positions", positions->sizes}}};
    found.push_back(std::move(silent));
}

void watchDense(const graph::Project& project, const Analysis& analysis, const Node& node,
                std::vector<NodeId>& watched) {
    if (positionsOfDense(project, analysis, node)) (void)lookBehind(project, analysis, node, &watched);
}

void describeDense(const Case& input, diag::Diagnostic& diagnostic) {
    diagnostic.wanted = "(batch, features) for one answer per sample";
    const Origin origin = rankOrigin(input.graph(), input.analysis, *input.link);
    if (origin.node && origin.node != input.producer) diagnostic.rootCause = origin.node->id;
}

void proposeReduction(const Case& input, Proposals& proposals) {
    const int axes = input.shape().rank() - 2;
    Plan flatten = input.plan();
    flatten.insert(*input.place, "Flatten");
    proposals.add("insert-flatten", say("Insert Flatten → {} features", input.shape().elementCountPerSample()),
                  "All positions together give one answer; the most weights.", std::move(flatten));
    if (axes >= 1 && axes <= 3) {
        const std::string name = "GlobalAveragePooling" + std::to_string(axes) + "D";
        Plan pooling = input.plan();
        pooling.insert(*input.place, name);
        proposals.add("insert-global-pooling", "Insert " + name,
                      "The mean over all positions; where something was is lost.", std::move(pooling));
    }
    const LayerType* convolution = typeWith(Role::Convolution, axes);
    const std::optional<std::int64_t> units = integerOf(input.node, "units");
    if (!convolution || !units || convolution->family.name != "Conv") return;
    Plan keep = input.plan();
    keep.replace(input.node, *convolution, {{"filters", *units}, {"kernel_size", 1}});
    proposals.add("as-convolution", "Write it as a 1 × 1 " + std::string(convolution->className),
                  "The same numbers: one answer for each position, said plainly.", std::move(keep),
                  Applicability::Maybe);
}

// ---- Target

void detectTarget(const graph::Project&, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.inputs.empty()) return;
    const infer::NodeAnalysis& own = analysis[node.id];
    if (own.refusals && !own.refusals->empty()) return;
    const tensor::TensorType* type = typeAt(analysis, node.inputs.front());
    const std::optional<layers::TargetShape> expected = layers::targetShape(node);
    if (!type || !expected || expected->agreesWith(sampleSizes(type->shape))) return;
    Silent silent;
    silent.severity = Severity::Error;
    silent.refusal = {Code::TargetMismatch, "shape", 0, {{"target", Shape(std::span<const Dim>(expected->sizes))}}};
    found.push_back(std::move(silent));
}

void describeTarget(const Case& input, diag::Diagnostic& diagnostic) {
    const std::optional<layers::TargetShape> expected = layers::targetShape(input.node);
    if (!expected || !input.input) return;
    const std::vector<Dim> output = sampleSizes(input.shape());
    const Shape target(std::span<const Dim>(expected->sizes));
    const std::size_t axes = expected->sizes.size();
    Phrase reason = axes == 1 ? say("Without the batch the target has 1 axis, the output has {}", output.size())
                              : say("Without the batch the target has {} axes, the output has {}", axes, output.size());
    if (expected->sizes.size() == output.size())
        reason = say("Target {} and output {} differ in size", target, diag::Sample{input.shape()});
    if (expected->agreesAsIds(output) && !expected->isSparse)
        reason = "The target holds class ids, the output one value for each class";
    if (expected->isSparse)
        reason = "A sparse loss takes class ids: one whole number in the place of the output's last axis";
    setArgument(diagnostic.arguments, {"target", target});
    setArgument(diagnostic.arguments, {"reason", reason});
    diagnostic.wanted = say("{} per sample", target);
    if (output.size() <= expected->sizes.size()) return nameSizeRoot(input, diagnostic, input.shape().rank() - 1);
    const Origin origin = rankOrigin(input.graph(), input.analysis, *input.link);
    if (origin.node && origin.node != input.producer) diagnostic.rootCause = origin.node->id;
}

/// The Dense or other layer with units that made the last axis.
const Node* headOf(const Case& input) {
    const Node* node = sizeOrigin(input.graph(), input.analysis, *input.link, input.shape().rank() - 1).node;
    return node && (hasParameter(*node->type, "units") || hasParameter(*node->type, "filters")) ? node : nullptr;
}

void changeLoss(const Case& input, Proposals& proposals, const layers::TargetShape& expected) {
    const LayerType& type = input.type;
    if (!hasParameter(type, "loss")) return;
    const std::vector<Dim> output = sampleSizes(input.shape());
    const char* loss = nullptr;
    if (!expected.isSparse && expected.agreesAsIds(output)) loss = "sparse_categorical_crossentropy";
    if (expected.isSparse && layers::TargetShape{expected.sizes}.agreesWith(output)) loss = "categorical_crossentropy";
    if (!loss) return;
    Plan plan = input.plan();
    plan.set(input.node.id, "loss", loss);
    proposals.add("change-loss", std::string("Set loss to ") + loss,
                  expected.isSparse ? "For one-hot targets." : "For class ids 0, 1, 2, …", std::move(plan));
}

void changeTarget(const Case& input, Proposals& proposals, const layers::TargetShape& expected, const Phrase& title,
                  Phrase note) {
    std::vector<Dim> sizes = sampleSizes(input.shape());
    if (expected.isSparse && !sizes.empty()) sizes.pop_back();
    if (expected.isSparse && sizes.empty()) sizes.emplace_back(1);
    ValueList list;
    for (const Dim size : sizes) list.push_back(size.isKnown() ? Value(size.size()) : Value());
    Plan plan = input.plan();
    plan.set(input.node.id, "shape", Value(std::move(list)));
    proposals.add("change-target", say("{} {}", title, Shape(std::span<const Dim>(sizes))), std::move(note),
                  std::move(plan), Applicability::Maybe);
}

/// The layer that turns steps into features sits before the head, so pool where the head begins.
void poolBeforeHead(const Case& input, Proposals& proposals) {
    const Node* head = headOf(input);
    if (!head || head->inputs.empty()) return;
    const tensor::TensorType* type = typeAt(input.analysis, head->inputs.front());
    const int axes = type ? type->shape.rank() - 2 : 0;
    if (axes < 1 || axes > 3) return;
    const std::string name = "GlobalAveragePooling" + std::to_string(axes) + "D";
    Plan plan = input.plan();
    plan.insert({head->id, 0}, name);
    proposals.add("insert-global-pooling", "Insert " + name + " before " + labelOf(*head),
                  "The mean over all steps gives one answer.", std::move(plan));
    Plan flatten = input.plan();
    flatten.insert({head->id, 0}, "Flatten");
    proposals.add("insert-flatten", "Insert Flatten before " + labelOf(*head), "All steps together give one answer.",
                  std::move(flatten));
}

/// As many outputs as the target has values.
void changeUnits(const Case& input, Proposals& proposals, const layers::TargetShape& expected) {
    const Node* head = headOf(input);
    const Dim classes = expected.sizes.empty() ? Dim(1) : expected.sizes.back();
    if (!head || !classes.isKnown() || classes.size() < 1 || expected.isSparse) return;
    const std::string_view key = hasParameter(*head->type, "units") ? "units" : "filters";
    Plan plan = input.plan();
    plan.set(head->id, key, classes.size());
    proposals.add("change-units", say("Set {} of {} to {}", key, labelOf(*head), classes),
                  "One output for each value of the target.", std::move(plan));
}

void proposeTarget(const Case& input, Proposals& proposals) {
    const std::optional<layers::TargetShape> expected = layers::targetShape(input.node);
    if (!expected || !input.input) return;
    const std::vector<Dim> output = sampleSizes(input.shape());
    const bool holdsIds = !expected->isSparse && expected->agreesAsIds(output);
    changeLoss(input, proposals, *expected);
    if (!holdsIds && output.size() >= 2) {
        proposeReturnSequences(input, proposals, false);
        std::vector<Dim> wanted{input.shape()[0]};
        wanted.insert(wanted.end(), expected->sizes.begin(), expected->sizes.end());
        proposeOutputPadding(input, proposals, *input.link, wanted);
        if (expected->isSparse || output.size() > expected->sizes.size()) poolBeforeHead(input, proposals);
    }
    if (!holdsIds) changeUnits(input, proposals, *expected);
    const bool isPerStep = !holdsIds && output.size() > expected->sizes.size();
    changeTarget(input, proposals, *expected, isPerStep ? "One target per step:" : "Change the target to",
                 isPerStep ? "The target then has one answer for each step."
                           : "Targets are then one-hot or have one value for each output.");
    changeUnits(input, proposals, *expected);
}

constexpr Rule kRules[] = {
    {Code::DenseOnMap, describeDense, proposeReduction},
    {Code::DenseOnSequence, describeDense, proposeReduction},
    {Code::TargetMismatch, describeTarget, proposeTarget},
};

constexpr SilentRule kDetectors[] = {{isA<Role::Dense>, detectDenseOnMap, watchDense}, {isTarget, detectTarget}};

}  // namespace

std::span<const Rule> headRules() { return kRules; }
std::span<const SilentRule> headDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
