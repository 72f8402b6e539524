// Weights made for other inputs: loaded ones, and those a file declares by the input shape a layer was built for.

#include "core/mistakes/rules/weights.h"

#include "core/base/amount.h"
#include "core/mistakes/read/describe.h"
#include "core/mistakes/rules/channel.h"
#include "core/mistakes/rules/readings.h"

#include <algorithm>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using graph::Node;
using layers::Role;
using tensor::Dim;
using tensor::Extents;

/// Arrays of a file may have more axes than a tensor.
diag::Phrase shapeOf(const Extents& extents) {
    if (extents.size() > static_cast<std::size_t>(tensor::kMaximumRank)) return tensor::extentsText(extents);
    return tensor::Shape(std::span<const std::int64_t>(extents));
}

struct Difference {
    layers::WeightSpec wanted;
    Extents made;
};

/// Another rank is said by the layer itself, or the weights do not depend on it.
bool isBuiltForRank(const infer::Analysis& analysis, const Node& node) {
    const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(node);
    return node.builtFor && node.builtFor->isList() && inputs.size() == 1 && inputs[0] &&
           node.builtFor->asList().size() == static_cast<std::size_t>(inputs[0]->shape.rank());
}

std::optional<Difference> differenceOf(const infer::Analysis& analysis, const Node& node) {
    if (!node.type->weights || !analysis[node.id].isKnown()) return std::nullopt;
    if (!node.weights && !isBuiltForRank(analysis, node)) return std::nullopt;
    const std::vector<Extents> made = madeFor(analysis, node);
    if (made.empty()) return std::nullopt;
    const std::vector<layers::WeightSpec> specs = layers::weightsOf(node, analysis.inputTypes(node));
    for (std::size_t index = 0; index < std::min(specs.size(), made.size()); ++index)
        if (specs[index].extents != made[index] && !made[index].empty()) return Difference{specs[index], made[index]};
    return std::nullopt;
}

/// The input shape the sizes were fixed for, in which the first and the second axis of a map are scaled alike.
void restoreSourceSize(const Case& input, Proposals& proposals, std::int64_t needed, std::int64_t given) {
    const Node* source = sourceOf(input.graph(), *input.link);
    const tensor::TensorType* output = source ? input.analysis[source->id].outputAt(0) : nullptr;
    if (!output || output->shape.rank() < 3 || output->shape.rank() > 4 || given < 1) return;
    Sizes sizes = sampleSizes(output->shape);
    const std::size_t axes = sizes.size() - 1;
    const double factor =
        std::pow(static_cast<double>(needed) / static_cast<double>(given), 1.0 / static_cast<double>(axes));
    const auto near = [&](std::int64_t offset) {
        Sizes scaled = sizes;
        for (std::size_t index = 0; index < axes; ++index) {
            const double size = static_cast<double>(sizes[index].sizeOr(1)) * factor;
            scaled[index] = Dim(std::max(Amount(1), Amount::rounded(size) + offset).value());
        }
        return scaled;
    };
    int number = 0;
    for (const std::int64_t offset : {0, 1, -1, 2, -2})
        proposeSourceShape(input, proposals, *source, near(offset), "The size the weights were made for.",
                           Applicability::Maybe,
                           number++ == 0 ? "source-shape" : "source-shape-" + std::to_string(number));
}

void proposeWeights(const Case& input, Proposals& proposals) {
    const std::int64_t needed = numberArgument(input.refusal, "needed", 0);
    const std::int64_t given = numberArgument(input.refusal, "got", 0);
    if (needed > 0 && input.input && input.link) {
        const bool isFlat = throughIdentities(input.graph(), *input.link, [](const Node& node) {
                                return node.type->effects.space == layers::AxisEffect::Joins;
                            }) != nullptr;
        if (isFlat) {
            poolInstead(input, proposals, true);
            restoreSourceSize(input, proposals, needed, given);
        } else {
            std::vector<std::size_t> axes;
            for (int rank = input.shape().rank(); rank > 1; --rank) axes.push_back(static_cast<std::size_t>(rank - 1));
            proposeFittingReadings(input, proposals, axes, false);
            proposeChannels(input, proposals);
        }
    }
    Plan plan = input.plan();
    plan.add(edit::SetWeights{input.node.id, nullptr});
    const bool isLoaded = input.node.weights != nullptr;
    proposals.add("forget-weights",
                  (isLoaded ? "Forget the loaded weights of " : "Make the weights of ") + labelOf(input.node) +
                      (isLoaded ? "" : " new for this input"),
                  "The layer is made new for this input and must be trained again.", std::move(plan),
                  Applicability::Maybe);
}

