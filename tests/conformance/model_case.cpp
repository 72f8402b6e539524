#include "tests/conformance/model_case.h"

#include "core/exec/run.h"
#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "tests/conformance/compare.h"
#include "tests/conformance/record.h"

#include <fmt/format.h>
#include <fstream>
#include <map>

namespace shapewise::conformance {

namespace {

using graph::Node;

Json readJson(const std::filesystem::path& path) {
    std::ifstream stream(path);
    return Json::parse(stream);
}

/// The `call`-th use of a layer: the node of that name, or one that shares its layer.
const Node* nodeOf(const graph::Graph& graph, const std::string& layer, std::int64_t call) {
    const Node* owner = graph.findByName(layer);
    if (owner == nullptr || call == 0) return owner;
    const Node* found = nullptr;
    graph.forEach([&](const Node& node) {
        if (node.sharesLayerOf == owner->id && --call == 0) found = &node;
    });
    return found;
}

Outcome checkLayers(const Json& expected, const graph::Graph& graph) {
    const infer::Analysis analysis = infer::Analysis::of(graph);
    std::int64_t total = 0;
    std::int64_t trainable = 0;
    for (const Json& entry : expected.at("layer_shapes")) {
        const std::string layer = entry.at("layer").get<std::string>();
        const Node* node = nodeOf(graph, layer, entry.value("node", std::int64_t{0}));
        if (node == nullptr) return Outcome::failed("layers", layer, "no such node");
        const tensor::Shape shape = shapeFromJson(entry.at("output_shape"));
        const tensor::TensorType* output = analysis[node->id].outputAt(0);
        if (output == nullptr) return Outcome::failed("output shape of " + layer, shape.text(), "a conflict");
        if (!sameShape(shape, output->shape))
            return Outcome::failed("output shape of " + layer, shape.text(), output->shape.text());
        layers::ParameterCount count;
        if (!node->sharesLayerOf.isValid())
            count = layers::parameterCount(*node, analysis.inputTypes(*node)).value_or(layers::ParameterCount{-1, -1});
        const std::int64_t parameters = entry.at("params").get<std::int64_t>();
        if (count.total != parameters)
            return Outcome::failed("parameters of " + layer, fmt::format("{}", parameters),
                                   fmt::format("{}", count.total));
        total += count.total;
        trainable += count.trainable;
    }
    const std::int64_t expectedTotal = expected.at("total_params").get<std::int64_t>();
    const std::int64_t expectedTrainable = expected.value("trainable_params", trainable);
    if (total != expectedTotal || trainable != expectedTrainable)
        return Outcome::failed("parameters in all, trainable", fmt::format("{}, {}", expectedTotal, expectedTrainable),
                               fmt::format("{}, {}", total, trainable));
    return Outcome::passed();
}

/// Input nodes in the order of the record. Keras names the tensor, TensorFlow.js the layer.
std::map<NodeId, exec::TensorPtr> inputsOf(const Json& recorded, const graph::Graph& graph) {
    std::vector<NodeId> sources;
    graph.forEach([&](const Node& node) {
        if (node.type->isSource()) sources.push_back(node.id);
    });
    std::map<NodeId, exec::TensorPtr> inputs;
    for (std::size_t index = 0; index < recorded.size(); ++index) {
        const Node* named = graph.findByName(recorded[index].value("name", ""));
        const NodeId id = named != nullptr ? named->id : sources.at(index);
        inputs[id] = std::make_shared<const tensor::Tensor>(tensorFromJson(recorded[index]));
    }
    return inputs;
}

Outcome checkValues(const Json& recorded, const graph::Graph& graph, const exec::RunReport& report) {
    for (const char* group : {"intermediates", "outputs"})
        for (const Json& entry : recorded.value(group, Json::array())) {
            const std::string layer = entry.at("layer").get<std::string>();
            const Node* node = nodeOf(graph, layer, entry.value("node", std::int64_t{0}));
            if (node == nullptr) return Outcome::failed("values", layer, "no such node");
            const exec::NodeRun& run = report.nodes.at(node->id);
            if (run.outputs.empty()) return Outcome::failed("values of " + layer, "an output", run.problem);
            if (const auto mismatch = compareValues(tensorFromJson(entry), *run.outputs.front(), kTolerance))
                return Outcome::failed("values of " + layer, mismatch->expected, mismatch->got);
        }
    return Outcome::passed();
}

}  // namespace

Outcome checkModel(const std::filesystem::path& folder) {
    Result<io::Opened> opened = io::openProject(folder / "model.json");
    if (!opened) return Outcome::failed("opening model.json", "a model", opened.error().text());
    const Json recorded = readJson(folder / "io.json");
    bool allKnown = true;
    opened->project.graph.forEach(
        [&](const Node& node) { allKnown = allKnown && node.type != &layers::customLayer(); });
    if (!allKnown) return Outcome::unsupported(opened->notes.empty() ? "a class nobody knows" : opened->notes.front());
    if (!opened->notes.empty())
        return Outcome::failed("opening model.json", "a model taken over word for word", opened->notes.front());
    if (Outcome outcome = checkLayers(recorded, opened->project.graph); outcome.verdict != Verdict::Passed)
        return outcome;
    exec::RunRequest request;
    request.project = opened->project;
    request.inputs = inputsOf(recorded.at("inputs"), opened->project.graph);
    exec::ActivationStore store;
    Progress progress;
    const Result<exec::RunReport> report = exec::run(request, store, {}, progress);
    if (!report) return Outcome::failed("run", "values", report.error().text());
    return checkValues(recorded, opened->project.graph, *report);
}

}  // namespace shapewise::conformance
