// What layers say behind one that nobody knows.
#include "core/layers/framework/guess.h"

#include "layer_check.h"
#include "valid_layer.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

std::shared_ptr<graph::Node> nodeOf(std::string_view className, const ValueDict& settings, std::size_t links = 1) {
    auto node = std::make_shared<graph::Node>(*makeNode(*findLayer(className), NodeId(9), "layer"));
    for (const auto& [key, value] : settings) node->set(key, value);
    for (std::size_t slot = 0; slot < links; ++slot)
        node->inputs.push_back({NodeId(static_cast<std::uint32_t>(slot)), 0,
                                static_cast<std::uint16_t>(node->type->inputs.front().many ? 0 : slot)});
    return node;
}

std::string text(const PartlyInferred& partly) {
    if (!partly.refusals.empty()) return "refused";
    if (partly.outputs.empty()) return "unknown";
    for (const tensor::TensorType& output : partly.outputs)
        if (!output.guessed) return "not marked";
    return partly.outputs.front().shape.text();
}

struct BehindUnknown {
    const char* what;
    const char* className;
    ValueDict settings;
    std::vector<const char*> inputs;  ///< "?" for one that is not known
    const char* output;
};

class Behind : public testing::TestWithParam<BehindUnknown> {};

TEST_P(Behind, TheOutputIsWhatDoesNotHangOnTheInput) {
    const BehindUnknown& row = GetParam();
    const auto node = nodeOf(row.className, row.settings, row.inputs.size());
    std::vector<tensor::TensorType> types;
    for (const char* input : row.inputs)
        types.push_back(std::string_view(input) == "?" ? tensor::TensorType{} : typeOf(input));
    std::vector<const tensor::TensorType*> pointers;
    for (std::size_t index = 0; index < types.size(); ++index)
        pointers.push_back(std::string_view(row.inputs[index]) == "?" ? nullptr : &types[index]);
    EXPECT_EQ(text(inferPartly(*node, pointers, node->inputs)), row.output);
}

const Value kDense = ValueDict{{"class_name", "Dense"}, {"config", ValueDict{{"units", 4}}}};
const Value kLstm = ValueDict{{"class_name", "LSTM"}, {"config", ValueDict{{"units", 4}}}};
const Value kStranger = ValueDict{{"class_name", "Stranger"}, {"config", ValueDict{}}};

INSTANTIATE_TEST_SUITE_P(
    Layers, Behind,
    testing::ValuesIn(std::vector<BehindUnknown>{
        {"Conv2D", "Conv2D", {{"filters", 4}, {"kernel_size", 3}}, {"?"}, "(None, None, None, 4)"},
        {"ConvGroups", "Conv2D", {{"filters", 6}, {"kernel_size", 3}, {"groups", 3}}, {"?"}, "(None, None, None, 6)"},
        {"DepthwiseKeepsUnknownChannels", "DepthwiseConv2D", {{"kernel_size", 3}}, {"?"}, "(None, None, None, None)"},
        {"Lstm", "LSTM", {{"units", 5}}, {"?"}, "(None, 5)"},
        {"LstmSteps", "LSTM", {{"units", 5}, {"return_sequences", true}}, {"?"}, "(None, None, 5)"},
        {"GlobalPooling", "GlobalAveragePooling2D", {}, {"?"}, "(None, None)"},
        {"Flatten", "Flatten", {}, {"?"}, "(None, None)"},
        {"Reshape", "Reshape", {{"target_shape", Value::list({13, 13, 4})}}, {"?"}, "(None, 13, 13, 4)"},
        {"DenseTakesAnyRank", "Dense", {{"units", 4}}, {"?"}, "unknown"},
        {"ActivationTakesAnyRank", "Activation", {{"activation", "relu"}}, {"?"}, "unknown"},
        {"Identity", "Identity", {}, {"?"}, "unknown"},
        {"ConcatenateKnowsTheRank", "Concatenate", {}, {"(None, 8, 8, 3)", "?"}, "(None, 8, 8, None)"},
        {"TimeDistributed", "TimeDistributed", {{"layer", kLstm}}, {"?"}, "(None, None, 4)"},
        {"Bidirectional", "Bidirectional", {{"layer", kLstm}}, {"?"}, "(None, 8)"},
        {"WrappedStranger", "TimeDistributed", {{"layer", kStranger}}, {"?"}, "unknown"},
        {"WrappedStrangerOnKnown", "TimeDistributed", {{"layer", kStranger}}, {"(None, 5, 3)"}, "unknown"},
        {"WrongSettingStays", "Conv2D", {{"filters", -4}, {"kernel_size", 3}}, {"?"}, "refused"},
        {"CertainInputsThatDoNotFitStay", "Add", {}, {"(None, 8)", "?", "(None, 9)"}, "refused"},
        {"MissingSettingStays", "Dense", {}, {"?"}, "refused"},
    }),
    [](const auto& row) { return row.param.what; });

