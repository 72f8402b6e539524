#include "core/tensor/tensor.h"

#include <gtest/gtest.h>
#include <array>
#include <cstdint>
#include <limits>
#include <new>

namespace shapewise::tensor {
namespace {

TEST(Tensor, MemoryIsAlignedTo64Bytes) {
    for (const std::int64_t count : {1, 3, 17, 1000}) {
        const Tensor tensor(Extents{count});
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data()) % 64, 0u);
    }
}

TEST(Tensor, IsFilledWithOneValue) {
    const Tensor tensor({2, 3}, 0.5f);
    EXPECT_EQ(tensor.count(), 6);
    EXPECT_EQ(tensor.rank(), 2);
    EXPECT_EQ(tensor.size(1), 3);
    for (const float value : tensor.values()) EXPECT_EQ(value, 0.5f);
}

TEST(Tensor, CopyHasValuesOfItsOwn) {
    const std::array<float, 4> values{1, 2, 3, 4};
    const Tensor first({2, 2}, values);
    Tensor second = first;
    second.values()[0] = 9;
    EXPECT_EQ(first.values()[0], 1);
    EXPECT_EQ(second.values()[3], 4);
    second = first;
    EXPECT_EQ(second.values()[0], 1);
    EXPECT_EQ(second.extents(), first.extents());
}

TEST(Tensor, ReshapingKeepsTheMemory) {
    Tensor tensor({2, 6}, 1.0f);
    const float* memory = tensor.data();
    const Tensor reshaped = std::move(tensor).reshaped({3, 4});
    EXPECT_EQ(reshaped.data(), memory);
    EXPECT_EQ(extentsText(reshaped.extents()), "(3, 4)");
}

TEST(Tensor, ScalarHasOneValueAndEmptyTensorNone) {
    EXPECT_EQ(Tensor(Extents{}).count(), 1);
    EXPECT_EQ(Tensor(Extents{3, 0}).count(), 0);
    EXPECT_TRUE(Tensor(Extents{3, 0}).values().empty());
    EXPECT_EQ(Tensor().count(), 0);
    const Tensor empty;
    const Tensor copy = empty;
    EXPECT_EQ(copy.count(), 0);
}

TEST(Tensor, SizeThatDoesNotFitIsReportedAsLackOfMemory) {
    const std::int64_t large = std::int64_t{1} << 40;
    EXPECT_THROW(Tensor(Extents{large, large}), std::bad_alloc);
    EXPECT_THROW(Tensor(Extents{std::numeric_limits<std::int64_t>::max()}), std::bad_alloc);
    EXPECT_EQ(elementCount({large, large}), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(elementCount({large, large, 0}), 0);
}

TEST(Tensor, TellsItsShape) {
    EXPECT_EQ(Tensor(Extents{1, 18, 32}).shape().text(), "(1, 18, 32)");
    EXPECT_EQ(extentsText({1}), "(1,)");
    EXPECT_EQ(extentsText({}), "()");
}

}  // namespace
}  // namespace shapewise::tensor
