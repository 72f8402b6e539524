// Axes named by number: out of range, contracted with another size, orders that are not complete.

#include "core/mistakes/rules/axis.h"

#include "core/base/amount.h"
#include "core/base/text.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using tensor::Dim;

std::string_view axisKey(const Case& input) {
    if (!input.refusal.parameter.empty()) return input.refusal.parameter;
    for (const std::string_view key : {"axis", "axes", "shared_axes", "attention_axes"})
        if (hasParameter(input.type, key)) return key;
    return {};
}

void describeAxis(const Case& input, diag::Diagnostic& diagnostic) {
    const std::int64_t rank = numberArgument(input.refusal, "rank", input.input ? input.shape().rank() : 0);
    setArgument(diagnostic.arguments, {"rank", rank});
    setArgument(diagnostic.arguments, {"value", valueOf(input.node, axisKey(input))});
    const std::int64_t lowest = numberArgument(input.refusal, "lowest", -rank);
    const std::int64_t highest = numberArgument(input.refusal, "highest", rank - 1);
    setArgument(diagnostic.arguments, {"axisRange", say("{} to {}", lowest, highest)});
    if (!input.input) setArgument(diagnostic.arguments, {"shape", Phrase("its input")});
}

void proposeAxis(const Case& input, Proposals& proposals) {
    const std::string_view key = axisKey(input);
    if (key.empty()) return;
    const std::int64_t rank = numberArgument(input.refusal, "rank", input.input ? input.shape().rank() : 2);
    const std::int64_t lowest = numberArgument(input.refusal, "lowest", -rank);
    const std::int64_t highest = numberArgument(input.refusal, "highest", rank - 1);
    const Value& value = valueOf(input.node, key);
    Numbers numbers = integersOf(value);
    Numbers kept;
    for (const std::int64_t number : numbers) {
        const std::int64_t nearest = std::clamp(number, lowest, highest);
        const auto sameAxis = [&](std::int64_t other) {
            return (Amount(other) - nearest).value() % std::max<std::int64_t>(1, rank) == 0;
        };
        if (std::ranges::none_of(kept, sameAxis)) kept.push_back(nearest);
    }
    const auto propose = [&](std::string slug, const Value& fixed, std::string note) {
        if (fixed == value) return;
        Plan plan = input.plan();
        plan.set(input.node.id, key, fixed);
        proposals.add(std::move(slug), say("Set {} to {}", key, fixed), std::move(note), std::move(plan));
    };
    if (!kept.empty())
        propose("nearest-axis", kept.size() == 1 ? Value(kept.front()) : Value::list(kept),
                "The nearest axis there is.");
    if (lowest <= -1 && highest >= -1) propose("last-axis", Value(-1), "The last axis, whatever the rank.");
    const layers::ParamSpec* spec = input.type.param(key);
    if (spec && !spec->required && spec->fallback != Value(-1)) {
        Plan plan = input.plan();
        plan.reset(input.node.id, key);
        proposals.add("default-axis", say("Set {} back to {}", key, spec->fallback), "Keras' default.",
                      std::move(plan));
    }
}

void describeSizes(const Case& input, diag::Diagnostic& diagnostic) {
    const diag::Arguments& given = input.refusal.arguments;
    setArgument(diagnostic.arguments, {"first", diag::phraseOf(given, "other", "one tensor")});
    setArgument(diagnostic.arguments, {"second", input.input ? Phrase(input.shape()) : Phrase("another")});
    setArgument(diagnostic.arguments,
                {"axes", say("{} {} meets {}", diag::phraseOf(given, "axis_name", "?"),
                             diag::phraseOf(given, "size", "?"), diag::phraseOf(given, "other_size", "?"))});
    nameSizeRoot(input, diagnostic, static_cast<int>(numberArgument(input.refusal, "axis", -1)));
}

/// Dot: other axes whose sizes agree.
void agreeingAxes(const Case& input, Proposals& proposals) {
    if (!hasParameter(input.type, "axes") || input.node.inputs.size() < 2) return;
    const tensor::TensorType* first = input.inputAt(0);
    const tensor::TensorType* second = input.inputAt(1);
    if (!first || !second) return;
    for (int a = first->shape.rank() - 1; a >= 1; --a)
        for (int b = second->shape.rank() - 1; b >= 1; --b) {
            if (!first->shape[a].isKnown() || first->shape[a] != second->shape[b]) continue;
            Plan plan = input.plan();
            plan.set(input.node.id, "axes", Value::list({a, b}));
            proposals.add("agreeing-axes", "Set axes to (" + std::to_string(a) + ", " + std::to_string(b) + ")",
                          say("Both have size {}.", first->shape[a]), std::move(plan), Applicability::Maybe);
        }
}

