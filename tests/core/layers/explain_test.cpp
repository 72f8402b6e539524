// Every shape explains itself: the rule, the numbers put in, what a stride drops at the end, the padding on each side.

#include "layer_check.h"
#include "valid_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

struct Line {
    const char* name;
    std::string_view className;
    ValueDict settings;
    const char* input;
    const char* quantity;
    const char* arithmetic;
    const char* note;
};

class Explanation : public testing::TestWithParam<Line> {};

TEST_P(Explanation, PutsTheNumbersIn) {
    const Line& line = GetParam();
    const Checked checked = check(line.className, line.settings, {line.input});
    ASSERT_FALSE(checked.isRefused());
    for (const ExplainedLine& found : checked.explanation) {
        if (found.quantity != line.quantity) continue;
        EXPECT_EQ(found.arithmetic, line.arithmetic);
        EXPECT_EQ(found.note, line.note);
        return;
    }
    FAIL() << "nothing is said of " << line.quantity;
}

ValueDict conv(int kernel, int stride, const char* padding, int dilation = 1) {
    return {{"filters", 4},
            {"kernel_size", kernel},
            {"strides", stride},
            {"padding", padding},
            {"dilation_rate", dilation}};
}

const Line kLines[] = {
    {"DropsNothing", "Conv1D", conv(3, 1, "valid"), "(1, 10, 2)", "time", "⌊(10 − 3) / 1⌋ + 1 = 8", ""},
    {"DropsOne", "Conv1D", conv(3, 2, "valid"), "(1, 10, 2)", "time", "⌊(10 − 3) / 2⌋ + 1 = 4",
     "1 sample at the end is dropped by the stride"},
    {"DropsCells", "Conv2D", conv(3, 4, "valid"), "(1, 12, 9, 2)", "height", "⌊(12 − 3) / 4⌋ + 1 = 3",
     "1 cell at the end is dropped by the stride"},
    {"Dilated", "Conv1D", conv(3, 1, "valid", 2), "(1, 10, 2)", "time", "⌊(10 − (2·(3 − 1) + 1)) / 1⌋ + 1 = 6", ""},
    {"PadsBothSides", "Conv1D", conv(3, 1, "same"), "(1, 10, 2)", "time", "⌈10 / 1⌉ = 10",
     "padded with 1 before and 1 after"},
    {"PadsMoreAfter", "Conv1D", conv(4, 1, "same"), "(1, 10, 2)", "time", "⌈10 / 1⌉ = 10",
     "padded with 1 before and 2 after"},
    {"PadsLessWithStride", "Conv1D", conv(3, 2, "same"), "(1, 10, 2)", "time", "⌈10 / 2⌉ = 5",
     "padded with 0 before and 1 after"},
    {"CausalPadsInFront", "Conv1D", conv(3, 1, "causal"), "(1, 10, 2)", "time", "⌈10 / 1⌉ = 10",
     "padded with 2 before and 0 after"},
    {"Pools",
     "MaxPooling2D",
     {{"pool_size", 2}},
     "(1, 7, 8, 2)",
     "height",
     "⌊(7 − 2) / 2⌋ + 1 = 3",
     "1 cell at the end is dropped by the stride"},
    {"PoolsSame",
     "AveragePooling1D",
     {{"pool_size", 3}, {"strides", 2}, {"padding", "same"}},
     "(1, 7, 2)",
     "time",
     "⌈7 / 2⌉ = 4",
     "padded with 1 before and 1 after"},
    {"Spectrogram",
     "STFTSpectrogram",
     {{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}},
     "(1, 1000, 1)",
     "time",
     "⌊(1000 − 400) / 160⌋ + 1 = 4",
     "120 samples at the end are in no frame"},
    {"UpSampling", "UpSampling1D", {{"size", 3}}, "(1, 7, 2)", "time", "7·3 = 21", ""},
    {"UpSamplingOfASum", "UpSampling1D", {{"size", 3}}, "(1, T, 2)", "time", "T·3 = 3T", ""},
    {"TransposedSame",
     "Conv1DTranspose",
     {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}},
     "(1, 7, 2)",
     "time",
     "7·2 = 14",
     ""},
    {"TransposedValid",
     "Conv1DTranspose",
     {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}},
     "(1, 7, 2)",
     "time",
     "(7 − 1)·2 + max(3, 2) = 15",
     ""},
    {"Flatten", "Flatten", {}, "(1, 4, 5, 3)", "features", "4 · 5 · 3 = 60", "in the order of memory"},
};

