#include "ui/session/run_controller.h"

#include "core/layers/framework/catalog.h"
#include "ui/session/document_model.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

namespace {

using namespace shapewise;

void addSample(ui::DocumentModel& document, std::int64_t batch = 4) {
    const NodeId id = document.graph().nextId();
    auto node = layers::makeInitialNode(*layers::findLayer("Sample"), id, "data");
    node->set("shape", Value::list({20, 1}));
    node->set("batch_size", Value(batch));
    edit::Edit edit;
    edit.label = "Add";
    edit.steps.emplace_back(edit::AddNode{node, {}});
    ASSERT_TRUE(document.perform(edit));
}

void moveFirst(ui::DocumentModel& document, double x) {
    edit::Edit edit;
    edit.label = "Move";
    edit.steps.emplace_back(edit::MoveNode{NodeId(0), {x, 0.0, false}});
    ASSERT_TRUE(document.perform(edit));
}

TEST(RunController, RunsByItselfAfterAnEditAndHandsOutPictures) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    QSignalSpy pictures(&run, &ui::RunController::pictureReady);
    QSignalSpy finished(&run, &ui::RunController::finished);
    addSample(document);
    ASSERT_TRUE(finished.wait());
    EXPECT_TRUE(run.isUpToDate());
    EXPECT_EQ(pictures.size(), 1);
    EXPECT_EQ(run.report()->nodes.at(NodeId(0)).outputs.front()->size(0), 4);
}

TEST(RunController, DoesNotRunByItselfWhenLiveRunIsOff) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    run.setLive(false);
    addSample(document);
    EXPECT_FALSE(run.isBusy());
    QSignalSpy finished(&run, &ui::RunController::finished);
    run.runNow();
    EXPECT_TRUE(run.isRunning());
    EXPECT_TRUE(finished.wait());
}

TEST(RunController, MovingANodeRunsNothing) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    QSignalSpy finished(&run, &ui::RunController::finished);
    addSample(document);
    ASSERT_TRUE(finished.wait());
    moveFirst(document, 40.0);
    EXPECT_FALSE(run.isBusy());
    EXPECT_TRUE(run.isUpToDate());
}

TEST(RunController, DropsResultsOfAnEarlierRevision) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    run.setLive(false);
    addSample(document);
    QSignalSpy finished(&run, &ui::RunController::finished);
    QSignalSpy cancelled(&run, &ui::RunController::cancelled);
    run.runNow();
    document.undo();
    ASSERT_TRUE(cancelled.wait());
    EXPECT_TRUE(finished.isEmpty());
    EXPECT_EQ(run.report(), nullptr);
}

TEST(RunController, RefusesARunAboveTheLimitWithAdvice) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    run.setMemoryLimit(1000);
    QSignalSpy refused(&run, &ui::RunController::refused);
    addSample(document, 100000);
    ASSERT_TRUE(refused.wait());
    EXPECT_FALSE(refused.front().front().toString().isEmpty());
    EXPECT_FALSE(run.isRunning());
}

TEST(RunController, ANodeThatComesBackByUndoGetsItsPictureAgain) {
    ui::DocumentModel document;
    ui::RunController run(&document);
    QSignalSpy finished(&run, &ui::RunController::finished);
    addSample(document);
    ASSERT_TRUE(finished.wait());
    document.undo();
    ASSERT_TRUE(finished.wait());
    QSignalSpy pictures(&run, &ui::RunController::pictureReady);
    document.redo();
    ASSERT_TRUE(finished.wait());
    EXPECT_EQ(pictures.size(), 1);
    EXPECT_EQ(run.report()->computedNodes, 0U);
}

}  // namespace
