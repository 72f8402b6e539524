#include "core/edit/loop_guard.h"

namespace shapewise::edit {

LoopGuard::LoopGuard(const graph::Graph& before, const WiringIndex* wiring)
    : wiring_(wiring), firstNew_(before.nextId()), positionsHold_(wiring != nullptr && !wiring->hasLoops()) {}

bool LoopGuard::isProducer(NodeId newNode) const {
    const std::size_t index = newNode.value - firstNew_.value;
    return index < newProducers_.size() && newProducers_[index];
}

void LoopGuard::markProducer(NodeId node) {
    if (!isNew(node)) return;
    const std::size_t index = node.value - firstNew_.value;
    if (index >= newProducers_.size()) newProducers_.resize(index + 1, false);
    newProducers_[index] = true;
}

bool LoopGuard::wouldCloseLoop(const graph::Graph& graph, NodeId from, NodeId to) {
    const bool toIsNew = isNew(to);
    if (toIsNew && !isProducer(to)) {
        markProducer(from);
        return false;
    }
    if (positionsHold_ && !toIsNew && !isNew(from) && wiring_->position(from) < wiring_->position(to)) return false;
    if (searchFinds(graph, from, to)) return true;
    if (toIsNew) positionsHold_ = false;
    markProducer(from);
    return false;
}

/// Looks for `to` among the nodes that feed `from`. Nodes whose position is not above that of `to` cannot lie behind
/// it and end the search; any other old node on the way means that the new link goes against the positions.
bool LoopGuard::searchFinds(const graph::Graph& graph, NodeId from, NodeId to) {
    const bool canPrune = positionsHold_ && !isNew(to);
    const std::int64_t lowest = canPrune ? wiring_->position(to) : 0;
    std::vector<bool> seen(graph.slotCount(), false);
    std::vector<NodeId> open{from};
    seen[from.value] = true;
    bool goesAgainstPositions = false;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (id == to) return true;
        if (canPrune && !isNew(id)) {
            if (wiring_->position(id) <= lowest) continue;
            goesAgainstPositions = true;
        }
        for (const graph::Link& link : graph.find(id)->inputs) {
            if (graph.find(link.from) == nullptr || seen[link.from.value]) continue;
            seen[link.from.value] = true;
            open.push_back(link.from);
        }
    }
    if (goesAgainstPositions) positionsHold_ = false;
    return false;
}

}  // namespace shapewise::edit
