// The table of panels: what stands in the window is what the table says.

#include "tests/support/toy_view.h"
#include "tests/support/window_driver.h"
#include "ui/session/document_session.h"
#include "ui/shell/panel_docks.h"

#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QTabWidget>

#include <set>

namespace {

using shapewise::test::toyView;
using shapewise::test::ToyView;
using shapewise::test::WindowDriver;
using shapewise::ui::DocumentSession;
using shapewise::ui::Panel;
using shapewise::ui::PanelArea;
using shapewise::ui::PanelSpec;
using shapewise::ui::panelTable;

class ToyPanel : public Panel {
  public:
    using Panel::Panel;
    void setSession(DocumentSession* session) override { shown = session; }
    [[nodiscard]] bool isBusy() const override { return busy; }

    DocumentSession* shown = nullptr;
    bool busy = false;
};

std::vector<PanelSpec> tableWithToy(PanelArea area = PanelArea::Bottom) {
    std::vector<PanelSpec> table = panelTable();
    table.push_back({QStringLiteral("toy"), QStringLiteral("Toy"), area,
                     [](QWidget* parent) -> Panel* { return new ToyPanel(parent); }});
    return table;
}

QAction* entryOf(WindowDriver& driver, const QString& text) {
    for (QMenu* menu : driver.window.menuBar()->findChildren<QMenu*>())
        if (menu->title() == QStringLiteral("Panels"))
            for (QAction* action : menu->actions())
                if (action->text() == text) return action;
    return nullptr;
}

TEST(PanelTable, IdsAreUniqueAndEveryRowIsComplete) {
    std::set<QString> ids;
    for (const PanelSpec& panel : panelTable()) {
        EXPECT_TRUE(ids.insert(panel.id).second) << panel.id.toStdString();
        EXPECT_FALSE(panel.title.isEmpty());
        EXPECT_TRUE(panel.make) << panel.id.toStdString();
    }
}

TEST(Panels, OneRowPutsAPanelIntoTabsMenuAndSessions) {
    WindowDriver driver({}, tableWithToy());
    auto* toy = dynamic_cast<ToyPanel*>(driver.window.panels()->panel(QStringLiteral("toy")));
    ASSERT_NE(toy, nullptr);
    EXPECT_EQ(toy->shown, driver.window.session());
    EXPECT_FALSE(toy->isVisible());
    QAction* entry = entryOf(driver, QStringLiteral("Toy"));
    ASSERT_NE(entry, nullptr);
    entry->trigger();
    EXPECT_TRUE(toy->isVisible());

    DocumentSession* second = driver.window.addSession();
    driver.window.setSession(second);
    EXPECT_EQ(toy->shown, second);
    EXPECT_FALSE(driver.window.panels()->isBusy());
    toy->busy = true;
    EXPECT_TRUE(driver.window.panels()->isBusy());
}

TEST(Panels, WhatAPanelSaysReachesTheWindow) {
    WindowDriver driver({}, tableWithToy());
    auto* toy = dynamic_cast<ToyPanel*>(driver.window.panels()->panel(QStringLiteral("toy")));
    ASSERT_NE(toy, nullptr);
    Q_EMIT toy->hintChanged(QStringLiteral("a hint"));
    EXPECT_EQ(driver.window.findChild<QLabel*>(QStringLiteral("statusHint"))->text(), QStringLiteral("a hint"));
    Q_EMIT toy->badgeChanged(QStringLiteral("7"), QStringLiteral("seven"));
    const auto* badge = driver.window.findChild<QLabel*>(QStringLiteral("toyBadge"));
    ASSERT_NE(badge, nullptr);
    EXPECT_EQ(badge->text(), QStringLiteral("7"));
    Q_EMIT toy->raiseRequested();
    EXPECT_TRUE(toy->isVisible());
}

TEST(Panels, ASecondOneBesideTheInspectorMakesTabsThere) {
    WindowDriver driver({}, tableWithToy(PanelArea::Right));
    auto* toy = driver.window.panels()->panel(QStringLiteral("toy"));
    ASSERT_NE(toy, nullptr);
    driver.window.panels()->raise(toy);
    EXPECT_TRUE(toy->isVisible());
    EXPECT_FALSE(driver.window.inspector()->isVisible());
    driver.window.panels()->raise(driver.window.inspector());
    EXPECT_TRUE(driver.window.inspector()->isVisible());
}

TEST(Panels, DocksCloseAndComeBackFromTheMenu) {
    WindowDriver driver;
    for (const char* title : {"Layers", "Inspector", "Problems and Results"}) {
        QAction* entry = entryOf(driver, QString::fromLatin1(title));
        ASSERT_NE(entry, nullptr) << title;
        EXPECT_TRUE(entry->isChecked());
        entry->trigger();
        EXPECT_FALSE(entry->isChecked());
        driver.trigger("view.nextPanel");  // walks past what is closed
        entry->trigger();
        EXPECT_TRUE(entry->isChecked());
    }
    EXPECT_TRUE(driver.window.inspector()->isVisible());
}

TEST(Activations, AViewOfTheTableIsOfferedWhereItAcceptsAndReceivesTheTensor) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("Conv1D, Done Right"));
    driver.waitForRun();
    std::vector<shapewise::ui::TensorViewSpec> views = shapewise::ui::tensorViews();
    views.push_back(toyView());
    shapewise::ui::ActivationsView activations(nullptr, views);
    activations.setSession(driver.window.session());
    auto* mode = activations.findChild<QComboBox*>(QStringLiteral("activationsMode"));
    ASSERT_NE(mode, nullptr);
    driver.select("conv1d");  // rank 3
    ASSERT_TRUE(QTest::qWaitFor([&] { return !activations.isBusy(); }));
    EXPECT_LT(mode->findText(QStringLiteral("Toy")), 0);
    driver.select("flatten");  // rank 2
    ASSERT_TRUE(QTest::qWaitFor([&] { return !activations.isBusy(); }));
    const int row = mode->findText(QStringLiteral("Toy"));
    ASSERT_GE(row, 0);
    mode->setCurrentIndex(row);
    Q_EMIT mode->activated(row);
    const ToyView* toy = nullptr;
    for (QWidget* widget : activations.findChildren<QWidget*>())
        if (const auto* found = dynamic_cast<ToyView*>(widget)) toy = found;
    ASSERT_NE(toy, nullptr);
    EXPECT_EQ(toy->onScreen().values, driver.result("flatten")->outputs.front());
    EXPECT_FALSE(activations.picture().isNull());
}

}  // namespace
