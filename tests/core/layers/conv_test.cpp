#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

TEST(Conv2DInfer, ValidPaddingShrinksByKernelMinusOne) {
    EXPECT_EQ(check("Conv2D", {{"filters", 32}, {"kernel_size", 3}}, {"(None, 28, 20, 1)"}).shape(),
              "(None, 26, 18, 32)");
}

TEST(Conv2DInfer, SamePaddingDividesByTheStrideRoundingUp) {
    const ValueDict settings{{"filters", 8}, {"kernel_size", Value::list({3, 5})}, {"strides", 2}, {"padding", "same"}};
    EXPECT_EQ(check("Conv2D", settings, {"(4, 7, 8, 3)"}).shape(), "(4, 4, 4, 8)");
}

TEST(Conv2DInfer, ChannelsFirstKeepsChannelsSecond) {
    const ValueDict settings{{"filters", 8}, {"kernel_size", 3}, {"data_format", "channels_first"}};
    const Checked conv = check("Conv2D", settings, {"(2, 3, 10, 12)"});
    EXPECT_EQ(conv.shape(), "(2, 8, 8, 10)");
    EXPECT_EQ(conv.axes(), "(batch, channels, height, width)");
    EXPECT_EQ(conv.weights(), "kernel (3, 3, 3, 8), bias (8,)");
}

TEST(Conv2DInfer, RefusesTheOutputOfAConv1D) {
    const Checked conv = check("Conv2D", {{"filters", 8}, {"kernel_size", 3}}, {"(100, 18, 32)"});
    ASSERT_TRUE(conv.refuses(Code::RankTooLow));
    EXPECT_EQ(conv.number("needed"), 4);
    EXPECT_EQ(conv.number("got"), 3);
}

TEST(Conv1DInfer, RefusesAnInputOfHigherRankThatKerasRefusesOnlyLater) {
    EXPECT_TRUE(
        check("Conv1D", {{"filters", 8}, {"kernel_size", 3}}, {"(None, 28, 28, 1)"}).refuses(Code::RankTooHigh));
}

TEST(Conv1DInfer, KeepsNamedSizesSymbolic) {
    const ValueDict same{{"filters", 16}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}};
    EXPECT_EQ(check("Conv1D", same, {"(None, T, 8)"}).shape(), "(None, ⌈T/2⌉, 16)");
}

TEST(Conv1DInfer, RefusesAKernelThatDoesNotFitWithTheNumbers) {
    const ValueDict settings{{"filters", 2}, {"kernel_size", 5}, {"dilation_rate", 2}};
    const Checked conv = check("Conv1D", settings, {"(1, 6, 3)"});
    ASSERT_TRUE(conv.refuses(Code::WindowTooLarge));
    EXPECT_EQ(conv.number("effective"), 9);
    EXPECT_EQ(conv.number("size"), 6);
    EXPECT_EQ(conv.number("computed"), -2);
}

TEST(Conv1DInfer, CausalKeepsTheLength) {
    const ValueDict settings{{"filters", 2}, {"kernel_size", 3}, {"dilation_rate", 4}, {"padding", "causal"}};
    EXPECT_EQ(check("Conv1D", settings, {"(1, 6, 3)"}).shape(), "(1, 6, 2)");
}

TEST(ConvInfer, RefusesStrideTogetherWithDilationOnAnyAxis) {
    const ValueDict settings{
        {"filters", 2}, {"kernel_size", 3}, {"strides", Value::list({2, 1})}, {"dilation_rate", Value::list({1, 2})}};
    EXPECT_TRUE(check("Conv2D", settings, {"(1, 20, 20, 3)"}).refuses(Code::ParameterConflict));
}

TEST(ConvInfer, RefusesGroupsThatDoNotDivideChannelsOrFilters) {
    const ValueDict odd{{"filters", 6}, {"kernel_size", 1}, {"groups", 3}};
    EXPECT_TRUE(check("Conv2D", odd, {"(1, 5, 5, 4)"}).refuses(Code::GroupsNotDividing));
    const ValueDict filters{{"filters", 4}, {"kernel_size", 1}, {"groups", 3}};
    EXPECT_TRUE(check("Conv2D", filters, {"(1, 5, 5, 3)"}).refuses(Code::GroupsNotDividing));
}

TEST(ConvInfer, NeedsKnownChannels) {
    EXPECT_TRUE(check("Conv2D", {{"filters", 4}, {"kernel_size", 1}}, {"(1, 5, 5, None)"}).refuses(Code::SizeUnknown));
}

TEST(ConvInfer, ExplainsWhatTheStrideDrops) {
    const Checked conv = check("Conv1D", {{"filters", 4}, {"kernel_size", 3}, {"strides", 4}}, {"(1, 10, 2)"});
    ASSERT_FALSE(conv.explanation.empty());
    EXPECT_EQ(conv.explanation[0].quantity, "time");
    EXPECT_EQ(conv.explanation[0].arithmetic, "⌊(10 − 3) / 4⌋ + 1 = 2");
    EXPECT_EQ(conv.explanation[0].note, "3 samples at the end are dropped by the stride");
}

TEST(ConvInfer, MovesTheTimeScaleToTheCentreOfTheWindow) {
    tensor::TensorType audio = typeOf("(1, 100, 2)");
    auto scales = std::make_shared<tensor::SignalScales>();
    scales->axes[1] = {tensor::AxisScale::Kind::Seconds, 0.0, 0.01};
    audio.scales = scales;
    const Checked conv = checkTypes("Conv1D", {{"filters", 4}, {"kernel_size", 5}, {"strides", 2}}, {audio});
    EXPECT_DOUBLE_EQ(conv.outputs.at(0).scale(1).step, 0.02);
    EXPECT_DOUBLE_EQ(conv.outputs.at(0).scale(1).origin, 0.02);
}

TEST(ConvParameters, AreRefusedByKindRangeChoiceAndLength) {
    const auto refused = [](std::string_view key, Value value) {
        ValueDict settings{{"filters", 4}, {"kernel_size", 3}};
        settings.emplace_back(key, std::move(value));
        return check("Conv2D", settings, {"(1, 8, 8, 3)"});
    };
    EXPECT_TRUE(refused("strides", 0).refuses(Code::ParameterRange));
    EXPECT_TRUE(refused("strides", Value::list({1, 1, 1})).refuses(Code::ParameterTupleLength));
    EXPECT_TRUE(refused("padding", "causal").refuses(Code::ParameterChoice));
    EXPECT_TRUE(refused("padding", 3).refuses(Code::ParameterKind));
    EXPECT_TRUE(refused("activation", "foo").refuses(Code::ParameterChoice));
    EXPECT_TRUE(check("Conv2D", {{"filters", 4}}, {"(1, 8, 8, 3)"}).refuses(Code::ParameterMissing));
}

TEST(ConvParameters, PaddingMayBeWrittenInCapitals) {
    const ValueDict settings{{"filters", 4}, {"kernel_size", 3}, {"padding", "SAME"}};
    EXPECT_EQ(check("Conv2D", settings, {"(1, 8, 8, 3)"}).shape(), "(1, 8, 8, 4)");
}

TEST(ConvParameters, AreToldInShort) {
    ValueDict settings{{"filters", 32}, {"kernel_size", Value::list({3, 5})}, {"strides", 2}, {"activation", "relu"}};
    const Checked conv = check("Conv2D", settings, {"(1, 8, 8, 3)"});
    EXPECT_EQ(tellingText(Params(*conv.node)), "32 filters · 3×5 · stride 2×2 · relu");
}

}  // namespace
}  // namespace shapewise::layers
