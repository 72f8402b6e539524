#pragma once
// The window functions a parameter of kind Window may name or hold.

#include "core/kernels/window_functions.h"
#include "core/layers/framework/param.h"

#include <optional>
#include <vector>

namespace shapewise::layers {

/// The parameter "window" of spectrogram layers.
[[nodiscard]] ParamSpec frameWindowParam();

/// The samples of a window: named ("hann", or ("kaiser", 8.0)), given as a list, or empty for None.
/// Precondition: the value has passed validate(). Fails when a list has another length, or the window cannot be made.
[[nodiscard]] Result<std::vector<double>> windowSamples(const Value& value, std::int64_t length, bool periodic);

/// How many numbers a list holds; nullopt when the window is named or None.
[[nodiscard]] std::optional<std::int64_t> listedWindowLength(const Value& value);

}  // namespace shapewise::layers