/// A learned projection along an axis that is not the last.
void projectAxis(const Case& input, Proposals& proposals, graph::LinkPlace place, int axis, Dim target) {
    const tensor::Shape& shape = input.inputAt(place.slot)->shape;
    Numbers there;
    for (int own = 1; own < shape.rank(); ++own)
        if (own != axis) there.push_back(own);
    there.push_back(axis);
    Numbers back(there.size());
    for (std::size_t index = 0; index < there.size(); ++index)
        back[static_cast<std::size_t>(there[index] - 1)] = static_cast<std::int64_t>(index) + 1;
    // Dense on a map is taken for a mistake.
    const bool isMap = shape.rank() == 4 || shape.rank() == 5;
    const std::string conv = "Conv" + std::to_string(shape.rank() - 2) + "D";
    Plan plan = input.plan();
    plan.insert(place, "Permute", {{"dims", Value::list(there)}});
    if (isMap)
        plan.insert(place, conv, {{"filters", target.size()}, {"kernel_size", 1}});
    else
        plan.insert(place, "Dense", {{"units", target.size()}});
    plan.insert(place, "Permute", {{"dims", Value::list(back)}});
    const Phrase layer = isMap ? say("a 1 × 1 {} with {} {}", conv, target, target == Dim(1) ? "filter" : "filters")
                               : say("Dense({})", target);
    proposals.add("insert-projection-" + std::to_string(place.slot + 1),
                  say("Insert Permute {}, {} and Permute {} behind {}", numbersText(there), layer, numbersText(back),
                      labelOf(*input.graph().find(input.node.inputs[place.slot].from))),
                  say("A learned projection of {} to the size that is needed.", diag::axisOf(shape, axis)),
                  std::move(plan));
}

/// Brings one axis of a link to another size: Dense on the last, padding or cropping along time.
void changeAxis(const Case& input, Proposals& proposals, std::size_t slot, int axis, Dim target) {
    const tensor::TensorType* type = input.inputAt(slot);
    if (!type || !target.isKnown() || axis < 1 || axis >= type->shape.rank() || !type->shape[axis].isKnown()) return;
    const graph::LinkPlace place{input.node.id, slot};
    const std::string label = labelOf(*input.graph().find(input.node.inputs[slot].from));
    const std::string number = std::to_string(slot + 1);
    if (axis == type->shape.rank() - 1) {
        Plan plan = input.plan();
        plan.insert(place, "Dense", {{"units", target.size()}});
        proposals.add("insert-dense-" + number, say("Insert Dense({}) behind {}", target, label),
                      "A learned projection to the size that is needed.", std::move(plan));
        return;
    }
    if (axis != 1 || type->shape.rank() != 3) return projectAxis(input, proposals, place, axis, target);
    const std::int64_t difference = (Amount(target.size()) - type->shape[axis].size()).value();
    Plan plan = input.plan();
    plan.insert(
        place, difference > 0 ? "ZeroPadding1D" : "Cropping1D",
        {{difference > 0 ? "padding" : "cropping", Value::list({0, difference > 0 ? difference : -difference})}});
    proposals.add((difference > 0 ? "insert-padding-" : "insert-cropping-") + number,
                  std::string("Insert ") + (difference > 0 ? "ZeroPadding1D" : "Cropping1D") + " behind " + label,
                  difference > 0 ? "Steps of zeros are added at the end." : "Steps at the end are lost.",
                  std::move(plan));
}

/// Dot along an axis whose size is not known: the last one of that input, projected to the size of the other.
void alongLastAxis(const Case& input, Proposals& proposals) {
    if (!hasParameter(input.type, "axes") || input.node.inputs.size() != 2) return;
    const Numbers axes{numberArgument(input.refusal, "other_axis", 0), numberArgument(input.refusal, "axis", 0)};
    for (std::size_t slot = 0; slot < 2; ++slot) {
        const tensor::TensorType* open = input.inputAt(slot);
        const tensor::TensorType* other = input.inputAt(1 - slot);  // fits: 0 or 1
        const auto isAxis = [](const tensor::TensorType* type, std::int64_t axis) {
            return type && axis > 0 && axis < type->shape.rank();
        };
        if (!isAxis(open, axes[slot]) || !isAxis(other, axes[1 - slot])) return;  // fits: 0 or 1
        const Dim wanted = other->shape[static_cast<int>(axes[1 - slot])];        // fits: 0 or 1
        const int last = open->shape.rank() - 1;
        if (open->shape[static_cast<int>(axes[slot])].isKnown() || !wanted.isKnown() || !open->shape[last].isKnown())
            continue;
        Numbers chosen = axes;
        chosen[slot] = last;
        Plan plan = input.plan();
        plan.insert({input.node.id, slot}, "Dense", {{"units", wanted.size()}});
        plan.set(input.node.id, "axes", Value::list(chosen));
        proposals.add("project-last-axis",
                      say("Insert Dense({}) behind {} and set axes to {}", wanted,
                          labelOf(*input.graph().find(input.node.inputs[slot].from)), numbersText(chosen)),
                      "An axis of unknown size cannot be multiplied with one that is known.", std::move(plan),
                      Applicability::Maybe);
    }
}

