#pragma once
// Seeds of nodes: what their random weights and sample data are drawn from, beside the seed of the run.
//
// A node that holds none draws by its name, inside a nested model by "outer/inner": so do files that name no seeds, and
// graphs made by hand. Before such a node gets another name or another place, its seed is written down.

#include "core/graph/graph.h"

namespace shapewise::graph {

/// Its own, else its name behind `around`, what the models around it draw from and a "/".
[[nodiscard]] std::string seedOf(const Node& node, std::string_view around = {});
/// In front of the names of nodes inside the model that `owner`, the node whose layer it is, holds.
[[nodiscard]] std::string seedInside(const Node& owner, std::string_view around = {});

/// Writes down the seeds of the nodes inside a nested model, at any depth; each goes on drawing what it drew.
void fixSeedsInside(Node& node, std::string_view around = {});
/// The same for all nested models of a graph. Calls of one layer that hold one graph go on holding one.
void fixSeedsInside(Graph& graph);
/// Writes down the seeds of all nodes of a graph, at any depth.
void fixSeeds(Graph& graph, std::string_view around = {});
/// Gives nodes without a seed, at any depth, one by their place in the graph: "#3", inside of that "#3/#0".
void seedByPlace(Graph& graph, std::string_view around = {});

}  // namespace shapewise::graph
