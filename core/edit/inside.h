#pragma once
// The inside of a nested model as a project of its own, so that whatever works on a project works there.

#include "core/edit/edit.h"

#include <set>
#include <span>
#include <string>

namespace shapewise::edit {

/// True for a node that opens: one that holds the graph of a model.
[[nodiscard]] bool holdsModel(const graph::Node& node);

/// The node whose layer `id` uses: itself, or the one it shares the layer of.
[[nodiscard]] NodeId layerOwner(const graph::Graph& graph, NodeId id);

/// Its graph, in which every node has its seed, and places, the run settings of the whole, and those dismissals of the
/// whole that are of its inside. Precondition: holdsModel(model).
[[nodiscard]] graph::Project projectInside(const graph::Project& outer, const graph::Node& model);

/// Puts the dismissals of the inside of `model` among those of the whole, in place of the former ones.
void takeDismissals(graph::Project& outer, const std::string& model, const std::set<std::string>& inside);

/// The settings of a model whose graph changed from `before` to `after`: names in its `inputs` and `outputs` follow.
[[nodiscard]] std::vector<graph::Setting> settingsWithEnds(const graph::Node& model, const graph::Graph& before,
                                                           const graph::Graph& after);

/// The edit as one of the whole: `path` leads from the whole to the graph that `edit` is of. Unchanged for an empty
/// path.
[[nodiscard]] Edit enclosed(Edit edit, std::span<const NodeId> path);

}  // namespace shapewise::edit
