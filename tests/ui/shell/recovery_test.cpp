// Nothing is lost: unsaved work after the end of the program, files that someone else changed, and how a document was
// looked at.

#include "ui/session/recovery.h"
#include "core/edit/builders.h"
#include "core/io/files/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"
#include "ui/shell/lost_dialog.h"
#include "ui/shell/panel_docks.h"

#include <QHeaderView>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QTreeWidget>

namespace {

using shapewise::io::OutsideChange;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;
using shapewise::ui::LostAnswer;
using shapewise::ui::MainWindow;
using shapewise::ui::OutsideAnswer;
using shapewise::ui::Recovery;
namespace fs = std::filesystem;

QString text(const fs::path& path) { return QString::fromStdString(path.string()); }

/// A project of one's own, in a file.
fs::path savedProject(const TemporaryFolder& folder, const char* name = "model.shapewise") {
    return folder.write(name, R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "image", "type": "InputLayer", "settings": {"shape": [28, 28, 1]}, "at": [0, 0]},
      {"name": "conv", "type": "Conv2D", "settings": {"filters": 4, "kernel_size": [3, 3]}, "inputs": ["image"],
       "at": [250, 0]},
      {"name": "inner", "type": "Functional", "inputs": ["conv"], "at": [500, 0], "body": {"nodes": [
        {"name": "x", "type": "InputLayer", "settings": {"shape": [26, 26, 4]}, "at": [0, 0]},
        {"name": "flat", "type": "Flatten", "inputs": ["x"], "at": [250, 0]}]}},
      {"name": "classes", "type": "Dense", "settings": {"units": 10}, "inputs": ["inner"], "at": [750, 0]}]})");
}

/// A program of the user: a window that keeps its work in that folder. It ends without a word when it goes.
struct Program {
    explicit Program(const fs::path& folder, bool keepsState = false)
        : driver({}, shapewise::ui::panelTable(), keepsState) {
        driver.window.startRecovery(std::make_shared<Recovery>(folder));
    }
    /// As at the start of the program; waits until what is restored is open.
    void offer(LostAnswer answer) {
        driver.lostAnswer = answer;
        driver.lostRows.clear();
        driver.window.offerLost();
        const bool restores = answer == LostAnswer::Restore;
        EXPECT_TRUE(QTest::qWaitFor([&] { return !driver.lostRows.empty(); }));
        if (restores) {
            EXPECT_TRUE(QTest::qWaitFor([&] { return driver.window.document()->isModified(); }));
        }
    }
    WindowDriver driver;
};

