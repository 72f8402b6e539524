#include "core/infer/analysis.h"

#include "core/base/copy_on_write.h"
#include "core/infer/inference.h"

#include <queue>
#include <algorithm>

namespace shapewise::infer {

std::span<const graph::LinkPlace> Analysis::Consumers::places() const {
    if (several_) return *several_;
    return {&only_, only_.to.isValid() ? std::size_t{1} : std::size_t{0}};
}

void Analysis::Consumers::add(graph::LinkPlace place) {
    if (!several_) {
        if (!only_.to.isValid()) {
            only_ = place;
            return;
        }
        several_ = std::make_shared<std::vector<graph::LinkPlace>>(1, only_);
        only_ = {};
    }
    ownAlone(several_).push_back(place);
}

void Analysis::Consumers::removeAllTo(NodeId consumer) {
    if (!several_) {
        if (only_.to == consumer) only_ = {};
        return;
    }
    std::erase_if(ownAlone(several_), [&](const graph::LinkPlace& place) { return place.to == consumer; });
    if (several_->size() > 1) return;
    only_ = several_->empty() ? graph::LinkPlace{} : several_->front();
    several_.reset();
}

Analysis Analysis::of(const graph::Graph& graph, std::shared_ptr<const GivenTypes> given) {
    Analysis analysis;
    analysis.graph_ = graph;
    analysis.given_ = std::move(given);
    analysis.grow(graph.slotCount());
    std::vector<NodeId> changed;
    changed.reserve(graph.nodeCount());
    InferenceScratch scratch;
    // Files list producers first, so the order of ids mostly is an order to infer in: one pass over the nodes then.
    bool idsAreInOrder = true;
    graph.forEach([&](const graph::Node& node) {
        analysis.relink(node.id, nullptr, &node);
        for (const graph::Link& link : node.inputs) idsAreInOrder = idsAreInOrder && link.from < node.id;
        if (!idsAreInOrder) return;
        analysis.wiring_.mutate(node.id.value).position = analysis.lastPosition_ += kGap;
        (void)analysis.store(node.id, inferNode(node, analysis, scratch), changed);
    });
    if (idsAreInOrder) return analysis;
    std::vector<NodeId> order;
    (void)analysis.sortAll(&order);
    for (const NodeId id : order) {
        const bool isOnLoop = analysis.wiring_[id.value].isOnLoop;
        (void)analysis.store(id, isOnLoop ? loopConflict() : inferNode(*graph.find(id), analysis, scratch), changed);
    }
    return analysis;
}

std::vector<NodeId> Analysis::update(const graph::Graph& graph, const edit::Touched& touched) {
    std::vector<NodeId> nodes = touched.nodes;
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());

    const graph::Graph before = std::exchange(graph_, graph);
    grow(graph_.slotCount());
    std::vector<NodeId> relinked;
    std::vector<NodeId> changed;
    for (const NodeId id : nodes) {
        const graph::Node* old = before.find(id);
        const graph::Node* now = graph_.find(id);
        if (old == now) continue;
        if (old == nullptr || now == nullptr || old->inputs != now->inputs) {
            relink(id, old, now);
            relinked.push_back(id);
        }
        if (now == nullptr) (void)store(id, NodeAnalysis{}, changed);
    }
    if (!relinked.empty() && (hasLoops_ || !keepOrder(relinked))) {
        const std::vector<NodeId> onOtherLoops = sortAll();
        nodes.insert(nodes.end(), onOtherLoops.begin(), onOtherLoops.end());
    }
    std::erase_if(nodes, [&](NodeId id) { return graph_.find(id) == nullptr; });
    propagate(nodes, changed);
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    return changed;
}

void Analysis::grow(std::size_t slots) {
    if (results_.size() >= slots) return;
    results_.resize(slots);
    wiring_.resize(slots);
}

