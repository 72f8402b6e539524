#pragma once
// What inbound_nodes of a Functional model say: each entry is one call of the layer on tensors of other layers.

#include "core/base/result.h"
#include "core/base/value.h"

#include <string>
#include <vector>

namespace shapewise::io {

/// Output `output` of the `call`-th call of a layer.
struct TensorReference {
    std::string layer;
    std::int64_t call = 0;
    std::int64_t output = 0;
    Value shape;  ///< batch first, as Keras 3 writes it; None before
};

struct CallArgument {
    std::string name;          ///< empty for positional ones
    std::size_t position = 0;  ///< of a positional argument, or in the list given for a named one
    bool fromList = false;     ///< one of a list given as one argument, as merge layers take
    TensorReference tensor;
};

struct LayerCall {
    std::vector<CallArgument> arguments;
    ValueDict settings;         ///< arguments that are no tensors: training, use_causal_mask
    bool hasConstants = false;  ///< positional arguments that are no tensors
};

/// Keras 1 and 2: [[["a", 0, 0, {}], ...], ...]; Keras 3: [{"args": [...], "kwargs": {...}}, ...].
[[nodiscard]] Result<std::vector<LayerCall>> readCalls(const Value& inboundNodes, const std::string& where);

/// ["a", 0, 0] or a __keras_tensor__; false when it is neither.
[[nodiscard]] bool readTensorReference(const Value& value, TensorReference& reference);

}  // namespace shapewise::io
