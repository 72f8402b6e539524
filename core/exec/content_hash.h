#pragma once
// The key under which a node's output is kept: a hash of everything it depends on.

#include "core/exec/plan.h"

namespace shapewise::exec {

/// `inputs`: content hashes of the producers, in the order of the node's links. `source`: what identifies values that
/// come from outside (a given array, a file, made-up data); 0 for layers.
[[nodiscard]] std::uint64_t contentHash(const PlannedNode& planned, const RunRequest& request, ActivationStore& store,
                                        std::span<const std::uint64_t> inputs, std::uint64_t source);

/// Of new weights made for a layer. `scope`: see RunRequest.
[[nodiscard]] std::uint64_t weightsKey(const PlannedNode& planned, std::int64_t seed, const std::string& scope);

/// Of what a layer keeps between runs: a hash of its settings, its weights and the sizes of its inputs.
[[nodiscard]] std::uint64_t preparedKey(const PlannedNode& planned, const RunRequest& request, ActivationStore& store);

/// Of values read from a file with a node's settings; `stamp` tells the file.
[[nodiscard]] std::uint64_t fileKey(const graph::Node& node, std::uint64_t stamp);

[[nodiscard]] std::uint64_t valuesHash(const tensor::Tensor& values);

}  // namespace shapewise::exec
