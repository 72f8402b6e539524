// Models saved by real users and tools, against the shapes and parameter counts Keras gives.
// All of them when the shared folder is there, else the few kept in tests/golden/models.

#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/layer_node.h"

#include <gtest/gtest.h>
#include <filesystem>

namespace shapewise::io {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/models";

fs::path sharedModels() {
    for (fs::path folder = SHAPEWISE_SOURCE_DIR; folder.has_relative_path(); folder = folder.parent_path())
        if (fs::exists(folder / "shared/models/expected-shapes.json")) return folder / "shared/models";
    const char* named = std::getenv("SHAPEWISE_SHARED");
    return named != nullptr ? fs::path(named) / "models" : fs::path();
}

std::string sizesText(const tensor::Shape& shape) {
    std::string text;
    for (const tensor::Dim size : shape.sizes())
        text += (text.empty() ? "[" : ", ") + (size.isKnown() ? std::to_string(size.size()) : "null");
    return text + "]";
}

/// A layer nobody knows, or one behind it.
bool restsOnUnknownLayer(const infer::Analysis& analysis, const graph::Node& node) {
    const infer::NodeAnalysis& own = analysis[node.id];
    return node.type->isOpaque || own.state == infer::State::Unknown || (own.hasOutput && own.output.guessed);
}

/// A guess says nothing that is not so.
void expectAgrees(const tensor::Shape& said, const Value& right, const std::string& name) {
    ASSERT_EQ(static_cast<std::size_t>(said.rank()), right.asList().size()) << name;
    for (int axis = 0; axis < said.rank(); ++axis) {
        const Value& size = right.asList()[static_cast<std::size_t>(axis)];
        EXPECT_TRUE(!size.isInteger() || tensor::mayBeEqual(said[axis], size.asInteger())) << name;
    }
}

void checkModel(const fs::path& file, const Value& expected) {
    SCOPED_TRACE(file.filename().string());
    const Result<Opened> opened = openProject(file);
    ASSERT_TRUE(opened) << opened.error().text();
    const graph::Graph& graph = opened->project.graph;
    const infer::Analysis analysis = infer::Analysis::of(graph);
    std::int64_t total = 0;
    bool hasUnknown = false;
    for (const Value& layer : expected.find("layers")->asList()) {
        const std::string& name = layer.find("name")->asText();
        const graph::Node* node = graph.findByName(name);
        ASSERT_NE(node, nullptr) << name;
        const tensor::TensorType* output = analysis[node->id].outputAt(0);
        const auto count = layers::parameterCount(*node, analysis.inputTypes(*node));
        total += count ? count->total : 0;
        if (restsOnUnknownLayer(analysis, *node)) {
            hasUnknown = true;
            if (output != nullptr) expectAgrees(output->shape, *layer.find("output_shape"), name);
            continue;
        }
        EXPECT_EQ(output != nullptr ? sizesText(output->shape) : "not known", jsonText(*layer.find("output_shape")))
            << name;
        EXPECT_EQ(count ? count->total : -1, layer.find("params")->asInteger()) << name;
    }
    const std::int64_t all = expected.find("total_params")->asInteger();
    if (hasUnknown)
        EXPECT_LE(total, all);
    else
        EXPECT_EQ(total, all);
}

void checkFolder(const fs::path& folder) {
    const Result<std::string> text = readFile(folder / "expected-shapes.json", 1 << 26);
    ASSERT_TRUE(text) << text.error().text();
    const Result<Value> expected = parseJson(*text);
    ASSERT_TRUE(expected);
    for (const auto& [file, layers] : expected->asDict()) checkModel(folder / file, layers);
}

TEST(ExpectedShapes, GoldenModelsGiveKerasShapesAndCounts) { checkFolder(kGolden); }

TEST(ExpectedShapes, SharedModelsGiveKerasShapesAndCounts) {
    const fs::path folder = sharedModels();
    if (folder.empty()) GTEST_SKIP() << "no shared/models beside the repository: set SHAPEWISE_SHARED";
    checkFolder(folder);
}

TEST(ExpectedShapes, ModelsWithoutErrorsSurviveWritingAndReading) {
    for (const auto& entry : fs::directory_iterator(sharedModels().empty() ? kGolden : sharedModels())) {
        if (entry.path().extension() != ".json" || entry.path().filename() == "expected-shapes.json") continue;
        SCOPED_TRACE(entry.path().filename().string());
        const Result<Opened> opened = openProject(entry.path());
        ASSERT_TRUE(opened) << opened.error().text();
        const Result<std::string> written = kerasJson(opened->project);
        ASSERT_TRUE(written) << written.error().text();
        const Result<Opened> again = readProject(*written);
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(*kerasJson(again->project), *written);
        const infer::Analysis before = infer::Analysis::of(opened->project.graph);
        const infer::Analysis after = infer::Analysis::of(again->project.graph);
        ASSERT_EQ(again->project.graph.nodeCount(), opened->project.graph.nodeCount());
        opened->project.graph.forEach([&](const graph::Node& node) {
            const graph::Node* twin = again->project.graph.findByName(node.name);
            ASSERT_NE(twin, nullptr) << node.name;
            EXPECT_EQ(twin->settings.size(), node.settings.size()) << node.name;
            const tensor::TensorType* twinOutput = after[twin->id].outputAt(0);
            const tensor::TensorType* output = before[node.id].outputAt(0);
            ASSERT_EQ(twinOutput == nullptr, output == nullptr) << node.name;
            if (output == nullptr) return;
            EXPECT_EQ(twinOutput->shape, output->shape) << node.name;
        });
        const Result<Opened> project = readProject(projectJson(opened->project));
        ASSERT_TRUE(project) << project.error().text();
        EXPECT_EQ(projectJson(project->project), projectJson(opened->project));
    }
}

}  // namespace
}  // namespace shapewise::io
