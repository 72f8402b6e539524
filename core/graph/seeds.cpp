#include "core/graph/seeds.h"

#include <map>
#include <utility>

namespace shapewise::graph {

namespace {

/// What a node without a seed gets.
using Naming = std::string (*)(const Node& node);

std::string byName(const Node& node) { return node.name; }
std::string byPlace(const Node& node) { return "#" + std::to_string(node.id.value); }

void seedAll(Graph& graph, std::string_view around, Naming naming);

/// Null when nothing in the body lacks a seed.
std::shared_ptr<const Graph> seededBody(const Node& node, const std::string& around, Naming naming) {
    if (node.body == nullptr) return nullptr;
    Graph body = *node.body;
    seedAll(body, around, naming);
    if (body.sharesAllWith(*node.body)) return nullptr;
    return std::make_shared<const Graph>(std::move(body));
}

void seedAll(Graph& graph, std::string_view around, Naming naming) {
    const auto seed = [&](const Node& node) {
        std::string wanted = node.seed.empty() ? std::string(around) + naming(node) : node.seed;
        std::shared_ptr<const Graph> body = seededBody(node, wanted + "/", naming);
        if (wanted == node.seed && body == nullptr) return;
        auto changed = std::make_shared<Node>(node);
        changed->seed = std::move(wanted);
        if (body != nullptr) changed->body = std::move(body);
        graph.put(std::move(changed));
    };
    const auto followOwner = [&](const Node& node, const Node& owner) {
        if (node.seed == owner.seed && (node.body == nullptr || node.body == owner.body)) return;
        auto changed = std::make_shared<Node>(node);
        changed->seed = owner.seed;
        if (node.body != nullptr) changed->body = owner.body;
        graph.put(std::move(changed));
    };
    std::vector<NodeId> users;
    for (std::uint32_t index = 0; index < graph.slotCount(); ++index) {
        const Node* node = graph.find(NodeId(index));
        if (node == nullptr) continue;
        if (graph.find(node->sharesLayerOf) != nullptr)
            users.push_back(node->id);
        else
            seed(*node);
    }
    for (const NodeId id : users) {
        const Node& node = *graph.find(id);
        followOwner(node, *graph.find(node.sharesLayerOf));
    }
}

}  // namespace

std::string seedOf(const Node& node, std::string_view around) {
    return node.seed.empty() ? std::string(around) + node.name : node.seed;
}

std::string seedInside(const Node& owner, std::string_view around) { return seedOf(owner, around) + "/"; }

void fixSeedsInside(Node& node, std::string_view around) {
    if (std::shared_ptr<const Graph> body = seededBody(node, seedInside(node, around), byName)) node.body = body;
}

void fixSeedsInside(Graph& graph) {
    std::map<std::pair<NodeId, const Graph*>, std::shared_ptr<const Graph>> seeded;  // by layer and graph before
    for (std::uint32_t index = 0; index < graph.slotCount(); ++index) {
        const NodePtr node = graph.share(NodeId(index));
        if (node == nullptr || node->body == nullptr) continue;
        const Node* shared = graph.find(node->sharesLayerOf);
        const Node& owner = shared != nullptr ? *shared : *node;
        const auto [known, isNew] = seeded.try_emplace({owner.id, node->body.get()});
        if (isNew) known->second = seededBody(*node, seedInside(owner), byName);
        if (known->second == nullptr) continue;
        auto changed = std::make_shared<Node>(*node);
        changed->body = known->second;
        graph.put(std::move(changed));
    }
}

void fixSeeds(Graph& graph, std::string_view around) { seedAll(graph, around, byName); }

void seedByPlace(Graph& graph, std::string_view around) { seedAll(graph, around, byPlace); }

}  // namespace shapewise::graph
