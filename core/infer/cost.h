#pragma once
// Cost: what each node costs in parameters, multiply-adds and memory, and how much of the input it sees. A batch that
// is not known counts as one sample.

#include "core/infer/receptive_field.h"

#include <map>
#include <optional>
#include <vector>

namespace shapewise::infer {

struct NodeCost {
    std::optional<layers::ParameterCount> parameters;  ///< 0 for a node that uses another's layer again
    std::optional<std::int64_t> multiplyAdds;
    std::optional<std::int64_t> activationBytes;  ///< of all outputs, float32; of a nested model, of all layers inside
    ReceptiveField field;
};

struct Costs {
    std::vector<NodeCost> nodes;        ///< by node id
    layers::ParameterCount parameters;  ///< sums of what is known
    std::int64_t multiplyAdds = 0;
    std::int64_t activationBytes = 0;
    bool isComplete = true;  ///< false when a node in conflict or an unknown size leaves a gap
};

/// What the values at Input nodes of a graph inside a nested model see of the input of the whole.
using GivenFields = std::map<NodeId, ReceptiveField>;

/// O(nodes + links), nodes inside nested models counted.
[[nodiscard]] Costs costsOf(const graph::Graph& graph, const Analysis& analysis, const GivenFields& given = {});

}  // namespace shapewise::infer
