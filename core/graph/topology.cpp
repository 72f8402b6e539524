#include "core/graph/topology.h"

#include <queue>
#include <algorithm>
#include <functional>
#include <limits>

namespace shapewise::graph {

namespace {

/// True when every link leads from a lower to a higher id: then the order of ids is the order wanted.
bool idsAreInOrder(const Graph& graph) {
    bool inOrder = true;
    graph.forEach([&](const Node& node) {
        for (const Link& link : node.inputs) inOrder = inOrder && link.from < node.id;
    });
    return inOrder;
}

/// Consumers of every node as one table: those of node i are users[starts[i]] ... users[starts[i + 1] - 1].
struct ConsumerTable {
    std::vector<std::uint32_t> starts;
    std::vector<NodeId> users;

    explicit ConsumerTable(const Graph& graph) : starts(graph.slotCount() + 1, 0) {
        graph.forEach([&](const Node& node) {
            for (const Link& link : node.inputs)
                if (graph.find(link.from) != nullptr) ++starts[link.from.value + 1];
        });
        for (std::size_t index = 1; index < starts.size(); ++index) starts[index] += starts[index - 1];
        users.resize(starts.back());
        std::vector<std::uint32_t> ends(starts.begin(), starts.end() - 1);
        graph.forEach([&](const Node& node) {
            for (const Link& link : node.inputs)
                if (graph.find(link.from) != nullptr) users[ends[link.from.value]++] = node.id;
        });
    }
    [[nodiscard]] std::span<const NodeId> of(NodeId id) const {
        return {users.data() + starts[id.value], users.data() + starts[id.value + 1]};
    }
};

/// Tarjan's algorithm without recursion, since a chain may be 100,000 nodes deep. It follows links against the flow,
/// so a component comes out after all that feed it.
class ComponentSearch {
  public:
    ComponentSearch(const Graph& graph, std::span<const NodeId> nodes)
        : graph_(graph), numbers_(graph.slotCount(), kOutside), lows_(graph.slotCount(), 0) {
        for (const NodeId id : nodes) numbers_[id.value] = kUnseen;
    }

    std::vector<std::vector<NodeId>> run(std::span<const NodeId> nodes) {
        for (const NodeId id : nodes)
            if (numbers_[id.value] == kUnseen) searchFrom(id);
        return std::move(found_);
    }

  private:
    static constexpr std::uint32_t kOutside = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t kUnseen = kOutside - 1;
    static constexpr std::uint32_t kFinished = kOutside - 2;

    struct Visit {
        NodeId node;
        std::size_t nextInput = 0;
    };

    void enter(NodeId id) {
        numbers_[id.value] = lows_[id.value] = count_++;
        open_.push_back(id);
        visits_.push_back({id, 0});
    }

    void searchFrom(NodeId start) {
        enter(start);
        while (!visits_.empty()) {
            Visit& visit = visits_.back();
            const NodeId id = visit.node;
            const std::vector<Link>& inputs = graph_.find(id)->inputs;
            if (visit.nextInput < inputs.size()) {
                const NodeId from = inputs[visit.nextInput++].from;
                const std::uint32_t number = from.value < numbers_.size() ? numbers_[from.value] : kOutside;
                if (number == kUnseen)
                    enter(from);
                else if (number < kFinished)
                    lows_[id.value] = std::min(lows_[id.value], number);
                continue;
            }
            visits_.pop_back();
            if (!visits_.empty()) {
                std::uint32_t& low = lows_[visits_.back().node.value];
                low = std::min(low, lows_[id.value]);
            }
            if (lows_[id.value] == numbers_[id.value]) close(id);
        }
    }

    void close(NodeId root) {
        std::vector<NodeId> component;
        do {
            component.push_back(open_.back());
            open_.pop_back();
            numbers_[component.back().value] = kFinished;
        } while (component.back() != root);
        std::sort(component.begin(), component.end());
        found_.push_back(std::move(component));
    }

