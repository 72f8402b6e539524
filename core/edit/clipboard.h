#pragma once
// Copy and paste: a part of a graph as a value, and the edit that makes it anew.

#include "core/edit/edit.h"

#include <span>

namespace shapewise::edit {

/// Where a link of a copied node comes from: another node of the fragment, or one that stayed outside.
struct FragmentLink {
    std::optional<std::size_t> item;  ///< index in Fragment::items, always lower than the consumer's own
    NodeId outside;                   ///< valid when `item` is not set
    std::uint16_t fromPort = 0;
    std::uint16_t toPort = 0;
    friend bool operator==(const FragmentLink&, const FragmentLink&) = default;
};

struct FragmentItem {
    graph::NodePtr node;              ///< without links; id and name as where it was copied
    graph::CanvasPlace place;         ///< relative to the top left corner of the fragment
    std::vector<FragmentLink> links;  ///< in the order of the node's inputs
};

/// What a copy holds. A value of its own: later edits of the graph it came from do not change it.
struct Fragment {
    std::vector<FragmentItem> items;  ///< producers before consumers
    [[nodiscard]] bool isEmpty() const { return items.empty(); }
};

enum class IncomingLinks : std::uint8_t {
    Leave,  ///< only links among the copied nodes
    Keep    ///< also links from nodes that are not copied; for duplicates in the same project
};

/// Nodes that are not there are passed over. Links that close a loop (in files that have one) stay behind.
[[nodiscard]] Fragment copyNodes(const graph::Project& project, std::span<const NodeId> nodes,
                                 IncomingLinks incoming = IncomingLinks::Leave);

struct Paste {
    Edit edit;
    std::vector<NodeId> added;  ///< ids the nodes have once the edit is applied to that project, in the order of items
};

/// Fresh ids, free names (conv2d_1, ...); nodes that shared a layer among themselves do so again. Links from outside
/// are made where that node is there. (x, y): the top left corner, scene units.
[[nodiscard]] Paste pasteFragment(const graph::Project& project, const Fragment& fragment, double x, double y);

/// Copy and paste in one, moved by (dx, dy).
[[nodiscard]] Paste duplicateNodes(const graph::Project& project, std::span<const NodeId> nodes, double dx, double dy,
                                   IncomingLinks incoming = IncomingLinks::Keep);

}  // namespace shapewise::edit
