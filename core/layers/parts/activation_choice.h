#pragma once
// The activation functions a parameter may name, and what such a parameter means to the kernels.

#include "core/base/result.h"
#include "core/base/value.h"
#include "core/kernels/activation.h"
#include "core/layers/framework/foreign.h"
#include "core/layers/framework/param.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::layers {

/// Keras 3's names and those of functions it has no name for (hard_sigmoid_keras2, gelu_tanh), sorted, with aliases.
[[nodiscard]] const std::vector<std::string_view>& activationChoices();

/// "linear" for None; the name of a text, lower case; for objects ({"class_name": "ReLU", "config": {...}} and
/// {"class_name": "function", "config": "relu"}) the function's name; empty when it is none of these.
[[nodiscard]] std::string activationNameOf(const Value& value);
/// Whether a parameter of kind Activation may have this value.
[[nodiscard]] bool isKnownActivation(const Value& value);

/// What a file of that writer means by an activation, in our names: "hard_sigmoid" of Keras 2 is "hard_sigmoid_keras2".
[[nodiscard]] Value activationFrom(const Value& value, Dialect writer);
/// The same of any parameter, also of the layer inside a wrapper; values that hold no activation stay as they are.
[[nodiscard]] Value inOurFormulas(const ParamSpec& spec, const Value& value, Dialect writer);
/// The other way: how a file says it to that reader; nullopt where the reader has no name for the function.
[[nodiscard]] std::optional<Value> activationFor(const Value& value, Dialect reader);

/// The function with its numbers (those of an object, else Keras' defaults). Precondition: isKnownActivation(value).
[[nodiscard]] kernels::Activation activationOf(const Value& value);

}  // namespace shapewise::layers
