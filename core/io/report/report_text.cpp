#include "core/io/report/report_text.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/base/text_table.h"
#include "core/diag/renderer.h"
#include "core/exec/not_finite.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/catalog.h"
#include "core/session/inside_costs.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace {

using Align = TextTable::Align;
using diag::Diagnostic;
using diag::Renderer;
using diag::Severity;
using graph::Node;

constexpr std::string_view kUnknown = "-";
constexpr std::string_view kGuess = "≈ ";

/// Red and yellow for what is wrong, cyan for what can be learnt.
std::string coloured(std::string_view text, std::string_view code, Colour colour) {
    return colour == Colour::Off ? std::string(text) : fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string_view severityColour(Severity severity) {
    return severity == Severity::Error ? "1;31" : severity == Severity::Warning ? "1;33" : "1;36";
}

std::string nameOf(const graph::Graph& graph, NodeId id) {
    const Node* node = graph.find(id);
    return node != nullptr ? printable(node->name) : std::string();
}

void addField(std::string& text, std::string_view label, std::string_view value, Colour colour) {
    if (value.empty()) return;
    text += fmt::format("  {}  {}\n", coloured(fmt::format("{:<6}", label), "2", colour), printable(value));
}

void addFix(std::string& text, const diag::Fix& fix, std::size_t number, Colour colour, const Renderer& words) {
    text += fmt::format("  {}  {}. {}", coloured(fmt::format("{:<6}", number == 1 ? "repair" : ""), "2", colour),
                        number, printable(words.text(fix.title)));
    if (fix.outputShape) text += " → " + words.text(*fix.outputShape);
    if (fix.applicability != diag::Applicability::Sure) text += coloured(" (perhaps)", "2", colour);
    text += "\n";
    if (!fix.note.empty()) text += fmt::format("             {}\n", printable(words.text(fix.note)));
    text += coloured(fmt::format("             {}\n", printable(fix.id)), "2", colour);
}

std::string diagnosticText(const graph::Graph& graph, const Diagnostic& diagnostic, Colour colour,
                           const Renderer& words) {
    std::string place = nameOf(graph, diagnostic.node);
    if (const std::string from = nameOf(graph, diagnostic.from); !from.empty()) place = from + " → " + place;
    const std::string_view code = diag::row(diagnostic.code).name;
    std::string text = fmt::format(
        "{}  {}\n", coloured(diag::severityName(diagnostic.severity), severityColour(diagnostic.severity), colour),
        coloured(printable(words.text(diagnostic.title)), "1", colour));
    addField(text, "at", shortened(place, 100) + "  [" + std::string(code) + "]", colour);
    addField(text, "wanted", words.text(diagnostic.wanted), colour);
    addField(text, "got", words.text(diagnostic.got), colour);
    addField(text, "why", words.text(diagnostic.why), colour);
    if (const std::string sure = words.sureness(diagnostic); !sure.empty()) addField(text, "sure", sure, colour);
    for (std::size_t index = 0; index < diagnostic.fixes.size(); ++index)
        addFix(text, diagnostic.fixes[index], index + 1, colour, words);
    return text;
}

std::string shapesText(const infer::NodeAnalysis& result, const Renderer& words) {
    switch (result.state) {
        case infer::State::Conflict: return "conflict";
        case infer::State::Blocked: return "blocked";
        case infer::State::Unconnected: return "not connected";
        case infer::State::Unknown:
        case infer::State::Missing: return "unknown";
        case infer::State::Known: break;
    }
    std::string text;
    for (std::size_t port = 0; port < result.outputCount(); ++port) {
        const tensor::TensorType& type = *result.outputAt(port);
        text += (port == 0 ? "" : ", ") + std::string(type.guessed ? kGuess : "") + words.text(type.shape);
    }
    return text;
}

std::string countOr(const std::optional<std::int64_t>& count) {
    return count ? withThousands(*count) : std::string(kUnknown);
}

std::string bytesOr(const std::optional<std::int64_t>& bytes) {
    return bytes ? humanBytes(*bytes) : std::string(kUnknown);
}

/// A sum that leaves gaps is a lower bound; where nothing is in it, it is not known.
std::string totalText(std::string text, std::int64_t total, bool isWhole) {
    if (isWhole) return text;
    return total == 0 ? "unknown" : "at least " + text;
}

std::string timeText(std::chrono::nanoseconds time) {
    const double ms = static_cast<double>(time.count()) / 1e6;
    return ms >= 1000.0 ? fmt::format("{:.2f} s", ms / 1000.0) : fmt::format("{:.2f} ms", ms);
}

std::vector<NodeId> inOrder(const graph::Graph& graph) {
    graph::TopologicalOrder order = graph::topologicalOrder(graph);
    order.nodes.insert(order.nodes.end(), order.inLoops.begin(), order.inLoops.end());
    return order.nodes;
}

}  // namespace

