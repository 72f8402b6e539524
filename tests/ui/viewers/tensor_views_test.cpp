// Every view of the table, driven through TensorView alone: what it shows, and which cell is under the pointer.

#include "tests/support/toy_view.h"
#include "ui/viewers/activations_view.h"
#include "ui/viewers/colour_view.h"
#include "ui/viewers/curves_view.h"
#include "ui/viewers/feature_map_grid.h"
#include "ui/viewers/heat_map_view.h"
#include "ui/viewers/plot_painter.h"
#include "ui/viewers/tensor_view_stack.h"

#include <QAbstractScrollArea>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

namespace shapewise::ui {
namespace {

/// 0, 1, 2 … in memory order.
TensorShown counting(const tensor::Extents& extents) {
    std::int64_t count = 1;
    for (const std::int64_t extent : extents) count *= extent;
    std::vector<float> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0.0F);
    auto tensor = std::make_shared<const tensor::Tensor>(extents, values);
    tensor::TensorType type;
    type.shape = tensor->shape();
    return measured(tensorShown(tensor, type), Measured::EverySample);
}

void put(TensorView& view, const TensorShown& shown) {
    view.resize(640, 400);
    static_cast<QWidget&>(view).show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    view.show(shown);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !view.isBusy(); }));
}

int colorsIn(const QImage& picture) {
    std::set<QRgb> colors;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) colors.insert(picture.pixel(x, y));
    return static_cast<int>(colors.size());
}

class EveryTensorView : public ::testing::TestWithParam<std::size_t> {
  protected:
    [[nodiscard]] std::unique_ptr<TensorView> make() const {
        return std::unique_ptr<TensorView>(tensorViews()[GetParam()].make(nullptr));
    }
};

TEST_P(EveryTensorView, ShowsTensorsOfAnyRankAndNone) {
    const auto view = make();
    for (const tensor::Extents& extents :
         std::vector<tensor::Extents>{{1, 5}, {2, 7, 3}, {2, 6, 5, 4}, {1, 3, 4, 5, 2}, {1, 1}, {1, 0, 3}}) {
        put(*view, counting(extents));
        EXPECT_EQ(view->onScreen().values->extents(), extents);
        EXPECT_FALSE(view->picture(view->size(), 1.0).isNull());
    }
    view->clear();
    EXPECT_EQ(view->onScreen().values, nullptr);
    EXPECT_FALSE(view->picture(view->size(), 1.0).isNull());
}

TEST_P(EveryTensorView, LargeTensorsAreWorkedOutElsewhereAndShownThen) {
    const auto view = make();
    const TensorShown large = counting({1, 700, 700, 1});
    put(*view, counting({1, 3, 3, 1}));
    view->show(large);
    EXPECT_TRUE(view->isBusy());
    EXPECT_NE(view->onScreen().values, nullptr);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !view->isBusy(); }, 20000));
    EXPECT_EQ(view->onScreen().values, large.values);
    EXPECT_GT(colorsIn(view->picture(view->size(), 1.0)), 2);
}

