#include "core/io/keras/keras_json.h"

#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/layers/framework/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

Opened read(const std::string& text) {
    Result<Opened> opened = readProject(text);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? std::move(*opened) : Opened{};
}

std::string shapeOf(const graph::Project& project, std::string_view name) {
    const graph::Node* node = project.graph.findByName(name);
    if (node == nullptr) return "no such node";
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const tensor::TensorType* type = analysis[node->id].outputAt(0);
    return type != nullptr ? type->shape.text() : "not known";
}

/// What the file says of the graph, without places and the version.
std::string graphText(const graph::Project& project) {
    Value value = *parseJson(projectJson(project));
    std::string text;
    for (const Value& node : value.find("nodes")->asList()) {
        for (const auto& [key, member] : node.asDict())
            if (key != "at") text += key + ": " + jsonText(member) + " ";
        text += "\n";
    }
    return text;
}

const std::string kKeras3 =
    R"({"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "net", "trainable": true, "layers": [
  {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1], "dtype": "float32", "sparse": false, "name": "image"}, "registered_name": null, "name": "image", "inbound_nodes": []},
  {"module": "keras.layers", "class_name": "Conv2D", "config": {"name": "conv", "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "filters": 8, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "relu", "use_bias": true, "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null}, "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null}, "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}, "registered_name": null, "build_config": {"input_shape": [null, 28, 28, 1]}, "name": "conv", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 28, 28, 1], "dtype": "float32", "keras_history": ["image", 0, 0]}}], "kwargs": {}}]}
], "input_layers": [["image", 0, 0]], "output_layers": [["conv", 0, 0]]}, "registered_name": "Functional"})";

TEST(KerasJson, ReadsKeras3FunctionalAndKeepsOnlyWhatDiffersFromDefaults) {
    const Opened opened = read(kKeras3);
    EXPECT_TRUE(opened.notes.empty());
    EXPECT_EQ(shapeOf(opened.project, "conv"), "(None, 26, 26, 8)");
    const graph::Node* conv = opened.project.graph.findByName("conv");
    EXPECT_EQ(conv->extras.size(), 1u);  // the record of the file
    EXPECT_EQ(conv->settings.size(), 3u);
}

TEST(KerasJson, WritesWhatReadsBackAsTheSameGraph) {
    const Opened opened = read(kKeras3);
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(graphText(read(*written).project), graphText(opened.project));
    EXPECT_EQ(*kerasJson(read(*written).project), *written);
}

TEST(KerasJson, BareListWithBatchInputShapeGetsAnInput) {
    const Opened opened = read(
        R"([{"class_name": "Conv1D", "config": {"batch_input_shape": [null, 20, 1], "filters": 4, "kernel_size": [3], "name": "c"}},
                                   {"class_name": "Conv1D", "config": {"filters": 2, "kernel_size": 3}}])");
    EXPECT_EQ(shapeOf(opened.project, "c_input"), "(None, 20, 1)");
    EXPECT_EQ(shapeOf(opened.project, "conv1d"), "(None, 16, 2)");
}

TEST(KerasJson, ReadsKeras1Spelling) {
    const Opened opened = read(
        R"({"keras_version": "1.1.0", "class_name": "Sequential", "config": [{"class_name": "Convolution2D", "config":
      {"batch_input_shape": [null, 28, 28, 1], "nb_filter": 8, "nb_row": 5, "nb_col": 3, "border_mode": "same", "subsample": [2, 2], "dim_ordering": "tf", "bias": false, "init": "glorot_uniform", "W_regularizer": null, "name": "c"}}]})");
    EXPECT_EQ(shapeOf(opened.project, "c"), "(None, 14, 14, 8)");
    EXPECT_EQ(*opened.project.graph.findByName("c")->setting("kernel_size"), Value::list({5, 3}));
    EXPECT_EQ(*opened.project.graph.findByName("c")->setting("use_bias"), Value(false));
    EXPECT_EQ(opened.project.graph.findByName("c")->extras.size(), 1u);  // the record of the file
    EXPECT_TRUE(followsKeras2(opened.project));
}

TEST(KerasJson, TuplesAndTextsOfTextsAreUnwrapped) {
    const std::string model =
        R"({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "InputLayer", "config": {"batch_input_shape": {"class_name": "__tuple__", "items": [null, 9, 2]}, "name": "i"}}]}})";
    EXPECT_EQ(shapeOf(read(model).project, "i"), "(None, 9, 2)");
    EXPECT_EQ(shapeOf(read(jsonText(Value(model))).project, "i"), "(None, 9, 2)");
}

