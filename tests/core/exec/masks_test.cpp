#include "small_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

using namespace testing;
using tensor::Tensor;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const layers::LayerType& type(std::string_view className) { return *layers::findLayer(className); }

/// Two features for each step, none of them 0.
Tensor steps(std::int64_t batch, std::int64_t time) {
    Tensor x({batch, time, 2});
    for (std::int64_t index = 0; index < x.count(); ++index) x.data()[index] = 0.1F * static_cast<float>(index % 7 + 1);
    return x;
}

void clearStep(Tensor& x, std::int64_t step) {
    for (std::int64_t feature = 0; feature < x.size(2); ++feature) x.data()[step * x.size(2) + feature] = 0.0F;
}

/// The first sample without one step.
Tensor without(const Tensor& x, std::int64_t left) {
    Tensor shorter({1, x.size(1) - 1, x.size(2)});
    std::int64_t place = 0;
    for (std::int64_t step = 0; step < x.size(1); ++step)
        for (std::int64_t feature = 0; step != left && feature < x.size(2); ++feature)
            shorter.data()[place++] = x.data()[step * x.size(2) + feature];
    return shorter;
}

class Masked {
  public:
    explicit Masked(bool withMasking) { last_ = withMasking ? graph_.add(type("Masking"), "masking", {in_}) : in_; }

    Masked& add(std::string_view className, const ValueDict& settings = {}) {
        last_ = graph_.add(type(className), "layer_" + std::to_string(++count_), {last_});
        for (const auto& [key, value] : settings) graph_.set(last_, key, value);
        return *this;
    }
    Masked& attendToItself(std::string_view className, const ValueDict& settings = {}) {
        last_ = graph_.add(type(className), "layer_" + std::to_string(++count_),
                           std::vector<graph::Link>{{last_, 0, 0}, {last_, 0, 1}});
        for (const auto& [key, value] : settings) graph_.set(last_, key, value);
        return *this;
    }
    [[nodiscard]] NodeRun run(const Tensor& x) const {
        RunRequest request = graph_.request();
        request.inputs[in_] = std::make_shared<const Tensor>(x);
        NodeRun run = runAll(request).nodes.at(last_);
        EXPECT_EQ(run.problem, "");
        return run;
    }
    [[nodiscard]] std::vector<float> values(const Tensor& x, std::size_t port = 0) const {
        const NodeRun result = run(x);
        if (result.outputs.size() <= port) return {};
        return {result.outputs[port]->values().begin(), result.outputs[port]->values().end()};
    }

  private:
    SmallGraph graph_;
    NodeId in_ = graph_.input("in", {-1, -1, 2});
    NodeId last_;
    int count_ = 0;
};

void expectNear(const std::vector<float>& got, const std::vector<float>& expected) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t index = 0; index < got.size(); ++index) EXPECT_NEAR(got[index], expected[index], 1e-6F) << index;
}

TEST(Masks, LetRecurrentLayersSkipPadding) {
    Tensor x = steps(1, 6);
    clearStep(x, 2);
    for (const char* layer : {"LSTM", "GRU", "SimpleRNN"}) {
        SCOPED_TRACE(layer);
        const ValueDict settings{{"units", 3}};
        expectNear(Masked(true).add(layer, settings).values(x),
                   Masked(false).add(layer, settings).values(without(x, 2)));
        EXPECT_NE(Masked(false).add(layer, settings).values(x), Masked(true).add(layer, settings).values(x));
    }
}

TEST(Masks, ChangeNothingWhereNoStepIsPadding) {
    const Tensor x = steps(2, 5);
    for (const char* layer : {"LSTM", "GlobalAveragePooling1D"}) {
        const ValueDict settings = layer == std::string("LSTM") ? ValueDict{{"units", 3}} : ValueDict{};
        expectNear(Masked(true).add(layer, settings).values(x), Masked(false).add(layer, settings).values(x));
    }
    EXPECT_THAT(Masked(false).add("LSTM", {{"units", 3}, {"return_sequences", true}}).run(x).masks, IsEmpty());
}

TEST(Masks, LeaveMaskedStepsOutOfTheMean) {
    Tensor x = steps(1, 5);
    clearStep(x, 0);
    clearStep(x, 3);
    float sum = 0.0F;
    for (const std::int64_t step : {1, 2, 4}) sum += x.data()[step * 2];
    EXPECT_NEAR(Masked(true).add("GlobalAveragePooling1D").values(x)[0], sum / 3.0F, 1e-6F);
    EXPECT_THAT(Masked(true).add("GlobalAveragePooling1D").run(x).masks, IsEmpty());
}

TEST(Masks, TravelThroughLayersThatKeepTheSteps) {
    Tensor x = steps(1, 4);
    clearStep(x, 3);
    const Masked model = Masked(true)
                             .add("Dense", {{"units", 2}})
                             .add("Dropout", {{"rate", 0.5}})
                             .add("ReLU")
                             .add("LayerNormalization")
                             .add("LSTM", {{"units", 2}, {"return_sequences", true}});
    const NodeRun run = model.run(x);
    ASSERT_EQ(run.masks.size(), 1U);
    EXPECT_THAT(run.masks[0]->values(), ElementsAre(1.0F, 1.0F, 1.0F, 0.0F));
}

