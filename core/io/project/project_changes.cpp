#include "core/io/project/project_changes.h"

#include "core/edit/inside.h"
#include "core/io/keras/layer_node.h"
#include "core/io/project/project_json.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace {

using KeyOf = std::function<std::string(const WeightsPtr&)>;
using WeightsOf = std::function<WeightsPtr(const std::string&)>;

constexpr std::string_view kWeightsKey = "@weights";

ValueDict::iterator memberOf(ValueDict& dict, std::string_view key) {
    return std::find_if(dict.begin(), dict.end(), [&](const auto& member) { return member.first == key; });
}

bool holdsWeights(const graph::Node& node) {
    if (node.weights) return true;
    bool found = false;
    if (node.body) node.body->forEach([&](const graph::Node& inner) { found = found || holdsWeights(inner); });
    return found;
}

/// The node with keys in place of its weights and of those inside it.
graph::NodePtr withKeys(const graph::NodePtr& node, const KeyOf& keyOf) {
    if (!holdsWeights(*node)) return node;
    auto changed = std::make_shared<graph::Node>(*node);
    if (node->weights) {
        changed->weights = nullptr;
        auto level = memberOf(changed->extras, kNodeLevelExtras);
        if (level == changed->extras.end() || !level->second.isDict())
            level = changed->extras.emplace(level, kNodeLevelExtras, ValueDict{});
        level->second.asDict().emplace_back(kWeightsKey, keyOf(node->weights));
    }
    if (node->body) {
        graph::Graph body = *node->body;
        node->body->forEach([&](const graph::Node& inner) {
            const graph::NodePtr shared = node->body->share(inner.id);
            if (graph::NodePtr other = withKeys(shared, keyOf); other != shared) body.put(std::move(other));
        });
        changed->body = std::make_shared<const graph::Graph>(std::move(body));
    }
    return changed;
}

/// The other way round; empty when there is nothing to change.
graph::NodePtr withWeights(const graph::Node& node, const WeightsOf& weightsOf, std::vector<std::string>& lost) {
    std::shared_ptr<graph::Node> changed;
    const auto level = std::find_if(node.extras.begin(), node.extras.end(),
                                    [](const auto& member) { return member.first == kNodeLevelExtras; });
    const Value* key = level != node.extras.end() ? level->second.find(kWeightsKey) : nullptr;
    if (key != nullptr && key->isText()) {
        changed = std::make_shared<graph::Node>(node);
        changed->weights = weightsOf(key->asText());
        if (!changed->weights) lost.push_back(node.name);
        const auto own = memberOf(changed->extras, kNodeLevelExtras);
        ValueDict& members = own->second.asDict();
        members.erase(memberOf(members, kWeightsKey));
        if (members.empty()) changed->extras.erase(own);
    }
    if (node.body) {
        graph::Graph body = *node.body;
        bool isOther = false;
        node.body->forEach([&](const graph::Node& inner) {
            if (graph::NodePtr other = withWeights(inner, weightsOf, lost)) {
                body.put(std::move(other));
                isOther = true;
            }
        });
        if (isOther) {
            if (!changed) changed = std::make_shared<graph::Node>(node);
            changed->body = std::make_shared<const graph::Graph>(std::move(body));
        }
    }
    return changed;
}

Value idValue(NodeId id) { return Value(std::int64_t{id.value}); }

Value nodeRecord(const graph::Project& project, NodeId id, const KeyOf& keyOf) {
    const graph::NodePtr node = withKeys(project.graph.share(id), keyOf);
    Value written = nodeToValue(project, *node);
    ValueDict& members = written.asDict();
    for (const std::string_view key : {"inputs", "shares"})
        if (const auto member = memberOf(members, key); member != members.end()) members.erase(member);
    ValueDict record{{"id", idValue(id)}, {"node", std::move(written)}};
    ValueList inputs;
    for (const graph::Link& link : node->inputs)
        inputs.emplace_back(ValueList{idValue(link.from), Value(int{link.fromPort}), Value(int{link.toPort})});
    if (!inputs.empty()) record.emplace_back("inputs", std::move(inputs));
    if (project.graph.find(node->sharesLayerOf) != nullptr) record.emplace_back("shares", idValue(node->sharesLayerOf));
    return Value(std::move(record));
}

Value headOf(const graph::Project& project) {
    graph::Project bare;
    bare.run = project.run;
    bare.dismissed = project.dismissed;
    bare.properties = project.properties;
    return projectToValue(bare, {});
}

bool hasOtherHead(const graph::Project& before, const graph::Project& after) {
    return !(before.run == after.run) || before.dismissed != after.dismissed || before.properties != after.properties;
}

