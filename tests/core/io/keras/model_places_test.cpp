// Where models stand in files, and models at the head of others.

#include "core/graph/node.h"
#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"

#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

/// "name: Class shape <- inputs", a line for each node; the inside of a model indented below it.
std::string linesOf(const graph::Graph& graph, const std::string& indent = "") {
    const infer::Analysis analysis = infer::Analysis::of(graph);
    std::string lines;
    graph.forEach([&](const graph::Node& node) {
        const tensor::TensorType* type = analysis[node.id].outputAt(0);
        lines += indent + node.name + ": " + std::string(node.type->className) + " " +
                 (type != nullptr ? type->shape.text() : "not known");
        for (const graph::Link& link : node.inputs) lines += " <- " + graph.find(link.from)->name;
        lines += "\n";
        if (node.body) lines += linesOf(*node.body, indent + "  ");
    });
    return lines;
}

/// The same of a text, with what was noted.
std::string read(const std::string& text) {
    const Result<Opened> opened = readProject(text);
    if (!opened) return opened.error().text();
    std::string lines = linesOf(opened->project.graph);
    for (const std::string& note : opened->notes) lines += "note: " + note + "\n";
    return lines;
}

const std::string kBase = R"({"name": "base", "layers": [
  {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8], "name": "in1"}, "name": "in1", "inbound_nodes": []},
  {"class_name": "Dense", "config": {"name": "a", "units": 8}, "name": "a", "inbound_nodes": [[["in1", 0, 0, {}]]]},
  {"class_name": "Add", "config": {"name": "add"}, "name": "add", "inbound_nodes": [[["in1", 0, 0, {}], ["a", 0, 0, {}]]]}],
  "input_layers": [["in1", 0, 0]], "output_layers": [["add", 0, 0]]})";
const std::string kOut = R"({"class_name": "Dense", "config": {"name": "out", "units": 3}})";

std::string layer(const std::string& className, const std::string& config) {
    return R"({"class_name": ")" + className + R"(", "config": )" + config + "}";
}

const std::string kBaseInside =
    "  in1: InputLayer (None, 8)\n  a: Dense (None, 8) <- in1\n  add: Add (None, 8) <- in1 <- a\n";
const std::string kBaseAndOut = "base_input: InputLayer (None, 8)\nbase: Functional (None, 8) <- base_input\n" +
                                kBaseInside + "out: Dense (None, 3) <- base\n";

TEST(ModelsAtTheHead, AFunctionalModelAtTheHeadOfASequentialIsOneNodeWithItsOwnWiring) {
    for (const char* className : {"Functional", "Model"}) {
        const std::string layers = "[" + layer(className, kBase) + ", " + kOut + "]";
        EXPECT_EQ(read(layer("Sequential", layers)), kBaseAndOut) << "a list, " << className;
        EXPECT_EQ(read(layer("Sequential", R"({"name": "s", "layers": )" + layers + "}")), kBaseAndOut) << className;
        EXPECT_EQ(read(R"({"modelTopology": )" + layer("Sequential", layers) + R"(, "weightsManifest": []})"),
                  kBaseAndOut)
            << "TensorFlow.js, " << className;
    }
}

TEST(ModelsAtTheHead, TheInputComesFromAnyDepth) {
    const std::string inner = layer("Sequential", R"({"name": "s1", "layers": [)" + layer("Model", kBase) + "]}");
    const std::string middle = layer("Sequential", R"({"name": "s2", "layers": [)" + inner + "]}");
    const std::string lines = read(layer("Sequential", "[" + middle + ", " + kOut + "]"));
    EXPECT_TRUE(lines.starts_with("s2_input: InputLayer (None, 8)\ns2: Sequential (None, 8) <- s2_input\n")) << lines;
    EXPECT_NE(lines.find("out: Dense (None, 3) <- s2\n"), std::string::npos) << lines;
    EXPECT_EQ(lines.find("note"), std::string::npos) << lines;
}