void proposeSizes(const Case& input, Proposals& proposals) {
    agreeingAxes(input, proposals);
    alongLastAxis(input, proposals);
    if (!input.input) return;
    const int axis = static_cast<int>(numberArgument(input.refusal, "axis", input.shape().rank() - 1));
    const int otherAxis = static_cast<int>(numberArgument(input.refusal, "other_axis", axis));
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const tensor::TensorType* other = input.inputAt(slot);
        if (slot == input.place->slot || !other || otherAxis < 0 || otherAxis >= other->shape.rank()) continue;
        if (axis < 0 || axis >= input.shape().rank()) continue;
        if (tensor::mayBeEqual(other->shape[otherAxis], input.shape()[axis])) continue;
        changeAxis(input, proposals, input.place->slot, axis, other->shape[otherAxis]);
        changeAxis(input, proposals, slot, otherAxis, input.shape()[axis]);
    }
}

// ---- Permute

std::int64_t axesOf(const Case& input) {
    if (const tensor::TensorType* type = input.inputAt(0)) return type->shape.rank() - 1;
    return numberArgument(input.refusal, "needed",
                          static_cast<std::int64_t>(integersOf(valueOf(input.node, "dims")).size()));
}

void describePermutation(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"value", valueOf(input.node, "dims")});
    setArgument(diagnostic.arguments, {"axisRange", say("1 to {}", axesOf(input))});
    diagnostic.wanted.clear();
}

bool isOrder(Numbers dims) {
    std::ranges::sort(dims);
    for (std::size_t index = 0; index < dims.size(); ++index)
        if (dims[index] != static_cast<std::int64_t>(index) + 1) return false;
    return !dims.empty();
}

constexpr Rule kRules[] = {
    {diag::Code::AxisOutOfRange, describeAxis, proposeAxis},
    {diag::Code::AxisSizesDiffer, describeSizes, proposeSizes},
    {diag::Code::PermutationNotComplete, describePermutation, proposeOrder},
};

}  // namespace

void proposeOrder(const Case& input, Proposals& proposals) {
    const Numbers dims = integersOf(valueOf(input.node, "dims"));
    const auto propose = [&](std::string slug, const Numbers& fixed, std::string note) {
        if (!isOrder(fixed)) return;
        Plan plan = input.plan();
        plan.set(input.node.id, "dims", Value::list(fixed));
        proposals.add(std::move(slug), "Set dims to " + numbersText(fixed), std::move(note), std::move(plan));
    };
    if (std::ranges::find(dims, 0) != dims.end()) {
        Numbers shifted = dims;
        for (std::int64_t& dim : shifted) ++dim;
        Numbers withoutBatch = dims;
        std::erase(withoutBatch, 0);
        const bool namesBatch = static_cast<std::int64_t>(dims.size()) == axesOf(input) + 1 ||
                                (!dims.empty() && dims.front() == 0 && dims.size() > 2);
        if (namesBatch) propose("drop-batch", withoutBatch, "The batch axis is not counted.");
        propose("count-from-one", shifted, "dims counts from 1.");
        propose("drop-batch", withoutBatch, "The batch axis is not counted.");
    }
    Numbers sorted = dims;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) == sorted.end()) {
        Numbers ranks;
        for (const std::int64_t dim : dims)
            ranks.push_back(1 + (std::ranges::lower_bound(sorted, dim) - sorted.begin()));
        propose("renumber", ranks, "The same order without gaps.");
    }
    Numbers filled;
    const auto count = static_cast<std::int64_t>(dims.size());
    for (const std::int64_t dim : dims)
        if (dim >= 1 && dim <= count && std::ranges::find(filled, dim) == filled.end()) filled.push_back(dim);
    for (std::int64_t dim = 1; dim <= count; ++dim)
        if (std::ranges::find(filled, dim) == filled.end()) filled.push_back(dim);
    propose("fill-up", filled, "Axes that were missing stand at the end.");
    Numbers all;
    for (std::int64_t dim = 1; dim <= axesOf(input); ++dim) all.push_back(dim);
    std::ranges::reverse(all);
    propose("reverse", all, "All axes in reverse order.");
}

std::span<const Rule> axisRules() { return kRules; }

}  // namespace shapewise::mistakes
