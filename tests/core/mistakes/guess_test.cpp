// Layers nobody knows, and nodes whose file is not there: what is an error, what a remark, and what nothing.
#include "tests/core/mistakes/model.h"

#include "core/infer/cost.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/report/report_json.h"
#include "core/io/report/report_text.h"
#include "core/io/report/run_json.h"
#include "core/layers/framework/catalog.h"
#include "tests/core/layers/valid_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Model opened(const std::string& name) {
    Result<io::Opened> file = io::openProject(std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/guesses/" + name);
    EXPECT_TRUE(file) << (file ? "" : file.error().text());
    return Model(file ? file->project : graph::Project());
}

Value memberOf(const Value& nodes, std::string_view name, std::string_view key) {
    for (const Value& node : nodes.asList())
        if (node.find("name")->asText() == name) return node.find(key) != nullptr ? *node.find(key) : Value("absent");
    return "no such node";
}

TEST(UnknownLayer, IsNoErrorInFrontOfAnyLayer) {
    layers::Random random(11);
    for (const layers::LayerType* type : layers::allLayers()) {
        if (type->inputs.empty() || type->isOpaque) continue;
        for (int draw = 0; draw < 5; ++draw) {
            const layers::ValidLayer valid = layers::validLayer(random, *type);
            if (valid.inputs.empty()) continue;
            Model model;
            std::vector<NodeId> inputs;
            for (std::size_t index = 0; index < valid.inputs.size(); ++index) {
                model.add("InputLayer", "in" + std::to_string(index), {{"shape", Value::list({3})}}, {});
                inputs.push_back(model.add("Custom", "own" + std::to_string(index), {{"class_name", "Stranger"}}));
            }
            auto node = std::make_shared<graph::Node>(*valid.node);
            node->id = model.project().graph.nextId();
            node->name = "layer";
            node->inputs.clear();
            for (std::size_t slot = 0; slot < inputs.size(); ++slot)
                node->inputs.push_back(
                    {inputs[slot], 0, static_cast<std::uint16_t>(std::min(slot, type->inputs.size() - 1))});
            std::vector<const tensor::TensorType*> types;
            for (const tensor::TensorType& input : valid.inputs) types.push_back(&input);
            layers::InferContext context(layers::Params(*node), types, node->inputs, node.get());
            if (!layers::inferLayer(context)) continue;
            const NodeId id = node->id;
            model.project().graph.put(node);
            const bool leadsOn = !type->outputs.empty();
            const NodeId behind =
                model.add("Conv2D", "behind", {{"filters", 4}, {"kernel_size", 3}}, {leadsOn ? id : inputs.front()});
            EXPECT_THAT(problems(model.diagnose()), IsEmpty()) << type->className;
            const infer::Analysis analysis = model.analysis();
            EXPECT_FALSE(analysis[behind].refusals) << type->className;
        }
    }
}

TEST(UnknownLayer, CountsNoParametersAndTotalsSayAtLeast) {
    const Model model = opened("custom-params-0.json");
    const infer::Analysis analysis = model.analysis();
    const Result<Value> summary = io::parseJson(io::summaryJson(model.project(), analysis));
    ASSERT_TRUE(summary);
    EXPECT_TRUE(memberOf(*summary->find("nodes"), "bias_1", "parameters").isNone());
    EXPECT_EQ(memberOf(*summary->find("nodes"), "bias_1", "guessed"), Value(true));
    EXPECT_EQ(memberOf(*summary->find("nodes"), "d", "guessed"), Value("absent"));
    EXPECT_TRUE(summary->find("parameters")->isNone());
    EXPECT_EQ(*summary->find("at_least")->find("parameters"), Value(16));
    EXPECT_EQ(*summary->find("complete"), Value(false));
    EXPECT_EQ(*summary->find("guessed"), Value(true));
    const Result<Value> check =
        io::parseJson(io::checkReportJson(model.project(), analysis, mistakes::diagnose(model.project(), analysis)));
    ASSERT_TRUE(check);
    EXPECT_TRUE(memberOf(*check->find("nodes"), "bias_1", "parameters").isNone());
    EXPECT_EQ(*check->find("complete"), Value(false));
    const std::string text = io::summaryText(model.project(), analysis);
    EXPECT_THAT(text, HasSubstr("Parameters        at least 16 (64 B)"));
    EXPECT_THAT(text, HasSubstr("Multiply-adds     at least 12 for one sample"));
}

