// Sources: keras/src/ops (arguments of operations), serialization_lib.py (slices, tuples) of Keras 3;
// keras/layers/core/tf_op_layer.py and engine/functional.py (constants, slices) of tf.keras 2.

#include "core/io/keras/keras_operations.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_operation_call.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/param.h"

#include <algorithm>
#include <array>

namespace shapewise::io {

namespace {

// What it does
// -----------------------------------------------------------------------------------------------------------

struct Meaning {
    std::string className;
    ValueDict settings;
    std::vector<std::int64_t> inputs;  ///< numbers of the tensors, in the order of ports
};

std::int64_t numberOf(const Value& tensor) { return tensor.find(kInput)->asInteger(); }

bool isNumeric(const Value& value) {
    if (value.isNumber()) return true;
    return value.isList() && !value.asList().empty() &&
           std::all_of(value.asList().begin(), value.asList().end(), isNumeric);
}

/// The rank that Keras 3 notes with a tensor; nullopt where the file does not.
std::optional<std::size_t> notedRank(const Value& tensor) {
    const Value* modern = tensor.find(kModern);
    TensorReference reference;
    if (modern == nullptr || !readTensorReference(*modern, reference) || !reference.shape.isList()) return std::nullopt;
    return reference.shape.asList().size();
}

std::optional<Meaning> binary(const OperationArguments& arguments) {
    constexpr std::array<std::string_view, 9> kNames{"add",     "subtract", "multiply",     "divide", "power",
                                                     "maximum", "minimum",  "floor_divide", "mod"};
    if (std::find(kNames.begin(), kNames.end(), arguments.function) == kNames.end()) return std::nullopt;
    const Value* a = arguments.at(0, {"x", "x1", "a"});
    const Value* b = arguments.at(1, {"y", "x2", "b"});
    if (!arguments.hasOnly(2, {"x", "x1", "y", "x2", "a", "b", "name"})) return std::nullopt;
    if (isTensor(a) && isTensor(b)) {
        constexpr std::array<std::string_view, 5> kLayers{"add", "subtract", "multiply", "maximum", "minimum"};
        const bool hasLayer = std::find(kLayers.begin(), kLayers.end(), arguments.function) != kLayers.end();
        const std::optional<std::size_t> rank = notedRank(*a);
        if (hasLayer && rank && rank == notedRank(*b)) {
            std::string className = arguments.function;
            className[0] = static_cast<char>(className[0] - 'a' + 'A');
            return Meaning{className, {}, {numberOf(*a), numberOf(*b)}};
        }
        return Meaning{"TensorArithmetic",
                       {{"function", arguments.function}, {"constant", Value()}},
                       {numberOf(*a), numberOf(*b)}};
    }
    const bool isFirst = isTensor(b);
    const Value* constant = isFirst ? a : b;
    const Value* tensor = isFirst ? b : a;
    if (!isTensor(tensor) || constant == nullptr || !isNumeric(*constant)) return std::nullopt;
    Meaning meaning{
        "TensorArithmetic", {{"function", arguments.function}, {"constant", *constant}}, {numberOf(*tensor)}};
    if (isFirst) meaning.settings.emplace_back("constant_first", true);
    return meaning;
}

/// Functions of each value that Activation knows with the same numbers.
std::optional<Meaning> activation(const OperationArguments& arguments) {
    constexpr std::array<std::string_view, 12> kNames{"relu", "relu6", "sigmoid",     "tanh",
                                                      "elu",  "selu",  "softplus",    "softsign",
                                                      "silu", "gelu",  "log_sigmoid", "leaky_relu"};
    const std::string& function = arguments.function;
    const Value* x = arguments.at(0, {"x", "features", "logits", "inputs"});
    if (!isTensor(x)) return std::nullopt;
    constexpr std::array<std::string_view, 7> kPlain{"x", "features", "logits", "inputs", "name", "alpha", "beta"};
    const auto holds = [&](std::string_view key, const Value& wanted) {
        const Value* value = arguments.at(99, {key});
        return value == nullptr || value->isNone() || *value == wanted;
    };
    if (function == "softmax" || function == "log_softmax") {
        const Value* axis = arguments.at(1, {"axis"});
        if (!arguments.hasOnly(2, {"x", "logits", "axis", "name"})) return std::nullopt;
        const Value along = axis == nullptr || axis->isNone() ? Value(-1) : *axis;
        if (function == "log_softmax" && along != Value(-1)) return std::nullopt;
        if (function == "log_softmax") return Meaning{"Activation", {{"activation", function}}, {numberOf(*x)}};
        if (!along.isInteger()) return std::nullopt;
        return Meaning{"Softmax", {{"axis", along}}, {numberOf(*x)}};
    }
    if (std::find(kNames.begin(), kNames.end(), function) == kNames.end()) return std::nullopt;
    if (function == "leaky_relu") {
        const Value* slope = arguments.at(1, {"alpha", "negative_slope"});
        if (!arguments.hasOnly(2, {"x", "features", "alpha", "negative_slope", "name"})) return std::nullopt;
        const Value factor = slope == nullptr || slope->isNone() ? Value(0.2) : *slope;
        if (!factor.isNumber()) return std::nullopt;
        return Meaning{"LeakyReLU", {{"negative_slope", factor}}, {numberOf(*x)}};
    }
    if (function == "gelu") {  // without approximation; tf.nn.gelu has none unless asked, Keras 3 has one
        const Value* approximate = arguments.at(1, {"approximate"});
        const bool isApproximate =
            approximate == nullptr || approximate->isNone() ? arguments.isKeras3 : *approximate != Value(false);
        if (isApproximate || !arguments.hasOnly(2, {"x", "features", "approximate", "name"})) return std::nullopt;
        return Meaning{"Activation", {{"activation", function}}, {numberOf(*x)}};
    }
    if (function == "elu" && !holds("alpha", Value(1.0))) return std::nullopt;
    if (function == "silu" && !holds("beta", Value(1.0))) return std::nullopt;
    const bool isPlain =
        arguments.positional.size() <= 1 &&
        std::all_of(arguments.named.begin(), arguments.named.end(), [&](const auto& member) {
            return member.second.isNone() || std::find(kPlain.begin(), kPlain.end(), member.first) != kPlain.end();
        });
    if (!isPlain) return std::nullopt;
    return Meaning{"Activation", {{"activation", function}}, {numberOf(*x)}};
}

/// {"class_name": "__slice__", "config": {...}}, "__ellipsis__", {"start", ...} and what is written plainly.
std::optional<Value> keyPart(const Value& part) {
    if (part.isInteger() || part.isNone() || part == Value("...")) return part;
    if (!part.isDict()) return std::nullopt;
    const std::string className = textMember(part, "class_name");
    if (className == "__ellipsis__") return Value("...");
    const Value* config = className == "__slice__" || className == "slice" ? part.find("config") : &part;
    if (config == nullptr || !config->isDict()) return std::nullopt;
    ValueDict slice;
    for (const char* key : {"start", "stop", "step"}) {
        const Value* value = config->find(key);
        if (value != nullptr && !value->isNone() && !value->isInteger()) return std::nullopt;
        slice.emplace_back(key, value != nullptr ? *value : Value());
    }
    const bool knowsAll = std::all_of(config->asDict().begin(), config->asDict().end(), [](const auto& member) {
        return member.first == "start" || member.first == "stop" || member.first == "step";
    });
    if (!knowsAll) return std::nullopt;
    return Value(std::move(slice));
}

std::optional<Meaning> item(const OperationArguments& arguments) {
    const Value* x = arguments.at(0, {"x", "tensor"});
    const Value* key = arguments.at(1, {"key", "slice_spec"});
    if (!isTensor(x) || key == nullptr || !arguments.hasOnly(2, {"x", "tensor", "key", "slice_spec", "name"}))
        return std::nullopt;
    const ValueList single{*key};
    ValueList parts;
    for (const Value& part : key->isList() ? key->asList() : single) {
        std::optional<Value> read = keyPart(part);
        if (!read) return std::nullopt;
        parts.push_back(std::move(*read));
    }
    return Meaning{"GetItem", {{"key", Value(std::move(parts))}}, {numberOf(*x)}};
}

/// Operations that change axes alone.
std::optional<Meaning> shaping(const OperationArguments& arguments) {
    const std::string& function = arguments.function;
    const Value* x = arguments.at(0, {"x", "input", "a", "values", "xs", "tensors", "inputs"});
    if (x == nullptr) return std::nullopt;
    if (function == "concatenate") {
        const Value* axis = arguments.at(1, {"axis"});
        if (!x->isList() || !arguments.hasOnly(2, {"values", "xs", "tensors", "inputs", "axis", "name"}))
            return std::nullopt;
        const Value along = axis == nullptr || axis->isNone() ? Value(arguments.isKeras3 ? -1 : 0) : *axis;
        Meaning meaning{"Concatenate", {{"axis", along}}, {}};
        for (const Value& tensor : x->asList()) {
            if (!isTensor(&tensor)) return std::nullopt;
            meaning.inputs.push_back(numberOf(tensor));
        }
        return along.isInteger() && along != Value(0) ? std::optional(std::move(meaning)) : std::nullopt;
    }
    if (!isTensor(x)) return std::nullopt;
    if (function == "transpose") {
        const Value* order = arguments.at(1, {"perm", "axes"});
        if (order == nullptr || !order->isList() || order->asList().size() < 2 || order->asList()[0] != Value(0) ||
            !arguments.hasOnly(2, {"x", "a", "perm", "axes", "name", "conjugate"}))
            return std::nullopt;
        const Value* conjugate = arguments.at(99, {"conjugate"});
        if (conjugate != nullptr && !conjugate->isNone() && *conjugate != Value(false)) return std::nullopt;
        const ValueList& axes = order->asList();
        if (!std::all_of(axes.begin(), axes.end(),
                         [](const Value& axis) { return axis.isInteger() && axis.asInteger() >= 0; }))
            return std::nullopt;
        return Meaning{"Permute", {{"dims", Value(ValueList(axes.begin() + 1, axes.end()))}}, {numberOf(*x)}};
    }
    const Value* axis = arguments.at(1, {"axis"});
    if (function == "expand_dims" && axis != nullptr && axis->isInteger() &&
        arguments.hasOnly(2, {"x", "input", "axis", "name"}))
        return Meaning{"ExpandDims", {{"axis", *axis}}, {numberOf(*x)}};
    const bool namesAxes = axis != nullptr && (axis->isInteger() || (axis->isList() && !axis->asList().empty()));
    if (function == "squeeze" && namesAxes && arguments.hasOnly(2, {"x", "input", "axis", "name"}))
        return Meaning{"Squeeze", {{"axis", *axis}}, {numberOf(*x)}};
    if ((function == "identity" || function == "convert_to_tensor") && arguments.hasOnly(1, {"x", "input", "name"}))
        return Meaning{"Identity", {}, {numberOf(*x)}};
    const Value* type = arguments.at(1, {"dtype"});
    if (function == "cast" && type != nullptr && (*type == Value("float32") || *type == Value("float")) &&
        arguments.hasOnly(2, {"x", "dtype", "name"}))
        return Meaning{"Activation", {{"activation", "linear"}}, {numberOf(*x)}};
    return std::nullopt;
}

/// tf.reshape and keras.ops.reshape count the batch; a Reshape layer does not. They agree where the first size is the
/// batch: -1 in front of sizes of which the product is that of a sample, which the layer then checks.
std::optional<Meaning> reshaping(const OperationArguments& arguments) {
    if (arguments.function != "reshape") return std::nullopt;
    const Value* x = arguments.at(0, {"tensor", "x"});
    const Value* shape = arguments.at(1, {"shape", "newshape"});
    if (!isTensor(x) || shape == nullptr || !shape->isList() || shape->asList().size() < 2 ||
        !arguments.hasOnly(2, {"tensor", "x", "shape", "newshape", "name"}))
        return std::nullopt;
    const ValueList& sizes = shape->asList();
    const bool isBatchFirst = sizes[0].isNone() || sizes[0] == Value(-1);
    const bool areSizes = std::all_of(sizes.begin() + 1, sizes.end(),
                                      [](const Value& size) { return size.isInteger() && size.asInteger() > 0; });
    if (!isBatchFirst || !areSizes) return std::nullopt;
    const Value* modern = x->find(kModern);  // Keras 3 notes what comes in
    TensorReference reference;
    if (const Value* found = x->find(kShape))
        reference.shape = *found;
    else if (modern == nullptr || !readTensorReference(*modern, reference))
        return std::nullopt;
    if (!reference.shape.isList()) return std::nullopt;
    double inside = 1.0;
    double wanted = 1.0;
    for (std::size_t axis = 1; axis < reference.shape.asList().size(); ++axis) {
        if (!reference.shape.asList()[axis].isInteger()) return std::nullopt;
        inside *= reference.shape.asList()[axis].asReal();
    }
    for (std::size_t axis = 1; axis < sizes.size(); ++axis) wanted *= sizes[axis].asReal();
    if (inside != wanted) return std::nullopt;
    return Meaning{"Reshape", {{"target_shape", Value(ValueList(sizes.begin() + 1, sizes.end()))}}, {numberOf(*x)}};
}

std::optional<Meaning> meaningOf(const Value& source) {
    const OperationArguments arguments = argumentsOf(source);
    if (!arguments.isClear) return std::nullopt;
    for (auto* const read : {binary, activation, shaping, reshaping})
        if (std::optional<Meaning> meaning = read(arguments)) return meaning;
    if (arguments.function == "get_item") return item(arguments);
    return std::nullopt;
}

/// Whether a call with tensors in all these places means nothing else: each tensor is an input of the layer.
bool usesAll(const Meaning& meaning, std::size_t tensors) {
    std::vector<std::int64_t> used = meaning.inputs;
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used.size() == tensors;
}

}  // namespace

std::optional<ReadOperation> readOperation(const Value& layer) {
    const std::string className = textMember(layer, "class_name");
    const bool isKeras3 = textMember(layer, "module").find(".ops") != std::string::npos;
    const Value* inbound = layer.find("inbound_nodes");
    if ((!isKeras3 && !isOperator(className)) || inbound == nullptr || !inbound->isList() ||
        inbound->asList().size() != 1)
        return std::nullopt;
    ReadOperation read;
    ValueDict source;
    for (const auto& [key, value] : layer.asDict())
        if (key != "inbound_nodes" && key != "name") source.emplace_back(key, value);
    source.emplace_back("call", numbered(inbound->asList()[0], read.inputs));
    read.source = Value(std::move(source));
    std::optional<Meaning> meaning = meaningOf(read.source);
    if (meaning && usesAll(*meaning, read.inputs.size())) {
        std::vector<TensorReference> ordered;
        for (const std::int64_t number : meaning->inputs)
            ordered.push_back(read.inputs[static_cast<std::size_t>(number)]);
        read.inputs = std::move(ordered);
        read.className = std::move(meaning->className);
        read.settings = std::move(meaning->settings);
        return read;
    }
    const Value* config = layer.find("config");
    read.className = isKeras3 ? "ops." + className : className;
    if (config != nullptr && config->isDict()) read.settings = config->asDict();
    takeMember(read.settings, "name");
    return read;
}

bool dependsOnShape(const Value& source) { return argumentsOf(source).function == "reshape"; }

std::optional<ReadOperation> withInputShape(const Value& source, const Value& shape) {
    ReadOperation read;
    read.source = source;
    ValueDict& members = read.source.asDict();
    Value* call = findMember(members, "call");
    while (call != nullptr && call->isList() && call->asList().size() == 1) call = &call->asList()[0];
    if (call == nullptr || call->find(kInput) == nullptr) return std::nullopt;
    setMember(call->asDict(), kShape, shape);
    std::optional<Meaning> meaning = meaningOf(read.source);
    if (!meaning || meaning->inputs.size() != 1) return std::nullopt;
    read.className = std::move(meaning->className);
    read.settings = std::move(meaning->settings);
    return read;
}

std::optional<Value> unchangedOperation(const graph::Node& node,
                                        const std::function<Value(std::size_t, bool)>& tensor) {
    const Value* source = nullptr;
    for (const auto& [key, value] : node.extras)
        if (key == kOperation) source = &value;
    if (source == nullptr || source->find("call") == nullptr) return std::nullopt;
    std::vector<std::size_t> placeOf;  // of each tensor among the inputs
    if (const std::optional<Meaning> meaning = meaningOf(*source); meaning && !isStandIn(node)) {
        const auto same = makeLayerNode(meaning->className, meaning->settings, node.id, node.name);
        if (same->type != node.type || same->settings != node.settings || node.inputs.size() != meaning->inputs.size())
            return std::nullopt;
        placeOf.resize(meaning->inputs.size());
        for (std::size_t port = 0; port < meaning->inputs.size(); ++port) {
            const auto number = static_cast<std::size_t>(meaning->inputs[port]);
            if (number >= placeOf.size()) return std::nullopt;
            placeOf[number] = port;
        }
    } else if (isStandIn(node)) {
        for (std::size_t port = 0; port < node.inputs.size(); ++port) placeOf.push_back(port);
    } else {
        return std::nullopt;
    }
    bool fits = true;
    Value call = withTensors(*source->find("call"), [&](std::size_t number, bool isModern) {
        fits = fits && number < placeOf.size();
        return fits ? tensor(placeOf[number], isModern) : Value();
    });
    if (!fits) return std::nullopt;
    ValueDict layer;
    for (const auto& [key, value] : source->asDict())
        if (key != "call") layer.emplace_back(key, value);
    if (Value* config = findMember(layer, "config"); config != nullptr && config->isDict())
        if (Value* name = findMember(config->asDict(), "name");
            name != nullptr && !isOperator(textMember(*source, "class_name")))
            *name = Value(node.name);
    layer.emplace_back("name", node.name);
    layer.emplace_back("inbound_nodes", Value(ValueList{std::move(call)}));
    return Value(std::move(layer));
}

}  // namespace shapewise::io
