#include "core/session/grouping.h"

#include "core/io/project/project_json.h"
#include "core/session/document.h"
#include "tests/support/nested_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::session {
namespace {

using testing::HasSubstr;

/// a -> left, right -> sum -> out, right also feeds other.
graph::Project branches() {
    const Result<io::Opened> opened = io::readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "a", "type": "InputLayer", "settings": {"shape": [16, 4]}},
      {"name": "left", "type": "Conv1D", "settings": {"filters": 8, "kernel_size": [3], "padding": "same"}, "inputs": ["a"], "at": [300, 0]},
      {"name": "right", "type": "Conv1D", "settings": {"filters": 8, "kernel_size": [1]}, "inputs": ["a"], "at": [300, 160]},
      {"name": "sum", "type": "Add", "inputs": ["left", "right"], "at": [600, 0]},
      {"name": "out", "type": "Flatten", "inputs": ["sum"], "at": [900, 0]},
      {"name": "other", "type": "Flatten", "inputs": ["right"], "at": [900, 160]}]})");
    EXPECT_TRUE(opened);
    return opened ? opened->project : graph::Project{};
}

std::vector<NodeId> ids(const Document& document, std::initializer_list<const char*> names) {
    std::vector<NodeId> all;
    for (const char* name : names) all.push_back(document.graph().findByName(name)->id);
    return all;
}

std::string shape(const Document& document, std::string_view name) {
    const graph::Node* node = document.graph().findByName(name);
    return node != nullptr && document.analysis()[node->id].isKnown()
               ? document.analysis()[node->id].output.shape.text()
               : "no shape";
}

Result<Change> group(Document& document, std::initializer_list<const char*> names) {
    const Result<edit::Edit> edit = groupNodes(document.project(), document.analysis(), ids(document, names));
    if (!edit) return Unexpected(edit.error());
    return document.perform(*edit);
}

TEST(GroupNodes, KeepsTheShapesOfWhatIsBehind) {
    Document document(branches());
    const Result<Change> change = group(document, {"left", "right", "sum"});
    ASSERT_TRUE(change) << change.error().text();
    EXPECT_EQ(document.history().undoLabel(), "Group 3 Nodes");
    EXPECT_EQ(document.graph().nodeCount(), 4u);
    EXPECT_EQ(shape(document, "out"), "(None, 128)");
    EXPECT_EQ(shape(document, "other"), "(None, 128)");
    const graph::Node* model = document.graph().findByName("group");
    ASSERT_NE(model, nullptr);
    EXPECT_EQ(model->inputs.size(), 1u);
    EXPECT_EQ(document.analysis()[model->id].outputCount(), 2u);
    EXPECT_EQ(document.project().canvas.inside(model->id)->place(model->body->findByName("sum")->id),
              (graph::CanvasPlace{600, 0, false}));
}

TEST(GroupNodes, IsUndoneByOneUndo) {
    Document document(branches());
    const std::string before = io::projectJson(document.project());
    ASSERT_TRUE(group(document, {"left", "sum"}));
    (void)document.undo();
    EXPECT_EQ(io::projectJson(document.project()), before);
}

TEST(GroupNodes, RefusesAWayOutAndInAgain) {
    Document document(branches());
    const Result<Change> change = group(document, {"right", "out"});
    ASSERT_FALSE(change);
    EXPECT_THAT(change.error().text(), HasSubstr("sum would be before and behind the group"));
}

TEST(GroupNodes, RefusesSourcesAndEmptySelections) {
    Document document(branches());
    EXPECT_FALSE(group(document, {"a", "left"}));
    EXPECT_FALSE(groupNodes(document.project(), document.analysis(), {}));
}

TEST(Ungroup, GivesBackWhatWasGrouped) {
    Document document(branches());
    ASSERT_TRUE(group(document, {"left", "right", "sum"}));
    const Result<edit::Edit> edit =
        ungroup(document.project(), document.analysis(), document.graph().findByName("group")->id);
    ASSERT_TRUE(edit) << edit.error().text();
    ASSERT_TRUE(document.perform(*edit));
    EXPECT_EQ(document.graph().nodeCount(), 6u);
    EXPECT_EQ(shape(document, "sum"), "(None, 16, 8)");
    EXPECT_EQ(shape(document, "out"), "(None, 128)");
    EXPECT_EQ(shape(document, "other"), "(None, 128)");
    EXPECT_EQ(document.graph().find(document.graph().findByName("other")->inputs.front().from)->name, "right");
    EXPECT_EQ(document.project().canvas.place(document.graph().findByName("left")->id),
              (graph::CanvasPlace{300, 0, false}));
}

TEST(Ungroup, IsRefusedForModelsThatAreCalledAgain) {
    Document document(test::nestedProject());
    const auto refused = ungroup(document.project(), document.analysis(), document.graph().findByName("encoder")->id);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("called 2 times"));
    EXPECT_FALSE(ungroup(document.project(), document.analysis(), document.graph().findByName("classes")->id));
}

}  // namespace
}  // namespace shapewise::session
