// What layers make of masks, against values worked out by hand or by the layer itself on the steps that count.

#include "layer_check.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shapewise::layers {
namespace {

using tensor::Extents;
using tensor::Tensor;

Tensor tensorOf(Extents extents, std::initializer_list<float> values) {
    return Tensor(std::move(extents), std::span<const float>(values.begin(), values.size()));
}

/// Numbers that differ: 0.1 sin(1), 0.1 sin(2) ... times `scale`.
Tensor wave(Extents extents, float scale = 1.0F) {
    Tensor made(std::move(extents));
    float phase = 0.0F;
    for (float& value : made.values()) value = scale * std::sin(phase += 1.0F);
    return made;
}

void expectValues(const Tensor& got, const std::vector<float>& expected, float tolerance = 1e-5F) {
    ASSERT_EQ(got.count(), static_cast<std::int64_t>(expected.size()));
    for (std::size_t index = 0; index < expected.size(); ++index)
        EXPECT_NEAR(got.data()[index], expected[index], tolerance) << index;
}

void expectSame(std::span<const float> got, std::span<const float> expected) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t index = 0; index < got.size(); ++index) EXPECT_NEAR(got[index], expected[index], 1e-6F) << index;
}

TEST(SoftmaxMask, HiddenValuesAreZeroEvenWhereNothingIsShown) {
    const Ran ran = run("Softmax", {}, {tensorOf({3, 4}, {1, 2, 5, 1, 1, 1, 1, 1, 3, 1, 2, 4})}, {},
                        {tensorOf({3, 4}, {1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1})});
    ASSERT_EQ(ran.problem, "");
    expectValues(ran.outputs[0], {0.268941F, 0.731059F, 0, 0, 0, 0, 0, 0, 0.236883F, 0.032059F, 0.087144F, 0.643914F});
}

TEST(SoftmaxMask, WorksOverSeveralAxesAtOnce) {
    const Ran ran = run("Softmax", {{"axis", Value::list({1, 0})}}, {tensorOf({2, 3}, {1, 2, 1, 1, 2, 1})}, {},
                        {tensorOf({2, 3}, {1, 0, 1, 0, 1, 0})});
    expectValues(ran.outputs[0], {0.21194154F, 0, 0.21194154F, 0, 0.57611686F, 0});
}

TEST(SoftmaxMask, IsBroadcastFromTheLastAxis) {
    const Ran ran = run("Softmax", {}, {tensorOf({2, 3}, {1, 2, 1, 3, 4, 5})}, {}, {tensorOf({3}, {1, 0, 1})});
    expectValues(ran.outputs[0], {0.5F, 0, 0.5F, 0.119203F, 0, 0.880797F});
}

TEST(MultiplyMask, HiddenStepsCountAsOneAndAsZeroWhereAllAreHidden) {
    const Tensor a = tensorOf({1, 4, 2}, {0, 0, 1, 2, 0, 0, 3, 4});
    const Tensor b = tensorOf({1, 4, 2}, {0, 0, 0, 0, 1, 2, 3, 4});
    const Tensor maskA = tensorOf({1, 4}, {0, 1, 0, 1});
    const Ran one = run("Multiply", {}, {a, b}, {}, {maskA, {}});
    expectValues(one.outputs[0], {0, 0, 0, 0, 1, 2, 9, 16});
    EXPECT_EQ(one.masks[0].rank(), 0);
    const Ran both = run("Multiply", {}, {a, b}, {}, {maskA, tensorOf({1, 4}, {0, 0, 1, 1})});
    expectValues(both.outputs[0], {0, 0, 1, 2, 1, 2, 9, 16});
    expectValues(both.masks[0], {0, 1, 1, 1});
}

