#include "core/edit/apply.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::edit {

using toys::applied;
using toys::edit;
using toys::GraphMaker;
using toys::inputsOf;
using toys::names;
using toys::refusal;

namespace {

/// conv1 -> conv2 -> conv3.
GraphMaker chain() {
    GraphMaker maker;
    maker.add(toys::grow(), "conv1");
    maker.add(toys::grow(), "conv2", {"conv1"});
    maker.add(toys::grow(), "conv3", {"conv2"});
    return maker;
}

/// twin_a owns a layer that twin_b and twin_c use again.
GraphMaker twins() {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "twin_a", {"input"}, {{"by", 1}});
    for (const char* name : {"twin_b", "twin_c"}) {
        auto twin = toys::node(toys::grow(), maker.project.graph.nextId(), name);
        twin->set("by", 1);
        twin->sharesLayerOf = maker.id("twin_a");
        maker.project.graph.put(twin);
    }
    return maker;
}

std::int64_t by(const graph::Graph& graph, std::string_view name) {
    const Value* value = graph.findByName(name)->setting("by");
    return value != nullptr ? value->asInteger() : 0;
}

}  // namespace

TEST(ApplyAddNode, PutsTheNodeAndItsPlaceIn) {
    const Applied result =
        applied({}, edit({AddNode{toys::node(toys::source(), NodeId(0), "input"), {5.0, 6.0, false}}}));
    ASSERT_NE(result.project.graph.findByName("input"), nullptr);
    EXPECT_EQ(result.project.canvas.place(NodeId(0)).y, 6.0);
    EXPECT_EQ(result.touched.nodes, std::vector<NodeId>{NodeId(0)});
    EXPECT_TRUE(result.touched.wiring);
}

TEST(ApplyAddNode, MakesTheLinksTheNodeBrings) {
    const GraphMaker maker = chain();
    auto node = toys::node(toys::merge(), NodeId(3), "sum");
    node->inputs = {{maker.id("conv3"), 0, 0}, {maker.id("conv1"), 0, 0}};
    const Applied result = applied(maker.project, edit({AddNode{node, {}}}));
    EXPECT_EQ(inputsOf(result.project.graph, NodeId(3)), "conv3 conv1");
}

TEST(ApplyAddNode, RefusesALinkFromANodeThatIsNotThere) {
    auto node = toys::node(toys::grow(), NodeId(0), "conv1");
    node->inputs = {{NodeId(7), 0, 0}};
    EXPECT_EQ(refusal({}, edit({AddNode{node, {}}})), "There is no node to connect from");
}

TEST(ApplyAddNode, RefusesATakenNameAndOffersAFreeOne) {
    const GraphMaker maker = chain();
    const auto result = apply(maker.project, edit({AddNode{toys::node(toys::grow(), NodeId(3), "conv1"), {}}}));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().message, "The name 'conv1' is taken");
    EXPECT_EQ(result.error().advice, "'conv1_1' is free");
}

TEST(ApplyAddNode, RefusesAnIdOutOfTurn) {
    EXPECT_EQ(refusal({}, edit({AddNode{toys::node(toys::grow(), NodeId(4), "conv1"), {}}})),
              "'conv1' has number 4 where 0 is next");
}

TEST(ApplyRemoveNode, TakesTheLinksOfConsumersAway) {
    const GraphMaker maker = chain();
    const Applied result = applied(maker.project, edit({RemoveNode{maker.id("conv2")}}));
    EXPECT_EQ(result.project.graph.findByName("conv2"), nullptr);
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("conv3")), "");
    EXPECT_EQ(names(maker.project.graph, result.touched.nodes), "conv3 conv2");
}

TEST(ApplyRemoveNode, RefusesANodeThatIsNotThere) {
    EXPECT_EQ(refusal({}, edit({RemoveNode{NodeId(3)}})), "There is no node to remove");
}

TEST(ApplyRemoveNode, HandsASharedLayerOnToTheNext) {
    const GraphMaker maker = twins();
    const Applied result = applied(maker.project, edit({RemoveNode{maker.id("twin_a")}}));
    const graph::Graph& graph = result.project.graph;
    EXPECT_EQ(names(graph, graph.nodesSharingLayerOf(maker.id("twin_c"))), "twin_b twin_c");
    EXPECT_FALSE(graph.findByName("twin_b")->sharesLayerOf.isValid());
}

TEST(ApplyReplaceNode, KeepsLinksOnBothSides) {
    const GraphMaker maker = chain();
    const Applied result =
        applied(maker.project, edit({ReplaceNode{toys::node(toys::pair(), maker.id("conv2"), "pair")}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("conv2")), "conv1");
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("conv3")), "pair");
}

