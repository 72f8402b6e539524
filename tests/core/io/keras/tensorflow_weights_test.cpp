#include "core/io/keras/tensorflow_weights.h"

#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_weights.h"
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
    const Result<Value> manifest = parseJson(R"([{"paths": ["../../etc/passwd"], "weights": []}])");
    const Result<std::unique_ptr<WeightSource>> source = tensorFlowWeights(*manifest, "/tmp");
    ASSERT_FALSE(source);
    EXPECT_THAT(source.error().text(), HasSubstr("outside its folder"));
}

TEST(ManifestWeights, AreReadOneByOneAcrossTheirFilesEachOfWhichIsOpenedOnce) {
    const test::TemporaryFolder folder;
    const std::string bytes = numbers() + numbers();
    folder.write("1.bin", bytes.substr(0, 3));
    folder.write("2.bin", bytes.substr(3, 9));
    folder.write("3.bin", bytes.substr(12));
    const Result<Value> manifest = parseJson(R"([{"paths": ["1.bin", "2.bin", "3.bin"], "weights": [
      {"name": "a/kernel", "shape": [1, 2], "dtype": "float32"},
      {"name": "a/bias", "shape": [2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0}},
      {"name": "b/kernel", "shape": [2], "dtype": "float32"}]}])");
    const std::uint64_t before = InputFile::openedSoFar();
    const Result<std::unique_ptr<WeightSource>> source = tensorFlowWeights(*manifest, folder.path());
    ASSERT_TRUE(source) << source.error().text();
    ASSERT_EQ((*source)->arrays().size(), 3U);
    EXPECT_EQ((*source)->arrays()[0].extents, (tensor::Extents{1, 2}));
    EXPECT_EQ((*source)->arrays()[2].type, "float32");
    EXPECT_EQ(InputFile::openedSoFar(), before);
    const Result<tensor::Tensor> first = (*source)->read("a/kernel");
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_EQ(first->data()[1], -2.0F);
    EXPECT_EQ(InputFile::openedSoFar(), before + 2);
    const Result<tensor::Tensor> last = (*source)->read("b/kernel");
    ASSERT_TRUE(last) << last.error().text();
    EXPECT_EQ(last->data()[0], 1.5F);
    ASSERT_TRUE((*source)->read("a/bias"));
    EXPECT_EQ(InputFile::openedSoFar(), before + 3);
    EXPECT_FALSE((*source)->read("c/kernel"));
}

/// A way of storing weights that nobody uses: every value is the first letter of the name.
class ToyWeights final : public WeightSource {
  public:
    [[nodiscard]] std::span<const StoredArray> arrays() const override { return arrays_; }
    Result<tensor::Tensor> read(std::string_view name) override {
        reads_.emplace_back(name);
        for (const StoredArray& array : arrays_)
            if (array.name == name) return tensor::Tensor(array.extents, static_cast<float>(name.front()));
        return failure("no such array");
    }
    [[nodiscard]] const std::vector<std::string>& reads() const { return reads_; }

  private:
    std::vector<StoredArray> arrays_{{"d/kernel", {1, 2}, "toy"}, {"d/bias:0", {2}, "toy"}};
    std::vector<std::string> reads_;
};

TEST(WeightSources, ANewOneNeedsNothingElse) {
    Result<Opened> opened = readProject(kModel);
    ASSERT_TRUE(opened) << opened.error().text();
    ToyWeights source;
    const Result<std::size_t> placed = placeWeights(source, opened->project.graph);
    ASSERT_TRUE(placed) << placed.error().text();
    EXPECT_EQ(*placed, 2U);
    EXPECT_THAT(source.reads(), testing::ElementsAre("d/kernel", "d/bias:0"));
    const auto& weights = opened->project.graph.findByName("d")->weights;
    ASSERT_TRUE(weights);
    EXPECT_EQ((*weights)[1].name, "bias");
    EXPECT_EQ((*weights)[1].values.data()[0], static_cast<float>('d'));
}

}  // namespace
}  // namespace shapewise::io