TEST(MaximumMask, LeavesOutWhatAnInputHides) {
    const Tensor a = tensorOf({1, 4, 2}, {9, -9, 1, 2, 9, -9, 3, 4});
    const Tensor b = tensorOf({1, 4, 2}, {7, -7, 8, -8, 1, 2, 4, 3});
    const Tensor maskA = tensorOf({1, 4}, {0, 1, 0, 1});
    const Tensor maskB = tensorOf({1, 4}, {0, 0, 1, 1});
    struct Case {
        const char* layer;
        std::vector<Tensor> masks;
        std::vector<float> wanted;
        bool givesMask;
    };
    const std::vector<Case> cases{
        {"Maximum", {maskA, {}}, {7, -7, 8, 2, 1, 2, 4, 4}, false},
        {"Maximum", {{}, maskB}, {9, -9, 1, 2, 9, 2, 4, 4}, false},
        {"Maximum", {maskA, maskB}, {9, -9, 1, 2, 1, 2, 4, 4}, true},
        {"Minimum", {maskA, {}}, {7, -7, 1, -8, 1, 2, 3, 3}, false},
        {"Minimum", {maskA, maskB}, {9, -9, 1, 2, 1, 2, 3, 3}, true},
    };
    for (const Case& each : cases) {
        const Ran ran = run(each.layer, {}, {a, b}, {}, each.masks);
        ASSERT_EQ(ran.problem, "") << each.layer;
        expectValues(ran.outputs[0], each.wanted);
        EXPECT_EQ(ran.masks[0].rank() > 0, each.givesMask) << each.layer;
        if (each.givesMask) expectValues(ran.masks[0], {0, 1, 1, 1});
    }
}

TEST(MaximumMask, IsSpreadOverTheAxesThatOnlyTheOtherHas) {
    const Tensor narrow = tensorOf({1, 2, 1}, {5, 6});
    const Tensor wide = tensorOf({1, 2, 2}, {1, 2, 3, 9});
    const Ran ran = run("Maximum", {}, {narrow, wide}, {}, {tensorOf({1, 2}, {0, 1}), {}});
    ASSERT_EQ(ran.problem, "");
    expectValues(ran.outputs[0], {1, 2, 6, 9});
}

TEST(Masks, AreHandedOnByTheLayersThatSupportThemInKeras) {
    // supports_masking in keras/src/layers
    for (const char* layer : {"Activation",
                              "ReLU",
                              "LeakyReLU",
                              "ELU",
                              "PReLU",
                              "Dense",
                              "Identity",
                              "BatchNormalization",
                              "LayerNormalization",
                              "GroupNormalization",
                              "UnitNormalization",
                              "Normalization",
                              "Rescaling",
                              "Dropout",
                              "SpatialDropout1D",
                              "GaussianDropout",
                              "GaussianNoise",
                              "AlphaDropout",
                              "ActivityRegularization",
                              "TimeDistributed"})
        EXPECT_EQ(findLayer(layer)->masks, Masks::PassOn) << layer;
    for (const char* layer :
         {"Conv1D", "EinsumDense", "Flatten", "Reshape", "Permute", "RepeatVector", "Cropping1D", "ZeroPadding1D",
          "UpSampling1D", "MaxPooling1D", "RMSNormalization", "Dot", "CategoryEncoding"})
        EXPECT_EQ(findLayer(layer)->masks, Masks::Stop) << layer;
}

TEST(ConvLstmMask, HiddenStepsLeaveTheStateAsItWas) {
    const std::vector<Tensor> weights{wave({2, 1, 8}, 0.5F), wave({2, 2, 8}, 0.4F), wave({8}, 0.1F)};
    const Tensor x = wave({1, 4, 5, 1});
    // Steps 0 and 2 alone: what the mask leaves.
    Tensor shown({1, 2, 5, 1});
    for (int step = 0; step < 2; ++step) std::copy_n(x.data() + 2 * step * 5, 5, shown.data() + step * 5);
    const ValueDict settings{{"filters", 2}, {"kernel_size", 2}, {"padding", "same"}};
    const Ran masked = run("ConvLSTM1D", settings, {x}, weights, {tensorOf({1, 4}, {1, 0, 1, 0})});
    const Ran expected = run("ConvLSTM1D", settings, {shown}, weights);
    ASSERT_EQ(masked.problem, "");
    expectSame(masked.outputs[0].values(), expected.outputs[0].values());
}

