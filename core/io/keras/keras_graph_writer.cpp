#include "core/io/keras/keras_graph_writer.h"

#include "core/graph/topology.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_call_writer.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_entry_writer.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_model.h"
#include "core/io/keras/keras_operations.h"
#include "core/io/keras/layer_call.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

using layers::Dialect;
using layers::isNestedModel;

namespace {

bool isWritten(const graph::Node& node) { return node.type->isLayer(); }

/// Settings of a nested model that say which layers take its inputs and give its outputs.
constexpr const char* kModelInputs = "inputs";
constexpr const char* kModelOutputs = "outputs";

ValueDict endsOf(const graph::Node& model) {
    ValueDict ends;
    for (const char* key : {kModelInputs, kModelOutputs})
        if (const Value* value = model.setting(ParamKey::of(key))) ends.emplace_back(key, *value);
    return ends;
}

/// Sizes that are known on both sides and differ, or other ranks.
bool contradicts(const Value& declared, const Value& found) {
    if (!declared.isList() || !found.isList()) return false;
    const ValueList& one = declared.asList();
    const ValueList& other = found.asList();
    if (one.size() != other.size()) return true;
    for (std::size_t axis = 1; axis < one.size(); ++axis)
        if (one[axis].isInteger() && other[axis].isInteger() && one[axis] != other[axis]) return true;
    return false;
}

void setMemberOf(Value& value, std::string_view key, Value member) {
    if (value.isDict()) setMember(value.asDict(), key, std::move(member));
}

}  // namespace

KerasGraphWriter::KerasGraphWriter(graph::Graph graph, Dialect dialect, std::set<NodeId> added)
    : graph_(std::move(graph)), dialect_(dialect), added_(std::move(added)), analysis_(infer::Analysis::of(graph_)) {
    readRecords();
    numberCalls();
}

void KerasGraphWriter::readRecords() {
    graph_.forEach([&](const graph::Node& node) {
        if (std::optional<LayerRecord> kept = recordOf(node); kept && kept->dialect == dialectName(dialect_))
            records_.emplace(node.id, std::move(*kept));
    });
}

const LayerRecord* KerasGraphWriter::record(NodeId id) const {
    const auto found = records_.find(id);
    return found != records_.end() ? &found->second : nullptr;
}

const graph::Node& KerasGraphWriter::ownerOf(const graph::Node& node) const {
    const graph::Node* owner = graph_.find(node.sharesLayerOf);
    return owner != nullptr ? *owner : node;
}

/// The calls of a layer that are those of the file keep the numbers they have there.
void KerasGraphWriter::numberCalls() {
    graph_.forEach([&](const graph::Node& node) { callsOf_[ownerOf(node).id]; });
    graph_.forEach([&](const graph::Node& node) {
        const graph::Node& owner = ownerOf(node);
        std::vector<NodeId>& calls = callsOf_[owner.id];
        calls.insert(owner.id == node.id ? calls.begin() : calls.end(), node.id);
    });
    for (const auto& [owner, calls] : callsOf_) {
        const graph::Node& node = *graph_.find(owner);
        const LayerRecord* kept = record(owner);
        const Value* inbound = kept != nullptr ? kept->entry.find("inbound_nodes") : nullptr;
        const std::size_t inFile = inbound != nullptr && inbound->isList() ? inbound->asList().size() : 0;
        bool asInFile = kept != nullptr && std::max<std::size_t>(inFile, 1) == calls.size();
        for (std::size_t index = 0; index < calls.size(); ++index) {
            const LayerRecord* ofCall = record(calls[index]);
            asInFile = asInFile && ofCall != nullptr && ofCall->call == static_cast<std::int64_t>(index);
        }
        // Building a model by itself counts as a call, but for a Sequential in Keras 3.
        const bool countsBuild = isNestedModel(node) && (dialect_ != Dialect::Keras3 ||
                                                         node.type->className != std::string_view("Sequential"));
        for (std::size_t index = 0; index < calls.size(); ++index)
            callOf_[calls[index]] =
                asInFile ? record(calls[index])->index : (countsBuild ? 1 : 0) + static_cast<std::int64_t>(index);
    }
}

