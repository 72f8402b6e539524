#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/data_node.h"
#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;
using tensor::AxisScale;

tensor::TensorType recording(const char* shape, double rateHz) {
    tensor::TensorType type = typeOf(shape);
    nameSignalAxes(type, rateHz, 0.0);
    return type;
}

TEST(StftSpectrogramInfer, GivesTheDocumentedShapes) {
    const ValueDict valid{{"frame_length", 256}, {"frame_step", 128}, {"fft_length", 512}};
    EXPECT_EQ(check("STFTSpectrogram", valid, {"(3, 160000, 1)"}).shape(), "(3, 1249, 257)");
    ValueDict same = valid;
    same.emplace_back("padding", "same");
    EXPECT_EQ(check("STFTSpectrogram", same, {"(3, 160000, 2)"}).shape(), "(3, 1250, 514)");
    same.emplace_back("expand_dims", true);
    EXPECT_EQ(check("STFTSpectrogram", same, {"(3, 160000, 3)"}).shape(), "(3, 1250, 257, 3)");
}

TEST(StftSpectrogramInfer, PutsSecondsAndHertzOnItsAxes) {
    const ValueDict settings{{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}, {"expand_dims", true}};
    const Checked stft = checkTypes("STFTSpectrogram", settings, {recording("(1, 16000, 1)", 16000.0)});
    ASSERT_FALSE(stft.isRefused());
    EXPECT_EQ(stft.axes(), "(batch, time, frequency, channels)");
    EXPECT_EQ(stft.outputs[0].scale(1), (AxisScale{AxisScale::Kind::Seconds, 0.0125, 0.01}));
    EXPECT_EQ(stft.outputs[0].scale(2), (AxisScale{AxisScale::Kind::Hertz, 0.0, 31.25}));
    EXPECT_EQ(stft.outputs[0].scales->valueKind, "ln magnitude");
}

TEST(StftSpectrogramInfer, KeepsTrueHertzThroughPooling) {
    const ValueDict settings{{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}, {"expand_dims", true}};
    const Checked stft = checkTypes("STFTSpectrogram", settings, {recording("(1, 16000, 1)", 16000.0)});
    const Checked pool = checkTypes("MaxPooling2D", {}, {stft.outputs.at(0)});
    EXPECT_EQ(pool.axes(), "(batch, time, frequency, channels)");
    EXPECT_EQ(pool.outputs[0].scale(2), (AxisScale{AxisScale::Kind::Hertz, 15.625, 62.5}));
    EXPECT_DOUBLE_EQ(pool.outputs[0].scale(1).origin, 0.0125 + 0.005);
    EXPECT_DOUBLE_EQ(pool.outputs[0].scales->hopSamples, 320.0);
    EXPECT_DOUBLE_EQ(pool.outputs[0].scales->sampleRateHz, 16000.0);
}

TEST(StftSpectrogramInfer, RefusesFramesThatDoNotGoTogether) {
    const auto refused = [](const ValueDict& settings) { return check("STFTSpectrogram", settings, {"(1, 2000, 1)"}); };
    EXPECT_TRUE(refused({{"frame_length", 8}, {"frame_step", 9}}).refuses(Code::ParameterConflict));
    EXPECT_TRUE(refused({{"frame_length", 256}, {"fft_length", 128}}).refuses(Code::ParameterConflict));
    EXPECT_TRUE(refused({{"frame_length", 1}}).refuses(Code::ParameterConflict));
    EXPECT_TRUE(refused({{"frame_length", 4000}}).refuses(Code::WindowTooLarge));
    EXPECT_TRUE(refused({{"mode", "db"}}).refuses(Code::ParameterChoice));
    EXPECT_TRUE(refused({{"frame_length", 4}, {"window", Value::list({1, 2})}}).refuses(Code::ParameterTupleLength));
}

TEST(StftSpectrogramInfer, NeedsAChannelAxisAndFloats) {
    EXPECT_TRUE(check("STFTSpectrogram", {}, {"(1, 16000)"}).refuses(Code::RankTooLow));
    tensor::TensorType integers = typeOf("(1, 16000, 1)");
    integers.dtype = tensor::DType::Int32;
    EXPECT_TRUE(checkTypes("STFTSpectrogram", {}, {integers}).refuses(Code::ElementType));
}

