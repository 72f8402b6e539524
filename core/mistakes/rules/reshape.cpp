// Reshape to another number of elements, -1 that does not come out even or stands twice, the batch inside target_shape.

#include "core/base/divisors.h"
#include "core/mistakes/rules/readings.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::setArgument;
using graph::Node;
using tensor::Dim;

Numbers targetOf(const Case& input) {
    const Value& value = valueOf(input.node, "target_shape");
    if (!value.isList()) return {};
    Numbers numbers;
    for (const Value& entry : value.asList()) numbers.push_back(entry.isInteger() ? entry.asInteger() : -1);
    return numbers;
}

std::int64_t totalOf(const Case& input) {
    const tensor::TensorType* type = input.inputAt(0);
    return type ? type->shape.elementCountPerSample().sizeOr(0) : 0;
}

/// Product of the numbers above zero but one; 0 on overflow.
std::int64_t productWithout(const Numbers& numbers, std::size_t left) {
    std::int64_t product = 1;
    for (std::size_t index = 0; index < numbers.size(); ++index) {
        if (index == left || numbers[index] < 1) continue;
        const std::optional<std::int64_t> next = checkedMultiply(product, numbers[index]);
        if (!next) return 0;
        product = *next;
    }
    return product;
}

constexpr std::size_t kNone = ~std::size_t{0};

std::string factorsText(const Numbers& numbers) {
    std::string text = timesText(numbers);
    const std::int64_t product = productWithout(numbers, kNone);
    return product > 0 && numbers.size() > 1 ? text + " = " + withThousands(product) : text;
}

void describeReshape(const Case& input, diag::Diagnostic& diagnostic) {
    const Numbers target = targetOf(input);
    setArgument(diagnostic.arguments, {"target", valueOf(input.node, "target_shape")});
    setArgument(diagnostic.arguments, {"value", valueOf(input.node, "target_shape")});
    Numbers sizes;
    if (input.input)
        for (const Dim size : sampleSizes(input.shape())) sizes.push_back(size.sizeOr(0));
    const std::int64_t total = totalOf(input);
    const auto unknown = std::ranges::find(target, std::int64_t{-1});
    std::string text = factorsText(sizes);
    if (unknown == target.end()) {
        text += " is not " + factorsText(target);
    } else {
        Numbers rest;
        std::ranges::copy_if(target, std::back_inserter(rest), [](std::int64_t n) { return n > 0; });
        const std::int64_t product = productWithout(target, kNone);
        text = withThousands(total) + " / " + withThousands(product) +
               (product > 0 && total > 0 ? " leaves " + std::to_string(total % product) : std::string());
    }
    setArgument(diagnostic.arguments, {"arithmetic", text});
    if (input.link) diagnostic.wanted.clear();
}

void propose(const Case& input, Proposals& proposals, std::string slug, const Numbers& target, std::string note,
             Applicability applicability = Applicability::Maybe) {
    if (target == targetOf(input) || target.empty()) return;
    Plan plan = input.plan();
    plan.set(input.node.id, "target_shape", Value::list(target));
    proposals.add(std::move(slug), "Set target_shape to " + numbersText(target), std::move(note), std::move(plan),
                  applicability);
}

/// Targets that the weights of the layers behind were made for, and what follows from the numbers alone, are readings
/// of one repair.
void askWeightsBehind(const Case& input, Proposals& proposals, const Numbers& target) {
    const std::vector<std::int64_t> extents = extentsBehind(input, input.node.id);
    const tensor::TensorType* type = input.inputAt(0);
    if (extents.empty() || !type) return;
    for (std::size_t index = 1; index < proposals.list().size(); ++index) proposals.list()[index].isReading = true;
    int number = 0;
    for (const Sizes& reading : readingsFor(sampleSizes(type->shape), target.size(), extents)) {
        Plan plan = input.plan();
        plan.set(input.node.id, "target_shape", sizesValue(reading));
        proposals.addReading("fit-weights-" + std::to_string(++number),
                             diag::say("Set target_shape to {}", sizesText(reading)),
                             "The same values in the same order, as the weights behind it take them.", std::move(plan));
    }
}

/// Pairs of factors of a number above 1, those with a ratio nearest to what was wanted first.
std::vector<Numbers> factorPairs(std::int64_t total, double wantedRatio, std::size_t most) {
    std::vector<std::pair<double, Numbers>> pairs;
    for (std::int64_t small = 1; small <= total / small && small <= kLargestTriedDivisor; ++small) {
        if (total % small != 0) continue;
        for (const auto& [a, b] : {std::pair{small, total / small}, std::pair{total / small, small}})
            pairs.push_back(
                {std::abs(std::log(static_cast<double>(a) / static_cast<double>(b) / wantedRatio)), {a, b}});
    }
    std::ranges::stable_sort(pairs, {}, &std::pair<double, Numbers>::first);
    std::vector<Numbers> nearest;
    for (const auto& [distance, pair] : pairs)
        if (nearest.size() < most && std::ranges::find(nearest, pair) == nearest.end()) nearest.push_back(pair);
    return nearest;
}

bool isDroppable(const Numbers& target, std::int64_t total) {
    if (target.size() < 2) return false;
    const Numbers rest(target.begin() + 1, target.end());
    const std::int64_t product = productWithout(rest, kNone);
    const bool isOpen = std::ranges::find(rest, std::int64_t{-1}) != rest.end();
    return product > 0 && total > 0 && (isOpen ? total % product == 0 : total == product);
}

