#include "core/edit/loop_guard.h"
#include "core/graph/topology.h"
#include "core/infer/analysis.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

#include <random>

namespace shapewise::edit {

namespace {

void add(graph::Graph& graph, int number) {
    graph.put(toys::node(toys::merge(), graph.nextId(), "n" + std::to_string(number)));
}

void link(graph::Graph& graph, NodeId from, NodeId to) {
    auto node = std::make_shared<graph::Node>(*graph.find(to));
    node->inputs.push_back({from, 0, 0});
    graph.put(node);
}

}  // namespace

TEST(LoopGuard, AgreesWithSearchingForEveryLinkOfRandomEdits) {
    constexpr unsigned kSeed = 7;
    std::mt19937 random(kSeed);
    for (int round = 0; round < 200; ++round) {
        graph::Graph graph;
        for (int number = 0; number < 12; ++number) add(graph, number);
        const auto pick = [&] { return NodeId(static_cast<std::uint32_t>(random() % graph.slotCount())); };
        for (int count = 0; count < 14; ++count) {
            const NodeId from = pick();
            const NodeId to = pick();
            if (!graph::wouldCloseLoop(graph, from, to)) link(graph, from, to);
        }
        const infer::Analysis analysis = infer::Analysis::of(graph);
        LoopGuard guard(graph, &analysis);
        LoopGuard searching(graph, nullptr);
        for (int step = 0; step < 25; ++step) {
            if (random() % 3 == 0) add(graph, 100 + step);
            const NodeId from = pick();
            const NodeId to = pick();
            if (from == to) continue;
            const bool closes = graph::wouldCloseLoop(graph, from, to);
            ASSERT_EQ(guard.wouldCloseLoop(graph, from, to), closes) << "seed " << kSeed << ", round " << round;
            ASSERT_EQ(searching.wouldCloseLoop(graph, from, to), closes) << "seed " << kSeed << ", round " << round;
            if (!closes) link(graph, from, to);
        }
    }
}

}  // namespace shapewise::edit
