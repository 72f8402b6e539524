#include "core/mistakes/rules/wrapped_layer.h"

#include "core/layers/framework/catalog.h"
#include "core/mistakes/diagnose.h"
#include "core/mistakes/rules/readings.h"

namespace shapewise::mistakes {
namespace {

using diag::setArgument;

constexpr NodeId kInput(0);
constexpr NodeId kLayer(1);

/// What the inner layer gets: of TimeDistributed one step, of Bidirectional all.
Value innerShape(const Case& input) {
    const tensor::Shape& shape = input.inputAt(0)->shape;
    ValueList sizes;
    for (int axis = 0; axis < shape.rank(); ++axis) {
        if (axis == 1 && input.type.role == layers::Role::Wrapper) continue;
        sizes.push_back(shape[axis].isKnown() ? Value(shape[axis].size()) : Value());
    }
    return Value(std::move(sizes));
}

/// Null when there is nothing to look at.
std::optional<graph::Project> innerAlone(const Case& input) {
    const InnerLayer inner = innerLayerOf(input.node);
    if (!inner.type || inner.type->inputs.empty() || !input.inputAt(0) || inner.type->holdsModel) return std::nullopt;
    graph::Project project;
    const auto source = layers::makeNode(*layers::findLayer("InputLayer"), kInput, "input");
    source->set("batch_shape", innerShape(input));
    const auto layer = layers::makeNode(*inner.type, kLayer, layers::automaticName(*inner.type));
    for (const auto& [key, value] : innerSettings(inner)) layer->set(key, value);
    layer->inputs.push_back(graph::Link{kInput, 0, 0});
    project.graph.put(source);
    project.graph.put(layer);
    return project;
}

std::optional<diag::Diagnostic> problemOf(const graph::Project& project, bool withFixes) {
    Options options;
    options.withFixes = withFixes;
    for (diag::Diagnostic& problem : diagnose(project, infer::Analysis::of(project.graph), options))
        if (problem.node == kLayer && problem.severity == diag::Severity::Error) return std::move(problem);
    return std::nullopt;
}

/// Numbers of axes besides the batch, the nearest to that of a rank first.
std::vector<std::size_t> nearestRanks(int rank) {
    std::vector<std::size_t> axes;
    for (int distance = 0; distance < tensor::kMaximumRank; ++distance)
        for (const int near : {rank - distance, rank + distance})
            if (near > 1 && near < tensor::kMaximumRank && (near == rank - distance || distance > 0))
                axes.push_back(static_cast<std::size_t>(near - 1));
    return axes;
}

/// The `layer` value after an edit of the inner layer alone; nullopt when the edit needs other layers.
std::optional<Value> layerAfter(const Value& layer, const edit::Edit& edit) {
    Value changed = layer;
    for (const edit::Step& step : edit.steps) {
        if (const auto* set = std::get_if<edit::SetParameter>(&step); set && set->node == kLayer && set->value) {
            changed = withInnerSetting(changed, set->key, *set->value);
        } else if (const auto* replace = std::get_if<edit::ReplaceNode>(&step)) {
            changed = layerValue(*replace->node, *replace->node->type);
        } else {
            return std::nullopt;
        }
    }
    return changed;
}

}  // namespace

void describeWrapped(const Case& input, diag::Diagnostic& diagnostic) {
    const std::optional<graph::Project> project = innerAlone(input);
    const std::optional<diag::Diagnostic> problem = project ? problemOf(*project, false) : std::nullopt;
    if (!problem) return;
    setArgument(diagnostic.arguments, {"inner", diag::say(": {}", problem->title)});
    setArgument(diagnostic.arguments, {"reason", problem->why});
}

void proposeWrapped(const Case& input, Proposals& proposals) {
    const std::optional<graph::Project> project = innerAlone(input);
    const std::optional<diag::Diagnostic> problem = project ? problemOf(*project, true) : std::nullopt;
    if (!problem) return;
    if (input.input) proposeFittingReadings(input, proposals, nearestRanks(input.shape().rank()), true);
    const Value& layer = valueOf(input.node, "layer");
    for (const diag::Fix& fix : problem->fixes) {
        std::optional<Value> changed = layerAfter(layer, fix.edit);
        if (!changed) continue;
        Plan plan = input.plan();
        plan.set(input.node.id, "layer", std::move(*changed));
        proposals.add("inner-" + fix.id.substr(fix.id.rfind('/') + 1),
                      diag::say("{} in {}", fix.title, innerLayerOf(input.node).type->className), fix.note,
                      std::move(plan), fix.applicability);
    }
}

}  // namespace shapewise::mistakes