TEST(UnknownLayer, WhatFollowsIsMarkedAndSaysOnlyWhatIsCertain) {
    const Model model = opened("custom-shape-guess.json");
    EXPECT_EQ(model.shapeOf("ps"), "not known");
    EXPECT_EQ(model.shapeOf("c2"), "(None, None, None, 4)");
    EXPECT_THAT(problems(model.diagnose()), IsEmpty());
    const infer::Analysis analysis = model.analysis();
    const NodeId last = model.project().graph.findByName("c2")->id;
    EXPECT_TRUE(analysis[last].output.guessed);
    EXPECT_FALSE(analysis[model.project().graph.findByName("c")->id].output.guessed);
    EXPECT_THAT(io::summaryText(model.project(), analysis), HasSubstr("≈ (None, None, None, 4)"));
}

TEST(UnknownLayer, AValidModelOfKeras2HasNoErrors) {
    EXPECT_THAT(problems(opened("locally_connected_valid.json").diagnose()), IsEmpty());
}

TEST(UnknownLayer, ADeclaredShapeIsAFactAndItsParametersAreStillNotKnown) {
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list({8, 8, 3})}});
    const NodeId own = model.add("Custom", "own", {{"class_name", "X"}, {"output_shape", Value::list({16, 16, 2})}});
    const NodeId conv = model.add("Conv2D", "conv", {{"filters", 4}, {"kernel_size", 3}});
    const infer::Analysis analysis = model.analysis();
    EXPECT_EQ(analysis[conv].output.shape.text(), "(None, 14, 14, 4)");
    EXPECT_FALSE(analysis[conv].output.guessed);
    const infer::Costs costs = infer::costsOf(model.project().graph, analysis);
    EXPECT_FALSE(costs[own].parameters);
    EXPECT_FALSE(costs.knowsParameters);
    EXPECT_EQ(costs.parameters.total, 4 * (9 * 2 + 1));
}

TEST(UnknownLayer, TheOutputAConfigNamesIsAGuessThatRefusesNothing) {
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list({8})}});
    model.add("Custom", "own",
              {{"class_name", "Lambda"}, {"config", ValueDict{{"output_shape", Value::list({5, 6})}}}});
    const NodeId dense = model.add("Dense", "dense", {{"units", 4}});
    model.add("Conv2D", "conv", {{"filters", 4}, {"kernel_size", 3}});
    model.add("Reshape", "reshape", {{"target_shape", Value::list({7})}}, {dense});
    EXPECT_EQ(model.shapeOf("own"), "(None, 5, 6)");
    EXPECT_EQ(model.shapeOf("dense"), "(None, 5, 4)");
    EXPECT_TRUE(model.analysis()[dense].output.guessed);
    EXPECT_THAT(problems(model.diagnose()), IsEmpty());
}

TEST(UnknownLayer, FurtherOutputsOfOneAreNotKnownEither) {
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list({8})}});
    const NodeId own = model.add("Custom", "own", {{"class_name", "X"}, {"output_shape", Value::list({4})}});
    model.add("LSTM", "lstm", {{"units", 4}}, {});
    auto node = std::make_shared<graph::Node>(*model.project().graph.findByName("lstm"));
    node->inputs = {{own, 2, 0}};
    model.project().graph.put(node);
    EXPECT_THAT(problems(model.diagnose()), IsEmpty());
    EXPECT_EQ(model.shapeOf("lstm"), "(None, 4)");
}

TEST(UnknownLayer, InsideANestedModelItLeavesTheOutsideUnknownAndItsCountPartly) {
    graph::Graph inner;
    const auto put = [&](std::string_view className, const char* name, Settings settings, std::vector<NodeId> from) {
        const auto node = layers::makeNode(*layers::findLayer(className), inner.nextId(), name);
        for (const auto& [key, value] : settings) node->set(key, value);
        for (const NodeId id : from) node->inputs.push_back({id, 0, 0});
        const NodeId id = node->id;
        inner.put(node);
        return id;
    };
    const NodeId x = put("InputLayer", "x", {{"shape", Value::list({8, 8, 3})}}, {});
    const NodeId conv = put("Conv2D", "conv", {{"filters", 2}, {"kernel_size", 1}}, {x});
    const NodeId own = put("Custom", "own", {{"class_name", "Stranger"}}, {conv});
    put("GlobalAveragePooling2D", "pool", {}, {own});
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list({8, 8, 3})}});
    const NodeId nested = model.add("Functional", "nested");
    auto node = std::make_shared<graph::Node>(*model.project().graph.find(nested));
    node->body = std::make_shared<graph::Graph>(inner);
    model.project().graph.put(node);
    model.add("Dense", "dense", {{"units", 4}}, {nested});
    EXPECT_EQ(model.shapeOf("nested"), "(None, None)");
    EXPECT_EQ(model.shapeOf("dense"), "(None, 4)");
    EXPECT_THAT(problems(model.diagnose()), IsEmpty());
    const infer::Costs costs = infer::costsOf(model.project().graph, model.analysis());
    EXPECT_FALSE(costs.knowsParameters);
    EXPECT_EQ(costs.parameters.total, 8);
}

