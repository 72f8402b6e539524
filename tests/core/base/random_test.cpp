#include "core/base/random.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace shapewise {
namespace {

struct Moments {
    double mean = 0.0;
    double deviation = 0.0;
};

Moments momentsOf(const std::vector<float>& values) {
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto count = static_cast<double>(values.size());
    return {sum / count, std::sqrt(squares / count - sum / count * sum / count)};
}

TEST(RandomSequence, GivesTheSameBitsOnEveryMachine) {
    const RandomSequence zero(0);
    EXPECT_EQ(zero.bits(0), 0xA706DD2F4D197E6Fu);
    EXPECT_EQ(zero.bits(1), 0xB382A305F4414F5Eu);
    EXPECT_EQ(zero.bits(2), 0x631A9154FBABF717u);
    const RandomSequence other(42);
    EXPECT_EQ(other.bits(0), 0x57E1FABA65107204u);
    EXPECT_EQ(other.bits(1000000), 0x8505DA9E8A915C81u);
}

TEST(RandomSequence, PartsFilledInAnyOrderMakeTheSameWhole) {
    const RandomSequence sequence(7);
    std::vector<float> whole(1000);
    sequence.fillNormal(whole, 1.0f, 2.0f);
    std::vector<float> parts(1000);
    const std::span<float> all(parts);
    sequence.fillNormal(all.subspan(600), 1.0f, 2.0f, 600);
    sequence.fillNormal(all.subspan(0, 1), 1.0f, 2.0f, 0);
    sequence.fillNormal(all.subspan(1, 599), 1.0f, 2.0f, 1);
    EXPECT_EQ(parts, whole);
}

TEST(RandomSequence, OtherSeedsGiveOtherNumbers) {
    int equal = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed)
        for (std::uint64_t index = 0; index < 3; ++index)
            equal += RandomSequence(seed).bits(index) == RandomSequence(seed + 1).bits(index + 1) ? 1 : 0;
    EXPECT_EQ(equal, 0);
}

TEST(RandomSequence, UniformNumbersFillTheirRangeEvenly) {
    std::vector<float> values(200000);
    RandomSequence(3).fillUniform(values, -2.0f, 4.0f);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*least, -2.0f);
    EXPECT_LE(*most, 4.0f);
    const Moments moments = momentsOf(values);
    EXPECT_NEAR(moments.mean, 1.0, 0.02);
    EXPECT_NEAR(moments.deviation, 6.0 / std::sqrt(12.0), 0.02);
}

TEST(RandomSequence, UniformFloatStaysBelowOne) {
    const RandomSequence sequence(11);
    for (std::uint64_t index = 0; index < 100000; ++index) {
        const float value = sequence.uniformFloat(index);
        ASSERT_TRUE(value >= 0.0f && value < 1.0f) << index;
    }
}

TEST(RandomSequence, BoundedNumbersAreAllReachedEquallyOften) {
    const RandomSequence sequence(5);
    std::vector<int> times(7);
    for (std::uint64_t index = 0; index < 70000; ++index) ++times.at(sequence.below(7, index));
    for (const int count : times) EXPECT_NEAR(count, 10000, 400);
    EXPECT_EQ(sequence.below(1, 3), 0u);
    EXPECT_LT(sequence.below(0xFFFFFFFFFFFFFFFFu, 3), 0xFFFFFFFFFFFFFFFFu);
}

TEST(RandomSequence, NormalNumbersHaveMeanAndDeviation) {
    std::vector<float> values(200000);
    RandomSequence(3).fillNormal(values, 0.5f, 2.0f);
    const Moments moments = momentsOf(values);
    EXPECT_NEAR(moments.mean, 0.5, 0.02);
    EXPECT_NEAR(moments.deviation, 2.0, 0.02);
}

TEST(RandomSequence, TruncatedNormalNumbersStayWithinTwoDeviations) {
    std::vector<float> values(200000);
    RandomSequence(3).fillTruncatedNormal(values, 0.0f, 1.0f);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*least, -2.0001f);
    EXPECT_LE(*most, 2.0001f);
    EXPECT_NEAR(momentsOf(values).deviation, 0.8796, 0.01);
}

/// Reference: statistics.NormalDist().inv_cdf of Python 3.
TEST(InverseNormal, AgreesWithTheReferenceToNineDigits) {
    struct Case {
        double probability;
        double x;
    };
    for (const auto& [probability, x] : {Case{0.5, 0.0}, Case{0.8413447460685429, 1.0}, Case{0.975, 1.9599639845400536},
                                         Case{0.01, -2.3263478740408408}, Case{1e-10, -6.361340902404056},
                                         Case{0.02425, -1.9729610513118845}, Case{0.3, -0.5244005127080407}})
        EXPECT_NEAR(inverseNormal(probability), x, 2e-9 * std::max(1.0, std::abs(x))) << probability;
}

TEST(InverseNormal, IsSymmetric) {
    for (double probability = 0.001; probability < 0.5; probability += 0.001)
        EXPECT_NEAR(inverseNormal(probability), -inverseNormal(1.0 - probability), 1e-9) << probability;
}

}  // namespace
}  // namespace shapewise
