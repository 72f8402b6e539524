// Random edits: what update() arrives at must be what Analysis::of() says of the same graph, and undoing must lead
// back to the very first project.

#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/edit/history.h"
#include "core/infer/analysis.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace shapewise::infer {

namespace {

using edit::Edit;

class RandomEdits {
  public:
    explicit RandomEdits(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    Edit next(const graph::Project& project) {
        switch (project.graph.nodeCount() < 3 ? 0 : below(13)) {
            case 0:
            case 1: return edit::addNode(freshNode(project), {});
            case 2: return toys::edit({edit::RemoveNode{anyNode(project)}});
            case 3:
            case 4:
                return toys::edit({edit::SetParameter{anyNode(project), "by", Value(static_cast<int>(below(7)) - 3)}});
            case 5: return toys::edit({edit::SetParameter{anyNode(project), "both", Value(below(2) == 0)}});
            case 6:
            case 7:
            case 8: return toys::edit({anyConnection(project), anyConnection(project)});
            case 9: return anyDisconnection(project);
            case 10: return toys::edit({edit::ReplaceNode{replacement(project)}});
            case 11: return edit::duplicateNodes(project, std::vector{anyNode(project), anyNode(project)}, 5, 5).edit;
            default: return edit::removeAndHeal(project.graph, std::vector{anyNode(project), anyNode(project)});
        }
    }

  private:
    const layers::LayerType& anyType() {
        const layers::LayerType* types[] = {&toys::source(), &toys::grow(),     &toys::grow(), &toys::merge(),
                                            &toys::pair(),   &toys::declared(), &toys::sink()};
        return *types[below(std::size(types))];
    }
    graph::NodePtr freshNode(const graph::Project& project) {
        auto node = toys::node(anyType(), project.graph.nextId(), project.graph.freeName("n"));
        if (below(2) == 0) node->set("size", Value(static_cast<int>(below(4)) + 1));
        if (below(4) == 0 && project.graph.nodeCount() > 0) {
            const graph::Node& other = *project.graph.find(anyNode(project));
            const NodeId owner = other.sharesLayerOf.isValid() ? other.sharesLayerOf : other.id;
            node = std::make_shared<graph::Node>(other);
            node->id = project.graph.nextId();
            node->name = project.graph.freeName("twin");
            node->inputs.clear();
            node->sharesLayerOf = owner;
        }
        return node;
    }
    graph::NodePtr replacement(const graph::Project& project) {
        const graph::Node& old = *project.graph.find(anyNode(project));
        return toys::node(anyType(), old.id, old.name);
    }
    NodeId anyNode(const graph::Project& project) {
        for (;;) {
            const NodeId id(static_cast<std::uint32_t>(below(project.graph.slotCount())));
            if (project.graph.find(id) != nullptr) return id;
        }
    }
    edit::Connect anyConnection(const graph::Project& project) {
        const auto port = [&] { return static_cast<std::uint16_t>(below(5) == 0 ? 1 : 0); };
        return {{anyNode(project), port(), port()}, anyNode(project), below(3)};
    }
    Edit anyDisconnection(const graph::Project& project) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const graph::Node& node = *project.graph.find(anyNode(project));
            if (!node.inputs.empty()) return edit::disconnect(project.graph, {node.id, below(node.inputs.size())});
        }
        return {};
    }

    std::mt19937 random_;
};

void expectSame(const Analysis& analysis, const graph::Graph& graph) {
    const Analysis fresh = Analysis::of(graph);
    ASSERT_EQ(analysis.nodesInConflict(), fresh.nodesInConflict());
    for (std::uint32_t index = 0; index < graph.slotCount() + 3; ++index) {
        const NodeId id(index);
        ASSERT_TRUE(analysis[id] == fresh[id]) << "node " << index;
        const auto sorted = [&](const Analysis& which) {
            std::vector<std::pair<NodeId, std::size_t>> places;
            for (const graph::LinkPlace& place : which.consumers(id)) places.emplace_back(place.to, place.slot);
            std::sort(places.begin(), places.end());
            return places;
        };
        ASSERT_EQ(sorted(analysis), sorted(fresh)) << "node " << index;
        const graph::Node* node = graph.find(id);
        if (node == nullptr || analysis.hasLoops()) continue;
        for (const graph::Link& link : node->inputs)
            ASSERT_LT(analysis.position(link.from), analysis.position(id)) << "node " << index;
    }
}

