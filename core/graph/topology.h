#pragma once
// Questions about the wiring alone: order, loops, what lies before and behind a node.

#include "core/graph/graph.h"

#include <span>
#include <vector>

namespace shapewise::graph {

struct TopologicalOrder {
    std::vector<NodeId> nodes;    ///< producers before consumers; ties by id, so the order is the same in every run
    std::vector<NodeId> inLoops;  ///< nodes on or behind a loop that could not be ordered
};
/// O(nodes + links).
[[nodiscard]] TopologicalOrder topologicalOrder(const Graph& graph);

/// The links that lead from `producer`, in the order of consumers' ids. O(nodes + links): use Analysis::consumers
/// where it is at hand.
[[nodiscard]] std::vector<LinkPlace> linksFrom(const Graph& graph, NodeId producer);

/// Strongly connected components of the graph that `nodes` and the links among them are, producers first; within one
/// the order of ids. A component of several nodes, or of one that feeds itself, is a loop.
[[nodiscard]] std::vector<std::vector<NodeId>> components(const Graph& graph, std::span<const NodeId> nodes);

/// A shortest way along the flow, both ends included, at least one link long; empty when there is none.
/// From a node to itself: a loop, the node at both ends.
[[nodiscard]] std::vector<NodeId> path(const Graph& graph, NodeId from, NodeId to);

/// True when a link from -> to would close a loop (also from == to). Visits each node once.
[[nodiscard]] bool wouldCloseLoop(const Graph& graph, NodeId from, NodeId to);
/// One loop through `start`, in order of flow; empty when there is none.
[[nodiscard]] std::vector<NodeId> loopThrough(const Graph& graph, NodeId start);

/// All nodes that feed `node`, nearest first, without itself.
[[nodiscard]] std::vector<NodeId> upstreamOf(const Graph& graph, NodeId node);

}  // namespace shapewise::graph