TEST(ModelsAtTheHead, AModelWithoutAShapeGetsItFromTheOneAround) {
    const std::string inner = layer("Sequential", R"({"name": "s1", "layers": [)" + kOut + "]}");
    EXPECT_EQ(read(layer("Sequential", R"({"name": "s", "build_input_shape": [null, 5], "layers": [)" + inner + "]}")),
              "s1_input: InputLayer (None, 5)\ns1: Sequential (None, 3) <- s1_input\n  out: Dense not known\n");
    EXPECT_EQ(read(layer("Sequential", "[" + inner + "]")),
              "s1: Sequential not known\n  out: Dense not known\n"
              "note: 's1' has no input: the file gives no input shape, add an Input before it\n");
}

TEST(WrappedModels, AreFoundInWhateverIsWrappedAroundThem) {
    const std::string model = layer("Functional", kBase);
    const std::string plain = read(model);
    EXPECT_EQ(plain, "in1: InputLayer (None, 8)\na: Dense (None, 8) <- in1\nadd: Add (None, 8) <- in1 <- a\n");
    const std::string wrappers[] = {
        R"({"model_config": )" + model + "}",
        R"({"modelTopology": {"model_config": )" + model + R"(, "keras_version": "2.1.6"}})",
        R"({"keras_model": )" + model + R"(, "epochs": 3})",
        R"({"architecture": )" + model + R"(, "history": [1, 2]})",
        R"({"config": )" + model + R"(, "keras_version": "2.3.1"})",
        R"({"class_name": "Functional", "config": )" + model + "}",
        R"({"model": {"config": )" + kBase + "}}",
        kBase,
        R"({"keras_model": )" + jsonText(Value(model)) + "}",
        R"({"attributes": {"model_config": )" + jsonText(Value(model)) + "}}",
    };
    for (const std::string& text : wrappers) EXPECT_EQ(read(text), plain) << text;
}

TEST(WrappedModels, WhatIsInsideAnUnknownClassIsNoModelOfTheFile) {
    EXPECT_NE(read(layer("MyNet", R"({"encoder": )" + layer("Functional", kBase) + "}")).find("MyNet"),
              std::string::npos);
    EXPECT_NE(read(R"({"rows": [{"class_name": "cat"}, {"class_name": "dog"}]})").find("neither a project"),
              std::string::npos);
}

TEST(SpellingsOfNumbers, FlagsAndWholeNumbersAreReadHoweverTheyAreWritten) {
    const auto shapeAfter = [](const std::string& layers) {
        return read(R"({"keras_version": "2.15.0", "class_name": "Sequential", "config": [)" + layers + "]}");
    };
    const std::string input =
        R"({"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 10.0, 4]}})";
    struct Row {
        const char* layer;
        const char* expected;
    };
    const Row rows[] = {
        {R"("Dense", "config": {"name": "x", "units": 4.0, "use_bias": 1})", "Dense (None, 10, 4)"},
        {R"("LSTM", "config": {"name": "x", "units": 4, "return_sequences": 1})", "LSTM (None, 10, 4)"},
        {R"("LSTM", "config": {"name": "x", "units": 4, "return_sequences": 0.0})", "LSTM (None, 4)"},
        {R"("Conv1D", "config": {"name": "x", "filters": 4, "kernel_size": 3.0})", "Conv1D (None, 8, 4)"},
        {R"("Conv1D", "config": {"name": "x", "filters": [4], "kernel_size": [3.0]})", "Conv1D (None, 8, 4)"},
        {R"("ZeroPadding1D", "config": {"name": "x", "padding": [1.0, 2.0]})", "ZeroPadding1D (None, 13, 4)"},
        {R"("Reshape", "config": {"name": "x", "target_shape": [20.0, 2]})", "Reshape (None, 20, 2)"},
        {R"("Reshape", "config": {"name": "x", "target_shape": 40})", "Reshape (None, 40)"},
        {R"("Permute", "config": {"name": "x", "dims": [2.0, 1.0]})", "Permute (None, 4, 10)"},
        {R"("TimeDistributed", "config": {"name": "x", "layer": {"class_name": "Dense", "config": {"units": 3.0, "use_bias": 0}}})",
         "TimeDistributed (None, 10, 3)"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shapeAfter(input + R"(, {"class_name": )" + row.layer + "}"),
                  std::string("i: InputLayer (None, 10, 4)\nx: ") + row.expected + " <- i\n");
}

}  // namespace
}  // namespace shapewise::io
