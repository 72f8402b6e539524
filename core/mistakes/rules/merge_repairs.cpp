// Making two inputs of a merge layer equal: padding, cropping, projections, resizing, another input size.

#include "core/base/amount.h"
#include "core/mistakes/rules/merge.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using graph::Node;
using layers::AxisEffect;
using layers::Role;
using tensor::Dim;
using tensor::Shape;

struct Side {
    std::size_t slot = 0;
    const Shape* shape = nullptr;
    const Shape* other = nullptr;
    const Node* producer = nullptr;
    std::size_t depth = 0;
};

std::array<Side, 2> sidesOf(const Case& input, const MergePair& pair) {
    const auto make = [&](std::size_t slot, const Shape* shape, const Shape* other) {
        const graph::Link& link = input.node.inputs[slot];
        return Side{slot, shape, other, input.graph().find(link.from), pathUp(input.graph(), link).size()};
    };
    return {make(pair.first, pair.firstShape, pair.secondShape), make(pair.second, pair.secondShape, pair.firstShape)};
}

std::string spatialName(std::string_view base, const MergePair& pair) {
    return std::string(base) + std::to_string(pair.secondShape->rank() - 2) + "D";
}

bool hasSpace(const MergePair& pair) {
    return pair.firstShape->rank() == pair.secondShape->rank() && pair.secondShape->rank() >= 3 &&
           pair.secondShape->rank() <= 5;
}

int spatialAxis(const MergePair& pair, int index) { return index + (pair.channelsFirst ? 2 : 1); }

/// other − own for each spatial axis that differs; nullopt when one is not known.
std::optional<Numbers> growth(const Side& side, const MergePair& pair) {
    Numbers numbers;
    for (int index = 0; index < pair.secondShape->rank() - 2; ++index) {
        const int axis = spatialAxis(pair, index);
        const bool differs = std::ranges::find(pair.differing, axis) != pair.differing.end();
        if (!differs) {
            numbers.push_back(0);
            continue;
        }
        if (!(*side.shape)[axis].isKnown() || !(*side.other)[axis].isKnown()) return std::nullopt;
        numbers.push_back((Amount((*side.other)[axis].size()) - (*side.shape)[axis].size()).value());
    }
    return numbers;
}

/// Pairs (before, after) that share an amount, the larger half at the end.
Value halves(const Numbers& amounts) {
    ValueList list;
    for (const std::int64_t amount : amounts)
        list.push_back(Value::list({amount / 2, amount - amount / 2}));  // fits: half of it
    return list.size() == 1 ? list.front() : Value(std::move(list));
}

Settings withFormat(Settings settings, const MergePair& pair, int rank) {
    if (pair.channelsFirst && rank >= 4) settings.emplace_back("data_format", "channels_first");
    return settings;
}

void pad(const Case& input, Proposals& proposals, const Side& side, const MergePair& pair) {
    const std::optional<Numbers> amounts = growth(side, pair);
    if (!amounts || std::ranges::any_of(*amounts, [](std::int64_t n) { return n < 0; })) return;
    if (std::ranges::all_of(*amounts, [](std::int64_t n) { return n == 0; })) return;
    const Value padding = halves(*amounts);
    Plan plan = input.plan();
    plan.insert({input.node.id, side.slot}, spatialName("ZeroPadding", pair),
                withFormat({{"padding", padding}}, pair, pair.secondShape->rank()));
    proposals.add(
        "insert-padding",
        diag::say("Insert {} {} behind {}", spatialName("ZeroPadding", pair), padding, labelOf(*side.producer)),
        "Zeros fill what rounding down has lost.", std::move(plan));
}

