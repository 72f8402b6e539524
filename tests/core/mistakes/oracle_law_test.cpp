// The law of repairs on all recorded configurations that Keras refuses. The records are optional.

#include "tests/core/mistakes/model.h"

#include "core/io/files/json_value.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace shapewise::mistakes {
namespace {

/// Beside the repository, or where SHAPEWISE_SHARED says.
std::filesystem::path oracles() {
    const char* folder = std::getenv("SHAPEWISE_SHARED");
    return (folder ? std::filesystem::path(folder) : std::filesystem::path(SHAPEWISE_SOURCE_DIR) / ".." / "shared") /
           "oracles";
}

/// The layer of a record behind Inputs of its shapes; nullopt for classes nobody knows.
std::optional<Model> modelOf(const Value& record) {
    const Value* layer = record.find("layer");
    const Value* config = record.find("config");
    const layers::LayerType* type = layer ? layers::findLayer(layer->asText()) : nullptr;
    if (!type || !config || !config->isDict()) return std::nullopt;
    Model model;
    std::vector<NodeId> inputs;
    if (const Value* shapes = record.find("input_shapes"); shapes && shapes->isList()) {
        for (const Value& shape : shapes->asList())
            inputs.push_back(
                model.add("InputLayer", "input_" + std::to_string(inputs.size()), {{"batch_shape", shape}}));
    } else if (!type->inputs.empty()) {
        inputs.push_back(model.add("InputLayer", "input", {{"shape", Value::list({28, 28, 3})}}));
    }
    if (type->inputs.empty()) inputs.clear();
    Settings settings;
    for (const auto& [key, value] : config->asDict())
        if (const layers::ParamSpec* spec = type->param(key)) settings.emplace_back(spec->key, value);
    model.add(layer->asText(), "layer", settings, inputs);
    return model;
}

void checkFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) GTEST_SKIP() << path << " is not there";
    int checked = 0;
    for (std::string line; std::getline(file, line);) {
        const auto record = io::parseJson(line);
        ASSERT_TRUE(record) << record.error().text();
        const Value* kind = record->find("kind");
        if (!kind || *kind != Value("invalid")) continue;
        const std::optional<Model> model = modelOf(*record);
        if (!model) continue;
        const std::string id = record->find("id")->asText() + " " + io::jsonText(*record->find("config"));
        expectFirstRepairsWork(*model, id);
        ++checked;
    }
    EXPECT_GT(checked, 0);
}

TEST(RepairLaw, HoldsForRandomConfigurationsKerasRefuses) { checkFile(oracles() / "layers" / "invalid.jsonl"); }
TEST(RepairLaw, HoldsForTheRefusalsOfTheKerasTests) { checkFile(oracles() / "keras_suite" / "cases.jsonl"); }

}  // namespace
}  // namespace shapewise::mistakes
