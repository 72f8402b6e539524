#include "core/io/keras/keras_json.h"

#include "core/graph/seeds.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_data_formats.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_frame.h"
#include "core/mistakes/rules/weights.h"
#include "core/session/canvas_layout.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace {

std::string guessNote(const KerasDialect& written) {
    const std::string version = written.version.empty() ? std::string() : fmt::format(" ({})", written.version);
    return fmt::format("read as {}, which is a guess: {}{}; read the file as another dialect if its numbers differ",
                       layers::dialectRow(written.dialect).title, written.guess, version);
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

Result<Opened> projectFromKeras(const Value& file, std::optional<layers::Dialect> readAs) {
    const std::optional<KerasPlace> place = findKerasModel(file);
    if (!place) return failure("there is no Keras model in the file", "Save one with model.to_json()");
    const KerasModel& model = place->model;
    KerasDialect written = decideDialect(*place);
    if (readAs) {
        written.dialect = *readAs;
        written.guess.clear();
    }
    Opened opened;
    if (!written.guess.empty() && dialectMatters(model, written.dialect, written.others))
        opened.notes.push_back(guessNote(written));
    if (place->words.kerasVersion == "0")
        opened.notes.emplace_back("the file is of Keras 0.x; written as Keras JSON, it becomes one of Keras 1");
    const DataFormats formats(model);
    KerasGraphReader reader(written.dialect, formats, opened.notes);
    if (Result<void> done = reader.read(model); !done) return Unexpected(std::move(done.error()));
    graph::Project& project = opened.project;
    project.graph = std::move(reader.graph);
    graph::seedByPlace(project.graph);
    if (!model.name.empty()) project.properties.emplace_back(kModelName, model.name);
    if (!written.version.empty()) project.properties.emplace_back(kKerasVersion, written.version);
    project.properties.emplace_back(kDialect, layers::dialectRow(written.dialect).id);
    if (!written.guess.empty()) project.properties.emplace_back(kDialectGuess, written.guess);
    project.properties.emplace_back(kKerasFile, frameOf(file, *place));
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
