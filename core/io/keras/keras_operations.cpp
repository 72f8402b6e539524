// Sources: keras/src/ops (arguments of operations), serialization_lib.py (slices, tuples) of Keras 3;
// keras/layers/core/tf_op_layer.py and engine/functional.py (constants, slices) of tf.keras 2.

#include "core/io/keras/keras_operations.h"

#include "core/io/keras/layer_node.h"
#include "core/layers/framework/param.h"

#include <algorithm>
#include <array>

namespace shapewise::io {

namespace {

constexpr std::string_view kInput = "@input";
constexpr std::string_view kKeywords = "@keywords";
constexpr std::string_view kModern = "@modern";
constexpr std::string_view kShape = "@shape";  ///< of the tensor, where the model around it told it

std::string textOf(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isText() ? member->asText() : std::string();
}

bool isOperator(const std::string& className) {
    return className == "TFOpLambda" || className == "SlicingOpLambda" || className == "TensorFlowOpLayer";
}

// Tensors in a call
// ---------------------------------------------------------------------------------------------------------

/// The call with each tensor replaced by its number; the references go to `inputs`.
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

// What an operation is called with
// ---------------------------------------------------------------------------------------

struct Arguments {
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

bool isTensor(const Value* value) { return value != nullptr && value->find(kInput) != nullptr; }

bool holdsTensor(const Value& value) {
    if (value.find(kInput) != nullptr) return true;
    if (value.isList()) return std::any_of(value.asList().begin(), value.asList().end(), holdsTensor);
    return value.isDict() && std::any_of(value.asDict().begin(), value.asDict().end(),
                                         [](const auto& member) { return holdsTensor(member.second); });
}

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

Arguments argumentsOf(const Value& source) {
    Arguments arguments;
    const Value* config = source.find("config");
    const Value* call = source.find("call");
    const std::string className = textOf(source, "class_name");
    arguments.isKeras3 = !isOperator(className);
    std::string function = arguments.isKeras3 ? className : textOf(config != nullptr ? *config : Value(), "function");
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

std::optional<Meaning> binary(const Arguments& arguments) {
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
std::optional<Meaning> activation(const Arguments& arguments) {
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
    const std::string className = textOf(part, "class_name");
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

std::optional<Meaning> item(const Arguments& arguments) {
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
std::optional<Meaning> shaping(const Arguments& arguments) {
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
std::optional<Meaning> reshaping(const Arguments& arguments) {
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
    const Arguments arguments = argumentsOf(source);
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
    const std::string className = textOf(layer, "class_name");
    const bool isKeras3 = textOf(layer, "module").find(".ops") != std::string::npos;
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
            name != nullptr && !isOperator(textOf(*source, "class_name")))
            *name = Value(node.name);
    layer.emplace_back("name", node.name);
    layer.emplace_back("inbound_nodes", Value(ValueList{std::move(call)}));
    return Value(std::move(layer));
}

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
    constexpr std::array<Synonym, 9> kNames{{{"add", "math.add"},
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
    for (const Synonym& synonym : kNames)
        if (operation.function == synonym.name) function = synonym.function;
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
