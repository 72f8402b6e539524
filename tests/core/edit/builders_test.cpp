#include "core/edit/builders.h"
#include "core/edit/labels.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::edit {

using toys::applied;
using toys::GraphMaker;
using toys::inputsOf;

namespace {

/// a -> b -> c; sum takes (a, b, c).
GraphMaker model() {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::grow(), "b", {"a"});
    maker.add(toys::grow(), "c", {"b"});
    maker.add(toys::merge(), "sum", {"a", "b", "c"});
    return maker;
}

std::vector<NodeId> ids(const GraphMaker& maker, std::initializer_list<const char*> nodes) {
    std::vector<NodeId> found;
    for (const char* name : nodes) found.push_back(maker.id(name));
    return found;
}

std::shared_ptr<graph::Node> fresh(const GraphMaker& maker, const char* name = "new") {
    return toys::node(toys::grow(), maker.project.graph.nextId(), name);
}

}  // namespace

TEST(Labels, CountNodesAndWriteParametersInHeaderCapitals) {
    EXPECT_EQ(nodesText(1), "1 Node");
    EXPECT_EQ(nodesText(3), "3 Nodes");
    EXPECT_EQ(parameterText("kernel_size"), "Kernel Size");
}

TEST(AddNodeBehind, FeedsTheNewNode) {
    const GraphMaker maker = model();
    const Edit edit = addNodeBehind(fresh(maker), {}, maker.id("c"));
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, NodeId(4)), "c");
    EXPECT_EQ(edit.label, "Add new");
}

TEST(InsertNodeOnLink, TakesTheLinksPlaceAmongMany) {
    const GraphMaker maker = model();
    const Edit edit = insertNodeOnLink(maker.project.graph, {maker.id("sum"), 1}, fresh(maker), {});
    const graph::Graph graph = applied(maker.project, edit).project.graph;
    EXPECT_EQ(inputsOf(graph, maker.id("sum")), "a new c");
    EXPECT_EQ(inputsOf(graph, NodeId(4)), "b");
    EXPECT_EQ(inputsOf(graph, maker.id("c")), "b");
    EXPECT_EQ(edit.label, "Insert new");
}

TEST(MoveNodeOntoLink, SplicesANodeThatIsThere) {
    GraphMaker maker = model();
    maker.add(toys::grow(), "loose");
    const Edit edit = moveNodeOntoLink(maker.project.graph, {maker.id("b"), 0}, maker.id("loose"), {7.0, 8.0, false});
    const graph::Project after = applied(maker.project, edit).project;
    EXPECT_EQ(inputsOf(after.graph, maker.id("b")), "loose");
    EXPECT_EQ(inputsOf(after.graph, maker.id("loose")), "a");
    EXPECT_EQ(after.canvas.place(maker.id("loose")).x, 7.0);
}

TEST(RemoveNodes, NamesOneAndCountsSeveral) {
    const GraphMaker maker = model();
    EXPECT_EQ(removeNodes(maker.project.graph, ids(maker, {"b"})).label, "Delete b");
    const Edit edit = removeNodes(maker.project.graph, ids(maker, {"b", "c", "b"}));
    EXPECT_EQ(edit.label, "Delete 2 Nodes");
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, maker.id("sum")), "a");
}

TEST(RemoveAndHeal, JoinsTheEndsAcrossAllRemovedNodes) {
    const GraphMaker maker = model();
    const Edit edit = removeAndHeal(maker.project.graph, ids(maker, {"b", "c"}));
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, maker.id("sum")), "a a a");
}

TEST(RemoveAndHeal, KeepsTheOrderOfAMergeLayersLinks) {
    const GraphMaker maker = model();
    const Edit edit = removeAndHeal(maker.project.graph, ids(maker, {"c"}));
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, maker.id("sum")), "a b b");
}

