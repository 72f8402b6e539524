#include "core/io/files/files.h"

#include "core/layers/framework/catalog.h"
#include "core/layers/framework/older.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

graph::Project read(const std::string& nodes) {
    const Result<Opened> opened = readProject(R"({"format": "shapewise", "version": 1, "nodes": [)" + nodes + "]}");
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? opened->project : graph::Project{};
}

std::string code(const graph::Project& project, const std::vector<NodeId>& only = {}) {
    const Result<std::string> text = kerasCode(project, only);
    EXPECT_TRUE(text) << (text ? "" : text.error().text());
    return text ? *text : std::string();
}

TEST(KerasCode, ChainIsASequential) {
    const graph::Project project =
        read(R"({"name": "data", "type": "Sample", "settings": {"shape": [20, 1], "batch_size": 100}},
      {"name": "conv1d", "type": "Conv1D", "settings": {"filters": 32, "kernel_size": 3, "activation": "relu"}, "inputs": ["data"]},
      {"name": "flat", "type": "Flatten", "inputs": ["conv1d"]}, {"name": "note", "type": "Note", "settings": {"text": "x"}})");
    EXPECT_EQ(code(project),
              "import keras\nfrom keras import layers\n\n"
              "model = keras.Sequential([\n"
              "    keras.Input(shape=(20, 1), name=\"data\"),\n"
              "    layers.Conv1D(32, 3, activation=\"relu\"),\n"
              "    layers.Flatten(name=\"flat\"),\n"
              "])\n");
}

const std::string kBranches = R"({"name": "a", "type": "InputLayer", "settings": {"shape": [8, 8, 3]}},
      {"name": "b b", "type": "InputLayer", "settings": {"shape": [8, 8, 3]}},
      {"name": "class", "type": "Conv2D", "settings": {"filters": 4, "kernel_size": [3, 3], "padding": "same"}, "inputs": ["a"]},
      {"name": "again", "type": "Conv2D", "settings": {"filters": 4, "kernel_size": [3, 3], "padding": "same"}, "inputs": ["b b"], "shares": "class"},
      {"name": "add", "type": "Add", "inputs": ["class", "again"]})";

TEST(KerasCode, BranchesAndSharedLayersAreFunctional) {
    EXPECT_EQ(code(read(kBranches)),
              "import keras\nfrom keras import layers\n\n"
              "a = keras.Input(shape=(8, 8, 3), name=\"a\")\n"
              "b_b = keras.Input(shape=(8, 8, 3), name=\"b b\")\n"
              "class_layer_layer = layers.Conv2D(4, (3, 3), padding=\"same\", name=\"class\")\n"
              "class_layer = class_layer_layer(a)\n"
              "again = class_layer_layer(b_b)\n"
              "add = layers.Add()([class_layer, again])\n"
              "\nmodel = keras.Model(inputs=[a, b_b], outputs=add)\n");
}

TEST(KerasCode, SelectionGetsInputsForWhatFeedsIt) {
    const graph::Project project = read(kBranches);
    const std::string text = code(project, {project.graph.findByName("add")->id});
    EXPECT_THAT(text, HasSubstr("class_layer = keras.Input(shape=(8, 8, 4), name=\"class\")"));
    EXPECT_THAT(text, HasSubstr("add = layers.Add()([class_layer, again])"));
}

TEST(KerasCode, UnknownLayersAreNamed) {
    const graph::Project project = read(R"({"name": "a", "type": "InputLayer", "settings": {"shape": [8]}},
      {"name": "x", "type": "Hyper", "settings": {"depth": 3}, "declared_shape": [8], "inputs": ["a"]})");
    EXPECT_THAT(code(project), HasSubstr("# Hyper is not part of Keras"));
    EXPECT_THAT(code(project), HasSubstr("Hyper(depth=3, name=\"x\")"));
}

TEST(KerasCode, LayersThatKeras3DroppedAreTheirSuccessorsOrRefusedByName) {
    const std::string input = R"({"name": "a", "type": "InputLayer", "settings": {"shape": [8, 3]}},)";
    const auto old = [&](const std::string& type, const std::string& settings) {
        return read(input + R"({"name": "old", "type": ")" + type + R"(", "settings": )" + settings +
                    R"(, "inputs": ["a"]})");
    };
    EXPECT_THAT(code(old("CuDNNGRU", R"({"units": 4})")), HasSubstr("layers.GRU(4, name=\"old\")"));
    EXPECT_THAT(code(old("ThresholdedReLU", "{}")), HasSubstr("layers.ReLU(threshold=1.0, name=\"old\")"));
    const Result<std::string> text = kerasCode(old("LocallyConnected1D", R"({"filters": 2, "kernel_size": 3})"));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().text(),
                HasSubstr("'old' is a LocallyConnected1D of Keras 1 and 2, which Keras 3 dropped"));
}

TEST(KerasCode, TextIsEscaped) {
    const graph::Project project = read(
        R"({"name": "a\"\\\n", "type": "InputLayer", "settings": {"shape": [8]}}, {"name": "d", "type": "Dense", "settings": {"units": 1}, "inputs": ["a\"\\\n"]})");
    EXPECT_THAT(code(project), HasSubstr(R"(name="a\"\\\n")"));
}

TEST(KerasCode, LoopsAndEmptySelectionsAreRefused) {
    const graph::Project loop =
        read(R"({"type": "Conv1D", "name": "a", "inputs": ["b"]}, {"type": "Conv1D", "name": "b", "inputs": ["a"]})");
    EXPECT_THAT(kerasCode(loop).error().text(), HasSubstr("loop"));
    EXPECT_FALSE(kerasCode(graph::Project{}));
    EXPECT_FALSE(kerasCode(read(kBranches), {NodeId(99)}));
}

TEST(KerasCode, EveryLayerOfTheCatalogueGivesPythonThatParses) {
    std::string nodes = R"({"name": "source", "type": "InputLayer", "settings": {"shape": [8]}})";
    graph::Project project = read(nodes);
    for (const layers::LayerType* type : layers::allLayers()) {
        const auto node = layers::makeInitialNode(*type, project.graph.nextId(),
                                                  project.graph.freeName(layers::automaticName(*type)));
        for (std::uint16_t port = 0; port < node->inputPortCount; ++port) node->inputs.push_back({NodeId(0), 0, port});
        const bool isDropped = layers::isOfOlderDialect(*type) && !layers::inKeras3(*node);
        if (!type->isSource() && !isDropped) project.graph.put(node);
    }
    const std::string text = code(project);
    const std::string file = testing::TempDir() + "shapewise_keras_code.py";
    std::ofstream(file) << text;
    EXPECT_EQ(
        std::system(("python3 -c \"import ast,sys; ast.parse(open(sys.argv[1]).read())\" '" + file + "'").c_str()), 0)
        << text;
}

}  // namespace
}  // namespace shapewise::io
