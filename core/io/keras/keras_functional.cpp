// Functional models: layers that call one another by name.

#include "core/infer/analysis.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_model.h"
#include "core/io/keras/keras_operations.h"
#include "core/io/keras/layer_call.h"
#include "core/io/keras/layer_node.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace {

/// "attention_mask" for a port called "attention mask" as well.
bool isCalled(std::string_view port, std::string_view argument) {
    std::string spelled(port);
    std::replace(spelled.begin(), spelled.end(), ' ', '_');
    return spelled == argument;
}

/// An operation as the layer that does the same, called once.
void useOperation(ReadOperation&& operation, LayerEntry& entry, std::vector<LayerCall>& calls) {
    entry.className = std::move(operation.className);
    entry.config = std::move(operation.settings);
    entry.module.clear();
    entry.operation = std::move(operation.source);
    LayerCall call;
    const bool isList = operation.inputs.size() > 1;
    for (TensorReference& input : operation.inputs)
        call.arguments.push_back({"", call.arguments.size(), isList, std::move(input)});
    calls = {std::move(call)};
}

/// Layers that compute something else while training run as they do afterwards.
void noteTraining(const graph::Node& node, const ValueDict& settings, const std::string& where,
                  std::vector<std::string>& notes) {
    const auto training =
        std::find_if(settings.begin(), settings.end(), [](const auto& member) { return member.first == "training"; });
    if (training != settings.end() && flagOf(training->second) == Value(true) && !isStandIn(node))
        notes.push_back(fmt::format("{}: is called with training=True, and runs here as after training", where));
}

}  // namespace

std::vector<TensorReference> tensorReferencesIn(const Value* value) {
    std::vector<TensorReference> references;
    TensorReference single;
    if (value == nullptr) return references;
    if (readTensorReference(*value, single)) {
        references.push_back(single);
    } else if (value->isList()) {
        for (const Value& entry : value->asList())
            for (TensorReference& reference : tensorReferencesIn(&entry)) references.push_back(std::move(reference));
    } else if (value->isDict()) {
        for (const auto& member : value->asDict())
            for (TensorReference& reference : tensorReferencesIn(&member.second))
                references.push_back(std::move(reference));
    }
    return references;
}

Result<void> KerasGraphReader::readFunctionalLayers(const KerasModel& model) {
    for (std::size_t index = 0; index < model.layers->size(); ++index) {
        const Value& source = (*model.layers)[index];
        Layer layer;
        layer.entry = entryOf(source);
        layer.source = &source;
        layer.where = fmt::format("layers[{}]", index);
        if (layer.entry.name.empty()) layer.entry.name = baseName(layer.entry.className);
        layer.where += " '" + layer.entry.name + "'";
        if (std::optional<ReadOperation> operation = readOperation(source)) {
            useOperation(std::move(*operation), layer.entry, layer.calls);
        } else {
            Result<std::vector<LayerCall>> calls = readCalls(layer.entry.inbound, layer.where);
            if (!calls) return Unexpected(std::move(calls.error()));
            layer.calls = std::move(*calls);
            if (layer.entry.module.find(".ops") != std::string::npos)
                layer.entry.className = "ops." + layer.entry.className;
        }
        if (layer.calls.empty()) layer.calls.emplace_back();  // an input, or a layer that nothing feeds
        if (!layerOf_.emplace(layer.entry.name, layers_.size()).second)
            notes_.push_back(fmt::format("two layers are called '{}': links lead to the first", layer.entry.name));
        names_.reserve(layer.entry.name);
        layers_.push_back(std::move(layer));
    }
    return {};
}

/// Keras counts the calls of some nested models from 1, because building the model counts as call 0.
void KerasGraphReader::findFirstCalls(const KerasModel& model) {
    std::unordered_map<std::string, std::int64_t> lowest;
    const auto see = [&](const TensorReference& reference) {
        const auto [place, isNew] = lowest.emplace(reference.layer, reference.call);
        if (!isNew) place->second = std::min(place->second, reference.call);
    };
    for (const Layer& layer : layers_)
        for (const LayerCall& call : layer.calls)
            for (const CallArgument& argument : call.arguments) see(argument.tensor);
    for (const TensorReference& reference : tensorReferencesIn(model.outputLayers)) see(reference);
    for (Layer& layer : layers_) {
        const auto found = lowest.find(layer.entry.name);
        if (found == lowest.end()) continue;
        layer.lowestIndex = found->second;
        if (kerasModel(*layer.source)) layer.firstCall = std::min<std::int64_t>(found->second, 1);
    }
}

