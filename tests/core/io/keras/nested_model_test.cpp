#include "core/diag/renderer.h"
#include "core/infer/cost.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/io/report/report_text.h"
#include "core/io/report/run_json.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/diagnose.h"
#include "tests/support/nested_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

/// A model with a Sequential and a two-headed Functional inside; the Functional is called twice.
const std::string kModel = R"({"class_name": "Functional", "config": {"name": "outer", "layers": [
  {"class_name": "InputLayer", "name": "image", "config": {"batch_shape": [null, 28, 28, 1], "name": "image"}, "inbound_nodes": []},
  {"class_name": "Sequential", "name": "encoder", "config": {"name": "encoder", "layers": [
     {"class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1], "name": "inside"}},
     {"class_name": "Conv2D", "config": {"name": "conv1", "filters": 4, "kernel_size": [3, 3]}},
     {"class_name": "Flatten", "config": {"name": "flat"}}]},
   "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 28, 28, 1], "dtype": "float32", "keras_history": ["image", 0, 0]}}], "kwargs": {}}]},
  {"class_name": "Functional", "name": "heads", "config": {"name": "heads", "trainable": false, "layers": [
     {"class_name": "InputLayer", "name": "b", "config": {"batch_shape": [null, 2704], "name": "b"}, "inbound_nodes": []},
     {"class_name": "InputLayer", "name": "a", "config": {"batch_shape": [null, 2704], "name": "a"}, "inbound_nodes": []},
     {"class_name": "Dense", "name": "left", "config": {"name": "left", "units": 5}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["a", 0, 0]}}], "kwargs": {}}]},
     {"class_name": "Dense", "name": "right", "config": {"name": "right", "units": 3}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["b", 0, 0]}}], "kwargs": {}}]}],
     "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["right", 0, 0], ["left", 0, 0]]},
   "inbound_nodes": [
     {"args": [[{"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["encoder", 0, 0]}}, {"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["encoder", 0, 0]}}]], "kwargs": {}},
     {"args": [[{"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["encoder", 0, 0]}}, {"class_name": "__keras_tensor__", "config": {"shape": [null, 2704], "dtype": "float32", "keras_history": ["encoder", 0, 0]}}]], "kwargs": {}}]}],
  "input_layers": [["image", 0, 0]], "output_layers": [["heads", 1, 0], ["heads", 1, 1], ["heads", 2, 0]]}})";

Opened read(const std::string& text) {
    Result<Opened> opened = readProject(text);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? std::move(*opened) : Opened{};
}

std::string shapesOf(const graph::Project& project, std::string_view name) {
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const infer::NodeAnalysis& result = analysis[project.graph.findByName(name)->id];
    std::string text;
    for (std::size_t port = 0; port < result.outputCount(); ++port)
        text += (port == 0 ? "" : ", ") + result.outputAt(port)->shape.text();
    return text;
}

/// What the project file says of a graph, without places.
std::string graphText(const graph::Project& project) {
    std::string text;
    const Value file = *parseJson(projectJson(project));
    for (const Value& node : file.find("nodes")->asList())
        for (const auto& [key, member] : node.asDict())
            if (key != "at") text += key + ": " + jsonText(member) + "\n";
    return text;
}

TEST(NestedModels, AreReadWithTheirShapes) {
    const Opened opened = read(kModel);
    EXPECT_THAT(opened.notes, testing::IsEmpty());
    EXPECT_EQ(opened.project.graph.findByName("encoder")->type, layers::findLayer("Sequential"));
    EXPECT_EQ(shapesOf(opened.project, "encoder"), "(None, 2704)");
    EXPECT_EQ(shapesOf(opened.project, "heads"), "(None, 3), (None, 5)");
    EXPECT_EQ(shapesOf(opened.project, "heads_1"), "(None, 3), (None, 5)");
}

TEST(NestedModels, CountTheirParametersOnce) {
    const graph::Project project = read(kModel).project;
    const infer::Costs costs = infer::costsOf(project.graph, infer::Analysis::of(project.graph));
    const std::int64_t heads = 2704 * 5 + 5 + 2704 * 3 + 3;
    EXPECT_EQ(costs.nodes[project.graph.findByName("encoder")->id.value].parameters->total, 40);
    EXPECT_EQ(costs.nodes[project.graph.findByName("heads")->id.value].parameters->total, heads);
    EXPECT_EQ(costs.nodes[project.graph.findByName("heads")->id.value].parameters->trainable, 0);
    EXPECT_EQ(costs.parameters.total, 40 + heads);
    EXPECT_THAT(summaryText(project, infer::Analysis::of(project.graph)), HasSubstr("(None, 3), (None, 5)"));
}

TEST(NestedModels, AreSummarisedWithTheirLayers) {
    const graph::Project project = test::nestedProject();
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const std::string text = summaryText(project, analysis);
    EXPECT_THAT(text, HasSubstr("\n  conv1 "));
    EXPECT_THAT(text, HasSubstr("\n    pool "));
    EXPECT_THAT(text, HasSubstr("(None, 26, 26, 4)"));
    const Value json = *parseJson(summaryJson(project, analysis));
    const Value& encoder = json.find("nodes")->asList()[2];
    ASSERT_NE(encoder.find("layers"), nullptr);
    EXPECT_EQ(encoder.find("layers")->asList().size(), 4u);
    EXPECT_EQ(json.find("nodes")->asList()[0].find("layers"), nullptr);
}

TEST(NestedModels, SeeOfTheInputWhatTheirLayersSeeOneBehindTheOther) {
    const graph::Project project = test::nestedProject();
    auto graph = project.graph;
    const auto conv = [&](std::string_view name, NodeId from) {
        auto node = layers::makeNode(*layers::findLayer("Conv2D"), graph.nextId(), std::string(name));
        node->set("filters", 2);
        node->set("kernel_size", Value::list({3, 3}));
        node->inputs = {{from, 0, 0}};
        graph.put(node);
        return node->id;
    };
    // The body without the Flatten at its end, between two convolutions.
    auto encoder = std::make_shared<graph::Node>(*graph.findByName("encoder"));
    auto body = std::make_shared<graph::Graph>(*encoder->body);
    body->erase(body->findByName("flat")->id);
    auto first = std::make_shared<graph::Node>(*body->findByName("inside"));
    first->set("shape", Value::list({26, 26, 2}));
    body->put(first);
    auto block = std::make_shared<graph::Node>(*body->findByName("block"));
    auto inner = std::make_shared<graph::Graph>(*block->body);
    auto x = std::make_shared<graph::Node>(*inner->findByName("x"));
    x->set("shape", Value::list({24, 24, 4}));
    inner->put(x);
    block->body = inner;
    body->put(block);
    encoder->body = body;
    encoder->inputs = {{conv("before", graph.findByName("image")->id), 0, 0}};
    graph.put(encoder);
    const NodeId behind = conv("behind", encoder->id);
    const infer::Analysis analysis = infer::Analysis::of(graph);
    ASSERT_TRUE(analysis[behind].isKnown());
    const infer::Costs costs = infer::costsOf(graph, analysis);
    EXPECT_EQ(costs.nodes[encoder->id.value].field.text(), "6 × 6, step 2, from 0");  // 3, 3, pooled by 2
    EXPECT_EQ(costs.nodes[behind.value].field.text(), "10 × 10, step 2, from 0");
}

TEST(NestedModels, CountTheMemoryOfAllTheirLayers) {
    const graph::Project project = test::nestedProject();
    const infer::Costs costs = infer::costsOf(project.graph, infer::Analysis::of(project.graph));
    const std::int64_t numbers = 26 * 26 * 4 + 2 * 13 * 13 * 4 + 676;  // conv1, pool and act, flat
    EXPECT_EQ(costs.nodes[project.graph.findByName("encoder")->id.value].activationBytes, numbers * 4);
}

TEST(NestedModels, AreWrittenAsCodeWithTheirInputsAndOutputsInOrder) {
    const Result<std::string> code = kerasCode(read(kModel).project, {});
    ASSERT_TRUE(code) << code.error().text();
    EXPECT_THAT(*code, HasSubstr("heads_model = keras.Model(inputs=[a, b], outputs=[right, left], name=\"heads\")"));
    EXPECT_THAT(*code, HasSubstr("encoder_model = keras.Model(inputs=inside, outputs=flat, name=\"encoder\")"));
    EXPECT_THAT(*code, HasSubstr("model = keras.Model(inputs=image, outputs=[heads[0], heads[1], heads_1[0]])"));
}

TEST(NestedModels, AreWrittenAsCodeWithoutUsingANameTwice) {
    const Result<Opened> opened = readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "x", "type": "InputLayer", "settings": {"shape": [4]}},
      {"name": "a", "type": "Functional", "inputs": ["x"], "body": {"nodes": [
        {"name": "x", "type": "InputLayer", "settings": {"shape": [4]}},
        {"name": "d", "type": "Dense", "settings": {"units": 2}, "inputs": ["x"]}]}},
      {"name": "b", "type": "Functional", "inputs": ["a"], "body": {"nodes": [
        {"name": "x", "type": "InputLayer", "settings": {"shape": [2]}},
        {"name": "a_model", "type": "Dense", "settings": {"units": 3}, "inputs": ["x"]}]}}]})");
    ASSERT_TRUE(opened);
    const Result<std::string> code = kerasCode(opened->project, {});
    ASSERT_TRUE(code) << code.error().text();
    std::set<std::string> assigned;
    std::istringstream lines(*code);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (equals == std::string::npos) continue;
        EXPECT_TRUE(assigned.insert(line.substr(0, equals)).second) << line;
    }
}

