#include "core/base/checked_math.h"

#include <gtest/gtest.h>

namespace shapewise {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();

TEST(CheckedMath, ReportsWhatDoesNotFit) {
    EXPECT_EQ(checkedAdd(kLargest, 1), std::nullopt);
    EXPECT_EQ(checkedAdd(kLargest, -1), kLargest - 1);
    EXPECT_EQ(checkedSubtract(kSmallest, 1), std::nullopt);
    EXPECT_EQ(checkedMultiply(kLargest / 2, 3), std::nullopt);
    EXPECT_EQ(checkedMultiply(kSmallest, -1), std::nullopt);
    EXPECT_EQ(checkedMultiply(-3, 4), -12);
}

TEST(CheckedMath, SaturatesWhereATotalIsOnlyShown) {
    EXPECT_EQ(saturatingAdd(kLargest, kLargest), kLargest);
    EXPECT_EQ(saturatingMultiply(kLargest, 2), kLargest);
    EXPECT_EQ(saturatingMultiply(6, 7), 42);
}

TEST(CheckedMath, DividesTowardsTheNamedSide) {
    EXPECT_EQ(floorDivide(7, 2), 3);
    EXPECT_EQ(floorDivide(-7, 2), -4);
    EXPECT_EQ(floorDivide(-8, 2), -4);
    EXPECT_EQ(ceilDivide(7, 2), 4);
    EXPECT_EQ(ceilDivide(-7, 2), -3);
    EXPECT_EQ(ceilDivide(8, 2), 4);
    EXPECT_EQ(ceilDivide(0, 5), 0);
}

}  // namespace
}  // namespace shapewise
