#pragma once
// The call of an operation on tensors as files hold it: its tensors numbered, and what else it is called with.

#include "core/io/keras/keras_calls.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace shapewise::io {

// Members of what stands for a tensor: its number, the keywords behind it, the tensor as Keras 3 wrote it, and its
// shape where the model around it told it.
inline constexpr std::string_view kInput = "@input";
inline constexpr std::string_view kKeywords = "@keywords";
inline constexpr std::string_view kModern = "@modern";
inline constexpr std::string_view kShape = "@shape";

/// What an operation is called with, in the words of Keras 3.
struct OperationArguments {
    std::string function;  ///< "add", "relu"
    bool isKeras3 = false;
    ValueList positional;
    ValueDict named;
    bool isClear = true;  ///< false where the call has a form that nobody knows

    [[nodiscard]] const Value* at(std::size_t position, std::initializer_list<std::string_view> names) const {
        for (const std::string_view name : names)
            for (const auto& [key, value] : named)
                if (key == name) return &value;
        return position < positional.size() ? &positional[position] : nullptr;
    }
    /// Whether nothing else is said than these names and that many positions; None says nothing.
    [[nodiscard]] bool hasOnly(std::size_t positions, std::initializer_list<std::string_view> names) const {
        if (positional.size() > positions) return false;
        return std::all_of(named.begin(), named.end(), [&](const auto& member) {
            return member.second.isNone() || std::find(names.begin(), names.end(), member.first) != names.end();
        });
    }
};

/// TFOpLambda and its like, as against the operations of Keras 3.
[[nodiscard]] bool isOperator(const std::string& className);
[[nodiscard]] bool isTensor(const Value* value);
[[nodiscard]] bool holdsTensor(const Value& value);

/// The call with each tensor replaced by its number; the references go to `inputs`.
[[nodiscard]] Value numbered(const Value& value, std::vector<TensorReference>& inputs);
/// The same with tensors again: `tensor` gives input k, as Keras 3 writes it where asked.
[[nodiscard]] Value withTensors(const Value& value, const std::function<Value(std::size_t, bool)>& tensor);
/// `source`: the layer as it stands under kOperation.
[[nodiscard]] OperationArguments argumentsOf(const Value& source);

}  // namespace shapewise::io