void crop(const Case& input, Proposals& proposals, const std::array<Side, 2>& sides, const MergePair& pair) {
    Plan plan = input.plan();
    std::vector<diag::Phrase> places;
    for (const Side& side : sides) {
        const std::optional<Numbers> amounts = growth(side, pair);
        if (!amounts) return;
        Numbers cut;
        for (const std::int64_t amount : *amounts) cut.push_back(std::max<std::int64_t>(0, -amount));
        if (std::ranges::all_of(cut, [](std::int64_t n) { return n == 0; })) continue;
        const Value cropping = halves(cut);
        plan.insert({input.node.id, side.slot}, spatialName("Cropping", pair),
                    withFormat({{"cropping", cropping}}, pair, pair.secondShape->rank()));
        places.push_back(diag::say("{} behind {}", cropping, labelOf(*side.producer)));
    }
    if (places.empty()) return;
    proposals.add("insert-cropping", diag::say("Insert {} {}", spatialName("Cropping", pair), joined(places, " and ")),
                  "The border of the larger map is lost.", std::move(plan));
}

/// What the other side has where the two differ.
void extendTransposed(const Case& input, Proposals& proposals, const Side& side, const MergePair& pair) {
    std::vector<Dim> wanted(side.shape->sizes().begin(), side.shape->sizes().end());
    for (const int axis : pair.differing) wanted[static_cast<std::size_t>(axis)] = (*side.other)[axis];
    proposeOutputPadding(input, proposals, input.node.inputs[side.slot], wanted);
}

/// Convolutions with valid padding on the longer path eat the border.
void samePaddingOnPath(const Case& input, Proposals& proposals, const std::array<Side, 2>& sides,
                       const MergePair& pair) {
    for (const Side& side : sides) {
        const std::optional<Numbers> amounts = growth(side, pair);
        if (!amounts || std::ranges::none_of(*amounts, [](std::int64_t n) { return n > 0; })) continue;
        const Side& other = &side == sides.data() ? sides[1] : sides[0];
        const std::vector<const Node*> otherPath = pathUp(input.graph(), input.node.inputs[other.slot]);
        Plan plan = input.plan();
        std::string names;
        for (const Node* node : pathUp(input.graph(), input.node.inputs[side.slot], 100)) {
            if (std::ranges::find(otherPath, node) != otherPath.end()) break;
            if (node->type->effects.space != AxisEffect::Slides || textOf(*node, "padding") != "valid") continue;
            plan.set(node->id, "padding", "same");
            names += (names.empty() ? "" : ", ") + labelOf(*node);
        }
        if (names.empty()) continue;
        proposals.add("same-on-path", "Set padding of " + names + " to 'same'",
                      "The map then keeps its size on this path.", std::move(plan));
    }
}

/// How far pooling and strides divide the map of a source, on the way that divides it most.
std::int64_t deepestDivision(const Case& input, const Node& source) {
    constexpr std::size_t kMostNodes = 2000;
    constexpr std::int64_t kMostDivision = 4096;
    std::vector<NodeId> order{source.id};
    std::unordered_map<NodeId, std::int64_t> division{{source.id, 1}};
    std::int64_t deepest = 1;
    for (std::size_t index = 0; index < order.size() && order.size() < kMostNodes; ++index) {
        const std::int64_t before = division[order[index]];
        for (const graph::LinkPlace& place : input.analysis.consumers(order[index])) {
            const Node* node = input.graph().find(place.to);
            std::int64_t own = before;
            if (movesWindow(*node->type) && node->type->window && input.analysis[node->id].isKnown())
                own = (Amount(before) * std::max<std::int64_t>(1, node->type->window(layers::Params(*node)).stride[0]))
                          .value();
            if (node->type->effects.space == AxisEffect::Stretches || endsMap(*node->type)) own = 1;
            if (own > kMostDivision) continue;
            std::int64_t& known = division[place.to];
            if (known >= own) continue;
            known = own;
            deepest = std::max(deepest, own);
            order.push_back(place.to);
        }
    }
    return deepest;
}

