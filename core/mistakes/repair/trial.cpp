#include "core/mistakes/repair/trial.h"

#include "core/diag/codes.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using diag::Severity;
using graph::Node;

constexpr std::size_t kLargeGraph = 4000;
constexpr std::size_t kNearest = 2000;

void collect(Ground& ground, const Node& node) {
    const infer::NodeAnalysis& result = ground.analysis[node.id];
    if (result.refusals)
        for (const diag::Refusal& refusal : *result.refusals)
            ground.findings.emplace(Finding{refusal.code, node.id}, Severity::Error);
    std::vector<Silent> silent;
    detectSilent(ground.project, ground.analysis, node, silent);
    for (const Silent& entry : silent) {
        const Case found = makeCase(ground.project, ground.analysis, node, entry.refusal);
        const bool isDismissed =
            ground.project.dismissed.contains(dismissalKey(entry.refusal.code, node, found.producer));
        ground.findings.emplace(Finding{entry.refusal.code, node.id}, isDismissed ? Severity::Hint : entry.severity);
    }
}

void collectAll(Ground& ground) {
    ground.findings.clear();
    if (ground.region.empty()) {
        ground.project.graph.forEach([&](const Node& node) { collect(ground, node); });
        return;
    }
    for (const NodeId id : ground.region)
        if (const Node* node = ground.project.graph.find(id)) collect(ground, *node);
    const auto slots = static_cast<std::uint32_t>(ground.project.graph.slotCount());
    for (std::uint32_t id = ground.firstNewId; id < slots; ++id)
        if (const Node* node = ground.project.graph.find(NodeId(id))) collect(ground, *node);
}

/// Everything behind `centre`, nearest first.
std::vector<NodeId> downstreamOf(const infer::Analysis& analysis, NodeId centre) {
    std::vector<NodeId> order{centre};
    std::unordered_set<NodeId> seen{centre};
    for (std::size_t index = 0; index < order.size(); ++index)
        for (const graph::LinkPlace& place : analysis.consumers(order[index]))
            if (seen.insert(place.to).second) order.push_back(place.to);
    return order;
}

/// Takes away what lies further behind than the nearest nodes, and whatever depends on it.
void prune(Ground& ground, std::vector<NodeId>& kept) {
    if (kept.size() <= kNearest) return;
    std::deque<NodeId> pending(kept.begin() + static_cast<std::ptrdiff_t>(kNearest), kept.end());
    std::unordered_set<NodeId> gone;
    edit::Touched touched;
    touched.wiring = true;
    while (!pending.empty()) {
        const NodeId id = pending.front();
        pending.pop_front();
        if (!gone.insert(id).second) continue;
        for (const graph::LinkPlace& place : ground.analysis.consumers(id)) pending.push_back(place.to);
    }
    for (const NodeId id : gone) {
        ground.project.graph.erase(id);
        touched.nodes.push_back(id);
    }
    std::ranges::sort(touched.nodes);
    ground.analysis.update(ground.project.graph, touched);
    std::erase_if(kept, [&](NodeId id) { return gone.contains(id); });
}

}  // namespace

bool isLargeGraph(const graph::Graph& graph) { return graph.nodeCount() > kLargeGraph; }

Ground groundOf(const graph::Project& project, const infer::Analysis& analysis, NodeId centre) {
    Ground ground{project, analysis, {}, {}, project.graph.nextId().value};
    if (isLargeGraph(project.graph)) {
        ground.region = downstreamOf(analysis, centre);
        prune(ground, ground.region);
        if (const Node* node = project.graph.find(centre))
            for (const graph::Link& link : node->inputs)
                for (const Node* up : pathUp(project.graph, link, 500)) ground.region.push_back(up->id);
    }
    collectAll(ground);
    return ground;
}

Outcome attempt(const Ground& ground, const edit::Edit& edit, const Finding& cured) {
    Outcome outcome;
    auto applied = edit::apply(ground.project, edit);
    if (!applied) return outcome;
    outcome.isApplied = true;
    outcome.after.project = std::move(applied->project);
    outcome.after.analysis = ground.analysis;
    outcome.after.region = ground.region;
    outcome.after.firstNewId = ground.firstNewId;
    outcome.after.analysis.update(outcome.after.project.graph, applied->touched);
    collectAll(outcome.after);
    outcome.cures = !outcome.after.findings.contains(cured);
    outcome.added = addedFindings(ground, outcome.after);
    return outcome;
}

std::vector<Finding> addedFindings(const Ground& before, const Ground& after) {
    std::vector<Finding> added;
    for (const auto& [finding, severity] : after.findings) {
        if (severity == Severity::Hint) continue;
        const auto old = before.findings.find(finding);
        if (old == before.findings.end() || old->second == Severity::Hint) added.push_back(finding);
    }
    return added;
}

}  // namespace shapewise::mistakes
