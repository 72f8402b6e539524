#include "core/io/project/project_json.h"

#include "core/edit/inside.h"
#include "core/graph/seeds.h"
#include "core/io/files/file_paths.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/layer_node.h"
#include "core/io/project/weights_text.h"
#include "core/layers/framework/layer.h"

#include <cmath>

namespace shapewise::io {

namespace {

Value linkValue(const graph::Graph& graph, const graph::Link& link) {
    const graph::Node* from = graph.find(link.from);
    Value name(from != nullptr ? from->name : std::string());
    if (link.toPort != 0) return Value(ValueList{name, Value(int{link.fromPort}), Value(int{link.toPort})});
    if (link.fromPort != 0) return Value(ValueList{name, Value(int{link.fromPort})});
    return name;
}

Value weightsValue(const graph::WeightSet& weights) {
    ValueList list;
    for (const graph::NamedTensor& weight : weights)
        list.emplace_back(ValueDict{{"name", weight.name},
                                    {"shape", Value::list(weight.values.extents())},
                                    {"values", floatsToText(weight.values.values())}});
    return Value(std::move(list));
}

/// Whole numbers without a fraction, so that places read as [300, 0].
Value coordinate(double number) {
    constexpr double kHundredths = 100.0;
    const double rounded = std::round(number * kHundredths) / kHundredths;
    constexpr double kLargest = 1e15;
    if (rounded == std::floor(rounded) && std::abs(rounded) < kLargest)
        return Value(static_cast<std::int64_t>(rounded));
    return Value(rounded);
}

/// Settings in the order of the catalogue, then what it does not know.
ValueDict settingsOf(const graph::Node& node) {
    ValueDict settings;
    if (isStandIn(node)) {
        if (const Value* config = node.setting(kCustomConfig); config != nullptr && config->isDict())
            settings = config->asDict();
    } else {
        for (const layers::ParamSpec& spec : node.type->params)
            if (const Value* value = node.setting(ParamKey::of(spec.key))) settings.emplace_back(spec.key, *value);
        for (const graph::Setting& setting : node.settings)
            if (node.type->param(setting.key) == nullptr) settings.emplace_back(setting.key, setting.value);
    }
    for (const auto& [key, value] : node.extras)
        if (key != kNodeLevelExtras && key != kFileRecord) settings.emplace_back(key, value);
    if (node.builtFor) settings.emplace_back(kBuiltForKey, *node.builtFor);
    return settings;
}

/// What comes out of a run depends on its seed.
bool draws(const graph::Node& node) {
    return node.type->weights != nullptr || node.body != nullptr || node.type->supply == layers::Supply::Given;
}

/// `around`: what nodes without a seed have in front of their names (core/graph/seeds.h).
Value nodesValue(const graph::Graph& graph, const graph::Canvas* canvas, const std::filesystem::path& folder,
                 const std::string& around);

Value nodeValue(const graph::Graph& graph, const graph::Node& node, const graph::Canvas* canvas,
                const std::filesystem::path& folder, const std::string& around) {
    ValueDict out{{"name", node.name}, {"type", fileClassName(node)}};
    if (ValueDict settings = settingsOf(node); !settings.empty()) out.emplace_back("settings", std::move(settings));
    if (isStandIn(node))
        if (const Value* shape = node.setting(kCustomOutputShape)) out.emplace_back("declared_shape", *shape);
    if (!node.inputs.empty()) {
        ValueList inputs;
        for (const graph::Link& link : node.inputs) inputs.push_back(linkValue(graph, link));
        out.emplace_back("inputs", std::move(inputs));
    }
    const graph::Node* shared = graph.find(node.sharesLayerOf);
    if (shared != nullptr) out.emplace_back("shares", shared->name);
    // Left out where a reader comes to the same, and where nothing is drawn.
    if (shared == nullptr && !node.seed.empty() && node.seed != around + node.name && draws(node))
        out.emplace_back("seed", node.seed);
    if (canvas != nullptr) {
        const graph::CanvasPlace place = canvas->place(node.id);
        out.emplace_back("at", ValueList{coordinate(place.x), coordinate(place.y)});
        if (place.collapsed) out.emplace_back("collapsed", true);
    }
    if (node.weights) out.emplace_back("weights", weightsValue(*node.weights));
    if (node.body) {
        const graph::Canvas* inside = canvas != nullptr ? canvas->inside(edit::layerOwner(graph, node.id)) : nullptr;
        const std::string innerAround = graph::seedInside(shared != nullptr ? *shared : node, around);
        out.emplace_back("body", ValueDict{{"nodes", nodesValue(*node.body, inside, folder, innerAround)}});
    }
    for (const auto& [key, value] : node.extras)
        if (key == kFileRecord && value.isText())
            if (Result<Value> record = parseJson(value.asText()); record && record->isDict())
                out.emplace_back(kFileKey, std::move(*record));
    for (const auto& [key, value] : node.extras)
        if (key == kNodeLevelExtras && value.isDict())
            for (const auto& member : value.asDict()) out.push_back(member);
    return Value(std::move(out));
}

Value nodesValue(const graph::Graph& graph, const graph::Canvas* canvas, const std::filesystem::path& folder,
                 const std::string& around) {
    ValueList nodes;
    graph.forEach([&](const graph::Node& node) {
        const std::shared_ptr<graph::Node> relative = withPaths(node, folder, relativeTo);
        nodes.push_back(nodeValue(graph, relative ? *relative : node, canvas, folder, around));
    });
    return Value(std::move(nodes));
}

Value runValue(const graph::RunSettings& run) {
    const graph::RunSettings fallback;
    ValueDict out;
    if (run.batchSize != fallback.batchSize) out.emplace_back("batch_size", run.batchSize);
    if (run.sampleKind != fallback.sampleKind) out.emplace_back("sample", run.sampleKind);
    if (run.seed != fallback.seed) out.emplace_back("seed", run.seed);
    return Value(std::move(out));
}

}  // namespace

Value projectToValue(const graph::Project& project, const std::filesystem::path& folder) {
    std::int64_t version = kProjectVersion;
    ValueDict out{{"format", "shapewise"}, {"version", kProjectVersion}};
    for (const auto& [key, value] : project.properties) {
        if (key == "version" && value.isInteger()) version = value.asInteger();
        if (key != "version" && key != "format" && key != "nodes") out.emplace_back(key, value);
    }
    out[1].second = Value(version);
    Value run = runValue(project.run);
    for (auto member = out.begin(); member != out.end(); ++member)
        if (member->first == "run") {  // keys of a newer version, kept among the properties
            if (member->second.isDict())
                for (const auto& unknown : member->second.asDict()) run.asDict().push_back(unknown);
            out.erase(member);
            break;
        }
    if (!run.asDict().empty()) out.emplace_back("run", std::move(run));
    if (!project.dismissed.empty()) {
        ValueList dismissed;
        for (const std::string& key : project.dismissed) dismissed.emplace_back(key);
        out.emplace_back("dismissed", std::move(dismissed));
    }
    out.emplace_back("nodes", nodesValue(project.graph, &project.canvas, folder, {}));
    return Value(std::move(out));
}

Value nodeToValue(const graph::Project& project, const graph::Node& node) {
    return nodeValue(project.graph, node, &project.canvas, {}, {});
}

std::string projectJson(const graph::Project& project, const std::filesystem::path& folder) {
    return jsonLines(projectToValue(project, folder));
}

Result<void> saveProject(const graph::Project& project, const std::filesystem::path& path) {
    try {
        std::filesystem::path folder = path.parent_path();
        if (folder.empty()) folder = ".";
        return writeFileAtomically(path, projectJson(project, folder));
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory to write the project", "Close other programs and save again");
    }
}

}  // namespace shapewise::io
