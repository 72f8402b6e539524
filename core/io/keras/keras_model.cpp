#include "core/io/keras/keras_model.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_data_formats.h"
#include "core/io/keras/keras_entry_writer.h"
#include "core/io/keras/keras_json.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <set>
#include <unordered_set>

namespace shapewise::io {

namespace {

const Value* listMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isList() ? member : nullptr;
}

bool isLayerList(const Value& value) {
    return value.isList() && !value.asList().empty() &&
           std::all_of(value.asList().begin(), value.asList().end(), isLayerEntry);
}

bool isModelInput(std::string_view className) {
    const layers::LayerType* type = layers::findLayer(className);
    return type != nullptr && type->supply == layers::Supply::Given;
}
bool isModelInput(const LayerEntry& entry) { return isModelInput(entry.className); }

/// The shape of a batch the layer was given: batch_input_shape, batch_shape, or what Keras 1 derives it from.
Value batchShapeOf(const LayerEntry& entry) {
    ValueDict config = entry.config;
    for (const char* key : {"batch_input_shape", "batch_shape"})
        if (const Value* shape = findMember(config, key); shape != nullptr && shape->isList()) return *shape;
    for (const char* key : {"input_shape", "shape"}) {
        const Value* shape = findMember(config, key);
        if (shape == nullptr || (!shape->isList() && !shape->isNumber()) || (*key == 's' && !isModelInput(entry)))
            continue;
        ValueList batch{Value()};
        if (shape->isList())
            batch.insert(batch.end(), shape->asList().begin(), shape->asList().end());
        else
            batch.push_back(*shape);
        return batch;
    }
    const Value* length = findMember(config, "input_length");
    const layers::LayerType* type = layers::findLayer(entry.className);
    const bool isOwnKey = type != nullptr && type->param("input_dim") != nullptr;
    if (isOwnKey) return length != nullptr ? Value(ValueList{Value(), *length}) : Value();
    if (const Value* size = findMember(config, "input_dim"); size != nullptr && size->isInteger())
        return length != nullptr ? Value(ValueList{Value(), *length, *size}) : Value(ValueList{Value(), *size});
    return entry.buildShape.isList() && !entry.buildShape.asList().empty() && !entry.buildShape.asList()[0].isList()
               ? entry.buildShape
               : Value();
}

/// Which layers take the inputs and give the outputs of a nested model, where that is not plain from its graph.
void setEnds(const KerasGraphReader& reader, graph::Node& node) {
    const auto nameOf = [&](NodeId id) { return Value(reader.graph.find(id)->name); };
    if (!reader.inputs.empty() && reader.inputs != inputLayersOf(reader.graph)) {
        ValueList names;
        for (const NodeId id : reader.inputs) names.push_back(nameOf(id));
        node.set("inputs", Value(std::move(names)));
    }
    if (!reader.outputs.empty() && reader.outputs != naturalOutputs(reader.graph)) {
        ValueList ends;
        for (const OutputPlace& output : reader.outputs)
            ends.emplace_back(ValueList{nameOf(output.node), Value(int{output.port})});
        node.set("outputs", Value(std::move(ends)));
    }
}

void setInputShape(graph::Node& node, ValueDict& config) {
    const Value batch = takeMember(config, "batch_shape");
    const Value legacy = takeMember(config, "batch_input_shape");
    const Value shape = withWholeNumbers(batch.isList() ? batch : legacy);
    if (shape.isList() && !shape.asList().empty()) {
        const ValueList& sizes = shape.asList();
        node.set("shape", Value(ValueList(sizes.begin() + 1, sizes.end())));
        if (!sizes[0].isNone()) node.set("batch_size", sizes[0]);
    } else if (batch.isList()) {
        node.set("batch_shape", batch);
    }
}

constexpr std::string_view kInputKeys[] = {"batch_input_shape", "batch_shape", "input_shape", "input_length"};

/// The layer of a Functional model that takes its first input; null when the file names none.
const Value* firstInputLayer(const KerasModel& model) {
    const std::vector<TensorReference> named = tensorReferencesIn(model.inputLayers);
    const auto isFirst = [&](const Value& layer) {
        if (!named.empty() && textMember(layer, "name") == named.front().layer) return true;
        const Value* config = layer.find("config");
        if (!named.empty()) return config != nullptr && textMember(*config, "name") == named.front().layer;
        return isModelInput(textMember(layer, "class_name"));
    };
    const auto found = std::find_if(model.layers->begin(), model.layers->end(), isFirst);
    return found != model.layers->end() ? &*found : nullptr;
}

}  // namespace

