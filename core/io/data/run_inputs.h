#pragma once
// Data that a person gives a run: "NODE=FILE".

#include "core/exec/run.h"
#include "core/infer/analysis.h"

#include <string_view>

namespace shapewise::io {

struct RunInput {
    NodeId node;
    exec::TensorPtr values;
    std::string note{};  ///< what was done to the array so that it fits; may be empty
};

/// Reads the .npy file for the Input node. The name ends at the first = that leaves the name of a node before it. Fails
/// for an unknown node, one that takes no data, a file that cannot be read, and an array of another shape; one sample
/// without its batch axis gets one of size 1.
[[nodiscard]] Result<RunInput> readRunInput(const graph::Graph& graph, const infer::Analysis& analysis,
                                            std::string_view argument);

}  // namespace shapewise::io
