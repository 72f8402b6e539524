#pragma once
// Operations on tensors that a model file holds as layers: TFOpLambda and SlicingOpLambda of tf.keras 2, the operations
// of Keras 3. Read as the layer that does the same where that is certain, else kept as a layer nobody knows; either way
// they are written as they came until someone changes them.

#include "core/io/keras/keras_calls.h"
#include "core/io/keras/keras_entry.h"

#include "core/graph/node.h"

#include <functional>
#include <optional>

namespace shapewise::io {

/// Member of Node::extras: the layer as the file has it, its tensors replaced by their number.
inline constexpr std::string_view kOperation = "@operation";

struct ReadOperation {
    std::string className;  ///< ours; of a class nobody knows where it is not certain what it does
    ValueDict settings;
    std::vector<TensorReference> inputs;
    Value source;  ///< for kOperation
};
/// nullopt for a layer that is no operation, or is called more than once.
[[nodiscard]] std::optional<ReadOperation> readOperation(const Value& layer);

/// Whether what an operation does hangs on the shape of its input, which tf.keras does not note with a call.
[[nodiscard]] bool dependsOnShape(const Value& source);
/// The operation, now that this is known; `inputs` stay as they are. nullopt where it is none of our layers even so.
[[nodiscard]] std::optional<ReadOperation> withInputShape(const Value& source, const Value& shape);

/// The layer as it came, with these tensors in it; nullopt when the node is no operation or no longer what was read.
/// `tensor`: input k as [layer, call, output], or as a Keras 3 tensor where `isModern`.
[[nodiscard]] std::optional<Value> unchangedOperation(
    const graph::Node& node, const std::function<Value(std::size_t input, bool isModern)>& tensor);

/// A layer that Keras 3 has as an operation alone: its class among the operations and what it is called with.
struct Keras3Operation {
    std::string className;  ///< "ExpandDims"
    std::string function;   ///< "expand_dims"; empty for x[...]
    ValueList arguments;    ///< tensors as {"@input": number}
    ValueDict config;
};
[[nodiscard]] std::optional<Keras3Operation> keras3Operation(const graph::Node& node);
/// The number of the tensor an argument stands for; nullopt for a constant.
[[nodiscard]] std::optional<std::size_t> operationInput(const Value& argument);
/// As Keras 3 writes it in a model.
[[nodiscard]] Value operationLayer(const Keras3Operation& operation, const std::string& name,
                                   const std::function<Value(std::size_t input, bool isModern)>& tensor);

/// As tf.keras 2 writes it: TFOpLambda, SlicingOpLambda.
[[nodiscard]] Value tfOperationLayer(const Keras3Operation& operation, const std::string& name,
                                     const std::function<Value(std::size_t input, bool isModern)>& tensor);

}  // namespace shapewise::io
