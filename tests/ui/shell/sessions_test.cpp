// Two open projects in one window, side by side: what is done to one is not seen in the other.

#include "tests/support/window_driver.h"
#include "ui/session/autosave.h"
#include "ui/session/document_session.h"
#include "ui/shell/panel_docks.h"

#include <QLabel>
#include <QPointer>

namespace {

using shapewise::NodeId;
using shapewise::test::WindowDriver;
using shapewise::ui::DocumentSession;

class TwoSessions : public testing::Test {
  protected:
    void SetUp() override {
        driver.openExample(QStringLiteral("Conv1D, Done Right"));
        driver.waitForRun();
        driver.select("conv1d");
        second = driver.window.addSession();
        driver.window.setSession(second);
        driver.openExample(QStringLiteral("Conv1D into Conv2D"));
        EXPECT_TRUE(driver.waitForProblems(1));
    }
    void show(DocumentSession* session) { driver.window.setSession(session); }
    [[nodiscard]] QString status(const char* name) {
        return driver.window.findChild<QLabel*>(QString::fromLatin1(name))->text();
    }
    [[nodiscard]] std::string title() const { return driver.window.windowTitle().toStdString(); }
    [[nodiscard]] int summaryRows() const { return driver.window.summary()->model()->rowCount(); }

    WindowDriver driver;
    DocumentSession* first = driver.window.session();
    DocumentSession* second = nullptr;
};

TEST_F(TwoSessions, EachIsShownInEveryPanel) {
    const int rows = summaryRows();
    EXPECT_EQ(rows, static_cast<int>(second->document()->graph().nodeCount()));
    EXPECT_TRUE(status("statusCounts").contains(QString::number(rows)));
    show(first);
    EXPECT_EQ(driver.window.document(), first->document());
    EXPECT_EQ(driver.problemCount(), 0);
    EXPECT_EQ(summaryRows(), static_cast<int>(first->document()->graph().nodeCount()));
    EXPECT_EQ(driver.window.activations()->node(), driver.node("conv1d")->id);
    EXPECT_EQ(driver.window.inspector()->findChild<QLineEdit*>(QStringLiteral("nodeName"))->text(),
              QStringLiteral("conv1d"));
    EXPECT_EQ(title().find("Conv1D, done right"), 0U) << title();
    show(second);
    EXPECT_EQ(driver.problemCount(), 1);
    EXPECT_EQ(driver.shapeOf("conv2d"), "no shape");
}

TEST_F(TwoSessions, EditsRunsAndUndoOfOneLeaveTheOtherAsItWas) {
    const std::string shapeBefore = driver.shapeOf("conv1d");
    show(first);
    driver.type("filters", QStringLiteral("8"));
    driver.waitForRun();
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 8)");
    EXPECT_TRUE(driver.window.isWindowModified());
    show(second);
    EXPECT_EQ(driver.shapeOf("conv1d"), shapeBefore);
    EXPECT_FALSE(driver.window.isWindowModified());
    EXPECT_FALSE(driver.window.document()->canUndo());
    EXPECT_FALSE((*driver.window.actions())[QStringLiteral("edit.undo")]->isEnabled());
    ASSERT_TRUE(driver.pressRepair(0, QStringLiteral("Use Conv1D")));
    driver.waitForRun();
    driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("conv2d"), "no shape");
    show(first);
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 8)");
    while (driver.window.document()->canUndo()) driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 32)");
}