/// The input rounded up to a multiple of what pooling and strides divide it by.
void roundSource(const Case& input, Proposals& proposals, const std::array<Side, 2>& sides, const MergePair& pair) {
    const Node* source = sourceOf(input.graph(), input.node.inputs[sides[0].slot]);
    if (!source || source != sourceOf(input.graph(), input.node.inputs[sides[1].slot])) return;
    const tensor::TensorType* output = input.analysis[source->id].outputAt(0);
    if (!output || output->shape.rank() != pair.secondShape->rank()) return;
    const std::int64_t most = deepestDivision(input, *source);
    std::vector<Dim> sizes = sampleSizes(output->shape);
    bool changes = false;
    for (int index = 0; index < pair.secondShape->rank() - 2; ++index) {
        Dim& size = sizes[static_cast<std::size_t>(spatialAxis(pair, index) - 1)];
        if (!size.isKnown() || size.size() % most == 0) continue;
        size = (floorDivide(size, most) + Dim(1)) * Dim(most);
        changes = true;
    }
    if (!changes) return;
    proposeSourceShape(input, proposals, *source, sizes,
                       "A multiple of " + std::to_string(most) + " is halved without a rest.");
}

/// A map that is several times smaller on each axis was halved once too often, or not doubled.
void upSample(const Case& input, Proposals& proposals, const Side& side, const MergePair& pair) {
    const int axes = pair.secondShape->rank() - 2;
    if (axes < 1 || axes > 3 || (pair.channelsFirst && axes != 2)) return;
    Numbers factors;
    for (int index = 0; index < axes; ++index) {
        const std::int64_t own = (*side.shape)[spatialAxis(pair, index)].sizeOr(0);
        const std::int64_t other = (*side.other)[spatialAxis(pair, index)].sizeOr(own);
        if (own < 2 || other < own || other % own != 0) return;
        factors.push_back(other / own);
    }
    if (std::ranges::all_of(factors, [](std::int64_t factor) { return factor == 1; })) return;
    const std::string name = spatialName("UpSampling", pair);
    Settings settings{{"size", axes == 1 ? Value(factors.front()) : Value::list(factors)}};
    if (pair.channelsFirst) settings.emplace_back("data_format", "channels_first");
    Plan plan = input.plan();
    plan.insert({input.node.id, side.slot}, name, settings);
    proposals.add("insert-up-sampling",
                  "Insert " + name + " " + timesText(factors) + " behind " + labelOf(*side.producer),
                  "Each cell is repeated until the maps are of one size.", std::move(plan));
}

void resize(const Case& input, Proposals& proposals, const Side& side, const MergePair& pair) {
    if (pair.secondShape->rank() != 4 || pair.channelsFirst || !growth(side, pair)) return;
    const std::int64_t height = (*side.other)[1].sizeOr((*side.shape)[1].sizeOr(0));
    const std::int64_t width = (*side.other)[2].sizeOr((*side.shape)[2].sizeOr(0));
    if (height < 1 || width < 1) return;
    Plan plan = input.plan();
    plan.insert({input.node.id, side.slot}, "Resizing", {{"height", height}, {"width", width}});
    proposals.add("insert-resizing",
                  "Insert Resizing → " + std::to_string(height) + " × " + std::to_string(width) + " behind " +
                      labelOf(*side.producer),
                  "Values between the old cells are interpolated.", std::move(plan), Applicability::Maybe);
}

/// Joining on the one axis that differs.
void joinElsewhere(const Case& input, Proposals& proposals, const MergePair& pair) {
    if (!pair.isJoin || pair.differing.size() != 1 || pair.joinAxis < 1) return;
    if (!tensor::mayBeEqual((*pair.firstShape)[pair.joinAxis], (*pair.secondShape)[pair.joinAxis])) return;
    const int axis = pair.differing.front();
    Plan plan = input.plan();
    plan.set(input.node.id, "axis", axis);
    proposals.add("join-axis", diag::say("Set axis to {} ({})", axis, diag::axisOf(*pair.secondShape, axis)),
                  "The inputs then follow one another along this axis.", std::move(plan));
}