TEST(Guess, NoLayerRefusesWhatNobodyKnows) {
    Random random(7);
    for (const LayerType* type : allLayers()) {
        if (type->inputs.empty()) continue;
        for (int draw = 0; draw < 8; ++draw) {
            const ValidLayer valid = validLayer(random, *type);
            auto node = std::make_shared<graph::Node>(*valid.node);
            std::vector<const tensor::TensorType*> known;
            std::vector<tensor::TensorType> guesses;
            for (const tensor::TensorType& input : valid.inputs) guesses.push_back(input);
            node->inputs.clear();
            for (std::size_t slot = 0; slot < guesses.size(); ++slot) {
                known.push_back(&valid.inputs[slot]);
                node->inputs.push_back(
                    {NodeId(0), 0, static_cast<std::uint16_t>(std::min(slot, type->inputs.size() - 1))});
            }
            InferContext context(Params(*node), known, node->inputs, node.get());
            if (!inferLayer(context)) continue;  // the draw is not valid after all
            const std::vector<const tensor::TensorType*> unknown(known.size(), nullptr);
            EXPECT_TRUE(inferPartly(*node, unknown, node->inputs).refusals.empty()) << type->className;
            for (tensor::TensorType& guess : guesses) {
                guess.guessed = true;
                for (int axis = 0; axis < guess.shape.rank(); ++axis) guess.shape.setSize(axis, tensor::Dim());
            }
            for (std::size_t slot = 0; slot < guesses.size(); ++slot) known[slot] = &guesses[slot];
            const PartlyInferred partly = inferPartly(*node, known, node->inputs);
            EXPECT_TRUE(partly.refusals.empty()) << type->className;
            for (std::size_t port = 0; port < partly.outputs.size(); ++port) {
                const tensor::Shape& said = partly.outputs[port].shape;
                const tensor::Shape& right = context.outputs()[port].shape;
                ASSERT_EQ(said.rank(), right.rank()) << type->className;
                for (int axis = 0; axis < said.rank(); ++axis)
                    EXPECT_TRUE(tensor::mayBeEqual(said[axis], right[axis]))
                        << type->className << ": " << said.text() << " is not " << right.text();
            }
        }
    }
}

TEST(Guess, TheShapeAFileSaysALayerWasBuiltForIsTheGuess) {
    const auto node = nodeOf("Dense", {{"units", 4}});
    node->builtFor = std::make_shared<const Value>(ValueList{Value(), Value(7), Value(12)});
    const std::vector<const tensor::TensorType*> unknown{nullptr};
    EXPECT_EQ(text(inferPartly(*node, unknown, node->inputs)), "(None, 7, 4)");
}

TEST(Guess, WhatComesOfAGuessIsOne) {
    tensor::TensorType input = typeOf("(None, 8)");
    input.guessed = true;
    const std::vector<const tensor::TensorType*> inputs{&input};
    const auto node = nodeOf("Dense", {{"units", 4}});
    InferContext context(Params(*node), inputs, node->inputs, node.get());
    ASSERT_TRUE(inferLayer(context));
    EXPECT_TRUE(context.outputs().front().guessed);
    EXPECT_EQ(context.outputs().front().shape.text(), "(None, 4)");
}

}  // namespace
}  // namespace shapewise::layers
