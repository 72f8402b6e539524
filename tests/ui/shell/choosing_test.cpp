// Every list in which a click or a double click chooses something chooses what is under the pointer.

#include "core/layers/framework/catalog.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"
#include "ui/canvas/overlays/minimap.h"
#include "ui/palette/palette_panel.h"
#include "ui/shell/examples.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/settings.h"

#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QTreeView>

#include <filesystem>

namespace shapewise {
namespace {

using test::sourcePath;
using test::WindowDriver;

/// Dense layers one behind the other, each too narrow to be right: 0 units.
std::vector<NodeId> wrongChain(WindowDriver& driver, int count) {
    std::vector<NodeId> nodes;
    const layers::LayerType* type = layers::findLayer("Dense");
    for (int index = 0; index < count; ++index) {
        const graph::Graph& graph = driver.window.document()->graph();
        const NodeId id = graph.nextId();
        auto node = layers::makeInitialNode(*type, id, "dense" + std::to_string(index));
        node->set("units", 0);
        edit::Edit edit;
        edit.label = "Build";
        edit.steps.emplace_back(edit::AddNode{node, {index * 300.0, 0, false}});
        EXPECT_TRUE(driver.window.document()->perform(edit));
        nodes.push_back(id);
    }
    return nodes;
}

/// Clicks the middle of a cell; twice for a double click.
void click(QAbstractItemView& view, const QModelIndex& index, bool twice) {
    view.scrollTo(index);
    const QPoint at = view.visualRect(index).center();
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at);
    if (twice) QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, at);
}

TEST(Choosing, ADoubleClickOnEachProblemGoesToItsNode) {
    WindowDriver driver;
    const std::vector<NodeId> nodes = wrongChain(driver, 5);
    ASSERT_TRUE(QTest::qWaitFor([&] { return driver.problemCount() >= 5; }));
    auto* table = driver.window.problems()->findChild<QTableView*>(QStringLiteral("problems"));
    for (int row = 0; row < driver.problemCount(); ++row) {
        const diag::Diagnostic* problem = driver.window.problems()->model()->at(row);
        ASSERT_NE(problem, nullptr);
        const NodeId node = problem->node;
        click(*table, table->model()->index(row, ui::DiagnosticsModel::Message), true);
        EXPECT_EQ(driver.window.canvas()->selection(), std::vector<NodeId>{node}) << row;
    }
}

TEST(Choosing, AClickOnEachRowOfTheSummarySelectsThatLayerInAnyOrder) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("A Recording, Classified"));
    driver.window.showActivations();
    auto* table = driver.window.summary()->findChild<QTableView*>(QStringLiteral("summary"));
    for (QWidget* parent = table; parent != nullptr; parent = parent->parentWidget())
        if (auto* tabs = qobject_cast<QTabWidget*>(parent)) tabs->setCurrentWidget(driver.window.summary());
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
        for (const int column : {0, 1}) {
            table->sortByColumn(column, order);
            ASSERT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() > 3; }));
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                const QModelIndex name = table->model()->index(row, ui::SummaryModel::Name);
                click(*table, name, false);
                const std::vector<NodeId> chosen = driver.window.canvas()->selection();
                ASSERT_EQ(chosen.size(), 1U);
                EXPECT_TRUE(name.data().toString().contains(driver.window.document()->nodeName(chosen.front())))
                    << name.data().toString().toStdString();
            }
        }
}

TEST(Choosing, ADoubleClickOnEachLayerOfThePaletteAddsThatOne) {
    ui::PalettePanel palette;
    palette.resize(260, 600);
    palette.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&palette));
    QSignalSpy chosen(&palette, &ui::PalettePanel::layerChosen);
    auto* tree = palette.findChild<QTreeView*>(QStringLiteral("paletteTree"));
    const QAbstractItemModel& model = *tree->model();
    int count = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        for (int entry = 0; entry < model.rowCount(model.index(row, 0)); entry += 3) {
            const QModelIndex index = model.index(entry, 0, model.index(row, 0));
            click(*tree, index, true);
            ASSERT_EQ(chosen.count(), ++count);
            EXPECT_EQ(chosen.back().front().toString(), index.data(ui::LayerListModel::ClassNameRole).toString());
        }
    EXPECT_GT(count, 20);
}