TEST(ConvLstm, StartsFromAGivenState) {
    const std::vector<Tensor> weights{wave({2, 1, 8}, 0.5F), wave({2, 2, 8}, 0.4F), wave({8}, 0.1F)};
    const Tensor x = wave({1, 4, 5, 1});
    const ValueDict settings{{"filters", 2}, {"kernel_size", 2}, {"padding", "same"}, {"return_state", true}};
    const auto half = [&](std::int64_t first) {
        Tensor part({1, 2, 5, 1});
        std::copy_n(x.data() + first * 5, 10, part.data());
        return part;
    };
    const Ran first = run("ConvLSTM1D", settings, {half(0)}, weights);
    const Ran second = run("ConvLSTM1D", settings, {half(2), first.outputs[1], first.outputs[2]}, weights);
    const Ran whole = run("ConvLSTM1D", settings, {x}, weights);
    ASSERT_EQ(second.problem, "");
    expectSame(second.outputs[0].values(), whole.outputs[0].values());
}

TEST(RecurrentMask, ZeroOutputForMaskGivesZeroAtHiddenSteps) {
    const std::vector<Tensor> weights{wave({2, 6}, 0.5F), wave({2, 6}, 0.4F), wave({2, 6}, 0.1F)};
    const Tensor x = wave({1, 3, 2});
    const Tensor mask = tensorOf({1, 3}, {1, 1, 0});
    const auto gru = [&](bool sequences, bool zero) {
        return run(
            "GRU",
            {{"units", 2}, {"return_sequences", sequences}, {"return_state", true}, {"zero_output_for_mask", zero}},
            {x}, weights, {mask});
    };
    const Ran kept = gru(true, false);
    const Ran zeroed = gru(true, true);
    expectSame(kept.outputs[0].values().subspan(4, 2), kept.outputs[0].values().subspan(2, 2));
    expectSame(zeroed.outputs[0].values().subspan(0, 4), kept.outputs[0].values().subspan(0, 4));
    EXPECT_EQ(zeroed.outputs[0].values()[4], 0.0F);
    expectSame(zeroed.outputs[1].values(), kept.outputs[1].values());
    const Ran last = gru(false, true);
    EXPECT_EQ(last.outputs[0].values()[0], 0.0F);
    expectSame(last.outputs[1].values(), kept.outputs[1].values());
}

TEST(BidirectionalState, TheFirstHalfOfTheStatesIsThatOfTheForwardLayer) {
    const Tensor kernel = wave({3, 2}, 0.5F);
    const Tensor recurrent = wave({2, 2}, 0.4F);
    const Tensor bias = wave({2}, 0.1F);
    const Tensor x = wave({1, 4, 3});
    const Tensor a = tensorOf({1, 2}, {0.3F, -0.2F});
    const Tensor b = tensorOf({1, 2}, {-0.5F, 0.7F});
    const Value inner(ValueDict{{"class_name", Value("SimpleRNN")}, {"config", Value(ValueDict{{"units", Value(2)}})}});
    const Ran both =
        run("Bidirectional", {{"layer", inner}}, {x, a, b}, {kernel, recurrent, bias, kernel, recurrent, bias});
    ASSERT_EQ(both.problem, "");
    const Ran forward = run("SimpleRNN", {{"units", 2}}, {x, a}, {kernel, recurrent, bias});
    const Ran backward = run("SimpleRNN", {{"units", 2}, {"go_backwards", true}}, {x, b}, {kernel, recurrent, bias});
    expectSame(both.outputs[0].values().subspan(0, 2), forward.outputs[0].values());
    expectSame(both.outputs[0].values().subspan(2, 2), backward.outputs[0].values());
    EXPECT_FALSE(run("Bidirectional", {{"layer", inner}}, {x, a}, {kernel, recurrent, bias, kernel, recurrent, bias})
                     .problem.empty());
}

