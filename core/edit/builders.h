#pragma once
// Edits that gestures and repairs make again and again, from what is meant to steps. Pure; nothing is changed here.
//
// Nodes to add come from the catalogue (layers::makeNode) with id == graph.nextId() and a free name. What cannot be
// done structurally is refused by apply(), not here.

#include "core/edit/edit.h"

#include <functional>
#include <span>

namespace shapewise::edit {

/// "Add conv2d".
[[nodiscard]] Edit addNode(graph::NodePtr node, graph::CanvasPlace place);
/// Adds a node and feeds its first port from an output.
[[nodiscard]] Edit addNodeBehind(graph::NodePtr node, graph::CanvasPlace place, NodeId from,
                                 std::uint16_t fromPort = 0);

/// Puts a new node into a link: its producer feeds the node, the node takes the link's place at the consumer.
/// Precondition: the link exists.
[[nodiscard]] Edit insertNodeOnLink(const graph::Graph& graph, graph::LinkPlace link, graph::NodePtr node,
                                    graph::CanvasPlace place);
/// The same with a node that is there already and is moved onto the link.
[[nodiscard]] Edit moveNodeOntoLink(const graph::Graph& graph, graph::LinkPlace link, NodeId node,
                                    graph::CanvasPlace place);

/// "Delete 3 Nodes". Nodes that are not there are passed over, here and below.
[[nodiscard]] Edit removeNodes(const graph::Graph& graph, std::span<const NodeId> nodes);
/// Deletes and joins the ends: whatever a node fed is fed by what came into its first port.
[[nodiscard]] Edit removeAndHeal(const graph::Graph& graph, std::span<const NodeId> nodes);

/// Which value a setting of the old layer gives the new one; nullopt: none.
using CarryOver = std::function<std::optional<Value>(const graph::Setting&)>;
/// Puts `replacement` (id of the old node, settings of its own) in the place of a node, with links, and with those of
/// the old settings that carryOver takes and the replacement has not set itself. `typeTitle` is for the label.
[[nodiscard]] Edit replaceNode(const graph::Graph& graph, std::shared_ptr<graph::Node> replacement,
                               std::string_view typeTitle, const CarryOver& carryOver);

/// A port for one link gives up the link it has.
[[nodiscard]] Edit connect(const graph::Graph& graph, graph::Link link, NodeId to,
                           std::optional<std::size_t> slot = std::nullopt);
/// Precondition: the link exists.
[[nodiscard]] Edit disconnect(const graph::Graph& graph, graph::LinkPlace link);
/// Takes a link up and puts it down elsewhere. Precondition: the link exists.
[[nodiscard]] Edit moveLink(const graph::Graph& graph, graph::LinkPlace old, graph::Link link, NodeId to);

/// "Move 3 Nodes" by (dx, dy) scene units. With a merge key, so that arrow keys make one entry.
[[nodiscard]] Edit moveNodes(const graph::Project& project, std::span<const NodeId> nodes, double dx, double dy);

/// "Set Kernel Size", or "Reset Kernel Size" without a value. Merges while one field is edited.
[[nodiscard]] Edit setParameter(NodeId node, std::string key, std::optional<Value> value);
[[nodiscard]] Edit renameNode(NodeId node, std::string name);

}  // namespace shapewise::edit
