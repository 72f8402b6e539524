// What is kept from edit to edit beside the shapes: costs and silent mistakes. After any sequence of edits, undos and
// steps into groups they are what they are from scratch, whoever asks, and however seldom.

#include "core/diag/renderer.h"
#include "core/edit/builders.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/diagnose.h"
#include "core/mistakes/rules/rule.h"
#include "core/session/document.h"
#include "tests/support/nested_project.h"

#include <gtest/gtest.h>

#include <random>

namespace shapewise::session {
namespace {

using edit::Edit;

/// Edits of graphs in which much is wrong that no layer refuses.
class Hand {
  public:
    explicit Hand(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    Edit next(const graph::Project& project) {
        if (project.graph.nodeCount() < 6) return add(project);
        switch (below(14)) {
            case 0:
            case 1:
            case 2: return add(project);
            case 3: return edit::removeNodes(project.graph, std::vector{any(project)});
            case 4: return edit::removeAndHeal(project.graph, std::vector{any(project)});
            case 5: return edit::renameNode(any(project), "name_" + std::to_string(below(20)));
            case 6:
            case 7: return edit::connect(project.graph, {any(project), 0, 0}, any(project));
            case 8: return disconnect(project);
            case 9: return replace(project);
            case 10:
            case 11: return tweak(project);
            default: return parameter(project);
        }
    }

  private:
    NodeId any(const graph::Project& project) {
        for (;;) {
            const NodeId id(static_cast<std::uint32_t>(below(project.graph.slotCount())));
            if (project.graph.find(id) != nullptr) return id;
        }
    }
    std::shared_ptr<graph::Node> fresh(NodeId id, std::string name) {
        constexpr std::string_view kNames[] = {"InputLayer",
                                               "Conv1D",
                                               "Conv1D",
                                               "Conv2D",
                                               "Dense",
                                               "Dense",
                                               "ReLU",
                                               "Dropout",
                                               "BatchNormalization",
                                               "Reshape",
                                               "Permute",
                                               "Flatten",
                                               "Target",
                                               "Add",
                                               "LSTM",
                                               "Conv1D",
                                               "Dense",
                                               "MelSpectrogram",
                                               "Activation",
                                               "Custom",
                                               "Concatenate",
                                               "GlobalAveragePooling1D",
                                               "MaxPooling1D",
                                               "UpSampling2D"};
        const layers::LayerType& type = *layers::findLayer(kNames[below(std::size(kNames))]);
        auto node = layers::makeInitialNode(type, id, std::move(name));
        if (type.className == "InputLayer" || type.className == "Target") node->set("shape", shape());
        if (type.className == "Reshape") node->set("target_shape", exchanged());
        if (type.className == "Conv1D") node->set("kernel_size", 3), node->set("padding", "same");
        return node;
    }
    Value shape() {
        const Value shapes[] = {Value::list({1, 101}),    Value::list({2, 64}),     Value::list({3, 32, 32}),
                                Value::list({28, 28, 1}), Value::list({64, 8}),     Value::list({20000, 8}),
                                Value::list({16000}),     Value::list({12, 12, 4}), Value::list({20000, 4, 4})};
        return shapes[below(std::size(shapes))];
    }
    /// Of the shapes above, with axes that change places.
    Value exchanged() {
        const Value shapes[] = {Value::list({101, 1}), Value::list({64, 2}), Value::list({8, 64}),
                                Value::list({32, 3, 32}), Value::list({4, 12, 12})};
        return shapes[below(std::size(shapes))];
    }
    /// Mostly behind one of the last, so that chains come about.
    NodeId end(const graph::Project& project) {
        const std::size_t slots = project.graph.slotCount();
        const NodeId late(static_cast<std::uint32_t>(slots - 1 - below(std::min<std::size_t>(slots, 3))));
        return below(4) != 0 && project.graph.find(late) != nullptr ? late : any(project);
    }
    Edit add(const graph::Project& project) {
        auto node = fresh(project.graph.nextId(), project.graph.freeName("n"));
        if (project.graph.nodeCount() == 0 || node->type->className == "InputLayer") return edit::addNode(node, {});
        return edit::addNodeBehind(node, {}, end(project));
    }
    Edit replace(const graph::Project& project) {
        const graph::Node& old = *project.graph.find(any(project));
        auto node = fresh(old.id, old.name);
        return edit::replaceNode(project.graph, node, node->type->title,
                                 [](const graph::Setting&) { return std::nullopt; });
    }
    /// What leaves the shape of its node mostly as it is, and is seen from behind.
    Edit tweak(const graph::Project& project) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const graph::Node& node = *project.graph.find(any(project));
            if (below(2) == 0 && node.type->param("kernel_size") != nullptr)
                return edit::setParameter(node.id, "kernel_size", Value(static_cast<int>(below(4)) + 1));
            if (node.type->param("data_format") != nullptr)
                return edit::setParameter(node.id, "data_format", below(2) == 0 ? "channels_first" : "channels_last");
        }
        return {};
    }
    Edit disconnect(const graph::Project& project) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const graph::Node& node = *project.graph.find(any(project));
            if (!node.inputs.empty()) return edit::disconnect(project.graph, {node.id, below(node.inputs.size())});
        }
        return {};
    }
    Edit parameter(const graph::Project& project) {
        const graph::Node& node = *project.graph.find(any(project));
        if (node.type->className == "InputLayer") return edit::setParameter(node.id, "shape", shape());
        if (node.type->params.empty()) return {};
        const layers::ParamSpec& spec = node.type->params[below(node.type->params.size())];
        const Value values[] = {Value(1),  Value(3),    Value(8),          Value("same"), Value("channels_first"),
                                Value(-1), Value(true), Value::list({-1}), spec.initial};
        return edit::setParameter(node.id, std::string(spec.key), values[below(std::size(values))]);
    }

    std::mt19937 random_;
};

