#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

Value nested(const char* className, ValueDict config) {
    return Value(ValueDict{{"class_name", Value(className)}, {"config", Value(std::move(config))}});
}

TEST(LstmInfer, GivesTheLastStepUnlessAskedForAll) {
    EXPECT_EQ(check("LSTM", {{"units", 64}}, {"(None, 20, 8)"}).shape(), "(None, 64)");
    const Checked all = check("LSTM", {{"units", 64}, {"return_sequences", true}}, {"(None, T, 8)"});
    EXPECT_EQ(all.shape(), "(None, T, 64)");
    EXPECT_EQ(all.axes(), "(batch, time, features)");
    EXPECT_EQ(all.weights(), "kernel (8, 256), recurrent_kernel (64, 256), bias (256,)");
}

TEST(LstmInfer, RefusesATable) {
    EXPECT_TRUE(check("LSTM", {{"units", 64}}, {"(None, 64)"}).refuses(Code::RankTooLow));
}

TEST(GruInfer, ResetAfterHasTwoRowsOfBias) {
    EXPECT_EQ(check("GRU", {{"units", 4}}, {"(None, 3, 5)"}).weights(),
              "kernel (5, 12), recurrent_kernel (4, 12), bias (2, 12)");
    EXPECT_EQ(check("GRU", {{"units", 4}, {"reset_after", false}}, {"(None, 3, 5)"}).weights(),
              "kernel (5, 12), recurrent_kernel (4, 12), bias (12,)");
}

TEST(RecurrentInfer, StatefulNeedsABatchSizeAndUnrollALength) {
    EXPECT_TRUE(check("GRU", {{"units", 4}, {"stateful", true}}, {"(None, 3, 5)"}).refuses(Code::SizeUnknown));
    EXPECT_TRUE(check("GRU", {{"units", 4}, {"unroll", true}}, {"(2, None, 5)"}).refuses(Code::SizeUnknown));
    EXPECT_EQ(check("GRU", {{"units", 4}, {"stateful", true}, {"unroll", true}}, {"(2, 3, 5)"}).shape(), "(2, 4)");
}

TEST(BidirectionalInfer, ConcatDoublesTheLastAxisAndSumKeepsIt) {
    const Value inner = nested("GRU", {{"units", Value(5)}, {"return_sequences", Value(true)}});
    EXPECT_EQ(check("Bidirectional", {{"layer", inner}}, {"(None, 7, 3)"}).shape(), "(None, 7, 10)");
    EXPECT_EQ(check("Bidirectional", {{"layer", inner}, {"merge_mode", "sum"}}, {"(None, 7, 3)"}).shape(),
              "(None, 7, 5)");
}

TEST(BidirectionalInfer, RefusesALayerThatCannotBeReadBackwards) {
    EXPECT_TRUE(check("Bidirectional", {{"layer", nested("Dense", {{"units", Value(2)}})}}, {"(None, 7, 3)"})
                    .refuses(Code::NestedLayer));
}

TEST(TimeDistributedInfer, PutsTimeBackInFront) {
    const Value conv = nested("Conv2D", {{"filters", Value(4)}, {"kernel_size", Value(3)}});
    const Checked frames = check("TimeDistributed", {{"layer", conv}}, {"(None, T, 28, 28, 1)"});
    EXPECT_EQ(frames.shape(), "(None, T, 26, 26, 4)");
    EXPECT_EQ(frames.weights(), "kernel (3, 3, 1, 4), bias (4,)");
}

TEST(TimeDistributedInfer, RefusesWhatTheInnerLayerRefuses) {
    const Value conv = nested("Conv2D", {{"filters", Value(4)}, {"kernel_size", Value(3)}});
    EXPECT_TRUE(check("TimeDistributed", {{"layer", conv}}, {"(None, 10, 28, 28)"}).refuses(Code::RankTooLow));
    EXPECT_TRUE(
        check("TimeDistributed", {{"layer", Value(ValueDict{})}}, {"(None, 10, 28)"}).refuses(Code::NestedLayer));
}

TEST(TimeDistributedInfer, RefusesNoLayerThatNobodyKnows) {
    EXPECT_FALSE(check("TimeDistributed", {{"layer", nested("NoSuchLayer", {})}}, {"(None, 10, 28)"}).isRefused());
}

TEST(ConvLstmInfer, ConvolvesEachStep) {
    const ValueDict settings{{"filters", 6}, {"kernel_size", 3}, {"return_sequences", true}};
    EXPECT_EQ(check("ConvLSTM2D", settings, {"(None, 5, 16, 12, 3)"}).shape(), "(None, 5, 14, 10, 6)");
    EXPECT_TRUE(
        check("ConvLSTM2D", {{"filters", 2}, {"kernel_size", 5}}, {"(1, 2, 3, 3, 2)"}).refuses(Code::WindowTooLarge));
}

TEST(MultiHeadAttentionInfer, KeepsTheQueryAndProjectsIntoHeads) {
    const Checked heads =
        check("MultiHeadAttention", {{"num_heads", 2}, {"key_dim", 3}}, {"(None, 10, 8)", "(None, 6, 4)"});
    EXPECT_EQ(heads.shape(), "(None, 10, 8)");
    EXPECT_EQ(heads.weights(),
              "kernel (8, 2, 3), bias (2, 3), kernel (4, 2, 3), bias (2, 3), kernel (4, 2, 3), bias (2, 3), "
              "kernel (2, 3, 8), bias (8,)");
}

TEST(AttentionInfer, RefusesKeysOfAnotherDepth) {
    EXPECT_TRUE(check("Attention", {}, {"(2, 3, 4)", "(2, 5, 3)"}).refuses(Code::AxisSizesDiffer));
    EXPECT_EQ(check("Attention", {}, {"(2, 3, 4)", "(2, 5, 4)"}).shape(), "(2, 3, 4)");
}

TEST(EmbeddingInfer, AddsAVectorForEachId) {
    const Checked tokens = check("Embedding", {{"input_dim", 100}, {"output_dim", 16}}, {"(None, 30)"});
    EXPECT_EQ(tokens.shape(), "(None, 30, 16)");
    EXPECT_EQ(tokens.axes(), "(batch, time, features)");
    EXPECT_TRUE(
        check("Embedding", {{"input_dim", 0}, {"output_dim", 16}}, {"(None, 30)"}).refuses(Code::ParameterRange));
}

}  // namespace
}  // namespace shapewise::layers
