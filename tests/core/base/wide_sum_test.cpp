#include "core/base/wide_sum.h"

#include <gtest/gtest.h>

namespace shapewise {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(WideSum, AddsAndTakesAway) {
    WideSum sum;
    sum.add(5);
    sum.add(7);
    sum.subtract(5);
    EXPECT_EQ(sum.saturated(), 7);
}

TEST(WideSum, ShowsTheLargestNumberUntilItFitsAgain) {
    WideSum sum;
    for (int count = 0; count < 5; ++count) sum.add(kMost);
    EXPECT_EQ(sum.saturated(), kMost);
    sum.add(3);
    for (int count = 0; count < 5; ++count) sum.subtract(kMost);
    EXPECT_EQ(sum.saturated(), 3);
}

}  // namespace
}  // namespace shapewise
