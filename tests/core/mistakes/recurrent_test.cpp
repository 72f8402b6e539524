#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;

Value layerIn(std::string_view className, ValueDict config) {
    return Value(ValueDict{{"class_name", Value(className)}, {"config", Value(std::move(config))}});
}

TEST(RecurrentMistakes, AStackedLstmNeedsAllStepsOfTheOneBefore) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 4})}});
    model.add("LSTM", "first", {{"units", 64}});
    model.add("Dropout", "dropout", {{"rate", 0.2}});
    model.add("LSTM", "second", {{"units", 32}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "return-sequences-on");
    EXPECT_EQ(model.project().graph.find(diagnostics[0].rootCause)->name, "first");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "second", "return-sequences-on").shapeOf("first"),
              "(None, 20, 64)");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "second", "insert-repeat-vector").shapeOf("second"), "(None, 32)");
}

TEST(RecurrentMistakes, TheLayerInsideBidirectionalIsTurnedOn) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 4})}});
    model.add("Bidirectional", "both", {{"layer", layerIn("LSTM", {{"units", Value(8)}})}});
    model.add("GRU", "gru", {{"units", 8}});
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "gru", "return-sequences-on").shapeOf("both"), "(None, 20, 16)");
}

TEST(RecurrentMistakes, ATableAsksWhetherItIsManyStepsOrOne) {
    Model model;
    model.add("InputLayer", "table", {{"shape", Value::list({10})}});
    model.add("LSTM", "lstm", {{"units", 8}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-reshape");
    EXPECT_EQ(slugs(diagnostics[0])[1], "insert-reshape-one-step");
    expectRepair(model, Code::RankTooLow, "lstm", "insert-reshape-one-step");
}

TEST(RecurrentMistakes, AMapIntoAnLstmChoosesItsTimeAxis) {
    Model model;
    model.add("InputLayer", "spectrogram", {{"shape", Value::list({40, 32, 1})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}});
    model.add("LSTM", "lstm", {{"units", 8}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(wordsOf(diagnostics[0].fixes[0].title), "Insert Reshape → (40, 256)");
    expectRepair(model, Code::RankTooHigh, "lstm", "permute-and-reshape");
    expectRepair(model, Code::RankTooHigh, "lstm", "time-distributed-flatten");
}

TEST(RecurrentMistakes, FramesAreGivenToTheLayerOneByOne) {
    Model model;
    model.add("InputLayer", "video", {{"shape", Value::list({10, 64, 64, 3})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "time-distributed");
    EXPECT_NE(wordsOf(diagnostics[0].why).find("frames of a video, or the batch size"), std::string::npos)
        << wordsOf(diagnostics[0].why);
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "conv", "time-distributed").shapeOf("conv"),
              "(None, 10, 62, 62, 8)");
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "conv", "use-conv3d").shapeOf("conv"), "(None, 8, 62, 62, 8)");
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "conv", "conv-recurrent").shapeOf("conv"), "(None, 62, 62, 8)");
    expectRepair(model, Code::RankTooHigh, "conv", "drop-batch");
}

TEST(RecurrentMistakes, MelBandsIntoAnLstmAreDoubted) {
    Model model;
    model.add("InputLayer", "sound", {{"shape", Value::list({16000})}});
    model.add("MelSpectrogram", "mel");
    model.add("LSTM", "lstm", {{"units", 8}});
    expectRepair(model, Code::MelAsTime, "lstm", "insert-permute");
}

TEST(RecurrentMistakes, BidirectionalWantsARecurrentLayer) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 4})}});
    model.add("Bidirectional", "both", {{"layer", layerIn("Dense", {{"units", Value(2)}})}});
    expectFirstRepairsWork(model, "bidirectional");
}

}  // namespace
}  // namespace shapewise::mistakes
