#include "core/kernels/matmul.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <limits>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

constexpr double kTolerance = 2e-5;

Floats product(const Floats& a, const Floats& b, std::int64_t m, std::int64_t k, std::int64_t n,
               const Epilogue& epilogue = {}, const Parallel& parallel = {}) {
    Floats c(static_cast<std::size_t>(m * n), std::numeric_limits<float>::quiet_NaN());
    matmul(MatrixView::rowMajor(a.data(), m, k), MatrixView::rowMajor(b.data(), k, n), c.data(), n, epilogue, parallel);
    return c;
}

TEST(Matmul, AgreesWithTheDefinitionOnAwkwardSizes) {
    for (const std::int64_t m : {1, 2, 13, 15, 57, 113, 130}) {
        for (const std::int64_t k : {0, 1, 3, 255, 256, 257, 600}) {
            for (const std::int64_t n : {1, 7, 15, 16, 17, 33, 100, 520}) {
                const Floats a = randomValues(m * k, 1);
                const Floats b = randomValues(k * n, 2);
                const Floats bias = randomValues(n, 3);
                Epilogue epilogue;
                epilogue.bias = bias.data();
                EXPECT_LT(deviation(product(a, b, m, k, n, epilogue), reference::matmul(a, b, m, k, n, bias.data())),
                          kTolerance * 4)
                    << m << " x " << k << " x " << n;
            }
        }
    }
}

TEST(Matmul, LargeResultsAreWhole) {
    const std::int64_t m = 25001;
    const Floats a = randomValues(m * 3, 1);
    const Floats b = randomValues(3 * 64, 2);
    Epilogue relu;
    relu.activation = Activation::of(ActivationKind::Relu);
    Floats expected = reference::matmul(a, b, m, 3, 64);
    for (float& value : expected) value = std::max(value, 0.0F);
    EXPECT_LT(deviation(product(a, b, m, 3, 64, relu), expected), kTolerance);
}

TEST(Matmul, ReadsTransposedMatrices) {
    const std::int64_t m = 37;
    const std::int64_t k = 70;
    const std::int64_t n = 45;
    const Floats a = randomValues(m * k, 1);
    const Floats b = randomValues(k * n, 2);
    Floats aTransposed(a.size());
    Floats bTransposed(b.size());
    for (std::int64_t row = 0; row < m; ++row) {
        for (std::int64_t d = 0; d < k; ++d)
            aTransposed[static_cast<std::size_t>(d * m + row)] = a[static_cast<std::size_t>(row * k + d)];
    }
    for (std::int64_t d = 0; d < k; ++d) {
        for (std::int64_t c = 0; c < n; ++c)
            bTransposed[static_cast<std::size_t>(c * k + d)] = b[static_cast<std::size_t>(d * n + c)];
    }
    Floats c(static_cast<std::size_t>(m * n));
    matmul(MatrixView::rowMajor(aTransposed.data(), k, m).transposed(),
           MatrixView::rowMajor(bTransposed.data(), n, k).transposed(), c.data(), n);
    EXPECT_LT(deviation(c, reference::matmul(a, b, m, k, n)), kTolerance);
}

TEST(Matmul, ReadsOverlappingRowsWithoutACopy) {
    const std::int64_t frames = 20;
    const std::int64_t length = 32;
    const std::int64_t hop = 5;
    const Floats signal = randomValues((frames - 1) * hop + length, 4);
    const Floats b = randomValues(length * 9, 5);
    Floats rows;
    for (std::int64_t frame = 0; frame < frames; ++frame) {
        rows.insert(rows.end(), signal.begin() + frame * hop, signal.begin() + frame * hop + length);
    }
    Floats c(static_cast<std::size_t>(frames * 9));
    matmul({signal.data(), frames, length, hop, 1}, MatrixView::rowMajor(b.data(), length, 9), c.data(), 9);
    EXPECT_LT(deviation(c, reference::matmul(rows, b, frames, length, 9)), kTolerance);
}

TEST(Matmul, AccumulatesAndActivates) {
    const Floats a = randomValues(40 * 300, 1);
    const Floats b = randomValues(300 * 20, 2);
    Floats c(40 * 20, 1.0F);
    Epilogue epilogue;
    epilogue.accumulate = true;
    epilogue.activation = Activation::of(ActivationKind::Relu);
    matmul(MatrixView::rowMajor(a.data(), 40, 300), MatrixView::rowMajor(b.data(), 300, 20), c.data(), 20, epilogue);
    Floats expected = reference::matmul(a, b, 40, 300, 20);
    for (float& value : expected) value = std::max(value + 1.0F, 0.0F);
    EXPECT_LT(deviation(c, expected), kTolerance * 4);
}

TEST(Matmul, LeavesTheGapsBetweenRowsAlone) {
    const Floats a = randomValues(5 * 8, 1);
    const Floats b = randomValues(8 * 3, 2);
    Floats c(5 * 7, 42.0F);
    matmul(MatrixView::rowMajor(a.data(), 5, 8), MatrixView::rowMajor(b.data(), 8, 3), c.data(), 7);
    for (std::size_t row = 0; row < 5; ++row) {
        for (std::size_t column = 3; column < 7; ++column) EXPECT_EQ(c[row * 7 + column], 42.0F);
    }
}

TEST(Matmul, SameBitsForAnyNumberOfThreads) {
    const Floats a = randomValues(300 * 500, 1);
    const Floats b = randomValues(500 * 200, 2);
    ThreadPool one(1);
    ThreadPool three(3);
    EXPECT_EQ(product(a, b, 300, 500, 200, {}, {&one, {}}), product(a, b, 300, 500, 200, {}, {&three, {}}));
}

TEST(Matmul, SoftmaxLooksAlongTheColumns) {
    const Floats a = randomValues(3 * 4, 1);
    const Floats b = randomValues(4 * 5, 2);
    Epilogue epilogue;
    epilogue.activation = Activation::of(ActivationKind::Softmax);
    const Floats c = product(a, b, 3, 4, 5, epilogue);
    for (std::size_t row = 0; row < 3; ++row) {
        float sum = 0.0F;
        for (std::size_t column = 0; column < 5; ++column) sum += c[row * 5 + column];
        EXPECT_NEAR(sum, 1.0F, 1e-6F);
    }
}

TEST(BatchedMatmul, MultipliesEachPair) {
    const std::int64_t count = 11;
    const Floats a = randomValues(count * 6 * 7, 1);
    const Floats b = randomValues(count * 7 * 5, 2);
    Floats c(static_cast<std::size_t>(count * 6 * 5));
    batchedMatmul({count, 42, 35, 30}, MatrixView::rowMajor(a.data(), 6, 7), MatrixView::rowMajor(b.data(), 7, 5),
                  c.data(), 5);
    for (std::int64_t index = 0; index < count; ++index) {
        const Floats left(a.begin() + index * 42, a.begin() + (index + 1) * 42);
        const Floats right(b.begin() + index * 35, b.begin() + (index + 1) * 35);
        const Floats got(c.begin() + index * 30, c.begin() + (index + 1) * 30);
        EXPECT_LT(deviation(got, reference::matmul(left, right, 6, 7, 5)), kTolerance);
    }
}

}  // namespace
}  // namespace shapewise::kernels