TEST(MelSpectrogramInfer, PutsTimeLastAndTakesNoChannels) {
    const ValueDict settings{{"sequence_stride", 256}, {"num_mel_bins", 64}};
    const Checked mel = check("MelSpectrogram", settings, {"(None, 16000)"});
    EXPECT_EQ(mel.shape(), "(None, 64, 63)");
    EXPECT_EQ(mel.axes(), "(batch, frequency, time)");
    EXPECT_EQ(check("MelSpectrogram", settings, {"(16000,)"}).shape(), "(64, 63)");
    EXPECT_TRUE(check("MelSpectrogram", settings, {"(1, 16000, 1)"}).refuses(Code::RankTooHigh));
}

TEST(MelSpectrogramInfer, CountsTheFramesThatAreProducedWhereKerasDeclaresOneMore) {
    EXPECT_EQ(check("MelSpectrogram", {{"fft_length", 512}}, {"(1, 1023)"}).shape(), "(1, 128, 2)");
    EXPECT_EQ(check("MelSpectrogram", {{"sequence_stride", 128}, {"num_mel_bins", 80}}, {"(2, 16000)"}).shape(),
              "(2, 80, 126)");
}

TEST(MelSpectrogramInfer, RefusesSignalsTooShortToMirror) {
    const Checked mel = check("MelSpectrogram", {}, {"(1, 1024)"});
    ASSERT_TRUE(mel.refuses(Code::PaddingExceedsSignal));
    EXPECT_EQ(mel.number("padding"), 1024);
}

TEST(AudioExcerpts, CutAndResample) {
    const AudioExcerpt part = audioExcerpt(44100, 44100.0, 0.25, 0.5, 16000.0);
    EXPECT_EQ(part.firstFrame, 11025);
    EXPECT_EQ(part.frames, 22050);
    EXPECT_EQ(part.samples, 8000);
    EXPECT_EQ(audioExcerpt(44100, 44100.0, 0.5, 9.0, 0.0).frames, 22050);
    EXPECT_EQ(audioExcerpt(44100, 44100.0, 2.0, 0.0, 0.0).frames, 0);
}

TEST(AudioFileInfer, KeepsTheRememberedShapeOfAMissingFile) {
    const ValueDict settings{{"path", "a/voice.wav"},
                             {"known_shape", Value::list({32000, 2})},
                             {"known_rate", 16000.0},
                             {"file_problem", "is not there"}};
    const Checked audio = check("AudioFile", settings, std::vector<std::string>{});
    EXPECT_EQ(audio.shape(), "(1, 32000, 1)");
    EXPECT_EQ(audio.axes(), "(batch, time, channels)");
    EXPECT_DOUBLE_EQ(audio.outputs[0].scales->sampleRateHz, 16000.0);
    EXPECT_EQ(tellingText(Params(*audio.node)), "voice.wav");
}

TEST(AudioFileInfer, SaysWhyItHasNoShape) {
    EXPECT_TRUE(check("AudioFile", {{"path", "gone.wav"}}, std::vector<std::string>{}).refuses(Code::FileMissing));
    const ValueDict broken{{"path", "broken.wav"}, {"file_problem", "ends too early"}};
    EXPECT_TRUE(check("AudioFile", broken, std::vector<std::string>{}).refuses(Code::FileUnreadable));
    const ValueDict late{
        {"path", "a.wav"}, {"known_shape", Value::list({16000, 1})}, {"known_rate", 16000.0}, {"start", 1.5}};
    EXPECT_TRUE(check("AudioFile", late, std::vector<std::string>{}).refuses(Code::ParameterRange));
}

TEST(AudioFileInfer, RefusesARateThatResamplingCannotReach) {
    struct Case {
        double fileRateHz;
        double wantedHz;
        bool isRefused;
    };
    for (const Case& rate : {Case{16000.0, 62.4, true},
                             {16000.0, 62.5, false},
                             {16000.0, 40.0, true},
                             {16000.0, 4096000.0, false},
                             {16000.0, 5000000.0, true},
                             {1.0, 16000.0, true},
                             {0.0, 16000.0, false}}) {
        SCOPED_TRACE(rate.wantedHz);
        const ValueDict settings{{"path", "a.wav"},
                                 {"known_shape", Value::list({16000, 1})},
                                 {"known_rate", rate.fileRateHz},
                                 {"sample_rate", rate.wantedHz}};
        EXPECT_EQ(check("AudioFile", settings, std::vector<std::string>{}).refuses(Code::ParameterRange),
                  rate.isRefused);
    }
}

}  // namespace
}  // namespace shapewise::layers
