#pragma once
// CostTable: the costs of all nodes and their sums, kept up to date edit by edit.
//
// Apart from Analysis, since repairs that are tried on copies ask for no costs, and no key stroke waits for them: they
// follow when someone asks. Result of any sequence of updates == CostTable::of(last analysis).

#include "core/base/wide_sum.h"
#include "core/infer/cost.h"

#include <span>

namespace shapewise::infer {

class CostTable {
  public:
    CostTable() = default;
    /// From scratch. O(nodes + links).
    [[nodiscard]] static CostTable of(const Analysis& analysis, GivenFields given = {});

    /// Brings this table to a later state of the analysis it was made for. `changed`: the nodes that were touched or
    /// inferred otherwise since, removed ones included; they may repeat. O(changed, and what is behind them as far as
    /// it sees another part of the input); O(nodes) while there are loops.
    void update(const Analysis& analysis, std::span<const NodeId> changed);

    [[nodiscard]] const Costs& costs() const { return costs_; }

  private:
    enum class Extent : std::uint8_t { Whole, FieldOnly };

    [[nodiscard]] bool visit(const Analysis& analysis, NodeId id, Extent extent);
    [[nodiscard]] std::vector<ReceptiveField> fieldsAt(const Analysis& analysis, const graph::Node& node,
                                                       const std::vector<const tensor::TensorType*>& inputs) const;
    [[nodiscard]] ReceptiveField fieldAtLink(const graph::Link& link) const;
    [[nodiscard]] bool storeFields(NodeId id, std::vector<ReceptiveField> fields, ReceptiveField& first);
    void put(NodeId id, NodeCost cost);
    template <class Combine>
    void count(const NodeCost& cost, Combine combine);
    void publishSums();

    Costs costs_;
    std::map<NodeId, std::vector<ReceptiveField>> severalFields_;  ///< of nodes whose outputs see different parts
    GivenFields given_;
    WideSum total_;
    WideSum trainable_;
    WideSum multiplyAdds_;
    WideSum activationBytes_;
    std::size_t parameterGaps_ = 0;  ///< counted nodes of which it is not known
    std::size_t multiplyAddGaps_ = 0;
    std::size_t byteGaps_ = 0;
    std::size_t guesses_ = 0;
    bool hasLoops_ = false;
};

}  // namespace shapewise::infer