TEST(ApplyReplaceNode, KeepsTheFirstOfManyLinksWhereOnePortIsLeft) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::source(), "b");
    maker.add(toys::merge(), "sum", {"a", "b"});
    const Applied result =
        applied(maker.project, edit({ReplaceNode{toys::node(toys::grow(), maker.id("sum"), "conv")}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("sum")), "a");
    EXPECT_TRUE(result.touched.wiring);
}

TEST(ApplyReplaceNode, MovesLinksOfLostPortsToThePortThatTakesMany) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::source(), "b");
    maker.add(toys::pair(), "pair", {"a", "b"});
    const Applied result =
        applied(maker.project, edit({ReplaceNode{toys::node(toys::merge(), maker.id("pair"), "sum")}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("pair")), "a b");
}

TEST(ApplyReplaceNode, OfAnotherTypeLeavesTheSharedLayerToTheOthers) {
    const GraphMaker maker = twins();
    const Applied result =
        applied(maker.project, edit({ReplaceNode{toys::node(toys::pair(), maker.id("twin_a"), "pair")}}));
    EXPECT_EQ(names(result.project.graph, result.project.graph.nodesSharingLayerOf(maker.id("twin_b"))),
              "twin_b twin_c");
}

TEST(ApplyReplaceNode, OfTheSameTypeChangesAllThatShareTheLayer) {
    const GraphMaker maker = twins();
    auto node = toys::node(toys::grow(), maker.id("twin_b"), "twin_b");
    node->set("by", 4);
    const Applied result = applied(maker.project, edit({ReplaceNode{node}}));
    EXPECT_EQ(by(result.project.graph, "twin_a"), 4);
    EXPECT_EQ(by(result.project.graph, "twin_c"), 4);
    EXPECT_EQ(result.project.graph.findByName("twin_b")->sharesLayerOf, maker.id("twin_a"));
}

TEST(ApplySetParameter, SetsAndResets) {
    const GraphMaker maker = chain();
    const Applied set = applied(maker.project, edit({SetParameter{maker.id("conv2"), "by", Value(3)}}));
    EXPECT_EQ(by(set.project.graph, "conv2"), 3);
    EXPECT_FALSE(set.touched.wiring);
    const Applied reset = applied(set.project, edit({SetParameter{maker.id("conv2"), "by", std::nullopt}}));
    EXPECT_EQ(reset.project.graph.findByName("conv2")->setting("by"), nullptr);
}

TEST(ApplySetParameter, ChangesAllThatShareTheLayer) {
    const GraphMaker maker = twins();
    const Applied result = applied(maker.project, edit({SetParameter{maker.id("twin_b"), "by", Value(9)}}));
    for (const char* name : {"twin_a", "twin_b", "twin_c"}) EXPECT_EQ(by(result.project.graph, name), 9) << name;
    EXPECT_EQ(result.touched.nodes.size(), 3u);
}

TEST(ApplySetParameter, ToTheSameValueTouchesNothing) {
    const GraphMaker maker = twins();
    const Applied result = applied(maker.project, edit({SetParameter{maker.id("twin_b"), "by", Value(1)}}));
    EXPECT_TRUE(result.touched.isEmpty());
    EXPECT_TRUE(result.project.graph.sharesAllWith(maker.project.graph));
}

TEST(ApplyRenameNode, RefusesEmptyAndTakenNames) {
    const GraphMaker maker = chain();
    EXPECT_EQ(refusal(maker.project, edit({RenameNode{maker.id("conv1"), ""}})), "A node needs a name");
    EXPECT_EQ(refusal(maker.project, edit({RenameNode{maker.id("conv1"), "conv2"}})), "The name 'conv2' is taken");
}

TEST(ApplyRenameNode, AcceptsTheNodesOwnName) {
    const GraphMaker maker = chain();
    EXPECT_TRUE(applied(maker.project, edit({RenameNode{maker.id("conv1"), "conv1"}})).touched.isEmpty());
}

TEST(ApplyConnect, ReplacesTheLinkOfAPortForOne) {
    const GraphMaker maker = chain();
    const Applied result = applied(maker.project, edit({Connect{{maker.id("conv1"), 0, 0}, maker.id("conv3"), {}}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("conv3")), "conv1");
}

TEST(ApplyConnect, AddsToAPortForManyInTheSlotAskedFor) {
    GraphMaker maker;
    for (const char* name : {"a", "b", "c"}) maker.add(toys::source(), name);
    maker.add(toys::merge(), "sum", {"a", "b"});
    const auto connected = [&](std::optional<std::size_t> slot) {
        const Applied result = applied(maker.project, edit({Connect{{maker.id("c"), 0, 0}, maker.id("sum"), slot}}));
        return inputsOf(result.project.graph, maker.id("sum"));
    };
    EXPECT_EQ(connected(std::nullopt), "a b c");
    EXPECT_EQ(connected(0), "c a b");
    EXPECT_EQ(connected(1), "a c b");
    EXPECT_EQ(connected(99), "a b c");
}

TEST(ApplyConnect, KeepsLinksSortedByPort) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::source(), "b");
    maker.add(toys::pair(), "pair");
    const Applied result = applied(maker.project, edit({Connect{{maker.id("b"), 0, 1}, maker.id("pair"), {}},
                                                        Connect{{maker.id("a"), 0, 0}, maker.id("pair"), {}}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("pair")), "a b>1");
}