std::size_t fileCount(const fs::path& folder) {
    if (!fs::exists(folder)) return 0;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

TEST(Recovery, WorkThatWasNotSavedComesBackAtTheNextStart) {
    const TemporaryFolder folder;
    const fs::path file = savedProject(folder);
    const fs::path kept = folder.path() / "recovery";
    {
        Program program(kept);
        program.driver.open(text(file));
        program.driver.select("conv");
        program.driver.type("filters", QStringLiteral("8"));
        program.driver.select("classes");
        program.driver.type("units", QStringLiteral("3"));
        program.driver.trigger("edit.undo");
    }
    {
        Program program(kept);
        WindowDriver& driver = program.driver;
        program.offer(LostAnswer::Restore);
        ASSERT_EQ(driver.lostRows.size(), 1U);
        EXPECT_EQ(driver.lostRows.front().name, QStringLiteral("model.shapewise"));
        EXPECT_EQ(driver.lostRows.front().folder, text(folder.path()));
        EXPECT_LT(driver.lostRows.front().time.secsTo(QDateTime::currentDateTime()), 3600);
        EXPECT_EQ(driver.lostRows.front().edits, 1);
        EXPECT_EQ(driver.shapeOf("conv"), "(None, 26, 26, 8)");
        EXPECT_EQ(driver.node("classes")->setting("units")->asInteger(), 10) << "taken back before the end";
        EXPECT_EQ(driver.window.document()->filePath(), text(file));
        EXPECT_TRUE(driver.window.isWindowModified());
        // It is lost again before anything is done to it.
    }
    Program program(kept);
    program.offer(LostAnswer::Restore);
    EXPECT_EQ(program.driver.lostRows.size(), 1U);
    EXPECT_EQ(program.driver.lostRows.front().edits, 1);
    program.driver.trigger("file.save");
    program.driver.waitForWriting();
    EXPECT_EQ(program.driver.outsideQuestions.size(), 0U) << "the file is what it was when it was opened";
    EXPECT_EQ(shapewise::io::openProject(file)->project.graph.findByName("conv")->setting("filters")->asInteger(), 8);
    EXPECT_TRUE(program.driver.window.close());
    EXPECT_TRUE(QTest::qWaitFor([&] { return program.driver.window.isHidden(); }));
}

TEST(Recovery, SavedAndClosedOrDiscardedDocumentsLeaveNoFile) {
    const TemporaryFolder folder;
    const fs::path kept = folder.path() / "recovery";
    {
        Program program(kept);
        program.driver.open(text(savedProject(folder)));
        program.driver.select("conv");
        program.driver.type("filters", QStringLiteral("8"));
        program.driver.trigger("file.save");
        program.driver.waitForWriting();
        program.driver.window.close();
    }
    EXPECT_EQ(fileCount(kept), 0U);
    {
        Program program(kept);
        program.driver.quickAdd("dense");
        program.driver.unsavedAnswer = shapewise::ui::UnsavedAnswer::Discard;
        program.driver.window.close();
    }
    EXPECT_EQ(fileCount(kept), 0U);
}

TEST(Recovery, LaterAsksAgainAndDiscardDoesNot) {
    const TemporaryFolder folder;
    { Program(folder.path()).driver.quickAdd("dense"); }
    for (int start = 0; start < 2; ++start) {
        Program program(folder.path());
        program.offer(LostAnswer::Later);
        EXPECT_EQ(program.driver.lostRows.size(), 1U);
        EXPECT_EQ(program.driver.window.document()->graph().nodeCount(), 0U);
        EXPECT_TRUE(program.driver.lostRows.front().folder.isEmpty());
    }
    { Program(folder.path()).offer(LostAnswer::Discard); }
    EXPECT_EQ(fileCount(folder.path()), 0U);
}

TEST(Recovery, ASecondProgramIsNotOfferedWhatTheFirstHasOpen) {
    const TemporaryFolder folder;
    { Program(folder.path()).driver.quickAdd("dense"); }
    Program first(folder.path());
    first.driver.quickAdd("flatten");
    EXPECT_EQ(shapewise::io::lostDocuments(folder.path()).size(), 1U) << "of the program that ended alone";
}

TEST(Recovery, SeveralLostDocumentsOpenInWindowsOfTheirOwn) {
    const TemporaryFolder folder;
    { Program(folder.path()).driver.quickAdd("dense"); }
    { Program(folder.path()).driver.quickAdd("flatten"); }
    Program program(folder.path());
    program.offer(LostAnswer::Restore);
    EXPECT_EQ(program.driver.lostRows.size(), 2U);
    std::vector<MainWindow*> others;
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (auto* window = qobject_cast<MainWindow*>(widget); window != nullptr && window != &program.driver.window)
            others.push_back(window);
    ASSERT_EQ(others.size(), 1U);
    EXPECT_TRUE(QTest::qWaitFor([&] { return others.front()->document()->graph().nodeCount() == 1; }));
    EXPECT_EQ(program.driver.window.document()->graph().nodeCount(), 1U);
    EXPECT_NE(program.driver.node("flatten") == nullptr,
              others.front()->document()->graph().findByName("flatten") == nullptr);
    delete others.front();
}

TEST(Recovery, AFolderThatCannotBeWrittenIsSaidOnceAndStopsNothing) {
    const TemporaryFolder folder;
    folder.write("taken", "a file where a folder is needed");
    Program program(folder.path() / "taken" / "recovery");
    program.driver.quickAdd("dense");
    ASSERT_TRUE(QTest::qWaitFor([&] { return program.driver.message().contains(QStringLiteral("not kept")); }));
    program.driver.window.messages()->hide();
    program.driver.quickAdd("flatten");
    program.driver.quickAdd("relu");
    EXPECT_EQ(program.driver.window.document()->graph().nodeCount(), 3U);
    QTest::qWait(0);
    EXPECT_TRUE(program.driver.window.messages()->isHidden());
}

class OutsideChanges : public testing::Test {
  protected:
    void SetUp() override {
        driver.open(text(file));
        driver.select("conv");
        driver.type("filters", QStringLiteral("8"));
    }
    void changeOutside() const {
        std::string bytes = *shapewise::io::readFile(file, 100000);
        bytes.replace(bytes.find("\"units\": 10"), 11, "\"units\": 77");
        std::ofstream(file, std::ios::binary) << bytes;
    }
    [[nodiscard]] std::string onDisk() const { return fs::exists(file) ? *shapewise::io::readFile(file, 100000) : ""; }
    void save() {
        driver.trigger("file.save");
        driver.waitForWriting();
        driver.waitForFile();
    }
    void press(const QString& button) {
        for (QPushButton* candidate : driver.window.messages()->findChildren<QPushButton*>())
            if (candidate->text() == button) return QTest::mouseClick(candidate, Qt::LeftButton);
        FAIL() << "no button " << button.toStdString();
    }
    /// As when the window comes to the front.
    bool toFront() {
        driver.window.messages()->hide();
        driver.window.files()->checkOutside();
        return QTest::qWaitFor([&] { return !driver.window.messages()->isHidden(); }, 2000);
    }

    TemporaryFolder folder;
    fs::path file = savedProject(folder);
    WindowDriver driver;
};

TEST_F(OutsideChanges, AreAskedAboutBeforeTheFileIsSavedOver) {
    changeOutside();
    const std::string theirs = onDisk();
    save();
    EXPECT_EQ(driver.outsideQuestions, std::vector<OutsideChange>{OutsideChange::Contents});
    EXPECT_EQ(onDisk(), theirs);
    EXPECT_TRUE(driver.window.isWindowModified());
    driver.outsideAnswer = OutsideAnswer::Overwrite;
    save();
    EXPECT_FALSE(driver.window.isWindowModified());
    EXPECT_NE(onDisk().find("\"filters\": 8"), std::string::npos);
    driver.type("filters", QStringLiteral("9"));
    save();
    EXPECT_EQ(driver.outsideQuestions.size(), 2U) << "our own save is no change from outside";
}

TEST_F(OutsideChanges, CanBeTakenInPlaceOfOnesOwn) {
    changeOutside();
    driver.outsideAnswer = OutsideAnswer::Reload;
    save();
    EXPECT_EQ(driver.shapeOf("classes"), "(None, 77)");
    EXPECT_EQ(driver.shapeOf("conv"), "(None, 26, 26, 4)");
    EXPECT_FALSE(driver.window.isWindowModified());
}

TEST_F(OutsideChanges, CanBeLeftAloneByAnotherName) {
    changeOutside();
    const std::string theirs = onDisk();
    driver.outsideAnswer = OutsideAnswer::SaveAs;
    driver.chosenToSave = text(folder.path() / "mine.shapewise");
    save();
    driver.waitForWriting();
    EXPECT_EQ(onDisk(), theirs);
    EXPECT_EQ(driver.window.document()->filePath(), driver.chosenToSave);
    EXPECT_FALSE(driver.window.isWindowModified());
}

TEST_F(OutsideChanges, AreSaidOnceWhenTheWindowComesToTheFront) {
    ASSERT_FALSE(QTest::qWaitFor([&] { return !driver.window.messages()->isHidden(); }, 0));
    changeOutside();
    ASSERT_TRUE(toFront());
    EXPECT_TRUE(driver.message().contains(QStringLiteral("model.shapewise was changed by another program")));
    press(QStringLiteral("Reload"));
    driver.waitForFile();
    EXPECT_EQ(driver.shapeOf("classes"), "(None, 77)");
}

TEST_F(OutsideChanges, OnceKeptAreNotAskedAboutAgain) {
    changeOutside();
    ASSERT_TRUE(toFront());
    press(QStringLiteral("Keep Mine"));
    EXPECT_TRUE(driver.window.isWindowModified());
    save();
    EXPECT_TRUE(driver.outsideQuestions.empty());
    EXPECT_NE(onDisk().find("\"filters\": 8"), std::string::npos);
}

TEST_F(OutsideChanges, AFileThatIsGoneIsSaidAndCanBeSavedThereAgain) {
    fs::rename(file, folder.path() / "renamed.shapewise");
    ASSERT_TRUE(toFront());
    EXPECT_TRUE(driver.message().contains(QStringLiteral("no longer where it was")));
    save();
    EXPECT_EQ(driver.outsideQuestions, std::vector<OutsideChange>{OutsideChange::Gone});
    EXPECT_FALSE(fs::exists(file));
    press(QStringLiteral("Save There Again"));
    driver.waitForWriting();
    EXPECT_NE(onDisk().find("\"filters\": 8"), std::string::npos);
}

TEST_F(OutsideChanges, ATouchIsNone) {
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(1));
    save();
    EXPECT_TRUE(driver.outsideQuestions.empty());
    EXPECT_FALSE(driver.window.isWindowModified());
}

