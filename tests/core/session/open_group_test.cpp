#include "core/diag/renderer.h"
#include "core/edit/builders.h"
#include "core/io/files/files.h"
#include "core/io/project/project_json.h"
#include "core/layers/framework/catalog.h"
#include "core/session/document.h"
#include "tests/support/nested_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

NodeId idOf(const graph::Graph& graph, std::string_view name) {
    const graph::Node* node = graph.findByName(name);
    EXPECT_NE(node, nullptr) << name;
    return node != nullptr ? node->id : NodeId();
}

std::string shape(const Document& document, std::string_view name) {
    return document.shownAnalysis()[idOf(document.shown().graph, name)].output.shape.text();
}

std::string outerShape(const Document& document, std::string_view name) {
    return document.analysis()[idOf(document.graph(), name)].output.shape.text();
}

/// With the encoder open.
Document inEncoder(graph::Project project = test::nestedProject()) {
    Document document(std::move(project));
    const auto opened = document.open({idOf(document.graph(), "encoder")});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return document;
}

edit::Edit set(const Document& document, std::string_view name, std::string key, Value value) {
    return edit::setParameter(idOf(document.shown().graph, name), std::move(key), std::move(value));
}

TEST(OpenGroup, ShowsTheGraphInsideWithItsShapes) {
    Document document = inEncoder();
    EXPECT_EQ(document.shown().graph.nodeCount(), 4u);
    EXPECT_EQ(shape(document, "conv1"), "(None, 26, 26, 4)");
    EXPECT_EQ(shape(document, "flat"), "(None, 676)");
    EXPECT_EQ(document.graph().nodeCount(), 6u);  // the whole stays
    EXPECT_FALSE(document.isModified());
    EXPECT_FALSE(document.history().canUndo());
}

TEST(OpenGroup, OpensGroupsInsideGroups) {
    Document document = inEncoder();
    std::vector<NodeId> path = document.openPath();
    path.push_back(idOf(document.shown().graph, "block"));
    const auto change = document.open(path);
    ASSERT_TRUE(change);
    EXPECT_TRUE(change->replaced);
    EXPECT_TRUE(change->reopened);
    EXPECT_EQ(shape(document, "pool"), "(None, 13, 13, 4)");
}

TEST(OpenGroup, RefusesNodesWithoutAGraph) {
    Document document(test::nestedProject());
    const auto change = document.open({idOf(document.graph(), "classes")});
    ASSERT_FALSE(change);
    EXPECT_THAT(change.error().text(), HasSubstr("classes has no graph inside"));
    EXPECT_TRUE(document.openPath().empty());
}

TEST(OpenGroup, EditsInsideReachTheWholeAndAllCalls) {
    Document document = inEncoder();
    ASSERT_TRUE(document.perform(set(document, "conv1", "filters", 8)));
    EXPECT_EQ(shape(document, "conv1"), "(None, 26, 26, 8)");
    EXPECT_EQ(document.analysis()[idOf(document.graph(), "encoder")].state, infer::State::Conflict);  // x declares 4
    ASSERT_TRUE(document.perform(set(document, "conv1", "filters", 4)));
    ASSERT_TRUE(document.perform(set(document, "conv1", "padding", "same")));
    EXPECT_EQ(document.analysis()[idOf(document.graph(), "encoder")].state, infer::State::Conflict);
    ASSERT_TRUE(document.perform(set(document, "conv1", "padding", "valid")));
    ASSERT_TRUE(document.perform(
        edit::removeAndHeal(document.shown().graph, std::vector{idOf(document.shown().graph, "block")})));
    EXPECT_EQ(shape(document, "flat"), "(None, 2704)");
    EXPECT_EQ(outerShape(document, "encoder"), "(None, 2704)");
    EXPECT_EQ(outerShape(document, "again"), "(None, 2704)");
    EXPECT_EQ(document.graph().findByName("encoder")->body, document.graph().findByName("again")->body);
}

