// Python that builds the model: keras.Sequential for a plain chain, else the functional way.

#include "core/base/text.h"
#include "core/graph/topology.h"
#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_formulas.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_operations.h"
#include "core/io/keras/layer_call.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/older.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace shapewise::io {

namespace {

constexpr std::string_view kKeywords[] = {
    "False",    "None",   "True",  "and",  "as",     "assert",   "async",   "await", "break", "class",
    "continue", "def",    "del",   "elif", "else",   "except",   "finally", "for",   "from",  "global",
    "if",       "import", "in",    "is",   "lambda", "nonlocal", "not",     "or",    "pass",  "raise",
    "return",   "try",    "while", "with", "yield",  "keras",    "layers",  "model", "print", "input"};

std::string pythonName(const std::string& text) {
    std::string name;
    for (const char c : text) {
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        name += isPlain ? c : '_';
    }
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "layer_" + name;
    if (std::find(std::begin(kKeywords), std::end(kKeywords), name) != std::end(kKeywords)) name += "_layer";
    return name;
}

std::string pythonValue(const Value& value) {
    if (value.isText()) return jsonText(value);  // JSON's escapes are Python's
    if (value.isReal()) {
        if (std::isnan(value.asReal())) return "float(\"nan\")";
        if (std::isinf(value.asReal())) return value.asReal() > 0 ? "float(\"inf\")" : "-float(\"inf\")";
        return jsonText(value);
    }
    if (value.isList()) {
        std::string text;
        for (const Value& entry : value.asList()) text += (text.empty() ? "" : ", ") + pythonValue(entry);
        return "(" + text + (value.asList().size() == 1 ? ",)" : ")");
    }
    if (value.isDict()) {
        std::string text;
        for (const auto& [key, entry] : value.asDict())
            text += (text.empty() ? "" : ", ") + jsonText(Value(key)) + ": " + pythonValue(entry);
        return "{" + text + "}";
    }
    return value.text();
}

/// "keras.initializers." for kernel_initializer, ...; empty for keys that hold no object.
std::string_view moduleOf(std::string_view key) {
    if (key.ends_with("initializer")) return "keras.initializers.";
    if (key.ends_with("regularizer")) return "keras.regularizers.";
    if (key.ends_with("constraint")) return "keras.constraints.";
    return {};
}

std::string argumentText(std::string_view key, const Value& value);

/// {"class_name": "L2", "config": {"l2": 0.01}} -> keras.regularizers.L2(l2=0.01)
std::string objectText(std::string_view module, const Value& object) {
    const Value& className = *object.find("class_name");
    std::string text;
    if (const Value* config = object.find("config"); config != nullptr && config->isDict())
        for (const auto& [key, value] : config->asDict())
            if (!value.isNone() && key != "name")
                text += (text.empty() ? "" : ", ") + key + "=" + argumentText(key, value);
    return std::string(module) + (className.isText() ? className.asText() : "object") + "(" + text + ")";
}

/// Functions that Keras 3 has no name for.
std::string_view functionText(std::string_view name) {
    if (name == "hard_sigmoid_keras2") return "lambda x: keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)";
    if (name == "gelu_tanh") return "lambda x: keras.activations.gelu(x, approximate=True)";
    return {};
}

std::string argumentText(std::string_view key, const Value& value) {
    if (key.ends_with("activation") && value.isText())
        if (const std::string_view function = functionText(value.asText()); !function.empty())
            return std::string(function);
    if (value.find("class_name") == nullptr || value.find("config") == nullptr) return pythonValue(value);
    const std::string_view module = moduleOf(key);
    return objectText(module.empty() ? "layers." : module, value);
}

/// Constructor arguments of a layer: the leading required ones by position, as people write them, the rest by name.
std::string argumentsOf(const graph::Node& node, bool withName) {
    std::vector<std::string> parts;
    bool isLeading = true;
    for (const layers::ParamSpec& spec : node.type->params) {
        if (isCallSetting(spec.key)) continue;
        const Value* value = node.setting(ParamKey::of(spec.key));
        if (value == nullptr) {
            isLeading = isLeading && !spec.required;
            continue;
        }
        const std::string text = argumentText(spec.key, *value);
        isLeading = isLeading && spec.required;
        parts.push_back(isLeading ? text : std::string(spec.key) + "=" + text);
    }
    for (const auto& [key, value] : node.extras) {
        const bool isObject = !moduleOf(key).empty() || key == "activity_regularizer";
        const bool isUniversal = key == "trainable" || key == "dtype";
        if (isObject || isUniversal) parts.push_back(key + "=" + argumentText(key, value));
    }
    if (withName) parts.push_back("name=" + pythonValue(Value(node.name)));
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

/// [:, 1:-1, ..., None]
std::string pythonKey(const Value& key) {
    std::string text;
    for (const Value& part : key.asList()) {
        text += text.empty() ? "" : ", ";
        if (!part.isDict()) {
            text += part.isText() ? part.asText() : pythonValue(part);
            continue;
        }
        const auto number = [&](std::string_view member) {
            const Value* value = part.find(member);
            return value == nullptr || value->isNone() ? std::string() : pythonValue(*value);
        };
        const std::string step = number("step");
        text += number("start") + ":" + number("stop") + (step.empty() ? "" : ":" + step);
    }
    return "[" + text + "]";
}

std::string customArguments(const graph::Node& node) {
    std::string text;
    if (const Value* config = node.setting(kCustomConfig); config != nullptr && config->isDict())
        for (const auto& [key, value] : config->asDict())
            if (key != "trainable" && !value.isNone()) text += key + "=" + pythonValue(value) + ", ";
    return text + "name=" + pythonValue(Value(node.name));
}

/// Inputs and outputs of a model by name, where the file or the nested model says so; None where it does not.
struct Ends {
    Value inputs;   ///< names
    Value outputs;  ///< names, or [name, port]
};

/// Writes one graph. Nested models are written by writers of their own, which take names from the same table: all of it
/// is one flat piece of Python.
class CodeWriter {
  public:
    CodeWriter(graph::Graph graph, Ends ends, std::set<NodeId> only, NameTable& taken)
        : graph_(std::move(graph)),
          analysis_(infer::Analysis::of(graph_)),
          ends_(std::move(ends)),
          only_(std::move(only)),
          taken_(taken) {}

    Result<std::string> write(const std::string& modelName);

  private:
    [[nodiscard]] bool isWritten(const graph::Node& node) const {
        return (only_.empty() || only_.contains(node.id)) && node.type->isLayer();
    }
    [[nodiscard]] bool isInput(const graph::Node& node) const { return !isWritten(node) || node.type->isSource(); }
    [[nodiscard]] std::string variable(NodeId id) const { return variables_.at(id); }
    [[nodiscard]] std::string tensorText(const graph::Link& link) const;
    [[nodiscard]] Result<std::string> inputText(const graph::Node& node, std::uint16_t port) const;
    [[nodiscard]] std::string layerText(const graph::Node& node) const;
    [[nodiscard]] std::string callText(const graph::Node& node) const;
    [[nodiscard]] std::string operationText(const graph::Node& node, const Keras3Operation& operation) const;
    [[nodiscard]] bool needsName(const graph::Node& node) const;
    [[nodiscard]] bool isChain() const;
    Result<void> choose();
    void nameVariables();
    Result<std::string> sequential() const;
    /// `layerName`: of the model as a layer; empty: none.
    Result<std::string> functional(const std::string& modelName, const std::string& layerName = {}) const;
    [[nodiscard]] std::vector<std::string> inputNames() const;
    [[nodiscard]] std::vector<std::string> outputNames() const;
    Result<std::string> nestedModels();
    [[nodiscard]] std::string imports() const;

    graph::Graph graph_;
    infer::Analysis analysis_;
    Ends ends_;
    std::set<NodeId> only_;
    NameTable& taken_;
    std::vector<NodeId> nodes_;   ///< written, producers first
    std::vector<NodeId> inputs_;  ///< Inputs and what stands before the selection
    std::map<NodeId, std::string> variables_;
    std::map<NodeId, std::string> layerVariables_;  ///< of layers that are called more than once, and of nested models
    std::map<std::string, std::size_t> automatic_;
};

Result<void> CodeWriter::choose() {
    const graph::TopologicalOrder order = graph::topologicalOrder(graph_);
    for (const NodeId id : order.inLoops)
        if (isWritten(*graph_.find(id)))
            return failure(fmt::format("'{}' is part of a loop", graph_.find(id)->name),
                           "Delete one of its links first");
    std::set<NodeId> feeding;
    for (const NodeId id : order.nodes) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node)) continue;
        if (node.body && !node.type->holdsModel)
            return failure(fmt::format("'{}' holds a model, for which no code is written", node.name),
                           "Export as Keras JSON instead");
        if (layers::isOfOlderDialect(*node.type))
            return failure(fmt::format("'{}' is a {} of {}, which Keras 3 dropped, and code is written for Keras 3",
                                       node.name, node.type->className, layers::olderDialectTitle(*node.type)),
                           "Replace it, or export as Keras JSON instead");
        for (const graph::Link& link : node.inputs)
            if (!isWritten(*graph_.find(link.from)) && feeding.insert(link.from).second) inputs_.push_back(link.from);
        (isInput(node) ? inputs_ : nodes_).push_back(id);
    }
    if (nodes_.empty() && inputs_.empty()) return failure("there is no layer to write", "Select at least one layer");
    return {};
}

