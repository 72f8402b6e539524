// The dialect of a Keras file, as the window shows it and lets it be changed.

#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"
#include "ui/shell/read_as_menu.h"

#include <QFile>
#include <QToolButton>

namespace shapewise::test {
namespace {

constexpr const char* kGru =
    R"({"class_name": "Sequential", "keras_version": "2.2.4", "config": [{"class_name": "GRU", "config":
      {"name": "g", "units": 4, "batch_input_shape": [null, 5, 3]}}]})";

QAction* entryOf(WindowDriver& driver, const QString& title) {
    auto* menu = driver.window.findChild<ui::ReadAsMenu*>();
    for (QAction* action : menu->actions())
        if (action->text() == title) return action;
    return nullptr;
}

TEST(ReadAs, TheStatusBarTellsTheDialectAndAnotherOneReadsTheFileAgain) {
    const TemporaryFolder folder;
    const QString path = QString::fromStdString((folder.path() / "gru.json").string());
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(kGru);
    file.close();
    WindowDriver driver;
    auto* button = driver.window.findChild<QToolButton*>(QStringLiteral("statusDialect"));
    EXPECT_FALSE(button->isVisible());
    driver.open(path);
    EXPECT_TRUE(button->isVisible());
    EXPECT_EQ(button->text(), QStringLiteral("Keras 2.0 to 2.2"));
    EXPECT_TRUE(entryOf(driver, QStringLiteral("Keras 2.0 to 2.2"))->isChecked());
    const auto resetAfter = [&] {
        const Value* value = driver.window.document()->graph().findByName("g")->setting("reset_after");
        return value == nullptr || value->asBool();
    };
    EXPECT_FALSE(resetAfter());
    entryOf(driver, QStringLiteral("Keras 3"))->trigger();
    driver.waitForFile();
    EXPECT_EQ(button->text(), QStringLiteral("Keras 3"));
    EXPECT_TRUE(resetAfter());
}

TEST(ReadAs, IsThereForKerasFilesOnly) {
    WindowDriver driver;
    driver.openExample(ui::examples().front().title);
    EXPECT_FALSE(driver.window.findChild<ui::ReadAsMenu*>()->menuAction()->isEnabled());
    EXPECT_FALSE(driver.window.findChild<QToolButton*>(QStringLiteral("statusDialect"))->isVisible());
}

}  // namespace
}  // namespace shapewise::test
