#pragma once
// Where NaN and infinity come from: counted for each node, and in words.

#include "core/exec/run.h"

#include <string>
#include <vector>

namespace shapewise::exec {

/// O(values). `startsHere` is left to who knows the inputs.
[[nodiscard]] NotFinite notFiniteOf(const std::vector<TensorPtr>& outputs);

/// "3 NaN and 1 infinite of 800 values, the first at [0, 5, 0]; none in its inputs"; empty when all are finite.
[[nodiscard]] std::string notFiniteText(const NodeRun& run);

/// The nodes at which they first appear, in the order given.
[[nodiscard]] std::vector<NodeId> notFiniteStarts(const RunReport& report, const std::vector<NodeId>& order);

/// What was assumed of a node, and what is not finite in it: one remark. Empty when there is nothing to say.
[[nodiscard]] std::string remarkOf(const NodeRun& run);

}  // namespace shapewise::exec
