#pragma once
// Analysis: the shapes and refusals of every node of a graph, kept up to date edit by edit.
//
// An update infers the touched nodes again and then, in topological order, only those whose inputs changed; where an
// output comes out as before, it stops. Result of any sequence of updates == Analysis::of(last graph).

#include "core/edit/apply.h"
#include "core/graph/topology.h"
#include "core/layers/framework/layer.h"

#include <limits>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace shapewise::infer {

enum class State : std::uint8_t {
    Missing,     ///< no such node
    Known,       ///< outputs are inferred (sizes in them may be unknown)
    Unknown,     ///< not enough is known, which is no error (Custom without declared shape)
    Conflict,    ///< refused: see refusals
    Blocked,     ///< something before it is in conflict or not connected
    Unconnected  ///< a required input has no link, or a link to an output that is not there: see refusals
};

struct NodeAnalysis {
    State state = State::Missing;
    bool hasOutput = false;                                              ///< false also for Known nodes without outputs
    tensor::TensorType output;                                           ///< of port 0, when hasOutput
    std::shared_ptr<const std::vector<tensor::TensorType>> moreOutputs;  ///< of ports 1 ..., null when there are none
    std::shared_ptr<const std::vector<diag::Refusal>> refusals;          ///< null when there are none
    NodeId blockedBy;                                                    ///< the node whose conflict blocks this one

    [[nodiscard]] bool isKnown() const { return state == State::Known; }
    [[nodiscard]] std::size_t outputCount() const {
        return hasOutput ? 1 + (moreOutputs ? moreOutputs->size() : 0) : 0;
    }
    /// Null when not known or there is no such port.
    [[nodiscard]] const tensor::TensorType* outputAt(std::size_t port) const {
        if (!hasOutput) return nullptr;
        if (port == 0) return &output;
        return moreOutputs && port <= moreOutputs->size() ? &(*moreOutputs)[port - 1] : nullptr;
    }
    friend bool operator==(const NodeAnalysis& a, const NodeAnalysis& b);
};

/// What Input layers are given from outside: those of a nested model, whose own shapes are only what they ask for.
using GivenTypes = std::map<NodeId, tensor::TensorType>;

/// A value like the project: copies share, so that a repair can be tried on a copy.
class Analysis final : public edit::WiringIndex {
  public:
    Analysis() = default;
    /// From scratch. O(nodes + links). `given` may be null.
    [[nodiscard]] static Analysis of(const graph::Graph& graph, std::shared_ptr<const GivenTypes> given = nullptr);

    /// Brings this analysis from the graph it was made for to `graph`. Returns the nodes whose result changed
    /// (removed ones included). O(affected); wiring edits that break the order held cost O(nodes) without inference.
    std::vector<NodeId> update(const graph::Graph& graph, const edit::Touched& touched);

    [[nodiscard]] const NodeAnalysis& operator[](NodeId id) const;

    /// Links that lead from a node, in no particular order. Kept up to date with the graph.
    [[nodiscard]] std::span<const graph::LinkPlace> consumers(NodeId id) const override;
    /// Nodes with refusals, in order of ids.
    [[nodiscard]] std::vector<NodeId> nodesInConflict() const;
    /// Position in a topological order; loops last.
    [[nodiscard]] std::int64_t position(NodeId id) const override;
    [[nodiscard]] bool hasLoops() const override { return hasLoops_; }

    /// Types at a node's links, null where not known. For explain, weights and cost.
    [[nodiscard]] std::vector<const tensor::TensorType*> inputTypes(const graph::Node& node) const;

    /// Null when nothing from outside is known for that node.
    [[nodiscard]] const tensor::TensorType* givenTo(NodeId id) const;

    /// The graph this is the analysis of.
    [[nodiscard]] const graph::Graph& graph() const { return graph_; }

  private:
    /// Links from one node. One is held in place, since most nodes have one consumer.
    class Consumers {
      public:
        [[nodiscard]] std::span<const graph::LinkPlace> places() const;
        void add(graph::LinkPlace place);
        void removeAllTo(NodeId consumer);

      private:
        graph::LinkPlace only_;  ///< valid while there is exactly one
        std::shared_ptr<std::vector<graph::LinkPlace>> several_;
    };

    /// Where a node stands in the graph. Kept apart from the results: most edits change no wiring.
    struct Wiring {
        Consumers consumers;
        std::int64_t position = kUnplaced;
        bool isOnLoop = false;
    };

    static constexpr std::int64_t kUnplaced = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t kBeingPlaced = kUnplaced + 1;
    static constexpr std::int64_t kGap = std::int64_t{1}
                                         << 32;  ///< between neighbours: room for 32 splices in one place

    void grow(std::size_t slots);
    void relink(NodeId id, const graph::Node* before, const graph::Node* after);
    [[nodiscard]] bool keepOrder(std::span<const NodeId> relinked);
    [[nodiscard]] bool placeWithProducers(NodeId id);
    [[nodiscard]] bool place(NodeId id);
    [[nodiscard]] bool standsBehindProducers(NodeId id) const;
    std::vector<NodeId> sortAll(std::vector<NodeId>* sorted = nullptr);
    void propagate(const std::vector<NodeId>& nodes, std::vector<NodeId>& changed);
    [[nodiscard]] bool store(NodeId id, NodeAnalysis result, std::vector<NodeId>& changed);

    graph::Graph graph_;
    PersistentVector<NodeAnalysis, 64> results_;
    PersistentVector<Wiring, 256> wiring_;
    std::shared_ptr<const GivenTypes> given_;         ///< null when there are none
    std::shared_ptr<std::vector<NodeId>> conflicts_;  ///< nodes with refusals, sorted; null when there are none
    std::int64_t lastPosition_ = 0;
    bool hasLoops_ = false;
};

}  // namespace shapewise::infer