std::string KerasGraphWriter::writtenName(const graph::Node& owner) const {
    const LayerRecord* kept = record(owner.id);
    if (kept == nullptr || kept->name != owner.name || kept->call != 0 || kept->isImplied()) return owner.name;
    const std::string outside = textMember(kept->entry, "name");
    if (!outside.empty()) return outside;
    const Value* config = kept->entry.find("config");
    const std::string inside = config != nullptr ? textMember(*config, "name") : std::string();
    return inside.empty() ? owner.name : inside;
}

Result<void> KerasGraphWriter::refuseErrors(bool isChain) const {
    bool isEmpty = true;
    const graph::TopologicalOrder order = graph::topologicalOrder(graph_);
    for (const NodeId id : order.nodes) {
        const graph::Node& node = *graph_.find(id);
        const infer::State state = analysis_[id].state;
        const bool isHead = isChain && isEmpty && state == infer::State::Unconnected;  // of a model never built
        isEmpty = isEmpty && !isWritten(node);
        if (isWritten(node) && !isHead && (state == infer::State::Conflict || state == infer::State::Unconnected))
            return failure(fmt::format("'{}' ({}) has an error", node.name, node.type->className),
                           "Repair it first: Keras could not load the model");
    }
    if (!order.inLoops.empty())
        return failure(fmt::format("'{}' is part of a loop", graph_.find(order.inLoops.front())->name),
                       "Delete one of its links first");
    if (isEmpty) return failure("there is no layer to write", "Add an Input and a layer first");
    return {};
}

/// The layers one behind the other, the Input first; empty when they are no such chain.
std::vector<NodeId> KerasGraphWriter::chain() const {
    std::vector<NodeId> chain;
    for (const NodeId id : graph::topologicalOrder(graph_).nodes) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node)) continue;
        const bool isFirst = chain.empty() && node.inputs.empty();
        const bool follows = !chain.empty() && node.inputs == std::vector<graph::Link>{{chain.back(), 0, 0}} &&
                             !node.sharesLayerOf.isValid();
        if (!isFirst && !follows) return {};
        chain.push_back(id);
    }
    return chain;
}

bool KerasGraphWriter::isSequentialFrame(const Value& model) const {
    if (model.isList()) return true;
    const Value* config = model.find("class_name") == nullptr ? &model : model.find("config");
    if (config == nullptr || config->isList() || textMember(model, "class_name") == "Sequential") return true;
    return config->find("input_layers") == nullptr && !records_.empty() &&
           std::none_of(records_.begin(), records_.end(),
                        [](const auto& kept) { return kept.second.entry.find("inbound_nodes") != nullptr; });
}

// Layers

Value KerasGraphWriter::newInput(const graph::Node& node) const {
    const tensor::TensorType* type = analysis_[node.id].outputAt(0);
    const bool isKerasInput = node.type->supply == layers::Supply::Given;
    ValueList sizes;
    for (int axis = 0; type != nullptr && axis < type->shape.rank(); ++axis) {
        const bool isSaid = type->shape[axis].isKnown() && (axis > 0 || isKerasInput);
        sizes.push_back(isSaid ? Value(type->shape[axis].size()) : Value());
    }
    const bool isKeras3 = dialect_ == Dialect::Keras3;
    ValueDict config{
        {isKeras3 ? "batch_shape" : "batch_input_shape", type != nullptr ? Value(std::move(sizes)) : Value()},
        {"dtype", tensor::dtypeName(type != nullptr ? type->dtype : tensor::DType::Float32)},
        {"sparse", false},
        {"name", node.name}};
    for (const char* key : {"dtype", "sparse", "ragged", "optional"})
        if (const Value* value = isKerasInput ? node.setting(ParamKey::of(key)) : nullptr;
            value != nullptr && takesSetting(dialect_, "InputLayer", key))
            setMember(config, key, *value);
    if (!isKeras3) return ValueDict{{"class_name", "InputLayer"}, {"config", std::move(config)}};
    return ValueDict{{"module", "keras.layers"},
                     {"class_name", "InputLayer"},
                     {"config", std::move(config)},
                     {"registered_name", Value()}};
}