/// Three chains in which all shapes are known.
graph::Project chains() {
    graph::Project project;
    const auto add = [&](std::string_view className, const ValueDict& settings) {
        const layers::LayerType& type = *layers::findLayer(className);
        auto node = layers::makeInitialNode(type, project.graph.nextId(), project.graph.freeName("start"));
        for (const auto& [key, value] : settings) node->set(key, value);
        if (!type.inputs.empty()) node->inputs = {{NodeId(node->id.value - 1), 0, 0}};
        project.graph.put(std::move(node));
    };
    const ValueDict same{{"filters", 4}, {"kernel_size", 3}, {"padding", "same"}};
    add("InputLayer", {{"shape", Value::list({64, 8})}});
    for (int count = 0; count < 3; ++count) {
        add("Conv1D", same);
        add("ReLU", {});
    }
    add("InputLayer", {{"shape", Value::list({8, 12, 12})}});
    add("Conv2D", {{"filters", 4}, {"kernel_size", 3}, {"padding", "same"}, {"data_format", "channels_first"}});
    add("ReLU", {});
    add("Dropout", {});
    add("BatchNormalization", {});
    add("ReLU", {});
    add("InputLayer", {{"shape", Value::list({3, 32, 32})}});
    add("Dropout", {});
    add("ReLU", {});
    add("Conv2D", same);
    return project;
}

bool same(const std::optional<layers::ParameterCount>& a, const std::optional<layers::ParameterCount>& b) {
    return a.has_value() == b.has_value() && (!a || (a->total == b->total && a->trainable == b->trainable));
}

void expectSame(const infer::Costs& kept, const infer::Costs& fresh) {
    ASSERT_TRUE(same(kept.parameters, fresh.parameters));
    ASSERT_EQ(kept.multiplyAdds, fresh.multiplyAdds);
    ASSERT_EQ(kept.activationBytes, fresh.activationBytes);
    ASSERT_EQ(kept.knowsParameters, fresh.knowsParameters);
    ASSERT_EQ(kept.knowsMultiplyAdds, fresh.knowsMultiplyAdds);
    ASSERT_EQ(kept.knowsActivationBytes, fresh.knowsActivationBytes);
    ASSERT_EQ(kept.isGuessed, fresh.isGuessed);
    for (std::uint32_t index = 0; index < std::max(kept.nodes.size(), fresh.nodes.size()); ++index) {
        const infer::NodeCost& mine = kept[NodeId(index)];
        const infer::NodeCost& theirs = fresh[NodeId(index)];
        ASSERT_TRUE(same(mine.parameters, theirs.parameters)) << "node " << index;
        ASSERT_EQ(mine.multiplyAdds, theirs.multiplyAdds) << "node " << index;
        ASSERT_EQ(mine.activationBytes, theirs.activationBytes) << "node " << index;
        ASSERT_EQ(mine.field, theirs.field) << "node " << index;
        ASSERT_EQ(mine.isCounted, theirs.isCounted) << "node " << index;
    }
}