std::string unknownNote(std::string_view name, std::string_view className) {
    return fmt::format("layer '{}': class {} is not known, kept as Custom", name, className);
}

std::optional<KerasModel> kerasModel(const Value& value) {
    KerasModel model;
    if (isLayerList(value)) {
        model.isSequential = true;
        model.layers = &value.asList();
        return model;
    }
    const bool isConfig = value.find("class_name") == nullptr && listMember(value, "layers") != nullptr;
    const Value* config = isConfig ? &value : value.find("config");
    if ((!isConfig && !isLayerEntry(value)) || config == nullptr) return std::nullopt;
    const std::string className = textMember(value, "class_name");
    const Value* layers = config->isList() ? config : listMember(*config, "layers");
    const bool isWrapper = config->isDict() && config->find("layer") != nullptr;
    if (layers == nullptr || isWrapper || className == "Merge") return std::nullopt;
    if ((!layers->asList().empty() || isConfig) && !isLayerList(*layers)) return std::nullopt;
    model.layers = &layers->asList();
    if (const Value* name = config->find("name"); name != nullptr && name->isText()) model.name = name->asText();
    model.inputLayers = listMember(*config, "input_layers");
    model.outputLayers = listMember(*config, "output_layers");
    if (model.inputLayers == nullptr) model.inputLayers = config->find("input_layers");
    if (model.outputLayers == nullptr) model.outputLayers = config->find("output_layers");
    model.buildShape = config->find("build_input_shape");
    const auto hasInbound = [](const Value& layer) { return layer.find("inbound_nodes") != nullptr; };
    model.isSequential =
        className == "Sequential" || std::none_of(layers->asList().begin(), layers->asList().end(), hasInbound);
    return model;
}

std::shared_ptr<graph::Node> plainNode(const LayerEntry& entry, NodeId id, std::string name) {
    ValueDict config = entry.config;
    const bool isInput = isModelInput(entry);
    ValueDict kept = config;
    if (isInput)
        for (const std::string_view key : {"batch_shape", "batch_input_shape"}) takeMember(kept, key);
    else if (layers::findLayer(entry.className) != nullptr)
        for (const std::string_view key : kInputKeys) takeMember(kept, key);
    if (Value* type = findMember(kept, "dtype"); type != nullptr && *type == Value("float32"))
        takeMember(kept, "dtype");
    std::shared_ptr<graph::Node> node = makeLayerNode(entry.className, kept, id, std::move(name));
    if (isInput) setInputShape(*node, config);
    return node;
}

std::vector<NodeId> inputLayersOf(const graph::Graph& graph) {
    std::vector<NodeId> layers;
    graph.forEach([&](const graph::Node& node) {
        if (node.type->supply == layers::Supply::Given) layers.push_back(node.id);
    });
    return layers;
}

std::vector<OutputPlace> naturalOutputs(const graph::Graph& graph) {
    std::unordered_set<NodeId> used;
    graph.forEach([&](const graph::Node& node) {
        for (const graph::Link& link : node.inputs) used.insert(link.from);
    });
    std::vector<OutputPlace> outputs;
    graph.forEach([&](const graph::Node& node) {
        if (!used.contains(node.id)) outputs.push_back({node.id, 0});
    });
    return outputs;
}

LayerEntry KerasGraphReader::entryOf(const Value& layer) const {
    return readEntry(layer,
                     {dialect_, dialect_ == layers::Dialect::Keras1 ? formats_.near(layer) : std::string_view()});
}

NodeId KerasGraphReader::put(std::shared_ptr<graph::Node> node) {
    const NodeId id = node->id;
    graph.put(std::move(node));
    return id;
}

Result<std::shared_ptr<graph::Node>> KerasGraphReader::readNested(const KerasModel& model, NodeId id, std::string name,
                                                                  const std::string& where) {
    KerasGraphReader reader(dialect_, formats_, notes_, true);
    if (Result<void> done = reader.read(model); !done) {
        Error error = done.error();
        error.where = where + "." + error.where;
        return Unexpected(std::move(error));
    }
    std::shared_ptr<graph::Node> node =
        makeLayerNode(model.isSequential ? "Sequential" : "Functional", {}, id, std::move(name));
    setEnds(reader, *node);
    node->body = std::make_shared<graph::Graph>(std::move(reader.graph));
    return node;
}

