// The law of repairs on random graphs, and the price of looking.

#include "tests/core/mistakes/model.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace shapewise::mistakes {
namespace {

/// A chain of layers with random parameters behind a random Input; most of them do not fit together.
Model randomChain(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) {
        return std::int64_t{low} + static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(high - low + 1));
    };
    Model model;
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(pick(1, 4)));
    for (std::int64_t& size : sizes) size = pick(1, 40);
    model.add("InputLayer", "input", {{"shape", Value::list(sizes)}});
    const std::string_view classes[] = {"Conv1D",
                                        "Conv2D",
                                        "MaxPooling1D",
                                        "MaxPooling2D",
                                        "AveragePooling2D",
                                        "GlobalAveragePooling1D",
                                        "GlobalMaxPooling2D",
                                        "Flatten",
                                        "Dense",
                                        "Dropout",
                                        "ReLU",
                                        "BatchNormalization",
                                        "Reshape",
                                        "Permute",
                                        "LSTM",
                                        "GRU",
                                        "UpSampling2D",
                                        "Cropping1D",
                                        "ZeroPadding2D",
                                        "Conv2DTranspose",
                                        "DepthwiseConv2D",
                                        "SeparableConv1D",
                                        "RepeatVector",
                                        "LayerNormalization",
                                        "GroupNormalization",
                                        "Conv3D",
                                        "ConvLSTM1D",
                                        "Embedding",
                                        "AdaptiveAveragePooling2D"};
    const std::int64_t count = pick(1, 6);
    for (std::int64_t index = 0; index < count; ++index) {
        const layers::LayerType* type = layers::findLayer(classes[random() % std::size(classes)]);
        if (!type) continue;
        Settings settings;
        for (const layers::ParamSpec& spec : type->params) {
            if (spec.key == "target_shape")
                settings.emplace_back(spec.key, Value::list({pick(1, 12), pick(1, 12)}));
            else if (spec.key == "dims")
                settings.emplace_back(spec.key, pick(0, 1) ? Value::list({2, 1}) : Value::list({2, 1, 3}));
            else if (spec.key == "kernel_size" || spec.key == "pool_size")
                settings.emplace_back(spec.key, Value(pick(1, 6)));
            else if (spec.required)
                settings.emplace_back(spec.key,
                                      spec.kind == layers::ParamKind::Integer ? Value(pick(1, 16)) : spec.initial);
        }
        model.add(type->className, "layer_" + std::to_string(index), settings);
    }
    return model;
}

TEST(RepairLaw, HoldsForRandomChains) {
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
        expectFirstRepairsWork(randomChain(seed), "seed " + std::to_string(seed));
        if (testing::Test::HasFailure()) return;
    }
}

/// Two branches from one Input that meet in a merge layer.
TEST(RepairLaw, HoldsForRandomMerges) {
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&](int low, int high) {
            return std::int64_t{low} + static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(high - low + 1));
        };
        Model model;
        const NodeId input =
            model.add("InputLayer", "input", {{"shape", Value::list({pick(8, 33), pick(8, 33), pick(1, 8)})}});
        std::vector<NodeId> ends;
        for (int branch = 0; branch < 2; ++branch) {
            NodeId end = input;
            const std::string name = branch ? "b" : "a";
            if (pick(0, 3) != 0)
                end = model.add("Conv2D", name + "conv",
                                {{"filters", pick(1, 8)},
                                 {"kernel_size", pick(1, 4)},
                                 {"strides", pick(1, 2)},
                                 {"padding", pick(0, 1) ? "same" : "valid"}},
                                {end});
            if (pick(0, 2) == 0) end = model.add("MaxPooling2D", name + "pool", {}, {end});
            if (pick(0, 4) == 0) end = model.add("Flatten", name + "flat", {}, {end});
            ends.push_back(end);
        }
        model.add(pick(0, 1) ? "Concatenate" : "Add", "merge", {}, ends);
        expectFirstRepairsWork(model, "seed " + std::to_string(seed));
        if (testing::Test::HasFailure()) return;
    }
}

Model longChain(std::size_t length, bool broken) {
    Model model;
    model.add("InputLayer", "input", {{"shape", Value::list({64, 8})}});
    if (broken) model.add("Conv2D", "wrong", {{"filters", 8}, {"kernel_size", 3}});
    for (std::size_t index = 0; index < length; ++index)
        model.add("Conv1D", "conv_" + std::to_string(index), {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}});
    return model;
}

TEST(Diagnose, FindsNothingInALongCleanChain) {
    const Model model = longChain(10000, false);
    const infer::Analysis analysis = model.analysis();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(diagnose(model.project(), analysis).empty());
    RecordProperty(
        "milliseconds",
        std::to_string(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count()));
}

TEST(Diagnose, RepairsTheBeginningOfALongChain) {
    const Model model = longChain(10000, true);
    const infer::Analysis analysis = model.analysis();
    const auto start = std::chrono::steady_clock::now();
    const auto diagnostics = diagnose(model.project(), analysis);
    RecordProperty(
        "milliseconds",
        std::to_string(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count()));
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "use-conv1d");
    EXPECT_TRUE(model.after(diagnostics[0].fixes[0].edit).diagnose().empty());
}

}  // namespace
}  // namespace shapewise::mistakes