void CodeWriter::nameVariables() {
    for (const auto* ids : {&inputs_, &nodes_})
        for (const NodeId id : *ids) variables_[id] = taken_.take(pythonName(graph_.find(id)->name));
    for (const NodeId id : nodes_) {
        const graph::Node& node = *graph_.find(id);
        if (node.sharesLayerOf.isValid() && variables_.contains(node.sharesLayerOf) &&
            !layerVariables_.contains(node.sharesLayerOf))
            layerVariables_[node.sharesLayerOf] = taken_.take(variables_[node.sharesLayerOf] + "_layer");
        if (node.body && !node.sharesLayerOf.isValid() && !layerVariables_.contains(id))
            layerVariables_[id] = taken_.take(variables_[id] + "_model");
    }
}

std::string CodeWriter::tensorText(const graph::Link& link) const {
    const bool isSeveral = analysis_[link.from].outputCount() > 1 && !isInput(*graph_.find(link.from));
    return isSeveral ? fmt::format("{}[{}]", variable(link.from), link.fromPort) : variable(link.from);
}

Result<std::string> CodeWriter::inputText(const graph::Node& node, std::uint16_t port) const {
    const tensor::TensorType* type = analysis_[node.id].outputAt(port);
    if (type == nullptr || type->shape.rank() < 1)
        return failure(fmt::format("the shape of '{}' is not known, so no Input can stand for it", node.name),
                       "Select it as well, or repair it first");
    std::string sizes;
    for (int axis = 1; axis < type->shape.rank(); ++axis)
        sizes += (sizes.empty() ? "" : ", ") +
                 (type->shape[axis].isKnown() ? std::to_string(type->shape[axis].size()) : "None");
    std::string text = "keras.Input(shape=(" + sizes + (type->shape.rank() == 2 ? ",)" : ")");
    const bool isKerasInput = node.type->supply == layers::Supply::Given && isWritten(node);
    if (isKerasInput && type->shape[0].isKnown()) text += fmt::format(", batch_size={}", type->shape[0].size());
    if (type->dtype != tensor::DType::Float32) text += fmt::format(", dtype=\"{}\"", tensor::dtypeName(type->dtype));
    return text + ", name=" + pythonValue(Value(node.name)) + ")";
}