TEST(BidirectionalInfer, DemandsLayersThatReadOppositeWays) {
    const auto inner = [](bool backwards) {
        return Value(ValueDict{{"class_name", Value("GRU")},
                               {"config", Value(ValueDict{{"units", Value(2)}, {"go_backwards", Value(backwards)}})}});
    };
    EXPECT_TRUE(check("Bidirectional", {{"layer", inner(true)}}, {"(2, 4, 3)"}).refuses(diag::Code::NestedLayer));
    EXPECT_TRUE(check("Bidirectional", {{"layer", inner(false)}, {"backward_layer", inner(false)}}, {"(2, 4, 3)"})
                    .refuses(diag::Code::NestedLayer));
    EXPECT_EQ(check("Bidirectional", {{"layer", inner(false)}, {"backward_layer", inner(true)}}, {"(2, 4, 3)"}).shape(),
              "(2, 4)");
}

TEST(BidirectionalInfer, WrapsConvLstm) {
    const Value inner(ValueDict{{"class_name", Value("ConvLSTM2D")},
                                {"config", Value(ValueDict{{"filters", Value(3)}, {"kernel_size", Value(2)}})}});
    EXPECT_EQ(check("Bidirectional", {{"layer", inner}}, {"(2, 4, 6, 6, 1)"}).shape(), "(2, 5, 5, 6)");
}

TEST(TimeDistributedMask, EachStepOfAMaskOfWordsReachesTheInnerLayer) {
    const std::vector<Tensor> weights{wave({2, 2}, 0.5F), wave({2, 2}, 0.4F), wave({2}, 0.1F)};
    const Tensor x = wave({1, 2, 3, 2});
    const Tensor mask = tensorOf({1, 2, 3}, {1, 1, 0, 1, 0, 0});
    const Value inner(ValueDict{{"class_name", Value("SimpleRNN")}, {"config", Value(ValueDict{{"units", Value(2)}})}});
    const Ran ran = run("TimeDistributed", {{"layer", inner}}, {x}, weights, {mask});
    ASSERT_EQ(ran.problem, "");
    for (std::int64_t step = 0; step < 2; ++step) {
        Tensor one({1, 3, 2});
        Tensor oneMask({1, 3});
        std::copy_n(x.data() + step * 6, 6, one.data());
        std::copy_n(mask.data() + step * 3, 3, oneMask.data());
        const Ran expected = run("SimpleRNN", {{"units", 2}}, {one}, weights, {oneMask});
        expectSame(ran.outputs[0].values().subspan(static_cast<std::size_t>(2 * step), 2),
                   expected.outputs[0].values());
    }
}

/// Heads of depth 1 that pass everything on: the output is the mean of the values that are seen.
std::vector<Tensor> plainHeads() {
    std::vector<Tensor> weights;
    for (int part = 0; part < 2; ++part) weights.emplace_back(Extents{1, 1, 1}, 0.0F);
    weights.emplace_back(Extents{1, 1, 1}, 1.0F);
    weights.emplace_back(Extents{1, 1, 1}, 1.0F);
    return weights;
}

TEST(AttentionMask, HidesPairsOfQueryAndKey) {
    const Tensor x = tensorOf({1, 3, 1}, {1, 2, 4});
    const ValueDict settings{{"num_heads", 1}, {"key_dim", 1}, {"use_bias", false}};
    const auto withMask = [&](const Tensor& mask) {
        return run("MultiHeadAttention", settings, {x, x, x, mask}, plainHeads());
    };
    expectValues(withMask(tensorOf({1, 3, 3}, {1, 0, 0, 1, 1, 0, 1, 1, 1})).outputs[0], {1, 1.5F, 7.0F / 3});
    expectValues(withMask(tensorOf({3, 3}, {1, 0, 0, 1, 1, 0, 1, 1, 1})).outputs[0], {1, 1.5F, 7.0F / 3});
    expectValues(withMask(tensorOf({1, 1, 1, 3}, {0, 1, 1})).outputs[0], {3, 3, 3});
    EXPECT_EQ(withMask(Tensor({1, 3, 4}, 1.0F)).problem, "refused: axis-sizes-differ");
}

