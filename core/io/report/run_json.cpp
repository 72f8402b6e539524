#include "core/io/report/run_json.h"

#include "core/exec/not_finite.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/catalog.h"
#include "core/session/inside_costs.h"

#include <algorithm>

namespace shapewise::io {

namespace {

using graph::Node;

Value textOrNone(const std::string& text) { return text.empty() ? Value() : Value(text); }

/// None where the samples have no names.
Value namesValue(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    ValueList list;
    for (const std::string& name : names) list.push_back(name);
    return list;
}

double milliseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

template <class Number>
Value numberOrNone(const std::optional<Number>& number) {
    return number ? Value(*number) : Value();
}

Value shapeValue(const tensor::Shape& shape) {
    ValueList sizes;
    for (const tensor::Dim size : shape.sizes()) sizes.push_back(size.isKnown() ? Value(size.size()) : Value());
    return sizes;
}

Value shapesValue(const infer::NodeAnalysis& result) {
    if (!result.isKnown()) return Value(ValueList{Value()});
    ValueList shapes;
    for (std::size_t port = 0; port < result.outputCount(); ++port)
        shapes.push_back(shapeValue(result.outputAt(port)->shape));
    return shapes;
}

std::vector<NodeId> inOrder(const graph::Graph& graph) {
    graph::TopologicalOrder order = graph::topologicalOrder(graph);
    order.nodes.insert(order.nodes.end(), order.inLoops.begin(), order.inLoops.end());
    return order.nodes;
}

Value fieldValue(const infer::ReceptiveField& field) {
    if (field.wholeInput) return "all";
    if (!field.isKnown) return {};
    const auto list = [&](const std::array<std::int64_t, 3>& values) {
        return Value::list(std::vector<std::int64_t>(values.begin(), values.begin() + std::max(field.axes, 1)));
    };
    return ValueDict{{"size", list(field.size)}, {"stride", list(field.stride)}, {"offset", list(field.offset)}};
}

std::string_view kindName(layers::ParamKind kind) {
    switch (kind) {
        case layers::ParamKind::Integer: return "integer";
        case layers::ParamKind::Real: return "real";
        case layers::ParamKind::Boolean: return "boolean";
        case layers::ParamKind::Choice: return "choice";
        case layers::ParamKind::Text: return "text";
        case layers::ParamKind::Spatial: return "integer for each axis";
        case layers::ParamKind::IntegerList: return "list of integers";
        case layers::ParamKind::Sizes: return "list of sizes";
        case layers::ParamKind::Padding: return "padding";
        case layers::ParamKind::Activation: return "activation";
        case layers::ParamKind::Window: return "window";
        case layers::ParamKind::FilePath: return "file";
        case layers::ParamKind::Layer: return "layer";
        case layers::ParamKind::Any: return "any";
    }
    return "any";
}

Value paramValue(const layers::ParamSpec& param) {
    ValueList choices;
    for (const std::string_view choice : param.choices) choices.push_back(choice);
    return ValueDict{{"key", param.key},           {"kind", kindName(param.kind)}, {"default", param.fallback},
                     {"required", param.required}, {"choices", choices},           {"unit", param.unit},
                     {"help", param.help}};
}

Value layerValue(const layers::LayerType& type) {
    ValueList params;
    for (const layers::ParamSpec& param : type.params) params.push_back(paramValue(param));
    ValueList inputs;
    for (const layers::PortSpec& port : type.inputs)
        inputs.push_back(ValueDict{{"name", port.name},
                                   {"optional", port.optional},
                                   {"many", port.many},
                                   {"axes", diag::Renderer::standard().text(port.axes)}});
    ValueList outputs;
    for (const std::string_view port : type.outputs) outputs.push_back(port);
    return ValueDict{{"class_name", type.className}, {"category", layers::categoryTitle(type.category)},
                     {"summary", type.summary},      {"inputs", inputs},
                     {"outputs", outputs},           {"parameters", params}};
}

}  // namespace

std::string runJson(const graph::Project& project, const exec::RunReport& report, const OutputFiles& files) {
    ValueList nodes;
    for (const NodeId id : inOrder(project.graph)) {
        const auto found = report.nodes.find(id);
        if (found == report.nodes.end()) continue;
        const exec::NodeRun& run = found->second;
        const Node& node = *project.graph.find(id);
        ValueList outputs;
        for (std::size_t port = 0; port < run.outputs.size(); ++port)
            outputs.push_back(
                ValueDict{{"shape", Value::list(run.outputs[port]->extents())}, {"file", files.at(id)[port]}});
        nodes.push_back(ValueDict{{"name", node.name},
                                  {"type", fileClassName(node)},
                                  {"outputs", outputs},
                                  {"milliseconds", milliseconds(run.duration)},
                                  {"problem", textOrNone(run.problem)},
                                  {"note", textOrNone(exec::remarkOf(run))},
                                  {"nan", run.notFinite.notANumber},
                                  {"infinite", run.notFinite.infinite},
                                  {"not_finite_starts_here", run.notFinite.startsHere},
                                  {"samples", namesValue(run.sampleNames)}});
    }
    ValueList starts;
    for (const NodeId id : exec::notFiniteStarts(report, inOrder(project.graph)))
        starts.push_back(project.graph.find(id)->name);
    return jsonLines(ValueDict{{"nodes", nodes},
                               {"not_finite_starts", starts},
                               {"milliseconds", milliseconds(report.duration)},
                               {"planned_bytes", static_cast<std::int64_t>(report.plannedBytes)}});
}

namespace {

/// One entry for each node; a nested model holds those of its layers as "layers".
ValueList summaryNodes(const graph::Project& project, const infer::Analysis& analysis, const infer::Costs& costs) {
    ValueList nodes;
    for (const NodeId id : inOrder(project.graph)) {
        const Node& node = *project.graph.find(id);
        const infer::NodeCost& cost = costs.nodes[id.value];
        const Value total = cost.parameters ? Value(cost.parameters->total) : Value();
        const Value trainable = cost.parameters ? Value(cost.parameters->trainable) : Value();
        ValueDict entry{{"name", node.name},
                        {"type", fileClassName(node)},
                        {"output_shapes", shapesValue(analysis[id])},
                        {"parameters", total},
                        {"trainable", trainable},
                        {"multiply_adds", numberOrNone(cost.multiplyAdds)},
                        {"bytes", numberOrNone(cost.activationBytes)},
                        {"receptive_field", fieldValue(cost.field)}};
        if (cost.isGuessed) entry.emplace_back("guessed", true);
        if (const std::optional<session::InsideCosts> inside = session::insideCosts(project, analysis, costs, node))
            entry.emplace_back("layers", summaryNodes(inside->group.project, inside->group.analysis, inside->costs));
        nodes.emplace_back(std::move(entry));
    }
    return nodes;
}

/// A sum that leaves something out is none.
Value sumOrNone(std::int64_t sum, bool isWhole) { return isWhole ? Value(sum) : Value(); }

}  // namespace

std::string summaryJson(const graph::Project& project, const infer::Analysis& analysis) {
    const infer::Costs costs = infer::costsOf(project.graph, analysis);
    return jsonLines(ValueDict{{"nodes", summaryNodes(project, analysis, costs)},
                               {"parameters", sumOrNone(costs.parameters.total, costs.knowsParameters)},
                               {"trainable", sumOrNone(costs.parameters.trainable, costs.knowsParameters)},
                               {"multiply_adds", sumOrNone(costs.multiplyAdds, costs.knowsMultiplyAdds)},
                               {"bytes", sumOrNone(costs.activationBytes, costs.knowsActivationBytes)},
                               {"at_least", ValueDict{{"parameters", costs.parameters.total},
                                                      {"trainable", costs.parameters.trainable},
                                                      {"multiply_adds", costs.multiplyAdds},
                                                      {"bytes", costs.activationBytes}}},
                               {"complete", costs.isComplete()},
                               {"guessed", costs.isGuessed}});
}

std::string explanationJson(const graph::Project& project, const infer::Analysis& analysis, NodeId id,
                            const diag::Renderer& words) {
    const Node& node = *project.graph.find(id);
    const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(node);
    ValueList lines;
    if (std::none_of(inputs.begin(), inputs.end(), [](const auto* input) { return input == nullptr; }))
        for (const layers::ExplanationLine& line : layers::explainLayer(node, inputs))
            lines.push_back(ValueDict{{"quantity", words.text(line.quantity)},
                                      {"arithmetic", words.text(line.arithmetic)},
                                      {"note", textOrNone(words.text(line.note))}});
    return jsonLines(ValueDict{{"node", node.name},
                               {"type", fileClassName(node)},
                               {"lines", lines},
                               {"output_shapes", shapesValue(analysis[id])}});
}

std::string layersJson() {
    ValueList types;
    for (const layers::LayerType* type : layers::allLayers()) types.push_back(layerValue(*type));
    return jsonLines(types);
}

std::string errorJson(const Error& error) {
    return jsonLines(ValueDict{{"error", ValueDict{{"message", error.message},
                                                   {"advice", textOrNone(error.advice)},
                                                   {"where", textOrNone(error.where)}}}});
}

}  // namespace shapewise::io
