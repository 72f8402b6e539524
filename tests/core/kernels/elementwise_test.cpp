#include "core/kernels/elementwise.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>

namespace shapewise::kernels {
namespace {

using reference::Floats;
using reference::randomValues;

Floats mergeAll(MergeKind kind, const std::vector<TensorView>& inputs) {
    Floats y(static_cast<std::size_t>(tensor::elementCount(*mergedExtents(inputs))));
    merge(kind, inputs, y.data());
    return y;
}

TEST(Merge, ThreeInputs) {
    const Floats a{1, 2};
    const Floats b{3, -4};
    const Floats c{5, 8};
    const std::vector<TensorView> inputs{{a.data(), {1, 2}}, {b.data(), {1, 2}}, {c.data(), {1, 2}}};
    EXPECT_EQ(mergeAll(MergeKind::Add, inputs), (Floats{9, 6}));
    EXPECT_EQ(mergeAll(MergeKind::Multiply, inputs), (Floats{15, -64}));
    EXPECT_EQ(mergeAll(MergeKind::Average, inputs), (Floats{3, 2}));
    EXPECT_EQ(mergeAll(MergeKind::Maximum, inputs), (Floats{5, 8}));
    EXPECT_EQ(mergeAll(MergeKind::Minimum, inputs), (Floats{1, -4}));
    EXPECT_EQ(mergeAll(MergeKind::Subtract, {inputs[0], inputs[1]}), (Floats{-2, 6}));
}

TEST(Merge, InputsOfFewerAxesGetThemAfterTheBatch) {
    const Floats a{1, 2, 3, 4, 5, 6, 7, 8};
    const Floats b{10, 20, 30, 40};
    const std::vector<TensorView> inputs{{a.data(), {2, 2, 2}}, {b.data(), {2, 2}}};
    EXPECT_EQ(mergeAll(MergeKind::Add, inputs), (Floats{11, 22, 13, 24, 35, 46, 37, 48}));
}

TEST(Merge, TheLaterInputMayBeTheLargerOne) {
    const Floats a{1};
    const Floats b{10, 20};
    const Floats c{100, 200, 300, 400};
    const std::vector<TensorView> inputs{{a.data(), {1, 1, 1}}, {b.data(), {1, 1, 2}}, {c.data(), {1, 2, 2}}};
    EXPECT_EQ(mergeAll(MergeKind::Add, inputs), (Floats{111, 221, 311, 421}));
}

TEST(Merge, NanWins) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Floats a{nan, 1};
    const Floats b{1, nan};
    const std::vector<TensorView> inputs{{a.data(), {1, 2}}, {b.data(), {1, 2}}};
    for (const MergeKind kind : {MergeKind::Maximum, MergeKind::Minimum}) {
        for (const float value : mergeAll(kind, inputs)) EXPECT_TRUE(std::isnan(value));
    }
}

TEST(Broadcast, SizesThatDoNotFitAreRefused) {
    EXPECT_EQ(broadcastExtents({4, 1, 3}, {2, 1}), (Extents{4, 2, 3}));
    EXPECT_FALSE(broadcastExtents({4, 2}, {4, 3}).has_value());
}

TEST(Broadcast, AgreesWithTheDefinitionOnManyElements) {
    const Extents left{3, 1, 50, 1, 7};
    const Extents right{1, 40, 50, 6, 1};
    const Extents result = *broadcastExtents(left, right);
    const Floats a = randomValues(tensor::elementCount(left), 1);
    const Floats b = randomValues(tensor::elementCount(right), 2);
    Floats y(static_cast<std::size_t>(tensor::elementCount(result)));
    broadcastBinary(MergeKind::Subtract, {a.data(), left}, {b.data(), right}, y.data());
    std::size_t index = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 40; ++j) {
            for (std::size_t k = 0; k < 50; ++k) {
                for (std::size_t l = 0; l < 6; ++l) {
                    for (std::size_t m = 0; m < 7; ++m, ++index) {
                        ASSERT_EQ(y[index], a[(i * 50 + k) * 7 + m] - b[(j * 50 + k) * 6 + l]);
                    }
                }
            }
        }
    }
}

TEST(MaskSteps, ClearsStepsOfTheMaskValueAlone) {
    const Floats x{2, 2, 2, 3, 0, 0};
    Floats y(6);
    Floats mask(3);
    maskSteps(x.data(), 3, 2, 2.0F, y.data(), mask.data());
    EXPECT_EQ(y, (Floats{0, 0, 2, 3, 0, 0}));
    EXPECT_EQ(mask, (Floats{0, 1, 1}));
}

}  // namespace
}  // namespace shapewise::kernels