void projectSide(const Case& input, Proposals& proposals, const Side& side, const MergePair& pair,
                 std::string_view slug) {
    const int rank = pair.secondShape->rank();
    const int channel = pair.channelAxis();
    const Dim target = (*side.other)[channel].isKnown() ? (*side.other)[channel] : (*side.shape)[channel];
    const std::int64_t channels =
        pair.isJoin && pair.joinAxis == channel ? (*side.shape)[channel].sizeOr(0) : target.sizeOr(0);
    if (channels < 1 || rank < 2 || rank > 5) return;
    Plan plan = input.plan();
    const graph::LinkPlace place{input.node.id, side.slot};
    if (rank == 2) {
        plan.insert(place, "Dense", {{"units", channels}});
        proposals.add(std::string(slug),
                      "Insert Dense(" + std::to_string(channels) + ") behind " + labelOf(*side.producer),
                      "A learned projection to the same size.", std::move(plan));
        return;
    }
    Numbers strides;
    for (int index = 0; index < rank - 2; ++index) {
        const int axis = spatialAxis(pair, index);
        const std::int64_t own = (*side.shape)[axis].sizeOr(0);
        const std::int64_t other = (*side.other)[axis].sizeOr(own);
        if (other > own || other < 1) return;
        std::int64_t stride = own / other;
        if (ceilDivide(own, stride) != other) ++stride;
        if (ceilDivide(own, stride) != other) return;
        strides.push_back(stride);
    }
    const bool isStrided = std::ranges::any_of(strides, [](std::int64_t n) { return n > 1; });
    const std::string name = "Conv" + std::to_string(rank - 2) + "D";
    Settings settings{{"filters", channels}, {"kernel_size", 1}, {"padding", "same"}};
    if (isStrided) settings.emplace_back("strides", rank == 3 ? Value(strides.front()) : Value::list(strides));
    if (pair.channelsFirst) settings.emplace_back("data_format", "channels_first");
    plan.insert(place, name, settings);
    proposals.add(
        std::string(slug),
        "Insert a 1 × 1 " + name + " with " + std::to_string(channels) + (channels == 1 ? " filter" : " filters") +
            (isStrided ? " and stride " + timesText(strides) : std::string()) + " behind " + labelOf(*side.producer),
        "A learned projection to the size of the other path.", std::move(plan));
}

/// The output padding that adds `missing` cells on each axis; empty when it would have to reach the stride.
Numbers outputPaddingFor(const Node& transposed, const Numbers& missing) {
    const int axes = static_cast<int>(missing.size());
    const Numbers strides = spatialOf(transposed, "strides", axes);
    const Numbers kernel = spatialOf(transposed, "kernel_size", axes);
    const Numbers present = spatialOf(transposed, "output_padding", axes);
    Numbers dilation = spatialOf(transposed, "dilation_rate", axes);
    const bool isSame = textOf(transposed, "padding") == "same";
    if (strides.empty() || kernel.empty()) return {};
    if (dilation.empty()) dilation.assign(strides.size(), 1);
    Numbers wanted;
    for (std::size_t index = 0; index < strides.size(); ++index) {
        const Amount stride(strides[index]);
        const Amount effective = (Amount(kernel[index]) - 1) * dilation[index] + 1;
        // Without the parameter the length is that of this output padding (layers.md, transposed).
        const Amount implied = isSame ? stride - effective.value() % 2 : std::max(effective, stride) - effective;
        const Amount padding = (present.empty() ? implied : Amount(present[index])) + missing[index];
        if (padding < 0 || padding >= stride) return {};
        wanted.push_back(padding.value());
    }
    return wanted;
}

}  // namespace

void proposeOutputPadding(const Case& input, Proposals& proposals, const graph::Link& link,
                          const std::vector<Dim>& wanted) {
    const Node* transposed = throughIdentities(
        input.graph(), link, [](const Node& node) { return node.type->role == Role::TransposedConvolution; });
    const tensor::TensorType* type = typeAt(input.analysis, link);
    if (!transposed || !type || type->shape.rank() != static_cast<int>(wanted.size())) return;
    Numbers missing;
    for (int index = 0; index < type->shape.rank() - 2; ++index) {
        const int axis = index + (isChannelsFirst(*transposed) ? 2 : 1);
        const Dim size = wanted[static_cast<std::size_t>(axis)];
        if (!size.isKnown() || !type->shape[axis].isKnown()) return;
        missing.push_back((Amount(size.size()) - type->shape[axis].size()).value());
    }
    if (const Numbers padding = outputPaddingFor(*transposed, missing); !padding.empty()) {
        Plan plan = input.plan();
        plan.set(transposed->id, "output_padding", padding.size() == 1 ? Value(padding.front()) : Value::list(padding));
        proposals.add("output-padding", "Set output_padding of " + labelOf(*transposed) + " to " + numbersText(padding),
                      "It adds the cells that rounding down has lost.", std::move(plan));
    }
    if (textOf(*transposed, "padding") == "same") return;
    Plan plan = input.plan();
    plan.set(transposed->id, "padding", "same");
    proposals.add("transposed-same", "Set padding of " + labelOf(*transposed) + " to 'same'",
                  "The output is then stride times the input.", std::move(plan));
}