Result<Value> KerasGraphWriter::modelEntry(const graph::Node& node, const LayerRecord* kept) const {
    const bool isSequential = node.type->className == "Sequential";
    Value entry = kept != nullptr ? kept->entry : newModel(dialect_, node.name, isSequential);
    const graph::Graph alone = layers::standingAlone(layers::Params(node), analysis_.inputTypes(node));
    std::set<NodeId> added;
    if (kept != nullptr)
        alone.forEach([&](const graph::Node& inner) {
            if (node.body->find(inner.id) == nullptr) added.insert(inner.id);
        });
    if (Result<void> done = KerasGraphWriter(alone, dialect_, std::move(added)).fill(entry, endsOf(node)); !done)
        return Unexpected(done.error());
    for (const auto& [key, value] : node.extras)
        if (Value* config = memberOf(entry, "config"); key == "trainable" && config != nullptr && config->isDict())
            setMember(config->asDict(), key, value);
    return entry;
}

/// Puts the model inside a wrapper in the place of the reference to it.
Result<void> KerasGraphWriter::fillWrapped(const graph::Node& node, Value& entry) const {
    Value* config = memberOf(entry, "config");
    if (node.body == nullptr || isNestedModel(node) || config == nullptr || !config->isDict()) return {};
    const Value* setting = node.setting("layer");
    const Value* inner = setting != nullptr ? setting->find("config") : nullptr;
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
    std::set<NodeId> added;
    body.forEach([&](const graph::Node& layer) {
        if (node.body->find(layer.id) == nullptr) added.insert(layer.id);
    });
    Value* written = findMember(config->asDict(), "layer");
    if (written == nullptr || layerListOf(*written) == nullptr) {
        const std::string called = name != nullptr && name->isText() ? name->asText() : "model";
        setMember(config->asDict(), "layer", newModel(dialect_, called, false));
        written = findMember(config->asDict(), "layer");
        added.clear();
    }
    return KerasGraphWriter(body, dialect_, std::move(added)).fill(*written, endsOf(model));
}

/// The input shapes an entry says the layer was built for follow those it is given now.
void KerasGraphWriter::updateBuild(const graph::Node& node, Value& entry) const {
    Value* build = memberOf(entry, "build_config");
    Value* shape = build != nullptr ? memberOf(*build, "input_shape") : nullptr;
    const auto update = [&](Value& declared, const graph::Link& link) {
        const Value found = shapeOf(link);
        if (contradicts(declared, found)) declared = found;
    };
    if (shape != nullptr && shape->isList() && !node.inputs.empty()) {
        const bool isList = !shape->asList().empty() && shape->asList().front().isList();
        if (!isList) update(*shape, node.inputs.front());
        for (std::size_t index = 0; isList && index < std::min(shape->asList().size(), node.inputs.size()); ++index)
            update(shape->asList()[index], node.inputs[index]);
    }
    if (Value* shapes = build != nullptr ? memberOf(*build, "shapes_dict") : nullptr; shapes != nullptr)
        for (const graph::Link& link : node.inputs)
            if (link.toPort < node.type->inputs.size())
                if (Value* one = memberOf(*shapes, std::string(node.type->inputs[link.toPort].name) + "_shape"))
                    update(*one, link);
}

/// A layer that has another name than in the file is called so in both places.
void KerasGraphWriter::nameEntry(const graph::Node& node, Value& entry) const {
    const std::string name = writtenName(node);
    const LayerRecord* kept = record(node.id);
    if (kept != nullptr && kept->name == node.name && kept->call == 0) return;
    if (memberOf(entry, "name") != nullptr) setMemberOf(entry, "name", Value(name));
    Value* config = memberOf(entry, "config");
    if (config != nullptr && config->isDict()) setMember(config->asDict(), "name", Value(name));
    if (config != nullptr && config->isList()) setMemberOf(entry, "name", Value(name));
}

