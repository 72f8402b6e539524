#include "core/io/formats/format.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_weights.h"
#include "core/io/keras/tensorflow_weights.h"

#include <fmt/format.h>

namespace shapewise::io {

namespace {

Result<void> loadWeights(const Value& manifest, const std::filesystem::path& folder, graph::Graph& graph) {
    try {
        const Result<std::unique_ptr<WeightSource>> source = tensorFlowWeights(manifest, folder);
        if (!source) return Unexpected(source.error());
        if (const Result<std::size_t> placed = placeWeights(**source, graph); !placed)
            return Unexpected(placed.error());
        return {};
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory for the weights");
    }
}

bool holdsKeras(ModelFile& file) { return file.json() && isKerasModel(*file.json()); }

Result<Opened> readKeras(ModelFile& file) {
    Result<Opened> opened = projectFromKeras(*file.json(), file.readAs());
    const Value* manifest = file.member("weightsManifest");
    if (!opened || !file.isOnDisk() || manifest == nullptr) return opened;
    if (const Result<void> loaded = loadWeights(*manifest, file.folder(), opened->project.graph); !loaded)
        opened->notes.push_back("weights are made from the seed: " + loaded.error().text());
    return opened;
}

Result<std::string> writeKeras(const graph::Project& project, const std::filesystem::path& /*folder*/) {
    return kerasJson(project);
}

}  // namespace

/// Sequential and Functional models of Keras 1 to 3, bare lists of layers, TensorFlow.js layers-models.
Format kerasJsonFormat() {
    return {"Keras JSON", ".json", matchJson,
            ModelFormat{.holds = holdsKeras, .read = readKeras, .write = writeKeras, .hasDialects = true}};
}

}  // namespace shapewise::io
