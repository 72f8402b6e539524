#pragma once
// Where in a file the model stands, and what the file says of who wrote it.

#include "core/io/keras/keras_model.h"

#include <memory>

namespace shapewise::io {

/// The words of a file about its writer; those that stand nearest to the model count. Empty where it says nothing.
struct KerasWriterWords {
    std::string kerasVersion;  ///< "2.2.4-tf", "tfjs-layers 1.3.1"
    std::string backend;       ///< "tensorflow", "theano", "tensor_flow.js"
    std::string generatedBy;   ///< "keras v2.4.0", "TensorFlow.js tfjs-layers v4.22.0"
    std::string convertedBy;   ///< "TensorFlow.js Converter v1.7.0"
};

/// A model as found in a file, however it is wrapped: {"modelTopology": {"model_config": ...}}, {"keras_model":
/// "{...}"},
/// {"config": {...}}, what get_config() gives.
struct KerasPlace {
    KerasModel model;
    const Value* value = nullptr;  ///< the model itself
    KerasWriterWords words;
    /// Of a model that stands in a text inside the file: that text parsed. Else null.
    std::shared_ptr<const Value> parsed;
};

/// The outermost model of the file. nullopt when there is none.
[[nodiscard]] std::optional<KerasPlace> findKerasModel(const Value& file);

}  // namespace shapewise::io
