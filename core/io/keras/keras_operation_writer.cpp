// Layers that Keras has as operations alone, written as Keras 3 and tf.keras 2 do.

#include "core/io/keras/keras_operation_call.h"
#include "core/io/keras/keras_operations.h"
#include "core/layers/framework/layer.h"

#include <array>
#include <utility>

namespace shapewise::io {

std::optional<Keras3Operation> keras3Operation(const graph::Node& node) {
    const layers::Params params(node);
    const std::string_view type = node.type->className;
    const auto input = [](std::size_t number) {
        return Value(ValueDict{{std::string(kInput), Value(static_cast<std::int64_t>(number))}});
    };
    if (type == "ExpandDims")
        return Keras3Operation{"ExpandDims", "expand_dims", {input(0)}, {{"axis", params["axis"]}}};
    if (type == "Squeeze") return Keras3Operation{"Squeeze", "squeeze", {input(0)}, {{"axis", params["axis"]}}};
    if (type == "GetItem") return Keras3Operation{"GetItem", {}, {input(0), params["key"]}, {}};
    if (type != "TensorArithmetic") return std::nullopt;
    Keras3Operation operation{
        .className = {}, .function = std::string(params.text("function")), .arguments = {}, .config = {}};
    bool startsWord = true;
    for (const char letter : operation.function) {
        if (letter != '_') operation.className += startsWord ? static_cast<char>(letter - 'a' + 'A') : letter;
        startsWord = letter == '_';
    }
    const bool hasConstant = !params.isNone("constant");
    operation.arguments = {input(0), hasConstant ? params["constant"] : input(1)};
    if (hasConstant && params.flag("constant_first")) std::swap(operation.arguments[0], operation.arguments[1]);
    return operation;
}

std::optional<std::size_t> operationInput(const Value& argument) {
    const Value* number = argument.find(kInput);
    if (number == nullptr) return std::nullopt;
    return static_cast<std::size_t>(number->asInteger());
}

Value operationLayer(const Keras3Operation& operation, const std::string& name,
                     const std::function<Value(std::size_t, bool)>& tensor) {
    const auto written = [&](const Value& argument) -> Value {
        if (const std::optional<std::size_t> input = operationInput(argument)) return tensor(*input, true);
        if (!operation.function.empty() || !argument.isList()) return argument;
        ValueList key;
        for (const Value& part : argument.asList()) {
            if (part.isDict())
                key.push_back(ValueDict{{"class_name", "__slice__"}, {"config", part}});
            else if (part == Value("..."))
                key.push_back(ValueDict{{"class_name", "__ellipsis__"}, {"config", ValueDict{}}});
            else
                key.push_back(part);
        }
        return key;
    };
    ValueList arguments;
    for (const Value& argument : operation.arguments) arguments.push_back(written(argument));
    ValueDict config{{"name", name}};
    config.insert(config.end(), operation.config.begin(), operation.config.end());
    ValueDict call{{"args", std::move(arguments)}, {"kwargs", ValueDict{}}};
    return ValueDict{{"module", "keras.src.ops.numpy"},
                     {"class_name", operation.className},
                     {"config", std::move(config)},
                     {"registered_name", operation.className},
                     {"name", name},
                     {"inbound_nodes", ValueList{Value(std::move(call))}}};
}

Value tfOperationLayer(const Keras3Operation& operation, const std::string& name,
                       const std::function<Value(std::size_t, bool)>& tensor) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames{{{"add", "math.add"},
                                                                                   {"subtract", "math.subtract"},
                                                                                   {"multiply", "math.multiply"},
                                                                                   {"divide", "math.truediv"},
                                                                                   {"power", "math.pow"},
                                                                                   {"maximum", "math.maximum"},
                                                                                   {"minimum", "math.minimum"},
                                                                                   {"floor_divide", "math.floordiv"},
                                                                                   {"mod", "math.floormod"}}};
    const bool isSlice = operation.function.empty();
    std::string function = isSlice ? "__operators__.getitem" : operation.function;
    for (const auto& [ours, theirs] : kNames)
        if (operation.function == ours) function = theirs;
    const auto written = [&](const Value& argument) {
        const std::optional<std::size_t> input = operationInput(argument);
        return input ? tensor(*input, false) : argument;
    };
    ValueDict keywords;
    if (isSlice) {
        ValueList key;
        for (const Value& part : operation.arguments[1].asList())
            key.push_back(part == Value("...") ? Value(ValueDict{{"class_name", "__ellipsis__"}}) : part);
        keywords.emplace_back("slice_spec", std::move(key));
    } else {
        if (operation.arguments.size() > 1) keywords.emplace_back("y", written(operation.arguments[1]));
        keywords.insert(keywords.end(), operation.config.begin(), operation.config.end());
        keywords.emplace_back("name", Value());
    }
    Value first = written(operation.arguments[0]);
    ValueList call = operationInput(operation.arguments[0]) && first.isList()
                         ? first.asList()
                         : ValueList{Value("_CONSTANT_VALUE"), Value(-1), std::move(first)};
    call.emplace_back(std::move(keywords));
    ValueDict config{{"name", name}, {"trainable", true}, {"dtype", "float32"}, {"function", std::move(function)}};
    return ValueDict{{"class_name", isSlice ? "SlicingOpLambda" : "TFOpLambda"},
                     {"config", std::move(config)},
                     {"name", name},
                     {"inbound_nodes", ValueList{Value(std::move(call))}}};
}

}  // namespace shapewise::io