/// Where a window stands, in words.
struct Stand {
    double zoom = 0.0;
    QPointF middle;
    QStringList group;
    std::vector<std::string> selection;
    QStringList front;
};

Stand standOf(const MainWindow& window) {
    Stand stand{window.canvas()->zoom(),
                window.canvas()->visibleRect().center(),
                window.document()->openNames(),
                {},
                window.panels()->frontPanels()};
    for (const auto id : window.canvas()->selection())
        stand.selection.push_back(window.document()->nodeName(id).toStdString());
    return stand;
}

void expectSame(const Stand& now, const Stand& before) {
    EXPECT_NEAR(now.zoom, before.zoom, 1e-9);
    EXPECT_NEAR(now.middle.x(), before.middle.x(), 3.0);
    EXPECT_NEAR(now.middle.y(), before.middle.y(), 3.0);
    EXPECT_EQ(now.group, before.group);
    EXPECT_EQ(now.selection, before.selection);
    EXPECT_EQ(now.front, before.front);
}

/// Goes somewhere: into the group, near, with a node selected and another panel in front.
void goSomewhere(WindowDriver& driver) {
    ASSERT_TRUE(driver.window.document()->openGroup(driver.node("inner")->id));
    driver.window.canvas()->zoom100();
    driver.window.canvas()->zoomIn();
    driver.window.canvas()->scrollByPixels({-70.0, 40.0});
    driver.select("flat");
    driver.window.panels()->bringToFront(QStringLiteral("summary"));
}

