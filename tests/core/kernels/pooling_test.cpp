#include "core/kernels/pooling.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

TEST(Pooling, AgreesWithTheDefinition) {
    for (const PoolingKind kind : {PoolingKind::Maximum, PoolingKind::Average}) {
        for (const bool same : {false, true}) {
            for (const std::int64_t channels : {1, 5, 35}) {
                for (const std::int64_t size : {2, 3, 5}) {
                    for (const std::int64_t stride : {1, 2}) {
                        const ImageSize input{2, {5, 6, 11}, channels};
                        Window window{{2, 3, size}, {1, 2, stride}, {1, 1, 1}, {}, {}};
                        if (same) window.padSame(input.spatial);
                        const Floats x = randomValues(input.count(), 1);
                        const Floats expected = reference::pooling(kind, input, window, x);
                        Floats y(expected.size());
                        pooling(kind, input, window, x.data(), y.data());
                        EXPECT_LT(deviation(y, expected), 1e-5)
                            << channels << " channels, size " << size << ", stride " << stride;
                    }
                }
            }
        }
    }
}

TEST(Pooling, NanInTheWindowGivesNan) {
    for (const std::size_t place : {0U, 1U, 2U}) {
        Floats x{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
        x[place] = std::numeric_limits<float>::quiet_NaN();
        Floats y(2);
        pooling(PoolingKind::Maximum, {1, {1, 1, 6}, 1}, {{1, 1, 3}, {1, 1, 3}, {1, 1, 1}, {}, {}}, x.data(), y.data());
        EXPECT_TRUE(std::isnan(y[0]));
        EXPECT_EQ(y[1], 6.0F);
        globalPooling(PoolingKind::Maximum, {1, {1, 1, 6}, 1}, x.data(), y.data());
        EXPECT_TRUE(std::isnan(y[0]));
    }
}

TEST(GlobalPooling, TakesMeanAndMaximumOfEachChannel) {
    const Floats x{1, 10, 2, 20, 6, 60};
    Floats y(2);
    globalPooling(PoolingKind::Average, {1, {1, 1, 3}, 2}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{3, 30}));
    globalPooling(PoolingKind::Maximum, {1, {1, 1, 3}, 2}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{6, 60}));
}

TEST(GlobalPooling, MaskedStepsDoNotCount) {
    const Floats x{1, 10, 2, 20, 6, 60};
    const Floats mask{1, 0, 1};
    Floats y(2);
    maskedGlobalAverage({1, {1, 1, 3}, 2}, x.data(), mask.data(), y.data());
    EXPECT_EQ(y, (Floats{3.5F, 35}));
}

TEST(AdaptivePooling, WindowsOverlapWhereSizesDoNotDivide) {
    const Floats x{1, 2, 3, 4, 5};
    Floats y(3);
    adaptivePooling(PoolingKind::Average, {1, {1, 1, 5}, 1}, {1, 1, 3}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{1.5F, 3.0F, 4.5F}));
    adaptivePooling(PoolingKind::Maximum, {1, {1, 1, 5}, 1}, {1, 1, 3}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{2, 4, 5}));
}

}  // namespace
}  // namespace shapewise::kernels