TEST_P(EveryTensorView, EveryCellUnderThePointerIsInTheTensor) {
    const auto view = make();
    const TensorShown shown = counting({2, 6, 5, 4});
    QSignalSpy hovered(view.get(), &TensorView::cellHovered);
    put(*view, shown);
    std::vector<QWidget*> targets{view.get()};
    for (QWidget* child : view->findChildren<QWidget*>())
        if (child->isVisible()) targets.push_back(child);
    for (QWidget* target : targets)
        for (int y = 0; y < target->height(); y += 17)
            for (int x = 0; x < target->width(); x += 17) {
                QMouseEvent move(QEvent::MouseMove, QPointF(x, y), target->mapToGlobal(QPointF(x, y)), Qt::NoButton,
                                 Qt::NoButton, {});
                QCoreApplication::sendEvent(target, &move);
            }
    for (const QList<QVariant>& arguments : hovered) {
        const auto index = arguments.front().value<TensorIndex>();
        if (index.empty()) continue;
        ASSERT_EQ(index.size(), 4U);
        for (std::size_t axis = 0; axis < index.size(); ++axis) {
            EXPECT_GE(index[axis], 0);
            EXPECT_LT(index[axis], shown.values->size(static_cast<int>(axis)));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Table, EveryTensorView, ::testing::Range<std::size_t>(0, tensorViews().size()),
                         [](const auto& parameter) { return tensorViews()[parameter.param].id.toStdString(); });

TEST(TensorViews, IdsAreUniqueAndEveryRowIsComplete) {
    std::set<QString> ids;
    for (const TensorViewSpec& view : tensorViews()) {
        EXPECT_TRUE(ids.insert(view.id).second) << view.id.toStdString();
        EXPECT_FALSE(view.title.isEmpty());
        EXPECT_TRUE(view.accepts && view.make && view.suits) << view.id.toStdString();
    }
}

TEST(TensorViews, WhatIsChosenFollowsTheAxesAndTheRoom) {
    const auto chosen = [](const tensor::Extents& extents, Room room) {
        return suitingView(tensorViews(), counting(extents), room)->id.toStdString();
    };
    EXPECT_EQ(chosen({2, 6, 5, 4}, Room::Wide), "maps");
    EXPECT_EQ(chosen({2, 6, 5, 4}, Room::Narrow), "map");
    EXPECT_EQ(chosen({2, 6, 5, 1}, Room::Wide), "map");
    EXPECT_EQ(chosen({2, 6}, Room::Wide), "curves");
    EXPECT_EQ(chosen({2, 6}, Room::Narrow), "curves");
    for (const Room room : {Room::Wide, Room::Narrow})
        for (const tensor::Extents& extents : std::vector<tensor::Extents>{{2, 6, 5, 3}, {2, 6, 5, 4}, {2, 3, 6, 5}}) {
            TensorShown picture = counting(extents);
            picture.isPicture = true;
            EXPECT_EQ(suitingView(tensorViews(), picture, room)->id.toStdString(), "colours");
            // Its channels can still be asked for.
            for (const TensorViewSpec& view : tensorViews()) EXPECT_TRUE(view.accepts(picture.type));
        }
}

TEST(ColourView, ShowsThePixelsAndTellsAllChannelsUnderThePointer) {
    for (const bool isFirst : {false, true}) {
        SCOPED_TRACE(isFirst);
        ColourView view;
        tensor::Tensor values(isFirst ? tensor::Extents{1, 3, 2, 2} : tensor::Extents{1, 2, 2, 3}, 0.0F);
        const auto at = [&](std::int64_t row, std::int64_t column, std::int64_t channel) -> float& {
            return values.data()[isFirst ? channel * 4 + row * 2 + column : (row * 2 + column) * 3 + channel];
        };
        at(0, 0, 0) = 1.0F;
        at(0, 1, 1) = 1.0F;
        at(1, 0, 2) = 1.0F;
        at(1, 1, 0) = std::numeric_limits<float>::quiet_NaN();
        tensor::TensorType type;
        type.shape = values.shape();
        TensorShown shown = measured(tensorShown(std::make_shared<const tensor::Tensor>(std::move(values)), type),
                                     Measured::EverySample);
        shown.isPicture = true;
        put(view, shown);
        const QImage picture = view.picture(view.size(), 1.0);
        const double side = 400.0 - 16.0 - view.fontMetrics().height() - 4.0;
        const auto place = [&](double row, double column) {
            return QPointF(320.0 + (column - 0.5) * side, 8.0 + row * side).toPoint();
        };
        EXPECT_EQ(QColor(picture.pixel(place(0.25, 0.25))), QColor(255, 0, 0));
        EXPECT_EQ(QColor(picture.pixel(place(0.25, 0.75))), QColor(0, 255, 0));
        EXPECT_EQ(QColor(picture.pixel(place(0.75, 0.25))), QColor(0, 0, 255));
        EXPECT_EQ(QColor(picture.pixel(place(0.75, 0.75))), QColor::fromRgb(view_math::kNotANumberColor));
        QSignalSpy chosen(&view, &TensorView::cellChosen);
        QTest::mouseClick(&view, Qt::LeftButton, {}, place(0.75, 0.25));
        ASSERT_EQ(chosen.count(), 1);
        const auto index = chosen.front().front().value<TensorIndex>();
        EXPECT_EQ(index, isFirst ? (TensorIndex{0, 0, 1, 0}) : (TensorIndex{0, 1, 0, 0}));
        EXPECT_TRUE(readOut(shown, index).endsWith(QStringLiteral("(0, 0, 1)"))) << readOut(shown, index).toStdString();
    }
}

TEST(FeatureMapGrid, NamesTheMapsWithNaNHoweverSmallTheirCells) {
    const auto magenta = [](float value) {
        tensor::Tensor values({1, 400, 400, 64}, 0.5F);
        values.data()[(123 * 400 + 211) * 64 + 5] = value;
        tensor::TensorType type;
        type.shape = values.shape();
        FeatureMapGrid grid;
        put(grid, measured(tensorShown(std::make_shared<const tensor::Tensor>(std::move(values)), type),
                           Measured::EverySample));
        const QImage picture = grid.picture(grid.size(), 1.0);
        int marked = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QColor pixel(picture.pixel(x, y));
                marked += pixel.red() > 200 && pixel.blue() > 200 && pixel.green() < 120 ? 1 : 0;
            }
        return marked;
    };
    EXPECT_EQ(magenta(0.25F), 0);
    EXPECT_GT(magenta(std::numeric_limits<float>::quiet_NaN()), 4);
}

TEST(CurvesView, MarksNaNWhereTheCurveIsBroken) {
    for (const std::int64_t count : {20, 5000}) {
        SCOPED_TRACE(count);
        tensor::Tensor values({1, count, 1}, 0.5F);
        values.data()[count / 2] = std::numeric_limits<float>::infinity();
        tensor::TensorType type;
        type.shape = values.shape();
        CurvesView view;
        put(view, measured(tensorShown(std::make_shared<const tensor::Tensor>(std::move(values)), type),
                           Measured::EverySample));
        const QImage picture = view.picture(view.size(), 1.0);
        int marked = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = picture.width() / 4; x < picture.width() * 3 / 4; ++x)
                marked += QColor(picture.pixel(x, y)) == QColor::fromRgb(view_math::kNotANumberColor) ? 1 : 0;
        EXPECT_GT(marked, 4);
    }
}

