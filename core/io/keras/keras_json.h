#pragma once
// Keras models as JSON: Sequential and Functional, Keras 1 to 3, bare lists of layers, TensorFlow.js topologies.

#include "core/io/files/files.h"
#include "core/layers/framework/foreign.h"

namespace shapewise::io {

/// True when there is a model in it, however it is wrapped.
[[nodiscard]] bool isKerasModel(const Value& file);
/// `readAs`: the dialect that somebody chose; else what wrote the file decides (keras_dialect.h).
[[nodiscard]] Result<Opened> projectFromKeras(const Value& file, std::optional<layers::Dialect> readAs = std::nullopt);

/// The model as a value: kerasJson() without the text.
[[nodiscard]] Result<Value> kerasValue(const graph::Project& project, layers::Dialect dialect);

/// True when the project was read from a file of a writer before Keras 3.
[[nodiscard]] bool followsKeras2(const graph::Project& project);

/// Names of the project's properties that hold what a Keras file says of the model as a whole.
inline constexpr const char* kModelName = "model_name";
inline constexpr const char* kKerasVersion = "keras_version";  ///< as the file said it
inline constexpr const char* kDialect = "dialect";             ///< layers::DialectRow::id
inline constexpr const char* kDialectGuess = "dialect_guess";  ///< why it is one; absent when it is none
inline constexpr const char* kInputOrder = "input_order";      ///< names, where they differ from the order of nodes
inline constexpr const char* kOutputOrder =
    "output_order";  ///< ["name", output] each, where they are not the last nodes

/// Member of Node::extras: arguments of the call that are no tensors, e.g. {"use_causal_mask": true}.
inline constexpr std::string_view kCallSettings = "@call";
/// Member of Node::extras: module and registered name of a layer nobody knows.
inline constexpr std::string_view kRegistration = "@registration";

}  // namespace shapewise::io
