#include "core/mistakes/rules/readings.h"

#include "core/base/amount.h"
#include "core/base/divisors.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using graph::Node;
using tensor::Dim;
using tensor::Extents;

constexpr std::size_t kMostReadings = 3;  ///< offered for one link

Sizes withoutOnes(const Sizes& sizes) {
    Sizes rest;
    std::ranges::copy_if(sizes, std::back_inserter(rest), [](Dim size) { return size != Dim(1); });
    return rest;
}

Dim productOf(const Sizes& sizes) {
    Dim product(1);
    for (const Dim size : sizes) product = product * size;
    return product;
}

/// Puts `sizes` from `first` on into as many axes as are left, each a product of neighbours; none of them is 1.
void group(const Sizes& sizes, std::size_t first, std::size_t axes, Sizes& begun, std::vector<Sizes>& all) {
    if (axes == 0) {
        if (first == sizes.size()) all.push_back(begun);
        return;
    }
    Dim product(1);
    for (std::size_t end = first; end <= sizes.size(); ++end) {
        if (end > first) product = product * sizes[end - 1];
        begun.push_back(product);
        group(sizes, end, axes - 1, begun, all);
        begun.pop_back();
    }
}

std::size_t onesIn(const Sizes& sizes) { return static_cast<std::size_t>(std::ranges::count(sizes, Dim(1))); }

bool isSettable(const Sizes& sizes) {
    return std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); }) <= 1;
}

/// The declared shape as what comes in; nullopt where none is declared.
std::optional<tensor::TensorType> declaredInput(const infer::Analysis& analysis, const Node& node) {
    if (!node.builtFor || !node.builtFor->isList() || node.inputs.size() != 1) return std::nullopt;
    const ValueList& sizes = node.builtFor->asList();
    if (sizes.empty() || sizes.size() > static_cast<std::size_t>(tensor::kMaximumRank)) return std::nullopt;
    tensor::TensorType declared;
    if (const tensor::TensorType* input = typeAt(analysis, node.inputs.front())) declared.dtype = input->dtype;
    for (const Value& size : sizes)
        declared.shape.append(size.isInteger() && size.asInteger() >= 0 ? Dim(size.asInteger()) : Dim());
    return declared;
}

/// The extents of the weights for these inputs; nullopt when the layer does not take them.
std::optional<std::vector<Extents>> extentsFor(const Node& node, std::span<const tensor::TensorType* const> inputs) {
    if (std::ranges::find(inputs, nullptr) != inputs.end()) return std::nullopt;
    layers::InferContext context(layers::Params(node), inputs, node.inputs, &node);
    if (!layers::inferLayer(context)) return std::nullopt;
    std::vector<Extents> extents;
    for (const layers::WeightSpec& spec : layers::weightsOf(node, inputs)) extents.push_back(spec.extents);
    return extents;
}

/// The Reshape whose target is what comes over the link, for this link alone; null when there is none.
const Node* reshapeBefore(const Case& input) {
    const Node* node = throughIdentities(input.graph(), *input.link,
                                         [](const Node& up) { return hasParameter(*up.type, "target_shape"); });
    for (const Node* up = input.producer; node && up; up = firstProducer(input.graph(), *up)) {
        if (input.analysis.consumers(up->id).size() != 1) return nullptr;
        if (up == node) return node;
    }
    return nullptr;
}

}  // namespace

std::vector<Sizes> readingsOf(const Sizes& sizes, std::size_t axes) {
    std::vector<Sizes> all;
    Sizes begun;
    group(withoutOnes(sizes), 0, axes, begun, all);
    std::erase_if(all, [](const Sizes& reading) { return !isSettable(reading); });
    std::ranges::stable_sort(all, {}, onesIn);
    return all;
}

std::vector<Sizes> cutReadings(const Sizes& sizes, std::size_t axes, std::int64_t channels) {
    std::vector<Sizes> all;
    if (channels < 1 || axes < 2) return all;
    Sizes rest = withoutOnes(sizes);
    Dim last(1);
    while (!rest.empty()) {
        last = last * rest.back();
        rest.pop_back();
        if (!last.isKnown() || last.size() % channels == 0) break;
    }
    if (!last.isKnown() || last.size() < channels || last.size() % channels != 0) return all;
    const std::int64_t cells = last.size() / channels;
    if (rest.empty() && axes == 3) {
        const std::int64_t side = largestDivisor(cells, Amount::rounded(std::sqrt(static_cast<double>(cells))).value());
        return {{Dim(side), Dim(cells / side), Dim(channels)}};
    }
    rest.emplace_back(cells);
    for (Sizes& reading : readingsOf(rest, axes - 1)) {
        reading.emplace_back(channels);
        all.push_back(std::move(reading));
    }
    return all;
}

