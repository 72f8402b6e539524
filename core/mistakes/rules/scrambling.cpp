// A Reshape whose target is a permutation of the sizes it gets. Nothing refuses it, and the picture is
// scrambled.

#include "core/mistakes/rules/scrambling.h"

#include "core/mistakes/repair/layer_repairs.h"

#include <algorithm>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Code;
using graph::Node;
using infer::Analysis;
using layers::Role;
using tensor::Dim;
using tensor::Shape;

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
    silent.refusal = {
        Code::ReshapeExchangesAxes, "target_shape", 0, {{"target", diag::Sample{analysis[node.id].output.shape}}}};
    found.push_back(std::move(silent));
}

/// The order of the axes of `before` in which their sizes are those of `after`; axes of size 1 that are left over stand
/// last.
Numbers orderOf(const std::vector<Dim>& before, const std::vector<Dim>& after) {
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
    return dims;
}

void describeScrambling(const Case& input, diag::Diagnostic& diagnostic) {
    const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
    if (!output) return;
    diag::setArgument(diagnostic.arguments,
                      {"order", numbersText(orderOf(sampleSizes(input.shape()), sampleSizes(output->shape)))});
    diagnostic.wanted.clear();
}

void proposeTransposition(const Case& input, Proposals& proposals) {
    const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
    if (!output) return;
    const std::vector<Dim> before = sampleSizes(input.shape());
    const std::vector<Dim> after = sampleSizes(output->shape);
    const Numbers dims = orderOf(before, after);
    std::vector<Dim> permuted;
    for (const std::int64_t dim : dims) permuted.push_back(before[static_cast<std::size_t>(dim - 1)]);
    Plan plan = input.plan();
    const std::string order = numbersText(dims);
    if (const layers::LayerType* permute = typeWith(Role::Permute, 0); permute && permuted == after) {
        plan.replace(input.node, *permute, {{"dims", Value::list(dims)}});
        proposals.add("use-permute", "Use Permute " + order + " instead",
                      "The axes change places and the values move with them.", std::move(plan));
        return;
    }
    plan.insert(*input.place, "Permute", {{"dims", Value::list(dims)}});
    proposals.add("insert-permute", "Insert Permute " + order + " before it",
                  "The values are in order then, and Reshape only adds or drops axes of size 1.", std::move(plan));
}

/// Two axes (from 0, the batch being 0) that stand in the other order afterwards; (-1, -1) when there are none.
std::pair<int, int> exchangedAxes(const Numbers& dims) {
    for (std::size_t a = 0; a < dims.size(); ++a)
        for (std::size_t b = dims.size(); b-- > a + 1;)
            if (dims[a] > dims[b]) return {static_cast<int>(dims[b]), static_cast<int>(dims[a])};
    return {-1, -1};
}

/// Bars across, a bright corner and a slope: each of them shows when rows are torn.
float patternAt(int row, int column, int rows, int columns) {
    const double y = static_cast<double>(row) / std::max(1, rows - 1);
    const double x = static_cast<double>(column) / std::max(1, columns - 1);
    const double ring = std::abs(std::hypot(x - 0.5, y - 0.5) - 0.33);
    const double slope = 0.45 * (1.0 - y);
    return static_cast<float>(ring < 0.09 ? 1.0 : slope);
}

std::pair<int, int> miniature(std::int64_t rows, std::int64_t columns) {
    constexpr double kMost = 24.0;
    const double scale = std::min(1.0, kMost / static_cast<double>(std::max(rows, columns)));
    const auto small = [&](std::int64_t size) {
        return std::max(2, static_cast<int>(std::lround(static_cast<double>(size) * scale)));
    };
    std::pair<int, int> sizes{small(rows), small(columns)};
    if (sizes.first == sizes.second && rows != columns) ++(rows > columns ? sizes.first : sizes.second);
    return sizes;
}

constexpr Rule kRules[] = {{Code::ReshapeExchangesAxes, describeScrambling, proposeTransposition}};
constexpr SilentRule kDetectors[] = {{isA<Role::Reshape>, detectScrambling}};

}  // namespace

std::optional<ScrambledPicture> scrambledPicture(const graph::Project& project, const Analysis& analysis,
                                                 const diag::Diagnostic& diagnostic) {
    const Node* node = project.graph.find(diagnostic.node);
    if (diagnostic.code != Code::ReshapeExchangesAxes || !node || node->inputs.empty()) return std::nullopt;
    const tensor::TensorType* input = typeAt(analysis, node->inputs.front());
    const tensor::TensorType* output = analysis[node->id].outputAt(0);
    if (!input || !output) return std::nullopt;
    const auto [first, second] = exchangedAxes(orderOf(sampleSizes(input->shape), sampleSizes(output->shape)));
    if (first < 1 || second >= input->shape.rank()) return std::nullopt;
    const auto [rows, columns] = miniature(input->shape[first].sizeOr(2), input->shape[second].sizeOr(2));
    const diag::Phrase firstName = diag::say("{} {}", diag::axisOf(input->shape, first), input->shape[first]);
    const diag::Phrase secondName = diag::say("{} {}", diag::axisOf(input->shape, second), input->shape[second]);
    ScrambledPicture picture;
    picture.before = {rows, columns, {}, firstName, secondName};
    picture.permuted = {columns, rows, std::vector<float>(static_cast<std::size_t>(rows * columns)), secondName,
                        firstName};
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const float value = patternAt(row, column, rows, columns);
            picture.before.values.push_back(value);
            picture.permuted.values[static_cast<std::size_t>(column) * static_cast<std::size_t>(rows) +
                                    static_cast<std::size_t>(row)] = value;
        }
    // The same numbers in the same order, cut into rows of another length.
    picture.reshaped = {columns, rows, picture.before.values, secondName, firstName};
    return picture;
}

std::span<const Rule> scramblingRules() { return kRules; }
std::span<const SilentRule> scramblingDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
