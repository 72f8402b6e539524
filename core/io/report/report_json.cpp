#include "core/io/report/report_json.h"

#include "core/graph/topology.h"
#include "core/infer/cost.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/guess.h"

namespace shapewise::io {

namespace {

Value shapeValue(const tensor::Shape& shape) {
    ValueList sizes;
    for (const tensor::Dim size : shape.sizes()) sizes.push_back(size.isKnown() ? Value(size.size()) : Value());
    return Value(std::move(sizes));
}

Value nameOf(const graph::Graph& graph, NodeId id) {
    const graph::Node* node = graph.find(id);
    return node != nullptr ? Value(node->name) : Value();
}

Value parametersOf(const graph::Node& node, const infer::Analysis& analysis) {
    if (node.sharesLayerOf.isValid()) return Value(0);
    const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(node);
    const std::optional<layers::ParameterCount> count = layers::parameterCount(node, inputs);
    return count ? Value(count->total) : Value();
}

bool isGuess(const graph::Node& node, const infer::NodeAnalysis& result) {
    bool guessed = result.state == infer::State::Unknown || layers::holdsUnknownLayer(node);
    for (std::size_t port = 0; port < result.outputCount(); ++port) guessed = guessed || result.outputAt(port)->guessed;
    return guessed;
}

Value nodeValue(const graph::Node& node, const infer::Analysis& analysis) {
    const infer::NodeAnalysis& result = analysis[node.id];
    ValueList shapes;  // one null stands for the output of a node whose shapes are not known
    if (!node.type->outputs.empty() && !result.isKnown()) shapes.emplace_back();
    if (!node.type->outputs.empty())
        for (std::size_t port = 0; port < result.outputCount(); ++port)
            shapes.push_back(shapeValue(result.outputAt(port)->shape));
    ValueDict entry{{"name", node.name},
                    {"type", fileClassName(node)},
                    {"output_shapes", Value(std::move(shapes))},
                    {"parameters", parametersOf(node, analysis)}};
    if (isGuess(node, result)) entry.emplace_back("guessed", true);
    return entry;
}

std::string_view severityText(diag::Severity severity) {
    switch (severity) {
        case diag::Severity::Error: return "error";
        case diag::Severity::Warning: return "warning";
        case diag::Severity::Hint: break;
    }
    return "hint";
}

Value diagnosticValue(const diag::Diagnostic& diagnostic, const graph::Graph& graph, const diag::Renderer& words) {
    ValueList fixes;
    for (const diag::Fix& fix : diagnostic.fixes)
        fixes.emplace_back(ValueDict{{"id", fix.id},
                                     {"title", words.text(fix.title)},
                                     {"output_shape", fix.outputShape ? shapeValue(*fix.outputShape) : Value()}});
    return ValueDict{{"severity", severityText(diagnostic.severity)}, {"code", diag::row(diagnostic.code).name},
                     {"node", nameOf(graph, diagnostic.node)},        {"from", nameOf(graph, diagnostic.from)},
                     {"message", words.message(diagnostic)},          {"fixes", std::move(fixes)}};
}

/// The dialect of the Keras file; None for what was read from no such file.
Value dialectValue(const graph::Project& project) {
    const std::optional<ReadDialect> read = readDialect(project);
    if (!read) return {};
    const layers::DialectRow& row = layers::dialectRow(read->dialect);
    return ValueDict{{"id", row.id},
                     {"title", row.title},
                     {"keras_version", read->version.empty() ? Value() : Value(read->version)},
                     {"guessed", !read->guess.empty()},
                     {"reason", read->guess.empty() ? Value() : Value(read->guess)}};
}

}  // namespace

std::string checkReportJson(const graph::Project& project, const infer::Analysis& analysis,
                            const std::vector<diag::Diagnostic>& diagnostics, const diag::Renderer& words) {
    const graph::TopologicalOrder order = graph::topologicalOrder(project.graph);
    ValueList nodes;
    for (const auto* ids : {&order.nodes, &order.inLoops})
        for (const NodeId id : *ids) {
            const graph::Node& node = *project.graph.find(id);
            if (!node.type->isRemark()) nodes.push_back(nodeValue(node, analysis));
        }
    ValueList found;
    for (const diag::Diagnostic& diagnostic : diagnostics)
        found.push_back(diagnosticValue(diagnostic, project.graph, words));
    const infer::Costs costs = infer::costsOf(project.graph, analysis);
    return jsonLines(ValueDict{{"dialect", dialectValue(project)},
                               {"nodes", std::move(nodes)},
                               {"diagnostics", std::move(found)},
                               {"complete", costs.isComplete()},
                               {"guessed", costs.isGuessed}});
}

}  // namespace shapewise::io