bool standsElsewhere(const graph::Project& before, const graph::Project& after, const graph::Node& node) {
    if (!(before.canvas.place(node.id) == after.canvas.place(node.id))) return true;
    if (!node.body) return false;
    return before.canvas.inside(edit::layerOwner(before.graph, node.id)) !=
           after.canvas.inside(edit::layerOwner(after.graph, node.id));
}

}  // namespace

std::optional<Value> projectChanges(const graph::Project* before, const graph::Project& after, const KeyOf& keyOf) {
    ValueList nodes;
    ValueList gone;
    if (before == nullptr) {
        after.graph.forEach([&](const graph::Node& node) { nodes.push_back(nodeRecord(after, node.id, keyOf)); });
    } else {
        std::vector<NodeId> changed;
        after.graph.table().forEachIndexInDifferentChunks(before->graph.table(), [&](std::size_t index) {
            const NodeId id(static_cast<std::uint32_t>(index));
            if (before->graph.find(id) == after.graph.find(id)) return;
            if (after.graph.find(id) == nullptr)
                gone.push_back(idValue(id));
            else
                changed.push_back(id);
        });
        if (!before->canvas.sharesAllWith(after.canvas))
            after.graph.forEach([&](const graph::Node& node) {
                if (standsElsewhere(*before, after, node)) changed.push_back(node.id);
            });
        std::sort(changed.begin(), changed.end());
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        for (const NodeId id : changed) nodes.push_back(nodeRecord(after, id, keyOf));
    }
    ValueDict changes;
    if (before == nullptr || hasOtherHead(*before, after)) changes.emplace_back("head", headOf(after));
    if (!nodes.empty()) changes.emplace_back("nodes", std::move(nodes));
    if (!gone.empty()) changes.emplace_back("gone", std::move(gone));
    if (changes.empty()) return std::nullopt;
    return Value(std::move(changes));
}

void ProjectReplay::take(const Value& changes, bool isWhole) {
    if (isWhole) nodes_.clear();
    if (const Value* head = changes.find("head")) head_ = *head;
    if (const Value* nodes = changes.find("nodes"); nodes != nullptr && nodes->isList())
        for (const Value& record : nodes->asList())
            if (const Value* id = record.find("id"); id != nullptr && id->isInteger()) nodes_[id->asInteger()] = record;
    if (const Value* gone = changes.find("gone"); gone != nullptr && gone->isList())
        for (const Value& id : gone->asList())
            if (id.isInteger()) nodes_.erase(id.asInteger());
}

Result<Opened> ProjectReplay::project(const WeightsOf& weightsOf) const {
    const auto nameOf = [this](const Value& id) {
        const auto found = id.isInteger() ? nodes_.find(id.asInteger()) : nodes_.end();
        const Value* node = found != nodes_.end() ? found->second.find("node") : nullptr;
        const Value* name = node != nullptr ? node->find("name") : nullptr;
        return name != nullptr ? *name : Value();
    };
    ValueList nodes;
    for (const auto& [id, record] : nodes_) {
        const Value* entry = record.find("node");
        if (entry == nullptr || !entry->isDict()) continue;
        Value node = *entry;
        if (const Value* inputs = record.find("inputs"); inputs != nullptr && inputs->isList()) {
            ValueList links;
            for (const Value& input : inputs->asList()) {
                if (!input.isList() || input.asList().size() != 3) continue;
                links.emplace_back(ValueList{nameOf(input.asList()[0]), input.asList()[1], input.asList()[2]});
            }
            node.asDict().emplace_back("inputs", std::move(links));
        }
        if (const Value* shares = record.find("shares")) node.asDict().emplace_back("shares", nameOf(*shares));
        nodes.push_back(std::move(node));
    }
    Value file = head_;
    if (!file.isDict()) return failure("what was kept of the project has no beginning");
    ValueDict& members = file.asDict();
    if (const auto empty = memberOf(members, "nodes"); empty != members.end()) members.erase(empty);
    members.emplace_back("nodes", std::move(nodes));
    Result<Opened> opened = projectFromValue(file, {});
    if (!opened) return opened;
    graph::Graph& graph = opened->project.graph;
    std::vector<std::string> lost;
    std::vector<graph::NodePtr> changed;
    graph.forEach([&](const graph::Node& node) {
        if (graph::NodePtr other = withWeights(node, weightsOf, lost)) changed.push_back(std::move(other));
    });
    for (graph::NodePtr& node : changed) graph.put(std::move(node));
    for (const std::string& name : lost)
        opened->notes.push_back(
            fmt::format("the weights of '{}' were not kept in time: they are drawn from the seed now", name));
    return opened;
}

}  // namespace shapewise::io
