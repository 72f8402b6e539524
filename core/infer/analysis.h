#pragma once
// Analysis: the shapes and refusals of every node of a graph, kept up to date edit by edit.
//
// An update infers the touched nodes again and then, in topological order, only those whose inputs changed; where an
// output comes out as before, it stops. Result of any sequence of updates == Analysis::of(last graph).

#include "core/edit/apply.h"
#include "core/graph/topology.h"
#include "core/layers/layer.h"

#include <memory>
#include <vector>

namespace shapewise::infer {

enum class State : std::uint8_t {
    Missing,      ///< no such node
    Known,        ///< outputs are inferred (sizes in them may be unknown)
    Unknown,      ///< not enough is known, which is no error (Custom without declared shape)
    Conflict,     ///< refused: see refusals
    Blocked,      ///< something before it is in conflict or not connected
    Unconnected   ///< a required input has no link: see refusals
};

struct NodeAnalysis {
    State state = State::Missing;
    tensor::TensorType output;                                            ///< of port 0, when Known
    std::shared_ptr<const std::vector<tensor::TensorType>> moreOutputs;   ///< of ports 1 ..., null when there are none
    std::shared_ptr<const std::vector<diag::Refusal>> refusals;           ///< null when there are none
    NodeId blockedBy;                                                     ///< the node whose conflict blocks this one

    [[nodiscard]] bool isKnown() const { return state == State::Known; }
    [[nodiscard]] std::size_t outputCount() const {
        return isKnown() ? 1 + (moreOutputs ? moreOutputs->size() : 0) : 0;
    }
    /// Null when not known or there is no such port.
    [[nodiscard]] const tensor::TensorType* outputAt(std::size_t port) const {
        if (!isKnown()) return nullptr;
        if (port == 0) return &output;
        return moreOutputs && port <= moreOutputs->size() ? &(*moreOutputs)[port - 1] : nullptr;
    }
    friend bool operator==(const NodeAnalysis& a, const NodeAnalysis& b);
};

/// A value like the project: copies share, so that a repair can be tried on a copy.
class Analysis {
public:
    Analysis() = default;
    /// From scratch. O(nodes + links).
    [[nodiscard]] static Analysis of(const graph::Graph& graph);

    /// Brings this analysis from the graph it was made for to `graph`. Returns the nodes whose result changed
    /// (removed ones included). O(affected); wiring edits that break the order held cost O(nodes) without inference.
    std::vector<NodeId> update(const graph::Graph& graph, const edit::Touched& touched);

    [[nodiscard]] const NodeAnalysis& operator[](NodeId id) const;

    /// Links that lead from a node, in no particular order. Kept up to date with the graph.
    [[nodiscard]] std::span<const graph::LinkPlace> consumers(NodeId id) const;
    /// Nodes with refusals, in order of ids.
    [[nodiscard]] std::vector<NodeId> nodesInConflict() const;
    /// Position in a topological order; loops last.
    [[nodiscard]] std::int64_t position(NodeId id) const;

    /// Types at a node's links, null where not known. For explain, weights and cost.
    [[nodiscard]] std::vector<const tensor::TensorType*> inputTypes(const graph::Node& node) const;

private:
    struct Entry;  // members are the implementer's choice; keep the class a cheap value
};

}  // namespace shapewise::infer
