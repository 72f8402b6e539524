#include "core/edit/inside.h"

#include "core/edit/builders.h"
#include "core/infer/analysis.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/nested_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::edit {
namespace {

using testing::HasSubstr;

/// Two heads behind one Input, given in the order right, left.
graph::Project twoHeads() {
    const Result<io::Opened> opened = io::readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "x", "type": "InputLayer", "settings": {"shape": [8]}},
      {"name": "heads", "type": "Functional", "inputs": ["x"], "settings": {"inputs": ["in"], "outputs": [["right", 0], ["left", 0]]},
       "body": {"nodes": [
        {"name": "in", "type": "InputLayer", "settings": {"shape": [8]}},
        {"name": "left", "type": "Dense", "settings": {"units": 5}, "inputs": ["in"]},
        {"name": "right", "type": "Dense", "settings": {"units": 3}, "inputs": ["in"]}]}}]})");
    EXPECT_TRUE(opened);
    return opened->project;
}

NodeId inner(const graph::Project& project, std::string_view name) {
    return project.graph.findByName("heads")->body->findByName(name)->id;
}

graph::Project after(const graph::Project& project, Edit edit) {
    const NodeId group = project.graph.findByName("heads")->id;
    const Result<Applied> applied = apply(project, enclosed(std::move(edit), std::array{group}));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().text());
    return applied ? applied->project : project;
}

std::string outputs(const graph::Project& project) {
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const infer::NodeAnalysis& result = analysis[project.graph.findByName("heads")->id];
    std::string text;
    for (std::size_t port = 0; port < result.outputCount(); ++port) text += result.outputAt(port)->shape.text();
    return text;
}

TEST(EditInside, RenamingKeepsTheOrderOfInputsAndOutputs) {
    graph::Project project = twoHeads();
    EXPECT_EQ(outputs(project), "(None, 3)(None, 5)");
    project = after(project, renameNode(inner(project, "right"), "a"));
    project = after(project, renameNode(inner(project, "in"), "b"));
    EXPECT_EQ(outputs(project), "(None, 3)(None, 5)");
    EXPECT_EQ(project.graph.findByName("heads")->setting("inputs")->text(), Value(ValueList{Value("b")}).text());
}

TEST(EditInside, AnOutputThatFeedsANewLayerHandsItsPlaceOn) {
    graph::Project project = twoHeads();
    auto dense =
        layers::makeNode(*layers::findLayer("Dense"), project.graph.findByName("heads")->body->nextId(), "more");
    dense->set("units", 7);
    project = after(project, addNodeBehind(dense, {}, inner(project, "right")));
    EXPECT_EQ(outputs(project), "(None, 7)(None, 5)");
}

TEST(EditInside, ARemovedOutputLeavesItsPlaceToWhatIsBeforeItOrGoes) {
    graph::Project project = twoHeads();
    auto dense =
        layers::makeNode(*layers::findLayer("Dense"), project.graph.findByName("heads")->body->nextId(), "more");
    dense->set("units", 7);
    project = after(project, addNodeBehind(dense, {}, inner(project, "right")));
    project =
        after(project, removeNodes(*project.graph.findByName("heads")->body, std::vector{inner(project, "more")}));
    EXPECT_EQ(outputs(project), "(None, 3)(None, 5)");
    project =
        after(project, removeNodes(*project.graph.findByName("heads")->body, std::vector{inner(project, "right")}));
    EXPECT_EQ(outputs(project), "(None, 5)");
}

TEST(EditInside, IsRefusedWhereThereIsNoGraphAndLeavesAllAsItWas) {
    const graph::Project project = twoHeads();
    const NodeId x = project.graph.findByName("x")->id;
    const auto refused = apply(project, enclosed(Edit{"Edit", "", {}}, std::array{x}));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("x has no graph inside"));
    EXPECT_FALSE(apply(project, enclosed(Edit{"Edit", "", {}}, std::array{NodeId(77)})));
    const NodeId group = project.graph.findByName("heads")->id;
    EXPECT_FALSE(apply(project, enclosed(renameNode(inner(project, "left"), "right"), std::array{group})));
}

TEST(EditInside, TouchesTheModelOnlyWhenItsGraphChanged) {
    const graph::Project project = twoHeads();
    const NodeId group = project.graph.findByName("heads")->id;
    const Edit move{"Move", "", {MoveNode{inner(project, "left"), {5, 5, false}}}};
    const auto moved = apply(project, enclosed(move, std::array{group}));
    ASSERT_TRUE(moved);
    EXPECT_TRUE(moved->touched.nodes.empty());
    EXPECT_FALSE(moved->touched.isEmpty());
    EXPECT_EQ(moved->project.graph.findByName("heads"), project.graph.findByName("heads"));
    const auto nothing = apply(project, enclosed(renameNode(inner(project, "left"), "left"), std::array{group}));
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->touched.isEmpty());
}

TEST(EditInside, MergesOnlyInOnePlace) {
    const Edit edit = setParameter(NodeId(1), "filters", Value(3));
    const Edit here = enclosed(edit, std::array{NodeId(4)});
    const Edit there = enclosed(edit, std::array{NodeId(5)});
    EXPECT_NE(here.mergeKey, there.mergeKey);
    EXPECT_NE(here.mergeKey, edit.mergeKey);
    EXPECT_EQ(here.label, edit.label);
}

}  // namespace
}  // namespace shapewise::edit