INSTANTIATE_TEST_SUITE_P(Lines, Explanation, testing::ValuesIn(kLines),
                         [](const auto& line) { return std::string(line.param.name); });

TEST(ExplanationText, PutsSumsInBracketsBeforeTheyAreMultiplied) {
    tensor::TensorType input = typeOf("(1, T, 2)");
    input.shape.setSize(1, tensor::addOffset(tensor::Dim::symbol("T"), 1).value());
    const Checked up = checkTypes("UpSampling1D", {{"size", 3}}, {input});
    ASSERT_FALSE(up.explanation.empty());
    EXPECT_THAT(up.explanation[0].arithmetic, testing::StartsWith("(T + 1)·3 = "));
    const Checked flat = checkTypes("Flatten", {}, {input});
    ASSERT_FALSE(flat.explanation.empty());
    EXPECT_THAT(flat.explanation[0].arithmetic, testing::StartsWith("(T + 1) · 2 = "));
    const Checked transposed = checkTypes(
        "Conv1DTranspose", {{"filters", 4}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}}, {input});
    ASSERT_FALSE(transposed.explanation.empty());
    EXPECT_THAT(transposed.explanation[0].arithmetic, testing::StartsWith("(T + 1)·2 = "));
}

TEST(ExplanationText, SaysWhatAnEquationMakesOfTheAxes) {
    const Checked einsum =
        check("EinsumDense", {{"equation", "abc,cd->abd"}, {"output_shape", Value::list({5, 6})}}, {"(1, 5, 4)"});
    ASSERT_FALSE(einsum.isRefused());
    EXPECT_FALSE(einsum.explanation.empty());
}

class EveryExplanation : public testing::TestWithParam<const LayerType*> {};

/// Whatever settings a layer accepts, it says how its shape came about, and the sizes it names are those it gives.
TEST_P(EveryExplanation, IsThereForWhateverIsAccepted) {
    const LayerType& type = *GetParam();
    Random random(20);
    int explained = 0;
    for (int round = 0; round < 40 && explained < 20; ++round) {
        const ValidLayer drawn = validLayer(random, type);
        std::vector<const tensor::TensorType*> pointers;
        for (const tensor::TensorType& input : drawn.inputs) pointers.push_back(&input);
        InferContext context(Params(*drawn.node), pointers, {}, drawn.node.get());
        if (!inferLayer(context) || context.outputs().empty()) continue;
        const std::vector<ExplainedLine> lines = inWords(explainLayer(*drawn.node, pointers));
        ASSERT_FALSE(lines.empty()) << drawn.inputs[0].shape.text();
        for (const ExplainedLine& line : lines) {
            EXPECT_FALSE(line.quantity.empty());
            EXPECT_FALSE(line.arithmetic.empty()) << line.quantity;
        }
        ++explained;
    }
    EXPECT_GT(explained, 0) << "no settings were accepted";
}

/// Those that make a shape from a shape.
std::vector<const LayerType*> explaining() {
    std::vector<const LayerType*> found;
    for (const LayerType* type : allLayers())
        if (!type->inputs.empty() && !type->outputs.empty() && type->infer != nullptr) found.push_back(type);
    return found;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryExplanation, testing::ValuesIn(explaining()),
                         [](const auto& layer) { return std::string(layer.param->className); });

}  // namespace
}  // namespace shapewise::layers
