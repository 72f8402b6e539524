// Sources: serialization_lib.py of Keras 3; keras/layers/core/tf_op_layer.py and engine/functional.py (constants) of
// tf.keras 2.

#include "core/io/keras/keras_operation_call.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/layer_node.h"

#include <array>

namespace shapewise::io {

bool isOperator(const std::string& className) {
    return className == "TFOpLambda" || className == "SlicingOpLambda" || className == "TensorFlowOpLayer";
}

Value numbered(const Value& value, std::vector<TensorReference>& inputs) {
    TensorReference reference;
    if (readTensorReference(value, reference)) {
        ValueDict place{{std::string(kInput), Value(static_cast<std::int64_t>(inputs.size()))}};
        inputs.push_back(std::move(reference));
        if (value.isDict()) place.emplace_back(kModern, value);
        if (value.isList() && value.asList().size() == 4)
            place.emplace_back(kKeywords, numbered(value.asList()[3], inputs));
        return place;
    }
    if (value.isList()) {
        ValueList list;
        for (const Value& entry : value.asList()) list.push_back(numbered(entry, inputs));
        return list;
    }
    if (!value.isDict()) return value;
    ValueDict dict;
    for (const auto& [key, member] : value.asDict()) dict.emplace_back(key, numbered(member, inputs));
    return dict;
}

Value withTensors(const Value& value, const std::function<Value(std::size_t, bool)>& tensor) {
    if (const Value* input = value.find(kInput); input != nullptr && input->isInteger()) {
        Value reference = tensor(static_cast<std::size_t>(input->asInteger()), value.find(kModern) != nullptr);
        if (const Value* keywords = value.find(kKeywords); keywords != nullptr && reference.isList()) {
            ValueList parts = reference.asList();
            parts.push_back(withTensors(*keywords, tensor));
            return parts;
        }
        return reference;
    }
    if (value.isList()) {
        ValueList list;
        for (const Value& entry : value.asList()) list.push_back(withTensors(entry, tensor));
        return list;
    }
    if (!value.isDict()) return value;
    ValueDict dict;
    for (const auto& [key, member] : value.asDict()) dict.emplace_back(key, withTensors(member, tensor));
    return dict;
}

bool isTensor(const Value* value) { return value != nullptr && value->find(kInput) != nullptr; }

bool holdsTensor(const Value& value) {
    if (value.find(kInput) != nullptr) return true;
    if (value.isList()) return std::any_of(value.asList().begin(), value.asList().end(), holdsTensor);
    return value.isDict() && std::any_of(value.asDict().begin(), value.asDict().end(),
                                         [](const auto& member) { return holdsTensor(member.second); });
}

namespace {

/// "math.reduce_mean" and "tf.math.reduce_mean" to "mean", "ExpandDims" to "expand_dims".
std::string canonicalFunction(std::string name, bool isKeras3) {
    if (isKeras3) return baseName(name);
    for (const std::string_view prefix :
         {"tf.", "compat.v1.", "math.", "nn.", "__operators__.", "keras.backend.", "linalg."})
        if (name.starts_with(prefix)) name = name.substr(prefix.size());
    return name;
}

struct Synonym {
    std::string_view name;
    std::string_view function;
};
constexpr std::array<Synonym, 16> kSynonyms{{{"sub", "subtract"},
                                             {"mul", "multiply"},
                                             {"truediv", "divide"},
                                             {"true_divide", "divide"},
                                             {"div", "divide"},
                                             {"realdiv", "divide"},
                                             {"pow", "power"},
                                             {"floordiv", "floor_divide"},
                                             {"floormod", "mod"},
                                             {"concat", "concatenate"},
                                             {"swish", "silu"},
                                             {"re_lu", "relu"},
                                             {"getitem", "get_item"},
                                             {"re_lu6", "relu6"},
                                             {"e_lu", "elu"},
                                             {"stop_gradient", "identity"}}};

}  // namespace

OperationArguments argumentsOf(const Value& source) {
    OperationArguments arguments;
    const Value* config = source.find("config");
    const Value* call = source.find("call");
    const std::string className = textMember(source, "class_name");
    arguments.isKeras3 = !isOperator(className);
    std::string function =
        arguments.isKeras3 ? className : textMember(config != nullptr ? *config : Value(), "function");
    function = canonicalFunction(std::move(function), arguments.isKeras3);
    for (const Synonym& synonym : kSynonyms)
        if (function == synonym.name) {
            function = synonym.function;
            break;
        }
    arguments.function = std::move(function);
    if (call == nullptr) {
        arguments.isClear = false;
        return arguments;
    }
    if (call->isDict() && call->find("args") != nullptr && call->find("args")->isList()) {  // Keras 3
        for (const Value& value : call->find("args")->asList()) arguments.positional.push_back(unwrapped(value));
        if (const Value* named = call->find("kwargs"); named != nullptr && named->isDict())
            for (const auto& [key, value] : named->asDict()) arguments.named.emplace_back(key, unwrapped(value));
        if (config != nullptr && config->isDict())
            for (const auto& [key, value] : config->asDict())
                if (key != "name" && key != "dtype" && key != "trainable")
                    arguments.named.emplace_back(key, unwrapped(value));
        return arguments;
    }
    // tf.keras: [tensor with keywords], or [[tensor with keywords], ...] for a list; constants as _CONSTANT_VALUE
    const auto take = [&](const Value& value) {
        if (const Value* keywords = value.find(kKeywords); keywords != nullptr && keywords->isDict())
            for (const auto& [key, member] : keywords->asDict())
                if (arguments.at(99, {key}) == nullptr) arguments.named.emplace_back(key, unwrapped(member));
        return value;
    };
    const auto isConstant = [](const Value& value) {
        return value.isList() && value.asList().size() >= 3 && value.asList()[0] == Value("_CONSTANT_VALUE");
    };
    if (call->find(kInput) != nullptr) {
        arguments.positional.push_back(take(*call));
    } else if (isConstant(*call)) {
        arguments.positional.push_back(unwrapped(call->asList()[2]));
        if (call->asList().size() > 3 && call->asList()[3].isDict())
            for (const auto& [key, member] : call->asList()[3].asDict())
                arguments.named.emplace_back(key, unwrapped(member));
    } else if (call->isList()) {
        ValueList list;
        for (const Value& value : call->asList()) {
            if (value.find(kInput) == nullptr) arguments.isClear = false;
            list.push_back(take(value));
        }
        if (list.size() == 1 && arguments.function != "concatenate")
            arguments.positional.push_back(std::move(list.front()));
        else
            arguments.positional.emplace_back(std::move(list));
    } else {
        arguments.isClear = false;
    }
    return arguments;
}

}  // namespace shapewise::io
