#pragma once
// What can be said of a layer some of whose inputs are not known, or guessed, because a layer nobody knows stands
// before it. Nothing said here is more than a guess, and a guess is no ground for a refusal.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

/// Nobody knows the weights of this node: its class, that of the layer it wraps, or one in the graph it holds.
[[nodiscard]] bool holdsUnknownLayer(const graph::Node& node);
/// The first such class: "Stranger"; empty where everything is known, and where it has no name.
[[nodiscard]] std::string unknownClassIn(const graph::Node& node);

struct PartlyInferred {
    std::vector<tensor::TensorType> outputs;  ///< guessed; empty when nothing can be said
    std::vector<diag::Refusal> refusals;      ///< of what is wrong whatever the unknown inputs are
};

/// `inputs`: one for each of `links`, null where it is not known. The rule is asked with the inputs that the ports
/// allow; what it gives for all of them is the output: Conv2D with 4 filters gives (None, None, None, 4), Reshape its
/// target, Dense nothing, since it takes any rank. Where the node says for which shape it was built, that is the input.
[[nodiscard]] PartlyInferred inferPartly(const graph::Node& node, std::span<const tensor::TensorType* const> inputs,
                                         std::span<const graph::Link> links);

}  // namespace shapewise::layers
