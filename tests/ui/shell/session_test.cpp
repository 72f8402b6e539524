// What a person does in a lesson, from the menu to the result.

#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"

#include <QClipboard>
#include <QFile>

namespace {

using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

TEST(Session, Conv1dIntoConv2dIsExplainedRepairedByOneClickAndTakenBack) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    EXPECT_EQ(driver.shapeOf("data"), "(100, 20, 1)");
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 32)");
    EXPECT_EQ(driver.shapeOf("conv2d"), "no shape");
    const auto& problem = *driver.window.problems()->model()->at(0);
    EXPECT_EQ(problem.code, shapewise::diag::Code::RankTooLow);
    EXPECT_TRUE(problem.link.has_value());

    ASSERT_TRUE(driver.pressRepair(0, QStringLiteral("Use Conv1D")));
    EXPECT_EQ(driver.shapeOf("conv2d"), "(100, 16, 32)");
    EXPECT_TRUE(driver.waitForProblems(0));
    driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("conv2d"), "no shape");
    EXPECT_TRUE(driver.waitForProblems(1));
    ASSERT_TRUE(driver.pressRepair(0, QStringLiteral("Insert Reshape")));
    EXPECT_TRUE(driver.waitForProblems(0));
    EXPECT_NE(driver.shapeOf("conv2d"), "no shape");
}

TEST(Session, EveryRepairListedMendsTheLinkAndOneUndoTakesItBack) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    const std::size_t count = driver.window.problems()->model()->at(0)->fixes.size();
    ASSERT_GE(count, 2U);
    for (std::size_t index = 0; index < count; ++index) {
        const shapewise::diag::Fix fix = driver.window.problems()->model()->at(0)->fixes[index];
        ASSERT_TRUE(driver.window.document()->applyFix(fix)) << fix.id;
        EXPECT_TRUE(driver.waitForProblems(0)) << fix.id;
        EXPECT_NE(driver.shapeOf("flatten"), "no shape") << fix.id;
        driver.waitForRun();
        EXPECT_FALSE(driver.result("flatten")->outputs.empty()) << fix.id;
        driver.trigger("edit.undo");
        EXPECT_TRUE(driver.waitForProblems(1)) << fix.id;
        EXPECT_FALSE(driver.window.document()->isModified()) << fix.id;
    }
}

TEST(Session, FlattenedSpectrogramShowsEveryActivation) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Flattened Spectrogram"));
    driver.waitForRun();
    EXPECT_EQ(driver.shapeOf("flat"), "(100, 200)");
    EXPECT_EQ(driver.shapeOf("reshape"), "(100, 20, 10, 1)");
    EXPECT_EQ(driver.shapeOf("conv2d"), "(100, 18, 8, 32)");
    for (const char* name : {"flat", "reshape", "conv2d", "pool"}) {
        ASSERT_NE(driver.result(name), nullptr) << name;
        EXPECT_FALSE(driver.result(name)->outputs.empty()) << name << driver.result(name)->problem;
        driver.select(name);
        driver.waitForPictures();
        EXPECT_FALSE(driver.window.activations()->picture().isNull()) << name;
    }
}

TEST(Session, Conv1dDoneRightHasNoProblemsAndCurves) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.waitForRun();
    EXPECT_EQ(driver.problemCount(), 0);
    driver.select("data");
    EXPECT_FALSE(driver.window.activations()->picture().isNull());
}

TEST(Session, ARecordingIsClassifiedThroughItsSpectrogram) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("A Recording, Classified"));
    driver.waitForRun();
    EXPECT_EQ(driver.problemCount(), 0);
    ASSERT_NE(driver.result("softmax"), nullptr);
    EXPECT_FALSE(driver.result("softmax")->outputs.empty()) << driver.result("softmax")->problem;
    const auto& type = driver.result("stft_spectrogram")->types.front();
    EXPECT_EQ(type.scale(1).kind, shapewise::tensor::AxisScale::Kind::Seconds);
    EXPECT_EQ(type.scale(2).kind, shapewise::tensor::AxisScale::Kind::Hertz);
}

