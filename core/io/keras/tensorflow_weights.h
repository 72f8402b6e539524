#pragma once
// Weights of TensorFlow.js layers-models: a manifest of names and shapes, and files of little-endian numbers beside it.

#include "core/base/value.h"
#include "core/io/formats/weight_source.h"

#include <filesystem>
#include <memory>

namespace shapewise::io {

/// `manifest`: the member "weightsManifest" of model.json. `folder`: where the files it names lie. Types float32, int32
/// and the quantized uint8 and uint16 with scale and min. Fails for a manifest that is damaged or names files outside
/// its folder; files are opened when their numbers are asked for.
[[nodiscard]] Result<std::unique_ptr<WeightSource>> tensorFlowWeights(const Value& manifest,
                                                                      const std::filesystem::path& folder);

}  // namespace shapewise::io