TEST(AttentionMask, ASlidingWindowReachesToPlacesNearerThanItsSize) {
    const Tensor x = tensorOf({1, 4, 1}, {1, 2, 4, 8});
    ValueDict settings{{"num_heads", 1}, {"key_dim", 1}, {"use_bias", false}, {"sliding_window", 2}};
    expectValues(run("MultiHeadAttention", settings, {x, x}, plainHeads()).outputs[0], {1.5F, 7.0F / 3, 14.0F / 3, 6});
    settings.emplace_back("use_causal_mask", true);
    expectValues(run("MultiHeadAttention", settings, {x, x}, plainHeads()).outputs[0], {1, 1.5F, 3, 6});
}

TEST(AttentionMask, ScoresOfAQueryThatSeesNothingAreZero) {
    const Tensor x = tensorOf({1, 2, 1}, {1, 3});
    const ValueDict settings{{"num_heads", 1}, {"key_dim", 1}, {"use_bias", false}, {"return_attention_scores", true}};
    const Ran ran = run("MultiHeadAttention", settings, {x, x, x, tensorOf({1, 2, 2}, {0, 0, 1, 1})}, plainHeads());
    expectValues(ran.outputs[1], {0, 0, 0.5F, 0.5F});
    expectValues(ran.outputs[0], {0, 2});
}

TEST(LayerWeights, TooManyToCountAreRefused) {
    const Checked checked = check("Dense", {{"units", std::int64_t{1} << 62}}, {"(None, 128)"});
    EXPECT_TRUE(checked.refuses(diag::Code::WeightsTooLarge));
    EXPECT_TRUE(
        check("LSTM", {{"units", std::int64_t{1} << 31}}, {"(None, 4, 8)"}).refuses(diag::Code::WeightsTooLarge));
    EXPECT_TRUE(
        check("Embedding", {{"input_dim", std::int64_t{1} << 40}, {"output_dim", std::int64_t{1} << 40}}, {"(None, 4)"})
            .refuses(diag::Code::WeightsTooLarge));
    EXPECT_EQ(check("Dense", {{"units", std::int64_t{1} << 40}}, {"(None, 128)"}).shape(), "(None, 1099511627776)");
}

TEST(Glu, HalvesTheLastAxisOfEveryConvolution) {
    EXPECT_EQ(
        check("Conv2DTranspose", {{"filters", 6}, {"kernel_size", 2}, {"activation", "glu"}}, {"(1, 4, 4, 2)"}).shape(),
        "(1, 5, 5, 3)");
    EXPECT_EQ(check("DepthwiseConv2D", {{"kernel_size", 2}, {"activation", "glu"}}, {"(1, 4, 4, 6)"}).shape(),
              "(1, 3, 3, 3)");
    EXPECT_EQ(
        check("SeparableConv1D", {{"filters", 4}, {"kernel_size", 2}, {"activation", "glu"}}, {"(1, 4, 3)"}).shape(),
        "(1, 3, 2)");
    EXPECT_TRUE(
        check("LSTM", {{"units", 4}, {"activation", "glu"}}, {"(1, 4, 3)"}).refuses(diag::Code::ParameterRange));
}

TEST(ReluLayer, ValuesAtTheThresholdAreDampedAndInfinityStays) {
    const Ran ran = run("ReLU", {{"threshold", 1.0}, {"negative_slope", 0.5}}, {tensorOf({1, 4}, {1, 3, 0, -1})});
    expectValues(ran.outputs[0], {0, 3, -0.5F, -1});
    const Ran infinite = run("ReLU", {}, {tensorOf({1, 2}, {-INFINITY, INFINITY})});
    EXPECT_EQ(infinite.outputs[0].data()[0], 0.0F);
    EXPECT_EQ(infinite.outputs[0].data()[1], INFINITY);
}

/// One kernel value of Keras' STFT initialiser, all in doubles.
double kernelValue(bool isReal, std::int64_t time, std::int64_t bin, std::int64_t bins) {
    const double phase =
        -2.0 * M_PI * static_cast<double>(time) * static_cast<double>(bin) / static_cast<double>(2 * (bins - 1));
    return isReal ? std::cos(phase) : std::sin(phase);
}

