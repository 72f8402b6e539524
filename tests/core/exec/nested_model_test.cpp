#include "core/exec/weights.h"
#include "small_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

using namespace testing;  // small graphs
using tensor::Tensor;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;

const layers::LayerType& type(std::string_view className) { return *layers::findLayer(className); }

/// Two inputs, two layers, two ends.
SmallGraph twoBranches() {
    SmallGraph body;
    const NodeId left = body.input("left", {-1, 4});
    const NodeId right = body.input("right", {-1, 6});
    const NodeId narrow = body.add(type("Dense"), "narrow", {right});
    body.set(narrow, "units", 4);
    const NodeId again = body.add(type("Dense"), "again", {narrow});
    body.set(again, "units", 4);
    body.add(type("Add"), "sum", {left, again});
    body.add(type("Multiply"), "product", {left, again});
    return body;
}

NodeId nest(SmallGraph& outer, const std::string& name, const graph::Graph& body, const std::vector<NodeId>& from) {
    const NodeId id = outer.add(type("Functional"), name, from);
    auto node = std::make_shared<graph::Node>(*outer.project().graph.find(id));
    node->body = std::make_shared<const graph::Graph>(body);
    outer.project().graph.put(node);
    return id;
}

Tensor ramp(tensor::Extents extents, float first) {
    Tensor values(std::move(extents));
    for (std::int64_t index = 0; index < values.count(); ++index)
        values.data()[index] = first + 0.25F * static_cast<float>(index);
    return values;
}

/// The same weights as a loaded set, by the names a nested model gives its layers.
std::shared_ptr<const graph::WeightSet> denseWeights(std::int64_t inputs, const std::string& layer) {
    const layers::WeightSpec kernel{"kernel", {inputs, 4}};
    auto set = std::make_shared<graph::WeightSet>();
    set->push_back({"kernel", initialWeight(kernel, 0, layer, 0)});
    set->push_back({"bias", Tensor(tensor::Extents{4}, 0.0F)});
    return set;
}

void load(graph::Graph& graph, std::string_view name, std::shared_ptr<const graph::WeightSet> weights) {
    auto node = std::make_shared<graph::Node>(*graph.findByName(name));
    node->weights = std::move(weights);
    graph.put(node);
}

TEST(NestedModelRun, GivesTheValuesOfTheFlatModel) {
    SmallGraph flat = twoBranches();
    load(flat.project().graph, "narrow", denseWeights(6, "model/narrow"));
    load(flat.project().graph, "again", denseWeights(4, "model/again"));
    RunRequest flatRequest = flat.request();
    const auto left = std::make_shared<const Tensor>(ramp({2, 4}, -1.0F));
    const auto right = std::make_shared<const Tensor>(ramp({2, 6}, 0.5F));
    flatRequest.inputs = {{flat.project().graph.findByName("left")->id, left},
                          {flat.project().graph.findByName("right")->id, right}};
    const RunReport expected = runAll(flatRequest);

    SmallGraph outer;
    const NodeId a = outer.input("a", {-1, 4});
    const NodeId b = outer.input("b", {-1, 6});
    const NodeId model = nest(outer, "model", twoBranches().project().graph, {a, b});
    RunRequest request = outer.request();
    request.inputs = {{a, left}, {b, right}};
    const RunReport report = runAll(request);
    ASSERT_EQ(report.nodes.at(model).problem, "");
    ASSERT_EQ(report.nodes.at(model).outputs.size(), 2U);
    for (std::size_t port = 0; port < 2; ++port) {
        const NodeId end = flat.project().graph.findByName(port == 0 ? "sum" : "product")->id;
        EXPECT_THAT(report.nodes.at(model).outputs[port]->values(),
                    ElementsAreArray(expected.nodes.at(end).outputs[0]->values()));
    }
}

TEST(NestedModelRun, ComputesWithTheWeightsLoadedInside) {
    SmallGraph inner;
    const NodeId x = inner.input("x", {-1, 2});
    const NodeId dense = inner.add(type("Dense"), "dense", {x});
    inner.set(dense, "units", 1);
    auto set = std::make_shared<graph::WeightSet>();
    set->push_back({"kernel", Tensor({2, 1}, 2.0F)});
    set->push_back({"bias", Tensor(tensor::Extents{1}, 1.0F)});
    load(inner.project().graph, "dense", set);

    SmallGraph outer;
    const NodeId in = outer.input("in", {-1, 2});
    const NodeId model = nest(outer, "model", inner.project().graph, {in});
    RunRequest request = outer.request();
    request.inputs[in] = std::make_shared<const Tensor>(Tensor({1, 2}, 3.0F));
    const RunReport report = runAll(request);
    ASSERT_EQ(report.nodes.at(model).problem, "");
    EXPECT_FLOAT_EQ(report.nodes.at(model).outputs[0]->data()[0], 13.0F);
}

TEST(NestedModelRun, FurtherCallsUseTheSameWeights) {
    SmallGraph inner;
    const NodeId x = inner.input("x", {-1, 3});
    const NodeId dense = inner.add(type("Dense"), "dense", {x});
    inner.set(dense, "units", 3);

    SmallGraph outer;
    const NodeId in = outer.input("in", {-1, 3});
    const NodeId model = nest(outer, "model", inner.project().graph, {in});
    const NodeId second = nest(outer, "model_1", inner.project().graph, {in});
    const NodeId stranger = nest(outer, "stranger", inner.project().graph, {in});
    auto shared = std::make_shared<graph::Node>(*outer.project().graph.find(second));
    shared->sharesLayerOf = model;
    outer.project().graph.put(shared);
    const RunReport report = runAll(outer.request());
    const auto& values = report.nodes.at(model).outputs.at(0)->values();
    EXPECT_THAT(report.nodes.at(second).outputs.at(0)->values(), ElementsAreArray(values));
    EXPECT_THAT(report.nodes.at(stranger).outputs.at(0)->values(), Not(ElementsAreArray(values)));
}

TEST(NestedModelRun, SaysWhichLayerInsideFailed) {
    SmallGraph inner;
    const NodeId x = inner.input("x", {-1, 3});
    const NodeId custom = inner.add(type("Custom"), "own", {x});
    inner.set(custom, "output_shape", Value::list({3}));

    SmallGraph outer;
    const NodeId in = outer.input("in", {-1, 3});
    const NodeId model = nest(outer, "model", inner.project().graph, {in});
    EXPECT_THAT(runAll(outer.request()).nodes.at(model).problem, HasSubstr("'own'"));
}

TEST(NestedModelRun, StopsAtALayerNobodyKnowsAndSaysWhich) {
    SmallGraph inner;
    const NodeId x = inner.input("x", {-1, 3});
    const NodeId custom = inner.add(type("Custom"), "own", {x});
    inner.set(custom, "class_name", "Stranger");

    SmallGraph outer;
    const NodeId in = outer.input("in", {-1, 3});
    const NodeId model = nest(outer, "model", inner.project().graph, {in});
    const NodeId behind = outer.add(type("Activation"), "behind", {model});
    outer.set(behind, "activation", "relu");
    const RunReport report = runAll(outer.request());
    EXPECT_THAT(report.nodes.at(model).problem, HasSubstr("Stranger"));
    EXPECT_EQ(report.nodes.at(behind).problem, "waits for model");
    EXPECT_TRUE(report.nodes.at(behind).outputs.empty());
}

}  // namespace
}  // namespace shapewise::exec
