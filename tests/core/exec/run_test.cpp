#include "small_graph.h"

#include "core/kernels/thread_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<float> valuesOf(const RunReport& report, NodeId id, std::size_t port = 0) {
    const NodeRun& run = report.nodes.at(id);
    if (run.outputs.size() <= port) return {};
    const auto values = run.outputs[port]->values();
    return {values.begin(), values.end()};
}

TensorPtr array(tensor::Extents extents, std::vector<float> values) {
    return std::make_shared<const tensor::Tensor>(std::move(extents), std::span<const float>(values));
}

TEST(Run, GivesEveryNodeItsOutput) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, 2});
    const NodeId scale = graph.add(scaleLayer(), "scale", {in});
    RunRequest request = graph.request();
    request.inputs[in] = array({1, 2}, {3.0f, -1.0f});
    const RunReport report = runAll(request);
    EXPECT_EQ(valuesOf(report, scale), (std::vector<float>{6.0f, -2.0f}));
    EXPECT_EQ(report.nodes.at(scale).types.front().shape, (tensor::Shape{1, 2}));
    EXPECT_EQ(report.computedNodes, 2u);
}

TEST(Run, SecondOutputReachesItsConsumer) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, 2});
    const NodeId twin = graph.add(twinLayer(), "twin", {in});
    const NodeId scale = graph.add(scaleLayer(), "scale", std::vector<graph::Link>{{twin, 1, 0}});
    RunRequest request = graph.request();
    request.inputs[in] = array({1, 2}, {3.0f, -1.0f});
    EXPECT_EQ(valuesOf(runAll(request), scale), (std::vector<float>{-6.0f, 2.0f}));
}

TEST(Run, ConflictStopsOnlyWhatFollowsIt) {
    SmallGraph graph;
    const NodeId a = graph.input("a", {1, 2});
    const NodeId b = graph.input("b", {1, 3});
    const NodeId before = graph.add(scaleLayer(), "before", {a});
    const NodeId sum = graph.add(sumLayer(), "sum", {before, b});
    const NodeId after = graph.add(scaleLayer(), "after", {sum});
    const NodeId last = graph.add(scaleLayer(), "last", {after});
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(report.nodes.at(before).outputs.size(), 1u);
    EXPECT_THAT(report.nodes.at(sum).problem, HasSubstr("is in conflict: merge mismatch, given (1, 2) and (1, 3)"));
    EXPECT_EQ(report.nodes.at(after).problem, "waits for sum");
    EXPECT_EQ(report.nodes.at(last).problem, "waits for sum");
    EXPECT_EQ(report.nodes.at(last).waitsFor, report.nodes.at(after).waitsFor);
}

TEST(Run, UnconnectedNodeSaysSoAndTheRestRuns) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId alone = graph.add(scaleLayer(), "alone", std::vector<NodeId>());
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(report.nodes.at(alone).problem, "is in conflict: input missing");
    EXPECT_FALSE(report.nodes.at(in).outputs.empty());
}

TEST(Run, ExceptionOfALayerIsItsProblem) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId bad = graph.add(throwingLayer(), "bad", {in});
    const NodeId after = graph.add(scaleLayer(), "after", {bad});
    const RunReport report = runAll(graph.request());
    EXPECT_THAT(report.nodes.at(bad).problem, HasSubstr("out of ink"));
    EXPECT_EQ(report.nodes.at(after).problem, "waits for bad");
}

TEST(Run, EditComputesOnlyWhatLiesBehindIt) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId first = graph.add(scaleLayer(), "first", {in});
    const NodeId second = graph.add(scaleLayer(), "second", {first});
    const NodeId third = graph.add(scaleLayer(), "third", {second});
    ActivationStore store;
    runAll(graph.request(), store);
    scaleRuns() = 0;
    graph.set(second, "factor", 3.0);
    const RunReport edited = runAll(graph.request(), store);
    EXPECT_EQ(scaleRuns(), 2);
    EXPECT_EQ(edited.computedNodes, 2u);
    EXPECT_TRUE(edited.nodes.at(first).reused);
    EXPECT_FALSE(edited.nodes.at(third).reused);
}