void describeWeights(const Case& input, diag::Diagnostic& diagnostic) {
    if (const Value* builtFor = input.node.builtFor.get(); builtFor && !input.node.weights) {
        Sizes sizes;
        for (const Value& size : builtFor->asList())
            sizes.push_back(size.isInteger() && size.asInteger() >= 0 ? Dim(size.asInteger()) : Dim());
        diagnostic.wanted =
            diag::say("{}, for which the file says it was built", tensor::Shape(std::span<const Dim>(sizes)));
    }
    if (input.input) nameSizeRoot(input, diagnostic, isChannelsFirst(input.node) ? 1 : input.shape().rank() - 1);
}

constexpr Rule kRules[] = {{diag::Code::WeightsMismatch, describeWeights, proposeWeights}};

}  // namespace

bool contradictsBuild(const infer::Analysis& analysis, const Node& node) {
    const bool isRefused = analysis[node.id].state == infer::State::Conflict;
    return isRefused ? !isBuiltForRank(analysis, node) && !madeFor(analysis, node).empty()
                     : differenceOf(analysis, node).has_value();
}

std::span<const Rule> weightRules() { return kRules; }

void detectWeightsMismatch(const graph::Project&, const infer::Analysis& analysis, const Node& node,
                           std::vector<Silent>& found) {
    const std::optional<Difference> difference = differenceOf(analysis, node);
    if (!difference) return;
    const Extents& wanted = difference->wanted.extents;
    const Extents& made = difference->made;
    std::size_t axis = 0;
    while (axis + 1 < std::min(wanted.size(), made.size()) && wanted[axis] == made[axis]) ++axis;
    const bool isOfChannels = wanted.size() == 1 && node.type->role == Role::Normalization;
    const bool isInputAxis = wanted.size() == made.size() && (axis + 2 == wanted.size() || isOfChannels);
    Silent silent;
    silent.severity = diag::Severity::Error;
    silent.refusal = {diag::Code::WeightsMismatch, {}, node.inputs.empty() ? -1 : 0, {}};
    diag::Arguments& arguments = silent.refusal.arguments;
    if (isInputAxis) {
        arguments.push_back({"needed", made[axis]});
        arguments.push_back({"got", wanted[axis]});
    }
    const tensor::TensorType* input = node.inputs.empty() ? nullptr : typeAt(analysis, node.inputs.front());
    const bool isMap = input && input->shape.rank() > 2;
    const diag::Phrase madeShape = shapeOf(made);
    const diag::Phrase wantedShape = shapeOf(wanted);
    const bool isOne = isInputAxis && made[axis] == 1;
    arguments.push_back({"expected", !isInputAxis ? madeShape
                                     : isOne      ? diag::Phrase(isMap ? "1 channel" : "1 feature")
                                     : isMap      ? diag::say("{} channels", made[axis])
                                                  : diag::say("{} features", made[axis])});
    arguments.push_back({"given", isInputAxis ? diag::say("{}", wanted[axis]) : wantedShape});
    const std::string weight(difference->wanted.name);
    const bool isPlural = weight.ends_with('s') && !weight.ends_with("bias");
    arguments.push_back({"weight", isPlural ? "weight " + weight : weight});
    arguments.push_back({"loaded", madeShape});
    arguments.push_back({"needed_shape", wantedShape});
    found.push_back(std::move(silent));
}

}  // namespace shapewise::mistakes
