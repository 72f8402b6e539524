#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

TEST(FlattenInfer, MultipliesAllButTheBatch) {
    EXPECT_EQ(check("Flatten", {}, {"(None, 7, 5, 3)"}).shape(), "(None, 105)");
    EXPECT_EQ(check("Flatten", {}, {"(4,)"}).shape(), "(4, 1)");
    EXPECT_EQ(check("Flatten", {}, {"(4, None, 3)"}).shape(), "(4, None)");
}

TEST(ReshapeInfer, FillsInWhatIsLeftOver) {
    EXPECT_EQ(check("Reshape", {{"target_shape", Value::list({20, -1, 1})}}, {"(100, 200)"}).shape(),
              "(100, 20, 10, 1)");
}

TEST(ReshapeInfer, KeepsNamedSizesThatDivide) {
    EXPECT_EQ(check("Reshape", {{"target_shape", Value::list({-1, 4})}}, {"(None, T, 8)"}).shape(), "(None, 2T, 4)");
    EXPECT_EQ(check("Reshape", {{"target_shape", Value::list({-1, 4})}}, {"(None, None, 8)"}).shape(),
              "(None, None, 4)");
}

TEST(ReshapeInfer, RefusesAnotherNumberOfValues) {
    const Checked reshape = check("Reshape", {{"target_shape", Value::list({10, 11})}}, {"(None, 100)"});
    ASSERT_TRUE(reshape.refuses(Code::ElementCountMismatch));
    EXPECT_EQ(reshape.number("got"), 100);
    EXPECT_EQ(reshape.number("needed"), 110);
}

TEST(ReshapeInfer, RefusesALeftOverThatDoesNotComeOutEven) {
    EXPECT_TRUE(
        check("Reshape", {{"target_shape", Value::list({-1, 7})}}, {"(None, 100)"}).refuses(Code::ReshapeNotDividing));
    EXPECT_TRUE(
        check("Reshape", {{"target_shape", Value::list({-1, 0})}}, {"(None, 100)"}).refuses(Code::ReshapeNotDividing));
    EXPECT_TRUE(
        check("Reshape", {{"target_shape", Value::list({-1, -1})}}, {"(None, 100)"}).refuses(Code::ReshapeTwoUnknown));
}

TEST(ReshapeInfer, KeepsTheMeaningOfAxesItDoesNotCut) {
    tensor::TensorType spectrogram = typeOf("(1, 50, 129)");
    spectrogram.shape.setMeaning(1, tensor::AxisMeaning::Time);
    spectrogram.shape.setMeaning(2, tensor::AxisMeaning::Frequency);
    const Checked reshape = checkTypes("Reshape", {{"target_shape", Value::list({50, 129, 1})}}, {spectrogram});
    EXPECT_EQ(reshape.axes(), "(batch, time, frequency, channels)");
}

TEST(PermuteInfer, MovesSizesAndMeaningsTogether) {
    tensor::TensorType signal = typeOf("(2, 50, 3)");
    signal.shape.setMeaning(1, tensor::AxisMeaning::Time);
    signal.shape.setMeaning(2, tensor::AxisMeaning::Channels);
    const Checked permute = checkTypes("Permute", {{"dims", Value::list({2, 1})}}, {signal});
    EXPECT_EQ(permute.shape(), "(2, 3, 50)");
    EXPECT_EQ(permute.axes(), "(batch, channels, time)");
}

TEST(PermuteInfer, NeedsEachAxisOnceAndThatRank) {
    EXPECT_TRUE(check("Permute", {{"dims", Value::list({1, 3})}}, {"(2, 5, 3)"}).refuses(Code::PermutationNotComplete));
    EXPECT_TRUE(check("Permute", {{"dims", Value::list({2, 1})}}, {"(2, 5, 3, 1)"}).refuses(Code::RankTooHigh));
}

TEST(ZeroPaddingInfer, TakesAllThreeSpellings) {
    EXPECT_EQ(check("ZeroPadding2D", {{"padding", 2}}, {"(1, 5, 6, 3)"}).shape(), "(1, 9, 10, 3)");
    EXPECT_EQ(check("ZeroPadding2D", {{"padding", Value::list({1, 0})}}, {"(1, 5, 6, 3)"}).shape(), "(1, 7, 6, 3)");
    const Value pairs(ValueList{Value::list({0, 1}), Value::list({2, 3})});
    EXPECT_EQ(check("ZeroPadding2D", {{"padding", pairs}}, {"(1, 5, 6, 3)"}).shape(), "(1, 6, 11, 3)");
    EXPECT_EQ(check("ZeroPadding1D", {{"padding", Value::list({2, 1})}}, {"(1, T, 3)"}).shape(), "(1, T + 3, 3)");
}

TEST(ZeroPaddingInfer, RefusesOverflow) {
    EXPECT_TRUE(check("ZeroPadding1D", {{"padding", std::int64_t{1} << 62}}, {"(1, 4611686018427387904, 3)"})
                    .refuses(Code::SizeTooLarge));
}

}  // namespace
}  // namespace shapewise::layers
