// Sizes that Input nodes leave open, and what later layers demand of them.
#include "core/exec/open_sizes.h"

#include "core/io/files/files.h"
#include "small_graph.h"

#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

using testing::SmallGraph;

struct Layer {
    const char* className;
    ValueDict settings;
};

/// An Input and a chain of layers; five strides of 2 are "Conv2D" five times.
SmallGraph chain(const std::vector<std::int64_t>& input, const std::vector<Layer>& layers) {
    SmallGraph graph;
    NodeId last = graph.input("in", input);
    int number = 0;
    for (const Layer& layer : layers) {
        last = graph.add(*layers::findLayer(layer.className), "layer" + std::to_string(++number), {last});
        for (const auto& [key, value] : layer.settings) graph.set(last, key, value);
    }
    return graph;
}

Layer halving() { return {"Conv2D", {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}}}; }
Layer pool() { return {"MaxPooling2D", {{"pool_size", 2}}}; }
Layer reshape(std::initializer_list<std::int64_t> sizes) { return {"Reshape", {{"target_shape", Value::list(sizes)}}}; }

struct Demand {
    const char* what;
    std::vector<std::int64_t> input;
    std::vector<Layer> layers;
    const char* shape;
    const char* note;
};

class Demands : public ::testing::TestWithParam<Demand> {};

TEST_P(Demands, AreSolvedFor) {
    SmallGraph graph = chain(GetParam().input, GetParam().layers);
    const Plan plan = makePlan(graph.request());
    EXPECT_EQ(plan.nodes.front().outputs.front().shape.text(), GetParam().shape);
    EXPECT_EQ(plan.nodes.front().note, GetParam().note);
    for (const PlannedNode& node : plan.nodes) EXPECT_EQ(node.problem, "") << node.node->name;
}

INSTANTIATE_TEST_SUITE_P(
    OpenSizes, Demands,
    ::testing::ValuesIn(std::vector<Demand>{
        {"NoDemandRunsAsSixteen", {-1, -1, -1, 3}, {halving()}, "(1, 16, 16, 3)", "unknown sizes run as 16"},
        {"ALargeKernel",
         {-1, -1, 1},
         {{"Conv1D", {{"filters", 1}, {"kernel_size", 20}}}},
         "(1, 32, 1)",
         "unknown sizes run as 32, the smallest power of two with which all layers work (layer1 takes no smaller one)"},
        {"AReshapeBehindFiveStrides",
         {-1, -1, -1, 3},
         {halving(), halving(), halving(), halving(), halving(), reshape({13, 13, 4})},
         "(1, 416, 416, 3)",
         "unknown sizes run as 416, which layer6 asks for"},
        {"AReshapeThatIsNotSquare",
         {-1, -1, -1, 3},
         {halving(), halving(), reshape({6, 10, 2, 2})},
         "(1, 24, 40, 3)",
         "unknown sizes run as 24 and 40, which layer3 asks for"},
        {"ATargetThatIsNotSquare",
         {-1, -1, -1, 3},
         {halving(), halving(), {"Target", {{"shape", Value::list({6, 10, 4})}}}},
         "(1, 24, 40, 3)",
         "unknown sizes run as 24 and 40, which layer3 asks for"},
        {"ATarget",
         {-1, -1, -1, 1},
         {pool(), pool(), {"Target", {{"shape", Value::list({7, 7, 1})}}}},
         "(1, 28, 28, 1)",
         "unknown sizes run as 28, which layer3 asks for"},
        {"BelowSixteen",
         {-1, -1, -1, 3},
         {reshape({5, 5, 3})},
         "(1, 5, 5, 3)",
         "unknown sizes run as 5, which layer1 asks for"},
        {"ASmallPower", {-1, -1, 1}, {reshape({8, 1})}, "(1, 8, 1)", "unknown sizes run as 8, which layer1 asks for"},
    }),
    [](const auto& row) { return row.param.what; });

TEST(OpenSizes, LoadedWeightsBehindFlattenDemandTheSizeTheyWereMadeFor) {
    SmallGraph graph = chain({-1, -1, -1, 1}, {pool(), pool(), {"Flatten", {}}, {"Dense", {{"units", 10}}}});
    auto weights = std::make_shared<graph::WeightSet>();
    weights->push_back({"kernel", tensor::Tensor({49, 10}, 0.5F)});
    weights->push_back({"bias", tensor::Tensor({10}, 0.0F)});
    const NodeId dense = graph.project().graph.findByName("layer4")->id;
    auto loaded = std::make_shared<graph::Node>(*graph.project().graph.find(dense));
    loaded->weights = weights;
    graph.project().graph.put(loaded);
    const Plan plan = makePlan(graph.request());
    EXPECT_EQ(plan.nodes.front().outputs.front().shape.text(), "(1, 28, 28, 1)");
    EXPECT_EQ(plan.nodes.front().note, "unknown sizes run as 28, which layer4 asks for");
}

TEST(OpenSizes, ADemandInsideANestedModelIsSolvedForToo) {
    const Result<io::Opened> opened =
        io::openProject(std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/guesses/unknown-size-from-reshape.json");
    ASSERT_TRUE(opened) << opened.error().text();
    RunRequest request;
    request.project = opened->project;
    const RunReport report = testing::runAll(request);
    for (const auto& [id, node] : report.nodes) EXPECT_EQ(node.problem, "");
    EXPECT_EQ(report.nodes.begin()->second.note, "unknown sizes run as 416, which r asks for");
    // a part of it runs with the sizes of the whole
    request.only = {NodeId(0)};
    const Plan part = makePlan(request);
    ASSERT_EQ(part.nodes.size(), 1U);
    EXPECT_EQ(part.nodes.front().outputs.front().shape.text(), "(1, 416, 416, 3)");
}

TEST(OpenSizes, ALayerThatNoSizeHelpsIsNoReasonToSearch) {
    SmallGraph graph = chain({-1, -1, -1, 3}, {{"Conv1D", {{"filters", 4}, {"kernel_size", 3}}}});
    const Plan plan = makePlan(graph.request());
    EXPECT_EQ(plan.nodes.front().note, "unknown sizes run as 16");
}

TEST(OpenSizes, OneNameIsOneSizeInAllInputs) {
    SmallGraph graph;
    const NodeId a = graph.input("a", {-1, -1});
    const NodeId b = graph.input("b", {-1, -1});
    for (const NodeId id : {a, b}) graph.set(id, "batch_shape", Value(ValueList{Value(), Value("T")}));
    const NodeId joined = graph.add(*layers::findLayer("Concatenate"), "joined", {a, b});
    const NodeId shaped = graph.add(*layers::findLayer("Reshape"), "shaped", {joined});
    graph.set(shaped, "target_shape", Value::list({5, 2}));
    const Plan plan = makePlan(graph.request());
    EXPECT_EQ(plan.find(a)->outputs.front().shape.text(), "(1, 5)");
    EXPECT_EQ(plan.find(b)->outputs.front().shape.text(), "(1, 5)");
}

}  // namespace
}  // namespace shapewise::exec
