#pragma once
// One node's turn: from the results of its producers to its own. Analysis decides whose turn it is.

#include "core/infer/analysis.h"

#include <vector>

namespace shapewise::infer {

/// Memory used again from node to node, so that inference allocates for refusals and further outputs only.
struct InferenceScratch {
    std::vector<const tensor::TensorType*> inputs;
    std::vector<graph::Link> links;
};

/// A function of the node and of what `analysis` holds for its producers alone.
[[nodiscard]] NodeAnalysis inferNode(const graph::Node& node, const Analysis& analysis, InferenceScratch& scratch);

/// What every node on a loop gets. Which loop it is changes with the wiring: ask graph::loopThrough.
[[nodiscard]] NodeAnalysis loopConflict();

/// What consumers see of a node: state, outputs and who blocks it.
[[nodiscard]] bool sameOutcome(const NodeAnalysis& a, const NodeAnalysis& b);
[[nodiscard]] bool sameRefusals(const NodeAnalysis& a, const NodeAnalysis& b);

}  // namespace shapewise::infer
