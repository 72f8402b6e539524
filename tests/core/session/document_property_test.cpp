// Random edits of every kind through the one door, inside groups and outside: shapes are those of inference from
// scratch, and undoing all leads back to the first project byte for byte.

#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/io/files/files.h"
#include "core/io/project/project_json.h"
#include "core/layers/framework/catalog.h"
#include "core/session/document.h"
#include "tests/support/nested_project.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace shapewise::session {
namespace {

using edit::Edit;

class RandomHand {
  public:
    explicit RandomHand(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    /// An edit of what is shown. `kind`: which sort was made.
    Edit next(const Document& document, std::string& kind) {
        const graph::Project& project = document.shown();
        if (project.graph.nodeCount() < 2) return add(project, kind);
        switch (below(16)) {
            case 0: return add(project, kind);
            case 1: return named(kind, "remove", edit::removeNodes(project.graph, some(project)));
            case 2: return named(kind, "heal", edit::removeAndHeal(project.graph, some(project)));
            case 3:
            case 4: return parameter(project, kind);
            case 5:
                return named(kind, "rename",
                             edit::renameNode(any(project), below(3) == 0 ? "" : "name_" + std::to_string(below(9))));
            case 6:
            case 7:
                return named(kind, "connect", edit::connect(project.graph, {any(project), 0, port()}, any(project)));
            case 8: return disconnect(project, kind);
            case 9:
                return named(kind, "move",
                             edit::moveNodes(project, some(project), 8.0 * static_cast<double>(below(5)), 16));
            case 10:
                return named(
                    kind, "duplicate",
                    edit::duplicateNodes(project, some(project), 10, 10,
                                         below(2) == 0 ? edit::IncomingLinks::Keep : edit::IncomingLinks::Leave)
                        .edit);
            case 11:
                return named(kind, "paste",
                             edit::pasteFragment(project, edit::copyNodes(project, some(project)), 50, 60).edit);
            case 12: return splice(project, kind);
            case 13: return replace(project, kind);
            case 14: return settings(kind);
            default: return repair(document, kind);
        }
    }

  private:
    static Edit named(std::string& kind, const char* name, Edit edit) {
        kind = name;
        return edit;
    }
    std::uint16_t port() { return static_cast<std::uint16_t>(below(6) == 0 ? 1 : 0); }
    const layers::LayerType& type() {
        constexpr std::string_view kNames[] = {
            "InputLayer", "Conv2D", "Dense",  "Flatten", "Add",           "Concatenate", "Reshape", "MaxPooling2D",
            "Note",       "Target", "Custom", "LSTM",    "Bidirectional", "Functional",  "Conv1D",  "Dropout"};
        return *layers::findLayer(kNames[below(std::size(kNames))]);
    }
    std::shared_ptr<graph::Node> fresh(const graph::Project& project) {
        const layers::LayerType& wanted = type();
        return layers::makeInitialNode(wanted, project.graph.nextId(),
                                       project.graph.freeName(layers::automaticName(wanted)));
    }
    NodeId any(const graph::Project& project) {
        for (;;) {
            const NodeId id(static_cast<std::uint32_t>(below(project.graph.slotCount())));
            if (project.graph.find(id) != nullptr) return id;
        }
    }
    std::vector<NodeId> some(const graph::Project& project) {
        std::vector<NodeId> nodes{any(project)};
        if (below(3) == 0) nodes.push_back(any(project));
        return nodes;
    }
    Edit add(const graph::Project& project, std::string& kind) {
        auto node = fresh(project);
        if (below(2) == 0 || project.graph.nodeCount() == 0)
            return named(kind, "add", edit::addNode(node, {1, 2, false}));
        return named(kind, "add", edit::addNodeBehind(node, {3, 4, false}, any(project)));
    }
    Edit parameter(const graph::Project& project, std::string& kind) {
        const graph::Node& node = *project.graph.find(any(project));
        if (node.type->params.empty()) return named(kind, "parameter", {});
        const layers::ParamSpec& spec = node.type->params[below(node.type->params.size())];
        const Value values[] = {
            Value(3), Value(0),    Value("same"), Value("valid"), Value::list({2, 2}), Value::list({-1, 4}),
            Value(),  Value(true), spec.initial};
        std::optional<Value> value = values[below(std::size(values))];
        if (below(4) == 0) value.reset();
        return named(kind, "parameter", edit::setParameter(node.id, std::string(spec.key), std::move(value)));
    }
    Edit disconnect(const graph::Project& project, std::string& kind) {
        kind = "disconnect";
        for (int attempt = 0; attempt < 20; ++attempt) {
            const graph::Node& node = *project.graph.find(any(project));
            if (!node.inputs.empty()) return edit::disconnect(project.graph, {node.id, below(node.inputs.size())});
        }
        return {};
    }
    Edit splice(const graph::Project& project, std::string& kind) {
        kind = "splice";
        for (int attempt = 0; attempt < 20; ++attempt) {
            const graph::Node& node = *project.graph.find(any(project));
            if (node.inputs.empty()) continue;
            const graph::LinkPlace link{node.id, below(node.inputs.size())};
            if (below(2) == 0) return edit::insertNodeOnLink(project.graph, link, fresh(project), {7, 7, false});
            return edit::moveNodeOntoLink(project.graph, link, any(project), {9, 9, false});
        }
        return {};
    }
    Edit replace(const graph::Project& project, std::string& kind) {
        const graph::Node& old = *project.graph.find(any(project));
        auto node = layers::makeInitialNode(type(), old.id, old.name);
        return named(kind, "replace",
                     edit::replaceNode(project.graph, node, node->type->title,
                                       [](const graph::Setting&) { return std::nullopt; }));
    }
    Edit settings(std::string& kind) {
        if (below(2) == 0)
            return named(kind, "run",
                         {"Run", "", {edit::SetRunSettings{{static_cast<std::int64_t>(below(4) + 1), "sine", 3}}}});
        return named(kind, "dismiss",
                     {"Dismiss", "", {edit::Dismiss{"key" + std::to_string(below(3)), below(2) == 0}}});
    }
    Edit repair(const Document& document, std::string& kind) {
        kind = "repair";
        for (const diag::Diagnostic& problem : document.diagnostics())
            if (!problem.fixes.empty()) return problem.fixes[below(problem.fixes.size())].edit;
        return {};
    }

    std::mt19937 random_;
};

/// All that is saved, the ids and places by which it is told apart, and what is shown.
std::string bytes(const Document& document) { return io::projectJson(document.project()); }

void expectAsFromScratch(const infer::Analysis& analysis, const infer::Analysis& fresh, const graph::Graph& graph) {
    ASSERT_EQ(analysis.nodesInConflict(), fresh.nodesInConflict());
    for (std::uint32_t index = 0; index < graph.slotCount(); ++index)
        ASSERT_TRUE(analysis[NodeId(index)] == fresh[NodeId(index)]) << "node " << index;
}

void expectAsFromScratch(const Document& document) {
    expectAsFromScratch(document.analysis(), infer::Analysis::of(document.graph()), document.graph());
    if (testing::Test::HasFatalFailure() || document.openPath().empty()) return;
    Document fresh(document.project());
    ASSERT_TRUE(fresh.open(document.openPath()));
    expectAsFromScratch(document.shownAnalysis(), fresh.shownAnalysis(), document.shown().graph);
    for (std::uint32_t index = 0; index < document.shown().graph.slotCount(); ++index)
        ASSERT_EQ(document.shown().canvas.place(NodeId(index)), fresh.shown().canvas.place(NodeId(index)));
}

/// Into a group of what is shown, or out again.
void wander(Document& document, RandomHand& hand) {
    std::vector<NodeId> path = document.openPath();
    std::vector<NodeId> groups;
    document.shown().graph.forEach([&](const graph::Node& node) {
        if (node.body) groups.push_back(node.id);
    });
    if (!groups.empty() && hand.below(3) != 0)
        path.push_back(groups[hand.below(groups.size())]);
    else if (!path.empty())
        path.pop_back();
    (void)document.open(path);
}

TEST(DocumentProperty, EveryKindOfEditIsUndoneByteForByteAndInferredAsFromScratch) {
    std::set<std::string> kinds;
    std::size_t inside = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomHand hand(seed);
        Document document(test::nestedProject());
        std::vector<std::string> states{bytes(document)};  // after each entry of the history
        for (int step = 0; step < 40; ++step) {
            if (hand.below(6) == 0) wander(document, hand);
            if (hand.below(6) == 0) {
                const bool back = hand.below(3) != 0 || !document.history().canRedo();
                (void)(back ? document.undo() : document.redo());
            } else {
                std::string kind;
                const Edit edit = hand.next(document, kind);
                const std::string before = bytes(document);
                const std::size_t position = document.history().position();
                if (!document.perform(edit)) {
                    ASSERT_EQ(bytes(document), before) << kind << " was refused and yet changed something";
                    continue;
                }
                if (document.history().position() > position) {
                    kinds.insert(kind);
                    if (!document.openPath().empty()) ++inside;
                    states.resize(position + 1);
                    states.push_back(bytes(document));
                } else if (bytes(document) != before) {
                    states.resize(position + 1);  // merged into the entry before
                    states.back() = bytes(document);
                }
            }
            ASSERT_EQ(bytes(document), states[document.history().position()]) << "step " << step;
            expectAsFromScratch(document);
            if (HasFatalFailure()) return;
        }
        while (document.history().canUndo()) {
            (void)document.undo();
            ASSERT_EQ(bytes(document), states[document.history().position()]);
        }
        ASSERT_EQ(bytes(document), states.front());
        while (document.history().canRedo()) (void)document.redo();
        ASSERT_EQ(bytes(document), states[document.history().position()]);
        expectAsFromScratch(document);
        if (HasFatalFailure()) return;
    }
    EXPECT_GT(inside, 100u) << "too few edits were made inside groups";
    for (const char* kind : {"add", "remove", "heal", "parameter", "rename", "connect", "disconnect", "move",
                             "duplicate", "paste", "splice", "replace", "run", "dismiss", "repair"})
        EXPECT_TRUE(kinds.contains(kind)) << "never made: " << kind;
}

}  // namespace
}  // namespace shapewise::session