/// A layer whose name Keras would choose itself needs none.
bool CodeWriter::needsName(const graph::Node& node) const { return node.name != layers::automaticName(*node.type); }

std::string CodeWriter::layerText(const graph::Node& node) const {
    if (node.body) return layerVariables_.at(node.id);
    if (isStandIn(node)) return pythonName(fileClassName(node)) + "(" + customArguments(node) + ")";
    if (node.type->declaresOutput) return "layers.Identity(name=" + pythonValue(Value(node.name)) + ")";
    return "layers." + std::string(node.type->className) + "(" + argumentsOf(node, needsName(node)) + ")";
}

std::string CodeWriter::callText(const graph::Node& node) const {
    const CallArguments call = callArguments(node);
    const auto listed = [&](const std::vector<const graph::Link*>& links) {
        std::string text;
        for (const graph::Link* link : links) text += (text.empty() ? "" : ", ") + tensorText(*link);
        return text;
    };
    std::string keywords;
    for (const auto& [name, link] : call.named) keywords += ", " + name + "=" + tensorText(*link);
    if (!call.states.empty()) keywords += ", initial_state=[" + listed(call.states) + "]";
    for (const auto& [name, setting] : callSettings(node)) keywords += ", " + name + "=" + pythonValue(setting);
    std::string positional = listed(call.positional);
    const bool isOneOfMany = node.type->declaresOutput || node.body != nullptr;
    if (call.isList && !(isOneOfMany && call.positional.size() == 1)) positional = "[" + positional + "]";
    return "(" + positional + keywords + ")";
}

