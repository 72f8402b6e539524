// What the window asks for after an edit: costs and diagnostics of a chain, by place of the edit; and runs of one model
// on a new input each time, with and without what layers keep between runs.

#include "core/base/random.h"
#include "core/exec/run.h"
#include "core/layers/framework/catalog.h"
#include "core/session/document.h"

#include <benchmark/benchmark.h>

namespace {

using namespace shapewise;

std::shared_ptr<graph::Node> node(const graph::Graph& graph, std::string_view className, const ValueDict& settings) {
    const NodeId id = graph.nextId();
    auto made = layers::makeNode(*layers::findLayer(className), id, "n" + std::to_string(id.value));
    for (const auto& [key, value] : settings) made->set(key, value);
    if (id.value > 0) made->inputs = {{NodeId(id.value - 1), 0, 0}};
    return made;
}

graph::Project chain(std::int64_t length) {
    graph::Project project;
    project.graph.put(node(project.graph, "InputLayer", {{"shape", Value::list({1'000'000, 8})}}));
    while (static_cast<std::int64_t>(project.graph.nodeCount()) < length)
        project.graph.put(node(project.graph, "Conv1D", {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}}));
    return project;
}

template <class Ask>
void editAndAsk(benchmark::State& state, bool isLast, const char* key, const Value& one, const Value& other,
                Ask&& ask) {
    session::Document document(chain(state.range(0)));
    const NodeId edited(isLast ? static_cast<std::uint32_t>(document.graph().slotCount() - 1) : 1U);
    ask(document);
    bool turn = false;
    for (auto _ : state) {
        turn = !turn;
        benchmark::DoNotOptimize(document.perform({"Set", "", {edit::SetParameter{edited, key, turn ? one : other}}}));
        ask(document);
    }
}

void askForCosts(const session::Document& document) { benchmark::DoNotOptimize(document.costs().multiplyAdds); }
void askForDiagnostics(const session::Document& document) { benchmark::DoNotOptimize(document.diagnostics().size()); }

void costsAfterEditOfLast(benchmark::State& state) { editAndAsk(state, true, "filters", 9, 8, askForCosts); }
void costsAfterEditOfFirst(benchmark::State& state) { editAndAsk(state, false, "strides", 2, 1, askForCosts); }
void costsAfterEditOfFirstKernel(benchmark::State& state) {
    editAndAsk(state, false, "kernel_size", 5, 3, askForCosts);
}
void diagnosticsAfterEditOfLast(benchmark::State& state) {
    editAndAsk(state, true, "filters", 9, 8, askForDiagnostics);
}
void diagnosticsAfterEditOfFirst(benchmark::State& state) {
    editAndAsk(state, false, "strides", 2, 1, askForDiagnostics);
}
BENCHMARK(costsAfterEditOfLast)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(costsAfterEditOfFirst)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(costsAfterEditOfFirstKernel)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(diagnosticsAfterEditOfLast)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(diagnosticsAfterEditOfFirst)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

/// Small maps with many channels, where packing weighs most beside the products, or large maps with few.
exec::RunRequest network(bool hasSmallMaps) {
    exec::RunRequest request;
    graph::Graph& graph = request.project.graph;
    const std::int64_t size = hasSmallMaps ? 7 : 56;
    const std::int64_t channels = hasSmallMaps ? 256 : 64;
    graph.put(node(graph, "InputLayer", {{"shape", Value::list({size, size, channels})}}));
    for (int layer = 0; layer < 4; ++layer)
        graph.put(node(graph, "Conv2D", {{"filters", channels}, {"kernel_size", 3}, {"padding", "same"}}));
    graph.put(node(graph, "Dense", {{"units", 4 * channels}}));
    return request;
}

void repeatedRun(benchmark::State& state, bool hasSmallMaps, bool keeps) {
    exec::RunRequest request = network(hasSmallMaps);
    exec::ActivationStore store(std::uint64_t{256} << 20, keeps ? std::uint64_t{256} << 20 : 0);
    const std::int64_t size = hasSmallMaps ? 7 : 56;
    std::uint64_t seed = 0;
    for (auto _ : state) {
        state.PauseTiming();
        tensor::Tensor values({1, size, size, hasSmallMaps ? 256 : 64});
        RandomSequence(++seed).fillUniform(values.values(), -1.0F, 1.0F);
        request.inputs[NodeId(0)] = std::make_shared<const tensor::Tensor>(std::move(values));
        state.ResumeTiming();
        Progress progress;
        benchmark::DoNotOptimize(exec::run(request, store, {}, progress));
    }
    state.counters["prepared bytes"] = static_cast<double>(store.prepared().bytes());
}
BENCHMARK_CAPTURE(repeatedRun, smallMapsPacking, true, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(repeatedRun, smallMapsPrepared, true, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(repeatedRun, largeMapsPacking, false, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(repeatedRun, largeMapsPrepared, false, true)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