TEST(OpenGroup, UndoAndRedoWorkInsideAndNameTheEdit) {
    Document document = inEncoder();
    const std::string before = io::projectJson(document.project());
    ASSERT_TRUE(document.perform(set(document, "conv1", "use_bias", false)));
    const std::string after = io::projectJson(document.project());
    EXPECT_EQ(document.history().undoLabel(), "Set Use Bias");
    const Change undone = document.undo();
    EXPECT_FALSE(undone.replaced);
    EXPECT_THAT(undone.touched.nodes, ElementsAre(idOf(document.shown().graph, "conv1")));
    EXPECT_EQ(io::projectJson(document.project()), before);
    (void)document.redo();
    EXPECT_EQ(io::projectJson(document.project()), after);
    EXPECT_EQ(document.openPath().size(), 1u);
}

TEST(OpenGroup, UndoOfSomethingOutsideLeadsThere) {
    Document document(test::nestedProject());
    ASSERT_TRUE(document.perform(set(document, "classes", "units", 7)));
    ASSERT_TRUE(document.open({idOf(document.graph(), "encoder")}));
    const Change undone = document.undo();
    EXPECT_TRUE(undone.reopened);
    EXPECT_TRUE(document.openPath().empty());
    EXPECT_EQ(shape(document, "classes"), "(None, 10)");
}

TEST(OpenGroup, UndoOfWhatArrivesIsSeenInside) {
    Document document(test::nestedProject());
    ASSERT_TRUE(document.perform(set(document, "image", "shape", Value::list({20, 28, 1}))));
    ASSERT_TRUE(document.open({idOf(document.graph(), "encoder")}));
    const Change undone = document.undo();
    EXPECT_FALSE(undone.reopened);
    EXPECT_EQ(shape(document, "conv1"), "(None, 26, 26, 4)");
    EXPECT_THAT(undone.touched.nodes,
                testing::Contains(idOf(document.shown().graph, "inside")));  // its values are others
}

TEST(OpenGroup, ClosesWhenItsNodeGoes) {
    Document document{graph::Project{}};
    const graph::Project nested = test::nestedProject();
    auto node = std::make_shared<graph::Node>(*nested.graph.findByName("encoder"));
    node->id = NodeId(0);
    node->inputs.clear();
    ASSERT_TRUE(document.perform(edit::addNode(node, {})));
    ASSERT_TRUE(document.open({NodeId(0)}));
    const Change undone = document.undo();
    EXPECT_TRUE(undone.reopened);
    EXPECT_TRUE(document.openPath().empty());
    EXPECT_EQ(document.shown().graph.nodeCount(), 0u);
}

TEST(OpenGroup, AnEditThatChangesNothingLeavesNoEntry) {
    Document document = inEncoder();
    ASSERT_TRUE(document.perform(set(document, "conv1", "filters", 4)));
    EXPECT_FALSE(document.history().canUndo());
    EXPECT_FALSE(document.perform(edit::renameNode(idOf(document.shown().graph, "conv1"), "flat")));
    EXPECT_FALSE(document.history().canUndo());
}

TEST(OpenGroup, MovesAndDismissalsInsideAreKept) {
    Document document = inEncoder();
    const NodeId conv = idOf(document.shown().graph, "conv1");
    const NodeId pool = idOf(document.shown().graph, "block");
    const graph::CanvasPlace otherPlace = document.shown().canvas.place(pool);
    edit::Edit edit{"Move", "", {edit::MoveNode{conv, {40, 60, false}}, edit::Dismiss{"some|key|", true}}};
    ASSERT_TRUE(document.perform(edit));
    EXPECT_EQ(document.shown().canvas.place(conv), (graph::CanvasPlace{40, 60, false}));
    EXPECT_EQ(document.shown().canvas.place(pool), otherPlace);
    EXPECT_THAT(document.project().dismissed, ElementsAre("encoder/some|key|"));
    EXPECT_THAT(document.shown().dismissed, ElementsAre("some|key|"));
    const Result<io::Opened> again = io::readProject(io::projectJson(document.project()));
    ASSERT_TRUE(again);
    Document reopened = inEncoder(again->project);
    EXPECT_EQ(reopened.shown().canvas.place(conv), (graph::CanvasPlace{40, 60, false}));
    EXPECT_EQ(io::projectJson(reopened.project()), io::projectJson(document.project()));
}

