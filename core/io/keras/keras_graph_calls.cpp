// The calls of layers on one another, and the inputs and outputs of a model.

#include "core/io/keras/keras_call_writer.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_graph_writer.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_model.h"
#include "core/io/keras/layer_call.h"
#include "core/io/keras/layer_node.h"

#include <algorithm>

namespace shapewise::io {

using layers::Dialect;
using layers::isNestedModel;

namespace {

/// What is written now, but tensors that are still those of the file as the file has them.
Value withTensorsOfFile(const Value& inFile, Value now) {
    TensorReference before;
    TensorReference after;
    if (readTensorReference(inFile, before) && readTensorReference(now, after)) {
        const bool isSame = before.layer == after.layer && before.call == after.call && before.output == after.output;
        const bool isModern = inFile.isDict() && now.isDict();
        return isSame && isModern && !contradicts(before.shape, after.shape) ? inFile : now;
    }
    if (inFile.isList() && now.isList() && inFile.asList().size() == now.asList().size())
        for (std::size_t index = 0; index < now.asList().size(); ++index)
            now.asList()[index] = withTensorsOfFile(inFile.asList()[index], std::move(now.asList()[index]));
    if (inFile.isDict() && now.isDict())
        for (auto& [key, member] : now.asDict())
            if (const Value* old = inFile.find(key)) member = withTensorsOfFile(*old, std::move(member));
    return now;
}

}  // namespace

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

/// Puts the links of the node into a call of the file. False when they are no longer the tensors of that call, or its
/// settings others.
bool KerasGraphWriter::changeCall(const graph::Node& node, Value& call) const {
    const Result<std::vector<LayerCall>> parsed = readCalls(Value(ValueList{call}), {});
    if (!parsed || parsed->size() != 1) return false;
    ValueDict before = parsed->front().settings;
    ValueDict now = settingsOfCall(node);
    for (const layers::ParamSpec& spec : node.type->params) {
        const auto isOn = [&](ValueDict& settings) {
            const Value* flag = isCallSetting(spec.key) ? findMember(settings, spec.key) : nullptr;
            return flag != nullptr && flagOf(*flag) == Value(true);
        };
        if (isOn(before) != isOn(now)) return false;
    }
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
        const TensorReference to = referenceTo(links[index]->from, links[index]->fromPort);
        const TensorReference& inFile = arguments[index].tensor;
        const bool isSame = to.layer == inFile.layer && to.call == inFile.call && to.output == inFile.output;
        if (!isSame) setReference(*places[index].list, to);
        Value* config = places[index].tensor;
        Value* shape = config != nullptr ? memberOf(*config, "shape") : nullptr;
        if (shape == nullptr) continue;
        const Value found = shapeOf(*links[index]);
        if (found.isList() && (!isSame || contradicts(*shape, found))) *shape = found;
    }
    return true;
}

/// Without what the entry of the layer says: `causal`, which tf.keras took in the constructor up to 2.9.
ValueDict KerasGraphWriter::settingsOfCall(const graph::Node& node) const {
    ValueDict settings = callSettings(node);
    const LayerRecord* kept = record(ownerOf(node).id);
    const Value* config = kept != nullptr ? kept->entry.find("config") : nullptr;
    for (const layers::ForeignKey& row : node.type->foreign.keys)
        if (isCallSetting(row.key) && config != nullptr && config->find(row.foreign) != nullptr)
            takeMember(settings, row.key);
    return settings;
}

Value KerasGraphWriter::newCall(const graph::Node& node) const {
    const CallArguments call = callArguments(node);
    ValueDict settings = settingsOfCall(node);
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
    if (!isKept && entry.find("inbound_nodes") != nullptr) return;  // an operation, which is its call
    if (const std::optional<Value> unchanged = inFile != nullptr && isOperation(node) ? operation(node) : std::nullopt)
        if (const Value* call = unchanged->find("inbound_nodes"))
            return setMember(entry.asDict(), "inbound_nodes", withTensorsOfFile(Value(*inFile), *call));
    if (isKept && calls.size() == 1 && node.inputs.empty() && (inFile != nullptr || isFromFunctional_)) return;
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
    setMember(entry.asDict(), "inbound_nodes", Value(std::move(written)));
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
    const bool isModel = has(isOutput ? kOutputsOfModel : kInputsOfModel);
    const std::string_view key =
        isOutput ? (isModel ? kOutputsOfModel : kOutputOrder) : (isModel ? kInputsOfModel : kInputOrder);
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
