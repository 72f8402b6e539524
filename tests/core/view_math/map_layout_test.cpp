#include "core/view_math/map_layout.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

namespace shapewise::view_math {
namespace {

using tensor::AxisMeaning;
using tensor::Shape;
using tensor::Tensor;

Shape shapeOf(std::initializer_list<std::pair<std::int64_t, AxisMeaning>> axes) {
    Shape shape;
    for (const auto& [size, meaning] : axes) shape.append(size, meaning);
    return shape;
}

Tensor counting(tensor::Extents extents) {
    Tensor values(std::move(extents));
    for (std::int64_t index = 0; index < values.count(); ++index) values.data()[index] = static_cast<float>(index);
    return values;
}

TEST(MapLayout, SpectrogramHasTimeToTheRightAndFrequencyUpwards) {
    const Shape shape = shapeOf(
        {{1, AxisMeaning::Batch}, {3, AxisMeaning::Time}, {2, AxisMeaning::Frequency}, {1, AxisMeaning::Channels}});
    const MapLayout layout = chooseLayout(shape);
    EXPECT_EQ(layout.columns, 1);
    EXPECT_EQ(layout.rows, 2);
    EXPECT_EQ(layout.maps, 3);
    EXPECT_TRUE(layout.rowsUpward);

    const Map map = cutMap(counting({1, 3, 2, 1}), layout, {});
    // Frequency bin 1 (odd numbers) is the upper row, time runs to the right.
    EXPECT_EQ(map.values, (std::vector<float>{1, 3, 5, 0, 2, 4}));
}

TEST(MapLayout, SameSpectrogramChannelsFirstLooksTheSame) {
    const Shape shape = shapeOf(
        {{1, AxisMeaning::Batch}, {1, AxisMeaning::Channels}, {3, AxisMeaning::Time}, {2, AxisMeaning::Frequency}});
    const MapLayout layout = chooseLayout(shape);
    EXPECT_EQ(cutMap(counting({1, 1, 3, 2}), layout, {}).values, (std::vector<float>{1, 3, 5, 0, 2, 4}));
}

TEST(MapLayout, ImagesHaveOneMapAChannelInEitherDataFormat) {
    const MapLayout last = chooseLayout(shapeOf(
        {{1, AxisMeaning::Batch}, {4, AxisMeaning::Height}, {5, AxisMeaning::Width}, {3, AxisMeaning::Channels}}));
    EXPECT_EQ(last, (MapLayout{1, 2, 3, -1, false, false}));
    const MapLayout first = chooseLayout(shapeOf(
        {{1, AxisMeaning::Batch}, {3, AxisMeaning::Channels}, {4, AxisMeaning::Height}, {5, AxisMeaning::Width}}));
    EXPECT_EQ(first, (MapLayout{2, 3, 1, -1, false, false}));
}

TEST(MapLayout, AxesOfUnknownMeaningAreTakenInTheUsualOrder) {
    EXPECT_EQ(chooseLayout(Shape{1, 4, 5, 3}), (MapLayout{1, 2, 3, -1, false, false}));
    EXPECT_EQ(chooseLayout(Shape{1, 2, 4, 5, 3}), (MapLayout{2, 3, 4, 1, false, false}));
    EXPECT_TRUE(chooseLayout(Shape{1, 100, 20}).isCurve);
}

TEST(CutMap, ReducesByTheLargestValueSoThatNoPeakIsLost) {
    Tensor values({1, 1, 10000, 1}, 0.0f);
    values.data()[7777] = 9.0f;
    const Map map = cutMap(values, chooseLayout(values.shape()), {}, 100);
    EXPECT_EQ(map.columns, 100);
    EXPECT_EQ(map.columnStep, 100);
    EXPECT_EQ(map.values[77], 9.0f);
}

TEST(CutMap, PlacesOutsideTheTensorAreClampedAndEmptyTensorsGiveNothing) {
    const Tensor values = counting({2, 2, 2, 1});
    const MapLayout layout = chooseLayout(values.shape());
    EXPECT_EQ(cutMap(values, layout, {99, 99, 99}).values, cutMap(values, layout, {1, 0, 0}).values);
    EXPECT_EQ(cutMap(Tensor(tensor::Extents{1, 0, 2, 1}), layout, {}).rows, 0);
}

TEST(IndexOf, FindsTheElementUnderACellOfATurnedMap) {
    const Shape shape = shapeOf(
        {{1, AxisMeaning::Batch}, {3, AxisMeaning::Time}, {2, AxisMeaning::Frequency}, {1, AxisMeaning::Channels}});
    const Tensor values = counting({1, 3, 2, 1});
    const MapLayout layout = chooseLayout(shape);
    const Map map = cutMap(values, layout, {});
    for (std::int64_t row = 0; row < map.rows; ++row)
        for (std::int64_t column = 0; column < map.columns; ++column)
            EXPECT_EQ(valueAt(values, indexOf(values, layout, {}, map, row, column)),
                      map.values[static_cast<std::size_t>(row * map.columns + column)]);
}

TEST(Decimate, KeepsMinimumAndMaximumOfEachColumn) {
    std::vector<float> values(1000, 0.0f);
    values[500] = 7.0f;
    values[501] = -7.0f;
    const Envelope envelope = decimate(values, 10);
    EXPECT_LE(envelope.values.size(), 20u);
    EXPECT_NE(std::find(envelope.values.begin(), envelope.values.end(), 7.0f), envelope.values.end());
    EXPECT_NE(std::find(envelope.values.begin(), envelope.values.end(), -7.0f), envelope.values.end());
}

TEST(AxisScale, PositionsAndIndicesAreInverse) {
    for (const auto kind : {tensor::AxisScale::Kind::None, tensor::AxisScale::Kind::Seconds,
                            tensor::AxisScale::Kind::Hertz, tensor::AxisScale::Kind::Mel}) {
        const tensor::AxisScale scale{kind, 3.0, 7.5};
        EXPECT_NEAR(indexAt(positionOf(11.0, scale), scale), 11.0, 1e-9);
    }
}

}  // namespace
}  // namespace shapewise::view_math