TEST(OpenGroup, LaysNodesOutThatHaveNoPlace) {
    const Document document = inEncoder();
    const graph::Project& shown = document.shown();
    EXPECT_LT(shown.canvas.place(idOf(shown.graph, "inside")).x, shown.canvas.place(idOf(shown.graph, "conv1")).x);
    EXPECT_LT(shown.canvas.place(idOf(shown.graph, "conv1")).x, shown.canvas.place(idOf(shown.graph, "block")).x);
}

TEST(OpenGroup, ShowsWhatArrivesInsteadOfWhatIsDeclared) {
    Document document(test::nestedProject());
    ASSERT_TRUE(document.perform(set(document, "image", "shape", Value::list({20, 28, 1}))));
    ASSERT_TRUE(document.open({idOf(document.graph(), "encoder")}));
    const NodeId inside = idOf(document.shown().graph, "inside");
    EXPECT_EQ(document.shownAnalysis()[inside].state, infer::State::Conflict);
    ASSERT_EQ(document.diagnostics().size(), 1u);
    const diag::Diagnostic problem = document.diagnostics().front();
    EXPECT_EQ(problem.code, diag::Code::GroupInput);
    EXPECT_THAT(diag::Renderer::standard().text(problem.title), HasSubstr("(None, 28, 28, 1)"));
    EXPECT_THAT(diag::Renderer::standard().text(problem.title), HasSubstr("(None, 20, 28, 1)"));
    ASSERT_FALSE(problem.fixes.empty());
    ASSERT_TRUE(document.perform(problem.fixes.front().edit));
    EXPECT_EQ(shape(document, "conv1"), "(None, 18, 26, 4)");
}

TEST(OpenGroup, MistakesInsideAreFoundAndRepairedThere) {
    Document document = inEncoder();
    ASSERT_TRUE(document.perform(set(document, "conv1", "kernel_size", Value::list({40, 40}))));
    ASSERT_FALSE(document.diagnostics().empty());
    const diag::Diagnostic problem = document.diagnostics().front();
    EXPECT_EQ(problem.code, diag::Code::WindowTooLarge);
    EXPECT_EQ(problem.node, idOf(document.shown().graph, "conv1"));
    ASSERT_FALSE(problem.fixes.empty());
    ASSERT_TRUE(document.perform(problem.fixes.front().edit));
    for (const diag::Diagnostic& left : document.diagnostics()) EXPECT_NE(left.code, diag::Code::WindowTooLarge);
}

TEST(OpenGroup, LayersThatTakeTheInputDirectlyGetAnInputToShowIt) {
    const Result<io::Opened> opened =
        io::readProject(R"({"class_name": "Sequential", "config": {"name": "outer", "layers": [
      {"class_name": "InputLayer", "config": {"batch_shape": [null, 6], "name": "x"}},
      {"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 3}}]}}]}})");
    ASSERT_TRUE(opened);
    Document document(opened->project);
    ASSERT_TRUE(document.open({idOf(document.graph(), "inner")}));
    EXPECT_EQ(shape(document, "d_input"), "(None, 6)");
    EXPECT_EQ(shape(document, "d"), "(None, 3)");
    ASSERT_TRUE(document.perform(set(document, "d", "units", 5)));
    EXPECT_EQ(outerShape(document, "inner"), "(None, 5)");
    ASSERT_TRUE(document.open({}));
    ASSERT_TRUE(document.perform(set(document, "x", "shape", Value::list({9}))));  // the Input inside leaves sizes open
    EXPECT_EQ(outerShape(document, "inner"), "(None, 5)");
}

}  // namespace
}  // namespace shapewise::session
