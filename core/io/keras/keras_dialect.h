#pragma once
// Who wrote a Keras file: decided here, from all it says, and nowhere else.

#include "core/graph/project.h"
#include "core/io/keras/keras_place.h"

#include "core/layers/framework/foreign.h"

namespace shapewise::io {

struct KerasDialect {
    layers::Dialect dialect = layers::Dialect::Keras3;
    std::string version;  ///< as the file says it: "2.2.4-tf"; empty when it does not
    /// Why it is a guess: "keras_version 2.2.4-tf is that of ..."; empty when it is none.
    std::string guess{};
    layers::Dialects others = layers::kAnyKeras;  ///< of a guess: what it may be instead
};
[[nodiscard]] KerasDialect decideDialect(const KerasPlace& place);

/// Whether some layer of the model has other settings in one of these dialects than in the assumed one.
[[nodiscard]] bool dialectMatters(const KerasModel& model, layers::Dialect assumed, layers::Dialects others);

/// Keras 0.x had neither class_name nor config; the same model as Keras 1 writes it. nullopt for anything else.
[[nodiscard]] std::optional<Value> fromKeras0(const Value& value);

/// What a project remembers of the file it was read from.
struct ReadDialect {
    layers::Dialect dialect = layers::Dialect::Keras3;
    std::string version;
    std::string guess;
    /// "Keras 2.3 (keras_version 2.3.1)", "tf.keras of TensorFlow 2, a guess".
    [[nodiscard]] std::string text() const;
};
/// nullopt for a project that was not read from a Keras file.
[[nodiscard]] std::optional<ReadDialect> readDialect(const graph::Project& project);

/// Projects of earlier versions of this program: hard_sigmoid meant what the file they came from meant by it.
void nameFormulas(graph::Project& project);

}  // namespace shapewise::io