bool linesUp(const Sizes& a, const Sizes& b) {
    Sizes longer = withoutOnes(a);
    Sizes shorter = withoutOnes(b);
    if (longer.size() < shorter.size()) std::swap(longer, shorter);
    const Dim total = productOf(longer);
    if (!total.isKnown() || total.size() < 1 || total != productOf(shorter)) return false;
    const std::vector<Sizes> readings = readingsOf(longer, shorter.size());
    return std::ranges::find(readings, shorter) != readings.end();
}

bool hasWeights(const Node& node) { return node.weights != nullptr || node.builtFor != nullptr; }

std::vector<Extents> madeFor(const infer::Analysis& analysis, const Node& node) {
    std::vector<Extents> made;
    if (node.weights) {
        for (const graph::NamedTensor& weight : *node.weights) made.push_back(weight.values.extents());
        return made;
    }
    const std::optional<tensor::TensorType> declared = declaredInput(analysis, node);
    if (!declared) return made;
    const std::vector<const tensor::TensorType*> types{&*declared};
    return extentsFor(node, types).value_or(std::vector<Extents>{});
}

bool fitsWeights(const Case& input, const Sizes& sizes) {
    const std::vector<Extents> made = madeFor(input.analysis, input.node);
    if (made.empty() || sizes.size() >= static_cast<std::size_t>(tensor::kMaximumRank)) return false;
    tensor::TensorType type = *input.input;
    type.shape = tensor::Shape();
    type.shape.append(input.shape()[0]);
    for (const Dim size : sizes) type.shape.append(size);
    std::vector<const tensor::TensorType*> inputs = input.analysis.inputTypes(input.node);
    inputs[input.place->slot] = &type;
    const std::optional<std::vector<Extents>> wanted = extentsFor(input.node, inputs);
    if (!wanted || wanted->size() < made.size()) return false;
    for (std::size_t index = 0; index < made.size(); ++index)
        if (!made[index].empty() && made[index] != (*wanted)[index]) return false;
    return true;
}

std::vector<std::int64_t> extentsBehind(const Case& input, NodeId start) {
    constexpr std::size_t kNearest = 200;
    std::vector<NodeId> order{start};
    std::unordered_set<NodeId> seen{start};
    std::vector<std::int64_t> found;
    for (std::size_t index = 0; index < order.size() && order.size() < kNearest; ++index) {
        for (const graph::LinkPlace& place : input.analysis.consumers(order[index])) {
            const Node* node = input.graph().find(place.to);
            if (!node || !seen.insert(place.to).second) continue;
            order.push_back(place.to);
            if (!hasWeights(*node)) continue;
            for (const Extents& extents : madeFor(input.analysis, *node))
                for (const std::int64_t extent : extents)
                    if (std::ranges::find(found, extent) == found.end()) found.push_back(extent);
        }
    }
    return found;
}

std::vector<Sizes> readingsFor(const Sizes& sizes, std::size_t axes, const std::vector<std::int64_t>& extents) {
    std::vector<Sizes> readings = readingsOf(sizes, axes);
    for (const std::int64_t extent : extents)
        for (Sizes& reading : cutReadings(sizes, axes, extent))
            if (std::ranges::find(readings, reading) == readings.end()) readings.push_back(std::move(reading));
    return readings;
}

