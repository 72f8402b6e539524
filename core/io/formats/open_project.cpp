// The one door for files: tells the format by content.

#include "core/io/data/data_files.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_weights.h"
#include "core/io/keras/tensorflow_weights.h"
#include "core/io/project/project_json.h"

#include "core/edit/apply.h"

#include <fmt/format.h>

namespace shapewise::io {

namespace {

constexpr std::uint64_t kLargestProject = std::uint64_t{1} << 30;
constexpr std::string_view kWhatOpens = "Open a .shapewise project or a Keras model saved with model.to_json()";

struct Signature {
    std::string_view bytes;
    std::string_view what;
    std::string_view advice;
};
constexpr Signature kSignatures[] = {
    {"\x89HDF", "an HDF5 file", "Save the model with model.to_json() instead"},
    {"PK\x03\x04", "a zip archive (perhaps .keras)", "Save the model with model.to_json() instead"},
    {"RIFF", "a sound file", "Drop it on the canvas to make a node of it"},
    {"fLaC", "a sound file", "Drop it on the canvas to make a node of it"},
    {"OggS", "a sound file", "Drop it on the canvas to make a node of it"},
    {"\x89PNG", "a picture", "Drop it on the canvas to make a node of it"},
    {"\xFF\xD8\xFF", "a picture", "Drop it on the canvas to make a node of it"},
    {"\x93NUMPY", "an array", "Drop it on the canvas to make a node of it"},
};

Result<Opened> readValue(const Value& file, const std::filesystem::path& folder) {
    if (isProject(file)) return projectFromValue(file, folder);
    if (isKerasModel(file)) return projectFromKeras(file);
    if (file.isText()) {  // json.dump(model.to_json()) writes the text of a text
        const Result<Value> inner = parseJson(file.asText());
        if (inner && isKerasModel(*inner)) return projectFromKeras(*inner);
    }
    if (const Value* format = file.find("format"); format != nullptr && *format == Value("graph-model"))
        return failure("this is a TensorFlow.js graph model, which holds operations and no layers",
                       "Convert it as a layers-model");
    if (const Value* className = file.find("class_name"); className != nullptr && className->isText())
        return failure(
            fmt::format("the file holds a {} without a list of layers", className->asText()),
            "Only Sequential and Functional models can be read: subclassed models have no layers in their file");
    return failure("the file is JSON, but neither a project nor a Keras model", std::string(kWhatOpens));
}

/// Remembered sizes of data nodes follow their files.
void refresh(Opened& opened, const std::filesystem::path& folder) {
    edit::Edit edit;
    edit.steps = refreshDataNodes(opened.project.graph, folder);
    if (edit.steps.empty()) return;
    if (Result<edit::Applied> applied = edit::apply(opened.project, edit)) opened.project = std::move(applied->project);
}

Result<void> loadWeights(std::string_view modelJson, const std::filesystem::path& folder, graph::Graph& graph) {
    try {
        const Result<Value> file = parseJson(modelJson);
        if (!file) return Unexpected(file.error());
        const Value* manifest = file->find("weightsManifest");
        if (manifest == nullptr) return {};
        const Result<std::unique_ptr<WeightSource>> source = tensorFlowWeights(*manifest, folder);
        if (!source) return Unexpected(source.error());
        if (const Result<std::size_t> placed = placeWeights(**source, graph); !placed)
            return Unexpected(placed.error());
        return {};
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory for the weights");
    }
}

}  // namespace

Result<Opened> readProject(std::string_view text, const std::filesystem::path& folder) {
    try {
        for (const Signature& signature : kSignatures)
            if (text.starts_with(signature.bytes))
                return failure(fmt::format("this is {}, no project", signature.what), std::string(signature.advice));
        const Result<Value> file = parseJson(text);
        if (!file) return Unexpected(file.error());
        Result<Opened> opened = readValue(*file, folder);
        if (opened && !folder.empty()) refresh(*opened, folder);
        return opened;
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory to read the file", "Close other programs or open a smaller model");
    } catch (const std::exception& problem) {
        return failure(fmt::format("the file could not be read: {}", problem.what()), std::string(kWhatOpens));
    }
}

Result<Opened> openProject(const std::filesystem::path& path) {
    try {
        const Result<std::string> text = readFile(path, kLargestProject);
        if (!text) return Unexpected(text.error());
        std::filesystem::path folder = path.parent_path();
        if (folder.empty()) folder = ".";
        Result<Opened> opened = readProject(*text, folder);
        if (!opened) {
            Error error = opened.error();
            error.where = path.filename().string() + (error.where.empty() ? "" : ", " + error.where);
            return Unexpected(std::move(error));
        }
        if (opened->fromKeras && text->find("\"weightsManifest\"") != std::string::npos) {
            const Result<void> loaded = loadWeights(*text, folder, opened->project.graph);
            if (!loaded) opened->notes.push_back("weights are made from the seed: " + loaded.error().text());
        }
        return opened;
    } catch (const std::exception& problem) {
        return failure(fmt::format("{} could not be read: {}", path.filename().string(), problem.what()),
                       std::string(kWhatOpens));
    }
}

}  // namespace shapewise::io
