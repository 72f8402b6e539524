#include "core/io/keras/keras_json.h"

#include "core/graph/seeds.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_place.h"
#include "core/mistakes/rules/weights.h"
#include "core/session/canvas_layout.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace {

/// A version, or what the writer says of itself: "2.0.8", "2.2.4-tf", "keras v2.2.4-tf", "TensorFlow.js 4.22.0".
std::string versionText(const KerasWriterWords& words) {
    if (words.backend == "tensor_flow.js" || words.kerasVersion.starts_with("tfjs") ||
        (words.kerasVersion.empty() && words.generatedBy.starts_with("TensorFlow.js")))
        return "2 (TensorFlow.js)";
    if (!words.kerasVersion.empty()) return words.kerasVersion;
    const std::string& writer = words.generatedBy;
    if (writer.starts_with("Keras 3")) return "3";
    if (const std::size_t at = writer.find("keras v"); at != std::string::npos) return writer.substr(at + 7);
    return {};
}

bool mentions(const KerasModel& model, std::string_view key) {
    return std::any_of(model.layers->begin(), model.layers->end(), [&](const Value& layer) {
        const Value* config = layer.find("config");
        return layer.find(key) != nullptr || (config != nullptr && config->find(key) != nullptr);
    });
}

std::string guessedVersion(const KerasModel& model) {
    if (mentions(model, "module") || mentions(model, "batch_shape") || mentions(model, "registered_name")) return "3";
    for (const char* key : {"nb_filter", "output_dim", "border_mode", "dim_ordering", "pool_length", "p"})
        if (mentions(model, key) && !mentions(model, "units") && !mentions(model, "filters")) return "1";
    if (mentions(model, "batch_input_shape") || mentions(model, "inbound_nodes")) return "2";
    return "3";
}

int majorVersion(const std::string& version) {
    return !version.empty() && version[0] >= '1' && version[0] <= '2' ? version[0] - '0' : 3;
}

void keepEnds(const KerasGraphReader& reader, graph::Project& project) {
    if (!reader.inputs.empty() && reader.inputs != inputLayersOf(project.graph)) {
        ValueList names;
        for (const NodeId id : reader.inputs) names.emplace_back(project.graph.find(id)->name);
        project.properties.emplace_back(kInputOrder, std::move(names));
    }
    if (!reader.outputs.empty() && reader.outputs != naturalOutputs(project.graph)) {
        ValueList names;
        for (const OutputPlace& output : reader.outputs)
            names.emplace_back(ValueList{Value(project.graph.find(output.node)->name), Value(int{output.port})});
        project.properties.emplace_back(kOutputOrder, std::move(names));
    }
}

/// The shapes of the graph that is being read, inferred when first asked for.
class Shapes {
  public:
    infer::Analysis& of(const graph::Graph& graph) {
        if (!analysis_) analysis_ = std::make_shared<infer::Analysis>(infer::Analysis::of(graph));
        return *analysis_;
    }
    /// Null when nobody asked.
    [[nodiscard]] std::shared_ptr<const infer::Analysis> analysis() const { return analysis_; }

  private:
    std::shared_ptr<infer::Analysis> analysis_;
};

/// The input shapes for which a file says its layers were built. They stand beside the graph while it is inferred,
/// since they change no shape.
class DeclaredBuilds {
  public:
    /// Takes them out of the graph.
    explicit DeclaredBuilds(graph::Graph& graph) {
        graph.forEach([&](const graph::Node& node) {
            if (node.builtFor) shapes_.emplace_back(node.id, node.builtFor);
        });
        for (const auto& [id, shape] : shapes_) {
            auto plain = std::make_shared<graph::Node>(*graph.find(id));
            plain->builtFor.reset();
            graph.put(std::move(plain));
        }
    }

    /// Puts those back where the graph gives another shape: there Keras refuses to load the model. Elsewhere they say
    /// nothing, and what is behind an error is not known. Behind a layer nobody knows they are all there is.
    void keepContradicted(graph::Graph& graph, Shapes& shapes) const {
        if (shapes_.empty()) return;
        infer::Analysis& analysis = shapes.of(graph);
        edit::Touched touched;
        for (const auto& [id, shape] : shapes_) {
            auto declared = std::make_shared<graph::Node>(*graph.find(id));
            declared->builtFor = shape;
            const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(*declared);
            const bool isUnknown =
                std::find(inputs.begin(), inputs.end(), nullptr) != inputs.end() && !analysis[id].blockedBy.isValid();
            if (declared->sharesLayerOf.isValid()) continue;
            if (!isUnknown && !mistakes::contradictsBuild(analysis, *declared)) continue;
            touched.nodes.push_back(id);
            graph.put(std::move(declared));
        }
        if (!touched.nodes.empty()) analysis.update(graph, touched);
    }

  private:
    std::vector<std::pair<NodeId, std::shared_ptr<const Value>>> shapes_;
};

}  // namespace

bool isKerasModel(const Value& file) { return findKerasModel(file).has_value(); }

bool followsKeras2(const graph::Project& project) {
    for (const auto& [key, value] : project.properties)
        if (key == kKerasVersion && value.isText()) return majorVersion(value.asText()) < 3;
    return false;
}

Result<Opened> projectFromKeras(const Value& file) {
    const std::optional<KerasPlace> place = findKerasModel(file);
    if (!place) return failure("there is no Keras model in the file", "Save one with model.to_json()");
    const KerasModel& model = place->model;
    std::string version = versionText(place->words);
    if (version.empty()) version = guessedVersion(model);
    Opened opened;
    KerasGraphReader reader(majorVersion(version), opened.notes);
    if (Result<void> done = reader.read(model); !done) return Unexpected(std::move(done.error()));
    graph::Project& project = opened.project;
    project.graph = std::move(reader.graph);
    graph::seedByPlace(project.graph);
    if (!model.name.empty()) project.properties.emplace_back(kModelName, model.name);
    project.properties.emplace_back(kKerasVersion, version);
    Shapes shapes;
    const DeclaredBuilds builds(project.graph);
    builds.keepContradicted(project.graph, shapes);
    opened.analysis = shapes.analysis();
    keepEnds(reader, project);
    std::vector<NodeId> all;
    project.graph.forEach([&](const graph::Node& node) { all.push_back(node.id); });
    session::layOut(project, all);
    return opened;
}

}  // namespace shapewise::io
