#include "core/tensor/shape.h"

#include <gtest/gtest.h>

namespace shapewise::tensor {
namespace {

TEST(Shape, PrintsAsKerasDoes) {
    EXPECT_EQ((Shape{Dim(), 18, 32}).text(), "(None, 18, 32)");
    EXPECT_EQ(Shape{Dim()}.text(), "(None,)");
    EXPECT_EQ(Shape{}.text(), "()");
    EXPECT_EQ((Shape{Dim(), ceilDivide(Dim::symbol("T"), 2), 16}).text(), "(None, ⌈T/2⌉, 16)");
}

TEST(Shape, PrintsWithoutTheBatch) {
    EXPECT_EQ((Shape{Dim(), 18, 32}).textWithoutBatch(), "(18, 32)");
    EXPECT_EQ((Shape{Dim(), 18}).textWithoutBatch(), "(18,)");
    EXPECT_EQ(Shape{Dim()}.textWithoutBatch(), "()");
    EXPECT_EQ(Shape{}.textWithoutBatch(), "()");
}

TEST(Shape, NamesItsAxes) {
    Shape shape;
    shape.append(Dim(), AxisMeaning::Batch);
    shape.append(20, AxisMeaning::Time);
    shape.append(8, AxisMeaning::Channels);
    EXPECT_EQ(shape.axesText(), "(batch, time, channels)");
    EXPECT_EQ(shape.rank(), 3);
    shape.setMeaning(1, AxisMeaning::Unknown);
    EXPECT_EQ(shape.axesText(), "(batch, axis, channels)");
}

TEST(Shape, EqualityLooksAtSizesOnly) {
    Shape a{1, 2};
    Shape b{1, 2};
    a.setMeaning(1, AxisMeaning::Features);
    EXPECT_EQ(a, b);
    EXPECT_FALSE(a.sameMeaningsAs(b));
    EXPECT_NE(a, (Shape{1, 2, 1}));
    EXPECT_NE(a, (Shape{1, 3}));
}

TEST(Shape, ElementCountIsTheProductOfItsSizes) {
    EXPECT_EQ((Shape{2, 3, 4}).elementCount(), Dim(24));
    EXPECT_EQ(Shape{}.elementCount(), Dim(1));
    EXPECT_EQ((Shape{Dim(), 3, 4}).elementCount(), Dim());
    EXPECT_EQ((Shape{Dim(), 3, 4}).elementCountPerSample(), Dim(12));
    EXPECT_EQ((Shape{Dim(), Dim::symbol("T"), 8}).elementCountPerSample().text(), "8T");
}

TEST(Shape, ElementCountDoesNotDependOnTheOrderOfItsSizes) {
    const std::int64_t large = std::int64_t{1} << 40;
    EXPECT_EQ((Shape{large, large, 0}).elementCount(), Dim(0));
    EXPECT_EQ((Shape{0, large, large}).elementCount(), Dim(0));
    EXPECT_EQ((Shape{large, Dim(), large}).elementCount(), Dim());
    EXPECT_EQ((Shape{large, large, Dim()}).elementCount(), Dim());
    EXPECT_EQ((Shape{large, large}).elementCount(), Dim::tooLarge());
    EXPECT_EQ((Shape{Dim(), Dim::tooLarge()}).elementCount(), Dim::tooLarge());
}

TEST(Shape, KnowsWhetherAllSizesAreNumbers) {
    EXPECT_TRUE((Shape{1, 2}).isFullyKnown());
    EXPECT_FALSE((Shape{1, Dim()}).isFullyKnown());
    EXPECT_FALSE((Shape{1, Dim::symbol("T")}).isFullyKnown());
    EXPECT_TRUE((Shape{1, Dim::tooLarge()}).hasTooLarge());
}

TEST(TensorType, DiffersByTypeMeaningsAndScales) {
    const TensorType plain{Shape{1, 20}, DType::Float32, false, nullptr};
    TensorType other = plain;
    EXPECT_EQ(plain, other);
    other.dtype = DType::Int32;
    EXPECT_NE(plain, other);
    other = plain;
    other.shape.setMeaning(1, AxisMeaning::Time);
    EXPECT_NE(plain, other);
    SignalScales scales;
    scales.axes[1] = {AxisScale::Kind::Seconds, 0.0, 0.01};
    other = plain;
    other.scales = std::make_shared<SignalScales>(scales);
    EXPECT_NE(plain, other);
    TensorType same = plain;
    same.scales = std::make_shared<SignalScales>(scales);
    EXPECT_EQ(other, same);
    EXPECT_EQ(other.scale(1).step, 0.01);
    EXPECT_EQ(plain.scale(1).kind, AxisScale::Kind::None);
}

TEST(DType, ReadsTheNamesOfKeras) {
    EXPECT_EQ(dtypeFromName("float32"), DType::Float32);
    EXPECT_EQ(dtypeFromName("bfloat16"), DType::Float32);
    EXPECT_EQ(dtypeFromName("int64"), DType::Int32);
    EXPECT_EQ(dtypeFromName("uint8"), DType::Int32);
    EXPECT_EQ(dtypeFromName("bool"), DType::Bool);
    for (const DType type : {DType::Float32, DType::Int32, DType::Bool})
        EXPECT_EQ(dtypeFromName(dtypeName(type)), type);
}

}  // namespace
}  // namespace shapewise::tensor
