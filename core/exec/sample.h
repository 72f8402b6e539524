#pragma once
// Made-up data: for Sample nodes, and for Input nodes that nobody gave data.

#include "core/graph/graph.h"
#include "core/layers/framework/facts.h"
#include "core/tensor/tensor.h"

namespace shapewise::exec {

using layers::SampleSpec;

/// Time runs along axis 1; the last of three or more axes holds channels, channel c at c + 1 times the frequency;
/// samples of a batch differ in phase. With two or more spatial axes waves run along the diagonal.
/// An impulse is 1 in the middle of each sample, a ramp rises from 0 to 1 through each sample.
[[nodiscard]] tensor::Tensor makeSample(const SampleSpec& spec, tensor::Extents extents);

/// What integers a node's values are bound by: the smallest LayerType::integersBelow of the layers that look them up,
/// also behind layers that only move values. 0: no such layer.
[[nodiscard]] std::int64_t integerBound(const graph::Graph& graph, NodeId source);

}  // namespace shapewise::exec
