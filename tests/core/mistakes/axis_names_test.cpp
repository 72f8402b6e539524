// Axes keep their meaning on the way through the graph, so that a message can say "time" and not "axis 1".

#include "core/infer/analysis.h"
#include "tests/core/mistakes/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using testing::HasSubstr;

const tensor::TensorType& typeAt(const infer::Analysis& analysis, NodeId id) { return analysis[id].output; }

std::string firstMessage(const Model& model) {
    const std::vector<diag::Diagnostic> found = model.diagnose();
    return found.empty() ? "nothing is wrong" : messageOf(found.front());
}

/// Sound as a spectrogram picture: (batch, time, frequency, channels).
Model spectrogram() {
    Model model;
    model.add("AudioFile", "sound",
              {{"path", "x.wav"}, {"known_shape", Value::list({16000, 1})}, {"known_rate", 16000}});
    model.add("STFTSpectrogram", "stft",
              {{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}, {"expand_dims", true}});
    return model;
}

TEST(AxisNames, TravelThroughLayersThatKeepTheirOrder) {
    Model model = spectrogram();
    const NodeId conv = model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    const NodeId normal = model.add("BatchNormalization", "normal");
    const NodeId pool = model.add("MaxPooling2D", "pool");
    const NodeId permuted = model.add("Permute", "permuted", {{"dims", Value::list({3, 1, 2})}});
    const infer::Analysis analysis = infer::Analysis::of(model.project().graph);
    for (const NodeId id : {conv, normal, pool})
        EXPECT_EQ(typeAt(analysis, id).shape.axesText(), "(batch, time, frequency, channels)");
    EXPECT_EQ(typeAt(analysis, permuted).shape.axesText(), "(batch, channels, time, frequency)");
}

TEST(AxisNames, SecondsAndHertzTravelWithThem) {
    Model model = spectrogram();
    const NodeId pool = model.add("MaxPooling2D", "pool");
    const infer::Analysis analysis = infer::Analysis::of(model.project().graph);
    const tensor::TensorType& type = typeAt(analysis, pool);
    EXPECT_EQ(type.scale(1).kind, tensor::AxisScale::Kind::Seconds);
    EXPECT_DOUBLE_EQ(type.scale(1).step, 2 * 160 / 16000.0);
    EXPECT_EQ(type.scale(2).kind, tensor::AxisScale::Kind::Hertz);
    EXPECT_DOUBLE_EQ(type.scale(2).step, 2 * 16000 / 512.0);
    ASSERT_TRUE(type.scales);
    EXPECT_DOUBLE_EQ(type.scales->sampleRateHz, 16000.0);
}

TEST(AxisNames, AreSaidWhereAWindowDoesNotFit) {
    Model time = spectrogram();
    time.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", Value::list({500, 3})}});
    EXPECT_THAT(firstMessage(time), HasSubstr("time"));
    EXPECT_THAT(firstMessage(time), testing::Not(HasSubstr("axis 1")));
    Model frequency = spectrogram();
    frequency.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", Value::list({3, 500})}});
    EXPECT_THAT(firstMessage(frequency), HasSubstr("frequency"));
}

TEST(AxisNames, AreSaidWhereMergedShapesDiffer) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({20, 1})}});
    const NodeId left = model.add("Conv1D", "left", {{"filters", 4}, {"kernel_size", 3}}, {data});
    const NodeId right = model.add("Conv1D", "right", {{"filters", 4}, {"kernel_size", 5}}, {data});
    model.add("Add", "sum", {}, {left, right});
    EXPECT_THAT(firstMessage(model), HasSubstr("time"));
}

}  // namespace
}  // namespace shapewise::mistakes
