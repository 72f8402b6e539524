#pragma once
// LoopGuard: whether a link closes a loop, asked before each link of an edit is made.

#include "core/edit/apply.h"

#include <vector>

namespace shapewise::edit {

/// With a WiringIndex most questions are answered by comparing two positions. The positions are those of the graph
/// before the edit: the guard watches the links that are made and trusts positions only while every link, and every
/// way through new nodes, leads from a lower to a higher one.
class LoopGuard {
  public:
    /// `before`: the graph the edit starts from. `wiring` is its, or null: then the nodes upstream are searched.
    LoopGuard(const graph::Graph& before, const WiringIndex* wiring);

    /// To be asked for each link in turn; one that closes no loop counts as made. Precondition: from != to.
    [[nodiscard]] bool wouldCloseLoop(const graph::Graph& graph, NodeId from, NodeId to);

  private:
    [[nodiscard]] bool isNew(NodeId id) const { return id >= firstNew_; }
    /// True when a link leads from that new node already.
    [[nodiscard]] bool isProducer(NodeId newNode) const;
    void markProducer(NodeId node);
    [[nodiscard]] bool searchFinds(const graph::Graph& graph, NodeId from, NodeId to);

    const WiringIndex* wiring_;
    NodeId firstNew_;
    bool positionsHold_;
    std::vector<bool> newProducers_;  ///< by place among the new nodes
};

}  // namespace shapewise::edit
