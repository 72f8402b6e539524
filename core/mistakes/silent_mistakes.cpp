#include "core/mistakes/silent_mistakes.h"

#include "core/mistakes/rules/rule.h"

#include <unordered_set>

namespace shapewise::mistakes {
namespace {

using graph::Node;
using infer::Analysis;

/// The changed nodes, those they feed, and those they feed through layers that keep the shape.
std::unordered_set<NodeId> withThoseThatSee(const graph::Graph& graph, const Analysis& analysis,
                                            std::span<const NodeId> changed) {
    std::unordered_set<NodeId> seeing(changed.begin(), changed.end());
    std::vector<NodeId> open(seeing.begin(), seeing.end());
    std::unordered_set<NodeId> passed = seeing;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        for (const graph::LinkPlace& place : analysis.consumers(id)) {
            const Node* consumer = graph.find(place.to);
            if (consumer == nullptr) continue;
            seeing.insert(place.to);
            if (keepsShape(*consumer->type) && passed.insert(place.to).second) open.push_back(place.to);
        }
    }
    return seeing;
}

}  // namespace

SilentMistakes SilentMistakes::of(const graph::Project& project, const Analysis& analysis) {
    SilentMistakes mistakes;
    project.graph.forEach([&](const Node& node) { mistakes.detect(project, analysis, node); });
    return mistakes;
}

void SilentMistakes::update(const graph::Project& project, const Analysis& analysis, std::span<const NodeId> changed) {
    constexpr std::size_t kFewEnough = 4;  // beyond a quarter of all nodes, from scratch is cheaper
    if (changed.size() * kFewEnough > project.graph.slotCount() + 64) {
        *this = of(project, analysis);
        return;
    }
    std::unordered_set<NodeId> due = withThoseThatSee(project.graph, analysis, changed);
    const auto addWatchers = [&](NodeId id) {
        if (const auto found = watchers_.find(id); found != watchers_.end())
            due.insert(found->second.begin(), found->second.end());
    };
    for (const NodeId id : changed) {
        addWatchers(id);
        const Node* node = project.graph.find(id);
        if (node == nullptr) continue;
        for (const graph::Link& link : node->inputs) {
            due.insert(link.from);  // may have got its first consumer
            addWatchers(link.from);
        }
    }
    for (const NodeId id : due) {
        forget(id);
        if (const Node* node = project.graph.find(id)) detect(project, analysis, *node);
    }
}

void SilentMistakes::detect(const graph::Project& project, const Analysis& analysis, const Node& node) {
    std::vector<Silent> found;
    detectSilent(project, analysis, node, found);
    if (!found.empty()) found_.emplace(node.id, std::move(found));
    std::vector<NodeId> watched;
    watchedBehind(project, analysis, node, watched);
    if (watched.empty()) return;
    for (const NodeId id : watched) watchers_[id].push_back(node.id);
    watched_.emplace(node.id, std::move(watched));
}

void SilentMistakes::forget(NodeId id) {
    found_.erase(id);
    const auto entry = watched_.find(id);
    if (entry == watched_.end()) return;
    for (const NodeId seen : entry->second) {
        const auto watchers = watchers_.find(seen);
        if (watchers == watchers_.end()) continue;
        std::erase(watchers->second, id);
        if (watchers->second.empty()) watchers_.erase(watchers);
    }
    watched_.erase(entry);
}

}  // namespace shapewise::mistakes
