// Sizes that are not known stay arithmetic on their names as long as they can, through every layer.

#include "core/infer/analysis.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::infer {
namespace {

struct Case {
    const char* name;
    std::string_view className;
    ValueDict settings;
    ValueList input;            ///< sizes of one sample
    const char* shape;          ///< of the output
    bool isGivenTwice = false;  ///< merge layers
};

ValueList sizes(std::initializer_list<Value> list) { return list; }

Value dense(int units) { return ValueDict{{"class_name", "Dense"}, {"config", ValueDict{{"units", units}}}}; }

std::string inferred(const Case& item) {
    graph::Graph graph;
    auto input = layers::makeNode(*layers::findLayer("InputLayer"), NodeId(0), "x");
    input->set("shape", Value(item.input));
    graph.put(input);
    auto layer = layers::makeNode(*layers::findLayer(item.className), NodeId(1), "layer");
    for (const auto& [key, value] : item.settings) layer->set(key, value);
    layer->inputs.push_back({NodeId(0), 0, 0});
    if (item.isGivenTwice)
        layer->inputs.push_back({NodeId(0), 0, layer->manyPort == 0 ? std::uint16_t{0} : std::uint16_t{1}});
    graph.put(layer);
    const Analysis analysis = Analysis::of(graph);
    return analysis[NodeId(1)].isKnown() ? analysis[NodeId(1)].output.shape.text() : "no shape";
}

class Symbolic : public testing::TestWithParam<Case> {};

TEST_P(Symbolic, SizesStayArithmetic) { EXPECT_EQ(inferred(GetParam()), GetParam().shape); }

const ValueList kSteps = sizes({"T", 8});
const ValueList kMap = sizes({"H", "W", 3});

const Case kCases[] = {
    {"Conv1DSameStride2",
     "Conv1D",
     {{"filters", 16}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}},
     kSteps,
     "(None, ⌈T/2⌉, 16)"},
    {"Conv1DStride2OfOne",
     "Conv1D",
     {{"filters", 16}, {"kernel_size", 1}, {"strides", 2}},
     kSteps,
     "(None, ⌈T/2⌉, 16)"},
    {"Conv1DValid", "Conv1D", {{"filters", 16}, {"kernel_size", 3}}, kSteps, "(None, T - 2, 16)"},
    {"Conv1DValidStride2",
     "Conv1D",
     {{"filters", 16}, {"kernel_size", 3}, {"strides", 2}},
     kSteps,
     "(None, ⌊(T - 3)/2⌋ + 1, 16)"},
    {"Conv1DDilated", "Conv1D", {{"filters", 4}, {"kernel_size", 3}, {"dilation_rate", 4}}, kSteps, "(None, T - 8, 4)"},
    {"Conv1DCausal", "Conv1D", {{"filters", 4}, {"kernel_size", 3}, {"padding", "causal"}}, kSteps, "(None, T, 4)"},
    {"Conv1DNone", "Conv1D", {{"filters", 4}, {"kernel_size", 3}}, sizes({Value(), 8}), "(None, None, 4)"},
    {"Conv2DStride2",
     "Conv2D",
     {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}},
     kMap,
     "(None, ⌈H/2⌉, ⌈W/2⌉, 4)"},
    {"Conv1DTransposeSame",
     "Conv1DTranspose",
     {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}},
     kSteps,
     "(None, 2T, 4)"},
    {"Conv1DTransposeValid",
     "Conv1DTranspose",
     {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}},
     kSteps,
     "(None, 2T + 1, 4)"},
    {"MaxPooling", "MaxPooling1D", {{"pool_size", 2}}, kSteps, "(None, ⌊T/2⌋, 8)"},
    {"AveragePoolingSame",
     "AveragePooling1D",
     {{"pool_size", 3}, {"strides", 2}, {"padding", "same"}},
     kSteps,
     "(None, ⌈T/2⌉, 8)"},
    {"GlobalPooling", "GlobalMaxPooling1D", {}, kSteps, "(None, 8)"},
    {"ReshapeRest", "Reshape", {{"target_shape", Value::list({-1, 4})}}, kSteps, "(None, 2T, 4)"},
    {"ReshapeFlat", "Reshape", {{"target_shape", Value::list({-1})}}, kSteps, "(None, 8T)"},
    {"ReshapeMap", "Reshape", {{"target_shape", Value::list({-1, 3})}}, kMap, "(None, H·W, 3)"},
    {"Flatten", "Flatten", {}, kSteps, "(None, 8T)"},
    {"FlattenMap", "Flatten", {}, kMap, "(None, 3H·W)"},
    {"Permute", "Permute", {{"dims", Value::list({2, 1})}}, kSteps, "(None, 8, T)"},
    {"RepeatVector", "RepeatVector", {{"n", 5}}, sizes({"F"}), "(None, 5, F)"},
    {"UpSampling", "UpSampling1D", {{"size", 3}}, kSteps, "(None, 3T, 8)"},
    {"UpSamplingMap", "UpSampling2D", {}, kMap, "(None, 2H, 2W, 3)"},
    {"ZeroPadding", "ZeroPadding1D", {{"padding", Value::list({1, 2})}}, kSteps, "(None, T + 3, 8)"},
    {"Cropping", "Cropping1D", {{"cropping", Value::list({1, 2})}}, kSteps, "(None, T - 3, 8)"},
    {"Concatenate", "Concatenate", {{"axis", 1}}, kSteps, "(None, 2T, 8)", true},
    {"ConcatenateChannels", "Concatenate", {}, kSteps, "(None, T, 16)", true},
    {"Add", "Add", {}, kSteps, "(None, T, 8)", true},
    {"Dot", "Dot", {{"axes", Value::list({2, 2})}}, kSteps, "(None, T, T)", true},
    {"Attention", "Attention", {}, kSteps, "(None, T, 8)", true},
    {"Dense", "Dense", {{"units", 5}}, kSteps, "(None, T, 5)"},
    {"LSTM", "LSTM", {{"units", 5}, {"return_sequences", true}}, kSteps, "(None, T, 5)"},
    {"TimeDistributed", "TimeDistributed", {{"layer", dense(5)}}, kSteps, "(None, T, 5)"},
    {"MultiHeadAttention", "MultiHeadAttention", {{"num_heads", 2}, {"key_dim", 4}}, kSteps, "(None, T, 8)", true},
    {"Embedding", "Embedding", {{"input_dim", 10}, {"output_dim", 4}}, sizes({"T"}), "(None, T, 4)"},
    {"STFT",
     "STFTSpectrogram",
     {{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}},
     sizes({"S", 1}),
     "(None, ⌊(S - 400)/160⌋ + 1, 257)"},
    {"Mel",
     "MelSpectrogram",
     {{"fft_length", 512}, {"sequence_stride", 160}, {"num_mel_bins", 64}},
     sizes({"S"}),
     "(None, 64, ⌊S/160⌋ + 1)"},
};

INSTANTIATE_TEST_SUITE_P(Layers, Symbolic, testing::ValuesIn(kCases),
                         [](const auto& item) { return std::string(item.param.name); });

TEST(SymbolicChain, StridesAddUpToOneDivision) {
    graph::Graph graph;
    auto input = layers::makeNode(*layers::findLayer("InputLayer"), NodeId(0), "x");
    input->set("shape", Value(kSteps));
    graph.put(input);
    for (std::uint32_t index = 1; index <= 3; ++index) {
        auto conv = layers::makeNode(*layers::findLayer("Conv1D"), NodeId(index), "c" + std::to_string(index));
        for (const auto& [key, value] :
             ValueDict{{"filters", 8}, {"kernel_size", 5}, {"strides", 2}, {"padding", "same"}})
            conv->set(key, value);
        conv->inputs = {{NodeId(index - 1), 0, 0}};
        graph.put(conv);
    }
    EXPECT_EQ(Analysis::of(graph)[NodeId(3)].output.shape.text(), "(None, ⌈T/8⌉, 8)");
}

}  // namespace
}  // namespace shapewise::infer