TEST(TensorViews, AWaveformIsOfferedAsCurvesAlone) {
    const auto offered = [](const tensor::Extents& extents) {
        std::string ids;
        for (const TensorViewSpec& view : tensorViews())
            if (view.accepts(counting(extents).type)) ids += view.id.toStdString() + " ";
        return ids;
    };
    EXPECT_EQ(offered({1, 500}), "curves ");
    EXPECT_EQ(offered({1, 500, 1}), "curves ");
    EXPECT_EQ(offered({1, 500, 2}), "curves ");
    EXPECT_EQ(offered({1, 500, 8}), "maps map curves ");
    EXPECT_EQ(offered({1, 20, 30, 1}), "maps map curves ");
}

TEST(PlotAreas, APictureKeepsTheRatioOfItsSidesWhateverTheRoom) {
    for (const QSizeF& room : {QSizeF(900, 200), QSizeF(300, 700)})
        for (const double ratio : {0.5, 1.0, 3.0}) {
            const PlotAreas whole = plotAreas(QRectF(QPointF(5, 7), room), QFont(), true);
            const PlotAreas kept = keepingAspect(whole, ratio);
            EXPECT_NEAR(kept.picture.width() / kept.picture.height(), ratio, 1e-9);
            EXPECT_TRUE(whole.picture.contains(kept.picture.adjusted(0.1, 0.1, -0.1, -0.1)));
            EXPECT_DOUBLE_EQ(kept.bottomAxis.top(), kept.picture.bottom());
            EXPECT_GT(kept.colorBar.left(), kept.picture.right());
        }
}