TEST(Run, UndoneEditIsFoundInTheStore) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId scale = graph.add(scaleLayer(), "scale", {in});
    const RunRequest before = graph.request();
    ActivationStore store;
    const RunReport first = runAll(before, store);
    graph.set(scale, "factor", 3.0);
    runAll(graph.request(), store);
    scaleRuns() = 0;
    const RunReport undone = runAll(before, store);
    EXPECT_EQ(scaleRuns(), 0);
    EXPECT_EQ(undone.computedNodes, 0u);
    EXPECT_EQ(valuesOf(undone, scale), valuesOf(first, scale));
}

TEST(Run, ParameterThatAffectsNothingComputesNothing) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId scale = graph.add(scaleLayer(), "scale", {in});
    ActivationStore store;
    runAll(graph.request(), store);
    graph.set(scale, "remark", "a comment");
    EXPECT_EQ(runAll(graph.request(), store).computedNodes, 0u);
}

TEST(Run, OtherSeedGivesOtherWeights) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 4});
    const NodeId weighted = graph.add(weightedLayer(), "weighted", {in});
    RunRequest request = graph.request();
    request.inputs[in] = array({1, 4}, {1.0f, 1.0f, 1.0f, 1.0f});
    const RunReport first = runAll(request);
    request.project.run.seed = 7;
    const RunReport second = runAll(request);
    EXPECT_NE(valuesOf(first, weighted), valuesOf(second, weighted));
    EXPECT_NE(first.nodes.at(weighted).contentHash, second.nodes.at(weighted).contentHash);
}

TEST(Run, SharedLayerUsesTheSameWeights) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 4});
    const NodeId owner = graph.add(weightedLayer(), "owner", {in});
    const NodeId again = graph.add(weightedLayer(), "again", {in});
    auto shared = std::make_shared<graph::Node>(*graph.project().graph.find(again));
    shared->sharesLayerOf = owner;
    graph.project().graph.put(std::move(shared));
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(valuesOf(report, owner), valuesOf(report, again));
    EXPECT_EQ(estimateMemory(graph.request()).weights, 8u * sizeof(float));
}

TEST(Run, LoadedWeightsOfAnotherShapeAreNamed) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 4});
    const NodeId weighted = graph.add(weightedLayer(), "weighted", {in});
    auto loaded = std::make_shared<graph::Node>(*graph.project().graph.find(weighted));
    auto set = std::make_shared<graph::WeightSet>();
    set->push_back({"kernel", tensor::Tensor({3}, 1.0f)});
    set->push_back({"bias", tensor::Tensor({4}, 0.0f)});
    loaded->weights = std::move(set);
    graph.project().graph.put(std::move(loaded));
    const RunReport report = runAll(graph.request());
    EXPECT_THAT(report.nodes.at(weighted).problem, HasSubstr("kernel of weighted has shape (3,), but (4,) is needed"));
}

TEST(Run, IdentityLayerSharesItsInput) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 4});
    const NodeId drop = graph.add(dropLayer(), "drop", {in});
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(report.nodes.at(in).outputs.front(), report.nodes.at(drop).outputs.front());
    EXPECT_EQ(estimateMemory(graph.request()).outputs, 4u * sizeof(float));
}

TEST(Run, IsRefusedWithNumbersWhenItNeedsTooMuchMemory) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 1000, 1000});
    graph.add(scaleLayer(), "wide", {in});
    RunRequest request = graph.request();
    request.memoryLimitBytes = 5'000'000;
    ActivationStore store;
    Progress progress;
    const Result<RunReport> report = run(request, store, {}, progress);
    ASSERT_FALSE(report.has_value());
    EXPECT_THAT(report.error().message, StartsWith("The run needs 8 MB"));
    EXPECT_THAT(report.error().message, HasSubstr("the limit is 5 MB"));
    EXPECT_THAT(report.error().message, HasSubstr("the largest part is in with 4 MB"));
}

