#include "core/exec/run.h"
#include "tests/support/nested_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

const graph::Node& nodeAt(const graph::Graph& graph, std::string_view name) { return *graph.findByName(name); }

RunReport runIn(const RunRequest& request, const std::vector<NodeId>& path) {
    ActivationStore store;
    Progress progress;
    Result<RunReport> report = runInside(request, path, store, {}, progress);
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    return report ? std::move(*report) : RunReport{};
}

RunReport runWhole(const RunRequest& request) {
    ActivationStore store;
    Progress progress;
    Result<RunReport> report = run(request, store, {}, progress);
    EXPECT_TRUE(report);
    return report ? std::move(*report) : RunReport{};
}

std::vector<float> valuesOf(const RunReport& report, NodeId id) {
    const auto found = report.nodes.find(id);
    if (found == report.nodes.end() || found->second.outputs.empty()) return {};
    const std::span<const float> values = found->second.outputs.front()->values();
    return {values.begin(), values.end()};
}

TEST(RunInside, EndsWithTheNumbersOfTheModelInTheWhole) {
    RunRequest request;
    request.project = test::nestedProject();
    const graph::Graph& graph = request.project.graph;
    const graph::Node& encoder = nodeAt(graph, "encoder");
    const std::vector<float> whole = valuesOf(runWhole(request), encoder.id);
    ASSERT_EQ(whole.size(), 676u);
    const RunReport inside = runIn(request, {encoder.id});
    EXPECT_THAT(valuesOf(inside, nodeAt(*encoder.body, "flat").id), ElementsAreArray(whole));
    EXPECT_EQ(valuesOf(inside, nodeAt(*encoder.body, "conv1").id).size(), 26u * 26u * 4u);
}

TEST(RunInside, EndsWithTheSameNumbersTwoDeepAndForFurtherCalls) {
    RunRequest request;
    request.project = test::nestedProject();
    const graph::Graph& graph = request.project.graph;
    for (const std::string_view call : {"encoder", "again"}) {
        const graph::Node& model = nodeAt(graph, call);
        const graph::Node& block = nodeAt(*model.body, "block");
        const RunReport inside = runIn(request, {model.id, block.id});
        EXPECT_THAT(valuesOf(inside, nodeAt(*block.body, "act").id),
                    ElementsAreArray(valuesOf(runWhole(request), model.id)))
            << call;
    }
}

TEST(RunInside, ShowsWhatRunsBeforeAConflict) {
    RunRequest request;
    request.project = test::nestedProject();
    auto model = std::make_shared<graph::Node>(nodeAt(request.project.graph, "encoder"));
    auto body = std::make_shared<graph::Graph>(*model->body);
    auto block = std::make_shared<graph::Node>(nodeAt(*body, "block"));
    auto inner = std::make_shared<graph::Graph>(*block->body);
    auto pool = std::make_shared<graph::Node>(nodeAt(*inner, "pool"));
    pool->set("pool_size", Value::list({90, 90}));
    inner->put(pool);
    block->body = inner;
    body->put(block);
    model->body = body;
    request.project.graph.put(model);
    const RunReport inside = runIn(request, {model->id});
    EXPECT_FALSE(valuesOf(inside, nodeAt(*body, "conv1").id).empty());
    EXPECT_THAT(inside.nodes.at(block->id).problem, HasSubstr("conflict"));
}

TEST(RunInside, SaysWhereNothingArrives) {
    RunRequest request;
    request.project = test::nestedProject();
    auto model = std::make_shared<graph::Node>(nodeAt(request.project.graph, "encoder"));
    model->inputs.clear();
    request.project.graph.put(model);
    const RunReport inside = runIn(request, {model->id});
    EXPECT_THAT(inside.nodes.at(nodeAt(*model->body, "inside").id).note, HasSubstr("nothing arrives"));
    EXPECT_FALSE(valuesOf(inside, nodeAt(*model->body, "flat").id).empty());
}

TEST(RunInside, MemoryCountsWhatModelsHoldInside) {
    RunRequest request;
    request.project = test::nestedProject();
    const MemoryEstimate estimate = estimateMemory(request);
    // Running encoder: its Input and conv1 side by side; later conv1 and what block holds inside.
    const std::uint64_t conv = 26u * 26u * 4u;
    const std::uint64_t pool = 13u * 13u * 4u;
    EXPECT_EQ(estimate.working, (conv + pool + conv + pool) * sizeof(float));
    EXPECT_EQ(estimate.all(), estimate.outputs + estimate.weights + estimate.working);
    request.memoryLimitBytes = estimate.all() - 1;
    ActivationStore store;
    Progress progress;
    const auto refused = run(request, store, {}, progress);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("inside nested models"));
}

}  // namespace
}  // namespace shapewise::exec
