#include "core/view_math/colour_scale.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>

namespace shapewise::view_math {
namespace {

TEST(ValueStatistics, NotANumberAndInfinityAreCountedAndNeverTheMinimum) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> values{nan, 1.0f, -infinity, 3.0f, infinity};
    const ValueStatistics statistics = statisticsOf(values);
    EXPECT_EQ(statistics.notANumber, 1);
    EXPECT_EQ(statistics.infinite, 2);
    EXPECT_EQ(statistics.minimum, 1.0);
    EXPECT_EQ(statistics.maximum, 3.0);
}

TEST(ValueStatistics, PercentilesLeaveASinglePeakOutside) {
    std::vector<float> values(10000);
    for (std::size_t index = 0; index < values.size(); ++index) values[index] = static_cast<float>(index % 100);
    values[5000] = 150.0f;
    const ValueStatistics statistics = statisticsOf(values);
    EXPECT_NEAR(statistics.low, 1.0, 1.0);
    EXPECT_NEAR(statistics.high, 98.5, 1.5);
    EXPECT_TRUE(robustRange(statistics, ColormapKind::Sequential).clipped);
}

TEST(ValueRange, IsSymmetricAboutZeroForADivergingMap) {
    const std::vector<float> values{-1.0f, 0.0f, 4.0f};
    const ValueRange range = fullRange(statisticsOf(values), ColormapKind::Diverging);
    EXPECT_EQ(range.low, -4.0);
    EXPECT_EQ(range.high, 4.0);
}

TEST(ValueRange, KeepsTheFewValuesOfAnAlmostDeadMapVisible) {
    std::vector<float> values(10000, 0.0f);
    values[17] = 5.0f;
    EXPECT_EQ(robustRange(statisticsOf(values), ColormapKind::Sequential).high, 5.0);
}

TEST(PaintValues, GivesTheEndsOfTheMapToTheEndsOfTheRangeAndAReservedColourToNaN) {
    const Colormap& map = colormap("viridis");
    const std::vector<float> values{0.0f, 1.0f, std::numeric_limits<float>::quiet_NaN()};
    std::vector<std::uint32_t> pixels(3);
    paintValues(values, {0.0, 1.0, false}, map, pixels);
    EXPECT_EQ(pixels[0], 0xFF000000u | map.colors.front());
    EXPECT_EQ(pixels[1], 0xFF000000u | map.colors.back());
    EXPECT_EQ(pixels[2], 0xFF000000u | kNotANumberColor);
}

TEST(PaintValues, ConstantDataHasTheMiddleColour) {
    const Colormap& map = colormap("magma");
    const std::vector<float> values{2.0f};
    std::vector<std::uint32_t> pixels(1);
    paintValues(values, {2.0, 2.0, false}, map, pixels);
    EXPECT_EQ(pixels[0], 0xFF000000u | map.colors[128]);
}

TEST(Colormaps, SequentialOnesGrowLighterFromStartToEnd) {
    const auto lightness = [](std::uint32_t color) {
        const auto part = [&](int shift) {
            const double level = static_cast<double>((color >> shift) & 0xFFu) / 255.0;
            return level <= 0.04045 ? level / 12.92 : std::pow((level + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
    };
    for (const Colormap& map : allColormaps()) {
        if (map.kind != ColormapKind::Sequential) continue;
        for (std::size_t index = 8; index < 256; ++index)
            EXPECT_GE(lightness(map.colors[index]), lightness(map.colors[index - 8])) << map.id << " at " << index;
    }
}

TEST(Colormaps, CyclicOneMeetsItself) {
    const Colormap& map = colormap("twilight");
    for (const int shift : {0, 8, 16})
        EXPECT_NEAR(static_cast<double>((map.colors.front() >> shift) & 0xFFu),
                    static_cast<double>((map.colors.back() >> shift) & 0xFFu), 8.0);
}

TEST(Decibels, AreTwentyTimesTheDecimalLogarithmOfTheMagnitude) {
    EXPECT_NEAR(decibelsFromNaturalLog(std::log(10.0)), 20.0, 1e-9);
    EXPECT_NEAR(decibelsFromNaturalLog(std::log(1e-7)), -140.0, 1e-9);
}

TEST(RoundTicks, AreMultiplesOfOneTwoOrFive) {
    EXPECT_EQ(roundTicks(0.0, 1.0, 5), (std::vector<double>{0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0}));
    EXPECT_EQ(roundTicks(-80.0, 0.0, 4), (std::vector<double>{-80.0, -60.0, -40.0, -20.0, 0.0}));
    EXPECT_EQ(roundTicks(3.0, 3.0, 4), std::vector<double>{3.0});
}

TEST(TickText, IsShort) {
    EXPECT_EQ(tickText(0.25, 0.05), "0.25");
    EXPECT_EQ(tickText(2000.0, 2000.0), "2k");
    EXPECT_EQ(tickText(-20.0, 20.0), "−20");
}

}  // namespace
}  // namespace shapewise::view_math
