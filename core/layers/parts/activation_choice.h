#pragma once
// The activation functions a parameter may name, and what such a parameter means to the kernels.

#include "core/base/result.h"
#include "core/base/value.h"
#include "core/kernels/activation.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::layers {

/// Keras 3's names, sorted, aliases included.
[[nodiscard]] const std::vector<std::string_view>& activationChoices();

/// "linear" for None; the name of a text, lower case; for objects ({"class_name": "ReLU", "config": {...}} and
/// {"class_name": "function", "config": "relu"}) the function's name; empty when it is none of these.
[[nodiscard]] std::string activationNameOf(const Value& value);
/// Whether a parameter of kind Activation may have this value.
[[nodiscard]] bool isKnownActivation(const Value& value);

/// The function with its numbers (those of an object, else Keras' defaults). With `keras2`, hard_sigmoid is 0.2x + 0.5.
/// Precondition: isKnownActivation(value).
[[nodiscard]] kernels::Activation activationOf(const Value& value, bool keras2 = false);

}  // namespace shapewise::layers
