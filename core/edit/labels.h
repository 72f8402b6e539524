#pragma once
// Words for the labels of edits, in Header Capitals as menus have them.

#include "core/graph/graph.h"

#include <span>
#include <string>

namespace shapewise::edit {

/// "3 Nodes", "1 Node".
[[nodiscard]] std::string nodesText(std::size_t count);
/// The name of a single node, else "3 Nodes".
[[nodiscard]] std::string nodesText(const graph::Graph& graph, std::span<const NodeId> nodes);
/// "Kernel Size" for "kernel_size".
[[nodiscard]] std::string parameterText(std::string_view key);

}  // namespace shapewise::edit
