// Projects as Keras models in JSON, in the dialect they were read in or in another one.

#include "core/diag/renderer.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_formulas.h"
#include "core/io/keras/keras_frame.h"
#include "core/io/keras/keras_graph_writer.h"
#include "core/io/keras/keras_json.h"
#include "core/mistakes/diagnose.h"

#include <fmt/format.h>

namespace shapewise::io {

namespace {

/// The first error in the words of the problem list.
Result<void> refuseDiagnosed(const graph::Project& project) {
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    if (analysis.nodesInConflict().empty()) return {};
    mistakes::Options options;
    options.withFixes = false;
    options.most = 1;
    const std::vector<diag::Diagnostic> found = mistakes::diagnose(project, analysis, options);
    if (found.empty() || found[0].severity != diag::Severity::Error) return {};
    const graph::Node* node = project.graph.find(found[0].node);
    return failure(fmt::format("'{}' has an error: {}", node != nullptr ? node->name : std::string(),
                               diag::Renderer::standard().text(found[0].title)),
                   "Repair it first: Keras could not load the model");
}

const Value* property(const graph::Project& project, std::string_view key) {
    for (const auto& [name, value] : project.properties)
        if (name == key) return &value;
    return nullptr;
}

/// The file without its layers: the one the model came from, or a new one.
Value frameFor(const graph::Project& project, layers::Dialect dialect) {
    const Value* name = property(project, kModelName);
    const bool isNamed = name != nullptr && name->isText();
    const bool isOwn = dialect == dialectOf(project);
    if (const Value* kept = isOwn ? property(project, kKerasFile) : nullptr) {
        Value frame = *kept;
        Value* model = modelIn(frame);
        if (model != nullptr && layerListOf(*model) != nullptr) {
            Value* config = modelConfigOf(*model);
            Value* written = config != nullptr ? memberOf(*config, "name") : nullptr;
            if (written != nullptr && isNamed) *written = *name;
            return frame;
        }
    }
    Value file = newFile(dialect, isNamed ? name->asText() : "functional");
    const Value* version = property(project, kKerasVersion);
    const bool hasVersion = version != nullptr && version->isText() && file.find("keras_version") != nullptr;
    if (isOwn && hasVersion) setMember(file.asDict(), "keras_version", *version);
    return frameOf(std::move(file));
}

}  // namespace

Result<Value> kerasValue(const graph::Project& project, layers::Dialect dialect) {
    if (Result<void> clean = refuseDiagnosed(project); !clean) return Unexpected(std::move(clean.error()));
    const Result<graph::Project> written = inFormulasOf(dialect, project);
    if (!written) return Unexpected(written.error());
    Value frame = frameFor(*written, dialect);
    Value* model = modelIn(frame);
    if (model == nullptr) return failure("the file the model came from is damaged", "Write the model in Keras 3");
    if (Result<void> done = KerasGraphWriter(written->graph, dialect).fill(*model, written->properties); !done)
        return Unexpected(std::move(done.error()));
    return fileOf(std::move(frame));
}

Result<std::string> kerasJson(const graph::Project& project, std::optional<layers::Dialect> dialect) {
    try {
        const Result<Value> file = kerasValue(project, dialect.value_or(dialectOf(project)));
        if (!file) return Unexpected(file.error());
        return jsonText(*file) + "\n";
    } catch (const std::exception& problem) {
        return failure(fmt::format("the model cannot be written: {}", problem.what()));
    }
}

Result<void> exportKerasJson(const graph::Project& project, const std::filesystem::path& path,
                             std::optional<layers::Dialect> dialect) {
    const Result<std::string> text = kerasJson(project, dialect);
    if (!text) return Unexpected(text.error());
    return writeFileAtomically(path, *text);
}

}  // namespace shapewise::io