Result<Value> KerasGraphWriter::entry(const graph::Node& node) const {
    const LayerRecord* kept = record(node.id);
    const std::shared_ptr<const graph::Node> read = kept != nullptr ? asRead(*kept, node) : nullptr;
    if (read == nullptr) kept = nullptr;
    Result<Value> out = Value();
    if (isNestedModel(node))
        out = modelEntry(node, kept);
    else if (kept != nullptr)
        out = changedEntry(node, *read, *kept);
    else if (node.type->isSource())
        out = newInput(node);
    else
        out = newEntry(node, dialect_);
    if (!out) return out;
    if (!isNestedModel(node))
        if (Result<void> same = readsBack(*out, node, dialect_, kept); !same) return Unexpected(same.error());
    if (Result<void> done = fillWrapped(node, *out); !done) return Unexpected(done.error());
    if (kept != nullptr) {
        updateBuild(node, *out);
        nameEntry(node, *out);
    }
    return out;
}

Result<void> KerasGraphWriter::fillSequential(Value& model, const std::vector<NodeId>& chain) {
    ValueList written;
    const graph::Node* implied = nullptr;
    for (const NodeId id : chain) {
        const graph::Node& node = *graph_.find(id);
        const LayerRecord* kept = record(id);
        const bool isImplied = node.type->isSource() && (added_.contains(id) || (kept != nullptr && kept->isImplied()));
        if (isImplied && chain.size() > 1) {
            implied = &node;
            continue;
        }
        Result<Value> one = entry(node);
        if (!one) return Unexpected(one.error());
        if (implied != nullptr && !added_.contains(implied->id)) {
            // The first layer declares the shape of the input; where it cannot, an InputLayer does.
            const ValueDict& before = record(implied->id)->readAs;
            const bool isSame = before.size() == implied->settings.size() &&
                                std::all_of(before.begin(), before.end(), [&](const auto& member) {
                                    const Value* now = implied->setting(ParamKey::of(member.first));
                                    return now != nullptr && *now == member.second;
                                });
            Value* config = memberOf(*one, "config");
            const char* key = dialect_ == Dialect::Keras3 ? "batch_shape" : "batch_input_shape";
            if (!isSame && config != nullptr && config->isDict() && findMember(config->asDict(), key) != nullptr)
                setMember(config->asDict(), key, batchShape(*implied));
            else if (!isSame)
                written.push_back(newInput(*implied));
        }
        implied = nullptr;
        if (kept == nullptr || asRead(*kept, node) == nullptr)
            for (const char* key : {"name", "inbound_nodes"})
                if (one->isDict()) takeMember(one->asDict(), key);
        written.push_back(std::move(*one));
    }
    if (Value* config = modelConfigOf(model); config != nullptr && !chain.empty())
        if (Value* shape = memberOf(*config, "build_input_shape")) {
            const tensor::TensorType* type = analysis_[chain.front()].outputAt(0);
            const Value now = type != nullptr ? shapeOf({chain.front(), 0, 0}) : Value();
            if (graph_.find(chain.front())->type->isSource() && contradicts(*shape, now)) *shape = now;
        }
    if (Value* list = layerListOf(model)) list->asList() = std::move(written);
    return {};
}

/// A layer that files hold as an operation on tensors, with its call; nullopt for all others.
std::optional<Value> KerasGraphWriter::operationEntry(const graph::Node& node) const {
    const auto tensorOf = [&](std::size_t input, bool isModern) {
        const graph::Link& link = node.inputs[input];
        return isModern ? tensor(link) : reference(link.from, link.fromPort);
    };
    const bool isForKeras3 = dialect_ == Dialect::Keras3;
    if (std::optional<Value> kept = unchangedOperation(node, tensorOf);
        kept && (kept->find("module") != nullptr) == isForKeras3)
        return kept;
    const std::optional<Keras3Operation> operation = isForKeras3 ? keras3Operation(node) : std::nullopt;
    if (!operation || node.inputs.empty()) return std::nullopt;
    return operationLayer(*operation, node.name, tensorOf);
}

