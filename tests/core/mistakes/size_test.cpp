#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;

Model tooDeep() {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({16, 16, 3})}});
    model.add("Conv2D", "c1", {{"filters", 8}, {"kernel_size", 3}});
    model.add("MaxPooling2D", "p1");
    model.add("Conv2D", "c2", {{"filters", 8}, {"kernel_size", 3}});
    model.add("MaxPooling2D", "p2");
    model.add("ReLU", "relu");
    model.add("Conv2D", "c3", {{"filters", 8}, {"kernel_size", 3}});
    return model;
}

TEST(SizeMistakes, AKernelThatDoesNotFitHasAllRepairsOfTheTable) {
    const Model model = tooDeep();
    EXPECT_EQ(model.shapeOf("p2"), "(None, 2, 2, 8)");
    const auto diagnostics = model.diagnose();
    ASSERT_FALSE(diagnostics.empty());
    EXPECT_EQ(slugs(diagnostics[0])[0], "padding-same");
    EXPECT_EQ(model.project().graph.find(diagnostics[0].rootCause)->name, "p2");
    EXPECT_NE(wordsOf(diagnostics[0].why).find("⌊(2 − 3) / 1⌋ + 1 = 0"), std::string::npos)
        << wordsOf(diagnostics[0].why);
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "c3", "padding-same").shapeOf("c3"), "(None, 2, 2, 8)");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "c3", "smaller-window").shapeOf("c3"), "(None, 1, 1, 8)");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "c3", "remove-pooling").shapeOf("c3"), "(None, 3, 3, 8)");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "c3", "source-shape").shapeOf("picture"), "(None, 18, 18, 3)");
}

TEST(SizeMistakes, AMapOfSizeOneIsNotPooledAgain) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({1, 1, 8})}});
    model.add("MaxPooling2D", "pool");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "pool", "padding-same").shapeOf("pool"), "(None, 1, 1, 8)");
    expectRepair(model, Code::WindowTooLarge, "pool", "remove-this");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "pool", "use-global_average_pooling2d").shapeOf("pool"),
              "(None, 8)");
}

TEST(SizeMistakes, ExchangedAxesAreSaidBeforePadding) {
    Model model;
    model.add("InputLayer", "signal", {{"shape", Value::list({1, 101})}});
    model.add("Conv1D", "conv", {{"filters", 8}, {"kernel_size", 5}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-permute");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "conv", "insert-permute").shapeOf("conv"), "(None, 97, 8)");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "conv", "source-shape").shapeOf("signal"), "(None, 101, 1)");
}

TEST(SizeMistakes, ChannelsFirstDataAreRecognisedWhenTheKernelDoesNotFit) {
    Model model;
    model.add("InputLayer", "digits", {{"shape", Value::list({1, 28, 28})}});
    model.add("Conv2D", "conv", {{"filters", 32}, {"kernel_size", 5}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-permute");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "conv", "insert-permute").shapeOf("conv"),
              "(None, 24, 24, 32)");
}

TEST(SizeMistakes, FlattenOfUnknownSizeIsPooledInstead) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value(ValueList{Value(), Value(), Value(3)})}});
    model.add("Conv2D", "conv", {{"filters", 64}, {"kernel_size", 3}});
    model.add("Flatten", "flatten");
    model.add("Dense", "dense", {{"units", 10}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::SizeUnknown);
    EXPECT_EQ(slugs(diagnostics[0])[0], "use-global_average_pooling2d");
    expectRepair(model, Code::SizeUnknown, "dense", "use-global_max_pooling2d");
    EXPECT_EQ(expectRepair(model, Code::SizeUnknown, "dense", "source-shape").shapeOf("picture"), "(None, 64, 64, 3)");
}

TEST(SizeMistakes, FramesLongerThanTheAudioAreShortened) {
    Model model;
    model.add("Sample", "sound", {{"shape", Value::list({200, 1})}});
    model.add("STFTSpectrogram", "stft");
    EXPECT_EQ(expectRepair(model, Code::WindowTooLarge, "stft", "shorter-frame").shapeOf("stft"), "(1, 2, 65)");
    expectRepair(model, Code::WindowTooLarge, "stft", "padding-same");
    expectRepair(model, Code::WindowTooLarge, "stft", "source-shape");
    Model mel;
    mel.add("Sample", "sound", {{"shape", Value::list({500})}});
    mel.add("MelSpectrogram", "mel");
    expectRepair(mel, Code::PaddingExceedsSignal, "mel", "shorter-fft");
    expectRepair(mel, Code::PaddingExceedsSignal, "mel", "source-shape");
}

TEST(SizeMistakes, GroupsGetACommonDivisorOrFiltersAMultiple) {
    Model model;
    model.add("InputLayer", "map", {{"shape", Value::list({8, 8, 32})}});
    model.add("Conv2D", "conv", {{"filters", 64}, {"kernel_size", 3}, {"groups", 3}});
    expectFirstRepairsWork(model, "groups");
    const auto diagnostics = model.diagnose();
    ASSERT_FALSE(diagnostics.empty());
    EXPECT_EQ(diagnostics[0].code, Code::GroupsNotDividing);
    EXPECT_EQ(slugs(diagnostics[0])[0], "fitting-groups");
}

TEST(SizeMistakes, LoadedWeightsForOtherChannelsAreNamed) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({32, 32, 1})}});
    const NodeId conv = model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    model.setWeights(conv, {{"kernel", tensor::Tensor(tensor::Extents{3, 3, 3, 8}, 0.0F)},
                            {"bias", tensor::Tensor(tensor::Extents{8}, 0.0F)}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::WeightsMismatch);
    EXPECT_EQ(slugs(diagnostics[0])[0], "repeat-grey");
    expectRepair(model, Code::WeightsMismatch, "conv", "repeat-grey");
    EXPECT_EQ(expectRepair(model, Code::WeightsMismatch, "conv", "source-shape").shapeOf("picture"),
              "(None, 32, 32, 3)");
    expectRepair(model, Code::WeightsMismatch, "conv", "insert-projection");
    expectRepair(model, Code::WeightsMismatch, "conv", "forget-weights");
}

TEST(SizeMistakes, ABakedDenseWantsThePicturesItWasTrainedWith) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({128, 128, 4})}});
    model.add("Flatten", "flatten");
    const NodeId dense = model.add("Dense", "dense", {{"units", 2}});
    model.setWeights(dense, {{"kernel", tensor::Tensor(tensor::Extents{16384, 2}, 0.0F)},
                             {"bias", tensor::Tensor(tensor::Extents{2}, 0.0F)}});
    EXPECT_EQ(expectRepair(model, Code::WeightsMismatch, "dense", "source-shape").shapeOf("picture"),
              "(None, 64, 64, 4)");
    expectRepair(model, Code::WeightsMismatch, "dense", "forget-weights");
}

}  // namespace
}  // namespace shapewise::mistakes
