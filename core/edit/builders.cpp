#include "core/edit/builders.h"

#include "core/edit/labels.h"

#include <fmt/format.h>
#include <algorithm>
#include <cassert>
#include <unordered_set>

namespace shapewise::edit {

namespace {

using graph::Graph;
using graph::Link;
using graph::LinkPlace;
using graph::Node;

std::vector<NodeId> present(const Graph& graph, std::span<const NodeId> nodes) {
    std::vector<NodeId> found;
    std::unordered_set<NodeId> seen;
    for (const NodeId id : nodes)
        if (graph.find(id) != nullptr && seen.insert(id).second) found.push_back(id);
    return found;
}

const Link& linkAt(const Graph& graph, LinkPlace place) {
    const Node* to = graph.find(place.to);
    assert(to != nullptr && place.slot < to->inputs.size());
    return to->inputs[place.slot];
}

/// Follows the first links of removed nodes upwards to one that stays. nullopt: there is none.
std::optional<Link> firstThatStays(const Graph& graph, Link link, const std::unordered_set<NodeId>& removed) {
    for (std::size_t steps = 0; steps <= removed.size(); ++steps) {
        if (!removed.contains(link.from)) return link;
        const Node& node = *graph.find(link.from);
        if (node.inputs.empty()) return std::nullopt;
        link.from = node.inputs.front().from;
        link.fromPort = node.inputs.front().fromPort;
    }
    return std::nullopt;  // the removed nodes form a loop
}

/// Connects `to` again wherever one of its producers is removed.
void heal(const Graph& graph, const Node& to, const std::unordered_set<NodeId>& removed, std::vector<Step>& steps) {
    std::size_t slot = 0;
    for (const Link& link : to.inputs) {
        const std::optional<Link> healed = firstThatStays(graph, link, removed);
        if (!healed || healed->from == to.id) continue;
        if (removed.contains(link.from)) steps.emplace_back(Connect{*healed, to.id, slot});
        ++slot;
    }
}

}  // namespace

Edit addNode(graph::NodePtr node, graph::CanvasPlace place) {
    Edit edit;
    edit.label = "Add " + node->name;
    edit.steps.emplace_back(AddNode{std::move(node), place});
    return edit;
}

Edit addNodeBehind(graph::NodePtr node, graph::CanvasPlace place, NodeId from, std::uint16_t fromPort) {
    const NodeId id = node->id;
    Edit edit = addNode(std::move(node), place);
    edit.steps.emplace_back(Connect{{from, fromPort, 0}, id, std::nullopt});
    return edit;
}

Edit insertNodeOnLink(const Graph& graph, LinkPlace link, graph::NodePtr node, graph::CanvasPlace place) {
    const Link old = linkAt(graph, link);
    const NodeId id = node->id;
    Edit edit;
    edit.label = "Insert " + node->name;
    edit.steps = {AddNode{std::move(node), place}, Disconnect{link.to, old},
                  Connect{{old.from, old.fromPort, 0}, id, std::nullopt},
                  Connect{{id, 0, old.toPort}, link.to, link.slot}};
    return edit;
}

Edit moveNodeOntoLink(const Graph& graph, LinkPlace link, NodeId node, graph::CanvasPlace place) {
    const Link old = linkAt(graph, link);
    Edit edit;
    edit.label = "Insert " + nodesText(graph, std::span(&node, 1));
    edit.steps = {Disconnect{link.to, old}, Connect{{old.from, old.fromPort, 0}, node, std::nullopt},
                  Connect{{node, 0, old.toPort}, link.to, link.slot}, MoveNode{node, place}};
    return edit;
}

Edit removeNodes(const Graph& graph, std::span<const NodeId> nodes) {
    const std::vector<NodeId> found = present(graph, nodes);
    Edit edit;
    edit.label = "Delete " + nodesText(graph, found);
    for (const NodeId id : found) edit.steps.emplace_back(RemoveNode{id});
    return edit;
}

Edit removeAndHeal(const Graph& graph, std::span<const NodeId> nodes) {
    Edit edit = removeNodes(graph, nodes);
    const std::vector<NodeId> found = present(graph, nodes);
    const std::unordered_set<NodeId> removed(found.begin(), found.end());
    graph.forEach([&](const Node& node) {
        const bool losesLinks = std::any_of(node.inputs.begin(), node.inputs.end(),
                                            [&](const Link& link) { return removed.contains(link.from); });
        if (losesLinks && !removed.contains(node.id)) heal(graph, node, removed, edit.steps);
    });
    return edit;
}

Edit replaceNode(const Graph& graph, std::shared_ptr<Node> replacement, std::string_view typeTitle,
                 const CarryOver& carryOver) {
    Edit edit;
    edit.label = fmt::format("Replace With {}", typeTitle);
    if (const Node* old = graph.find(replacement->id); old != nullptr && carryOver) {
        for (const graph::Setting& setting : old->settings) {
            if (replacement->setting(ParamKey::of(setting.key)) != nullptr) continue;
            if (std::optional<Value> value = carryOver(setting)) replacement->set(setting.key, std::move(*value));
        }
    }
    edit.steps.emplace_back(ReplaceNode{std::move(replacement)});
    return edit;
}

Edit connect(const Graph& graph, Link link, NodeId to, std::optional<std::size_t> slot) {
    Edit edit;
    edit.label = fmt::format("Connect {} to {}", nodesText(graph, std::span(&link.from, 1)),
                             nodesText(graph, std::span(&to, 1)));
    edit.steps.emplace_back(Connect{link, to, slot});
    return edit;
}

Edit disconnect(const Graph& graph, LinkPlace link) {
    Edit edit;
    edit.label = "Remove Link";
    edit.steps.emplace_back(Disconnect{link.to, linkAt(graph, link)});
    return edit;
}

Edit moveLink(const Graph& graph, LinkPlace old, Link link, NodeId to) {
    Edit edit = disconnect(graph, old);
    edit.label = "Move Link";
    const bool staysAtPort = to == old.to && link.toPort == linkAt(graph, old).toPort;
    edit.steps.emplace_back(Connect{link, to, staysAtPort ? std::optional(old.slot) : std::nullopt});
    return edit;
}

Edit moveNodes(const graph::Project& project, std::span<const NodeId> nodes, double dx, double dy) {
    const std::vector<NodeId> found = present(project.graph, nodes);
    Edit edit;
    edit.label = "Move " + nodesText(project.graph, found);
    edit.mergeKey = "move";
    for (const NodeId id : found) {
        graph::CanvasPlace place = project.canvas.place(id);
        place.x += dx;
        place.y += dy;
        edit.steps.emplace_back(MoveNode{id, place});
        edit.mergeKey += fmt::format(" {}", id.value);
    }
    return edit;
}

Edit setParameter(NodeId node, std::string key, std::optional<Value> value) {
    Edit edit;
    edit.label = (value ? "Set " : "Reset ") + parameterText(key);
    edit.mergeKey = fmt::format("parameter {} {}", node.value, key);
    edit.steps.emplace_back(SetParameter{node, std::move(key), std::move(value)});
    return edit;
}

Edit renameNode(NodeId node, std::string name) {
    Edit edit;
    edit.label = "Rename to " + name;
    edit.mergeKey = fmt::format("name {}", node.value);
    edit.steps.emplace_back(RenameNode{node, std::move(name)});
    return edit;
}

}  // namespace shapewise::edit
