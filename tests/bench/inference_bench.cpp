// Speed of what happens at every key stroke: an edit from Document::perform to finished shapes, with the copy of the
// project and the entry of the history; inference from scratch; memory per node.
//
// Graphs are of real Conv1D layers: a chain, and a random graph in which every fourth node adds up to three earlier
// outputs (skips). `allocations` and `bytes` are counted per iteration by the operator new of this program.

#include "core/layers/framework/catalog.h"
#include "core/session/document.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>
#include <thread>

namespace {

std::atomic<std::int64_t> allocationCount{0};
std::atomic<std::int64_t> allocatedBytes{0};

void* counted(std::size_t size) {
    allocationCount.fetch_add(1, std::memory_order_relaxed);
    allocatedBytes.fetch_add(static_cast<std::int64_t>(size), std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace shapewise;

/// shared_ptr counts without atomics until a program has started a thread; the window has, so this one does.
const std::thread::id kThreadStarted = [] {
    std::thread thread([] {});
    const std::thread::id id = thread.get_id();
    thread.join();
    return id;
}();

class AllocationCounter {
  public:
    explicit AllocationCounter(benchmark::State& state) : state_(state) {}
    ~AllocationCounter() {
        const auto perIteration = benchmark::Counter::kAvgIterations;
        state_.counters["allocations"] = {static_cast<double>(allocationCount - count_), perIteration};
        state_.counters["bytes"] = {static_cast<double>(allocatedBytes - bytes_), perIteration};
    }

  private:
    benchmark::State& state_;
    std::int64_t count_ = allocationCount;
    std::int64_t bytes_ = allocatedBytes;
};

std::shared_ptr<graph::Node> node(const graph::Graph& graph, const char* className, const char* name) {
    return layers::makeNode(*layers::findLayer(className), graph.nextId(), name + std::to_string(graph.nextId().value));
}

std::shared_ptr<graph::Node> convolution(const graph::Graph& graph) {
    auto made = node(graph, "Conv1D", "conv1d_");
    made->set("filters", 8);
    made->set("kernel_size", 3);
    made->set("padding", "same");
    return made;
}

graph::Project chain(std::int64_t length) {
    graph::Project project;
    auto input = node(project.graph, "InputLayer", "input_");
    input->set("shape", Value::list({1'000'000, 8}));
    project.graph.put(input);
    while (static_cast<std::int64_t>(project.graph.nodeCount()) < length) {
        auto next = convolution(project.graph);
        next->inputs = {{NodeId(next->id.value - 1), 0, 0}};
        project.graph.put(next);
    }
    return project;
}

graph::Project withSkips(std::int64_t length) {
    graph::Project project = chain(2);
    std::mt19937 random(42);
    const bool hasAdd = layers::findLayer("Add") != nullptr;
    while (static_cast<std::int64_t>(project.graph.nodeCount()) < length) {
        const std::uint32_t last = project.graph.nextId().value - 1;
        const auto earlier = [&] {
            return NodeId(last - static_cast<std::uint32_t>(random() % std::min(last + 1, 50u)));
        };
        const bool merges = hasAdd && last > 4 && random() % 4 == 0;
        auto next = merges ? node(project.graph, "Add", "add_") : convolution(project.graph);
        next->inputs = {{NodeId(last), 0, 0}};
        if (merges)
            for (int count = 0; count < 2; ++count)
                if (const NodeId from = earlier(); from.value > 0) next->inputs.push_back({from, 0, 0});
        if (merges && next->inputs.size() < 2) continue;
        project.graph.put(next);
    }
    return project;
}

graph::Project makeProject(bool isChain, std::int64_t length) { return isChain ? chain(length) : withSkips(length); }

void fromScratch(benchmark::State& state, bool isChain) {
    const graph::Project project = makeProject(isChain, state.range(0));
    {
        const AllocationCounter counter(state);
        for (auto _ : state) benchmark::DoNotOptimize(infer::Analysis::of(project.graph));
    }
    state.counters["bytes/node"] =
        state.counters["bytes"].value / static_cast<double>(state.iterations() * state.range(0));
    state.counters["time/node"] = {static_cast<double>(state.range(0)),
                                   benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert};
}
BENCHMARK_CAPTURE(fromScratch, chain, true)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fromScratch, skips, false)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMillisecond);

/// Bytes of the nodes themselves, with their names and settings.
void buildGraph(benchmark::State& state) {
    {
        const AllocationCounter counter(state);
        for (auto _ : state) benchmark::DoNotOptimize(chain(state.range(0)));
    }
    state.counters["bytes/node"] =
        state.counters["bytes"].value / static_cast<double>(state.iterations() * state.range(0));
}
BENCHMARK(buildGraph)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// The n-th convolution at or behind a place of the graph.
NodeId convolutionAt(const graph::Graph& graph, std::size_t index) {
    for (; index > 0; --index) {
        const NodeId id(static_cast<std::uint32_t>(index));
        if (graph.find(id)->type->className == "Conv1D") return id;
    }
    return NodeId(1);
}

/// Sets a parameter of one node to and fro.
void toggle(benchmark::State& state, bool isChain, double place, const char* key, const Value& one,
            const Value& other) {
    session::Document document(makeProject(isChain, state.range(0)));
    const std::size_t last = document.graph().slotCount() - 1;
    const NodeId node = convolutionAt(
        document.graph(), std::max<std::size_t>(1, static_cast<std::size_t>(place * static_cast<double>(last))));
    const edit::Edit edits[] = {{"Set", "", {edit::SetParameter{node, key, one}}},
                                {"Set", "", {edit::SetParameter{node, key, other}}}};
    std::size_t turn = 0;
    std::size_t inferred = 0;
    {
        const AllocationCounter counter(state);
        for (auto _ : state) {
            Result<session::Change> change = document.perform(edits[turn++ % 2]);
            inferred = change->inferred.size();
            benchmark::DoNotOptimize(change);
        }
    }
    state.counters["inferred"] = static_cast<double>(inferred);
}

void editLast(benchmark::State& state, bool isChain) { toggle(state, isChain, 1.0, "filters", 9, 8); }
BENCHMARK_CAPTURE(editLast, chain, true)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editLast, skips, false)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);

