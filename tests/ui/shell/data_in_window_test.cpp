// Data as people bring it, in the window: NaN is named where it starts, pictures have their colours, a folder is a
// batch.

#include "core/io/data/data_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"
#include "ui/viewers/colour_view.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>

#include <limits>

namespace {

using shapewise::test::sourcePath;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

TEST(DataInWindow, NaNIsNamedAtTheNodeWhereItStarts) {
    const TemporaryFolder folder;
    constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
    ASSERT_TRUE(shapewise::io::writeNpy(shapewise::tensor::Tensor({2, 2}, std::vector<float>{1, kNaN, 2, 3}),
                                        folder.path() / "gaps.npy"));
    WindowDriver driver;
    driver.open(QString::fromStdString((folder.path() / "gaps.npy").string()));
    driver.quickAdd("relu");
    driver.waitForRun();
    EXPECT_TRUE(driver.message().contains(QStringLiteral("first appear at gaps"))) << driver.message().toStdString();
    driver.select("gaps");
    driver.waitForPictures();
    driver.window.showActivations();
    driver.waitForPictures();
    auto* remark = driver.window.activations()->findChild<QLabel*>(QStringLiteral("activationsRemark"));
    EXPECT_TRUE(remark->isVisible());
    EXPECT_TRUE(remark->text().contains(QStringLiteral("1 NaN of 4 values, the first at [0, 1]; they start here")))
        << remark->text().toStdString();
}

TEST(DataInWindow, WhatIsMissingOfAFileIsSaidBesideItsNumbers) {
    WindowDriver driver;
    driver.open(sourcePath("tests/golden/data/cut-300-bytes.wav"));
    driver.waitForRun();
    driver.select("cut-300-bytes");
    driver.window.showActivations();
    driver.waitForPictures();
    EXPECT_EQ(driver.shapeOf("cut-300-bytes"), "(1, 650, 1)");
    auto* remark = driver.window.activations()->findChild<QLabel*>(QStringLiteral("activationsRemark"));
    EXPECT_EQ(remark->text(), QStringLiteral("the file is cut, 650 of 800 samples read"));
}

TEST(DataInWindow, APictureIsShownInItsColoursAndItsChannelsOnRequest) {
    WindowDriver driver;
    driver.open(sourcePath("tests/golden/pictures/rgb.png"));
    driver.waitForRun();
    driver.select("rgb");
    driver.window.showActivations();
    driver.waitForPictures();
    auto* view = driver.window.activations()->findChild<shapewise::ui::ColourView*>();
    ASSERT_NE(view, nullptr);
    EXPECT_TRUE(view->isVisible());
    auto* mode = driver.window.activations()->findChild<QComboBox*>(QStringLiteral("activationsMode"));
    const int maps = mode->findData(QStringLiteral("maps"));
    ASSERT_GE(maps, 0);
    mode->setCurrentIndex(maps);
    Q_EMIT mode->activated(maps);
    driver.waitForPictures();
    EXPECT_FALSE(view->isVisible());
}

TEST(DataInWindow, AFolderOfPicturesIsOneBatchWhoseSamplesSayTheirFiles) {
    const TemporaryFolder folder;
    for (const char* name : {"a.png", "b.png"})
        std::filesystem::copy_file(sourcePath("tests/golden/pictures/rgb.png").toStdString(), folder.path() / name);
    WindowDriver driver;
    driver.dropFiles({QString::fromStdString(folder.path().string())}, {120, 100});
    driver.waitForFile();
    driver.waitForRun();
    const std::string name = folder.path().filename().string();
    ASSERT_NE(driver.node(name), nullptr) << driver.message().toStdString();
    EXPECT_EQ(driver.shapeOf(name), "(2, 8, 16, 3)");
    driver.window.showActivations();
    driver.waitForPictures();
    QSpinBox* sample = nullptr;
    for (QSpinBox* box : driver.window.activations()->findChildren<QSpinBox*>())
        if (box->prefix().startsWith(QStringLiteral("sample"))) sample = box;
    ASSERT_NE(sample, nullptr);
    EXPECT_TRUE(sample->suffix().contains(QStringLiteral("a.png"))) << sample->suffix().toStdString();
    sample->setValue(1);
    EXPECT_TRUE(sample->suffix().contains(QStringLiteral("b.png"))) << sample->suffix().toStdString();
}

}  // namespace