TEST(ViewState, AReopenedFileStandsWhereItWas) {
    const TemporaryFolder folder;
    const QString file = text(savedProject(folder));
    const QString other = text(savedProject(folder, "other.shapewise"));
    Stand before;
    {
        WindowDriver driver({}, shapewise::ui::panelTable(), true);
        driver.open(file);
        goSomewhere(driver);
        before = standOf(driver.window);
        driver.open(other);
        EXPECT_TRUE(standOf(driver.window).group.isEmpty());
        driver.window.panels()->bringToFront(QStringLiteral("problems"));
        driver.open(file);
        expectSame(standOf(driver.window), before);
        driver.window.close();
    }
    WindowDriver driver({}, shapewise::ui::panelTable(), true);
    driver.open(file);
    expectSame(standOf(driver.window), before);
}

TEST(ViewState, WhatIsNoLongerThereIsPassedOver) {
    const TemporaryFolder folder;
    const QString file = text(savedProject(folder));
    WindowDriver driver({}, shapewise::ui::panelTable(), true);
    driver.open(file);
    goSomewhere(driver);
    driver.trigger("file.new");
    folder.write("model.shapewise",
                 R"({"format": "shapewise", "version": 1, "nodes": [{"name": "inner", "type": "Flatten"}]})");
    driver.open(file);
    EXPECT_TRUE(driver.window.document()->openNames().isEmpty());
    EXPECT_TRUE(driver.window.canvas()->selection().empty());
    EXPECT_EQ(driver.message(), QString());
}

