// Files that cannot be opened leave the document on screen as it is and say what is wrong.

#include "core/io/data/data_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"

#include <limits>
#include <string>
#include <vector>

namespace {

using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

struct BadFile {
    const char* name;
    std::string bytes;
};

class BadFiles : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, LeaveTheDocumentAndExplain) {
    const TemporaryFolder folder;
    const QString path = QString::fromStdString(folder.write(GetParam().name, GetParam().bytes).string());
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    const std::size_t nodes = driver.window.document()->graph().nodeCount();
    driver.open(path);
    EXPECT_FALSE(driver.message().isEmpty());
    EXPECT_TRUE(driver.message().contains(QString::fromLatin1(GetParam().name))) << driver.message().toStdString();
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), nodes);
    EXPECT_EQ(driver.shapeOf("conv1d"), "(100, 18, 32)");
    EXPECT_FALSE(driver.window.document()->isModified());
}

INSTANTIATE_TEST_SUITE_P(Session, BadFiles,
                         ::testing::Values(BadFile{"empty.shapewise", ""},
                                           BadFile{"half.shapewise", R"({"format": "shapewise", "nod)"},
                                           BadFile{"list.json", "[1, 2, 3]"}, BadFile{"other.json", R"({"a": 1})"},
                                           BadFile{"cut.wav", std::string("RIFF\x24\x00\x00\x00WAVEfmt ", 16)},
                                           BadFile{"noise.wav", "no sound"}, BadFile{"cut.png", "\x89PNG\r\n\x1a\n"},
                                           BadFile{"cut.npy", std::string("\x93NUMPY\x01\x00", 8)},
                                           BadFile{"binary.dat", std::string(4096, '\xEE')}),
                         [](const auto& parameter) {
                             std::string name = parameter.param.name;
                             for (char& letter : name)
                                 if (letter == '.') letter = '_';
                             return name;
                         });

TEST(BadInput, AMissingFileIsNamed) {
    WindowDriver driver;
    driver.open(QStringLiteral("/no/such/model.shapewise"));
    EXPECT_TRUE(driver.message().contains(QStringLiteral("model.shapewise"))) << driver.message().toStdString();
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
}

TEST(BadInput, AFolderIsNoFile) {
    const TemporaryFolder folder;
    WindowDriver driver;
    driver.open(QString::fromStdString(folder.path().string()));
    EXPECT_FALSE(driver.message().isEmpty());
}

TEST(BadInput, AnArrayOfNaNSaysSoWhereItCannotBeOverlooked) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "gaps.npy";
    constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
    ASSERT_TRUE(shapewise::io::writeNpy(shapewise::tensor::Tensor({2, 2}, std::vector<float>{1, kNaN, 2, 3}), path));
    WindowDriver driver;
    driver.open(QString::fromStdString(path.string()));
    driver.waitForRun();
    EXPECT_TRUE(driver.message().contains(QStringLiteral("gaps"))) << driver.message().toStdString();
    driver.trigger("edit.undo");
    driver.waitForRun();
    EXPECT_TRUE(driver.message().isEmpty());
}

TEST(BadInput, SavingWhereNothingMayBeWrittenSaysSo) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.chosenToSave = QStringLiteral("/no/such/folder/x.shapewise");
    driver.trigger("file.saveAs");
    driver.waitForWriting();
    EXPECT_FALSE(driver.message().isEmpty());
    EXPECT_TRUE(driver.window.document()->filePath().isEmpty());
}

TEST(BadInput, NegativeZeroAndHugeParametersAreExplainedNotRefused) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.select("conv1d");
    for (const char* text : {"-3", "0", "9223372036854775807"}) {
        driver.type("filters", QString::fromLatin1(text));
        EXPECT_EQ(driver.shapeOf("flatten"), "no shape") << text;
        EXPECT_TRUE(QTest::qWaitFor([&] { return driver.problemCount() > 0; })) << text;
    }
    driver.type("filters", QStringLiteral("32"));
    EXPECT_TRUE(driver.waitForProblems(0));
}

TEST(BadInput, ANameOfTenThousandCharactersIsJustLong) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.select("conv1d");
    auto* name = driver.window.inspector()->findChild<QLineEdit*>(QStringLiteral("nodeName"));
    name->setFocus();
    name->selectAll();
    name->insert(QString(10000, QChar(u'n')));
    name->setModified(true);
    QTest::keyClick(name, Qt::Key_Return);
    EXPECT_NE(driver.node(std::string(10000, 'n')), nullptr);
    driver.waitForRun();
}

TEST(BadInput, ARunThatNeedsMoreThanTheLimitIsRefusedWithTheNumbers) {
    shapewise::ui::Settings settings;
    settings.memoryLimitGib = 0.0001;
    WindowDriver driver(settings);
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    EXPECT_TRUE(QTest::qWaitFor([&] { return !driver.message().isEmpty(); }));
    EXPECT_EQ(driver.window.run()->report(), nullptr);
    EXPECT_FALSE(driver.window.run()->isRunning());
}

}  // namespace
