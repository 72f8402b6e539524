#include "core/session/document.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::session {

using edit::SetParameter;
using toys::GraphMaker;
using toys::names;

namespace {

/// input (8) -> a -> b.
graph::Project chain() {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "a", {"input"}, {{"by", 1}});
    maker.add(toys::grow(), "b", {"a"});
    return maker.project;
}

std::string shape(const Document& document, std::string_view name) {
    return document.analysis()[document.graph().findByName(name)->id].output.shape.text();
}

edit::Edit setBy(const Document& document, std::string_view name, int value) {
    return toys::edit({SetParameter{document.graph().findByName(name)->id, "by", Value(value)}}, "Set By");
}

}  // namespace

TEST(Document, IsEmptyAndUnmodifiedAtFirst) {
    const Document document;
    EXPECT_EQ(document.graph().nodeCount(), 0u);
    EXPECT_FALSE(document.isModified());
}

TEST(Document, InfersWhenItIsMade) { EXPECT_EQ(shape(Document(chain()), "b"), "(None, 9)"); }

TEST(DocumentPerform, TellsWhatWasTouchedAndWhatCameOutDifferent) {
    Document document(chain());
    const Result<Change> change = document.perform(setBy(document, "a", 4));
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(names(document.graph(), change->touched.nodes), "a");
    EXPECT_EQ(names(document.graph(), change->inferred), "a b");
    EXPECT_EQ(change->revision, document.revision());
    EXPECT_EQ(shape(document, "b"), "(None, 12)");
    EXPECT_TRUE(document.isModified());
}

TEST(DocumentPerform, LeavesEverythingAsItWasOnFailure) {
    Document document(chain());
    const std::uint64_t revision = document.revision();
    EXPECT_FALSE(document.perform(toys::edit({edit::RemoveNode{NodeId(9)}})).has_value());
    EXPECT_EQ(document.revision(), revision);
    EXPECT_FALSE(document.history().canUndo());
    EXPECT_FALSE(document.isModified());
}

TEST(DocumentPerform, OfAnEditThatChangesNothingLeavesNoEntry) {
    Document document(chain());
    const Result<Change> change = document.perform(setBy(document, "a", 1));
    ASSERT_TRUE(change.has_value());
    EXPECT_TRUE(change->touched.isEmpty());
    EXPECT_FALSE(document.history().canUndo());
}

TEST(DocumentPerform, OfAMoveInfersNothing) {
    Document document(chain());
    const Result<Change> change = document.perform(toys::edit({edit::MoveNode{NodeId(1), {3.0, 4.0, false}}}));
    ASSERT_TRUE(change.has_value());
    EXPECT_TRUE(change->inferred.empty());
    EXPECT_EQ(change->touched.moved, std::vector<NodeId>{NodeId(1)});
}

TEST(DocumentUndo, BringsShapesBackAndRedoBringsThemForth) {
    Document document(chain());
    ASSERT_TRUE(document.perform(setBy(document, "a", 4)));
    const Change undone = document.undo();
    EXPECT_EQ(names(document.graph(), undone.inferred), "a b");
    EXPECT_EQ(shape(document, "b"), "(None, 9)");
    EXPECT_FALSE(document.isModified());
    document.redo();
    EXPECT_EQ(shape(document, "b"), "(None, 12)");
}

TEST(DocumentUndo, WithNothingToUndoChangesNothing) {
    Document document(chain());
    const std::uint64_t revision = document.revision();
    EXPECT_TRUE(document.undo().touched.isEmpty());
    EXPECT_TRUE(document.redo().touched.isEmpty());
    EXPECT_EQ(document.revision(), revision);
}

TEST(DocumentUndo, OfARemovalBringsTheLinksBack) {
    Document document(chain());
    ASSERT_TRUE(document.perform(toys::edit({edit::RemoveNode{NodeId(1)}})));
    EXPECT_EQ(document.analysis()[NodeId(2)].state, infer::State::Unconnected);
    document.undo();
    EXPECT_EQ(shape(document, "b"), "(None, 9)");
    EXPECT_EQ(document.analysis().consumers(NodeId(1)).size(), 1u);
}

TEST(DocumentReplace, StartsAfreshWithoutHistory) {
    Document document;
    ASSERT_TRUE(document.perform(toys::edit({edit::AddNode{toys::node(toys::source(), NodeId(0), "x"), {}}})));
    const Change change = document.replace(chain());
    EXPECT_TRUE(change.replaced);
    EXPECT_FALSE(document.history().canUndo());
    EXPECT_FALSE(document.isModified());
    EXPECT_EQ(shape(document, "b"), "(None, 9)");
}

TEST(DocumentSaved, IsKnownAgainAfterUndoingBackToIt) {
    Document document(chain());
    ASSERT_TRUE(document.perform(setBy(document, "a", 4)));
    document.markSaved();
    ASSERT_TRUE(document.perform(setBy(document, "a", 5)));
    EXPECT_TRUE(document.isModified());
    document.undo();
    EXPECT_FALSE(document.isModified());
}

}  // namespace shapewise::session