void proposeProjection(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair || pair->firstShape->rank() != pair->secondShape->rank()) return;
    std::array<Side, 2> sides = sidesOf(input, *pair);
    if (sides[1].depth < sides[0].depth) std::swap(sides[0], sides[1]);
    projectSide(input, proposals, sides[0], *pair, "project-short-path");
    projectSide(input, proposals, sides[1], *pair, "project-long-path");
}

void proposeStretchedProjection(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair || pair->firstShape->rank() != pair->secondShape->rank()) return;
    const std::array<Side, 2> sides = sidesOf(input, *pair);
    projectSide(input, proposals, sides[1].slot == pair->second ? sides[1] : sides[0], *pair, "project-stretched");
}

namespace {

bool hasUnequalRanks(const Case& input) {
    for (std::size_t slot = 1; slot < input.node.inputs.size(); ++slot) {
        const tensor::TensorType* first = input.inputAt(0);
        const tensor::TensorType* type = input.inputAt(slot);
        if (first && type && first->shape.rank() != type->shape.rank()) return true;
    }
    return false;
}

/// Growing the smaller map loses nothing.
std::array<Side, 2> smallerFirst(std::array<Side, 2> sides) {
    if (sides[0].shape->elementCountPerSample().sizeOr(0) > sides[1].shape->elementCountPerSample().sizeOr(0))
        std::swap(sides[0], sides[1]);
    return sides;
}

}  // namespace

void proposeMerge(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    if (!pair) return;
    if (hasUnequalRanks(input)) proposeUnequalRanks(input, proposals);
    if (pair->firstShape->rank() != pair->secondShape->rank()) return;
    const std::array<Side, 2> sides = sidesOf(input, *pair);
    const bool isSequence = pair->secondShape->rank() <= 3;
    if (isSequence) joinElsewhere(input, proposals, *pair);
    if (pair->spaceDiffers && hasSpace(*pair))
        for (const Side& side : sides) extendTransposed(input, proposals, side, *pair);
    if (!pair->isJoin) proposeProjection(input, proposals);
    if (!pair->isJoin && hasSpace(*pair)) samePaddingOnPath(input, proposals, sides, *pair);
    if (pair->spaceDiffers && hasSpace(*pair)) {
        for (const Side& side : sides) upSample(input, proposals, side, *pair);
        for (const Side& side : sides) pad(input, proposals, side, *pair);
        crop(input, proposals, sides, *pair);
        roundSource(input, proposals, sides, *pair);
        for (const Side& side : smallerFirst(sides)) resize(input, proposals, side, *pair);
        if (pair->isJoin) samePaddingOnPath(input, proposals, sides, *pair);
    }
    if (pair->isJoin) proposeProjection(input, proposals);
    joinElsewhere(input, proposals, *pair);
    if (pair->isJoin || pair->differing != std::vector<int>{pair->channelAxis()}) return;
    if (const layers::LayerType* join = layers::findLayer("Concatenate")) {
        Plan plan = input.plan();
        plan.replace(input.node, *join, {{"axis", pair->channelsFirst ? 1 : -1}});
        proposals.add("use-concatenate", "Use Concatenate instead",
                      "The channels then stand side by side instead of being combined.", std::move(plan),
                      Applicability::Maybe);
    }
}

}  // namespace shapewise::mistakes