/// A wrapper round a model holds the model's graph itself; its parameter names the class and the ends.
Result<void> KerasGraphReader::readWrapped(graph::Node& wrapper, const Value& source, const std::string& where) {
    const Value* config = source.find("config");
    const Value* layer = config != nullptr ? config->find("layer") : nullptr;
    const std::optional<KerasModel> inner =
        layer != nullptr && wrapper.type->param("layer") != nullptr ? kerasModel(*layer) : std::nullopt;
    if (!inner) return {};
    const Result<std::shared_ptr<graph::Node>> model = readNested(*inner, NodeId(), inner->name, where + ".layer");
    if (!model) return Unexpected(model.error());
    ValueDict settings{{"name", (*model)->name}};
    for (const graph::Setting& setting : (*model)->settings) settings.emplace_back(setting.key, setting.value);
    wrapper.set("layer", Value(ValueDict{{"class_name", (*model)->type->className}, {"config", std::move(settings)}}));
    wrapper.body = (*model)->body;
    return {};
}

Result<std::shared_ptr<graph::Node>> KerasGraphReader::makeNode(const LayerEntry& entry, const Value& source,
                                                                std::string name, const std::string& where) {
    if (graph.slotCount() >= std::numeric_limits<std::uint32_t>::max() - 1)
        return failure("the model has too many layers", {}, where);
    const NodeId id = graph.nextId();
    if (const std::optional<KerasModel> inner = kerasModel(source)) {
        Result<std::shared_ptr<graph::Node>> model = readNested(*inner, id, std::move(name), where);
        const Value* config = source.find("config");
        if (const Value* trainable = config != nullptr ? config->find("trainable") : nullptr;
            model && trainable != nullptr && *trainable == Value(false))
            (*model)->extras.emplace_back("trainable", *trainable);
        if (model) note(id, source, (*model)->name);
        return model;
    }
    std::shared_ptr<graph::Node> node = plainNode(entry, id, std::move(name));
    if (!isNested_ && entry.buildShape.isList()) node->builtFor = std::make_shared<const Value>(entry.buildShape);
    for (const std::string_view gap : entry.gaps) notes_.push_back(fmt::format("layer '{}': {}", node->name, gap));
    if (Result<void> done = readWrapped(*node, source, where); !done) return Unexpected(done.error());
    note(id, source, node->name);
    if (isStandIn(*node)) {
        const std::string inFile = textMember(source, "class_name");
        if (!entry.gaps.empty())
            notes_.push_back(fmt::format("layer '{}': {} is kept as Custom", node->name, inFile));
        else if (entry.isOwn)
            notes_.push_back(
                fmt::format("layer '{}': class {} is not the one of Keras, kept as Custom", node->name, inFile));
        else
            notes_.push_back(unknownNote(node->name, entry.className));
        if (!entry.module.empty() || !entry.registeredName.empty())
            node->extras.emplace_back(
                kRegistration,
                ValueDict{{"module", entry.module.empty() ? Value() : Value(entry.module)},
                          {"registered_name", entry.registeredName.empty() ? Value() : Value(entry.registeredName)}});
    }
    return node;
}

/// What a model inside another one takes: the layer it begins with, however deep it lies, and the shape it was given.
KerasGraphReader::Taken KerasGraphReader::takenBy(const KerasModel& model) const {
    const Value* first = model.isSequential ? nullptr : firstInputLayer(model);
    if (model.isSequential && !model.layers->empty()) first = &model.layers->front();
    Taken taken;
    if (first != nullptr) {
        if (const std::optional<KerasModel> inner = kerasModel(*first)) {
            taken = takenBy(*inner);
        } else {
            taken.first = entryOf(*first);
            taken.shape = batchShapeOf(taken.first);
        }
    }
    if (!taken.shape.isList() && model.buildShape != nullptr) taken.shape = unwrapped(*model.buildShape);
    return taken;
}

NodeId KerasGraphReader::addInputFor(const LayerEntry& entry, const Value& shape) {
    std::shared_ptr<graph::Node> input =
        makeLayerNode("InputLayer", {}, graph.nextId(), names_.take(entry.name + "_input"));
    ValueDict config{{"batch_shape", shape}};
    setInputShape(*input, config);
    ValueDict written = entry.config;
    const Value* type = findMember(written, "dtype");
    const layers::LayerType* layer = layers::findLayer(entry.className);
    const tensor::DType wanted =
        layer != nullptr && !layer->inputs.empty() ? layer->inputs.front().dtype : tensor::DType::Float32;
    if (wanted != tensor::DType::Float32)
        input->set("dtype", Value(tensor::dtypeName(wanted)));
    else if (type != nullptr && type->isText() && *type != Value("float32"))
        input->set("dtype", *type);
    const NodeId id = input->id;
    note(id, Value(), input->name);
    put(std::move(input));
    inputs.push_back(id);
    return id;
}

