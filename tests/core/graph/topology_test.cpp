#include "core/graph/topology.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::graph {

using toys::GraphMaker;
using toys::names;

namespace {

/// a -> b -> c -> d, made in the order d, c, b, a.
GraphMaker backwards() {
    GraphMaker maker;
    for (const char* name : {"d", "c", "b"}) maker.add(toys::grow(), name);
    maker.add(toys::source(), "a");
    maker.link("a", "b");
    maker.link("b", "c");
    maker.link("c", "d");
    return maker;
}

/// input -> x -> y -> z -> x, z -> behind; aside on its own.
GraphMaker looped() {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    for (const char* name : {"x", "y", "z"}) maker.add(toys::merge(), name);
    maker.add(toys::grow(), "behind", {"z"});
    maker.add(toys::source(), "aside");
    maker.link("input", "x");
    maker.link("x", "y");
    maker.link("y", "z");
    maker.link("z", "x");
    return maker;
}

}  // namespace

TEST(TopologicalOrder, PutsProducersFirst) {
    const GraphMaker maker = backwards();
    EXPECT_EQ(names(maker.project.graph, topologicalOrder(maker.project.graph).nodes), "a b c d");
}

TEST(TopologicalOrder, KeepsTheOrderOfIdsWhereItMay) {
    GraphMaker maker;
    maker.add(toys::source(), "one");
    maker.add(toys::source(), "two");
    maker.add(toys::grow(), "three", {"one"});
    EXPECT_EQ(names(maker.project.graph, topologicalOrder(maker.project.graph).nodes), "one two three");
}

TEST(TopologicalOrder, SetsNodesOnAndBehindLoopsApart) {
    const GraphMaker maker = looped();
    const TopologicalOrder order = topologicalOrder(maker.project.graph);
    EXPECT_EQ(names(maker.project.graph, order.nodes), "input aside");
    EXPECT_EQ(names(maker.project.graph, order.inLoops), "x y z behind");
}

TEST(TopologicalOrder, CountsTwoLinksBetweenTheSameNodes) {
    GraphMaker maker;
    maker.add(toys::merge(), "sum");
    maker.add(toys::source(), "a");
    maker.link("a", "sum");
    maker.link("a", "sum");
    EXPECT_EQ(names(maker.project.graph, topologicalOrder(maker.project.graph).nodes), "a sum");
}

TEST(TopologicalOrder, PassesOverRemovedNodesAndLinksThatLeadNowhere) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::grow(), "b", {"a"});
    maker.project.graph.erase(maker.id("a"));
    EXPECT_EQ(names(maker.project.graph, topologicalOrder(maker.project.graph).nodes), "b");
}

TEST(TopologicalOrder, OrdersAHundredThousandNodesInARow) {
    GraphMaker maker;
    maker.add(toys::source(), "0");
    for (int index = 1; index < 100000; ++index) {
        auto node = toys::node(toys::grow(), maker.project.graph.nextId(), std::to_string(index));
        node->inputs = {{NodeId(node->id.value - 1), 0, 0}};
        maker.project.graph.put(node);
    }
    EXPECT_EQ(topologicalOrder(maker.project.graph).nodes.size(), 100000u);
    EXPECT_EQ(components(maker.project.graph, topologicalOrder(maker.project.graph).nodes).size(), 100000u);
    EXPECT_FALSE(wouldCloseLoop(maker.project.graph, NodeId(0), NodeId(99999)));
    EXPECT_TRUE(wouldCloseLoop(maker.project.graph, NodeId(99999), NodeId(0)));
}

TEST(Components, FindTheLoopAndWhatIsBehindIt) {
    const GraphMaker maker = looped();
    const auto found = components(maker.project.graph, topologicalOrder(maker.project.graph).inLoops);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(names(maker.project.graph, found[0]), "x y z");
    EXPECT_EQ(names(maker.project.graph, found[1]), "behind");
}

TEST(Path, IsAShortestWayAlongTheFlow) {
    GraphMaker maker = backwards();
    EXPECT_EQ(names(maker.project.graph, path(maker.project.graph, maker.id("a"), maker.id("d"))), "a b c d");
    EXPECT_TRUE(path(maker.project.graph, maker.id("d"), maker.id("a")).empty());
    EXPECT_TRUE(path(maker.project.graph, maker.id("a"), maker.id("a")).empty());
}

TEST(WouldCloseLoop, IsTrueForANodeAndItselfAndAgainstTheFlow) {
    const GraphMaker maker = backwards();
    EXPECT_TRUE(wouldCloseLoop(maker.project.graph, maker.id("b"), maker.id("b")));
    EXPECT_TRUE(wouldCloseLoop(maker.project.graph, maker.id("d"), maker.id("b")));
    EXPECT_FALSE(wouldCloseLoop(maker.project.graph, maker.id("a"), maker.id("d")));
}

TEST(LoopThrough, ListsTheLoopOnceFromTheNodeAsked) {
    const GraphMaker maker = looped();
    EXPECT_EQ(names(maker.project.graph, loopThrough(maker.project.graph, maker.id("y"))), "y z x");
    EXPECT_TRUE(loopThrough(maker.project.graph, maker.id("behind")).empty());
}

TEST(UpstreamOf, ListsEachNodeOnceNearestFirst) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::grow(), "b", {"a"});
    maker.add(toys::merge(), "c", {"a", "b"});
    maker.add(toys::grow(), "d", {"c"});
    EXPECT_EQ(names(maker.project.graph, upstreamOf(maker.project.graph, maker.id("d"))), "c a b");
    EXPECT_TRUE(upstreamOf(maker.project.graph, maker.id("a")).empty());
}

TEST(LinksFrom, ListsEveryLinkOfAProducer) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::source(), "other");
    maker.add(toys::merge(), "sum", {"a", "other", "a"});
    EXPECT_EQ(linksFrom(maker.project.graph, maker.id("a")),
              (std::vector<LinkPlace>{{maker.id("sum"), 0}, {maker.id("sum"), 2}}));
}

}  // namespace shapewise::graph