std::optional<OutputPlace> KerasGraphReader::resolve(const TensorReference& reference) const {
    const auto found = layerOf_.find(reference.layer);
    if (found == layerOf_.end() || reference.output >= graph::Node::kNoManyPort) return std::nullopt;
    const Layer& layer = layers_[found->second];
    std::int64_t call = reference.call - layer.firstCall;
    if (call < 0 || call >= static_cast<std::int64_t>(layer.nodes.size())) {
        if (layer.nodes.size() != 1) return std::nullopt;
        call = 0;  // the file counts calls that are not part of this model
    }
    return OutputPlace{layer.nodes[static_cast<std::size_t>(call)], static_cast<std::uint16_t>(reference.output)};
}

std::optional<std::size_t> portFor(const graph::Node& node, const CallArgument& argument) {
    const std::vector<layers::PortSpec>& ports = node.type->inputs;
    std::size_t port = argument.name.empty() ? argument.position : 0;
    if (!argument.name.empty()) {
        const auto named = std::find_if(ports.begin(), ports.end(),
                                        [&](const auto& spec) { return isCalled(spec.name, argument.name); });
        const bool isFirst = argument.name == "inputs" || argument.name == "sequences" || argument.name == "x";
        if (named == ports.end() && !isFirst) return std::nullopt;
        if (named != ports.end()) port = static_cast<std::size_t>(named - ports.begin());
        if (named != ports.end() && node.manyPort != port && argument.fromList) port += argument.position;
    }
    if (node.manyPort != graph::Node::kNoManyPort) port = std::min<std::size_t>(port, node.manyPort);
    return port;
}

void KerasGraphReader::connectArgument(graph::Node& node, const CallArgument& argument, const std::string& where) {
    const std::optional<OutputPlace> from = resolve(argument.tensor);
    if (!from) {
        notes_.push_back(fmt::format("{}: takes its input from '{}', which is not in the model: not connected", where,
                                     argument.tensor.layer));
        return;
    }
    const std::optional<std::size_t> found = portFor(node, argument);
    if (!found) {
        notes_.push_back(fmt::format("{}: the input {} is left out", where, argument.name));
        return;
    }
    const std::size_t port = *found;
    const bool isTaken =
        port != node.manyPort && std::any_of(node.inputs.begin(), node.inputs.end(),
                                             [&](const graph::Link& link) { return link.toPort == port; });
    if (port >= node.inputPortCount || isTaken) {
        notes_.push_back(fmt::format("{}: takes {} inputs, the link from '{}' is left out", where, node.inputPortCount,
                                     argument.tensor.layer));
        return;
    }
    node.inputs.push_back({from->node, from->port, static_cast<std::uint16_t>(port)});
}

void KerasGraphReader::connect(Layer& layer, std::size_t index) {
    const LayerCall& call = layer.calls[index];
    if (call.arguments.empty()) return;
    auto node = std::make_shared<graph::Node>(*graph.find(layer.nodes[index]));
    for (const CallArgument& argument : call.arguments) connectArgument(*node, argument, layer.where);
    std::stable_sort(node->inputs.begin(), node->inputs.end(),
                     [](const graph::Link& a, const graph::Link& b) { return a.toPort < b.toPort; });
    graph.put(std::move(node));
}

/// Layers nobody knows declare the shape that Keras 3 notes where their output is used.
void KerasGraphReader::declareShapes() {
    for (const Layer& layer : layers_)
        for (const LayerCall& call : layer.calls)
            for (const CallArgument& argument : call.arguments) {
                if (!argument.tensor.shape.isList() || argument.tensor.shape.asList().empty() ||
                    argument.tensor.output != 0)
                    continue;
                const std::optional<OutputPlace> from = resolve(argument.tensor);
                if (!from || !isStandIn(*graph.find(from->node)) || graph.find(from->node)->setting(kCustomOutputShape))
                    continue;
                auto node = std::make_shared<graph::Node>(*graph.find(from->node));
                const ValueList& sizes = argument.tensor.shape.asList();
                node->set(kCustomOutputShape.name, Value(ValueList(sizes.begin() + 1, sizes.end())));
                graph.put(std::move(node));
            }
}

