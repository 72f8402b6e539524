#include "core/exec/not_finite.h"

#include "core/graph/topology.h"
#include "small_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <limits>

namespace shapewise::exec {
namespace {

using namespace testing;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TensorPtr array(tensor::Extents extents, std::vector<float> values) {
    return std::make_shared<const tensor::Tensor>(std::move(extents), std::span<const float>(values));
}

TEST(NotFinite, IsCountedForEachNodeAndTheFirstIsNamed) {
    SmallGraph graph;
    const NodeId good = graph.input("good", {-1, 2});
    const NodeId bad = graph.input("bad", {-1, 2});
    const NodeId scaled = graph.add(scaleLayer(), "scaled", {bad});
    const NodeId sum = graph.add(sumLayer(), "sum", {good, scaled});
    RunRequest request = graph.request();
    request.inputs[good] = array({2, 2}, {1.0F, 2.0F, 3.0F, 4.0F});
    request.inputs[bad] = array({2, 2}, {1.0F, kNaN, kInfinity, -kInfinity});
    ActivationStore store;
    for (const bool isReused : {false, true}) {
        SCOPED_TRACE(isReused);
        const RunReport report = runAll(request, store);
        EXPECT_FALSE(report.nodes.at(good).notFinite.any());
        for (const NodeId id : {bad, scaled, sum}) {
            EXPECT_EQ(report.nodes.at(id).notFinite.notANumber, 1);
            EXPECT_EQ(report.nodes.at(id).notFinite.infinite, 2);
            EXPECT_EQ(report.nodes.at(id).notFinite.startsHere, id == bad);
        }
        EXPECT_EQ(notFiniteStarts(report, graph::topologicalOrder(request.project.graph).nodes),
                  std::vector<NodeId>{bad});
        EXPECT_EQ(notFiniteText(report.nodes.at(bad)),
                  "1 NaN and 2 infinite of 4 values, the first at [0, 1]; they start here");
        EXPECT_EQ(notFiniteText(report.nodes.at(sum)), "1 NaN and 2 infinite of 4 values, the first at [0, 1]");
        EXPECT_EQ(notFiniteText(report.nodes.at(good)), "");
    }
}

TEST(NotFinite, ThatALayerMakesOfFiniteNumbersStartsAtTheLayer) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, 1});
    const NodeId twice = graph.add(scaleLayer(), "twice", {in});
    const NodeId fourfold = graph.add(scaleLayer(), "fourfold", {twice});
    RunRequest request = graph.request();
    request.inputs[in] = array({1, 1}, {3e38F});
    const RunReport report = runAll(request);
    EXPECT_FALSE(report.nodes.at(in).notFinite.any());
    EXPECT_TRUE(report.nodes.at(twice).notFinite.startsHere);
    EXPECT_FALSE(report.nodes.at(fourfold).notFinite.startsHere);
    EXPECT_EQ(report.nodes.at(fourfold).notFinite.infinite, 1);
}

TEST(Picture, ItsColoursAreKnownThroughLayersThatKeepThem) {
    SmallGraph graph;
    const NodeId colour = graph.input("colour", {-1, 8, 8, 3});
    const NodeId first = graph.input("first", {-1, 3, 8, 8});
    const NodeId grey = graph.input("grey", {-1, 8, 8, 1});
    const NodeId many = graph.input("many", {-1, 8, 8, 5});
    const NodeId pooled = graph.add(*layers::findLayer("MaxPooling2D"), "pooled", {colour});
    const NodeId conv = graph.add(*layers::findLayer("Conv2D"), "conv", {colour});
    graph.set(conv, "filters", 3);
    graph.set(conv, "kernel_size", 3);
    const RunReport report = runAll(graph.request());
    EXPECT_TRUE(report.nodes.at(colour).isPicture);
    EXPECT_TRUE(report.nodes.at(first).isPicture);
    EXPECT_TRUE(report.nodes.at(pooled).isPicture);
    EXPECT_FALSE(report.nodes.at(grey).isPicture);
    EXPECT_FALSE(report.nodes.at(many).isPicture);
    EXPECT_FALSE(report.nodes.at(conv).isPicture) << report.nodes.at(conv).problem;
}

}  // namespace
}  // namespace shapewise::exec
