#pragma once
// Which layer stored weights belong to, by the names Keras gives them.

#include "core/graph/graph.h"
#include "core/io/formats/weight_source.h"

namespace shapewise::io {

/// Puts each array into the node it is named after ("conv2d/kernel", also "conv2d_1/conv2d_1/kernel:0"), inside nested
/// models too ("encoder/conv2d/kernel", or by the layer alone as Keras 2 names them). Returns the number taken over.
/// Fails, with no node changed, when an array belongs to no layer or cannot be read.
[[nodiscard]] Result<std::size_t> placeWeights(WeightSource& source, graph::Graph& graph);

}  // namespace shapewise::io