TEST(Run, SizesBeyondCountingAreRefusedToo) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, 2'000'000'000, 2'000'000'000});
    graph.add(scaleLayer(), "wide", {in});
    RunRequest request = graph.request();
    request.project.run.batchSize = 1'000'000;
    ActivationStore store;
    Progress progress;
    EXPECT_FALSE(run(request, store, {}, progress).has_value());
}

TEST(Run, CancelledRunKeepsNothingUnfinished) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId stopping = graph.add(stoppingLayer(), "stopping", {in});
    const NodeId after = graph.add(scaleLayer(), "after", {stopping});
    stoppingSource().emplace();
    ActivationStore store;
    Progress progress;
    const Result<RunReport> report = run(graph.request(), store, stoppingSource()->get_token(), progress);
    ASSERT_TRUE(report.has_value());
    EXPECT_TRUE(report->cancelled);
    EXPECT_TRUE(report->nodes.at(stopping).outputs.empty());
    EXPECT_EQ(report->nodes.at(after).problem, "the run was cancelled");
    EXPECT_EQ(store.find(report->nodes.at(stopping).contentHash), nullptr);
}

TEST(Run, ReportsEachNodeInOrderAndItsProgress) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId scale = graph.add(scaleLayer(), "scale", {in});
    ActivationStore store;
    Progress progress;
    std::vector<NodeId> seen;
    ASSERT_TRUE(
        run(graph.request(), store, {}, progress, [&](NodeId id, const NodeRun&) { seen.push_back(id); }).has_value());
    EXPECT_EQ(seen, (std::vector<NodeId>{in, scale}));
    EXPECT_EQ(progress.done, progress.total);
    EXPECT_EQ(progress.total, 2 + 2 + 2);
}

TEST(Run, OnlyTheNodesAskedForAndWhatFeedsThem) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 2});
    const NodeId left = graph.add(scaleLayer(), "left", {in});
    const NodeId right = graph.add(scaleLayer(), "right", {in});
    RunRequest request = graph.request();
    request.only = {left};
    const RunReport report = runAll(request);
    EXPECT_TRUE(report.nodes.contains(left));
    EXPECT_FALSE(report.nodes.contains(right));
}

TEST(Run, BatchComesFromTheArrayThatIsGiven) {
    SmallGraph graph;
    const NodeId a = graph.input("a", {-1, 2});
    const NodeId b = graph.input("b", {-1, 2});
    const NodeId sum = graph.add(sumLayer(), "sum", {a, b});
    RunRequest request = graph.request();
    request.inputs[b] = array({3, 2}, {0, 1, 2, 3, 4, 5});
    const RunReport report = runAll(request);
    EXPECT_EQ(report.nodes.at(sum).types.front().shape, (tensor::Shape{3, 2}));
}

TEST(Run, ArrayOfAnotherShapeIsTheInputsProblem) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, 2});
    RunRequest request = graph.request();
    request.inputs[in] = array({1, 3}, {0, 1, 2});
    EXPECT_EQ(runAll(request).nodes.at(in).problem, "takes (None, 2), but the array given has shape (1, 3)");
}

TEST(Run, UnknownSizesGetADefaultAndANote) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, -1, 8});
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(report.nodes.at(in).types.front().shape, (tensor::Shape{1, 16, 8}));
    EXPECT_EQ(report.nodes.at(in).note, "unknown sizes run as 16");
}

TEST(Run, UnknownSizesGrowUntilTheLayersFit) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {-1, -1, 1});
    const NodeId conv = graph.add(*layers::findLayer("Conv1D"), "conv", {in});
    graph.set(conv, "filters", 1);
    graph.set(conv, "kernel_size", 100);
    const RunReport report = runAll(graph.request());
    EXPECT_EQ(report.nodes.at(in).types.front().shape, (tensor::Shape{1, 128, 1}));
}