Result<void> KerasGraphWriter::fillFunctional(Value& model, const ValueDict& properties) {
    ValueList written;
    for (const auto& [id, calls] : callsOf_) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node)) continue;
        if (std::optional<Value> operation = operationEntry(node)) {
            written.push_back(std::move(*operation));
            continue;
        }
        Result<Value> one = entry(node);
        if (!one) return Unexpected(one.error());
        const LayerRecord* kept = record(id);
        const bool isKept = kept != nullptr && asRead(*kept, node) != nullptr;
        const Value* config = one->find("config");
        const bool isNamed =
            one->find("name") != nullptr || (isKept && config != nullptr && config->find("name") != nullptr);
        if (!isNamed) setMemberOf(*one, "name", Value(writtenName(node)));
        writeCalls(node, *one, isKept);
        written.push_back(std::move(*one));
    }
    if (Value* list = layerListOf(model)) list->asList() = std::move(written);
    if (Value* config = modelConfigOf(model)) {
        fillEnds(*config, "input_layers", ends(properties, false));
        fillEnds(*config, "output_layers", ends(properties, true));
    }
    return {};
}

Result<void> KerasGraphWriter::fill(Value& model, const ValueDict& properties) {
    const std::vector<NodeId> layers = isSequentialFrame(model) ? chain() : std::vector<NodeId>{};
    if (Result<void> clean = refuseErrors(!layers.empty()); !clean) return clean;
    if (!layers.empty()) return fillSequential(model, layers);
    if (isSequentialFrame(model)) {  // no chain any more
        const Value* config = modelConfigOf(model);
        std::string name = config != nullptr ? textMember(*config, "name") : std::string();
        if (name.empty()) name = textMember(model, "name");
        Value functional = newModel(dialect_, name.empty() ? "model" : name, false);
        if (model.isDict())
            for (auto& [key, value] : model.asDict())
                if (functional.find(key) == nullptr && key != "build_config")
                    functional.asDict().emplace_back(key, std::move(value));
        model = std::move(functional);
    }
    return fillFunctional(model, properties);
}

// Calls

TensorReference KerasGraphWriter::referenceTo(NodeId id, std::int64_t port) const {
    return {writtenName(ownerOf(*graph_.find(id))), callOf_.at(id), port, {}};
}

Value KerasGraphWriter::reference(NodeId id, std::int64_t port) const {
    const TensorReference to = referenceTo(id, port);
    return ValueList{Value(to.layer), Value(to.call), Value(to.output)};
}

Value KerasGraphWriter::shapeOf(const graph::Link& link) const {
    const tensor::TensorType* type = analysis_[link.from].outputAt(link.fromPort);
    if (type == nullptr) return {};
    ValueList sizes;
    for (int axis = 0; axis < type->shape.rank(); ++axis)
        sizes.push_back(type->shape[axis].isKnown() ? Value(type->shape[axis].size()) : Value());
    return Value(std::move(sizes));
}

Value KerasGraphWriter::tensor(const graph::Link& link) const {
    const tensor::TensorType* type = analysis_[link.from].outputAt(link.fromPort);
    ValueDict config{{"shape", shapeOf(link)},
                     {"dtype", tensor::dtypeName(type != nullptr ? type->dtype : tensor::DType::Float32)},
                     {"keras_history", reference(link.from, link.fromPort)}};
    return ValueDict{{"class_name", "__keras_tensor__"}, {"config", std::move(config)}};
}