TEST(HeatMapView, TellsTheCellUnderThePointerAndTheOneThatIsClicked) {
    HeatMapView view;
    TensorShown shown = counting({1, 4, 8, 2});
    shown.place.map = 1;
    put(view, shown);
    QSignalSpy hovered(&view, &TensorView::cellHovered);
    QSignalSpy chosen(&view, &TensorView::cellChosen);
    const QRectF area =
        keepingAspect(plotAreas(QRectF(view.rect()).adjusted(8, 4, -8, -4), view.font(), true), 8.0 / 4.0).picture;
    const QPoint at(static_cast<int>(area.left() + area.width() * 5.5 / 8),
                    static_cast<int>(area.top() + area.height() * 2.5 / 4));
    QTest::mouseMove(&view, at);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !hovered.isEmpty(); }));
    const auto index = hovered.back().front().value<TensorIndex>();
    EXPECT_EQ(index, (TensorIndex{0, 2, 5, 1}));
    EXPECT_EQ(view_math::valueAt(*shown.values, index), 2 * 8 * 2 + 5 * 2 + 1);
    QTest::mouseClick(&view, Qt::LeftButton, {}, at);
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.front().front().value<TensorIndex>(), index);
    QTest::mouseMove(&view, QPoint(1, 1));
    EXPECT_TRUE(QTest::qWaitFor([&] { return hovered.back().front().value<TensorIndex>().empty(); }));
}

TEST(FeatureMapGrid, HasPagesAndTellsTheMapThatIsClicked) {
    FeatureMapGrid grid;
    put(grid, counting({1, 3, 3, 600}));
    EXPECT_EQ(grid.pageCount(), 3);
    QSignalSpy pages(&grid, &TensorView::pagesChanged);
    grid.setPage(2);
    EXPECT_EQ(grid.page(), 2);
    EXPECT_EQ(pages.count(), 1);
    QSignalSpy chosen(&grid, &TensorView::cellChosen);
    auto* area = grid.findChild<QAbstractScrollArea*>();
    ASSERT_NE(area, nullptr);
    QTest::mouseClick(area->viewport(), Qt::LeftButton, {}, QPoint(12, grid.fontMetrics().height() + 12));
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.front().front().value<TensorIndex>().back(), 512);
    grid.show(counting({1, 3, 3, 4}));
    EXPECT_EQ(grid.page(), 0);
    EXPECT_EQ(grid.pageCount(), 1);
}

TEST(CurvesView, DrawsOneCurveAChannelUpToItsMost) {
    CurvesView curves;
    put(curves, counting({1, 50, 3}));
    EXPECT_GT(colorsIn(curves.picture(curves.size(), 1.0)), 3);
    put(curves, counting({1, 5000, 40}));
    EXPECT_EQ(curves.onScreen().values->size(2), 40);
}

TEST(TensorViewStack, AViewThatFailsGivesWayToTheReason) {
    std::vector<TensorViewSpec> views{test::toyView()};
    TensorViewStack stack(views);
    stack.present(stack.views().front(), counting({1, 3}));
    auto* toy = dynamic_cast<test::ToyView*>(stack.current());
    ASSERT_NE(toy, nullptr);
    toy->fail(QStringLiteral("There is not enough memory to work this out"));
    EXPECT_EQ(stack.current(), nullptr);
    EXPECT_EQ(stack.message()->text(), QStringLiteral("There is not enough memory to work this out"));
    stack.present(stack.views().front(), counting({1, 4}));
    EXPECT_EQ(stack.current(), toy);
}

TEST(TensorViewStack, TheReadOutIsOfTheTensorOnScreen) {
    TensorViewStack stack(std::vector<TensorViewSpec>{test::toyView()});
    stack.present(stack.views().front(), counting({1, 4}));
    QSignalSpy readOut(&stack, &TensorViewStack::readOutChanged);
    auto* toy = dynamic_cast<test::ToyView*>(stack.current());
    ASSERT_NE(toy, nullptr);
    Q_EMIT toy->cellHovered({0, 2});
    ASSERT_EQ(readOut.count(), 1);
    EXPECT_TRUE(readOut.front().front().toString().startsWith(QStringLiteral("[0, 2]")));
    Q_EMIT toy->cellHovered({});
    EXPECT_TRUE(readOut.back().front().toString().isEmpty());
}

}  // namespace
}  // namespace shapewise::ui
