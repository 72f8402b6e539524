#pragma once
// Made-up data: for Sample nodes, and for Input nodes that nobody gave data.

#include "core/graph/graph.h"
#include "core/tensor/tensor.h"

#include <string>

namespace shapewise::exec {

struct SampleSpec {
    std::string kind = "normal";  ///< normal (0, 1), uniform (0..1), sine, chirp, impulse, ramp
    std::uint64_t seed = 0;
    double sampleRateHz = 16000.0;   ///< of sine and chirp
    double frequencyHz = 440.0;      ///< of sine; a chirp starts there and rises to 0.45 of the sample rate
    std::int64_t integersBelow = 0;  ///< above 0: random integers below this, whatever the kind
};

/// Time runs along axis 1; the last of three or more axes holds channels, channel c at c + 1 times the frequency;
/// samples of a batch differ in phase. With two or more spatial axes waves run along the diagonal.
/// An impulse is 1 in the middle of each sample, a ramp rises from 0 to 1 through each sample.
[[nodiscard]] tensor::Tensor makeSample(const SampleSpec& spec, tensor::Extents extents);

/// What integers a node's values are bound by: the smallest input_dim or num_tokens of the layers that look them up,
/// also behind layers that only move values. 0: no such layer.
[[nodiscard]] std::int64_t integerBound(const graph::Graph& graph, NodeId source);

}  // namespace shapewise::exec
