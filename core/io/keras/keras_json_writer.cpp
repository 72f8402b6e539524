// Projects as Keras 3 writes them with model.to_json(): always a Functional model.

#include "core/diag/renderer.h"
#include "core/io/keras/keras_json.h"

#include "core/graph/topology.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_operations.h"
#include "core/io/keras/layer_call.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/parts/body.h"
#include "core/mistakes/diagnose.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace shapewise::io {

namespace {

using layers::isNestedModel;

bool isWritten(const graph::Node& node) { return node.type->isLayer(); }

/// Settings of a nested model that say which layers take its inputs and give its outputs.
constexpr const char* kModelInputs = "inputs";
constexpr const char* kModelOutputs = "outputs";

bool has(const ValueDict& dict, std::string_view key) {
    return std::any_of(dict.begin(), dict.end(), [&](const auto& member) { return member.first == key; });
}

/// The layers one behind the other, the Input first; empty when they are no such chain.
std::vector<NodeId> chainOf(const graph::Graph& graph) {
    std::vector<NodeId> chain;
    for (const NodeId id : graph::topologicalOrder(graph).nodes) {
        const graph::Node& node = *graph.find(id);
        if (!isWritten(node)) continue;
        const bool isFirst = chain.empty() && node.inputs.empty();
        const bool follows = !chain.empty() && node.inputs == std::vector<graph::Link>{{chain.back(), 0, 0}} &&
                             !node.sharesLayerOf.isValid();
        if (!isFirst && !follows) return {};
        chain.push_back(id);
    }
    return chain;
}

bool isWrittenAsSequential(const graph::Node& node) {
    return isNestedModel(node) && node.type->className == "Sequential" && node.setting("outputs") == nullptr &&
           !chainOf(*node.body).empty();
}

/// {"module", "class_name", "config", "registered_name"} as Keras 3 refers to one of its own objects.
Value kerasObject(std::string_view module, const Value& className, const Value& config) {
    return ValueDict{{"module", module}, {"class_name", className}, {"config", config}, {"registered_name", Value()}};
}

std::string_view moduleFor(std::string_view key) {
    if (key.ends_with("initializer")) return "keras.initializers";
    if (key.ends_with("regularizer")) return "keras.regularizers";
    if (key.ends_with("constraint")) return "keras.constraints";
    return "keras.layers";
}

/// Objects of older files get the module Keras 3 looks them up in.
Value modernObject(std::string_view key, const Value& value) {
    const Value* className = value.find("class_name");
    const Value* config = value.find("config");
    if (className == nullptr || config == nullptr || value.find("module") != nullptr) return value;
    return kerasObject(moduleFor(key), *className, *config);
}

ValueDict settingsOf(const graph::Node& node) {
    ValueDict config;
    if (isStandIn(node)) {
        if (const Value* kept = node.setting(kCustomConfig); kept != nullptr && kept->isDict()) config = kept->asDict();
        return config;
    }
    for (const layers::ParamSpec& spec : node.type->params) {
        const Value* value = node.setting(ParamKey::of(spec.key));
        if (value != nullptr)
            config.emplace_back(spec.key, modernObject(spec.key, *value));
        else if (node.type->foreign.hasOtherDefault(spec.key))
            config.emplace_back(spec.key, spec.fallback);
    }
    for (const auto& [key, value] : node.extras)
        if (!key.starts_with('@')) config.emplace_back(key, modernObject(key, value));
    return config;
}

class KerasWriter {
  public:
    explicit KerasWriter(const graph::Graph& graph) : graph_(graph), analysis_(infer::Analysis::of(graph)) {
        numberCalls();
    }

    Result<Value> write(const std::string& name, const ValueDict& properties);
    /// A chain as a list of layers that name no inputs.
    Result<Value> writeSequential(const std::string& name, const ValueDict& properties);

