#pragma once
// Weights of a layer: those that were loaded, or new ones as Keras' initialisers make them, from a seed.

#include "core/exec/run.h"
#include "core/layers/framework/layer.h"

namespace shapewise::exec {

/// Values of one new weight. They depend on the seeds of run and layer, the weight's name and its place alone.
/// Fixed weights follow from the layer's parameters alone.
[[nodiscard]] tensor::Tensor initialWeight(const layers::WeightSpec& spec, std::int64_t seed,
                                           std::string_view layerSeed, std::size_t place);

/// Half the width of glorot_uniform: sqrt(6 / (fan in + fan out)), fans counted as Keras does.
[[nodiscard]] double glorotLimit(const layers::WeightSpec& spec);

/// `owner` is the node whose layer it is: the node itself, or the one it shares the layer of. Layers of a nested model
/// have weights of their own, drawn from their own seeds where none were loaded (core/graph/seeds.h). `scope`: see
/// RunRequest.
[[nodiscard]] Result<std::vector<TensorPtr>> weightsOf(const graph::Node& owner, std::int64_t seed,
                                                       std::span<const layers::WeightSpec> specs,
                                                       const std::string& scope = {});

}  // namespace shapewise::exec