TEST(NestedModels, StayWhatTheyAreInAProjectFile) {
    const graph::Project project = read(kModel).project;
    const graph::Project again = read(projectJson(project)).project;
    EXPECT_EQ(graphText(again), graphText(project));
    EXPECT_EQ(shapesOf(again, "heads"), "(None, 3), (None, 5)");
}

TEST(NestedModels, StayWhatTheyAreInAKerasFile) {
    const graph::Project project = read(kModel).project;
    const Result<std::string> written = kerasJson(project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(graphText(read(*written).project), graphText(project));
    EXPECT_EQ(*kerasJson(read(*written).project), *written);
}

TEST(NestedModels, WithoutAnInputAreFedByWhatIsBeforeThem) {
    const std::string text = R"({"class_name": "Sequential", "config": {"name": "outer", "layers": [
      {"class_name": "InputLayer", "config": {"batch_shape": [null, 6], "name": "x"}},
      {"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 3}}]}}]}})";
    const Opened opened = read(text);
    EXPECT_THAT(opened.notes, testing::IsEmpty());
    EXPECT_EQ(shapesOf(opened.project, "inner"), "(None, 3)");
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(shapesOf(read(*written).project, "inner"), "(None, 3)");
}

TEST(NestedModels, MayStandInAWrapper) {
    const std::string text = R"({"class_name": "Sequential", "config": {"name": "outer", "layers": [
      {"class_name": "InputLayer", "config": {"batch_shape": [null, 5, 8, 1], "name": "x"}},
      {"class_name": "TimeDistributed", "config": {"name": "each", "layer": {"class_name": "Sequential", "config": {"name": "inner", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 1], "name": "step"}},
        {"class_name": "Conv1D", "config": {"name": "c", "filters": 4, "kernel_size": 3}},
        {"class_name": "Flatten", "config": {"name": "f"}}]}}}}]}})";
    const Opened opened = read(text);
    EXPECT_THAT(opened.notes, testing::IsEmpty());
    EXPECT_EQ(shapesOf(opened.project, "each"), "(None, 5, 24)");
    const graph::Node* each = opened.project.graph.findByName("each");
    EXPECT_EQ(layers::parameterCount(*each, infer::Analysis::of(opened.project.graph).inputTypes(*each))->total, 16);
    EXPECT_EQ(shapesOf(read(projectJson(opened.project)).project, "each"), "(None, 5, 24)");
    const Result<std::string> written = kerasJson(opened.project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(shapesOf(read(*written).project, "each"), "(None, 5, 24)");
}