  private:
    void numberCalls();
    [[nodiscard]] Result<void> refuseErrors() const;
    [[nodiscard]] const graph::Node& ownerOf(const graph::Node& node) const;
    [[nodiscard]] Value reference(NodeId id, std::int64_t port) const;
    [[nodiscard]] Value tensor(const graph::Link& link) const;
    [[nodiscard]] Value call(const graph::Node& node) const;
    [[nodiscard]] Result<Value> layer(const graph::Node& node) const;
    [[nodiscard]] Result<void> writeWrapped(const graph::Node& node, ValueDict& config) const;
    [[nodiscard]] Value inputConfig(const graph::Node& node) const;
    [[nodiscard]] Value ends(const ValueDict& properties, const char* key,
                             const std::vector<std::pair<NodeId, std::int64_t>>& natural) const;
    [[nodiscard]] std::vector<std::pair<NodeId, std::int64_t>> inputs() const;
    [[nodiscard]] std::vector<std::pair<NodeId, std::int64_t>> outputs() const;
    [[nodiscard]] Value shapeWithoutBatchSize(const tensor::Shape& shape, bool keepsBatch) const;

    const graph::Graph& graph_;
    infer::Analysis analysis_;
    std::map<NodeId, std::int64_t> callOf_;          ///< which call of its layer a node is
    std::map<NodeId, std::vector<NodeId>> callsOf_;  ///< of the owner of a layer
};

const graph::Node& KerasWriter::ownerOf(const graph::Node& node) const {
    const graph::Node* owner = graph_.find(node.sharesLayerOf);
    return owner != nullptr ? *owner : node;
}

void KerasWriter::numberCalls() {
    graph_.forEach([&](const graph::Node& node) {
        if (!node.sharesLayerOf.isValid() || graph_.find(node.sharesLayerOf) == nullptr)
            callsOf_[node.id].push_back(node.id);
    });
    graph_.forEach([&](const graph::Node& node) {
        const graph::Node& owner = ownerOf(node);
        if (owner.id != node.id) callsOf_[owner.id].push_back(node.id);
    });
    for (const auto& [owner, calls] : callsOf_) {
        const graph::Node& node = *graph_.find(owner);
        const std::int64_t first =
            isNestedModel(node) && !isWrittenAsSequential(node) ? 1 : 0;  // building such a model is call 0
        for (std::size_t index = 0; index < calls.size(); ++index)
            callOf_[calls[index]] = first + static_cast<std::int64_t>(index);
    }
}

Result<void> KerasWriter::refuseErrors() const {
    bool isEmpty = true;
    for (const NodeId id : graph::topologicalOrder(graph_).nodes) {
        const graph::Node& node = *graph_.find(id);
        const infer::State state = analysis_[id].state;
        isEmpty = isEmpty && !isWritten(node);
        if (isWritten(node) && (state == infer::State::Conflict || state == infer::State::Unconnected))
            return failure(fmt::format("'{}' ({}) has an error", node.name, node.type->className),
                           "Repair it first: Keras could not load the model");
    }
    if (const std::vector<NodeId> loops = graph::topologicalOrder(graph_).inLoops; !loops.empty())
        return failure(fmt::format("'{}' is part of a loop", graph_.find(loops.front())->name),
                       "Delete one of its links first");
    if (isEmpty) return failure("there is no layer to write", "Add an Input and a layer first");
    return {};
}

Value KerasWriter::reference(NodeId id, std::int64_t port) const {
    return ValueList{Value(ownerOf(*graph_.find(id)).name), Value(callOf_.at(id)), Value(port)};
}

Value KerasWriter::shapeWithoutBatchSize(const tensor::Shape& shape, bool keepsBatch) const {
    ValueList sizes;
    for (int axis = 0; axis < shape.rank(); ++axis)
        sizes.push_back(shape[axis].isKnown() && (axis > 0 || keepsBatch) ? Value(shape[axis].size()) : Value());
    return Value(std::move(sizes));
}

Value KerasWriter::tensor(const graph::Link& link) const {
    const tensor::TensorType* type = analysis_[link.from].outputAt(link.fromPort);
    ValueDict config;
    config.emplace_back("shape", type != nullptr ? shapeWithoutBatchSize(type->shape, true) : Value());
    config.emplace_back("dtype", tensor::dtypeName(type != nullptr ? type->dtype : tensor::DType::Float32));
    config.emplace_back("keras_history", reference(link.from, link.fromPort));
    return ValueDict{{"class_name", "__keras_tensor__"}, {"config", std::move(config)}};
}

Value KerasWriter::call(const graph::Node& node) const {
    const CallArguments call = callArguments(node);
    ValueList positional;
    ValueList states;
    ValueDict keywords;
    for (const graph::Link* link : call.positional) positional.push_back(tensor(*link));
    for (const graph::Link* link : call.states) states.push_back(tensor(*link));
    for (const auto& [name, link] : call.named) keywords.emplace_back(name, tensor(*link));
    if (!states.empty())
        keywords.emplace_back("initial_state", states.size() == 1 ? states.front() : Value(std::move(states)));
    for (const auto& [key, value] : node.extras)
        if (key == kCallSettings && value.isDict())
            keywords.insert(keywords.end(), value.asDict().begin(), value.asDict().end());
    ValueList arguments =
        call.isList && !isNestedModel(node) ? ValueList{Value(std::move(positional))} : std::move(positional);
    if (isNestedModel(node) && arguments.size() > 1) arguments = ValueList{Value(std::move(arguments))};
    return ValueDict{{"args", std::move(arguments)}, {"kwargs", std::move(keywords)}};
}

Value KerasWriter::inputConfig(const graph::Node& node) const {
    const tensor::TensorType* type = analysis_[node.id].outputAt(0);
    const bool isKerasInput = node.type->supply == layers::Supply::Given;
    ValueDict config{{"batch_shape", type != nullptr ? shapeWithoutBatchSize(type->shape, isKerasInput) : Value()},
                     {"dtype", tensor::dtypeName(type != nullptr ? type->dtype : tensor::DType::Float32)},
                     {"sparse", false},
                     {"name", node.name}};
    if (!isKerasInput) return config;
    for (const char* key : {"dtype", "sparse", "ragged", "optional"})
        if (const Value* value = node.setting(ParamKey::of(key))) setMember(config, key, *value);
    return config;
}

Result<Value> KerasWriter::layer(const graph::Node& node) const {
    const auto tensorOf = [&](std::size_t input, bool isModern) {
        const graph::Link& link = node.inputs[input];
        return isModern ? tensor(link) : reference(link.from, link.fromPort);
    };
    if (std::optional<Value> operation = unchangedOperation(node, tensorOf)) return std::move(*operation);
    if (const std::optional<Keras3Operation> operation = keras3Operation(node); operation && !node.inputs.empty())
        return operationLayer(*operation, node.name, tensorOf);
    ValueDict out;
    Value registeredName;
    Value module("keras.layers");
    for (const auto& [key, value] : node.extras)
        if (key == kRegistration) {
            module = value.find("module") != nullptr ? *value.find("module") : Value();
            registeredName = value.find("registered_name") != nullptr ? *value.find("registered_name") : Value();
        }
    if (node.type->isSource()) {
        out = {{"module", "keras.layers"},
               {"class_name", "InputLayer"},
               {"config", inputConfig(node)},
               {"registered_name", Value()}};
    } else if (isNestedModel(node)) {
        const graph::Graph body = layers::standingAlone(layers::Params(node), analysis_.inputTypes(node));
        const ValueDict settings = settingsOf(node);
        Result<Value> inner = isWrittenAsSequential(node) ? KerasWriter(body).writeSequential(node.name, settings)
                                                          : KerasWriter(body).write(node.name, settings);
        if (!inner) return inner;
        out = inner->asDict();
    } else {
        ValueDict config{{"name", node.name}};
        for (auto& member : settingsOf(node)) config.push_back(std::move(member));
        if (Result<void> done = writeWrapped(node, config); !done) return Unexpected(done.error());
        if (isStandIn(node) && module == Value("keras.layers")) module = Value();
        out = {{"module", module},
               {"class_name", fileClassName(node)},
               {"config", std::move(config)},
               {"registered_name", registeredName}};
    }
    out.emplace_back("name", node.name);
    ValueList inbound;
    if (!node.type->isSource())
        for (const NodeId id : callsOf_.at(node.id)) inbound.push_back(call(*graph_.find(id)));
    out.emplace_back("inbound_nodes", std::move(inbound));
    return Value(std::move(out));
}

/// Puts the model inside a wrapper in the place of the reference to it.
Result<void> KerasWriter::writeWrapped(const graph::Node& node, ValueDict& config) const {
    Value* layer = findMember(config, "layer");
    if (node.body == nullptr || layer == nullptr) return {};
    const Value* inner = layer->find("config");
    const Value* name = inner != nullptr ? inner->find("name") : nullptr;
    graph::Node model;
    model.type = layers::findLayer("Functional");
    model.body = node.body;
    for (const char* key : {kModelInputs, kModelOutputs})
        if (const Value* value = inner != nullptr ? inner->find(key) : nullptr) model.set(key, *value);
    tensor::TensorType step;  // the model sees one step
    const std::vector<const tensor::TensorType*> inputs = analysis_.inputTypes(node);
    const tensor::TensorType* given = inputs.empty() ? nullptr : inputs.front();
    for (int axis = 0; given != nullptr && axis < given->shape.rank(); ++axis)
        if (axis != 1) step.shape.append(given->shape[axis], given->shape.meaning(axis));
    const tensor::TensorType* const types[] = {given != nullptr ? &step : nullptr};
    const graph::Graph body = layers::standingAlone(layers::Params(model), types);
    Result<Value> written =
        KerasWriter(body).write(name != nullptr && name->isText() ? name->asText() : "model", settingsOf(model));
    if (!written) return Unexpected(written.error());
    *layer = std::move(*written);
    return {};
}

std::vector<std::pair<NodeId, std::int64_t>> KerasWriter::inputs() const {
    std::vector<std::pair<NodeId, std::int64_t>> found;
    graph_.forEach([&](const graph::Node& node) {
        if (node.type->isSource()) found.emplace_back(node.id, 0);
    });
    return found;
}

std::vector<std::pair<NodeId, std::int64_t>> KerasWriter::outputs() const {
    std::vector<std::pair<NodeId, std::int64_t>> found;
    graph_.forEach([&](const graph::Node& node) {
        const auto consumers = analysis_.consumers(node.id);
        const bool isUsed = std::any_of(consumers.begin(), consumers.end(), [&](const graph::LinkPlace& place) {
            return isWritten(*graph_.find(place.to));
        });
        if (isWritten(node) && !isUsed) found.emplace_back(node.id, 0);
    });
    return found;
}

/// The order the file had, where those nodes are still there; then what else is an end.
Value KerasWriter::ends(const ValueDict& properties, const char* key,
                        const std::vector<std::pair<NodeId, std::int64_t>>& natural) const {
    ValueList list;
    std::vector<NodeId> named;
    for (const auto& [name, value] : properties) {
        if (name != key || !value.isList()) continue;
        for (const Value& entry : value.asList()) {
            const bool hasPort = entry.isList() && entry.asList().size() == 2 && entry.asList()[0].isText() &&
                                 entry.asList()[1].isInteger();
            if (!hasPort && !entry.isText()) continue;
            const graph::Node* node = graph_.findByName(hasPort ? entry.asList()[0].asText() : entry.asText());
            if (node == nullptr || !isWritten(*node)) continue;
            list.push_back(reference(node->id, hasPort ? entry.asList()[1].asInteger() : 0));
            named.push_back(node->id);
        }
    }
    if (std::string_view(key) == kModelOutputs && !list.empty())
        return Value(std::move(list));  // a nested model has no others
    for (const auto& [id, port] : natural)
        if (std::find(named.begin(), named.end(), id) == named.end()) list.push_back(reference(id, port));
    return Value(std::move(list));
}

Result<Value> KerasWriter::write(const std::string& name, const ValueDict& properties) {
    if (Result<void> clean = refuseErrors(); !clean) return Unexpected(std::move(clean.error()));
    ValueList written;
    for (const auto& [id, calls] : callsOf_) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node)) continue;
        Result<Value> entry = layer(node);
        if (!entry) return entry;
        written.push_back(std::move(*entry));
    }
    ValueDict config{
        {"name", name},
        {"trainable", !has(properties, "trainable")},  // among the extras where it is not
        {"layers", std::move(written)},
        {"input_layers", ends(properties, has(properties, kModelInputs) ? kModelInputs : kInputOrder, inputs())},
        {"output_layers", ends(properties, has(properties, kModelOutputs) ? kModelOutputs : kOutputOrder, outputs())}};
    return Value(ValueDict{{"module", "keras.src.models.functional"},
                           {"class_name", "Functional"},
                           {"config", std::move(config)},
                           {"registered_name", "Functional"}});
}

