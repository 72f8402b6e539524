// Which nodes of a nested model are its inputs and outputs is recorded by name. Edits inside must not lose them.
#include "core/edit/inside.h"

#include <algorithm>
#include <optional>
#include <set>

namespace shapewise::edit {

namespace {

using graph::Graph;
using graph::Node;

constexpr std::string_view kInputs = "inputs";
constexpr std::string_view kOutputs = "outputs";

/// Nodes fed by `id`, each once.
std::vector<NodeId> fedBy(const Graph& graph, NodeId id) {
    std::vector<NodeId> fed;
    graph.forEach([&](const Node& node) {
        if (std::any_of(node.inputs.begin(), node.inputs.end(),
                        [&](const graph::Link& link) { return link.from == id; }))
            fed.push_back(node.id);
    });
    return fed;
}

/// The end of the chain that starts at `id`; nullopt where it branches.
std::optional<NodeId> endOfChain(const Graph& graph, NodeId id) {
    for (std::size_t steps = 0; steps <= graph.nodeCount(); ++steps) {
        const std::vector<NodeId> fed = fedBy(graph, id);
        if (fed.empty()) return id;
        if (fed.size() > 1) return std::nullopt;
        id = fed.front();
    }
    return std::nullopt;
}

/// What stands where a removed node stood: the nearest node before it that is still there and feeds nothing now.
std::optional<NodeId> heirOf(const Graph& before, const Graph& after, NodeId removed) {
    for (std::size_t steps = 0; steps <= before.nodeCount(); ++steps) {
        const Node* node = before.find(removed);
        if (node == nullptr || node->inputs.empty()) return std::nullopt;
        removed = node->inputs.front().from;
        if (after.find(removed) != nullptr)
            return fedBy(after, removed).empty() ? std::optional(removed) : std::nullopt;
    }
    return std::nullopt;
}

const std::string* nameIn(const Value& entry) {
    const Value& name = entry.isList() && !entry.asList().empty() ? entry.asList().front() : entry;
    return name.isText() ? &name.asText() : nullptr;
}

Value renamed(const Value& entry, const std::string& name) {
    if (!entry.isList()) return Value(name);
    ValueList parts = entry.asList();
    parts.front() = Value(name);
    return Value(std::move(parts));
}

/// Where a recorded output is after the edit; nullopt when it is gone.
std::optional<NodeId> outputAfter(const Graph& before, const Graph& after, NodeId id) {
    if (after.find(id) == nullptr) return heirOf(before, after, id);
    if (!fedBy(before, id).empty() || fedBy(after, id).empty()) return id;
    return endOfChain(after, id).value_or(id);
}

Value endsAfter(const Value& recorded, const Graph& before, const Graph& after, bool areOutputs) {
    ValueList ends;
    std::set<NodeId> moved;
    for (const Value& entry : recorded.asList()) {
        const std::string* name = nameIn(entry);
        const Node* old = name != nullptr ? before.findByName(*name) : nullptr;
        if (old == nullptr) {
            ends.push_back(entry);
            continue;
        }
        const std::optional<NodeId> now = areOutputs ? outputAfter(before, after, old->id) : std::optional(old->id);
        const Node* node = now ? after.find(*now) : nullptr;
        const bool isElsewhere = node != nullptr && node->id != old->id;
        if (node == nullptr || (isElsewhere && !moved.insert(node->id).second)) continue;
        ends.push_back(isElsewhere && areOutputs ? Value(ValueList{Value(node->name), Value(0)})
                                                 : renamed(entry, node->name));
    }
    return Value(std::move(ends));
}

}  // namespace

std::vector<graph::Setting> settingsWithEnds(const Node& model, const Graph& before, const Graph& after) {
    Node changed = model;
    for (const std::string_view key : {kInputs, kOutputs}) {
        const Value* recorded = model.setting(ParamKey::of(key));
        if (recorded == nullptr || !recorded->isList()) continue;
        Value ends = endsAfter(*recorded, before, after, key == kOutputs);
        if (ends.asList().empty())
            changed.reset(key);
        else
            changed.set(key, std::move(ends));
    }
    return changed.settings;
}

}  // namespace shapewise::edit