TEST(NestedModels, AreRepairedInside) {
    std::string text = kModel;
    const std::string kernel = R"("kernel_size": [3, 3])";
    text.replace(text.find(kernel), kernel.size(), R"("kernel_size": [30, 30])");
    const graph::Project project = read(text).project;
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const std::vector<diag::Diagnostic> found = mistakes::diagnose(project, analysis);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].code, diag::Code::NestedLayer);
    EXPECT_THAT(diag::Renderer::standard().message(found[0]), HasSubstr("conv1"));
    ASSERT_FALSE(found[0].fixes.empty());
    EXPECT_THAT(diag::Renderer::standard().text(found[0].fixes[0].title), testing::StartsWith("Inside encoder: "));
    const Result<edit::Applied> applied = edit::apply(project, found[0].fixes[0].edit);
    ASSERT_TRUE(applied);
    EXPECT_EQ(infer::Analysis::of(applied->project.graph)[project.graph.findByName("encoder")->id].state,
              infer::State::Known);
}

TEST(NestedModels, MayDeclareInsideWhatTheyAreGiven) {
    std::string text = kModel;
    const std::string declared = R"("batch_shape": [null, 28, 28, 1], "name": "inside")";
    text.replace(text.find(declared), declared.size(), R"("batch_shape": [null, 20, 20, 1], "name": "inside")");
    const graph::Project project = read(text).project;
    const std::vector<diag::Diagnostic> found = mistakes::diagnose(project, infer::Analysis::of(project.graph));
    ASSERT_FALSE(found.empty());
    EXPECT_THAT(diag::Renderer::standard().message(found[0]), HasSubstr("(None, 20, 20, 1)"));
    ASSERT_FALSE(found[0].fixes.empty());
    const Result<edit::Applied> applied = edit::apply(project, found[0].fixes[0].edit);
    ASSERT_TRUE(applied);
    EXPECT_EQ(shapesOf(applied->project, "encoder"), "(None, 2704)");
}

}  // namespace
}  // namespace shapewise::io
