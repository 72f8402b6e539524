#pragma once
// Weights of TensorFlow.js layers-models: a manifest of names and shapes, and files of little-endian numbers beside it.

#include "core/base/result.h"
#include "core/graph/graph.h"

#include <filesystem>
#include <string_view>

namespace shapewise::io {

/// Puts the weights named in the "weightsManifest" of `modelJson` into the nodes they are named after
/// ("conv2d/kernel", also "conv2d_1/conv2d_1/kernel:0"), inside nested models too ("encoder/conv2d/kernel", or by the
/// layer alone as Keras 2 names them). `folder`: where the files lie. Types float32, and the quantized uint8 and uint16
/// with scale and min. Fails, with no node changed, when a file is missing or too short. Returns the number of weights
/// taken over.
Result<std::size_t> loadManifestWeights(std::string_view modelJson, const std::filesystem::path& folder,
                                        graph::Graph& graph);

}  // namespace shapewise::io
