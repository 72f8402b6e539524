#include "core/edit/history.h"

#include <gtest/gtest.h>

namespace shapewise::edit {

namespace {

using std::chrono::milliseconds;

/// A history of edits that set the batch size, which tells the states apart.
struct Session {
    void edit(std::int64_t batchSize, const std::string& mergeKey = {}, milliseconds wait = milliseconds(1)) {
        now += wait;
        graph::Project after = project;
        after.run.batchSize = batchSize;
        Touched touched;
        touched.nodes = {NodeId(static_cast<std::uint32_t>(batchSize))};
        history.push(project, after, Edit{"Set " + std::to_string(batchSize), mergeKey, {}}, touched, now);
        project = after;
    }
    void undo() { project = history.undo().project; }
    void redo() { project = history.redo().project; }
    [[nodiscard]] std::int64_t state() const { return project.run.batchSize; }

    History history;
    graph::Project project;
    History::Clock::time_point now{};
};

}  // namespace

TEST(History, HasNothingToUndoAtFirst) {
    const History history;
    EXPECT_FALSE(history.canUndo());
    EXPECT_FALSE(history.canRedo());
    EXPECT_EQ(history.undoLabel(), "");
    EXPECT_TRUE(history.isSaved());
}

TEST(History, UndoAndRedoLeadThroughAllStates) {
    Session session;
    for (const int size : {10, 20, 30}) session.edit(size);
    session.undo();
    EXPECT_EQ(session.state(), 20);
    session.undo();
    session.undo();
    EXPECT_EQ(session.state(), 1);
    EXPECT_FALSE(session.history.canUndo());
    session.redo();
    EXPECT_EQ(session.state(), 10);
    EXPECT_EQ(session.history.undoLabel(), "Set 10");
    EXPECT_EQ(session.history.redoLabel(), "Set 20");
}

TEST(History, GivesWhatWasTouchedBothWays) {
    Session session;
    session.edit(10);
    EXPECT_EQ(session.history.undo().touched.nodes, std::vector<NodeId>{NodeId(10)});
    EXPECT_EQ(session.history.redo().touched.nodes, std::vector<NodeId>{NodeId(10)});
}

TEST(History, ANewEditForgetsWhatWasUndone) {
    Session session;
    session.edit(10);
    session.edit(20);
    session.undo();
    session.edit(30);
    EXPECT_FALSE(session.history.canRedo());
    EXPECT_EQ(session.history.labels(), (std::vector<std::string>{"Set 10", "Set 30"}));
}

TEST(HistoryMerging, JoinsQuickEditsOfOneField) {
    Session session;
    for (const int size : {10, 11, 12}) session.edit(size, "batch", milliseconds(699));
    EXPECT_EQ(session.history.position(), 1u);
    EXPECT_EQ(session.history.undo().touched.nodes.size(), 3u);
    session.redo();
    EXPECT_EQ(session.state(), 12);
    session.undo();
    EXPECT_EQ(session.state(), 1);
}

TEST(HistoryMerging, EndsAfter700Milliseconds) {
    Session session;
    session.edit(10, "batch");
    session.edit(11, "batch", milliseconds(700));
    EXPECT_EQ(session.history.position(), 2u);
}

TEST(HistoryMerging, KeepsOtherFieldsAndEditsWithoutKeyApart) {
    Session session;
    session.edit(10, "batch");
    session.edit(11, "seed");
    session.edit(12);
    session.edit(13);
    EXPECT_EQ(session.history.position(), 4u);
}

TEST(HistoryMerging, DoesNotSwallowTheSavedState) {
    Session session;
    session.edit(10, "batch");
    session.history.markSaved();
    session.edit(11, "batch");
    EXPECT_FALSE(session.history.isSaved());
    session.undo();
    EXPECT_EQ(session.state(), 10);
    EXPECT_TRUE(session.history.isSaved());
}

TEST(HistoryMerging, DoesNotReachAcrossAnUndo) {
    Session session;
    session.edit(10, "batch");
    session.edit(20);
    session.undo();
    session.edit(11, "batch");
    EXPECT_EQ(session.history.position(), 2u);
}

TEST(HistorySavedState, IsFoundAgainByUndoAndRedo) {
    Session session;
    session.edit(10);
    session.history.markSaved();
    session.edit(20);
    EXPECT_FALSE(session.history.isSaved());
    session.undo();
    EXPECT_TRUE(session.history.isSaved());
    session.undo();
    EXPECT_FALSE(session.history.isSaved());
    session.redo();
    EXPECT_TRUE(session.history.isSaved());
}

TEST(HistorySavedState, IsLostWhenANewEditTakesItsPlace) {
    Session session;
    session.edit(10);
    session.history.markSaved();
    session.undo();
    session.edit(10);
    EXPECT_FALSE(session.history.isSaved());
}

TEST(HistorySavedState, IsTheOneThatWasWrittenNotTheOneEditedMeanwhile) {
    Session session;
    session.edit(10, "size");
    session.history.beginSave();
    session.edit(20, "size");
    session.history.endSave(true);
    EXPECT_FALSE(session.history.isSaved());
    session.undo();
    EXPECT_EQ(session.state(), 10);
    EXPECT_TRUE(session.history.isSaved());
}

TEST(HistorySavedState, StaysWhereItWasWhenWritingFails) {
    Session session;
    session.history.markSaved();
    session.edit(10);
    session.history.beginSave();
    session.history.endSave(false);
    EXPECT_FALSE(session.history.isSaved());
    session.undo();
    EXPECT_TRUE(session.history.isSaved());
}

TEST(HistorySavedState, IsLostWhenTheWrittenStateWasReplacedMeanwhile) {
    Session session;
    session.edit(10);
    session.history.beginSave();
    session.undo();
    session.edit(20);
    session.history.endSave(true);
    EXPECT_FALSE(session.history.isSaved());
}

TEST(HistorySavedState, IsNotThatOfADocumentClosedWhileItWasWritten) {
    Session session;
    session.edit(10);
    session.history.beginSave();
    session.history.clear();
    session.edit(20);
    session.history.endSave(true);
    EXPECT_FALSE(session.history.isSaved());
}

TEST(HistoryLimit, ForgetsTheOldestEntry) {
    Session session;
    for (std::int64_t size = 1; size <= 1001; ++size) session.edit(size);
    EXPECT_EQ(session.history.position(), History::kMostEntries);
    EXPECT_EQ(session.history.labels().front(), "Set 2");
    EXPECT_FALSE(session.history.isSaved());
    while (session.history.canUndo()) session.undo();
    EXPECT_EQ(session.state(), 1);
    EXPECT_FALSE(session.history.isSaved());
}

TEST(HistoryLimit, KeepsTheSavedStateInItsPlace) {
    Session session;
    for (std::int64_t size = 1; size <= 1000; ++size) session.edit(size);
    session.history.markSaved();
    session.edit(1001);
    session.undo();
    EXPECT_TRUE(session.history.isSaved());
}

}  // namespace shapewise::edit