/// tf.reshape keeps the batch only where the sizes of a sample fit, which tf.keras does not note: the shape that comes
/// in tells it.
void KerasGraphReader::readReshapes() {
    std::vector<NodeId> open;
    graph.forEach([&](const graph::Node& node) {
        if (!isStandIn(node) || node.inputs.size() != 1) return;
        for (const auto& [key, value] : node.extras)
            if (key == kOperation && dependsOnShape(value)) open.push_back(node.id);
    });
    for (bool isNew = true; isNew && !open.empty();) {
        isNew = false;
        const infer::Analysis analysis = infer::Analysis::of(graph);
        for (NodeId& id : open) {
            const graph::Node& node = *graph.find(id);
            const graph::Link& link = node.inputs.front();
            const tensor::TensorType* type = analysis[link.from].outputAt(link.fromPort);
            const auto source = std::find_if(node.extras.begin(), node.extras.end(),
                                             [](const auto& member) { return member.first == kOperation; });
            if (type == nullptr || type->guessed || source == node.extras.end()) continue;
            ValueList shape;
            for (int axis = 0; axis < type->shape.rank(); ++axis)
                shape.push_back(type->shape[axis].isKnown() ? Value(type->shape[axis].size()) : Value());
            const std::optional<ReadOperation> read = withInputShape(source->second, Value(std::move(shape)));
            if (!read) continue;
            std::shared_ptr<graph::Node> made = makeLayerNode(read->className, read->settings, id, node.name);
            made->inputs = node.inputs;
            made->seed = node.seed;
            made->extras.emplace_back(kOperation, read->source);
            std::erase(notes_, unknownNote(node.name, fileClassName(node)));
            graph.put(std::move(made));
            id = NodeId();
            isNew = true;
        }
        std::erase_if(open, [](NodeId id) { return !id.isValid(); });
    }
}

void KerasGraphReader::readEnds(const KerasModel& model) {
    for (const TensorReference& reference : tensorReferencesIn(model.inputLayers))
        if (const std::optional<OutputPlace> place = resolve(reference)) inputs.push_back(place->node);
    for (const TensorReference& reference : tensorReferencesIn(model.outputLayers)) {
        if (const std::optional<OutputPlace> place = resolve(reference))
            outputs.push_back(*place);
        else
            notes_.push_back(fmt::format("the output '{}' is not in the model", reference.layer));
    }
}

Result<void> KerasGraphReader::readFunctional(const KerasModel& model) {
    if (Result<void> done = readFunctionalLayers(model); !done) return done;
    findFirstCalls(model);
    for (Layer& layer : layers_) {
        for (std::size_t call = 0; call < layer.calls.size(); ++call) {
            const bool isOwner =
                layer.nodes.empty() && layerOf_[layer.entry.name] == static_cast<std::size_t>(&layer - layers_.data());
            std::string name = isOwner ? layer.entry.name : names_.take(layer.entry.name);
            Result<std::shared_ptr<graph::Node>> node =
                makeNode(layer.entry, *layer.source, std::move(name), layer.where);
            if (node && (*node)->body && !layer.nodes.empty()) (*node)->body = graph.find(layer.nodes.front())->body;
            if (!node) return Unexpected(std::move(node.error()));
            if (!layer.nodes.empty()) (*node)->sharesLayerOf = layer.nodes.front();
            if (!layer.entry.operation.isNone()) (*node)->extras.emplace_back(kOperation, layer.entry.operation);
            if (const ValueDict& settings = layer.calls[call].settings; !settings.empty()) {
                (*node)->extras.emplace_back(kCallSettings, settings);
                setFromCall(**node, settings);
                noteTraining(**node, settings, layer.where, notes_);
            }
            LayerRecord& record = records_[(*node)->id];
            record.call = static_cast<std::int64_t>(call);
            record.index = layer.calls.size() == 1 ? layer.lowestIndex : layer.firstCall + record.call;
            layer.nodes.push_back(put(std::move(*node)));
        }
    }
    for (Layer& layer : layers_)
        for (std::size_t call = 0; call < layer.calls.size(); ++call) connect(layer, call);
    declareShapes();
    readReshapes();
    readEnds(model);
    return {};
}

}  // namespace shapewise::io
