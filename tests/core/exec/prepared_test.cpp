// What layers keep between runs: made once for the same weights, used with the same bits, counted and forgotten.

#include "core/base/random.h"
#include "core/edit/apply.h"
#include "core/exec/run.h"
#include "core/kernels/thread_pool.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <cstring>

namespace shapewise::exec {
namespace {

class Network {
  public:
    NodeId add(std::string_view className, const ValueDict& settings, const std::vector<NodeId>& from = {}) {
        graph::Graph& graph = request_.project.graph;
        const NodeId id = graph.nextId();
        auto node = layers::makeInitialNode(*layers::findLayer(className), id, "n" + std::to_string(id.value));
        for (const auto& [key, value] : settings) node->set(key, value);
        for (const NodeId producer : from) node->inputs.push_back({producer, 0, 0});
        graph.put(node);
        return id;
    }
    void set(NodeId id, std::string_view key, const Value& value) {
        auto node = std::make_shared<graph::Node>(*request_.project.graph.find(id));
        node->set(key, value);
        request_.project.graph.put(std::move(node));
    }
    /// Other values each time, so that no output of an earlier run is used again.
    RunRequest& withInput(std::uint64_t seed) {
        request_.project.run.seed = 7;
        request_.project.graph.forEach([&](const graph::Node& node) {
            if (!node.type->inputs.empty()) return;
            tensor::Extents extents{request_.project.run.batchSize};
            for (const Value& size : layers::Params(node)["shape"].asList()) extents.push_back(size.asInteger());
            tensor::Tensor values(std::move(extents));
            RandomSequence(seed).fillUniform(values.values(), -1.0F, 1.0F);
            request_.inputs[node.id] = std::make_shared<const tensor::Tensor>(std::move(values));
        });
        return request_;
    }
    graph::Project& project() { return request_.project; }

  private:
    RunRequest request_;
};

/// A convolution and a dense layer in a model, that in another, called twice, and a convolution of each frame.
Network nestedProducts() {
    Network network;
    network.project().run.batchSize = 2;
    const auto make = [](graph::Graph& graph, std::string_view className, const ValueDict& settings,
                         const std::vector<NodeId>& from) {
        const NodeId id = graph.nextId();
        auto node = layers::makeInitialNode(*layers::findLayer(className), id, "n" + std::to_string(id.value));
        for (const auto& [key, value] : settings) node->set(key, value);
        for (const NodeId producer : from) node->inputs.push_back({producer, 0, 0});
        graph.put(node);
        return id;
    };
    auto inner = std::make_shared<graph::Graph>();
    const NodeId given = make(*inner, "InputLayer", {{"shape", Value::list({20, 18, 8})}}, {});
    const NodeId conv = make(*inner, "Conv2D", {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}}, {given});
    make(*inner, "Dense", {{"units", 8}}, {conv});
    auto outer = std::make_shared<graph::Graph>();
    const NodeId outerGiven = make(*outer, "InputLayer", {{"shape", Value::list({20, 18, 8})}}, {});
    const NodeId model = make(*outer, "Functional", {}, {outerGiven});
    auto holder = std::make_shared<graph::Node>(*outer->find(model));
    holder->body = inner;
    outer->put(holder);
    auto again = std::make_shared<graph::Node>(*holder);
    again->id = outer->nextId();
    again->name = "again";
    again->sharesLayerOf = model;
    again->inputs = {{model, 0, 0}};
    outer->put(again);

