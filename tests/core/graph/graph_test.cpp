#include "core/graph/graph.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::graph {

using toys::GraphMaker;

TEST(Graph, CountsNodesAndGivesEachIdOnce) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    const NodeId second = maker.add(toys::source(), "b");
    maker.project.graph.erase(second);
    EXPECT_EQ(maker.project.graph.nodeCount(), 1u);
    EXPECT_EQ(maker.project.graph.nextId(), NodeId(2));
    EXPECT_EQ(maker.project.graph.find(second), nullptr);
    EXPECT_EQ(maker.project.graph.find(NodeId()), nullptr);
}

TEST(Graph, ErasingTwiceCountsOnce) {
    GraphMaker maker;
    const NodeId id = maker.add(toys::source(), "a");
    maker.project.graph.erase(id);
    maker.project.graph.erase(id);
    EXPECT_EQ(maker.project.graph.nodeCount(), 0u);
}

TEST(Graph, FindsANodeByItsPresentNameOnly) {
    GraphMaker maker;
    const NodeId id = maker.add(toys::source(), "old");
    auto renamed = std::make_shared<Node>(*maker.project.graph.find(id));
    renamed->name = "new";
    maker.project.graph.put(renamed);
    EXPECT_EQ(maker.project.graph.findByName("old"), nullptr);
    ASSERT_NE(maker.project.graph.findByName("new"), nullptr);
    EXPECT_EQ(maker.project.graph.findByName("new")->id, id);
}

TEST(Graph, AChangeLeavesCopiesAsTheyWere) {
    GraphMaker maker;
    const NodeId id = maker.add(toys::source(), "a");
    const Graph copy = maker.project.graph;
    maker.project.graph.erase(id);
    EXPECT_NE(copy.find(id), nullptr);
    EXPECT_NE(copy.findByName("a"), nullptr);
    EXPECT_EQ(maker.project.graph.findByName("a"), nullptr);
}

TEST(GraphFreeName, IsTheWantedOneWhileNobodyHasIt) { EXPECT_EQ(Graph().freeName("conv2d"), "conv2d"); }

TEST(GraphFreeName, CountsUpFromOneAsKerasDoes) {
    GraphMaker maker;
    maker.add(toys::source(), "conv2d");
    EXPECT_EQ(maker.project.graph.freeName("conv2d"), "conv2d_1");
    maker.add(toys::source(), "conv2d_1");
    maker.add(toys::source(), "conv2d_3");
    EXPECT_EQ(maker.project.graph.freeName("conv2d"), "conv2d_2");
}

TEST(GraphFreeName, PassesOverNamesThatAreSpokenFor) {
    GraphMaker maker;
    maker.add(toys::source(), "conv2d");
    EXPECT_EQ(maker.project.graph.freeName("conv2d", {"conv2d_1"}), "conv2d_2");
}

TEST(GraphFreeName, IsFreeAmongThousands) {
    GraphMaker maker;
    maker.add(toys::source(), "x");
    for (int number = 1; number <= 5000; ++number) maker.add(toys::source(), "x_" + std::to_string(number));
    EXPECT_EQ(maker.project.graph.freeName("x"), "x_5001");
}

TEST(GraphSharedLayers, AreListedWithTheOwnerFirst) {
    GraphMaker maker;
    const NodeId other = maker.add(toys::grow(), "other");
    const NodeId owner = maker.add(toys::grow(), "owner");
    const NodeId user = maker.add(toys::grow(), "user");
    auto sharing = std::make_shared<Node>(*maker.project.graph.find(user));
    sharing->sharesLayerOf = owner;
    maker.project.graph.put(sharing);
    EXPECT_EQ(maker.project.graph.nodesSharingLayerOf(user), (std::vector<NodeId>{owner, user}));
    EXPECT_EQ(maker.project.graph.nodesSharingLayerOf(owner), (std::vector<NodeId>{owner, user}));
    EXPECT_EQ(maker.project.graph.nodesSharingLayerOf(other), std::vector<NodeId>{other});
    EXPECT_TRUE(maker.project.graph.nodesSharingLayerOf(NodeId(99)).empty());
}

}  // namespace shapewise::graph
