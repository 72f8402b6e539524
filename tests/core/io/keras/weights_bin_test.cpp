#include "core/io/keras/weights_bin.h"

#include "core/io/files/files.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

const std::string kModel =
    R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": [
  {"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 1]}}]}},
  "weightsManifest": [{"paths": ["w.bin"], "weights": [
    {"name": "d/kernel", "shape": [1, 2], "dtype": "float32"},
    {"name": "d/bias", "shape": [2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0, "original_dtype": "float32"}}]}]})";

std::string numbers() {
    const float values[] = {1.5F, -2.0F};
    return std::string(reinterpret_cast<const char*>(values), sizeof values) + std::string("\x02\x04", 2);
}

TEST(ManifestWeights, GoToTheLayerTheyAreNamedAfter) {
    const test::TemporaryFolder folder;
    folder.write("w.bin", numbers());
    const Result<Opened> opened = openProject(folder.write("model.json", kModel));
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_TRUE(opened->notes.empty());
    const auto& weights = opened->project.graph.findByName("d")->weights;
    ASSERT_TRUE(weights);
    ASSERT_EQ(weights->size(), 2u);
    EXPECT_EQ((*weights)[0].name, "kernel");
    EXPECT_EQ((*weights)[0].values.data()[1], -2.0F);
    EXPECT_EQ((*weights)[1].values.data()[0], 0.0F);
    EXPECT_EQ((*weights)[1].values.data()[1], 1.0F);
}

/// The same numbers for a Dense inside a Sequential, called by `name` in the manifest.
std::string nested(const std::string& name) {
    return R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 1]}},
      {"class_name": "Sequential", "config": {"name": "encoder", "layers": [
        {"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 1]}}]}}]}},
      "weightsManifest": [{"paths": ["w.bin"], "weights": [
        {"name": ")" +
           name + R"(/kernel", "shape": [1, 2], "dtype": "float32"},
        {"name": ")" +
           name +
           R"(/bias", "shape": [2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0, "original_dtype": "float32"}}]}]})";
}

TEST(ManifestWeights, GoToLayersInsideNestedModels) {
    for (const char* name : {"encoder/d", "d", "d/d", "encoder/d/d"}) {
        SCOPED_TRACE(name);
        const test::TemporaryFolder folder;
        folder.write("w.bin", numbers());
        const Result<Opened> opened = openProject(folder.write("model.json", nested(name)));
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_TRUE(opened->notes.empty());
        const graph::Node* encoder = opened->project.graph.findByName("encoder");
        ASSERT_TRUE(encoder->body);
        EXPECT_FALSE(encoder->weights);
        const auto& weights = encoder->body->findByName("d")->weights;
        ASSERT_TRUE(weights);
        ASSERT_EQ(weights->size(), 2u);
        EXPECT_EQ((*weights)[0].values.data()[1], -2.0F);
        EXPECT_EQ((*weights)[1].values.data()[1], 1.0F);
    }
}

TEST(ManifestWeights, MissingAndShortFilesAreNotedAndTheModelOpens) {
    const test::TemporaryFolder folder;
    const Result<Opened> missing = openProject(folder.write("model.json", kModel));
    ASSERT_TRUE(missing);
    EXPECT_THAT(missing->notes, testing::ElementsAre(HasSubstr("w.bin")));
    folder.write("w.bin", numbers().substr(0, 6));
    const Result<Opened> cut = openProject(folder.path() / "model.json");
    ASSERT_TRUE(cut);
    EXPECT_THAT(cut->notes, testing::ElementsAre(HasSubstr("end inside d/kernel")));
    EXPECT_FALSE(cut->project.graph.findByName("d")->weights);
}

TEST(ManifestWeights, FilesOutsideTheFolderAreRefused) {
    graph::Graph graph;
    const Result<std::size_t> loaded =
        loadManifestWeights(R"({"weightsManifest": [{"paths": ["../../etc/passwd"], "weights": []}]})", "/tmp", graph);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().text(), HasSubstr("outside its folder"));
}

}  // namespace
}  // namespace shapewise::io