/// Parameters and multiply-adds are what each layer's rule says when it is run again for one sample.
void expectAsRulesSay(const infer::Costs& costs, const infer::Analysis& analysis) {
    analysis.graph().forEach([&](const graph::Node& node) {
        if (!analysis[node.id].isKnown() || !costs[node.id].isCounted) return;
        const std::vector<const tensor::TensorType*> inputs = analysis.inputTypes(node);
        if (!node.sharesLayerOf.isValid()) {
            EXPECT_TRUE(same(costs[node.id].parameters, layers::parameterCount(node, inputs))) << node.name;
        }
        std::vector<tensor::TensorType> single;
        for (const tensor::TensorType* input : inputs)
            single.push_back(input != nullptr ? *input : tensor::TensorType());
        std::vector<const tensor::TensorType*> pointers;
        for (std::size_t index = 0; index < single.size(); ++index) {
            tensor::Shape& shape = single[index].shape;
            if (shape.rank() > 0 && !shape[0].isKnown()) shape.setSize(0, 1);
            pointers.push_back(inputs[index] != nullptr ? &single[index] : nullptr);
        }
        if (node.type->multiplyAdds != nullptr) {
            EXPECT_EQ(costs[node.id].multiplyAdds, layers::multiplyAddCount(node, pointers)) << node.name;
        }
    });
}

bool same(const diag::Argument& a, const diag::Argument& b) { return a.name == b.name && a.value == b.value; }

bool same(const mistakes::Silent& a, const mistakes::Silent& b) {
    const auto& left = a.refusal.arguments;
    const auto& right = b.refusal.arguments;
    return a.refusal.code == b.refusal.code && a.refusal.parameter == b.refusal.parameter &&
           a.refusal.input == b.refusal.input && a.confidence == b.confidence && a.severity == b.severity &&
           std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const diag::Argument& x, const diag::Argument& y) { return same(x, y); });
}

void expectSame(const mistakes::SilentMistakes& kept, const mistakes::SilentMistakes& fresh) {
    ASSERT_EQ(kept.byNode().size(), fresh.byNode().size());
    for (const auto& [id, mistakes] : fresh.byNode()) {
        const auto mine = kept.byNode().find(id);
        ASSERT_TRUE(mine != kept.byNode().end()) << "node " << id.value;
        ASSERT_TRUE(std::equal(mistakes.begin(), mistakes.end(), mine->second.begin(), mine->second.end(),
                               [](const mistakes::Silent& a, const mistakes::Silent& b) { return same(a, b); }))
            << "node " << id.value;
    }
}

/// Costs and mistakes of a document, brought up to date at each visit as the document itself does.
struct Kept {
    infer::CostTable costs;
    mistakes::SilentMistakes silent;
    DueNodes due;

    void note(const Change& change, const Document& document) {
        if (change.replaced) due.addEverything();
        due.add(change.touched.nodes, document.shown().graph.slotCount());
        due.add(change.inferred, document.shown().graph.slotCount());
    }
    void update(const Document& document) {
        if (due.isEverything()) {
            costs = infer::CostTable::of(document.shownAnalysis());
            silent = mistakes::SilentMistakes::of(document.shown(), document.shownAnalysis());
        } else {
            costs.update(document.shownAnalysis(), due.nodes());
            silent.update(document.shown(), document.shownAnalysis(), due.nodes());
        }
        due.clear();
    }
};

