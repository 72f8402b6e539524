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

ValueDict endsOf(const graph::Node& model) {
    ValueDict ends;
    for (const char* key : {kInputsOfModel, kOutputsOfModel})
        if (const Value* value = model.setting(ParamKey::of(key))) ends.emplace_back(key, *value);
    return ends;
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

bool KerasGraphWriter::isOperation(const graph::Node& node) {
    return std::any_of(node.extras.begin(), node.extras.end(), [](const auto& e) { return e.first == kOperation; });
}

void KerasGraphWriter::readRecords() {
    graph_.forEach([&](const graph::Node& node) {
        if (std::optional<LayerRecord> kept = recordOf(node); kept && kept->dialect == dialectName(dialect_))
            records_.emplace(node.id, std::move(*kept));
    });
    isFromFunctional_ = std::any_of(records_.begin(), records_.end(), [](const auto& kept) {
        return kept.second.entry.find("inbound_nodes") != nullptr;
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
    std::string outside = textMember(kept->entry, "name");
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
    const std::vector<NodeId> order = graph::topologicalOrder(graph_).nodes;
    std::set<NodeId> inBranches;
    const auto head =
        std::find_if(order.begin(), order.end(), [&](NodeId id) { return hasBranches(*graph_.find(id)); });
    if (head != order.end()) {
        std::vector<NodeId> due{*head};
        while (!due.empty()) {
            const NodeId id = due.back();
            due.pop_back();
            for (const graph::Link& link : graph_.find(id)->inputs)
                if (inBranches.insert(link.from).second) due.push_back(link.from);
        }
    }
    for (const NodeId id : order) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node) || inBranches.contains(id)) continue;
        const bool isFirst = chain.empty() && (node.inputs.empty() || (head != order.end() && id == *head));
        const bool follows = !chain.empty() && node.inputs == std::vector<graph::Link>{{chain.back(), 0, 0}} &&
                             !keras3Operation(node) && !node.sharesLayerOf.isValid();
        if (!isFirst && !follows) return {};
        chain.push_back(id);
    }
    return chain;
}

bool KerasGraphWriter::isSequentialFrame(const Value& model) const {
    if (model.isList()) return true;
    const Value* config = model.find("class_name") == nullptr ? &model : model.find("config");
    if (config == nullptr || config->isList() || textMember(model, "class_name") == "Sequential") return true;
    return config->find("input_layers") == nullptr && !records_.empty() && !isFromFunctional_;
}

// Layers

/// The tensor that an operation's call names; null where the input is open.
Value KerasGraphWriter::operand(const graph::Node& node, std::size_t input, bool isModern) const {
    if (input >= node.inputs.size()) return {};
    const graph::Link& link = node.inputs[input];
    return isModern ? tensor(link) : reference(link.from, link.fromPort);
}

/// The operation as it came; nullopt when it is none any more.
std::optional<Value> KerasGraphWriter::operation(const graph::Node& node) const {
    return unchangedOperation(node, [&](std::size_t input, bool isModern) { return operand(node, input, isModern); });
}

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
    for (const char* key : {kInputsOfModel, kOutputsOfModel})
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

/// A Merge of Keras 1 at the head of a Sequential, whose models are still the chains that end in it.
bool KerasGraphWriter::hasBranches(const graph::Node& node) const {
    const LayerRecord* kept = record(node.id);
    const Value* branches =
        kept != nullptr && textMember(kept->entry, "class_name") == "Merge" ? layerListOf(kept->entry) : nullptr;
    if (branches == nullptr || branches->asList().empty() || branches->asList().size() != node.inputs.size())
        return false;
    std::set<NodeId> seen;
    for (const graph::Link& link : node.inputs)
        for (const graph::Node* at = graph_.find(link.from); at != nullptr;
             at = at->inputs.empty() ? nullptr : graph_.find(at->inputs.front().from))
            if (at->inputs.size() > 1 || at->sharesLayerOf.isValid() || analysis_.consumers(at->id).size() != 1 ||
                !seen.insert(at->id).second)
                return false;
    return true;
}