/// Keras 1: a Merge at the head of a Sequential holds the models it merges.
Result<std::optional<NodeId>> KerasGraphReader::readBranches(const LayerEntry& entry, const std::string& where) {
    ValueDict config = entry.config;
    const Value branches = takeMember(config, "layers");
    if (!branches.isList() || branches.asList().empty()) return std::nullopt;
    std::vector<graph::Link> links;
    for (std::size_t index = 0; index < branches.asList().size(); ++index) {
        const Value& branch = branches.asList()[index];
        const std::optional<KerasModel> model = kerasModel(branch);
        const ValueList single{branch};
        const Result<NodeId> last =
            appendSequential(model ? *model->layers : single, nullptr, fmt::format("{}.layers[{}]", where, index));
        if (!last) return Unexpected(last.error());
        if (last->isValid()) links.push_back({*last, 0, 0});
    }
    LayerEntry merge = entry;
    merge.config = config;
    Result<std::shared_ptr<graph::Node>> node = makeNode(merge, Value(), nameFor(entry), where);
    if (!node) return Unexpected(node.error());
    (*node)->inputs = std::move(links);
    return std::optional(put(std::move(*node)));
}

Result<NodeId> KerasGraphReader::appendSequential(const ValueList& layers, const Value* buildShape,
                                                  const std::string& where) {
    NodeId last;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const std::string place = fmt::format("{}[{}]", where, index);
        if (!isLayerEntry(layers[index]))
            return failure("this is no layer", "Save the model again with model.to_json()", place);
        LayerEntry entry = entryOf(layers[index]);
        const std::optional<KerasModel> inner = kerasModel(layers[index]);
        if (index == 0 && !inner) {
            const Result<std::optional<NodeId>> merged = readBranches(entry, place);
            if (!merged) return Unexpected(merged.error());
            if (*merged) {
                last = **merged;
                records_[last].entry = withoutInnerLayers(layers[index]);
                continue;
            }
        }
        if (index == 0 && !isModelInput(entry)) {
            // a model at the head lends its input to the one around it
            Taken taken = inner ? takenBy(*inner) : Taken{entry, batchShapeOf(entry)};
            if (!taken.shape.isList() && buildShape != nullptr) taken.shape = unwrapped(*buildShape);
            if (entry.name.empty()) entry.name = inner ? names_.take("sequential") : baseName(entry.className);
            taken.first.name = entry.name;
            if (taken.shape.isList())
                last = addInputFor(taken.first, taken.shape);
            else if (!isNested_)
                notes_.push_back(fmt::format("'{}' has no input: the file gives no input shape, add an Input before it",
                                             entry.name));
        }
        const bool isInput = isModelInput(entry);
        Result<std::shared_ptr<graph::Node>> node = makeNode(entry, layers[index], nameFor(entry), place);
        if (!node) return Unexpected(std::move(node.error()));
        if (last.isValid() && (*node)->inputPortCount > 0) (*node)->inputs.push_back({last, 0, 0});
        last = put(std::move(*node));
        if (isInput) inputs.push_back(last);
    }
    return last;
}

Result<void> KerasGraphReader::readSequential(const KerasModel& model) {
    const Result<NodeId> last = appendSequential(*model.layers, model.buildShape, "layers");
    if (!last) return Unexpected(last.error());
    if (last->isValid()) outputs.push_back({*last, 0});
    return {};
}

void KerasGraphReader::note(NodeId id, const Value& source, const std::string& name) {
    LayerRecord& record = records_[id];
    record.entry = withoutInnerLayers(source);
    record.name = name;
}

/// Nodes that nothing takes and that are no outputs stay so when the model is written, and what is decided by more than
/// the entry of a layer is told apart from what is set later.
void KerasGraphReader::keepRecords() {
    std::set<NodeId> unused;
    if (!outputs.empty())
        for (const OutputPlace& end : naturalOutputs(graph))
            if (std::none_of(outputs.begin(), outputs.end(),
                             [&](const auto& output) { return output.node == end.node; }))
                unused.insert(end.node);
    for (auto& [id, record] : records_) {
        const graph::Node* read = graph.find(id);
        if (read == nullptr) continue;
        record.dialect = dialectName(dialect_);
        record.isUnused = unused.contains(id);
        completeRecord(record, *read);
        auto node = std::make_shared<graph::Node>(*read);
        keepRecord(*node, record);
        graph.put(std::move(node));
    }
}

Result<void> KerasGraphReader::read(const KerasModel& model) {
    if (Result<void> done = model.isSequential ? readSequential(model) : readFunctional(model); !done) return done;
    keepRecords();
    return {};
}

}  // namespace shapewise::io
