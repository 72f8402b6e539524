#pragma once
// Models used as layers: the graph in graph::Node::body, its Input nodes being the inputs in the order of their ids.

#include "core/layers/layer.h"

#include <unordered_map>

namespace shapewise::layers {

/// What the nodes of a body give for these inputs.
using BodyTypes = std::unordered_map<NodeId, std::vector<tensor::TensorType>>;

/// The first node of the body that refuses, and why.
struct BodyProblem {
    std::string node;      ///< empty: the inputs do not fit the body
    std::string reason;
};

/// Infers the body producers first. nullopt in `problem` when all went well; nodes that give nothing are left out.
[[nodiscard]] BodyTypes inferBody(const graph::Graph& body, std::span<const tensor::TensorType* const> inputs,
                                  std::optional<BodyProblem>& problem);

/// Of all layers in the body, each shared one counted once; nullopt while one is not known.
[[nodiscard]] std::optional<ParameterCount> bodyParameterCount(const graph::Graph& body,
                                                               std::span<const tensor::TensorType* const> inputs);

}  // namespace shapewise::layers