/// keras.ops.add(x, 2.0), x[:, 0]
std::string CodeWriter::operationText(const graph::Node& node, const Keras3Operation& operation) const {
    std::string text;
    for (const Value& argument : operation.arguments) {
        const std::optional<std::size_t> input = operationInput(argument);
        if (operation.function.empty() && !input) return text + pythonKey(argument);
        text += text.empty() ? "" : ", ";
        text += !input                        ? pythonValue(argument)
                : *input < node.inputs.size() ? tensorText(node.inputs[*input])
                                              : std::string("None");
    }
    for (const auto& [key, value] : operation.config) text += ", " + key + "=" + pythonValue(value);
    return "keras.ops." + operation.function + "(" + text + ")";
}

/// One Input, then layer after layer with nothing else attached.
bool CodeWriter::isChain() const {
    if (inputs_.size() != 1 || nodes_.empty()) return false;
    NodeId before = inputs_[0];
    for (const NodeId id : nodes_) {
        const graph::Node& node = *graph_.find(id);
        const bool follows =
            node.inputs.size() == 1 && node.inputs[0] == graph::Link{before, 0, 0} && node.manyPort != 0;
        const bool isPlain = analysis_[id].outputCount() <= 1 && !keras3Operation(node) &&
                             !node.sharesLayerOf.isValid() && !layerVariables_.contains(id);
        if (!follows || !isPlain) return false;
        before = id;
    }
    return true;
}

Result<std::string> CodeWriter::sequential() const {
    Result<std::string> input = inputText(*graph_.find(inputs_[0]), 0);
    if (!input) return input;
    std::string code = "model = keras.Sequential([\n    " + *input + ",\n";
    for (const NodeId id : nodes_) code += "    " + layerText(*graph_.find(id)) + ",\n";
    return code + "])\n";
}

Result<std::string> CodeWriter::functional(const std::string& modelName, const std::string& layerName) const {
    std::string code;
    for (const NodeId id : inputs_) {
        Result<std::string> input = inputText(*graph_.find(id), 0);
        if (!input) return input;
        code += variable(id) + " = " + *input + "\n";
    }
    for (const NodeId id : nodes_) {
        const graph::Node& node = *graph_.find(id);
        const NodeId owner =
            node.sharesLayerOf.isValid() && layerVariables_.contains(node.sharesLayerOf) ? node.sharesLayerOf : id;
        std::string layer = node.body && owner != id ? layerVariables_.at(owner) : layerText(node);
        if (const auto shared = layerVariables_.find(owner); shared != layerVariables_.end()) {
            if (owner == id && !node.body) code += shared->second + " = " + layer + "\n";
            layer = shared->second;
        }
        const bool isConnected = !node.inputs.empty();
        if (const std::optional<Keras3Operation> operation = keras3Operation(node); operation && isConnected) {
            code += variable(id) + " = " + operationText(node, *operation) + "\n";
            continue;
        }
        code += variable(id) + " = " + layer + (isConnected ? callText(node) : "  # not connected") + "\n";
    }
    const auto listed = [](const std::vector<std::string>& names) {
        return names.size() == 1 ? names.front() : "[" + join(names, ", ") + "]";
    };
    code += fmt::format("\n{} = keras.Model(inputs={}, outputs={}{})\n", modelName, listed(inputNames()),
                        listed(outputNames()),
                        layerName.empty() ? std::string() : ", name=" + pythonValue(Value(layerName)));
    return code;
}

/// Variables of the Inputs: those recorded first, then the others.
std::vector<std::string> CodeWriter::inputNames() const {
    std::vector<std::string> names;
    const auto add = [&](NodeId id) {
        if (std::find(names.begin(), names.end(), variable(id)) == names.end()) names.push_back(variable(id));
    };
    if (ends_.inputs.isList())
        for (const Value& name : ends_.inputs.asList())
            if (const graph::Node* node = name.isText() ? graph_.findByName(name.asText()) : nullptr)
                if (std::find(inputs_.begin(), inputs_.end(), node->id) != inputs_.end()) add(node->id);
    for (const NodeId id : inputs_) add(id);
    return names;
}