std::string countText(const std::vector<Diagnostic>& diagnostics) {
    std::vector<std::string> parts;
    for (const auto& [severity, one, many] :
         {std::tuple(Severity::Error, "error", "errors"), std::tuple(Severity::Warning, "warning", "warnings"),
          std::tuple(Severity::Hint, "hint", "hints")}) {
        const auto count = std::count_if(diagnostics.begin(), diagnostics.end(),
                                         [wanted = severity](const Diagnostic& d) { return d.severity == wanted; });
        if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
    }
    return parts.empty() ? "no problems" : join(parts, ", ");
}

std::string diagnosticsText(const graph::Project& project, const std::vector<Diagnostic>& diagnostics, Colour colour,
                            const Renderer& words) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics)
        text += (text.empty() ? "" : "\n") + diagnosticText(project.graph, diagnostic, colour, words);
    return text;
}

namespace {

/// A row for each node; those inside a nested model follow it, set in.
void addSummaryRows(TextTable& table, const graph::Project& project, const infer::Analysis& analysis,
                    const infer::Costs& costs, std::size_t depth, const Renderer& words) {
    for (const NodeId id : inOrder(project.graph)) {
        const Node& node = *project.graph.find(id);
        const infer::NodeCost& cost = costs.nodes[id.value];
        const std::optional<std::int64_t> parameters =
            cost.parameters ? std::optional(cost.parameters->total) : std::nullopt;
        table.add({std::string(2 * depth, ' ') + node.name, fileClassName(node), shapesText(analysis[id], words),
                   countOr(parameters), countOr(cost.multiplyAdds), bytesOr(cost.activationBytes), cost.field.text()});
        if (const std::optional<session::InsideCosts> inside = session::insideCosts(project, analysis, costs, node))
            addSummaryRows(table, inside->group.project, inside->group.analysis, inside->costs, depth + 1, words);
    }
}

}  // namespace

std::string summaryText(const graph::Project& project, const infer::Analysis& analysis, const Renderer& words) {
    const infer::Costs costs = infer::costsOf(project.graph, analysis);
    TextTable table({{"Layer"},
                     {"Type"},
                     {"Output shape"},
                     {"Parameters", Align::Right},
                     {"Multiply-adds", Align::Right},
                     {"Memory", Align::Right},
                     {"Receptive field"}});
    addSummaryRows(table, project, analysis, costs, 0, words);
    table.addRule();
    const std::int64_t parameters = costs.parameters.total;
    const auto count = [](std::int64_t number, bool isWhole) {
        return totalText(withThousands(number), number, isWhole);
    };
    const std::string multiplyAdds = count(costs.multiplyAdds, costs.knowsMultiplyAdds);
    const std::string bytes =
        totalText(humanBytes(costs.activationBytes), costs.activationBytes, costs.knowsActivationBytes);
    const auto forOneSample = [](const std::string& amount) {
        return amount == "unknown" ? amount : amount + " for one sample";
    };
    table.add({"Total", "", "", count(parameters, costs.knowsParameters), multiplyAdds, bytes, ""});
    std::string text = table.text();
    text += fmt::format("\nParameters        {}", count(parameters, costs.knowsParameters));
    text += parameters == 0 && !costs.knowsParameters
                ? "\n"
                : fmt::format(" ({})\n", humanBytes(saturatingMultiply(parameters, sizeof(float))));
    text += fmt::format("  trainable       {}\n", count(costs.parameters.trainable, costs.knowsParameters));
    text +=
        fmt::format("  not trainable   {}\n", count(parameters - costs.parameters.trainable, costs.knowsParameters));
    text += fmt::format("Multiply-adds     {}\n", forOneSample(multiplyAdds));
    text += fmt::format("Activations       {}\n", forOneSample(bytes));
    if (!costs.isComplete()) text += "Totals leave out what is not known.\n";
    if (costs.isGuessed) text += "≈ is a guess: a layer that nobody knows stands before it.\n";
    return text;
}