TEST(Session, ShapesProblemsAndOutputsFollowWhileTyping) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.waitForRun();
    driver.select("conv1d");
    driver.type("kernel_size", QStringLiteral("5"));
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 16, 32)");
    driver.waitForRun();
    EXPECT_EQ(driver.result("conv1d")->outputs.front()->size(1), 16);
    driver.type("kernel_size", QStringLiteral("25"));
    EXPECT_EQ(driver.shapeOf("conv1d"), "no shape");
    EXPECT_TRUE(driver.waitForProblems(1));
    while (driver.window.document()->canUndo()) driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 32)");
    EXPECT_FALSE(driver.window.document()->isModified());
    driver.trigger("edit.redo");
    EXPECT_NE(driver.shapeOf("conv1d"), "(100, 18, 32)");
}

TEST(Session, TheTitleShowsWhatIsNotSavedAndSavingClearsIt) {
    const TemporaryFolder folder;
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    EXPECT_FALSE(driver.window.isWindowModified());
    driver.select("conv1d");
    driver.type("filters", QStringLiteral("8"));
    EXPECT_TRUE(driver.window.isWindowModified());
    driver.chosenToSave = QString::fromStdString((folder.path() / "mine.shapewise").string());
    driver.trigger("file.save");
    driver.waitForWriting();
    EXPECT_FALSE(driver.window.isWindowModified());
    EXPECT_TRUE(driver.window.windowTitle().startsWith(QStringLiteral("mine.shapewise")));

    driver.trigger("file.new");
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
    driver.open(driver.chosenToSave);
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 8)");
    EXPECT_EQ(shapewise::ui::recentFiles().front(), driver.chosenToSave);
}

TEST(Session, WhatIsEditedWhileSavingIsStillUnsaved) {
    const TemporaryFolder folder;
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.select("conv1d");
    driver.type("filters", QStringLiteral("8"));
    driver.chosenToSave = QString::fromStdString((folder.path() / "mine.shapewise").string());
    driver.trigger("file.save");
    ASSERT_TRUE(driver.window.files()->isWriting());
    driver.type("filters", QStringLiteral("4"));
    driver.waitForWriting();
    EXPECT_TRUE(driver.window.isWindowModified());
    driver.trigger("file.save");
    driver.waitForWriting();
    EXPECT_FALSE(driver.window.isWindowModified());
}

TEST(Session, SavingOnTheWayOutSavesFirst) {
    const TemporaryFolder folder;
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.select("conv1d");
    driver.type("filters", QStringLiteral("8"));
    driver.chosenToSave = QString::fromStdString((folder.path() / "mine.shapewise").string());
    driver.unsavedAnswer = shapewise::ui::UnsavedAnswer::Save;
    EXPECT_FALSE(driver.window.close());
    EXPECT_TRUE(QTest::qWaitFor([&] { return driver.window.isHidden(); }));
    EXPECT_TRUE(QFile::exists(driver.chosenToSave));
}

TEST(Session, UnsavedChangesAreAskedAboutAndCancelKeepsThem) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.select("conv1d");
    driver.type("filters", QStringLiteral("8"));
    driver.trigger("file.new");
    EXPECT_EQ(driver.unsavedQuestions, 1);
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 8)");
    EXPECT_FALSE(driver.window.close());
    EXPECT_EQ(driver.unsavedQuestions, 2);
    driver.unsavedAnswer = shapewise::ui::UnsavedAnswer::Discard;
    driver.trigger("file.new");
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
}

TEST(Session, F6TakesTheKeyboardFromPanelToPanelAndBack) {
    WindowDriver driver;
    driver.window.canvas()->setFocus();
    for (int panel = 0; panel < 4; ++panel) {
        const QWidget* before = QApplication::focusWidget();
        driver.trigger("view.nextPanel");
        EXPECT_NE(QApplication::focusWidget(), before);
    }
    EXPECT_TRUE(driver.window.canvas()->hasFocus());
    driver.trigger("view.previousPanel");
    EXPECT_FALSE(driver.window.canvas()->hasFocus());
}

TEST(Session, SummaryAndKerasCodeGoToTheClipboard) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.waitForRun();
    driver.trigger("edit.copySummary");
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("(100, 18, 32)")));
    driver.trigger("edit.copyCode");
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("Conv1D(")));
}

TEST(Session, TheCanvasIsExportedAsAPicture) {
    const TemporaryFolder folder;
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.chosenToSave = QString::fromStdString((folder.path() / "canvas.png").string());
    driver.trigger("file.exportCanvas");
    driver.waitForWriting();
    EXPECT_FALSE(QImage(driver.chosenToSave).isNull());
}

}  // namespace
