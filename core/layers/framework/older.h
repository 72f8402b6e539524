#pragma once
// Layers that newer dialects dropped. The fact stands in the layer's table: its own name is among its foreign classes,
// with the dialects that have it.

#include "core/layers/framework/layer.h"

#include <memory>

namespace shapewise::layers {

/// True for a layer that Keras 3 does not have.
[[nodiscard]] bool isOfOlderDialect(const LayerType& type);
/// "Keras 1", "Keras 2", "Keras 1 and 2": who has a layer that Keras 3 dropped; empty for any other.
[[nodiscard]] std::string_view olderDialectTitle(const LayerType& type);

/// The same node as a layer of Keras 3 with the same numbers, its weights but for their layout; null where Keras 3 has
/// none, and for layers that Keras 3 has itself. Without weights that were loaded for the other layout.
[[nodiscard]] std::shared_ptr<graph::Node> inKeras3(const graph::Node& node);

}  // namespace shapewise::layers