void editMiddle(benchmark::State& state, bool isChain) { toggle(state, isChain, 0.5, "strides", 2, 1); }
BENCHMARK_CAPTURE(editMiddle, chain, true)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editMiddle, skips, false)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);

void editFirst(benchmark::State& state, bool isChain) { toggle(state, isChain, 0.0, "strides", 2, 1); }
BENCHMARK_CAPTURE(editFirst, chain, true)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editFirst, skips, false)->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMicrosecond);

/// The first node, in a way that leaves all shapes as they were.
void editWithoutEffect(benchmark::State& state, bool isChain) {
    toggle(state, isChain, 0.0, "activation", "relu", "tanh");
}
BENCHMARK_CAPTURE(editWithoutEffect, chain, true)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void moveNode(benchmark::State& state) {
    session::Document document(chain(state.range(0)));
    const NodeId node(static_cast<std::uint32_t>(document.graph().slotCount() / 2));
    double x = 0.0;
    const AllocationCounter counter(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(document.perform({"Move", "", {edit::MoveNode{node, {++x, 0.0, false}}}}));
}
BENCHMARK(moveNode)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

/// A layer added behind the last one and linked, then undone.
void appendAndUndo(benchmark::State& state) {
    session::Document document(chain(state.range(0)));
    const auto next = convolution(document.graph());
    const edit::Edit edit{
        "Add", "", {edit::AddNode{next, {}}, edit::Connect{{NodeId(next->id.value - 1), 0, 0}, next->id, {}}}};
    const AllocationCounter counter(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(document.perform(edit));
        benchmark::DoNotOptimize(document.undo());
    }
}
BENCHMARK(appendAndUndo)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

/// What a repair costs that is tried on copies of the project and the analysis.
void tryRepair(benchmark::State& state) {
    const graph::Project project = chain(state.range(0));
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const NodeId last(static_cast<std::uint32_t>(project.graph.slotCount() - 1));
    const edit::Edit edit{"Set", "", {edit::SetParameter{last, "filters", Value(9)}}};
    const AllocationCounter counter(state);
    for (auto _ : state) {
        const Result<edit::Applied> applied = edit::apply(project, edit, &analysis);
        infer::Analysis trial = analysis;
        benchmark::DoNotOptimize(trial.update(applied->project.graph, applied->touched));
    }
}
BENCHMARK(tryRepair)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace
