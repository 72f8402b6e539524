#pragma once
// Units of the axes of audio: seconds, hertz and mel, as they go through spectrogram layers.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

/// Samples a second along a time axis, from its scale; 0 when it has none.
[[nodiscard]] double axisRateHz(const tensor::TensorType& type, int axis);

/// A type's scales for writing: a copy of what it has, or new ones. Assign the result back to the type.
[[nodiscard]] std::shared_ptr<tensor::SignalScales> scalesForWriting(const tensor::TensorType& type);

/// 1127 ln(1 + f/700).
[[nodiscard]] double melOf(double hertz);

}  // namespace shapewise::layers
