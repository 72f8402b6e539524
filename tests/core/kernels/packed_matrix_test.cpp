#include "core/kernels/packed_matrix.h"
#include "core/base/random.h"

#include <gtest/gtest.h>

#include <cstring>

namespace shapewise::kernels {
namespace {

std::vector<float> numbers(std::int64_t count, std::uint64_t seed) {
    std::vector<float> values(static_cast<std::size_t>(count));
    RandomSequence(seed).fillUniform(values, -1.0F, 1.0F);
    return values;
}

TEST(PackedMatrix, GivesTheBitsOfAProductThatPacksByItself) {
    for (const std::int64_t rows : {1, 2, 15, 57, 113, 300})
        for (const std::int64_t depth : {1, 7, 256, 257, 600})
            for (const std::int64_t columns : {1, 8, 31, 33, 65, 130})
                for (const bool transposed : {false, true}) {
                    SCOPED_TRACE(testing::Message() << rows << " x " << depth << " x " << columns << " " << transposed);
                    const std::vector<float> a = numbers(rows * depth, 1);
                    const std::vector<float> values = numbers(depth * columns, 2);
                    MatrixView b = transposed ? MatrixView::rowMajor(values.data(), columns, depth).transposed()
                                              : MatrixView::rowMajor(values.data(), depth, columns);
                    std::vector<float> plain(static_cast<std::size_t>(rows * columns));
                    std::vector<float> packed = plain;
                    matmul(MatrixView::rowMajor(a.data(), rows, depth), b, plain.data(), columns);
                    const PackedMatrix matrix(b);
                    b.packed = &matrix;
                    const std::int64_t before = packingCount();
                    matmul(MatrixView::rowMajor(a.data(), rows, depth), b, packed.data(), columns);
                    EXPECT_EQ(packingCount(), before);
                    EXPECT_EQ(std::memcmp(plain.data(), packed.data(), plain.size() * sizeof(float)), 0);
                }
}

}  // namespace
}  // namespace shapewise::kernels