/// Puts the links of the node into a call of the file. False when they are no longer the tensors of that call.
bool KerasGraphWriter::changeCall(const graph::Node& node, Value& call) const {
    const Result<std::vector<LayerCall>> parsed = readCalls(Value(ValueList{call}), {});
    if (!parsed || parsed->size() != 1) return false;
    const std::vector<CallArgument>& arguments = parsed->front().arguments;
    const std::vector<ReferencePlace> places = referencesOfCall(call);
    if (places.size() != arguments.size()) return false;
    std::map<std::size_t, std::size_t> taken;  // by port
    std::vector<const graph::Link*> links;
    for (const CallArgument& argument : arguments) {
        const std::optional<std::size_t> port = portFor(node, argument);
        const bool isLeftOut = !port || *port >= node.inputPortCount || (*port != node.manyPort && taken[*port] > 0);
        links.push_back(nullptr);
        if (isLeftOut) continue;
        std::size_t skip = taken[*port]++;
        for (const graph::Link& link : node.inputs)
            if (link.toPort == *port && skip-- == 0) {
                links.back() = &link;
                break;
            }
        if (links.back() == nullptr) return false;
    }
    std::size_t used = 0;
    for (const graph::Link* link : links) used += link != nullptr ? 1 : 0;
    if (used != node.inputs.size()) return false;
    for (std::size_t index = 0; index < links.size(); ++index) {
        if (links[index] == nullptr) continue;
        const TensorReference now = referenceTo(links[index]->from, links[index]->fromPort);
        const TensorReference& before = arguments[index].tensor;
        const bool isSame = now.layer == before.layer && now.call == before.call && now.output == before.output;
        if (!isSame) setReference(*places[index].list, now);
        Value* config = places[index].tensor;
        Value* shape = config != nullptr ? memberOf(*config, "shape") : nullptr;
        if (shape == nullptr) continue;
        const Value found = shapeOf(*links[index]);
        if (found.isList() && (!isSame || contradicts(*shape, found))) *shape = found;
    }
    return true;
}

Value KerasGraphWriter::newCall(const graph::Node& node) const {
    const CallArguments call = callArguments(node);
    ValueDict settings;
    for (const auto& [key, value] : node.extras)
        if (key == kCallSettings && value.isDict()) settings = value.asDict();
    if (dialect_ != Dialect::Keras3) {
        ValueList tensors;
        for (const auto* links : {&call.positional, &call.states})
            for (const graph::Link* link : *links) {
                Value to = reference(link->from, link->fromPort);
                to.asList().emplace_back(ValueDict{});
                tensors.push_back(std::move(to));
            }
        ValueDict keywords;
        for (const auto& [name, link] : call.named) keywords.emplace_back(name, reference(link->from, link->fromPort));
        for (auto& member : settings) keywords.push_back(std::move(member));
        if (!tensors.empty()) tensors.front().asList().back() = Value(std::move(keywords));
        return Value(std::move(tensors));
    }
    ValueList positional;
    ValueList states;
    ValueDict keywords;
    for (const graph::Link* link : call.positional) positional.push_back(tensor(*link));
    for (const graph::Link* link : call.states) states.push_back(tensor(*link));
    for (const auto& [name, link] : call.named) keywords.emplace_back(name, tensor(*link));
    if (!states.empty())
        keywords.emplace_back("initial_state", states.size() == 1 ? states.front() : Value(std::move(states)));
    for (auto& member : settings) keywords.push_back(std::move(member));
    const bool isModel = isNestedModel(node);
    ValueList arguments = call.isList && !isModel ? ValueList{Value(std::move(positional))} : std::move(positional);
    if (isModel && arguments.size() > 1) arguments = ValueList{Value(std::move(arguments))};
    return ValueDict{{"args", std::move(arguments)}, {"kwargs", std::move(keywords)}};
}