/// The recorded outputs, else what feeds nothing.
std::vector<std::string> CodeWriter::outputNames() const {
    std::vector<std::string> names;
    if (ends_.outputs.isList())
        for (const Value& entry : ends_.outputs.asList()) {
            const ValueList parts = entry.isList() ? entry.asList() : ValueList{entry};
            const graph::Node* node =
                !parts.empty() && parts[0].isText() ? graph_.findByName(parts[0].asText()) : nullptr;
            const std::int64_t port = parts.size() > 1 && parts[1].isInteger() ? parts[1].asInteger() : 0;
            if (node != nullptr && variables_.contains(node->id))
                names.push_back(tensorText({node->id, static_cast<std::uint16_t>(port), 0}));
        }
    if (!names.empty()) return names;
    std::set<NodeId> used;
    for (const NodeId id : nodes_)
        for (const graph::Link& link : graph_.find(id)->inputs) used.insert(link.from);
    for (const auto* ids : {&inputs_, &nodes_})
        for (const NodeId id : *ids)
            if (!used.contains(id) && isWritten(*graph_.find(id))) names.push_back(variable(id));
    return names;
}

/// The models inside nodes, built first.
Result<std::string> CodeWriter::nestedModels() {
    std::string code;
    for (const NodeId id : nodes_) {
        const graph::Node& node = *graph_.find(id);
        if (!node.body || node.sharesLayerOf.isValid()) continue;
        const Value* inputs = node.setting("inputs");
        const Value* outputs = node.setting("outputs");
        CodeWriter inner(layers::standingAlone(layers::Params(node), analysis_.inputTypes(node)),
                         {inputs != nullptr ? *inputs : Value(), outputs != nullptr ? *outputs : Value()}, {}, taken_);
        if (Result<void> chosen = inner.choose(); !chosen) return Unexpected(std::move(chosen.error()));
        inner.nameVariables();
        Result<std::string> nested = inner.nestedModels();
        if (!nested) return nested;
        Result<std::string> body =
            inner.functional(layerVariables_.at(id), needsName(node) ? node.name : std::string());
        if (!body) return body;
        code += *nested + *body + "\n";
    }
    return code;
}

std::string CodeWriter::imports() const {
    std::string code = "import keras\nfrom keras import layers\n";
    std::set<std::string> strangers;
    for (const NodeId id : nodes_)
        if (isStandIn(*graph_.find(id))) strangers.insert(pythonName(fileClassName(*graph_.find(id))));
    for (const std::string& name : strangers)
        code += "# " + name + " is not part of Keras: import your own class of that name\n";
    return code + "\n";
}

Result<std::string> CodeWriter::write(const std::string& modelName) {
    if (Result<void> chosen = choose(); !chosen) return Unexpected(std::move(chosen.error()));
    nameVariables();
    Result<std::string> nested = nestedModels();
    if (!nested) return nested;
    Result<std::string> body = isChain() ? sequential() : functional(modelName);
    if (!body) return body;
    return imports() + *nested + *body;
}

}  // namespace

Result<std::string> kerasCode(const graph::Project& project, const std::vector<NodeId>& only) {
    try {
        std::set<NodeId> chosen;
        for (const NodeId id : only)
            if (project.graph.find(id) != nullptr) chosen.insert(id);
        if (chosen.empty() && !only.empty()) return failure("there is no layer to write", "Select at least one layer");
        const Result<graph::Project> written = inFormulasOf(layers::Dialect::Keras3, project, &chosen);
        if (!written) return Unexpected(written.error());
        NameTable taken;
        for (const std::string_view keyword : kKeywords) taken.reserve(std::string(keyword));
        Ends ends;
        for (const auto& [key, value] : written->properties) {
            if (key == kInputOrder) ends.inputs = value;
            if (key == kOutputOrder && chosen.empty()) ends.outputs = value;
        }
        return CodeWriter(written->graph, std::move(ends), std::move(chosen), taken).write("model");
    } catch (const std::exception& problem) {
        return failure(fmt::format("the code cannot be written: {}", problem.what()));
    }
}

}  // namespace shapewise::io