/// Takes the links of a node's former state out of its producers' lists and puts the present ones in.
void Analysis::relink(NodeId id, const graph::Node* before, const graph::Node* after) {
    if (before != nullptr)
        for (const graph::Link& link : before->inputs)
            if (graph_.find(link.from) != nullptr) wiring_.mutate(link.from.value).consumers.removeAllTo(id);
    if (after == nullptr) {
        wiring_.set(id.value, Wiring{});
        return;
    }
    for (std::size_t slot = 0; slot < after->inputs.size(); ++slot) {
        const NodeId from = after->inputs[slot].from;
        if (graph_.find(from) != nullptr) wiring_.mutate(from.value).consumers.add({id, slot});
    }
}

/// Finds places for new nodes and checks those of others whose links changed. False when the order held does not
/// allow it without moving further nodes.
bool Analysis::keepOrder(std::span<const NodeId> relinked) {
    constexpr std::size_t kFewEnough = 4;  // beyond a quarter of all nodes sorting afresh is cheaper
    if (relinked.size() * kFewEnough > graph_.slotCount() && relinked.size() > 16) return false;
    for (const NodeId id : relinked)
        if (graph_.find(id) != nullptr && wiring_[id.value].position == kUnplaced && !placeWithProducers(id))
            return false;
    for (const NodeId id : relinked)
        if (graph_.find(id) != nullptr && !standsBehindProducers(id) && !place(id)) return false;
    return true;
}

/// Places a new node after the new ones that feed it. False when those form a loop.
bool Analysis::placeWithProducers(NodeId id) {
    std::vector<NodeId> stack{id};
    while (!stack.empty()) {
        const NodeId top = stack.back();
        std::int64_t& position = wiring_.mutate(top.value).position;
        if (position != kUnplaced && position != kBeingPlaced) {
            stack.pop_back();
            continue;
        }
        const bool seenBefore = position == kBeingPlaced;
        position = kBeingPlaced;
        const std::size_t height = stack.size();
        for (const graph::Link& link : graph_.find(top)->inputs) {
            if (graph_.find(link.from) == nullptr) continue;
            const std::int64_t theirs = wiring_[link.from.value].position;
            if (theirs == kBeingPlaced) return false;
            if (theirs == kUnplaced) stack.push_back(link.from);
        }
        if (stack.size() > height) {
            if (seenBefore) return false;
            continue;
        }
        stack.pop_back();
        if (!place(top)) return false;
    }
    return true;
}

/// Gives a node a position behind its producers and before its consumers, those not yet placed left aside.
bool Analysis::place(NodeId id) {
    constexpr std::int64_t kNoConsumer = std::numeric_limits<std::int64_t>::max();
    std::int64_t low = kBeingPlaced;
    for (const graph::Link& link : graph_.find(id)->inputs)
        if (graph_.find(link.from) != nullptr) low = std::max(low, wiring_[link.from.value].position);
    std::int64_t high = kNoConsumer;
    for (const graph::LinkPlace& consumer : consumers(id)) {
        const std::int64_t theirs = wiring_[consumer.to.value].position;
        if (theirs > kBeingPlaced) high = std::min(high, theirs);
    }
    std::int64_t position = 0;
    if (high == kNoConsumer) {
        position = lastPosition_ += kGap;
    } else if (low == kBeingPlaced) {
        position = high - kGap;
    } else {
        if (high - low < 2) return false;
        position = low + (high - low) / 2;
    }
    wiring_.mutate(id.value).position = position;
    return true;
}

bool Analysis::standsBehindProducers(NodeId id) const {
    const std::vector<graph::Link>& inputs = graph_.find(id)->inputs;
    return std::all_of(inputs.begin(), inputs.end(), [&](const graph::Link& link) {
        return graph_.find(link.from) == nullptr || wiring_[link.from.value].position < wiring_[id.value].position;
    });
}