TEST(StftKernels, OfAnOddTransformTurnAsKerasMakesThem) {
    const ValueDict settings{
        {"frame_length", 6}, {"frame_step", 3}, {"fft_length", 7}, {"mode", "real"}, {"window", Value()}};
    const Tensor x = wave({1, 12, 1});
    const Checked checked = check("STFTSpectrogram", settings, {"(1, 12, 1)"});
    const std::vector<WeightSpec> specs = weightsOf(*checked.node, checked.inputPointers());
    ASSERT_EQ(specs.size(), 1U);
    Tensor kernel(specs[0].extents);
    specs[0].fixed(kernel.values());
    const Ran ran = run("STFTSpectrogram", settings, {x}, {kernel});
    ASSERT_EQ(ran.outputs[0].extents(), (Extents{1, 3, 4}));
    for (std::int64_t frame = 0; frame < 3; ++frame)
        for (std::int64_t bin = 0; bin < 4; ++bin) {
            double sum = 0.0;
            for (std::int64_t time = 0; time < 6; ++time)
                sum += static_cast<double>(x.data()[frame * 3 + time]) * kernelValue(true, time, bin, 4);
            EXPECT_NEAR(ran.outputs[0].data()[frame * 4 + bin], sum, 1e-5);
        }
}

TEST(StftKernels, ThatWereTrainedAreUsed) {
    const ValueDict settings{{"frame_length", 4}, {"frame_step", 2}, {"mode", "stft"}, {"padding", "same"}};
    const Tensor x = wave({2, 9, 2});
    const Tensor real = wave({4, 1, 3});
    const Tensor imaginary = wave({4, 1, 3}, 0.5F);
    const Ran ran = run("STFTSpectrogram", settings, {x}, {real, imaginary});
    ASSERT_EQ(ran.outputs[0].extents(), (Extents{2, 5, 12}));
    // "same": 5 frames of 4, 2 apart, over 9 samples need 3 zeros, 1 of them in front.
    for (std::int64_t frame = 0; frame < 5; ++frame)
        for (std::int64_t bin = 0; bin < 3; ++bin)
            for (int side = 0; side < 2; ++side) {
                double sum = 0.0;
                for (std::int64_t time = 0; time < 4; ++time) {
                    const std::int64_t at = 2 * frame + time - 1;
                    if (at < 0 || at >= 9) continue;
                    sum += static_cast<double>(x.data()[18 + at * 2 + 1] *
                                               (side == 0 ? real : imaginary).data()[time * 3 + bin]);
                }
                // Second sample, second channel: its real bins, then its imaginary ones.
                EXPECT_NEAR(ran.outputs[0].data()[60 + frame * 12 + 6 + side * 3 + bin], sum, 1e-5);
            }
}

TEST(StftKernels, AsLoadedFromKerasGiveWhatTheTransformGives) {
    const ValueDict settings{
        {"frame_length", 16}, {"frame_step", 8}, {"mode", "psd"}, {"scaling", "spectrum"}, {"window", "flattop"}};
    const Tensor x = wave({1, 64, 1});
    const Checked checked = check("STFTSpectrogram", settings, {"(1, 64, 1)"});
    std::vector<Tensor> kernels;
    std::vector<Tensor> rounded;
    for (const WeightSpec& spec : weightsOf(*checked.node, checked.inputPointers())) {
        spec.fixed(kernels.emplace_back(spec.extents).values());
        rounded.push_back(kernels.back());
        for (float& value : rounded.back().values()) value += 2e-6F;
    }
    const Ran transformed = run("STFTSpectrogram", settings, {x}, kernels);
    const Ran projected = run("STFTSpectrogram", settings, {x}, rounded);
    for (std::int64_t place = 0; place < transformed.outputs[0].count(); ++place)
        EXPECT_NEAR(transformed.outputs[0].data()[place], projected.outputs[0].data()[place], 1e-4);
}

}  // namespace
}  // namespace shapewise::layers