TEST(ViewState, ARestoredDocumentStandsWhereItWas) {
    const TemporaryFolder folder;
    const fs::path kept = folder.path() / "recovery";
    Stand before;
    {
        Program program(kept);
        program.driver.open(text(savedProject(folder)));
        goSomewhere(program.driver);
        before = standOf(program.driver.window);
        const auto flat = program.driver.node("flat")->id;
        ASSERT_TRUE(program.driver.window.document()->perform(shapewise::edit::renameNode(flat, "even")));
        before.selection = {"even"};
    }
    Program program(kept);
    program.offer(LostAnswer::Restore);
    expectSame(standOf(program.driver.window), before);
}

TEST(LostDialog, ListsWhatWasLostAndAsksTwiceBeforeItGoes) {
    shapewise::ui::LostDialog dialog(
        {{QStringLiteral("a.shapewise"), QStringLiteral("/work"), QDateTime::fromMSecsSinceEpoch(1000000000000), 12},
         {QStringLiteral("Untitled"), QString(), QDateTime::currentDateTime(), 1}});
    dialog.show();
    auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("lostList"));
    ASSERT_EQ(list->topLevelItemCount(), 2);
    EXPECT_EQ(list->topLevelItem(0)->text(0), QStringLiteral("a.shapewise"));
    EXPECT_EQ(list->topLevelItem(0)->text(3), QStringLiteral("12"));
    EXPECT_EQ(list->topLevelItem(1)->text(1), QStringLiteral("never saved"));
    list->topLevelItem(0)->setCheckState(0, Qt::Unchecked);
    EXPECT_EQ(dialog.chosen(), std::vector<std::size_t>{1});
    auto* discard = dialog.findChild<QPushButton*>(QStringLiteral("discardLost"));
    QTest::mouseClick(discard, Qt::LeftButton);
    EXPECT_TRUE(dialog.isVisible());
    QTest::mouseClick(discard, Qt::LeftButton);
    EXPECT_FALSE(dialog.isVisible());
    EXPECT_EQ(dialog.answer(), LostAnswer::Discard);
}

TEST(LostDialog, IsAsHighAsItsRowsAndShowsWholeNames) {
    const QString name = QStringLiteral("a-model-with-a-name-that-says-what-was-tried-on-it-2026-11-28.shapewise");
    const QString folder = QStringLiteral("/home/somebody/models/speech");
    const auto rowsOf = [&](int count) {
        return std::vector<shapewise::ui::LostRow>(static_cast<std::size_t>(count),
                                                   {name, folder, QDateTime::currentDateTime(), 3});
    };
    std::vector<int> heights;
    for (const int count : {1, 4, 8, 50}) {
        shapewise::ui::LostDialog dialog(rowsOf(count));
        dialog.show();
        auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("lostList"));
        heights.push_back(list->height());
        const QRect last = list->visualItemRect(list->topLevelItem(std::min(count, 8) - 1));
        EXPECT_LE(last.bottom(), list->viewport()->height()) << count;
        EXPECT_GE(last.bottom() + last.height(), list->viewport()->height()) << count;
        const int most = static_cast<int>(dialog.screen()->availableGeometry().width());
        EXPECT_LE(dialog.width(), most) << count;
        const int column = list->header()->sectionSize(0);
        EXPECT_TRUE(column >= list->fontMetrics().horizontalAdvance(name) || dialog.width() > most * 7 / 10)
            << count << ": " << column;
        EXPECT_EQ(list->topLevelItem(0)->toolTip(0), name);
    }
    EXPECT_LT(heights[0], heights[1]);
    EXPECT_LT(heights[1], heights[2]);
    EXPECT_EQ(heights[2], heights[3]);
}

TEST(LostDialog, ClosedOtherwiseLeavesAllForLater) {
    shapewise::ui::LostDialog dialog({{QStringLiteral("Untitled"), QString(), QDateTime::currentDateTime(), 1}});
    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Escape);
    EXPECT_EQ(dialog.answer(), LostAnswer::Later);
}

}  // namespace
