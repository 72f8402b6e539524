// A tile of the grid of maps that is clicked is the map shown large, whichever axes a tensor has.

#include "core/layers/framework/catalog.h"
#include "tests/support/window_driver.h"
#include "ui/viewers/feature_map_grid.h"
#include "ui/viewers/heat_map_view.h"
#include "ui/viewers/tensor_view_stack.h"

#include <QAbstractScrollArea>
#include <QSpinBox>

#include <map>

namespace shapewise::ui {
namespace {

struct ClickedMaps {
    const char* name;
    const char* className;
    std::vector<std::pair<const char*, Value>> settings;
    Value shape;
    std::int64_t maps;
};

const std::vector<ClickedMaps>& clickedMaps() {
    static const std::vector<ClickedMaps> kRows{
        {"picture", "Conv2D", {{"filters", 12}}, Value::list({28, 28, 1}), 12},
        {"channelsFirst", "ZeroPadding2D", {{"data_format", "channels_first"}}, Value::list({7, 20, 24}), 7},
        {"volume", "Conv3D", {{"filters", 6}}, Value::list({8, 10, 12, 1}), 6},
        {"pages", "Conv2D", {{"filters", 300}, {"kernel_size", 1}}, Value::list({6, 6, 1}), 300},
    };
    return kRows;
}

class ClickOnATileOfAVolume : public ::testing::Test {
  protected:
    void build(const ClickedMaps& row) {
        const auto add = [&](const char* className, std::vector<std::pair<const char*, Value>> settings, NodeId from) {
            const layers::LayerType* type = layers::findLayer(className);
            const graph::Graph& graph = driver.window.document()->graph();
            const NodeId id = graph.nextId();
            auto node = layers::makeInitialNode(*type, id, graph.freeName(layers::automaticName(*type)));
            for (const auto& [key, value] : settings) node->set(key, value);
            edit::Edit edit;
            edit.label = "Build";
            edit.steps.emplace_back(edit::AddNode{node, {from.isValid() ? 400.0 : 0.0, 0, false}});
            if (from.isValid()) edit.steps.emplace_back(edit::Connect{{from, 0, 0}, id, std::nullopt});
            EXPECT_TRUE(driver.window.document()->perform(edit));
            return id;
        };
        const NodeId source = add("Sample", {{"shape", row.shape}, {"batch_size", 1}}, {});
        const NodeId node = add(row.className, row.settings, source);
        driver.window.canvas()->select({node});
        driver.window.showActivations();
        driver.trigger("run.once");
        driver.waitForRun();
        driver.waitForPictures();
    }
    template <class View>
    View* shown() {
        auto* stack = driver.window.activations()->findChild<TensorViewStack*>();
        return dynamic_cast<View*>(stack->current());
    }
    /// The middle of the tile of each map on screen, found as a hand finds it: by moving over them.
    std::map<std::int64_t, QPoint> tiles(std::size_t axis) {
        auto* grid = shown<FeatureMapGrid>();
        std::map<std::int64_t, QPoint> found;
        if (grid == nullptr) return found;
        QWidget* viewport = grid->findChild<QAbstractScrollArea*>()->viewport();
        const auto connection = QObject::connect(grid, &TensorView::cellHovered, grid, [&](const TensorIndex& index) {
            if (!index.empty()) found.emplace(index[axis], at_);
        });
        for (int y = 0; y < viewport->height(); y += 3)
            for (int x = 0; x < viewport->width(); x += 3) {
                at_ = QPoint(x, y);
                QMouseEvent move(QEvent::MouseMove, at_, viewport->mapToGlobal(QPointF(at_)), Qt::NoButton,
                                 Qt::NoButton, {});
                QCoreApplication::sendEvent(viewport, &move);
            }
        QObject::disconnect(connection);
        return found;
    }

    test::WindowDriver driver;
    QPoint at_;
};

class ClickOnATile : public ClickOnATileOfAVolume, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(ClickOnATile, ShowsThatMapLarge) {
    const ClickedMaps& row = clickedMaps()[GetParam()];
    build(row);
    auto* grid = shown<FeatureMapGrid>();
    ASSERT_NE(grid, nullptr);
    const int axis = grid->onScreen().layout.maps;
    const auto places = tiles(static_cast<std::size_t>(axis));
    ASSERT_GE(places.size(), std::min<std::size_t>(4, static_cast<std::size_t>(row.maps)));
    auto* mode = driver.window.activations()->findChild<QComboBox*>(QStringLiteral("activationsMode"));
    for (const auto& [map, at] : places) {
        if (map % 3 != 2) continue;
        ASSERT_NE(shown<FeatureMapGrid>(), nullptr);
        QTest::mouseClick(shown<FeatureMapGrid>()->findChild<QAbstractScrollArea*>()->viewport(), Qt::LeftButton, {},
                          at);
        driver.waitForPictures();
        auto* large = shown<HeatMapView>();
        ASSERT_NE(large, nullptr) << map;
        EXPECT_EQ(large->onScreen().place.map, map);
        const int automatic = mode->findData(QString());
        mode->setCurrentIndex(automatic);
        Q_EMIT mode->activated(automatic);
        driver.waitForPictures();
    }
}

TEST_F(ClickOnATileOfAVolume, StaysAtTheSliceThatIsShown) {
    build(clickedMaps()[2]);
    auto* slice = driver.window.activations()->findChild<QSpinBox*>(QStringLiteral("activationsSlice"));
    ASSERT_TRUE(slice->isVisible());
    slice->setValue(3);
    driver.waitForPictures();
    const auto places = tiles(4);
    ASSERT_TRUE(places.contains(5));
    QTest::mouseClick(shown<FeatureMapGrid>()->findChild<QAbstractScrollArea*>()->viewport(), Qt::LeftButton, {},
                      places.at(5));
    driver.waitForPictures();
    auto* large = shown<HeatMapView>();
    ASSERT_NE(large, nullptr);
    EXPECT_EQ(large->onScreen().place.map, 5);
    EXPECT_EQ(large->onScreen().place.slice, 3);
    slice->setValue(1);
    driver.waitForPictures();
    EXPECT_EQ(large->onScreen().place.slice, 1);
    EXPECT_EQ(large->onScreen().place.map, 5);
}

INSTANTIATE_TEST_SUITE_P(Table, ClickOnATile, ::testing::Range<std::size_t>(0, clickedMaps().size()),
                         [](const auto& parameter) { return std::string(clickedMaps()[parameter.param].name); });

}  // namespace
}  // namespace shapewise::ui
