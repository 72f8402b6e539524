#include "core/base/amount.h"

#include <gtest/gtest.h>

namespace shapewise {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST(Amount, ComputesAsNumbersDoWhereTheyFit) {
    EXPECT_EQ((Amount(7) - 1) * 3 + 2, Amount(20));
    EXPECT_EQ(-Amount(4), Amount(-4));
    EXPECT_LT(Amount(3), Amount(4));
    EXPECT_EQ(Amount(kMost).value(), kMost);
}

TEST(Amount, StaysAtTheEndItWouldLeaveBy) {
    EXPECT_EQ(Amount(kMost) + 1, Amount(kMost));
    EXPECT_EQ(Amount(kLeast) + -1, Amount(kLeast));
    EXPECT_EQ(Amount(kLeast) - 1, Amount(kLeast));
    EXPECT_EQ(Amount(kMost) - -1, Amount(kMost));
    EXPECT_EQ(Amount(kMost) * 2, Amount(kMost));
    EXPECT_EQ(Amount(kMost) * -2, Amount(kLeast));
    EXPECT_EQ(Amount(kLeast) * 2, Amount(kLeast));
    EXPECT_EQ(Amount(kLeast) * -1, Amount(kMost));
    EXPECT_EQ(-Amount(kLeast), Amount(kMost));
}

TEST(Amount, RoundsRealNumbersOfAnySize) {
    EXPECT_EQ(Amount::rounded(2.5), Amount(3));
    EXPECT_EQ(Amount::rounded(1e300), Amount(kMost));
    EXPECT_EQ(Amount::rounded(-1e300), Amount(kLeast));
    EXPECT_EQ(Amount::rounded(9223372036854775808.0), Amount(kMost));
    EXPECT_EQ(Amount::rounded(std::numeric_limits<double>::quiet_NaN()), Amount(0));
}

}  // namespace
}  // namespace shapewise