TEST_F(TwoSessions, NothingIsHeardOfTheOneThatIsNotShown) {
    const int rows = summaryRows();
    const QString counts = status("statusCounts");
    const QString saved = status("statusSaved");
    const std::string shown = title();
    first->setSelection({});
    shapewise::edit::Edit removal;
    removal.label = "Remove";
    removal.steps.emplace_back(shapewise::edit::RemoveNode{first->document()->graph().findByName("flatten")->id});
    ASSERT_TRUE(first->document()->perform(removal));
    first->run()->runNow();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !first->run()->isBusy(); }, 20000));
    EXPECT_EQ(summaryRows(), rows);
    EXPECT_EQ(driver.problemCount(), 1);
    EXPECT_EQ(status("statusCounts"), counts);
    EXPECT_EQ(status("statusSaved"), saved);
    EXPECT_EQ(title(), shown);
    EXPECT_FALSE(driver.window.isWindowModified());
    EXPECT_TRUE(driver.window.canvas()->selection().empty());
}

TEST_F(TwoSessions, ZoomAndSelectionOfTheCanvasAreKept) {
    show(first);
    driver.window.canvas()->zoom100();
    driver.window.canvas()->zoomIn();
    const double zoom = driver.window.canvas()->zoom();
    show(second);
    driver.window.canvas()->fitAll();
    driver.select("conv2d");
    show(first);
    EXPECT_EQ(driver.window.canvas()->zoom(), zoom);
    EXPECT_EQ(driver.window.canvas()->selection(), std::vector<NodeId>{driver.node("conv1d")->id});
}

TEST_F(TwoSessions, ClosingOneLeavesTheOtherAndAsksOnlyAboutItsOwnChanges) {
    const QPointer<DocumentSession> watched(second);
    show(first);
    driver.type("filters", QStringLiteral("8"));
    driver.window.closeSession(second);
    EXPECT_EQ(driver.unsavedQuestions, 0);
    EXPECT_EQ(driver.window.sessions(), std::vector<DocumentSession*>{first});
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    EXPECT_TRUE(watched.isNull());
    driver.type("filters", QStringLiteral("9"));
    driver.waitForRun();
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 9)");
    driver.window.closeSession(first);
    EXPECT_EQ(driver.unsavedQuestions, 1);
    EXPECT_EQ(driver.window.session(), first);
}

TEST_F(TwoSessions, TheLastOneClosedLeavesAnEmptyOne) {
    driver.window.closeSession(first);
    driver.window.closeSession(second);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    ASSERT_EQ(driver.window.sessions().size(), 1U);
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
    driver.quickAdd("dense");
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 1U);
}

TEST_F(TwoSessions, TheWindowAsksAboutEachUnsavedOneBeforeItCloses) {
    show(first);
    driver.type("filters", QStringLiteral("8"));
    show(second);
    ASSERT_TRUE(driver.pressRepair(0, QStringLiteral("Use Conv1D")));
    EXPECT_FALSE(driver.window.close());
    EXPECT_EQ(driver.unsavedQuestions, 1);
    driver.unsavedAnswer = shapewise::ui::UnsavedAnswer::Discard;
    driver.window.close();
    EXPECT_EQ(driver.unsavedQuestions, 3);
    EXPECT_TRUE(driver.window.isHidden());
}

/// Counts what it is told.
class CountingAutosave : public shapewise::ui::Autosave {
  public:
    CountingAutosave(int& kept, int& settled) : kept_(kept), settled_(settled) {}
    void changed(const shapewise::graph::Project&) override { ++kept_; }
    void settled() override { ++settled_; }

  private:
    int& kept_;
    int& settled_;
};

TEST_F(TwoSessions, AnAutosaveHearsOfUnsavedWorkOfItsOwnSessionAlone) {
    int kept = 0;
    int settled = 0;
    first->setAutosave(std::make_unique<CountingAutosave>(kept, settled));
    EXPECT_EQ(kept, 0);
    ASSERT_TRUE(driver.pressRepair(0, QStringLiteral("Use Conv1D")));
    EXPECT_EQ(kept, 0);
    show(first);
    driver.type("filters", QStringLiteral("8"));
    EXPECT_GT(kept, 0);
    const int before = settled;
    while (driver.window.document()->canUndo()) driver.trigger("edit.undo");
    EXPECT_GT(settled, before);
}

}  // namespace