/// One number computed from the others, wherever that comes out even.
void computeOne(const Case& input, Proposals& proposals, const Numbers& target, std::int64_t total) {
    int offered = 0;
    for (std::size_t back = 0; back < target.size() && offered < 3; ++back) {
        const std::size_t index = target.size() - 1 - back;
        Numbers fixed = target;
        for (std::size_t other = 0; other < fixed.size(); ++other)
            if (other != index && fixed[other] < 1) fixed[other] = 1;
        const std::int64_t product = productWithout(fixed, index);
        if (product < 1 || total % product != 0) continue;
        fixed[index] = -1;
        Numbers shown = fixed;
        shown[index] = total / product;
        const bool isOpen = std::ranges::find(target, std::int64_t{-1}) == target.end();
        propose(input, proposals, "computed-" + std::to_string(index + 1), isOpen ? fixed : shown,
                "The " + ordinal(static_cast<std::int64_t>(index) + 1) + " number is " + withThousands(total) + " / " +
                    withThousands(product) + " = " + withThousands(total / product) + ".");
        ++offered;
    }
}

void factorise(const Case& input, Proposals& proposals, const Numbers& target, std::int64_t total) {
    if (target.size() == 1) return propose(input, proposals, "one-axis", {total}, "All values in one row.");
    Numbers head(target);
    std::int64_t rest = total;
    Numbers tail;
    while (head.size() > 2) {
        const std::int64_t last = head.back();
        const bool fits = last > 0 && rest % last == 0;
        tail.insert(tail.begin(), fits ? last : 1);
        if (fits) rest /= last;
        head.pop_back();
    }
    const double wanted =
        head[0] > 0 && head[1] > 0 ? static_cast<double>(head[0]) / static_cast<double>(head[1]) : 1.0;
    std::string slug = "factor-pair";
    for (Numbers pair : factorPairs(rest, wanted, 2)) {
        pair.insert(pair.end(), tail.begin(), tail.end());
        propose(input, proposals, slug, pair, factorsText(pair) + ": factors near to what was asked.");
        slug = "factor-pair-2";
    }
}

/// A learned map of the wanted size.
void throughDense(const Case& input, Proposals& proposals, const Numbers& target) {
    const std::int64_t product = productWithout(target, kNone);
    const bool isOpen = std::ranges::any_of(target, [](std::int64_t n) { return n < 1; });
    if (isOpen || product < 1 || product > 1000000 || !input.place) return;
    Plan plan = input.plan();
    const bool isMap = input.input && input.shape().rank() > 2;
    if (isMap) plan.insert(*input.place, "Flatten");
    plan.insert(*input.place, "Dense", {{"units", product}});
    proposals.add(
        "through-dense",
        std::string(isMap ? "Insert Flatten and Dense(" : "Insert Dense(") + withThousands(product) + ") before it",
        "A learned map: every output value depends on all inputs.", std::move(plan), Applicability::Maybe);
}

void proposeReshapes(const Case& input, Proposals& proposals) {
    const Numbers target = targetOf(input);
    const std::int64_t total = totalOf(input);
    if (total < 1) return;
    if (target.empty()) return propose(input, proposals, "one-axis", {-1}, "All values in one row.");
    if (isDroppable(target, total))
        propose(input, proposals, "drop-batch", Numbers(target.begin() + 1, target.end()),
                "The first number is the batch, which target_shape does not name.", Applicability::Sure);
    computeOne(input, proposals, target, total);
    factorise(input, proposals, target, total);
    askWeightsBehind(input, proposals, target);
    throughDense(input, proposals, target);
    const Node* source = input.producer && input.producer->inputs.empty() ? input.producer : nullptr;
    const std::int64_t product = productWithout(target, kNone);
    if (source && product > 0 && std::ranges::none_of(target, [](std::int64_t n) { return n < 1; })) {
        std::vector<Dim> sizes(target.begin(), target.end());
        if (sizes.size() < static_cast<std::size_t>(tensor::kMaximumRank))
            proposeSourceShape(input, proposals, *source, sizes, "The data then have the wanted shape already.");
    }
}

void describeTwoUnknown(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"value", valueOf(input.node, "target_shape")});
    diagnostic.wanted.clear();
}

void proposeOneUnknown(const Case& input, Proposals& proposals) {
    const Numbers target = targetOf(input);
    const std::int64_t total = totalOf(input);
    if (target.size() > 1 && target.front() == -1) {
        const Numbers rest(target.begin() + 1, target.end());
        if (std::ranges::count(rest, std::int64_t{-1}) <= 1)
            propose(input, proposals, "drop-batch", rest,
                    "The first -1 stood for the batch, which target_shape does not name.");
    }
    for (std::size_t kept = 0; kept < target.size(); ++kept) {
        if (target[kept] != -1) continue;
        Numbers fixed = target;
        for (std::size_t index = 0; index < fixed.size(); ++index)
            if (index != kept && fixed[index] == -1) fixed[index] = 1;
        propose(input, proposals, "keep-" + std::to_string(kept + 1), fixed, "The other -1 becomes 1.");
    }
    if (total > 0) factorise(input, proposals, target, total);
    askWeightsBehind(input, proposals, target);
}

constexpr Rule kRules[] = {
    {diag::Code::ElementCountMismatch, describeReshape, proposeReshapes},
    {diag::Code::ReshapeNotDividing, describeReshape, proposeReshapes},
    {diag::Code::ReshapeTwoUnknown, describeTwoUnknown, proposeOneUnknown},
};

}  // namespace

std::span<const Rule> reshapeRules() { return kRules; }

}  // namespace shapewise::mistakes
