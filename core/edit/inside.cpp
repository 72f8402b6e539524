#include "core/edit/inside.h"

#include "core/graph/seeds.h"

#include <fmt/format.h>

namespace shapewise::edit {

namespace {

/// In front of the keys of dismissals inside a model.
std::string dismissalPrefix(const std::string& model) { return model + "/"; }

}  // namespace

bool holdsModel(const graph::Node& node) {
    return node.body != nullptr && node.manyPort == 0;  // a wrapper round a model takes one input
}

NodeId layerOwner(const graph::Graph& graph, NodeId id) {
    const graph::Node* node = graph.find(id);
    return node != nullptr && graph.find(node->sharesLayerOf) != nullptr ? node->sharesLayerOf : id;
}

graph::Project projectInside(const graph::Project& outer, const graph::Node& model) {
    graph::Project inside;
    inside.graph = *model.body;
    const NodeId owner = layerOwner(outer.graph, model.id);
    const std::string around = graph::seedInside(outer.graph.find(owner) != nullptr ? *outer.graph.find(owner) : model);
    graph::fixSeeds(inside.graph, around);
    inside.graph.stirSeeds(around);
    if (const graph::Canvas* canvas = outer.canvas.inside(owner)) inside.canvas = *canvas;
    inside.run = outer.run;
    const std::string prefix = dismissalPrefix(model.name);
    for (auto key = outer.dismissed.lower_bound(prefix); key != outer.dismissed.end() && key->starts_with(prefix);
         ++key)
        inside.dismissed.insert(key->substr(prefix.size()));
    return inside;
}

void takeDismissals(graph::Project& outer, const std::string& model, const std::set<std::string>& inside) {
    const std::string prefix = dismissalPrefix(model);
    std::erase_if(outer.dismissed, [&](const std::string& key) { return key.starts_with(prefix); });
    for (const std::string& key : inside) outer.dismissed.insert(prefix + key);
}

Edit enclosed(Edit edit, std::span<const NodeId> path) {
    if (path.empty()) return edit;
    std::string place;
    for (const NodeId model : path) place += fmt::format("{}/", model.value);
    if (!edit.mergeKey.empty()) edit.mergeKey = place + edit.mergeKey;
    for (auto model = path.rbegin(); model != path.rend(); ++model) {
        Edit outer{edit.label, edit.mergeKey, {}};
        outer.steps.emplace_back(EditInside{*model, std::make_shared<const Edit>(std::move(edit))});
        edit = std::move(outer);
    }
    return edit;
}

}  // namespace shapewise::edit
