// The examples of the menu: in the format the program writes, their files found, their shapes as the tour says.

#include "core/diag/renderer.h"
#include "core/infer/analysis.h"
#include "core/io/data/data_files.h"
#include "core/io/files/files.h"
#include "core/mistakes/diagnose.h"

#include <gtest/gtest.h>
#include <algorithm>

namespace shapewise::io {
namespace {

namespace fs = std::filesystem;
const fs::path kExamples = fs::path(SHAPEWISE_SOURCE_DIR) / "resources/examples";

graph::Project example(const char* name) {
    const Result<Opened> opened = openProject(kExamples / (std::string(name) + ".shapewise"));
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    EXPECT_TRUE(!opened || opened->notes.empty());
    return opened ? opened->project : graph::Project{};
}

std::string shapeOf(const graph::Project& project, std::string_view name) {
    const graph::Node* node = project.graph.findByName(name);
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const tensor::TensorType* type = node != nullptr ? analysis[node->id].outputAt(0) : nullptr;
    return type != nullptr ? type->shape.text() : "not known";
}

TEST(Examples, FolderIsFound) { EXPECT_TRUE(fs::exists(exampleFolder() / "conv1d-into-conv2d.shapewise")); }

TEST(Examples, AreWrittenAsTheProgramWritesThem) {
    for (const auto& entry : fs::directory_iterator(kExamples)) {
        SCOPED_TRACE(entry.path().filename().string());
        const Result<std::string> text = readFile(entry.path(), 1 << 20);
        const Result<Opened> opened = openProject(entry.path());
        ASSERT_TRUE(text && opened);
        EXPECT_EQ(projectJson(opened->project, kExamples), *text);
    }
}

TEST(Examples, Conv1dIntoConv2dIsRefusedAtConv2d) {
    const graph::Project project = example("conv1d-into-conv2d");
    EXPECT_EQ(shapeOf(project, "data"), "(100, 20, 1)");
    EXPECT_EQ(shapeOf(project, "conv1d"), "(100, 18, 32)");
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    EXPECT_EQ(analysis.nodesInConflict(), std::vector<NodeId>{project.graph.findByName("conv2d")->id});
    EXPECT_EQ(analysis[project.graph.findByName("flatten")->id].state, infer::State::Blocked);
    EXPECT_EQ(shapeOf(project, "pool"), "(100, 9, 4, 32)");
}

TEST(Examples, FlattenedSpectrogramIsReshapedAndConvolved) {
    const graph::Project project = example("flattened-spectrogram");
    EXPECT_EQ(shapeOf(project, "flat"), "(100, 200)");
    EXPECT_EQ(shapeOf(project, "reshape"), "(100, 20, 10, 1)");
    EXPECT_EQ(shapeOf(project, "conv2d"), "(100, 18, 8, 32)");
    EXPECT_EQ(shapeOf(project, "pool"), "(100, 9, 4, 32)");
}

TEST(Examples, Conv1dDoneRightHasNoErrors) {
    const graph::Project project = example("conv1d-done-right");
    EXPECT_TRUE(infer::Analysis::of(project.graph).nodesInConflict().empty());
    EXPECT_EQ(shapeOf(project, "conv1d"), "(100, 18, 32)");
}

TEST(Examples, RecordingGoesThroughASpectrogramToClasses) {
    const graph::Project project = example("audio-spectrogram-classifier");
    EXPECT_TRUE(infer::Analysis::of(project.graph).nodesInConflict().empty());
    EXPECT_EQ(shapeOf(project, "softmax"), "(1, 10)");
}

TEST(Examples, AModelInsideAModelGivesItsMaps) {
    const graph::Project project = example("model-in-a-model");
    EXPECT_EQ(shapeOf(project, "encoder"), "(16, 7, 7, 16)");
    EXPECT_EQ(shapeOf(project, "classes"), "(16, 10)");
}

TEST(Examples, OnlyTheBrokenOneHasSomethingToSay) {
    for (const char* name : {"conv1d-into-conv2d", "conv1d-done-right", "flattened-spectrogram",
                             "audio-spectrogram-classifier", "model-in-a-model"}) {
        SCOPED_TRACE(name);
        const graph::Project project = example(name);
        const auto found = mistakes::diagnose(project, infer::Analysis::of(project.graph));
        for (const diag::Diagnostic& diagnostic : found)
            EXPECT_TRUE(diagnostic.severity == diag::Severity::Hint ||
                        project.graph.find(diagnostic.node)->name == "conv2d")
                << diag::Renderer::standard().message(diagnostic);
        const auto errors = std::count_if(found.begin(), found.end(),
                                          [](const auto& d) { return d.severity == diag::Severity::Error; });
        EXPECT_EQ(errors, std::string_view(name) == "conv1d-into-conv2d" ? 1 : 0);
    }
}

TEST(Examples, FilesOfExamplesLoadWithTheShapeInferred) {
    for (const char* name : {"flattened-spectrogram", "audio-spectrogram-classifier"}) {
        const graph::Project project = example(name);
        const infer::Analysis analysis = infer::Analysis::of(project.graph);
        project.graph.forEach([&](const graph::Node& node) {
            if (!node.inputs.empty()) return;
            const Result<exec::NodeData> data = dataLoader(kExamples)(node, {});
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_EQ(data->values->shape(), analysis[node.id].outputAt(0)->shape);
            EXPECT_EQ(data->type.shape, data->values->shape());
        });
    }
}

}  // namespace
}  // namespace shapewise::io
