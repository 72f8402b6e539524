#include "core/layers/framework/catalog.h"
#include "ui/palette/layer_list_model.h"
#include "ui/palette/layer_search.h"
#include "ui/palette/palette_panel.h"

#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

std::vector<std::string> found(const char* query) {
    std::vector<std::string> names;
    for (const layers::LayerType* type : searchLayers(QString::fromUtf8(query))) names.emplace_back(type->className);
    return names;
}

TEST(LayerSearch, FindsByBeginningOfTheNameFirst) {
    const auto names = found("conv");
    ASSERT_FALSE(names.empty());
    EXPECT_EQ(names.front(), "Conv1D");
}

TEST(LayerSearch, FindsByInitials) {
    const auto names = found("mp2");
    ASSERT_FALSE(names.empty());
    EXPECT_EQ(names.front(), "MaxPooling2D");
}

TEST(LayerSearch, WantsEveryWord) {
    for (const std::string& name : found("global max")) EXPECT_NE(name.find("GlobalMax"), std::string::npos) << name;
    EXPECT_TRUE(found("conv xyzzy").empty());
}

TEST(LayerSearch, SaysWhyARankDoesNotFit) {
    EXPECT_EQ(whyNotFed(*layers::findLayer("Conv2D"), 3).toStdString(), "needs rank 4, not 3");
    EXPECT_TRUE(whyNotFed(*layers::findLayer("Conv2D"), 4).isEmpty());
    EXPECT_TRUE(whyNotFed(*layers::findLayer("Conv2D"), -1).isEmpty());
}

TEST(LayerListModel, ListsEveryLayerOfTheCatalogueUnderItsCategory) {
    LayerListModel model;
    model.fillByCategory({});
    std::size_t count = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        count += static_cast<std::size_t>(model.rowCount(model.index(row, 0)));
    EXPECT_EQ(count, layers::allLayers().size());
}

TEST(LayerListModel, PutsLayersThatDoNotFitLastWithTheReason) {
    LayerListModel model;
    model.fillFlat(QStringLiteral("conv"), 3, true);
    ASSERT_GT(model.rowCount(), 1);
    EXPECT_TRUE(model.index(0, 0).data(LayerListModel::ReasonRole).toString().isEmpty());
    EXPECT_FALSE(model.index(model.rowCount() - 1, 0).data(LayerListModel::ReasonRole).toString().isEmpty());
}

TEST(LayerListModel, MarksLayersOfOlderDialects) {
    LayerListModel model;
    model.fillByCategory(QStringLiteral("cudnngru"));
    const QModelIndex row = model.index(0, 0, model.index(0, 0));
    EXPECT_EQ(row.data(Qt::DisplayRole).toString(), QStringLiteral("CuDNNGRU (Keras 2)"));
    EXPECT_EQ(row.data(Qt::AccessibleTextRole).toString(), QStringLiteral("CuDNNGRU (Keras 2)"));
}

TEST(LayerListModel, DragsTheClassName) {
    LayerListModel model;
    model.fillFlat(QStringLiteral("conv2d"), -1, false);
    const std::unique_ptr<QMimeData> data(model.mimeData({model.index(0, 0)}));
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(data->data(QString::fromLatin1(kLayerMimeType)), QByteArray("Conv2D"));
}

TEST(PalettePanel, EnterInTheFilterAddsTheFirstMatch) {
    PalettePanel dock;
    dock.show();
    QSignalSpy spy(&dock, &PalettePanel::layerChosen);
    auto* field = dock.findChild<QLineEdit*>(QStringLiteral("paletteFilter"));
    QTest::keyClicks(field, QStringLiteral("flatten"));
    QTest::keyClick(field, Qt::Key_Return);
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).toString().toStdString(), "Flatten");
}

TEST(PalettePanel, DownArrowGoesToTheListAndEnterAdds) {
    PalettePanel dock;
    dock.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&dock));
    QSignalSpy spy(&dock, &PalettePanel::layerChosen);
    auto* tree = dock.findChild<QTreeView*>(QStringLiteral("paletteTree"));
    QTest::keyClick(dock.findChild<QLineEdit*>(QStringLiteral("paletteFilter")), Qt::Key_Down);
    EXPECT_TRUE(tree->currentIndex().isValid());
    QTest::keyClick(tree, Qt::Key_Return);
    EXPECT_EQ(spy.count(), 1);
}

TEST(PalettePanel, DoubleClickOnAHeadingAddsNothing) {
    PalettePanel dock;
    dock.show();
    QSignalSpy spy(&dock, &PalettePanel::layerChosen);
    auto* tree = dock.findChild<QTreeView*>(QStringLiteral("paletteTree"));
    Q_EMIT tree->doubleClicked(tree->model()->index(0, 0));
    EXPECT_EQ(spy.count(), 0);
}

}  // namespace
}  // namespace shapewise::ui
