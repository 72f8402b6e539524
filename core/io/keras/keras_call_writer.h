#pragma once
// References to tensors in calls and in lists of inputs and outputs, changed in place so that the rest stays as the
// file had it.

#include "core/base/value.h"
#include "core/io/keras/keras_calls.h"

#include <functional>
#include <optional>
#include <vector>

namespace shapewise::io {

/// ["a", 0, 0], the one inside a __keras_tensor__ too, with what else the file says there.
struct ReferencePlace {
    Value* list = nullptr;    ///< ["a", 0, 0]
    Value* tensor = nullptr;  ///< config of the __keras_tensor__ round it; null when there is none
};

/// All references in a call, in the order in which readCalls() gives its arguments. A keyword that is given something
/// besides tensors is no argument, and its references are left out.
[[nodiscard]] std::vector<ReferencePlace> referencesOfCall(Value& call);
/// All references in input_layers or output_layers, from first to last.
[[nodiscard]] std::vector<ReferencePlace> referencesOfEnds(Value& ends);

/// Whether two shapes, the batch first, have other ranks, or sizes that are known on both sides and differ.
[[nodiscard]] bool contradicts(const Value& declared, const Value& found);

void setReference(Value& list, const TensorReference& reference);

}  // namespace shapewise::io