    const NodeId picture = network.add("InputLayer", {{"shape", Value::list({20, 18, 8})}});
    const NodeId whole = network.add("Functional", {}, {picture});
    auto held = std::make_shared<graph::Node>(*network.project().graph.find(whole));
    held->name = "whole";
    held->body = outer;
    network.project().graph.put(held);
    const NodeId frames = network.add("InputLayer", {{"shape", Value::list({3, 20, 18, 8})}});
    const Value frameConv(ValueDict{{"class_name", Value("Conv2D")},
                                    {"config", Value(ValueDict{{"filters", Value(9)}, {"kernel_size", Value(3)}})}});
    network.add("TimeDistributed", {{"layer", frameConv}}, {frames});
    return network;
}

/// Convolutions of every way to their product, and dense layers of one row and of many.
Network everyProduct() {
    Network network;
    network.project().run.batchSize = 3;
    const NodeId picture = network.add("InputLayer", {{"shape", Value::list({23, 21, 6})}});
    const NodeId conv = network.add(
        "Conv2D", {{"filters", 36}, {"kernel_size", 3}, {"padding", "same"}, {"activation", "relu"}}, {picture});
    const NodeId grouped =
        network.add("Conv2D", {{"filters", 12}, {"kernel_size", 3}, {"groups", 3}, {"activation", "softmax"}}, {conv});
    const NodeId pointwise = network.add("Conv2D", {{"filters", 35}, {"kernel_size", 1}}, {grouped});
    const NodeId strided = network.add("Conv2D", {{"filters", 5}, {"kernel_size", 5}, {"strides", 2}}, {pointwise});
    network.add("Conv2D", {{"filters", 12}, {"kernel_size", 3}, {"groups", 12}}, {grouped});
    network.add("Conv2D", {{"filters", 7}, {"kernel_size", 2}, {"data_format", "channels_first"}}, {strided});
    network.add("Dense", {{"units", 19}, {"activation", "gelu"}}, {strided});
    const NodeId flat = network.add("Flatten", {}, {strided});
    network.add("Dense", {{"units", 301}, {"activation", "softmax"}}, {flat});
    const NodeId steps = network.add("InputLayer", {{"shape", Value::list({531, 19})}});
    network.add("Conv1D", {{"filters", 33}, {"kernel_size", 3}, {"padding", "causal"}, {"dilation_rate", 2}}, {steps});
    return network;
}

RunReport runWith(const RunRequest& request, ActivationStore& store) {
    Progress progress;
    Result<RunReport> report = run(request, store, {}, progress);
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    if (!report) return {};
    for (const auto& [id, node] : report->nodes) EXPECT_EQ(node.problem, "") << request.project.graph.find(id)->name;
    return std::move(*report);
}

void expectSameBits(const RunReport& a, const RunReport& b) {
    ASSERT_EQ(a.nodes.size(), b.nodes.size());
    for (const auto& [id, node] : a.nodes) {
        const tensor::Tensor& mine = *node.outputs.front();
        const tensor::Tensor& theirs = *b.nodes.at(id).outputs.front();
        ASSERT_EQ(mine.extents(), theirs.extents());
        EXPECT_EQ(std::memcmp(mine.data(), theirs.data(), static_cast<std::size_t>(mine.count()) * sizeof(float)), 0)
            << "node " << id.value;
    }
}

TEST(PreparedLayers, ASecondRunPacksNothing) {
    Network network = everyProduct();
    ActivationStore store;
    (void)runWith(network.withInput(1), store);
    const std::int64_t packed = kernels::packingCount();
    const std::uint64_t bytes = store.prepared().bytes();
    EXPECT_GT(bytes, 0u);
    (void)runWith(network.withInput(2), store);
    EXPECT_EQ(kernels::packingCount(), packed);
    EXPECT_EQ(store.prepared().bytes(), bytes);
}

TEST(PreparedLayers, OfModelsInsideAndOfWrappersAreKeptToo) {
    Network network = nestedProducts();
    ActivationStore store;
    (void)runWith(network.withInput(1), store);
    const std::int64_t packed = kernels::packingCount();
    const RunReport second = runWith(network.withInput(2), store);
    EXPECT_EQ(kernels::packingCount(), packed);
    ActivationStore nothingKept(std::uint64_t{1} << 30, 0);
    expectSameBits(second, runWith(network.withInput(2), nothingKept));
    EXPECT_GT(kernels::packingCount(), packed) << "the layers of this test pack nothing";
}

TEST(PreparedLayers, OfAModelWithOtherSettingsInsideAreMadeAgain) {
    Network network = nestedProducts();
    ActivationStore store;
    (void)runWith(network.withInput(1), store);
    auto changed = std::make_shared<graph::Node>(*network.project().graph.findByName("whole"));
    auto outer = std::make_shared<graph::Graph>(*changed->body);
    outer->forEach([&](const graph::Node& node) {
        if (!node.body) return;
        auto holder = std::make_shared<graph::Node>(node);
        auto inner = std::make_shared<graph::Graph>(*node.body);
        inner->forEach([&](const graph::Node& layer) {
            if (layer.type->className != "Conv2D") return;
            auto conv = std::make_shared<graph::Node>(layer);
            conv->set("kernel_size", Value(5));
            inner->put(conv);
        });
        holder->body = inner;
        outer->put(holder);
    });
    changed->body = outer;
    network.project().graph.put(changed);
    ActivationStore nothingKept(std::uint64_t{1} << 30, 0);
    expectSameBits(runWith(network.withInput(1), store), runWith(network.withInput(1), nothingKept));
}

TEST(PreparedLayers, NumbersAreThoseOfARunThatKeepsNothingForAnyNumberOfThreads) {
    Network network = everyProduct();
    for (const std::int64_t batch : {1, 3}) {
        network.project().run.batchSize = batch;
        ActivationStore nothingKept(std::uint64_t{1} << 30, 0);
        const RunReport plain = runWith(network.withInput(3), nothingKept);
        EXPECT_EQ(nothingKept.prepared().bytes(), 0u);
        for (const int threads : {1, 2, 3}) {
            SCOPED_TRACE(threads);
            kernels::ThreadPool::shared().setThreadCount(threads);
            ActivationStore store;
            (void)runWith(network.withInput(4), store);
            expectSameBits(runWith(network.withInput(3), store), plain);
        }
    }
    kernels::ThreadPool::shared().setThreadCount(2);
}

TEST(PreparedLayers, OtherWeightsArePackedAgain) {
    Network network;
    const NodeId input = network.add("InputLayer", {{"shape", Value::list({40, 8})}});
    const NodeId conv = network.add("Conv1D", {{"filters", 16}, {"kernel_size", 3}}, {input});
    ActivationStore store;
    (void)runWith(network.withInput(1), store);
    const std::int64_t packed = kernels::packingCount();
    network.set(conv, "filters", 17);
    ActivationStore fresh(std::uint64_t{1} << 30, 0);
    expectSameBits(runWith(network.withInput(1), store), runWith(network.withInput(1), fresh));
    EXPECT_GT(kernels::packingCount(), packed);
}

TEST(PreparedLayers, WhatLeftThePlanIsForgottenAfterSomeRuns) {
    Network network;
    const NodeId input = network.add("InputLayer", {{"shape", Value::list({40, 8})}});
    network.add("Conv1D", {{"filters", 16}, {"kernel_size", 3}}, {input});
    const NodeId other = network.add("Conv1D", {{"filters", 16}, {"kernel_size", 3}}, {input});
    ActivationStore store;
    (void)runWith(network.withInput(1), store);
    const std::uint64_t both = store.prepared().bytes();
    network.project() = edit::apply(network.project(), {"Remove", "", {edit::RemoveNode{other}}})->project;
    for (std::uint64_t turn = 0; turn <= PreparedStore::kRunsKept + 1; ++turn)
        (void)runWith(network.withInput(2), store);  // all but the first find every output there
    EXPECT_EQ(store.prepared().bytes(), both / 2);
    store.clear();
    EXPECT_EQ(store.prepared().bytes(), 0u);
}

TEST(PreparedStore, ForgetsTheLeastRecentlyUsedBeyondItsLimit) {
    const auto layer = [] { return std::make_shared<const layers::PreparedLayer>(); };
    const std::uint64_t bytes = layer()->bytes();
    PreparedStore store(2 * bytes);
    store.keep(1, layer());
    store.keep(2, layer());
    EXPECT_NE(store.find(1), nullptr);
    store.keep(3, layer());
    EXPECT_EQ(store.bytes(), 2 * bytes);
    EXPECT_NE(store.find(1), nullptr);
    EXPECT_EQ(store.find(2), nullptr);
    store.keep(3, layer());
    EXPECT_EQ(store.bytes(), 2 * bytes);
}

TEST(PreparedStore, KeepsNothingThatIsLargerThanItsLimit) {
    PreparedStore store(1);
    store.keep(1, std::make_shared<const layers::PreparedLayer>());
    EXPECT_EQ(store.find(1), nullptr);
    EXPECT_EQ(store.bytes(), 0u);
}

}  // namespace
}  // namespace shapewise::exec