TEST(KerasJson, OneLayerCalledTwiceIsTwoNodes) {
    const Opened opened = read(R"({"class_name": "Model", "config": {"layers": [
      {"class_name": "InputLayer", "name": "a", "config": {"batch_input_shape": [null, 20, 1]}, "inbound_nodes": []},
      {"class_name": "InputLayer", "name": "b", "config": {"batch_input_shape": [null, 30, 1]}, "inbound_nodes": []},
      {"class_name": "Conv1D", "name": "c", "config": {"filters": 2, "kernel_size": 3}, "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]},
      {"class_name": "Conv1D", "name": "d", "config": {"filters": 2, "kernel_size": 3}, "inbound_nodes": [[["c", 1, 0, {}]]]}],
      "input_layers": [["b", 0, 0], ["a", 0, 0]], "output_layers": [["c", 0, 0], ["d", 0, 0]]}})");
    EXPECT_EQ(shapeOf(opened.project, "c"), "(None, 18, 2)");
    EXPECT_EQ(shapeOf(opened.project, "c_1"), "(None, 28, 2)");
    EXPECT_EQ(shapeOf(opened.project, "d"), "(None, 26, 2)");
    EXPECT_EQ(opened.project.graph.findByName("c_1")->sharesLayerOf, opened.project.graph.findByName("c")->id);
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_THAT(*written, HasSubstr(R"("input_layers": [["b", 0, 0], ["a", 0, 0]])"));
    EXPECT_THAT(*written, HasSubstr(R"("output_layers": [["c", 0, 0], ["d", 0, 0]])"));
    EXPECT_EQ(graphText(read(*written).project), graphText(opened.project));
}

const std::string kNested = R"({"class_name": "Model", "keras_version": "2.1.0", "config": {"name": "outer", "layers": [
      {"class_name": "InputLayer", "name": "a", "config": {"batch_input_shape": [null, 20, 1]}, "inbound_nodes": []},
      {"class_name": "InputLayer", "name": "b", "config": {"batch_input_shape": [null, 20, 1]}, "inbound_nodes": []},
      {"class_name": "Sequential", "name": "tower", "config": [
        {"class_name": "Conv1D", "config": {"batch_input_shape": [null, 20, 1], "filters": 4, "kernel_size": 3, "name": "c"}},
        {"class_name": "Flatten", "config": {"name": "f"}}], "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]},
      {"class_name": "Concatenate", "name": "both", "config": {"axis": -1}, "inbound_nodes": [[["tower", 1, 0, {}], ["tower", 2, 0, {}]]]}],
      "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["both", 0, 0]]}})";

TEST(KerasJson, NestedModelIsOneNodeWithItsOwnGraph) {
    const Opened opened = read(kNested);
    EXPECT_TRUE(opened.notes.empty());
    const graph::Node* tower = opened.project.graph.findByName("tower");
    ASSERT_NE(tower, nullptr);
    EXPECT_EQ(tower->type->className, "Sequential");
    ASSERT_TRUE(tower->body);
    EXPECT_EQ(tower->body->nodeCount(), 3u);
    EXPECT_EQ(shapeOf(opened.project, "tower"), "(None, 72)");
    EXPECT_EQ(shapeOf(opened.project, "both"), "(None, 144)");
    const infer::Analysis analysis = infer::Analysis::of(opened.project.graph);
    EXPECT_EQ(layers::parameterCount(*tower, analysis.inputTypes(*tower))->total, 16);
    EXPECT_EQ(opened.project.graph.findByName("both")->inputs[1].from, opened.project.graph.findByName("tower_1")->id);
}

TEST(KerasJson, NestedModelsSurviveBothFormats) {
    const Opened opened = read(kNested);
    EXPECT_EQ(graphText(read(projectJson(opened.project)).project), graphText(opened.project));
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_TRUE(written) << written.error().text();
    const Opened again = read(*written);
    EXPECT_EQ(shapeOf(again.project, "both"), "(None, 144)");
    EXPECT_EQ(*kerasJson(again.project), *written);
    EXPECT_THAT(*kerasCode(opened.project),
                HasSubstr("tower_model = keras.Model(inputs=c_input, outputs=f, name=\"tower\")"));
}

TEST(KerasJson, BrokenModelOpensAndIsRefusedForExport) {
    const Opened opened = read(
        R"([{"class_name": "Conv1D", "config": {"batch_input_shape": [null, 20, 1], "filters": 4, "kernel_size": 3}},
                                   {"class_name": "Conv2D", "config": {"filters": 2, "kernel_size": 3}}])");
    EXPECT_EQ(shapeOf(opened.project, "conv2d"), "not known");
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("'conv2d'"));
}

TEST(KerasJson, MissingProducersAreNotedAndTheRestIsRead) {
    const Opened opened = read(R"({"class_name": "Model", "config": {"layers": [
      {"class_name": "Conv1D", "name": "c", "config": {"filters": 2, "kernel_size": 3}, "inbound_nodes": [[["gone", 0, 0, {}]]]}]}})");
    EXPECT_THAT(opened.notes, testing::ElementsAre(HasSubstr("'gone', which is not in the model")));
    EXPECT_NE(opened.project.graph.findByName("c"), nullptr);
}

TEST(KerasJson, EmptyProjectIsNotWritten) {
    const Result<std::string> written = kerasJson(graph::Project{});
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().text(), HasSubstr("no layer"));
}

TEST(KerasJson, PrefixesAndDamageNeverCrash) {
    for (std::size_t length = 0; length + 1 < kKeras3.size(); length += 7)
        EXPECT_FALSE(readProject(kKeras3.substr(0, length)));
    std::mt19937 random(5);
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = kKeras3;
        for (int flips = 0; flips < 2; ++flips) damaged[random() % damaged.size()] = static_cast<char>(random() % 128);
        if (const Result<Opened> opened = readProject(damaged)) static_cast<void>(kerasJson(opened->project));
    }
}

}  // namespace
}  // namespace shapewise::io