Result<Value> KerasWriter::writeSequential(const std::string& name, const ValueDict& properties) {
    if (Result<void> clean = refuseErrors(); !clean) return Unexpected(std::move(clean.error()));
    ValueList written;
    for (const NodeId id : chainOf(graph_)) {
        Result<Value> entry = layer(*graph_.find(id));
        if (!entry) return entry;
        ValueDict members = entry->asDict();
        std::erase_if(members,
                      [](const auto& member) { return member.first == "name" || member.first == "inbound_nodes"; });
        written.push_back(Value(std::move(members)));
    }
    ValueDict config{{"name", name}, {"trainable", !has(properties, "trainable")}, {"layers", std::move(written)}};
    return Value(ValueDict{{"module", "keras"},
                           {"class_name", "Sequential"},
                           {"config", std::move(config)},
                           {"registered_name", Value()}});
}

/// The first error in the words of the problem list.
Result<void> refuseDiagnosed(const graph::Project& project) {
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    if (analysis.nodesInConflict().empty()) return {};
    mistakes::Options options;
    options.withFixes = false;
    options.most = 1;
    const std::vector<diag::Diagnostic> found = mistakes::diagnose(project, analysis, options);
    if (found.empty() || found[0].severity != diag::Severity::Error) return {};
    const graph::Node* node = project.graph.find(found[0].node);
    return failure(fmt::format("'{}' has an error: {}", node != nullptr ? node->name : std::string(),
                               diag::Renderer::standard().text(found[0].title)),
                   "Repair it first: Keras could not load the model");
}

}  // namespace

Result<std::string> kerasJson(const graph::Project& project) {
    try {
        std::string name = "functional";
        for (const auto& [key, value] : project.properties)
            if (key == kModelName && value.isText()) name = value.asText();
        if (Result<void> clean = refuseDiagnosed(project); !clean) return Unexpected(std::move(clean.error()));
        Result<Value> model = KerasWriter(project.graph).write(name, project.properties);
        if (!model) return Unexpected(std::move(model.error()));
        if (followsKeras2(project))
            for (const auto& [key, value] : project.properties)
                if (key == kKerasVersion) model->asDict().emplace_back(key, value);
        return jsonText(*model) + "\n";
    } catch (const std::exception& problem) {
        return failure(fmt::format("the model cannot be written: {}", problem.what()));
    }
}

Result<void> exportKerasJson(const graph::Project& project, const std::filesystem::path& path) {
    const Result<std::string> text = kerasJson(project);
    if (!text) return Unexpected(text.error());
    return writeFileAtomically(path, *text);
}

}  // namespace shapewise::io
