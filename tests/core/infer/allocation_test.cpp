// What an edit costs in memory must not grow with the graph: untouched nodes are shared, not copied one by one.

#include "core/layers/framework/catalog.h"
#include "core/session/document.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHAPEWISE_COUNTS_ALLOCATIONS 0  // the sanitizers bring an operator new of their own
#else
#define SHAPEWISE_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<std::int64_t> allocationCount{0};
}

#if SHAPEWISE_COUNTS_ALLOCATIONS
void* operator new(std::size_t size) {
    allocationCount.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace shapewise::infer {
namespace {

constexpr std::int64_t kChunk = 64;  ///< results held together, the smallest of the tables

graph::Project chain(std::uint32_t length, bool withSkips = true) {
    graph::Project project;
    auto input = layers::makeNode(*layers::findLayer("InputLayer"), project.graph.nextId(), "input");
    input->set("shape", Value::list({1000, 8}));
    project.graph.put(input);
    for (std::uint32_t index = 1; index < length; ++index) {
        auto next = layers::makeNode(*layers::findLayer("Conv1D"), NodeId(index), "conv" + std::to_string(index));
        next->set("filters", 8);
        next->set("kernel_size", 3);
        next->set("padding", "same");
        // Every eighth has the output of an earlier one added, in place of a plain chain.
        if (withSkips && index % 8 == 0) {
            next = layers::makeNode(*layers::findLayer("Add"), NodeId(index), "add" + std::to_string(index));
            next->inputs.push_back({NodeId(index / 2), 0, 0});
        }
        next->inputs.push_back({NodeId(index - 1), 0, 0});
        project.graph.put(next);
    }
    return project;
}

template <class Action>
std::int64_t allocationsOf(Action&& action) {
    const std::int64_t before = allocationCount;
    action();
    return allocationCount - before;
}

/// Allocations of one edit of the last layer, project copied and history kept, once everything is warm.
std::int64_t allocationsOfAnEdit(std::uint32_t length, std::string key, Value one, Value other) {
    session::Document document(chain(length));
    NodeId node(length - 1);
    if (document.graph().find(node)->type->className != "Conv1D") node = NodeId(length - 2);
    const edit::Edit edits[] = {{"Set", "", {edit::SetParameter{node, key, one}}},
                                {"Set", "", {edit::SetParameter{node, key, other}}}};
    for (int turn = 0; turn < 6; ++turn) EXPECT_TRUE(document.perform(edits[turn % 2]));
    std::int64_t most = 0;
    for (int turn = 0; turn < 6; ++turn)
        most = std::max(most, allocationsOf([&] { (void)document.perform(edits[turn % 2]); }));
    return most;
}

class Allocations : public testing::Test {
  protected:
    void SetUp() override {
        if (SHAPEWISE_COUNTS_ALLOCATIONS == 0) GTEST_SKIP() << "allocations are not counted under a sanitizer";
    }
};

TEST_F(Allocations, OfAnEditAtTheEndAreTheSameForHundredsAndThousandsOfNodes) {
    const std::int64_t small = allocationsOfAnEdit(200, "filters", 9, 8);
    const std::int64_t large = allocationsOfAnEdit(20'000, "filters", 9, 8);
    EXPECT_LE(large, small + 2);  // the tables of chunks may be deeper by then
    EXPECT_LE(large, 24);
}

TEST_F(Allocations, OfAnEditWithoutEffectOnShapesAreFew) {
    EXPECT_LE(allocationsOfAnEdit(20'000, "activation", "relu", "tanh"), 24);
}

TEST_F(Allocations, OfInferenceFromScratchAreThoseOfItsChunks) {
    constexpr std::uint32_t kNodes = 20'000;
    const auto ofGraph = [](bool withSkips) {
        const graph::Project project = chain(kNodes, withSkips);
        (void)Analysis::of(project.graph);
        return allocationsOf([&] { (void)Analysis::of(project.graph); });
    };
    // One chunk of results for 64 nodes, one of wiring for 256; a node with several consumers holds them in a list.
    const std::int64_t chunks = 2 * kNodes / kChunk;
    EXPECT_LE(ofGraph(false), chunks);
    EXPECT_LE(ofGraph(true), chunks + kNodes / 8 * 4);
}

TEST_F(Allocations, OfReinferringAHundredNodesStayBelowOneForEach) {
    session::Document document(chain(20'000));
    const NodeId node(20'000 - 101);
    const edit::Edit edits[] = {{"Set", "", {edit::SetParameter{node, "strides", Value(2)}}},
                                {"Set", "", {edit::SetParameter{node, "strides", Value(1)}}}};
    for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(document.perform(edits[turn % 2]));
    std::size_t inferred = 0;
    const std::int64_t count = allocationsOf([&] { inferred = document.perform(edits[0])->inferred.size(); });
    EXPECT_GE(inferred, 80u);
    EXPECT_LT(count, 200);
}

TEST_F(Allocations, OfAProjectCopyAreNone) {
    const graph::Project project = chain(20'000);
    const Analysis analysis = Analysis::of(project.graph);
    EXPECT_EQ(allocationsOf([&] {
                  const graph::Graph copy = project.graph;
                  const Analysis same = analysis;
                  EXPECT_EQ(copy.nodeCount(), same.graph().nodeCount());
              }),
              0);
}

}  // namespace
}  // namespace shapewise::infer