void wander(Document& document, Hand& hand, Kept& kept) {
    std::vector<NodeId> path = document.openPath();
    std::vector<NodeId> groups;
    document.shown().graph.forEach([&](const graph::Node& node) {
        if (node.body) groups.push_back(node.id);
    });
    if (!groups.empty() && hand.below(3) != 0)
        path.push_back(groups[hand.below(groups.size())]);
    else if (!path.empty())
        path.pop_back();
    if (const Result<Change> change = document.open(path)) kept.note(*change, document);
}

TEST(KeptResults, CostsAndSilentMistakesAreAsFromScratchAfterAnyEdits) {
    std::map<diag::Code, int> found;
    std::size_t patches = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Hand hand(seed);
        Document document(seed % 4 == 0 ? test::nestedProject() : seed % 4 == 1 ? chains() : graph::Project());
        Kept kept;
        for (int step = 0; step < 90; ++step) {
            if (seed % 4 == 0 && hand.below(8) == 0) wander(document, hand, kept);
            if (hand.below(6) == 0) {
                kept.note(hand.below(3) != 0 ? document.undo() : document.redo(), document);
            } else {
                const Result<Change> change = document.perform(hand.next(document.shown()));
                if (!change) continue;
                kept.note(*change, document);
            }
            if (hand.below(3) == 0) continue;  // several changes at once
            patches += kept.due.isEverything() ? 0U : 1U;
            kept.update(document);
            expectSame(kept.costs.costs(), infer::costsOf(document.shown().graph, document.shownAnalysis()));
            expectSame(document.costs(), kept.costs.costs());
            expectAsRulesSay(kept.costs.costs(), document.shownAnalysis());
            expectSame(kept.silent, mistakes::SilentMistakes::of(document.shown(), document.shownAnalysis()));
            for (const auto& [id, mistakes] : kept.silent.byNode())
                for (const mistakes::Silent& silent : mistakes) ++found[silent.refusal.code];
            if (HasFailure()) return;
        }
    }
    EXPECT_GT(patches, 15000u);
    for (const diag::Code code :
         {diag::Code::StepsChannelsExchanged, diag::Code::ChannelsFirstData, diag::Code::DenseOnMap,
          diag::Code::BatchInShape, diag::Code::ReshapeExchangesAxes, diag::Code::TargetMismatch})
        EXPECT_GT(found[code], 0) << "never found: " << diag::row(code).name;
}

/// As a report says it.
std::vector<std::string> lines(const std::vector<diag::Diagnostic>& diagnostics) {
    const diag::Renderer& renderer = diag::Renderer::standard();
    std::vector<std::string> lines;
    for (const diag::Diagnostic& diagnostic : diagnostics) {
        std::string line = std::to_string(diagnostic.node.value) + " " + renderer.message(diagnostic);
        for (const diag::Fix& fix : diagnostic.fixes) line += " | " + fix.id + " " + renderer.text(fix.title);
        lines.push_back(std::move(line));
    }
    return lines;
}

TEST(KeptResults, DiagnosticsAreAsFromScratchWithWhatIsDismissed) {
    std::size_t dismissed = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Hand hand(seed);
        Document document;
        for (int step = 0; step < 40; ++step) {
            Edit edit = hand.next(document.shown());
            if (hand.below(3) == 0) {
                const mistakes::SilentMistakes silent =
                    mistakes::SilentMistakes::of(document.shown(), document.shownAnalysis());
                for (const auto& [id, mistakes] : silent.byNode()) {
                    const graph::Node& node = *document.shown().graph.find(id);
                    const graph::Node* producer =
                        node.inputs.empty() ? nullptr : document.shown().graph.find(node.inputs.front().from);
                    const std::string key = mistakes::dismissalKey(mistakes.front().refusal.code, node, producer);
                    edit = {"Dismiss", "", {edit::Dismiss{key, hand.below(4) != 0}}};
                }
            }
            if (!document.perform(edit)) continue;
            if (hand.below(4) == 0) (void)document.undo();
            if (hand.below(3) == 0) continue;
            ASSERT_EQ(lines(document.diagnostics()),
                      lines(mistakes::diagnose(document.shown(), document.shownAnalysis())));
            dismissed += document.project().dismissed.size();
        }
    }
    EXPECT_GT(dismissed, 50u);
}

}  // namespace
}  // namespace shapewise::session