TEST(ApplyConnect, RefusesANodeFeedingItself) {
    const GraphMaker maker = chain();
    EXPECT_EQ(refusal(maker.project, edit({Connect{{maker.id("conv2"), 0, 0}, maker.id("conv2"), {}}})),
              "conv2 cannot feed itself");
}

TEST(ApplyConnect, NamesTheLoopALinkWouldClose) {
    const GraphMaker maker = chain();
    EXPECT_EQ(refusal(maker.project, edit({Connect{{maker.id("conv3"), 0, 0}, maker.id("conv1"), {}}})),
              "A link from conv3 to conv1 would close the loop conv1 → conv2 → conv3 → conv1");
}

TEST(ApplyConnect, LeavesTheMiddleOfALongLoopOut) {
    GraphMaker maker;
    maker.add(toys::grow(), "n0");
    for (int index = 1; index < 30; ++index)
        maker.add(toys::grow(), "n" + std::to_string(index), {("n" + std::to_string(index - 1)).c_str()});
    EXPECT_EQ(refusal(maker.project, edit({Connect{{maker.id("n29"), 0, 0}, maker.id("n0"), {}}})),
              "A link from n29 to n0 would close the loop n0 → n1 → n2 → n3 → … → n27 → n28 → n29 → n0");
}

TEST(ApplyConnect, RefusesPortsThatAreNotThere) {
    const GraphMaker maker = twins();
    EXPECT_EQ(refusal(maker.project, edit({Connect{{maker.id("twin_a"), 0, 0}, maker.id("input"), {}}})),
              "input takes no input");
    EXPECT_EQ(refusal(maker.project, edit({Connect{{maker.id("input"), 0, 2}, maker.id("twin_a"), {}}})),
              "twin_a has no input port 3");
}

TEST(ApplyDisconnect, TakesOneOfTwoEqualLinks) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::merge(), "sum", {"a", "a"});
    const Applied result = applied(maker.project, edit({Disconnect{maker.id("sum"), {maker.id("a"), 0, 0}}}));
    EXPECT_EQ(inputsOf(result.project.graph, maker.id("sum")), "a");
}

TEST(ApplyDisconnect, RefusesALinkThatIsNotThere) {
    const GraphMaker maker = chain();
    EXPECT_EQ(refusal(maker.project, edit({Disconnect{maker.id("conv3"), {maker.id("conv1"), 0, 0}}})),
              "There is no link from conv1 to input port 1 of conv3");
}

TEST(ApplyMoveNode, TouchesTheCanvasOnly) {
    const GraphMaker maker = chain();
    const Applied result = applied(maker.project, edit({MoveNode{maker.id("conv1"), {1.0, 2.0, false}}}));
    EXPECT_EQ(result.project.canvas.place(maker.id("conv1")).x, 1.0);
    EXPECT_TRUE(result.touched.nodes.empty());
    EXPECT_TRUE(result.project.graph.sharesAllWith(maker.project.graph));
}

TEST(ApplySetWeights, GivesThemToAllThatShareTheLayer) {
    const GraphMaker maker = twins();
    const auto weights = std::make_shared<const graph::WeightSet>();
    const Applied result = applied(maker.project, edit({SetWeights{maker.id("twin_c"), weights}}));
    for (const char* name : {"twin_a", "twin_b", "twin_c"})
        EXPECT_EQ(result.project.graph.findByName(name)->weights, weights) << name;
}

TEST(ApplyDismiss, RemembersAndForgets) {
    const Applied dismissed = applied({}, edit({Dismiss{"key", true}}));
    EXPECT_TRUE(dismissed.project.dismissed.contains("key"));
    EXPECT_TRUE(dismissed.touched.dismissals);
    EXPECT_TRUE(applied(dismissed.project, edit({Dismiss{"key", false}})).project.dismissed.empty());
}

TEST(ApplySetRunSettings, ReplacesThem) {
    const Applied result = applied({}, edit({SetRunSettings{{4, "sine", 7}}}));
    EXPECT_EQ(result.project.run.batchSize, 4);
    EXPECT_TRUE(result.touched.runSettings);
}

TEST(Apply, LeavesTheProjectAloneWhenALaterStepIsRefused) {
    const GraphMaker maker = chain();
    const graph::Project before = maker.project;
    EXPECT_EQ(refusal(maker.project, edit({RemoveNode{maker.id("conv1")}, RemoveNode{NodeId(77)}})),
              "There is no node to remove");
    EXPECT_TRUE(maker.project.graph.sharesAllWith(before.graph));
}

}  // namespace shapewise::edit
