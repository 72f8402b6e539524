#include "core/exec/sample.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace shapewise::exec {
namespace {

using tensor::Tensor;

SampleSpec kind(const char* name) {
    SampleSpec spec;
    spec.kind = name;
    return spec;
}

TEST(MakeSample, NormalHasMeanZeroAndDeviationOne) {
    const Tensor values = makeSample(kind("normal"), {1, 10000});
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : values.values()) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    EXPECT_NEAR(sum / 10000.0, 0.0, 0.05);
    EXPECT_NEAR(squares / 10000.0, 1.0, 0.05);
}

TEST(MakeSample, UniformLiesBetweenZeroAndOne) {
    const Tensor values = makeSample(kind("uniform"), {2, 500});
    EXPECT_GE(std::ranges::min(values.values()), 0.0f);
    EXPECT_LT(std::ranges::max(values.values()), 1.0f);
}

TEST(MakeSample, SineHasTheFrequencyOfItsSampleRate) {
    SampleSpec spec = kind("sine");
    spec.sampleRateHz = 8000.0;
    spec.frequencyHz = 1000.0;
    const Tensor values = makeSample(spec, {1, 16});
    for (std::int64_t index = 0; index < 16; ++index)
        EXPECT_NEAR(values.data()[index], std::sin(2.0 * std::numbers::pi * static_cast<double>(index) / 8.0), 1e-6);
}

TEST(MakeSample, SecondChannelHasTwiceTheFrequency) {
    SampleSpec spec = kind("sine");
    spec.sampleRateHz = 8000.0;
    spec.frequencyHz = 500.0;
    const Tensor values = makeSample(spec, {1, 16, 2});
    EXPECT_NEAR(values.data()[4 * 2 + 0], std::sin(2.0 * std::numbers::pi * 4.0 / 16.0), 1e-6);
    EXPECT_NEAR(values.data()[4 * 2 + 1], std::sin(2.0 * std::numbers::pi * 4.0 / 8.0), 1e-6);
}

TEST(MakeSample, ImpulseIsOneInTheMiddle) {
    const Tensor values = makeSample(kind("impulse"), {2, 5, 1});
    EXPECT_TRUE(std::ranges::equal(values.values(), std::vector<float>{0, 0, 1, 0, 0, 0, 0, 1, 0, 0}));
}

TEST(MakeSample, RampRisesThroughEachSample) {
    const Tensor values = makeSample(kind("ramp"), {2, 3});
    EXPECT_TRUE(std::ranges::equal(values.values(), std::vector<float>{0.0f, 0.5f, 1.0f, 0.0f, 0.5f, 1.0f}));
}

TEST(MakeSample, ChirpStaysAWave) {
    const Tensor values = makeSample(kind("chirp"), {1, 1000, 1});
    EXPECT_LE(std::ranges::max(values.values()), 1.0f);
    EXPECT_GT(std::ranges::max(values.values()), 0.9f);
}

TEST(MakeSample, IntegersStayBelowTheirBound) {
    SampleSpec spec;
    spec.integersBelow = 3;
    const Tensor values = makeSample(spec, {1, 100});
    for (const float value : values.values()) EXPECT_TRUE(value == 0.0f || value == 1.0f || value == 2.0f);
}

TEST(MakeSample, EmptyTensorsAreFine) {
    for (const char* name : {"normal", "uniform", "sine", "chirp", "impulse", "ramp"}) {
        EXPECT_EQ(makeSample(kind(name), {1, 0, 2}).count(), 0);
        EXPECT_EQ(makeSample(kind(name), {0, 4}).count(), 0);
        EXPECT_EQ(makeSample(kind(name), {3}).count(), 3);
    }
}

}  // namespace
}  // namespace shapewise::exec