TEST(UnknownLayer, IsPointedOutWithTheNearestKnownName) {
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list({8})}});
    model.add("Custom", "own", {{"class_name", "Flaten"}});
    const std::vector<diag::Diagnostic> found = model.diagnose();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().code, diag::Code::UnknownLayer);
    EXPECT_EQ(found.front().severity, diag::Severity::Hint);
    EXPECT_NE(findFix(found.front(), "use-flatten"), nullptr);
}

TEST(UnknownLayer, ErrorsThatRestOnNothingGuessedStay) {
    Model model;
    const NodeId a = model.add("InputLayer", "a", {{"shape", Value::list({8})}}, {});
    const NodeId b = model.add("InputLayer", "b", {{"shape", Value::list({9})}}, {});
    const NodeId own = model.add("Custom", "own", {{"class_name", "X"}}, {a});
    model.add("Add", "add", {}, {a, own, b});
    model.add("Dense", "dense", {{"units", -3}}, {own});
    EXPECT_THAT(problems(model.diagnose()), ElementsAre("merge-mismatch 3", "parameter-range 4"));
}

// ---- files

struct MissingFile {
    const char* what;
    ValueDict settings;
    diag::Code code;
    diag::Severity severity;
};

class DataNode : public testing::TestWithParam<MissingFile> {};

TEST_P(DataNode, WithoutItsFileAsksForOne) {
    Model model;
    Settings settings;
    for (const auto& [key, value] : GetParam().settings) settings.emplace_back(key, value);
    model.add("ArrayFile", "data", settings);
    model.add("Dense", "dense", {{"units", 4}});
    const std::vector<diag::Diagnostic> found = model.diagnose();
    ASSERT_EQ(found.size(), 1U) << report(model);
    EXPECT_EQ(found.front().code, GetParam().code);
    EXPECT_EQ(found.front().severity, GetParam().severity);
    EXPECT_EQ(found.front().parameter, "path");
    ASSERT_FALSE(found.front().fixes.empty());
    const diag::Fix& first = found.front().fixes.front();
    EXPECT_EQ(wordsOf(first.title), "Choose file…");
    ASSERT_TRUE(first.file);
    EXPECT_EQ(first.file->node, found.front().node);
    EXPECT_EQ(first.file->parameter, "path");
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, DataNode,
    testing::ValuesIn(std::vector<MissingFile>{
        {"NotChosenYet", {}, diag::Code::FileNotChosen, diag::Severity::Hint},
        {"EmptyPath", {{"path", ""}}, diag::Code::FileNotChosen, diag::Severity::Hint},
        {"GoneAndNoShape", {{"path", "a.npy"}}, diag::Code::FileMissing, diag::Severity::Error},
        {"GoneAndNoShapeAfterALook",
         {{"path", "a.npy"}, {"file_problem", "is not there"}},
         diag::Code::FileMissing,
         diag::Severity::Error},
        {"UnreadableAndNoShape",
         {{"path", "a.npy"}, {"file_problem", "a.npy is cut off"}},
         diag::Code::FileUnreadable,
         diag::Severity::Error},
        {"GoneButItsShapeIsRemembered",
         {{"path", "a.npy"}, {"known_shape", Value::list({6, 3})}, {"file_problem", "is not there"}},
         diag::Code::FileMissing,
         diag::Severity::Warning},
        {"UnreadableButItsShapeIsRemembered",
         {{"path", "a.npy"}, {"known_shape", Value::list({6, 3})}, {"file_problem", "a.npy may not be read"}},
         diag::Code::FileUnreadable,
         diag::Severity::Warning},
    }),
    [](const auto& row) { return row.param.what; });

}  // namespace
}  // namespace shapewise::mistakes