    const Graph& graph_;
    std::vector<std::uint32_t> numbers_;
    std::vector<std::uint32_t> lows_;
    std::vector<NodeId> open_;
    std::vector<Visit> visits_;
    std::vector<std::vector<NodeId>> found_;
    std::uint32_t count_ = 0;
};

}  // namespace

TopologicalOrder topologicalOrder(const Graph& graph) {
    TopologicalOrder order;
    order.nodes.reserve(graph.nodeCount());
    if (idsAreInOrder(graph)) {
        graph.forEach([&](const Node& node) { order.nodes.push_back(node.id); });
        return order;
    }
    const ConsumerTable consumers(graph);
    std::vector<std::uint32_t> waiting(graph.slotCount(), 0);
    std::priority_queue<NodeId, std::vector<NodeId>, std::greater<>> ready;
    graph.forEach([&](const Node& node) {
        for (const Link& link : node.inputs)
            if (graph.find(link.from) != nullptr) ++waiting[node.id.value];
        if (waiting[node.id.value] == 0) ready.push(node.id);
    });
    while (!ready.empty()) {
        const NodeId id = ready.top();
        ready.pop();
        order.nodes.push_back(id);
        for (const NodeId user : consumers.of(id))
            if (--waiting[user.value] == 0) ready.push(user);
    }
    if (order.nodes.size() < graph.nodeCount())
        graph.forEach([&](const Node& node) {
            if (waiting[node.id.value] > 0) order.inLoops.push_back(node.id);
        });
    return order;
}

std::vector<LinkPlace> linksFrom(const Graph& graph, NodeId producer) {
    std::vector<LinkPlace> places;
    graph.forEach([&](const Node& node) {
        for (std::size_t slot = 0; slot < node.inputs.size(); ++slot)
            if (node.inputs[slot].from == producer) places.push_back({node.id, slot});
    });
    return places;
}

std::vector<std::vector<NodeId>> components(const Graph& graph, std::span<const NodeId> nodes) {
    return ComponentSearch(graph, nodes).run(nodes);
}

std::vector<NodeId> path(const Graph& graph, NodeId from, NodeId to) {
    if (graph.find(from) == nullptr || graph.find(to) == nullptr) return {};
    std::vector<NodeId> towards(graph.slotCount());  // the next node on the way to `to`, of nodes seen
    std::vector<NodeId> queue{to};
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const NodeId id = queue[head];
        for (const Link& link : graph.find(id)->inputs) {
            if (link.from == from) {
                std::vector<NodeId> way{from, id};
                while (way.back() != to) way.push_back(towards[way.back().value]);
                return way;
            }
            if (graph.find(link.from) == nullptr || link.from == to || towards[link.from.value].isValid()) continue;
            towards[link.from.value] = id;
            queue.push_back(link.from);
        }
    }
    return {};
}

bool wouldCloseLoop(const Graph& graph, NodeId from, NodeId to) { return from == to || !path(graph, to, from).empty(); }

std::vector<NodeId> loopThrough(const Graph& graph, NodeId start) {
    std::vector<NodeId> loop = path(graph, start, start);
    if (!loop.empty()) loop.pop_back();
    return loop;
}

std::vector<NodeId> upstreamOf(const Graph& graph, NodeId node) {
    std::vector<NodeId> found;
    if (graph.find(node) == nullptr) return found;
    std::vector<bool> seen(graph.slotCount(), false);
    seen[node.value] = true;
    const auto visit = [&](NodeId id) {
        for (const Link& link : graph.find(id)->inputs) {
            if (graph.find(link.from) == nullptr || seen[link.from.value]) continue;
            seen[link.from.value] = true;
            found.push_back(link.from);
        }
    };
    visit(node);
    for (std::size_t head = 0; head < found.size(); ++head) visit(found[head]);
    return found;
}

}  // namespace shapewise::graph
