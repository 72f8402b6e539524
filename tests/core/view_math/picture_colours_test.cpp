#include "core/view_math/picture_colours.h"

#include "core/view_math/map_layout.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::view_math {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint32_t kStrange = 0xFF000000U | kNotANumberColor;

TEST(ColourAxis, IsOfThreeOrFourChannelsLastOrFirst) {
    struct Case {
        tensor::Extents extents;
        int axis;
    };
    for (const Case& one : {Case{{1, 8, 9, 3}, 3},
                            {{2, 8, 9, 4}, 3},
                            {{1, 3, 8, 9}, 1},
                            {{1, 4, 8, 9}, 1},
                            {{1, 8, 9, 1}, -1},
                            {{1, 8, 9, 5}, -1},
                            {{8, 9, 3}, -1}}) {
        SCOPED_TRACE(tensor::extentsText(one.extents));
        EXPECT_EQ(colourAxis({}, tensor::Tensor(one.extents, 0.0F)), one.axis);
    }
}

TEST(ColourRange, FollowsTheUsualRangesOfPictures) {
    const auto range = [](double low, double high) {
        ValueStatistics statistics;
        statistics.minimum = low;
        statistics.maximum = high;
        return colourRange(statistics);
    };
    EXPECT_EQ(range(0.2, 0.9), (ValueRange{0.0, 1.0, false}));
    EXPECT_EQ(range(3.0, 200.0), (ValueRange{0.0, 255.0, false}));
    EXPECT_EQ(range(-0.5, 1.0), (ValueRange{-1.0, 1.0, false}));
    EXPECT_EQ(range(-120.0, 151.0), (ValueRange{-120.0, 151.0, false}));
}

TEST(PaintColours, GivesRedGreenAndBlueOfEitherLayout) {
    const std::vector<float> last{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};
    const std::vector<float> first{1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1};
    const std::vector<std::uint32_t> wanted{0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0xFFFFFFFF};
    EXPECT_EQ(paintColours(tensor::Tensor({1, 2, 2, 3}, last), 3, 0, {0, 1, false}, 64).pixels, wanted);
    EXPECT_EQ(paintColours(tensor::Tensor({1, 3, 2, 2}, first), 1, 0, {0, 1, false}, 64).pixels, wanted);
}

TEST(PaintColours, MarksNaNAndInfinityHoweverSmallThePicture) {
    tensor::Tensor values({1, 8, 8, 3}, 0.5F);
    values.data()[(3 * 8 + 5) * 3 + 1] = kNaN;
    EXPECT_EQ(paintColours(values, 3, 0, {0, 1, false}, 8).pixels[3 * 8 + 5], kStrange);
    EXPECT_EQ(paintColours(values, 3, 0, {0, 1, false}, 2).pixels[1], kStrange);
    EXPECT_EQ(paintColours(values, 3, 0, {0, 1, false}, 2).pixels[0], 0xFF808080U);
}

TEST(NotFinite, IsSeenInMapsAndCurvesHoweverManyValuesStandBeside) {
    for (const float strange : {kNaN, kInfinity, -kInfinity}) {
        tensor::Tensor values({1, 64, 64, 1}, 1.0F);
        values.data()[64 * 17 + 33] = strange;
        const MapLayout layout = chooseLayout(values.shape());
        const Map map = cutMap(values, layout, {}, 8);
        ASSERT_EQ(map.rows, 8);
        EXPECT_FALSE(std::isfinite(map.values[2 * 8 + 4]));
        EXPECT_EQ(map.values[0], 1.0F);
        std::vector<std::uint32_t> pixels(64);
        for (const ValueRange range : {ValueRange{0.0, 2.0, false}, ValueRange{1.0, 1.0, false}}) {
            paintValues(map.values, range, colormap("viridis"), pixels);
            EXPECT_EQ(pixels[2 * 8 + 4], kStrange);
            EXPECT_NE(pixels[0], kStrange);
        }
        std::vector<float> line(10000, 0.5F);
        line[1234] = strange;
        const Envelope envelope = decimate(line, 100);
        EXPECT_EQ(std::count_if(envelope.values.begin(), envelope.values.end(),
                                [](float value) { return !std::isfinite(value); }),
                  1);
        for (std::size_t index = 0; index < envelope.values.size(); ++index)
            if (!std::isfinite(envelope.values[index])) {
                EXPECT_EQ(envelope.positions[index], 1234.0);
            }
    }
}

}  // namespace
}  // namespace shapewise::view_math