Result<void> KerasGraphWriter::fillBranches(const graph::Node& node, Value& entry) const {
    Value* list = layerListOf(entry);
    if (list == nullptr) return {};
    ValueList& branches = list->asList();
    for (std::size_t index = 0; index < std::min(branches.size(), node.inputs.size()); ++index) {
        std::vector<NodeId> chain;
        for (const graph::Node* at = graph_.find(node.inputs[index].from); at != nullptr;
             at = at->inputs.empty() ? nullptr : graph_.find(at->inputs.front().from))
            chain.insert(chain.begin(), at->id);
        const bool isModel = layerListOf(branches[index]) != nullptr;
        Value single(ValueList{});
        if (Result<void> done = fillSequential(isModel ? branches[index] : single, chain); !done) return done;
        if (!isModel && single.asList().size() == 1) branches[index] = std::move(single.asList().front());
    }
    return {};
}

Result<Value> KerasGraphWriter::entry(const graph::Node& node) const {
    const LayerRecord* kept = record(node.id);
    const std::shared_ptr<const graph::Node> read = kept != nullptr ? asRead(*kept, node) : nullptr;
    if (read == nullptr) kept = nullptr;
    if (isOperation(node)) {
        const std::optional<Value> unchanged = operation(node);
        if (!unchanged) kept = nullptr;
        if (kept == nullptr && isStandIn(node))
            return failure(fmt::format("'{}' is the operation {}, which {} does not write so", node.name,
                                       fileClassName(node), dialectTitle(dialect_)),
                           "Write the model in the dialect it was read in, or put a layer in its place");
    }
    const bool hasOperations =
        dialect_ == Dialect::Keras3 || dialect_ == Dialect::TfKeras2;  // others refuse it by name
    if (const std::optional<Keras3Operation> own = keras3Operation(node);
        own && kept == nullptr && hasOperations && !node.inputs.empty()) {
        const auto tensorOf = [&](std::size_t input, bool isModern) { return operand(node, input, isModern); };
        return dialect_ == Dialect::Keras3 ? operationLayer(*own, node.name, tensorOf)
                                           : tfOperationLayer(*own, node.name, tensorOf);
    }
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
    const bool isMade = node.type->isSource() && node.type->supply != layers::Supply::Given;  // an InputLayer in files
    if (!isNestedModel(node) && !isMade)
        if (Result<void> same = readsBack(*out, node, dialect_, kept); !same) return Unexpected(same.error());
    if (Result<void> done = fillWrapped(node, *out); !done) return Unexpected(done.error());
    if (kept != nullptr && hasBranches(node))
        if (Result<void> done = fillBranches(node, *out); !done) return Unexpected(done.error());
    if (kept != nullptr) {
        updateBuild(node, *out);
        nameEntry(node, *out);
    }
    return out;
}

Result<void> KerasGraphWriter::fillSequential(Value& model, const std::vector<NodeId>& chain) const {
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
    // What the model says it was built for follows its input.
    Value* config = modelConfigOf(model);
    Value* build = memberOf(model, "build_config");
    for (Value* shape : {config != nullptr ? memberOf(*config, "build_input_shape") : nullptr,
                         build != nullptr ? memberOf(*build, "input_shape") : nullptr}) {
        if (shape == nullptr || chain.empty() || !graph_.find(chain.front())->type->isSource()) continue;
        if (const Value now = shapeOf({chain.front(), 0, 0}); contradicts(*shape, now)) *shape = now;
    }
    if (Value* list = layerListOf(model)) list->asList() = std::move(written);
    return {};
}

Result<void> KerasGraphWriter::fillFunctional(Value& model, const ValueDict& properties) {
    ValueList written;
    for (const auto& [id, calls] : callsOf_) {
        const graph::Node& node = *graph_.find(id);
        if (!isWritten(node)) continue;
        Result<Value> one = entry(node);
        if (!one) return Unexpected(one.error());
        const LayerRecord* kept = record(id);
        const bool isKept =
            kept != nullptr && asRead(*kept, node) != nullptr && (!isOperation(node) || operation(node));
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

}  // namespace shapewise::io
