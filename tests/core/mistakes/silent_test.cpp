#include "tests/core/mistakes/model.h"

#include "core/edit/apply.h"

#include "core/layers/framework/catalog.h"
#include "core/mistakes/rules/scrambling.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;
using diag::Severity;

TEST(SilentMistakes, FewStepsOfManyChannelsAreDoubted) {
    Model model;
    model.add("InputLayer", "signal", {{"shape", Value::list({1, 101})}});
    model.add("Conv1D", "conv", {{"filters", 8}, {"kernel_size", 5}, {"padding", "same"}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::StepsChannelsExchanged);
    EXPECT_EQ(diagnostics[0].severity, Severity::Warning);
    expectRepair(model, Code::StepsChannelsExchanged, "conv", "insert-permute");
    EXPECT_EQ(expectRepair(model, Code::StepsChannelsExchanged, "conv", "source-shape").shapeOf("signal"),
              "(None, 101, 1)");
}

TEST(SilentMistakes, ChannelsFirstPicturesAreDoubted) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({3, 224, 224})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}});
    model.add("BatchNormalization", "norm");
    model.add("MaxPooling2D", "pool");
    const auto diagnostics = model.diagnose();
    ASSERT_GE(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::ChannelsFirstData);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-permute");
    const Model changed = expectRepair(model, Code::ChannelsFirstData, "conv", "change-data-format");
    EXPECT_EQ(changed.shapeOf("conv"), "(None, 8, 224, 224)");
    EXPECT_EQ(*changed.project().graph.findByName("norm")->setting("axis"), Value(1));
}

TEST(SilentMistakes, NormalisationOverTheWidthIsDoubted) {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({3, 32, 32})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}, {"data_format", "channels_first"}});
    model.add("BatchNormalization", "norm");
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::NormalizationAxis);
    expectRepair(model, Code::NormalizationAxis, "norm", "axis-1");
}

TEST(SilentMistakes, MelBandsReadAsTimeAreDoubted) {
    Model model;
    model.add("InputLayer", "sound", {{"shape", Value::list({16000})}});
    model.add("MelSpectrogram", "mel", {{"sequence_stride", 256}, {"num_mel_bins", 64}});
    model.add("Dropout", "dropout", {{"rate", 0.1}});
    model.add("Conv1D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::MelAsTime);
    EXPECT_EQ(model.project().graph.find(diagnostics[0].rootCause)->name, "mel");
    EXPECT_EQ(expectRepair(model, Code::MelAsTime, "conv", "insert-permute").shapeOf("conv"), "(None, 61, 8)");
}

Model denseOnMap() {
    Model model;
    model.add("InputLayer", "picture", {{"shape", Value::list({28, 28, 1})}});
    model.add("Conv2D", "conv", {{"filters", 32}, {"kernel_size", 3}});
    model.add("Dense", "dense", {{"units", 10}});
    return model;
}

TEST(SilentMistakes, DenseOnAMapThatEndsTheModelIsDoubted) {
    Model model = denseOnMap();
    model.add("Softmax", "softmax");
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::DenseOnMap);
    EXPECT_EQ(diagnostics[0].severity, Severity::Warning);
    EXPECT_EQ(expectRepair(model, Code::DenseOnMap, "dense", "insert-flatten").shapeOf("dense"), "(None, 10)");
    expectRepair(model, Code::DenseOnMap, "dense", "insert-global-pooling");
    expectRepair(model, Code::DenseOnMap, "dense", "as-convolution");
}

TEST(SilentMistakes, DenseOnAMapThatIsPooledLaterIsMeant) {
    Model model = denseOnMap();
    model.add("GlobalAveragePooling2D", "pool");
    EXPECT_TRUE(model.diagnose().empty()) << report(model);
}

TEST(SilentMistakes, DensePerStepIsAtMostAHint) {
    Model model;
    model.add("InputLayer", "steps", {{"shape", Value::list({98, 32})}});
    model.add("Conv1D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    model.add("Dense", "dense", {{"units", 10}});
    for (const auto& diagnostic : model.diagnose()) EXPECT_EQ(diagnostic.severity, Severity::Hint);
}

TEST(SilentMistakes, AreDismissedByKeyAndShownOnRequest) {
    Model model = denseOnMap();
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    edit::Edit edit;
    edit.steps.push_back(edit::Dismiss{diagnostics[0].key, true});
    const Model dismissed = model.after(edit);
    EXPECT_TRUE(dismissed.diagnose().empty());
    EXPECT_EQ(diagnose(dismissed.project(), dismissed.analysis(), {.withDismissed = true}).size(), 1U);
}

TEST(SilentMistakes, AScrambledReshapeHasAPictureOfWhatItDoes) {
    Model model;
    model.add("InputLayer", "spectrogram", {{"shape", Value::list({64, 128})}});
    model.add("Reshape", "turned", {{"target_shape", Value::list({128, 64})}});
    const infer::Analysis analysis = model.analysis();
    const auto diagnostics = diagnose(model.project(), analysis);
    ASSERT_EQ(diagnostics.size(), 1U);
    const auto picture = scrambledPicture(model.project(), analysis, diagnostics[0]);
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->before.rows, 12);
    EXPECT_EQ(picture->before.columns, 24);
    EXPECT_EQ(picture->permuted.rows, 24);
    EXPECT_EQ(picture->reshaped.values, picture->before.values);
    EXPECT_EQ(picture->permuted.values[1], picture->before.values[24]);
    EXPECT_NE(picture->permuted.values, picture->reshaped.values);
    EXPECT_EQ(wordsOf(picture->before.rowAxis), "time 64");
}

TEST(SilentMistakes, SayHowSureTheyAre) {
    const auto diagnostics = denseOnMap().diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_NE(messageOf(diagnostics[0]).find("80 % sure"), std::string::npos) << messageOf(diagnostics[0]);
}

TEST(TargetMistakes, ClassIdsAgainstSoftmax) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20})}});
    model.add("Dense", "dense", {{"units", 10}, {"activation", "softmax"}});
    model.add("Target", "target", {{"shape", Value::list({1})}, {"loss", "categorical_crossentropy"}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::TargetMismatch);
    EXPECT_EQ(slugs(diagnostics[0])[0], "change-loss");
    expectRepair(model, Code::TargetMismatch, "target", "change-target");
    expectRepair(model, Code::TargetMismatch, "target", "change-units");
}

TEST(TargetMistakes, AllStepsAgainstOneTarget) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 4})}});
    model.add("LSTM", "lstm", {{"units", 8}, {"return_sequences", true}});
    model.add("Dense", "dense", {{"units", 1}});
    model.add("Target", "target", {{"shape", Value::list({1})}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(slugs(diagnostics[0])[0], "return-sequences-off");
    expectRepair(model, Code::TargetMismatch, "target", "insert-global-pooling");
    expectRepair(model, Code::TargetMismatch, "target", "change-target");
}

}  // namespace
}  // namespace shapewise::mistakes