/// Orders all nodes afresh: loops and what is behind them last. Returns the nodes that came to be on a loop or left
/// one.
std::vector<NodeId> Analysis::sortAll(std::vector<NodeId>* sorted) {
    const graph::TopologicalOrder order = graph::topologicalOrder(graph_);
    std::vector<NodeId> different;
    lastPosition_ = 0;
    const auto put = [&](NodeId id, bool isOnLoop) {
        Wiring& wiring = wiring_.mutate(id.value);
        if (wiring.isOnLoop != isOnLoop) different.push_back(id);
        wiring.isOnLoop = isOnLoop;
        wiring.position = lastPosition_ += kGap;
        if (sorted != nullptr) sorted->push_back(id);
    };
    for (const NodeId id : order.nodes) put(id, false);
    for (const std::vector<NodeId>& component : graph::components(graph_, order.inLoops)) {
        const std::vector<graph::Link>& inputs = graph_.find(component.front())->inputs;
        const bool feedsItself = std::any_of(inputs.begin(), inputs.end(),
                                             [&](const graph::Link& link) { return link.from == component.front(); });
        for (const NodeId id : component) put(id, component.size() > 1 || feedsItself);
    }
    hasLoops_ = !order.inLoops.empty();
    return different;
}

/// Infers the given nodes and, in order, those behind them whose inputs came out different.
void Analysis::propagate(const std::vector<NodeId>& nodes, std::vector<NodeId>& changed) {
    using Waiting = std::pair<std::int64_t, NodeId>;
    std::vector<Waiting> start;
    start.reserve(nodes.size() + 8);
    for (const NodeId id : nodes) start.emplace_back(wiring_[id.value].position, id);
    std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting(std::greater<>{}, std::move(start));
    InferenceScratch scratch;
    Waiting last{kUnplaced, NodeId()};
    while (!waiting.empty()) {
        const Waiting next = waiting.top();
        waiting.pop();
        if (next == last) continue;
        last = next;
        const NodeId id = next.second;
        const bool isOnLoop = wiring_[id.value].isOnLoop;
        NodeAnalysis result = isOnLoop ? loopConflict() : inferNode(*graph_.find(id), *this, scratch);
        if (!store(id, std::move(result), changed)) continue;
        for (const graph::LinkPlace& consumer : consumers(id))
            if (!wiring_[consumer.to.value].isOnLoop) waiting.emplace(wiring_[consumer.to.value].position, consumer.to);
    }
}

/// Keeps a result and notes whether it differs. True when consumers see a difference.
bool Analysis::store(NodeId id, NodeAnalysis result, std::vector<NodeId>& changed) {
    const NodeAnalysis& old = results_[id.value];
    const bool outcomeDiffers = !sameOutcome(old, result);
    if (!outcomeDiffers && sameRefusals(old, result)) return false;
    changed.push_back(id);
    if ((old.refusals != nullptr) != (result.refusals != nullptr)) {
        std::vector<NodeId>& conflicts = ownAlone(conflicts_);
        const auto place = std::lower_bound(conflicts.begin(), conflicts.end(), id);
        if (result.refusals != nullptr)
            conflicts.insert(place, id);
        else
            conflicts.erase(place);
    }
    results_.set(id.value, std::move(result));
    return outcomeDiffers;
}

const NodeAnalysis& Analysis::operator[](NodeId id) const {
    static const NodeAnalysis kMissing;
    return id.value < results_.size() ? results_[id.value] : kMissing;
}

std::span<const graph::LinkPlace> Analysis::consumers(NodeId id) const {
    return id.value < wiring_.size() ? wiring_[id.value].consumers.places() : std::span<const graph::LinkPlace>();
}

std::vector<NodeId> Analysis::nodesInConflict() const { return conflicts_ ? *conflicts_ : std::vector<NodeId>(); }

std::int64_t Analysis::position(NodeId id) const {
    return id.value < wiring_.size() ? wiring_[id.value].position : kUnplaced;
}

const tensor::TensorType* Analysis::givenTo(NodeId id) const {
    if (!given_) return nullptr;
    const auto found = given_->find(id);
    return found != given_->end() ? &found->second : nullptr;
}

std::vector<const tensor::TensorType*> Analysis::inputTypes(const graph::Node& node) const {
    std::vector<const tensor::TensorType*> types;
    types.reserve(node.inputs.size());
    for (const graph::Link& link : node.inputs) types.push_back((*this)[link.from].outputAt(link.fromPort));
    return types;
}

}  // namespace shapewise::infer
