#include "tests/support/window_driver.h"

#include <QLabel>
#include <QTextBrowser>

namespace {

using shapewise::test::WindowDriver;

TEST(Problems, TheTabCountsThemAndF8SelectsTheNode) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    auto* counts = driver.window.findChild<QLabel*>(QStringLiteral("problemsBadge"));
    ASSERT_NE(counts, nullptr);
    EXPECT_TRUE(counts->text().contains(QStringLiteral("1")));
    driver.trigger("graph.nextProblem");
    ASSERT_EQ(driver.window.canvas()->selection().size(), 1U);
    EXPECT_EQ(driver.window.canvas()->selection().front(), driver.node("conv2d")->id);
}

TEST(Problems, ADoubleClickGoesThere) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    auto* table = driver.window.problems()->findChild<QTableView*>(QStringLiteral("problems"));
    const QModelIndex index = table->model()->index(0, shapewise::ui::DiagnosticsModel::Message);
    const QPoint place = table->visualRect(index).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, place);
    ASSERT_EQ(driver.window.canvas()->selection().size(), 1U);
    EXPECT_EQ(driver.window.canvas()->selection().front(), driver.node("conv2d")->id);
}

TEST(Problems, LongRepairsLeaveRoomForTheMessage) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    auto* table = driver.window.problems()->findChild<QTableView*>(QStringLiteral("problems"));
    for (const int width : {1400, 1000, 800}) {
        driver.window.resize(width, 900);
        QApplication::processEvents();
        const int message = table->columnWidth(shapewise::ui::DiagnosticsModel::Message);
        const int repairs = table->columnWidth(shapewise::ui::DiagnosticsModel::Repairs);
        EXPECT_GE(5 * message, 2 * repairs) << "in a window of " << driver.window.width();
    }
    EXPECT_TRUE(driver.pressRepair(0, QStringLiteral("Use Conv1D instead")));
}

TEST(Problems, WhyShowsThePageOfTheCode) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    driver.window.problems()->explain(driver.window.problems()->model()->at(0)->code);
    auto* page = driver.window.problems()->findChild<QTextBrowser*>();
    EXPECT_TRUE(page->isVisible());
    EXPECT_FALSE(page->toPlainText().isEmpty());
}

TEST(Problems, FullTextNamesBothShapesAndTheRepairs) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D into Conv2D"));
    ASSERT_TRUE(driver.waitForProblems(1));
    const auto* model = driver.window.problems()->model();
    const QString text = model->fullText(*model->at(0));
    for (const char* part : {"conv1d", "conv2d", "(batch, height, width, channels)", "(100, 18, 32)", "Conv1D"})
        EXPECT_TRUE(text.contains(QString::fromLatin1(part))) << part << "\n" << text.toStdString();
}

}  // namespace