namespace {

/// Axes in another order, which the weights were made for: "Insert Permute (2, 1)".
void proposeFittingOrder(const Case& input, Proposals& proposals, std::size_t axes) {
    const Sizes sizes = sampleSizes(input.shape());
    const Sizes kept = withoutOnes(sizes);
    if (kept.size() < 2 || kept.size() > 4 || kept.size() > axes) return;
    Numbers order;
    Numbers ones;
    for (std::size_t index = 0; index < sizes.size(); ++index)
        (sizes[index] == Dim(1) ? ones : order).push_back(static_cast<std::int64_t>(index) + 1);
    while (std::ranges::next_permutation(order).found) {
        Numbers dims = order;
        dims.insert(dims.end(), ones.begin(), ones.end());
        Sizes permuted;
        for (const std::int64_t dim : dims) permuted.push_back(sizes[static_cast<std::size_t>(dim - 1)]);
        for (const Sizes& reading : readingsOf(permuted, axes)) {
            const bool isJoined = withoutOnes(reading) != withoutOnes(permuted);
            if (isJoined || !fitsWeights(input, reading)) continue;
            Plan plan = input.plan();
            plan.insert(*input.place, "Permute", {{"dims", Value::list(dims)}});
            diag::Phrase title = diag::say("Insert Permute {}", numbersText(dims));
            if (reading != permuted) {
                plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(reading)}});
                title += diag::say(" and Reshape → {}", sizesText(reading));
            }
            proposals.add(
                "fit-order", std::move(title),
                diag::say("The axes in the order for which the weights of {} were made.", labelOf(input.node)),
                std::move(plan));
            return;
        }
    }
}

}  // namespace

void proposeFittingReadings(const Case& input, Proposals& proposals, const std::vector<std::size_t>& axes,
                            bool mayCut) {
    if (!input.input || !input.place || !hasWeights(input.node)) return;
    const Sizes sizes = sampleSizes(input.shape());
    const Node* reshape = reshapeBefore(input);
    const tensor::TensorType* raw = reshape ? typeAt(input.analysis, reshape->inputs.front()) : input.input;
    const Sizes rawSizes = raw ? sampleSizes(raw->shape) : sizes;
    std::vector<std::int64_t> channels;
    const std::int64_t groups = std::max<std::int64_t>(1, integerOf(input.node, "groups").value_or(1));
    if (mayCut || withoutOnes(rawSizes).size() < 2)
        for (const Extents& extents : madeFor(input.analysis, input.node))
            for (const std::int64_t extent : extents) channels.push_back((Amount(extent) * groups).value());
    std::vector<Sizes> readings;
    for (const std::size_t count : axes)
        for (Sizes& reading : readingsOf(sizes, count)) readings.push_back(std::move(reading));
    for (const std::size_t count : axes)
        for (Sizes& reading : readingsFor(rawSizes, count, channels)) readings.push_back(std::move(reading));
    if (axes.size() > 1) std::ranges::stable_sort(readings, {}, onesIn);
    Sizes sorted = withoutOnes(rawSizes);
    std::ranges::sort(sorted, {}, &Dim::code);
    const auto exchangesAxes = [&](const Sizes& reading) {
        Sizes same = withoutOnes(reading);
        if (same == withoutOnes(rawSizes)) return false;
        std::ranges::sort(same, {}, &Dim::code);
        return same == sorted;
    };
    std::vector<Sizes> offered;
    for (const Sizes& reading : readings) {
        if (offered.size() == kMostReadings) return;
        if (reading == sizes || std::ranges::find(offered, reading) != offered.end()) continue;
        if (exchangesAxes(reading) || !fitsWeights(input, reading)) continue;
        offered.push_back(reading);
        const std::string number = offered.size() == 1 ? "" : "-" + std::to_string(offered.size());
        const diag::Phrase note =
            diag::say("The same values in the same order, as the weights of {} take them.", labelOf(input.node));
        Plan plan = input.plan();
        if (reshape) {
            plan.set(reshape->id, "target_shape", sizesValue(reading));
            proposals.add("fit-weights" + number,
                          diag::say("Set target_shape of {} to {}", labelOf(*reshape), sizesText(reading)), note,
                          std::move(plan));
        } else if (reading.size() == 1) {
            plan.insert(*input.place, "Flatten");
            proposals.add("fit-weights" + number, "Insert Flatten", note, std::move(plan));
        } else {
            plan.insert(*input.place, "Reshape", {{"target_shape", sizesValue(reading)}});
            proposals.add("fit-weights" + number, diag::say("Insert Reshape → {}", sizesText(reading)), note,
                          std::move(plan));
        }
    }
    if (offered.empty())
        for (const std::size_t count : axes) proposeFittingOrder(input, proposals, count);
}

}  // namespace shapewise::mistakes
