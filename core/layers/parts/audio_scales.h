#pragma once
// Units of the axes of audio: seconds, hertz and mel, as they go through spectrogram layers.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

/// Samples a second along a time axis, from its scale; 0 when it has none.
[[nodiscard]] double axisRateHz(const tensor::TensorType& type, int axis);

/// A type's scales for writing: a copy of what it has, or new ones. Assign the result back to the type.
[[nodiscard]] std::shared_ptr<tensor::SignalScales> scalesForWriting(const tensor::TensorType& type);

/// An axis of the output lies in seconds or hertz where one of the input does.
void takeScale(tensor::TensorType& output, int to, const tensor::TensorType& input, int from);

/// An axis of `output` made of one of its own and one of `other`, value by value: the one that lies somewhere says
/// where; steps of two lengths lie nowhere. `isStretched`: of the own there is but one value, used again and again.
void joinScale(tensor::TensorType& output, int axis, const tensor::TensorType& other, int otherAxis, bool isStretched);

/// 1127 ln(1 + f/700).
[[nodiscard]] double melOf(double hertz);

}  // namespace shapewise::layers
