#pragma once
// The file round the layers of a model: what is kept of it with the project, and the way back to the model in it.

#include "core/base/value.h"
#include "core/io/keras/keras_place.h"

namespace shapewise::io {

/// {"file", "path"}: the file with the model's list of layers empty, and the members that lead to the model. Of a model
/// that stands in a text of the file: "text", the text parsed, to which "path" belongs then, and "text_path".
[[nodiscard]] Value frameOf(const Value& file, const KerasPlace& place);
/// The same of a file that is new.
[[nodiscard]] Value frameOf(Value file);

/// The model in a frame; null where there is none.
[[nodiscard]] Value* modelIn(Value& frame);
/// The file, with the model as it is in the frame now.
[[nodiscard]] Value fileOf(Value frame);

}  // namespace shapewise::io
