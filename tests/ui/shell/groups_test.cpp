// Models inside the model: opened, looked at, edited and left with mouse and keys.

#include "core/io/project/project_json.h"
#include "tests/support/nested_project.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"
#include "ui/base/wording.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/overlays/breadcrumbs.h"

#include <QLabel>
#include <QToolButton>

namespace {

using shapewise::NodeId;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

class Groups : public testing::Test {
  protected:
    void SetUp() override {
        driver.window.document()->replace(shapewise::test::nestedProject(), {});
        driver.window.canvas()->setFocus();
    }
    shapewise::ui::CanvasController& canvas() {
        return *driver.window.canvas()->findChild<shapewise::ui::CanvasController*>();
    }
    void doubleClick(std::string_view name) {
        shapewise::ui::CanvasView& view = *driver.window.canvas();
        const QPoint at = view.mapFromScene(canvas().picker().bodyOf(driver.node(name)->id).center());
        QTest::mouseMove(view.viewport(), at);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, at);
    }
    void key(Qt::Key key) { QTest::keyClick(driver.window.canvas(), key); }
    [[nodiscard]] QStringList crumbs() const { return driver.window.breadcrumbs()->parts().mid(1); }
    [[nodiscard]] std::string selected() const {
        std::string names;
        for (const NodeId id : driver.window.canvas()->selection())
            names += driver.window.document()->nodeName(id).toStdString();
        return names;
    }

    WindowDriver driver;
};

TEST_F(Groups, OpenOnADoubleClickAndCloseWithEscape) {
    EXPECT_TRUE(driver.window.breadcrumbs()->isHidden());
    doubleClick("encoder");
    EXPECT_EQ(crumbs(), QStringList{QStringLiteral("encoder")});
    EXPECT_TRUE(driver.window.breadcrumbs()->isVisible());
    EXPECT_EQ(canvas().sync().nodeCount(), 4u);
    EXPECT_EQ(driver.shapeOf("conv1"), "(None, 26, 26, 4)");
    key(Qt::Key_Escape);
    EXPECT_TRUE(crumbs().isEmpty());
    EXPECT_TRUE(driver.window.breadcrumbs()->isHidden());
    EXPECT_EQ(canvas().sync().nodeCount(), 6u);
    EXPECT_EQ(selected(), "encoder");
}

TEST_F(Groups, OpenWithEnterTwoDeepAndCloseWithBackspaceOrACrumb) {
    driver.select("encoder");
    key(Qt::Key_Return);
    driver.select("block");
    key(Qt::Key_Return);
    EXPECT_EQ(crumbs(), (QStringList{QStringLiteral("encoder"), QStringLiteral("block")}));
    EXPECT_EQ(driver.shapeOf("pool"), "(None, 13, 13, 4)");
    key(Qt::Key_Backspace);
    EXPECT_EQ(crumbs(), QStringList{QStringLiteral("encoder")});
    driver.select("block");
    key(Qt::Key_Return);
    auto* first = driver.window.breadcrumbs()->findChild<QToolButton*>(QStringLiteral("crumb0"));
    ASSERT_NE(first, nullptr);
    QTest::mouseClick(first, Qt::LeftButton);
    EXPECT_TRUE(crumbs().isEmpty());
}

TEST_F(Groups, EscapeFirstTakesTheSelectionAway) {
    doubleClick("encoder");
    driver.select("conv1");
    key(Qt::Key_Escape);
    EXPECT_EQ(selected(), "");
    EXPECT_FALSE(crumbs().isEmpty());
    key(Qt::Key_Escape);
    EXPECT_TRUE(crumbs().isEmpty());
}

TEST_F(Groups, EditsInsideAreUndoneAndSeenOutside) {
    doubleClick("encoder");
    driver.select("block");
    QTest::keyClick(driver.window.canvas(), Qt::Key_Delete, Qt::ControlModifier);
    EXPECT_EQ(driver.shapeOf("flat"), "(None, 2704)");
    driver.trigger("graph.back");
    EXPECT_EQ(driver.shapeOf("encoder"), "(None, 2704)");
    EXPECT_EQ(driver.shapeOf("again"), "(None, 2704)");
    driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("encoder"), "(None, 676)");
}

TEST_F(Groups, ParametersInsideAreSetInTheInspector) {
    doubleClick("encoder");
    driver.select("conv1");
    driver.type("filters", QStringLiteral("6"));
    EXPECT_EQ(driver.shapeOf("conv1"), "(None, 26, 26, 6)");
    ASSERT_TRUE(driver.waitForProblems(1));  // the block inside declares 4 channels
    EXPECT_EQ(driver.window.problems()->model()->at(0)->code, shapewise::diag::Code::NestedLayer);
}

TEST_F(Groups, OutputsInsideAreLive) {
    driver.waitForRun();
    doubleClick("encoder");
    driver.waitForRun();
    ASSERT_NE(driver.result("conv1"), nullptr);
    EXPECT_FALSE(driver.result("conv1")->outputs.empty()) << driver.result("conv1")->problem;
    driver.select("conv1");
    EXPECT_FALSE(driver.window.activations()->picture().isNull());
    key(Qt::Key_Escape);
    key(Qt::Key_Escape);
    driver.waitForRun();
    ASSERT_NE(driver.result("classes"), nullptr);
    EXPECT_FALSE(driver.result("classes")->outputs.empty());
}

TEST_F(Groups, AProblemInsideIsShownThere) {
    doubleClick("encoder");
    driver.select("conv1");
    driver.type("kernel_size", QStringLiteral("40"));
    driver.trigger("graph.back");
    ASSERT_TRUE(QTest::qWaitFor([&] {
        return driver.problemCount() > 0 &&
               driver.window.problems()->model()->at(0)->code == shapewise::diag::Code::NestedLayer;
    }));
    Q_EMIT driver.window.problems()->revealRequested(*driver.window.problems()->model()->at(0));
    EXPECT_EQ(crumbs(), QStringList{QStringLiteral("encoder")});
    EXPECT_EQ(selected(), "conv1");
    ASSERT_TRUE(QTest::qWaitFor([&] {
        return driver.problemCount() > 0 &&
               driver.window.problems()->model()->at(0)->code == shapewise::diag::Code::WindowTooLarge;
    }));
    ASSERT_TRUE(driver.pressRepair(
        0, driver.window.problems()->model()->at(0)->fixes.empty()
               ? QString()
               : shapewise::ui::shown(driver.window.problems()->model()->at(0)->fixes.front().title)));
    EXPECT_NE(driver.shapeOf("conv1"), "no shape");
}

TEST_F(Groups, SavingInsideSavesTheWhole) {
    const TemporaryFolder folder;
    doubleClick("encoder");
    driver.chosenToSave = QString::fromStdString((folder.path() / "nested.shapewise").string());
    driver.trigger("file.save");
    driver.waitForWriting();
    EXPECT_EQ(driver.window.document()->openPath().size(), 1u);
    driver.open(driver.chosenToSave);
    EXPECT_TRUE(driver.window.document()->openPath().empty());
    EXPECT_EQ(driver.shapeOf("classes"), "(None, 10)");
}

TEST_F(Groups, TheBarSaysWhenAnEditChangesSeveralCalls) {
    doubleClick("encoder");
    bool isSaid = false;
    for (const QLabel* label : driver.window.breadcrumbs()->findChildren<QLabel*>())
        isSaid = isSaid || label->text().contains(QStringLiteral("all 2 calls"));
    EXPECT_TRUE(isSaid);
}

}  // namespace