TEST(Run, IntegerInputsGetIntegers) {
    SmallGraph graph;
    const NodeId in = graph.input("in", {1, 50});
    graph.set(in, "dtype", "int32");
    for (const float value : valuesOf(runAll(graph.request()), in)) {
        EXPECT_EQ(value, static_cast<float>(static_cast<int>(value)));
        EXPECT_GE(value, 0.0f);
    }
}

class RunOfAFile : public ::testing::Test {
  protected:
    RunOfAFile() {
        file = graph.add(*layers::findLayer("ArrayFile"), "file", std::vector<NodeId>());
        graph.set(file, "path", "array.npy");
        scale = graph.add(scaleLayer(), "scale", {file});
    }
    RunRequest request() {
        RunRequest made = graph.request();
        made.loadData = [this](const graph::Node&, std::stop_token) -> Result<NodeData> {
            ++loads;
            if (!content) return failure("array.npy is not there");
            return NodeData{content, {content->shape(), tensor::DType::Float32, false, nullptr}};
        };
        made.dataStamp = [this](const graph::Node&) { return stamp; };
        return made;
    }

    SmallGraph graph;
    NodeId file;
    NodeId scale;
    TensorPtr content = array({1, 2}, {1.0f, 2.0f});
    std::uint64_t stamp = 5;
    int loads = 0;
};

TEST_F(RunOfAFile, ReadsItOnceWhileItStaysTheSame) {
    ActivationStore store;
    EXPECT_EQ(valuesOf(runAll(request(), store), scale), (std::vector<float>{2.0f, 4.0f}));
    EXPECT_EQ(runAll(request(), store).computedNodes, 0u);
    EXPECT_EQ(loads, 1);
}

TEST_F(RunOfAFile, ReadsItAgainWhenItChanged) {
    ActivationStore store;
    runAll(request(), store);
    content = array({1, 3}, {1.0f, 2.0f, 3.0f});
    stamp = 6;
    EXPECT_EQ(valuesOf(runAll(request(), store), scale), (std::vector<float>{2.0f, 4.0f, 6.0f}));
}

TEST_F(RunOfAFile, ReadsItAtEveryRunWithoutAStampAndComparesItsValues) {
    ActivationStore store;
    stamp = 0;
    runAll(request(), store);
    EXPECT_EQ(runAll(request(), store).computedNodes, 0u);
    EXPECT_EQ(loads, 2);
}

TEST_F(RunOfAFile, MissingFileIsTheNodesProblem) {
    content = nullptr;
    const RunReport report = runAll(request());
    EXPECT_EQ(report.nodes.at(file).problem, "array.npy is not there");
    EXPECT_EQ(report.nodes.at(scale).problem, "waits for file");
}

TEST(Run, SameNumbersForAnyNumberOfThreads) {
    SmallGraph graph;
    NodeId last = graph.input("in", {4, 64, 32});
    for (int layer = 0; layer < 3; ++layer) {
        last = graph.add(weightedLayer(), "weighted" + std::to_string(layer), {last});
        last = graph.add(scaleLayer(), "scale" + std::to_string(layer), {last});
    }
    kernels::ThreadPool::shared().setThreadCount(1);
    const std::vector<float> one = valuesOf(runAll(graph.request()), last);
    kernels::ThreadPool::shared().setThreadCount(4);
    EXPECT_EQ(valuesOf(runAll(graph.request()), last), one);
}

TEST(Run, LongChainsDoNotOverflow) {
    SmallGraph graph;
    NodeId last = graph.input("in", {1, 2});
    for (int layer = 0; layer < 5000; ++layer) last = graph.add(scaleLayer(), "s" + std::to_string(layer), {last});
    EXPECT_EQ(runAll(graph.request()).computedNodes, 5001u);
}

}  // namespace
}  // namespace shapewise::exec