TEST(Masks, EndAtLayersThatDoNotKnowThem) {
    Tensor x = steps(1, 4);
    clearStep(x, 3);
    EXPECT_THAT(Masked(true).add("Conv1D", {{"filters", 2}, {"kernel_size", 1}}).run(x).masks, IsEmpty());
    EXPECT_THAT(Masked(true).add("LSTM", {{"units", 2}}).run(x).masks, IsEmpty());
}

TEST(Masks, AreZeroInTheSequenceOfABidirectionalLayer) {
    Tensor x = steps(1, 4);
    clearStep(x, 1);
    const Value inner(
        ValueDict{{"class_name", "LSTM"}, {"config", Value(ValueDict{{"units", 2}, {"return_sequences", true}})}});
    const std::vector<float> values = Masked(true).add("Bidirectional", {{"layer", inner}}).values(x);
    const std::vector<float> shorter = Masked(false).add("Bidirectional", {{"layer", inner}}).values(without(x, 1));
    ASSERT_EQ(values.size(), 16U);
    EXPECT_THAT(std::vector<float>(values.begin() + 4, values.begin() + 8), Each(0.0F));
    std::vector<float> kept(values.begin(), values.begin() + 4);
    kept.insert(kept.end(), values.begin() + 8, values.end());
    expectNear(kept, shorter);
}

TEST(Masks, HideKeysAndQueriesFromAttention) {
    Tensor x = steps(1, 4);
    clearStep(x, 2);
    const std::vector<float> values = Masked(true).attendToItself("Attention").values(x);
    const std::vector<float> shorter = Masked(false).attendToItself("Attention").values(without(x, 2));
    EXPECT_THAT(std::vector<float>(values.begin() + 4, values.begin() + 6), Each(0.0F));
    std::vector<float> kept(values.begin(), values.begin() + 4);
    kept.insert(kept.end(), values.begin() + 6, values.end());
    expectNear(kept, shorter);
}

TEST(Masks, HideKeysFromMultiHeadAttention) {
    Tensor x = steps(1, 4);
    clearStep(x, 3);
    const ValueDict settings{{"num_heads", 2}, {"key_dim", 3}};
    std::vector<float> values = Masked(true).attendToItself("MultiHeadAttention", settings).values(x);
    values.resize(6);
    expectNear(values, Masked(false).attendToItself("MultiHeadAttention", settings).values(without(x, 3)));
}

TEST(Masks, ComeFromIdsOfZeroAndAreMergedAsKerasDoes) {
    SmallGraph graph;
    const NodeId in = graph.input("ids", {-1, 3});
    const auto embed = [&](const std::string& name, bool masks) {
        const NodeId id = graph.add(type("Embedding"), name, {in});
        graph.set(id, "input_dim", 5);
        graph.set(id, "output_dim", 2);
        graph.set(id, "mask_zero", masks);
        return id;
    };
    const NodeId first = embed("first", true);
    const NodeId second = embed("second", false);
    const NodeId both = graph.add(type("Add"), "both", {first, first});
    const NodeId half = graph.add(type("Add"), "half", {first, second});
    const NodeId behind = graph.add(type("Concatenate"), "behind", {first, second});
    graph.set(behind, "axis", 1);
    RunRequest request = graph.request();
    request.inputs[in] = std::make_shared<const Tensor>(Tensor({1, 3}, std::vector<float>{4.0F, 0.0F, 1.0F}));
    const RunReport report = runAll(request);
    EXPECT_THAT(report.nodes.at(both).masks.at(0)->values(), ElementsAre(1.0F, 0.0F, 1.0F));
    EXPECT_THAT(report.nodes.at(half).masks, IsEmpty());
    EXPECT_THAT(report.nodes.at(behind).masks.at(0)->values(), ElementsAre(1.0F, 0.0F, 1.0F, 1.0F, 1.0F, 1.0F));
    EXPECT_THAT(report.nodes.at(second).masks, IsEmpty());
}

TEST(Masks, GoThroughNestedModels) {
    SmallGraph inner;
    const NodeId x = inner.input("x", {-1, -1, 2});
    const NodeId masking = inner.add(type("Masking"), "masking", {x});
    inner.add(type("ReLU"), "relu", {masking});
    SmallGraph outer;
    const NodeId in = outer.input("in", {-1, -1, 2});
    const NodeId model = outer.add(type("Functional"), "model", {in});
    auto node = std::make_shared<graph::Node>(*outer.project().graph.find(model));
    node->body = std::make_shared<const graph::Graph>(inner.project().graph);
    outer.project().graph.put(node);
    Tensor values = steps(1, 3);
    clearStep(values, 0);
    RunRequest request = outer.request();
    request.inputs[in] = std::make_shared<const Tensor>(values);
    const RunReport report = runAll(request);
    ASSERT_EQ(report.nodes.at(model).masks.size(), 1U);
    EXPECT_THAT(report.nodes.at(model).masks[0]->values(), ElementsAre(0.0F, 1.0F, 1.0F));
}

}  // namespace
}  // namespace shapewise::exec
