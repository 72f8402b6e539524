#include "core/kernels/normalization.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

struct Moments {
    double mean = 0.0;
    double variance = 0.0;
};

Moments momentsOf(const Floats& values) {
    Moments moments;
    for (const float value : values) moments.mean += static_cast<double>(value) / static_cast<double>(values.size());
    for (const float value : values)
        moments.variance +=
            std::pow(static_cast<double>(value) - moments.mean, 2.0) / static_cast<double>(values.size());
    return moments;
}

TEST(BatchNormalization, WorksOnAnyAxis) {
    const Floats x{1, 2, 3, 4, 5, 6};
    const Floats mean{1, 2};
    const Floats variance{4, 9};
    const Floats gamma{2, 3};
    const Floats beta{0.5F, -0.5F};
    Floats y(6);
    batchNormalization({3, 2, 1}, x.data(), {mean.data(), variance.data()}, {gamma.data(), beta.data()}, 0.0F,
                       y.data());
    EXPECT_LT(deviation(y, {0.5F, -0.5F, 2.5F, 1.5F, 4.5F, 3.5F}), 1e-6);
    batchNormalization({1, 2, 3}, x.data(), {mean.data(), variance.data()}, {gamma.data(), beta.data()}, 0.0F,
                       y.data());
    EXPECT_LT(deviation(y, {0.5F, 1.5F, 2.5F, 1.5F, 2.5F, 3.5F}), 1e-6);
    batchNormalization({1, 2, 3}, x.data(), {mean.data(), variance.data()}, {}, 0.0F, y.data());
    EXPECT_LT(deviation(y, {0.0F, 0.5F, 1.0F, 2.0F / 3, 1.0F, 4.0F / 3}), 1e-6);
}

TEST(LayerNormalization, LeavesMeanZeroAndVarianceOneOverItsAxes) {
    const Extents extents{2, 5, 7};
    Floats x = randomValues(70, 1);
    for (float& value : x) value = value * 3.0F + 100.0F;
    Floats y(70);
    const std::vector<int> last{-1};
    layerNormalization(extents, last, x.data(), {}, 0.0F, y.data());
    for (std::size_t row = 0; row < 10; ++row) {
        const Moments moments = momentsOf(Floats(y.begin() + static_cast<std::ptrdiff_t>(row * 7),
                                                 y.begin() + static_cast<std::ptrdiff_t>(row * 7 + 7)));
        EXPECT_NEAR(moments.mean, 0.0, 1e-5);
        EXPECT_NEAR(moments.variance, 1.0, 1e-4);
    }
    const std::vector<int> middle{1};
    layerNormalization(extents, middle, x.data(), {}, 0.0F, y.data());
    for (std::size_t batch = 0; batch < 2; ++batch) {
        for (std::size_t inner = 0; inner < 7; ++inner) {
            Floats column;
            for (std::size_t step = 0; step < 5; ++step) column.push_back(y[(batch * 5 + step) * 7 + inner]);
            EXPECT_NEAR(momentsOf(column).mean, 0.0, 1e-5);
            EXPECT_NEAR(momentsOf(column).variance, 1.0, 1e-4);
        }
    }
}

TEST(LayerNormalization, WeightsFollowTheAxisInTheMiddle) {
    const Floats x{1, 10, 3, 30};
    const Floats gamma{2, 4};
    const Floats beta{0, 1};
    const std::vector<int> axes{1};
    Floats y(4);
    layerNormalization({1, 2, 2}, axes, x.data(), {gamma.data(), beta.data()}, 0.0F, y.data());
    EXPECT_LT(deviation(y, {-2, -2, 5, 5}), 1e-5);
}

TEST(RmsNormalization, DividesByTheRootMeanSquare) {
    const Floats x{3, 4};
    const Floats gamma{1, 2};
    const std::vector<int> axes{-1};
    Floats y(2);
    rmsNormalization({1, 2}, axes, x.data(), gamma.data(), 0.0F, y.data());
    const float root = std::sqrt(12.5F);
    EXPECT_LT(deviation(y, {3 / root, 8 / root}), 1e-6);
}

TEST(UnitNormalization, MakesLengthOneAndKeepsZeros) {
    const Floats x{3, 4, 0, 0};
    const std::vector<int> axes{-1};
    Floats y(4);
    unitNormalization({2, 2}, axes, x.data(), y.data());
    EXPECT_LT(deviation(y, {0.6F, 0.8F, 0, 0}), 1e-6);
}

TEST(GroupNormalization, NormalisesEachGroupOfASample) {
    const Floats x = randomValues(2 * 9 * 6, 1);
    Floats last(x.size());
    groupNormalization({2, 3, 3, 6}, -1, 3, x.data(), {}, 0.0F, last.data());
    Floats first(x.size());
    Floats y(x.size());
    for (std::size_t batch = 0; batch < 2; ++batch) {
        for (std::size_t cell = 0; cell < 9; ++cell) {
            for (std::size_t c = 0; c < 6; ++c) first[(batch * 6 + c) * 9 + cell] = x[(batch * 9 + cell) * 6 + c];
        }
    }
    groupNormalization({2, 6, 3, 3}, 1, 3, first.data(), {}, 0.0F, y.data());
    for (std::size_t batch = 0; batch < 2; ++batch) {
        Floats group;
        for (std::size_t cell = 0; cell < 9; ++cell) {
            for (std::size_t c = 0; c < 6; ++c) {
                EXPECT_NEAR(y[(batch * 6 + c) * 9 + cell], last[(batch * 9 + cell) * 6 + c], 1e-5F);
                if (c < 2) group.push_back(last[(batch * 9 + cell) * 6 + c]);
            }
        }
        EXPECT_NEAR(momentsOf(group).mean, 0.0, 1e-6);
        EXPECT_NEAR(momentsOf(group).variance, 1.0, 1e-5);
    }
}

TEST(MeanVarianceNormalization, InvertedUndoesIt) {
    const Floats x = randomValues(12, 1);
    const Floats mean{0.5F, -1, 2};
    const Floats variance{4, 0.25F, 1};
    Floats y(12);
    Floats back(12);
    meanVarianceNormalization({4, 3, 1}, x.data(), {mean.data(), variance.data()}, false, y.data());
    meanVarianceNormalization({4, 3, 1}, y.data(), {mean.data(), variance.data()}, true, back.data());
    EXPECT_LT(deviation(back, x), 1e-6);
}

}  // namespace
}  // namespace shapewise::kernels
