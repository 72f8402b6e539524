#include "ui/shell/screenshot.h"

#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"

#include <QImage>
#include <QSignalSpy>

namespace {

using shapewise::test::sourcePath;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

TEST(Screenshot, ShowsTheFinishedRunOfACleanModel) {
    const TemporaryFolder folder;
    const QString output = QString::fromStdString((folder.path() / "out.png").string());
    WindowDriver driver;
    driver.window.files()->open(sourcePath("resources/examples/conv1d-done-right.shapewise"));
    shapewise::ui::Screenshot screenshot(&driver.window, output);
    QSignalSpy finished(&screenshot, &shapewise::ui::Screenshot::finished);
    ASSERT_TRUE(finished.wait(20000));
    EXPECT_EQ(finished.front().front().toString(), QString());
    EXPECT_EQ(QImage(output).size(), driver.window.size());
    EXPECT_TRUE(driver.window.run()->isUpToDate());
    EXPECT_EQ(driver.window.canvas()->selection().size(), 1U);
}

TEST(Screenshot, OfAFileThatCannotBeReadSaysWhy) {
    WindowDriver driver;
    shapewise::ui::Screenshot screenshot(&driver.window, QStringLiteral("/no/such/folder/out.png"));
    QSignalSpy finished(&screenshot, &shapewise::ui::Screenshot::finished);
    driver.window.files()->open(QStringLiteral("/no/such/file.shapewise"));
    ASSERT_TRUE(finished.wait(20000));
    EXPECT_TRUE(finished.front().front().toString().contains(QStringLiteral("file.shapewise")));
}

}  // namespace
