#pragma once
// Cost: what each node costs in parameters, multiply-adds and memory, and how much of the input it sees. A batch that
// is not known counts as one sample. Kept from edit to edit by CostTable.

#include "core/base/persistent_vector.h"
#include "core/infer/receptive_field.h"

#include <map>
#include <optional>

namespace shapewise::infer {

struct NodeCost {
    std::optional<layers::ParameterCount> parameters;  ///< 0 for a node that uses another's layer again
    layers::ParameterCount known;  ///< those that are certain, where a model inside holds more that are not known
    std::optional<std::int64_t> multiplyAdds;
    std::optional<std::int64_t> activationBytes;  ///< of all outputs, float32; of a nested model, of all layers inside
    ReceptiveField field;
    bool isGuessed = false;  ///< behind a layer nobody knows, or one itself
    bool isCounted = false;  ///< in the sums: false for free ids and for nodes on or behind a loop

    [[nodiscard]] bool isComplete() const { return parameters && multiplyAdds && activationBytes; }
};

struct Costs {
    PersistentVector<NodeCost, 64> nodes;  ///< by node id
    layers::ParameterCount parameters;     ///< sums of what is known: where a gap is left, there is at least that much
    std::int64_t multiplyAdds = 0;
    std::int64_t activationBytes = 0;
    bool knowsParameters = true;  ///< false when a node in conflict, an unknown size or layer leaves a gap
    bool knowsMultiplyAdds = true;
    bool knowsActivationBytes = true;
    bool isGuessed = false;  ///< some node's cost rests on a guess

    [[nodiscard]] bool isComplete() const { return knowsParameters && knowsMultiplyAdds && knowsActivationBytes; }

    /// Of an id that is free: nothing is known.
    [[nodiscard]] const NodeCost& operator[](NodeId id) const;
};

/// What the values at Input nodes of a graph inside a nested model see of the input of the whole.
using GivenFields = std::map<NodeId, ReceptiveField>;

/// O(nodes + links), nodes inside nested models counted. `analysis`: of that graph.
[[nodiscard]] Costs costsOf(const graph::Graph& graph, const Analysis& analysis, const GivenFields& given = {});

/// Of one node by itself, the field left open. `inputs`: the types at its links.
[[nodiscard]] NodeCost costOf(const graph::Node& node, const Analysis& analysis,
                              const std::vector<const tensor::TensorType*>& inputs);

}  // namespace shapewise::infer