std::string explanationText(const graph::Project& project, const infer::Analysis& analysis, NodeId id,
                            const Renderer& words) {
    const Node& node = *project.graph.find(id);
    const infer::NodeAnalysis& result = analysis[id];
    const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(node);
    std::string text = fmt::format("{}  {}  {}\n", printable(node.name), printable(fileClassName(node)),
                                   printable(layers::tellingText(layers::Params(node))));
    for (std::size_t index = 0; index < inputs.size(); ++index) {
        text += fmt::format("  input   {}", nameOf(project.graph, node.inputs[index].from));
        text += inputs[index] != nullptr ? fmt::format("  {} = {}\n", words.text(inputs[index]->shape),
                                                       words.text(diag::AxisNames{inputs[index]->shape}))
                                         : "  unknown\n";
    }
    text += fmt::format("  output  {}", shapesText(result, words));
    if (result.isKnown()) text += " = " + words.text(diag::AxisNames{result.output.shape});
    text += "\n";
    const bool hasInputs =
        std::none_of(inputs.begin(), inputs.end(), [](const auto* input) { return input == nullptr; });
    if (hasInputs) {
        TextTable table({{"Quantity"}, {"How it comes about", Align::Left, 120}, {"Note", Align::Left, 120}});
        for (const layers::ExplanationLine& line : layers::explainLayer(node, inputs))
            table.add({words.text(line.quantity), words.text(line.arithmetic), words.text(line.note)});
        if (const std::string lines = table.text(); !lines.empty()) text += "\n" + lines;
    }
    if (hasInputs && result.isKnown() && node.type->weights != nullptr) {
        TextTable table({{"Weight"}, {"Shape"}, {"Trainable"}});
        for (const layers::WeightSpec& weight : layers::weightsOf(node, inputs))
            table.add(
                {weight.layer.empty() ? std::string(weight.name) : fmt::format("{}/{}", weight.layer, weight.name),
                 tensor::extentsText(weight.extents), weight.trainable ? "yes" : "no"});
        if (const std::string lines = table.text(); !lines.empty()) text += "\n" + lines;
    }
    const infer::NodeCost cost = infer::costsOf(project.graph, analysis).nodes[id.value];
    if (result.isKnown() && result.output.guessed)
        text += "\nThe shape is a guess: a layer nobody knows stands before it.\n";
    text += fmt::format("\nParameters       {}\n", cost.parameters ? withThousands(cost.parameters->total) : kUnknown);
    text += fmt::format("Multiply-adds    {} for one sample\n", countOr(cost.multiplyAdds));
    text += fmt::format("Memory           {} for one sample\n", bytesOr(cost.activationBytes));
    text += fmt::format("Receptive field  {}\n", cost.field.text());
    return text;
}

std::string layersText() {
    TextTable table({{"Layer"}, {"Category"}, {"Summary", Align::Left, 80}});
    for (const layers::LayerType* type : layers::allLayers())
        table.add({std::string(type->className), std::string(layers::categoryTitle(type->category)),
                   std::string(type->summary)});
    return table.text();
}

std::string runText(const graph::Project& project, const exec::RunReport& report, const OutputFiles& files) {
    TextTable table({{"Layer"}, {"Output shape"}, {"Time", Align::Right}, {"File"}, {"Remark", Align::Left, 160}});
    for (const NodeId id : inOrder(project.graph)) {
        const auto found = report.nodes.find(id);
        if (found == report.nodes.end()) continue;
        const exec::NodeRun& run = found->second;
        const std::string name = project.graph.find(id)->name;
        const std::string remark = run.problem.empty() ? exec::remarkOf(run) : run.problem;
        if (run.outputs.empty()) table.add({name, "-", "-", "-", remark});
        for (std::size_t port = 0; port < run.outputs.size(); ++port)
            table.add({name, tensor::extentsText(run.outputs[port]->extents()), timeText(run.duration),
                       files.at(id)[port], remark});
    }
    std::vector<std::string> starts;
    for (const NodeId id : exec::notFiniteStarts(report, inOrder(project.graph)))
        starts.push_back(fmt::format("'{}'", printable(project.graph.find(id)->name)));
    const std::string strange =
        starts.empty() ? "" : fmt::format("\nNaN or infinite values first appear at {}\n", join(starts, ", "));
    return table.text() + strange +
           fmt::format("\n{} of {} nodes have outputs, {}\n",
                       std::count_if(report.nodes.begin(), report.nodes.end(),
                                     [](const auto& entry) { return !entry.second.outputs.empty(); }),
                       report.nodes.size(), timeText(report.duration));
}

}  // namespace shapewise::io