void expectSameNodes(const graph::Project& project, const graph::Project& expected) {
    ASSERT_EQ(project.graph.slotCount(), expected.graph.slotCount());
    ASSERT_EQ(project.graph.nodeCount(), expected.graph.nodeCount());
    for (std::uint32_t index = 0; index < project.graph.slotCount(); ++index) {
        ASSERT_EQ(project.graph.find(NodeId(index)), expected.graph.find(NodeId(index)));
        ASSERT_EQ(project.canvas.place(NodeId(index)), expected.canvas.place(NodeId(index)));
    }
}

/// A start with a few nodes, in every third case with a loop that only a file can bring.
graph::Project start(RandomEdits& random, unsigned seed) {
    toys::GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "a", {"input"});
    maker.add(toys::merge(), "sum", {"input", "a"});
    maker.add(toys::grow(), "behind", {"sum"});
    if (seed % 3 == 0) maker.link("behind", "sum");
    for (int count = 0; count < 5; ++count)
        if (auto applied = edit::apply(maker.project, random.next(maker.project))) maker.project = applied->project;
    return maker.project;
}

}  // namespace

TEST(AnalysisProperty, AnySequenceOfEditsAndUndosEqualsInferenceFromScratch) {
    for (unsigned seed = 1; seed <= 120; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomEdits random(seed);
        const graph::Project first = start(random, seed);
        graph::Project project = first;
        Analysis analysis = Analysis::of(project.graph);
        edit::History history;
        for (int step = 0; step < 60; ++step) {
            if (random.below(5) == 0 && history.canUndo()) {
                const bool back = random.below(3) != 0 || !history.canRedo();
                const edit::History::Step undone = back ? history.undo() : history.redo();
                project = undone.project;
                analysis.update(project.graph, undone.touched);
            } else {
                const Edit edit = random.next(project);
                auto applied = edit::apply(project, edit, &analysis);
                const auto searched = edit::apply(project, edit);
                ASSERT_EQ(applied.has_value(), searched.has_value());
                if (!applied) continue;
                history.push(project, applied->project, edit, applied->touched);
                project = applied->project;
                analysis.update(project.graph, applied->touched);
            }
            expectSame(analysis, project.graph);
            if (HasFatalFailure()) return;
        }
        while (history.canUndo()) {
            const edit::History::Step undone = history.undo();
            project = undone.project;
            analysis.update(project.graph, undone.touched);
        }
        expectSameNodes(project, first);
        expectSame(analysis, first.graph);
        if (HasFatalFailure()) return;
    }
}

TEST(AnalysisProperty, CopiesTakenBeforeEditsStayAsTheyWere) {
    for (unsigned seed = 200; seed < 230; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomEdits random(seed);
        graph::Project project = start(random, seed);
        Analysis analysis = Analysis::of(project.graph);
        std::vector<std::pair<graph::Project, Analysis>> copies;
        for (int step = 0; step < 20; ++step) {
            copies.emplace_back(project, analysis);
            auto applied = edit::apply(project, random.next(project), &analysis);
            if (!applied) continue;
            project = applied->project;
            analysis.update(project.graph, applied->touched);
        }
        for (const auto& [copy, copiedAnalysis] : copies) {
            expectSame(copiedAnalysis, copy.graph);
            if (HasFatalFailure()) return;
        }
    }
}

}  // namespace shapewise::infer
