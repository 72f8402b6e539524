// Files that are opened or dropped: told by their content on the thread that reads, opened once, and read from there.

#include "core/io/data/data_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"

namespace {

using shapewise::io::InputFile;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

QString shown(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

TEST(OpenOnce, ADroppedArrayBecomesANodeFromOneOpenFile) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "tone.npy";
    ASSERT_TRUE(shapewise::io::writeNpy(shapewise::tensor::Tensor({4, 2}, 1.0F), path));
    WindowDriver driver;
    std::uint64_t opened = 0;
    QObject::connect(driver.window.files(), &shapewise::ui::FileController::nodesAdded, &driver.window,
                     [&] { opened = InputFile::openedSoFar(); });
    const std::uint64_t before = InputFile::openedSoFar();
    driver.window.files()->drop({shown(path)}, {});
    EXPECT_TRUE(driver.window.files()->isOpening());
    driver.waitForFile();
    EXPECT_EQ(opened - before, 1U);
    EXPECT_EQ(driver.shapeOf("tone"), "(4, 2)");
    driver.waitForRun();
}

TEST(OpenOnce, ADroppedModelIsReadFromTheFileThatWasLookedAt) {
    const TemporaryFolder folder;
    const std::filesystem::path path =
        folder.write("m.shapewise", R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Flatten"}]})");
    WindowDriver driver;
    const std::uint64_t before = InputFile::openedSoFar();
    driver.window.files()->drop({shown(path)}, {});
    driver.waitForFile();
    EXPECT_EQ(InputFile::openedSoFar() - before, 1U);
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 1U);
    EXPECT_EQ(driver.window.document()->filePath(), shown(path));
}

TEST(OpenOnce, OfModelsAndDataDroppedTogetherTheDataBecomeNodes) {
    const TemporaryFolder folder;
    ASSERT_TRUE(shapewise::io::writeNpy(shapewise::tensor::Tensor({4, 2}, 1.0F), folder.path() / "a.npy"));
    const std::filesystem::path model = folder.write("m.json", "[1]");
    const std::filesystem::path noData = folder.write("b.txt", "no data");
    WindowDriver driver;
    driver.window.files()->drop({shown(model), shown(folder.path() / "a.npy"), shown(noData)}, {});
    driver.waitForFile();
    EXPECT_NE(driver.node("a"), nullptr);
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 1U);
    EXPECT_TRUE(driver.message().contains(QStringLiteral("b.txt"))) << driver.message().toStdString();
    driver.waitForRun();
}

TEST(OpenOnce, AnotherDocumentAskedForMeanwhileWins) {
    const TemporaryFolder folder;
    const std::filesystem::path path =
        folder.write("m.shapewise", R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Flatten"}]})");
    WindowDriver driver;
    driver.window.files()->open(shown(path));
    driver.window.files()->newProject();
    driver.waitForFile();
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
}

TEST(OpenOnce, WhatLosesPartOfAProjectIsNotSavedOver) {
    const TemporaryFolder folder;
    const std::filesystem::path path =
        folder.write("m.json", R"({"class_name": "Sequential", "config": [{"class_name": "Flatten", "config": {}}]})");
    WindowDriver driver;
    driver.open(shown(path));
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 1U);
    EXPECT_TRUE(driver.window.document()->filePath().isEmpty());
}

}  // namespace
