#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;

Model seed() {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 1})}});
    model.add("Conv1D", "conv1d", {{"filters", 32}, {"kernel_size", 3}, {"activation", "relu"}});
    model.add("Conv2D", "conv2d", {{"filters", 32}, {"kernel_size", Value::list({3, 3})}});
    return model;
}

TEST(RankMistakes, ASequenceIntoConv2DNamesBothLayersAndTheRoot) {
    const Model model = seed();
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    const diag::Diagnostic& diagnostic = diagnostics.front();
    EXPECT_EQ(diagnostic.code, Code::RankTooLow);
    EXPECT_EQ(diagnostic.severity, diag::Severity::Error);
    EXPECT_EQ(model.project().graph.find(diagnostic.node)->name, "conv2d");
    EXPECT_EQ(model.project().graph.find(diagnostic.from)->name, "conv1d");
    EXPECT_EQ(model.project().graph.find(diagnostic.rootCause)->name, "data");
    EXPECT_EQ(wordsOf(diagnostic.wanted), "(batch, height, width, channels)");
    EXPECT_EQ(wordsOf(diagnostic.got), "(None, 18, 32) = (batch, time, channels)");
    EXPECT_EQ(std::get<std::int64_t>(diag::findArgument(diagnostic.arguments, "needed")->value), 4);
    EXPECT_EQ(std::get<std::int64_t>(diag::findArgument(diagnostic.arguments, "rank")->value), 3);
}

TEST(RankMistakes, ARepairThatOnlyExchangesErrorsOfItsLayerIsNotOfferedBesideOneThatWorks) {
    Model model;
    model.add("InputLayer", "sound", {{"shape", Value::list({16000, 1})}});
    model.add("MelSpectrogram", "mel");
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0]).front(), "insert-reshape");
    for (const std::string& slug : slugs(diagnostics[0])) EXPECT_EQ(slug.find("pooling"), std::string::npos) << slug;
}

TEST(RankMistakes, TheRepairsOfASequenceIntoConv2DAreThoseOfTheTable) {
    const Model model = seed();
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "use-conv1d");
    EXPECT_EQ(slugs(diagnostics[0])[1], "insert-reshape");
    EXPECT_EQ(wordsOf(diagnostics[0].fixes[0].title), "Use Conv1D instead");
    EXPECT_EQ(wordsOf(diagnostics[0].fixes[1].title), "Insert Reshape → (18, 32, 1)");
    EXPECT_EQ(diagnostics[0].fixes[0].id, "conv2d/rank-too-low/use-conv1d");
    EXPECT_EQ(diagnostics[0].fixes[0].outputShape->text(), "(None, 16, 32)");
    EXPECT_EQ(diagnostics[0].fixes[1].outputShape->text(), "(None, 16, 30, 32)");
    const Model flat = expectRepair(model, Code::RankTooLow, "conv2d", "keep-flat");
    EXPECT_EQ(flat.shapeOf("conv2d"), "(None, 16, 1, 32)");
    const Model one = expectRepair(model, Code::RankTooLow, "conv2d", "use-conv1d");
    EXPECT_EQ(one.project().graph.findByName("conv2d")->setting("kernel_size")->text(), "3");
}

TEST(RankMistakes, AReshapeThatTookAnAxisAwayCanComeLater) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({28, 28, 3})}});
    model.add("Reshape", "rows", {{"target_shape", Value::list({28, 84})}});
    model.add("Dropout", "dropout", {{"rate", 0.2}});
    model.add("Conv2D", "conv2d", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    const auto* diagnostic = find(diagnostics, Code::RankTooLow, "conv2d", model);
    ASSERT_TRUE(diagnostic);
    EXPECT_EQ(model.project().graph.find(diagnostic->rootCause)->name, "rows");
}

TEST(RankMistakes, AGreyPictureGetsAChannelAxis) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({28, 28})}});
    model.add("Conv2D", "conv2d", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "source-shape");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "conv2d", "insert-reshape").shapeOf("conv2d"), "(None, 26, 26, 8)");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "conv2d", "source-shape").shapeOf("picture"), "(None, 28, 28, 1)");
}

TEST(RankMistakes, ABatchWrittenIntoTheShapeIsDroppedOrFixed) {
    Model model;
    model.add("InputLayer", "digits", {{"shape", Value::list({60000, 28, 28, 1})}});
    model.add("Conv2D", "conv2d", {{"filters", 10}, {"kernel_size", 5}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::RankTooHigh);
    EXPECT_EQ(slugs(diagnostics[0])[0], "drop-batch");
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "conv2d", "drop-batch").shapeOf("digits"), "(None, 28, 28, 1)");
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "conv2d", "fixed-batch").shapeOf("digits"), "(60000, 28, 28, 1)");
}

TEST(RankMistakes, AnArrayWithoutBatchAxisBecomesOneSample) {
    Model model;
    model.add("ArrayFile", "photo", {{"path", "photo.npy"}, {"known_shape", Value::list({224, 224, 3})}});
    model.add("Conv2D", "conv2d", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "add-batch-axis");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "conv2d", "add-batch-axis").shapeOf("photo"), "(1, 224, 224, 3)");
}

TEST(RankMistakes, ATableIntoConv1DBecomesStepsOfOneValue) {
    Model model;
    model.add("InputLayer", "table", {{"shape", Value::list({30})}});
    model.add("Conv1D", "conv1d", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-reshape");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "conv1d", "insert-reshape").shapeOf("conv1d"), "(None, 28, 8)");
    EXPECT_EQ(expectRepair(model, Code::RankTooLow, "conv1d", "source-shape").shapeOf("table"), "(None, 30, 1)");
}

TEST(RankMistakes, PoolingBehindConv2DFollowsWhenItBecomesConv1D) {
    Model model = seed();
    model.add("MaxPooling2D", "pool");
    model.add("Flatten", "flatten");
    model.add("Dense", "dense", {{"units", 10}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "use-conv1d-and-more");
    expectFirstRepairsWork(model, "chain");
}

TEST(RankMistakes, SamplesWithAChannelAxisIntoMelSpectrogramLoseIt) {
    Model model;
    model.add("InputLayer", "sound", {{"shape", Value::list({16000, 1})}});
    model.add("MelSpectrogram", "mel", {{"sequence_stride", 256}});
    EXPECT_EQ(expectRepair(model, Code::RankTooHigh, "mel", "insert-reshape").shapeOf("mel"), "(None, 128, 63)");
    Model rows;
    rows.add("InputLayer", "sound", {{"shape", Value::list({16000})}});
    rows.add("STFTSpectrogram", "stft");
    EXPECT_EQ(expectRepair(rows, Code::RankTooLow, "stft", "insert-reshape").shapeOf("stft"), "(None, 124, 129)");
}

TEST(RankMistakes, AnInsertedLayerStandsBetweenAndTheRestMakesRoom) {
    Model model = seed();
    for (std::uint32_t id = 0; id < 3; ++id) model.project().canvas.setPlace(NodeId(id), {300.0 * id, 40.0, false});
    const Model after = expectRepair(model, Code::RankTooLow, "conv2d", "insert-reshape");
    EXPECT_EQ(after.project().canvas.place(NodeId(3)).x, 600.0);
    EXPECT_EQ(after.project().canvas.place(NodeId(3)).y, 40.0);
    EXPECT_EQ(after.project().canvas.place(NodeId(2)).x, 900.0);
}

}  // namespace
}  // namespace shapewise::mistakes