TEST(Choosing, AClickInTheQuickAddTakesTheRowUnderThePointer) {
    WindowDriver driver;
    auto* quick = driver.window.canvas()->findChild<ui::QuickAdd*>();
    auto* list = quick->findChild<QListView*>();
    for (const int row : {0, 2, 5}) {
        driver.window.canvas()->select({});
        driver.window.canvas()->setFocus();
        QTest::keyClick(driver.window.canvas(), Qt::Key_Tab);
        ASSERT_TRUE(quick->isVisible());
        QTest::keyClicks(quick->findChild<QLineEdit*>(), QStringLiteral("conv"));
        const QModelIndex index = list->model()->index(row, 0);
        const std::string wanted = index.data(ui::LayerListModel::ClassNameRole).toString().toStdString();
        click(*list, index, false);
        const std::vector<NodeId> added = driver.window.canvas()->selection();
        ASSERT_EQ(added.size(), 1U) << row;
        EXPECT_EQ(driver.window.document()->graph().find(added.front())->type->className, wanted);
    }
}

TEST(Choosing, EachCardOfTheEmptyCanvasOpensTheExampleItNames) {
    const std::size_t count = 3;
    for (std::size_t index = 0; index < count; ++index) {
        WindowDriver driver;
        const QList<QWidget*> cards = driver.window.canvas()->findChildren<QWidget*>(QStringLiteral("exampleCard"));
        ASSERT_EQ(cards.size(), static_cast<qsizetype>(count));
        QWidget* card = cards[static_cast<qsizetype>(index)];
        QTest::mouseClick(card, Qt::LeftButton);
        driver.waitForFile();
        EXPECT_GT(driver.window.document()->graph().nodeCount(), 0U);
        const QString title = ui::examples()[index].title;
        EXPECT_EQ(card->accessibleName().compare(title, Qt::CaseInsensitive), 0) << title.toStdString();
    }
}

TEST(Choosing, EachRecentFileOfOneNameOpensItself) {
    const test::TemporaryFolder folder;
    ui::clearRecentFiles();
    QStringList paths;
    for (const char* name : {"a", "b"}) {
        std::filesystem::create_directory(folder.path() / name);
        const std::filesystem::path path = folder.path() / name / "same.shapewise";
        std::filesystem::copy_file(sourcePath("resources/examples/conv1d-done-right.shapewise").toStdString(), path);
        paths += QString::fromStdString(path.string());
    }
    WindowDriver driver;
    for (const QString& path : paths) driver.open(path);
    QMenu* recent = nullptr;
    for (QMenu* menu : driver.window.findChildren<QMenu*>())
        if (menu->title() == QStringLiteral("Open Recent")) recent = menu;
    ASSERT_NE(recent, nullptr);
    ASSERT_EQ(recent->actions().size(), 4);  // a separator and Clear
    EXPECT_EQ(recent->actions()[0]->text(), QString::fromUtf8("same.shapewise — b"));
    recent->actions()[1]->trigger();
    driver.waitForFile();
    EXPECT_EQ(driver.window.document()->filePath(), paths[0]);
    ui::clearRecentFiles();
}

TEST(Choosing, AClickInTheOverviewGoesToThatPlace) {
    WindowDriver driver;
    const std::vector<NodeId> nodes = wrongChain(driver, 12);
    ui::CanvasView& view = *driver.window.canvas();
    view.zoom100();
    auto* overview = view.findChild<ui::Minimap*>();
    ASSERT_TRUE(overview->isVisible());
    const QRectF content = view.findChild<ui::CanvasController*>()->sync().contentRect();
    double last = -1e9;
    for (const double share : {0.25, 0.5, 0.75}) {
        const QPoint at(static_cast<int>(overview->width() * share), overview->height() / 2);
        QTest::mouseClick(overview, Qt::LeftButton, {}, at);
        const double centre = view.visibleRect().center().x();
        EXPECT_NEAR(centre, content.left() + content.width() * share, content.width() * 0.1) << share;
        EXPECT_GT(centre, last);
        last = centre;
    }
}

}  // namespace
}  // namespace shapewise
