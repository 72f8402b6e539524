#include "core/base/divisors.h"

#include <gtest/gtest.h>
#include <limits>

namespace shapewise {
namespace {

TEST(LargestDivisor, IsTheNearestFromBelow) {
    EXPECT_EQ(largestDivisor(64, 48), 32);
    EXPECT_EQ(largestDivisor(64, 64), 64);
    EXPECT_EQ(largestDivisor(97, 96), 1);
    EXPECT_EQ(largestDivisor(12, 5), 4);
    EXPECT_EQ(largestDivisor(1, 9), 1);
    EXPECT_EQ(largestDivisor(0, 9), 1);
    for (std::int64_t number = 1; number < 200; ++number)
        for (std::int64_t most = 1; most <= number + 1; ++most) {
            std::int64_t expected = 1;
            for (std::int64_t divisor = 1; divisor <= std::min(number, most); ++divisor)
                if (number % divisor == 0) expected = divisor;
            ASSERT_EQ(largestDivisor(number, most), expected) << number << " up to " << most;
        }
}

TEST(LargestDivisor, DoesNotSearchForever) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(largestDivisor(kMost, kMost - 1) % 7, 0);  // 7 · 7 · 73 · 127 · 337 · 92737 · 649657
    EXPECT_EQ(largestDivisor(std::int64_t{1} << 62, std::int64_t{1} << 61), std::int64_t{1} << 61);
}

}  // namespace
}  // namespace shapewise
