#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

TEST(MergeInfer, BroadcastsSizesOfOne) {
    EXPECT_EQ(check("Add", {}, {"(2, 4, 1)", "(2, 1, 5)"}).shape(), "(2, 4, 5)");
    EXPECT_EQ(check("Multiply", {}, {"(2, 4, 6, 5)", "(2, 5)"}).shape(), "(2, 4, 6, 5)");
}

TEST(MergeInfer, LeavesNoneUnknownAndTakesTheKnownBatch) {
    EXPECT_EQ(check("Add", {}, {"(None, None, 5)", "(3, 4, 5)"}).shape(), "(3, None, 5)");
}

TEST(MergeInfer, RefusesSizesThatDifferWithAxisAndSizes) {
    const Checked merge = check("Add", {}, {"(None, 26, 26, 32)", "(None, 28, 28, 32)"});
    ASSERT_TRUE(merge.refuses(Code::MergeMismatch));
    EXPECT_EQ(merge.number("axis"), 1);
    EXPECT_EQ(merge.number("size"), 28);
    EXPECT_EQ(merge.number("other_size"), 26);
}

TEST(MergeInfer, RefusesDifferentKnownBatches) {
    EXPECT_TRUE(check("Average", {}, {"(2, 3)", "(3, 3)"}).refuses(Code::BatchMismatch));
}

TEST(MergeInfer, SubtractTakesExactlyTwo) {
    EXPECT_TRUE(check("Subtract", {}, {"(2, 3)"}).refuses(Code::TooFewInputs));
    EXPECT_TRUE(check("Subtract", {}, {"(2, 3)", "(2, 3)", "(2, 3)"}).refuses(Code::TooManyInputs));
    EXPECT_EQ(check("Add", {}, {"(2, 3)"}).shape(), "(2, 3)");
}

TEST(ConcatenateInfer, SumsAlongTheAxis) {
    EXPECT_EQ(check("Concatenate", {}, {"(None, 8, 3)", "(None, 8, 5)", "(None, 8, 1)"}).shape(), "(None, 8, 9)");
    EXPECT_EQ(check("Concatenate", {{"axis", 1}}, {"(None, T, 3)", "(None, 8, 3)"}).shape(), "(None, T + 8, 3)");
}

TEST(ConcatenateInfer, RefusesOtherSizesRanksAndAxes) {
    EXPECT_TRUE(check("Concatenate", {}, {"(None, 8, 3)", "(None, 7, 3)"}).refuses(Code::ConcatenateMismatch));
    EXPECT_TRUE(check("Concatenate", {}, {"(None, 8, 3)", "(None, 8)"}).refuses(Code::MergeRankMismatch));
    EXPECT_TRUE(check("Concatenate", {{"axis", 3}}, {"(None, 8, 3)", "(None, 8, 3)"}).refuses(Code::AxisOutOfRange));
}

}  // namespace
}  // namespace shapewise::layers
