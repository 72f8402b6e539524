#include "core/mistakes/diagnose.h"

#include "core/graph/topology.h"
#include "core/mistakes/read/describe.h"
#include "core/mistakes/repair/trial.h"
#include "core/mistakes/silent_mistakes.h"

#include <algorithm>
#include <set>

namespace shapewise::mistakes {
namespace {

using diag::Diagnostic;
using graph::Node;

struct Entry {
    const Node* node = nullptr;
    Silent mistake;
    std::int64_t position = 0;
};

/// Says one loop once: at its first node, whatever else is on it.
class Loops {
  public:
    explicit Loops(const graph::Graph& graph) : graph_(graph) {}

    /// The node at which the loop through `id` is reported; nullopt when that is done.
    std::optional<NodeId> report(NodeId id) {
        if (seen_.contains(id)) return std::nullopt;
        NodeId first = id;
        for (const NodeId member : graph::loopThrough(graph_, id)) {
            seen_.insert(member);
            first = std::min(first, member);
        }
        seen_.insert(id);
        return reported_.insert(first).second ? std::optional(first) : std::nullopt;
    }

  private:
    const graph::Graph& graph_;
    std::set<NodeId> seen_;
    std::set<NodeId> reported_;
};

/// One output that feeds several ports is one input.
bool isSameInput(const Node& node, int a, int b) {
    if (a == b) return true;
    const auto isLink = [&](int slot) { return slot >= 0 && static_cast<std::size_t>(slot) < node.inputs.size(); };
    if (!isLink(a) || !isLink(b)) return false;
    const graph::Link& first = node.inputs[static_cast<std::size_t>(a)];
    const graph::Link& second = node.inputs[static_cast<std::size_t>(b)];
    return first.from == second.from && first.fromPort == second.fromPort;
}

std::vector<Entry> entriesOf(const graph::Project& project, const infer::Analysis& analysis,
                             const SilentMistakes& silent, const Options& options) {
    std::vector<Entry> entries;
    Loops loops(project.graph);
    for (const NodeId id : analysis.nodesInConflict()) {
        const Node* node = project.graph.find(id);
        const auto& refusals = analysis[id].refusals;
        if (!node || !refusals) continue;
        for (auto refusal = refusals->begin(); refusal != refusals->end(); ++refusal) {
            const auto isSame = [&](const diag::Refusal& before) {
                return before.code == refusal->code && before.parameter == refusal->parameter &&
                       isSameInput(*node, before.input, refusal->input);
            };
            if (std::any_of(refusals->begin(), refusal, isSame)) continue;  // height and width of one window: said once
            const Node* at = node;
            if (refusal->code == diag::Code::Loop) {
                const std::optional<NodeId> first = loops.report(id);
                if (!first) continue;
                at = project.graph.find(*first);
            }
            entries.push_back({at, {*refusal, 1.0, diag::row(refusal->code).severity}, analysis.position(at->id)});
        }
    }
    for (const auto& [id, mistakes] : silent.byNode()) {
        const Node& node = *project.graph.find(id);
        for (const Silent& found : mistakes) {
            const Node* producer = makeCase(project, analysis, node, found.refusal).producer;
            const bool isDismissed = found.severity != diag::Severity::Error &&
                                     project.dismissed.contains(dismissalKey(found.refusal.code, node, producer));
            if (!isDismissed || options.withDismissed) entries.push_back({&node, found, analysis.position(node.id)});
        }
    }
    std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
        if (a.mistake.severity != b.mistake.severity) return a.mistake.severity < b.mistake.severity;
        return a.position < b.position;
    });
    if (entries.size() > options.most) entries.resize(options.most);
    return entries;
}

/// "x/y/use", "x/y/use-2": ids are unique in a report and the same in every run.
void makeUnique(std::vector<diag::Fix>& fixes, std::set<std::string>& used) {
    for (diag::Fix& fix : fixes) {
        std::string id = fix.id;
        for (int number = 2; !used.insert(id).second; ++number) id = fix.id + "-" + std::to_string(number);
        fix.id = std::move(id);
    }
}

}  // namespace

std::vector<Diagnostic> diagnose(const graph::Project& project, const infer::Analysis& analysis,
                                 const Options& options) {
    return diagnose(project, analysis, SilentMistakes::of(project, analysis), options);
}

std::vector<Diagnostic> diagnose(const graph::Project& project, const infer::Analysis& analysis,
                                 const SilentMistakes& silent, const Options& options) {
    std::vector<Diagnostic> diagnostics;
    std::set<std::string> usedIds;
    std::optional<Ground> ground;
    NodeId centre;
    const bool isLarge = isLargeGraph(project.graph);
    for (const Entry& entry : entriesOf(project, analysis, silent, options)) {
        const Case input = makeCase(project, analysis, *entry.node, entry.mistake.refusal);
        Diagnostic diagnostic = describe(input, entry.mistake);
        if (options.withFixes) {
            if (!ground || (isLarge && centre != entry.node->id)) ground = groundOf(project, analysis, entry.node->id);
            centre = entry.node->id;
            diagnostic.fixes = triedFixes(*ground, input);
            makeUnique(diagnostic.fixes, usedIds);
        }
        diagnostics.push_back(std::move(diagnostic));
    }
    return diagnostics;
}

}  // namespace shapewise::mistakes