void KerasGraphWriter::writeCalls(const graph::Node& node, Value& entry, bool isKept) const {
    const std::vector<NodeId>& calls = callsOf_.at(node.id);
    const Value* inFile = isKept ? entry.find("inbound_nodes") : nullptr;
    if (isKept && calls.size() == 1 && node.inputs.empty() && (inFile != nullptr || !node.type->isSource())) return;
    ValueList written;
    if (!node.type->isSource())
        for (const NodeId id : calls) {
            const graph::Node& called = *graph_.find(id);
            const LayerRecord* ofCall = record(id);
            const auto index = ofCall != nullptr ? static_cast<std::size_t>(ofCall->call) : 0;
            if (ofCall != nullptr && inFile != nullptr && inFile->isList() && index < inFile->asList().size()) {
                Value call = inFile->asList()[index];
                if (changeCall(called, call)) {
                    written.push_back(std::move(call));
                    continue;
                }
            }
            if (!called.inputs.empty()) written.push_back(newCall(called));
        }
    setMemberOf(entry, "inbound_nodes", Value(std::move(written)));
}

// Ends

std::vector<KerasGraphWriter::End> KerasGraphWriter::inputs() const {
    std::vector<End> found;
    graph_.forEach([&](const graph::Node& node) {
        if (node.type->isSource()) found.emplace_back(node.id, 0);
    });
    return found;
}

std::vector<KerasGraphWriter::End> KerasGraphWriter::outputs() const {
    std::vector<End> found;
    graph_.forEach([&](const graph::Node& node) {
        const auto consumers = analysis_.consumers(node.id);
        const bool isUsed = std::any_of(consumers.begin(), consumers.end(), [&](const graph::LinkPlace& place) {
            return isWritten(*graph_.find(place.to));
        });
        const LayerRecord* kept = record(node.id);
        const bool wasUnused = kept != nullptr && kept->isUnused;
        if (isWritten(node) && !isUsed && !wasUnused) found.emplace_back(node.id, 0);
    });
    return found;
}

/// The order the file had, where those nodes are still there; then what else is an end.
std::vector<KerasGraphWriter::End> KerasGraphWriter::ends(const ValueDict& properties, bool isOutput) const {
    std::vector<End> list;
    const auto has = [&](std::string_view key) {
        return std::any_of(properties.begin(), properties.end(),
                           [&](const auto& member) { return member.first == key; });
    };
    const bool isModel = has(isOutput ? kModelOutputs : kModelInputs);
    const std::string_view key =
        isOutput ? (isModel ? kModelOutputs : kOutputOrder) : (isModel ? kModelInputs : kInputOrder);
    for (const auto& [name, value] : properties) {
        if (name != key || !value.isList()) continue;
        for (const Value& entry : value.asList()) {
            const bool hasPort = entry.isList() && entry.asList().size() == 2 && entry.asList()[0].isText() &&
                                 entry.asList()[1].isInteger();
            if (!hasPort && !entry.isText()) continue;
            const graph::Node* node = graph_.findByName(hasPort ? entry.asList()[0].asText() : entry.asText());
            if (node == nullptr || !isWritten(*node)) continue;
            list.emplace_back(node->id, hasPort ? entry.asList()[1].asInteger() : 0);
        }
    }
    if (isModel && isOutput && !list.empty()) return list;  // a nested model has no others
    const std::vector<End> named = list;
    for (const End& end : isOutput ? outputs() : inputs())
        if (std::none_of(named.begin(), named.end(), [&](const End& other) { return other.first == end.first; }))
            list.push_back(end);
    return list;
}

void KerasGraphWriter::fillEnds(Value& config, const char* key, const std::vector<End>& ends) const {
    Value* list = memberOf(config, key);
    if (list == nullptr) return;
    const std::vector<ReferencePlace> places = referencesOfEnds(*list);
    if (places.size() == ends.size()) {
        for (std::size_t index = 0; index < ends.size(); ++index)
            setReference(*places[index].list, referenceTo(ends[index].first, ends[index].second));
        return;
    }
    ValueList written;
    for (const auto& [id, port] : ends) written.push_back(reference(id, port));
    *list = Value(std::move(written));
}

}  // namespace shapewise::io
