// Keras 0.x: {"name": "Sequential", "layers": [{"name": "Dense", "output_dim": 10, ...}]}, and a Graph of named nodes.
// Source: models.py, containers.py and utils/layer_utils.py of keras 0.3.3.

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"

#include <algorithm>

namespace shapewise::io {

namespace {

constexpr int kDeepest = 50;

bool isOldLayer(const Value& value) {
    return value.isDict() && !textMember(value, "name").empty() && value.find("class_name") == nullptr &&
           value.find("config") == nullptr;
}

bool isOldLayerList(const Value* value) {
    return value != nullptr && value->isList() && !value->asList().empty() &&
           std::all_of(value->asList().begin(), value->asList().end(), isOldLayer);
}

/// Layers that had their channels where "dim_ordering" said, first when it said nothing.
bool hasDimOrdering(std::string_view className) {
    for (const char* name : {"Convolution2D", "MaxPooling2D", "AveragePooling2D"})
        if (className == name) return true;
    return false;
}

Value layerFrom(const Value& old, const std::string& name, int depth);

ValueList layersFrom(const ValueList& old, int depth) {
    ValueList layers;
    for (const Value& layer : old) layers.push_back(layerFrom(layer, {}, depth + 1));
    return layers;
}

/// {"name": class, "custom_name": name, settings...} as {"class_name", "config": {"name", settings...}}.
Value layerFrom(const Value& old, const std::string& name, int depth) {
    const std::string className = textMember(old, "name");
    const std::string custom = textMember(old, "custom_name");
    const Value* inner = old.find("layers");
    if (className == "Sequential" && isOldLayerList(inner) && depth < kDeepest)
        return ValueDict{{"class_name", className}, {"config", layersFrom(inner->asList(), depth)}};
    ValueDict config;
    if (!name.empty() || !custom.empty()) config.emplace_back("name", name.empty() ? custom : name);
    for (const auto& [key, value] : old.asDict()) {
        if (key == "name" || key == "custom_name" || key == "cache_enabled") continue;
        if (key == "layers" && isOldLayerList(&value) && depth < kDeepest)
            config.emplace_back(key, layersFrom(value.asList(), depth));
        else
            config.emplace_back(key, value);
    }
    if (hasDimOrdering(className) && old.find("dim_ordering") == nullptr) config.emplace_back("dim_ordering", "th");
    return ValueDict{{"class_name", className}, {"config", std::move(config)}};
}

Value reference(const std::string& name) { return ValueList{Value(name), Value(0), Value(0)}; }

/// Builds a Functional model from the node_config of a Graph.
class GraphConversion {
  public:
    explicit GraphConversion(const Value& graph) : graph_(graph) {}

    std::optional<Value> convert() {
        const Value* inputs = graph_.find("input_config");
        const Value* nodes = graph_.find("node_config");
        const Value* outputs = graph_.find("output_config");
        const Value* layers = graph_.find("nodes");
        if (inputs == nullptr || !inputs->isList() || nodes == nullptr || !nodes->isList() || layers == nullptr)
            return std::nullopt;
        ValueList inputEnds;
        for (const Value& input : inputs->asList()) {
            addInput(input);
            inputEnds.push_back(reference(textMember(input, "name")));
        }
        for (const Value& node : nodes->asList()) {
            const std::string name = textMember(node, "name");
            const Value* layer = layers->find(name);
            if (layer == nullptr || !layer->isDict()) return std::nullopt;
            add(layerFrom(*layer, name, 0), name, ValueList{reference(sourceOf(node, name))});
        }
        ValueList outputEnds;
        if (outputs != nullptr && outputs->isList())
            for (const Value& output : outputs->asList())
                outputEnds.push_back(reference(sourceOf(output, textMember(output, "name"))));
        return ValueDict{{"class_name", "Model"},
                         {"config", ValueDict{{"layers", std::move(layers_)},
                                              {"input_layers", std::move(inputEnds)},
                                              {"output_layers", std::move(outputEnds)}}}};
    }

  private:
    void add(Value layer, const std::string& name, ValueList calls) {
        layer.asDict().emplace_back("name", name);
        ValueList inbound;
        if (!calls.empty()) inbound.emplace_back(std::move(calls));
        layer.asDict().emplace_back("inbound_nodes", std::move(inbound));
        layers_.push_back(std::move(layer));
    }
    void addInput(const Value& input) {
        ValueList batch{Value()};
        if (const Value* shape = input.find("input_shape"); shape != nullptr && shape->isList())
            batch.insert(batch.end(), shape->asList().begin(), shape->asList().end());
        ValueDict config{{"name", textMember(input, "name")}, {"batch_input_shape", std::move(batch)}};
        if (const std::string type = textMember(input, "dtype"); type == "int") config.emplace_back("dtype", "int32");
        add(ValueDict{{"class_name", "InputLayer"}, {"config", std::move(config)}}, textMember(input, "name"), {});
    }
    /// Where a node or an output takes its values: its one input, or a Merge of several.
    std::string sourceOf(const Value& node, const std::string& name) {
        if (std::string single = textMember(node, "input"); !single.empty()) return single;
        const Value* several = node.find("inputs");
        if (several == nullptr || !several->isList() || several->asList().empty()) return {};
        if (several->asList().size() == 1 && several->asList()[0].isText()) return several->asList()[0].asText();
        ValueList calls;
        for (const Value& input : several->asList())
            if (input.isText()) calls.push_back(reference(input.asText()));
        ValueDict config{{"name", name + "_merge"}};
        const std::string mode = textMember(node, "merge_mode");
        config.emplace_back("mode", mode.empty() ? "concat" : mode);
        for (const char* key : {"concat_axis", "dot_axes"})
            if (const Value* axis = node.find(key)) config.emplace_back(key, *axis);
        add(ValueDict{{"class_name", "Merge"}, {"config", std::move(config)}}, name + "_merge", std::move(calls));
        return name + "_merge";
    }

    const Value& graph_;
    ValueList layers_;
};

/// What is said of training, and who reads the model when it is written as Keras 1 does.
void keepOthers(const Value& old, Value& converted) {
    constexpr std::string_view kTaken[] = {"name",         "custom_name",  "layers",        "nodes",
                                           "input_config", "node_config",  "output_config", "input_order",
                                           "output_order", "keras_version"};
    for (const auto& [key, value] : old.asDict())
        if (std::find(std::begin(kTaken), std::end(kTaken), key) == std::end(kTaken))
            converted.asDict().emplace_back(key, value);
    converted.asDict().emplace_back("keras_version", "1.2.2");
}

}  // namespace

std::optional<Value> fromKeras0(const Value& value) {
    const std::string name = textMember(value, "name");
    if (value.find("class_name") != nullptr || value.find("config") != nullptr) return std::nullopt;
    std::optional<Value> converted;
    if (name == "Graph") converted = GraphConversion(value).convert();
    if (name == "Sequential" && isOldLayerList(value.find("layers"))) converted = layerFrom(value, {}, 0);
    if (converted) keepOthers(value, *converted);
    return converted;
}

}  // namespace shapewise::io