TEST(RemoveAndHeal, LeavesAnInputOpenWhereNothingComesIn) {
    const GraphMaker maker = model();
    const Edit edit = removeAndHeal(maker.project.graph, ids(maker, {"a"}));
    const graph::Graph graph = applied(maker.project, edit).project.graph;
    EXPECT_EQ(inputsOf(graph, maker.id("b")), "");
    EXPECT_EQ(inputsOf(graph, maker.id("sum")), "b c");
}

TEST(ReplaceNodeEdit, CarriesOverWhatIsTaken) {
    GraphMaker maker = model();
    maker.add(toys::grow(), "d", {"c"}, {{"by", 3}, {"note", "text"}});
    auto replacement = toys::node(toys::pair(), maker.id("d"), "pair");
    const Edit edit = replaceNode(maker.project.graph, replacement, "Toy Pair", [](const graph::Setting& setting) {
        return setting.key == "by" ? std::optional(setting.value) : std::nullopt;
    });
    const graph::Graph graph = applied(maker.project, edit).project.graph;
    EXPECT_EQ(*graph.findByName("pair")->setting("by"), Value(3));
    EXPECT_EQ(graph.findByName("pair")->setting("note"), nullptr);
    EXPECT_EQ(inputsOf(graph, maker.id("d")), "c");
    EXPECT_EQ(edit.label, "Replace With Toy Pair");
}

TEST(MoveLink, KeepsTheSlotWhenOnlyTheProducerChanges) {
    const GraphMaker maker = model();
    const Edit edit = moveLink(maker.project.graph, {maker.id("sum"), 1}, {maker.id("a"), 0, 0}, maker.id("sum"));
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, maker.id("sum")), "a a c");
}

TEST(MoveLink, PutsTheLinkDownAtAnotherNode) {
    const GraphMaker maker = model();
    const Edit edit = moveLink(maker.project.graph, {maker.id("sum"), 2}, {maker.id("a"), 0, 0}, maker.id("c"));
    const graph::Graph graph = applied(maker.project, edit).project.graph;
    EXPECT_EQ(inputsOf(graph, maker.id("sum")), "a b");
    EXPECT_EQ(inputsOf(graph, maker.id("c")), "a");
}

TEST(ConnectAndDisconnect, SayWhatTheyDo) {
    const GraphMaker maker = model();
    EXPECT_EQ(connect(maker.project.graph, {maker.id("a"), 0, 0}, maker.id("c")).label, "Connect a to c");
    const Edit edit = disconnect(maker.project.graph, {maker.id("sum"), 0});
    EXPECT_EQ(edit.label, "Remove Link");
    EXPECT_EQ(inputsOf(applied(maker.project, edit).project.graph, maker.id("sum")), "b c");
}

TEST(MoveNodes, MovesAllByTheSameAmountAndMergesPerSelection) {
    GraphMaker maker = model();
    maker.project.canvas.setPlace(maker.id("b"), {10.0, 10.0, true});
    const Edit edit = moveNodes(maker.project, ids(maker, {"a", "b"}), 5, -5);
    const graph::Canvas canvas = applied(maker.project, edit).project.canvas;
    EXPECT_EQ(canvas.place(maker.id("a")), (graph::CanvasPlace{5.0, -5.0, false}));
    EXPECT_EQ(canvas.place(maker.id("b")), (graph::CanvasPlace{15.0, 5.0, true}));
    EXPECT_EQ(edit.label, "Move 2 Nodes");
    EXPECT_NE(edit.mergeKey, moveNodes(maker.project, ids(maker, {"a"}), 5, -5).mergeKey);
}

TEST(SetParameterEdit, MergesPerField) {
    const Edit edit = setParameter(NodeId(3), "kernel_size", Value(5));
    EXPECT_EQ(edit.label, "Set Kernel Size");
    EXPECT_EQ(edit.mergeKey, setParameter(NodeId(3), "kernel_size", Value(6)).mergeKey);
    EXPECT_NE(edit.mergeKey, setParameter(NodeId(4), "kernel_size", Value(6)).mergeKey);
    EXPECT_EQ(setParameter(NodeId(3), "kernel_size", std::nullopt).label, "Reset Kernel Size");
}

}  // namespace shapewise::edit
