#include "core/io/keras/keras_dialect.h"
#include "core/io/project/project_json.h"

#include "core/graph/seeds.h"
#include "core/io/files/file_paths.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/layer_node.h"
#include "core/io/project/weights_text.h"
#include "core/session/canvas_layout.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::io {

namespace {

/// Where in the file, for messages: "nodes[3]".
struct Place {
    std::string path;
    [[nodiscard]] Place member(std::string_view key) const {
        return {path.empty() ? std::string(key) : path + "." + std::string(key)};
    }
    [[nodiscard]] Place entry(std::size_t index) const { return {fmt::format("{}[{}]", path, index)}; }
};

Unexpected wrongKind(const Place& place, std::string_view wanted) {
    return failure(fmt::format("the project file has something else where {} belongs", wanted),
                   "Repair that line or open an older copy of the project", place.path);
}

/// The nodes of one graph, in the order of the file: ids count up from 0.
class GraphReader {
  public:
    GraphReader(const std::filesystem::path& folder, std::vector<std::string>& notes)
        : folder_(folder), notes_(notes) {}

    Result<void> read(const Value& nodes, const Place& place);

    graph::Graph graph;
    std::vector<std::pair<NodeId, graph::CanvasPlace>> places;
    std::vector<NodeId> unplaced;
    std::vector<std::pair<NodeId, graph::Canvas>> insides;  ///< of nested models that have places

    /// The graph with its places; what came without is laid out.
    [[nodiscard]] graph::Project placed() const;

  private:
    Result<void> readNames(const ValueList& nodes, const Place& place);
    Result<void> readNode(const Value& entry, NodeId id, const Place& place);
    Result<void> readLinks(const Value& inputs, graph::Node& node, const Place& place);
    Result<void> readWeights(const Value& list, graph::Node& node, const Place& place);
    Result<void> readPlace(const Value& entry, NodeId id, const Place& place);
    void note(const std::string& text) { notes_.push_back(text); }

    const std::filesystem::path& folder_;
    std::vector<std::string>& notes_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, NodeId> idOf_;
};

const Value& orNone(const Value* value) {
    static const Value kNone;
    return value != nullptr ? *value : kNone;
}

Result<void> GraphReader::readNames(const ValueList& nodes, const Place& place) {
    NameTable taken;
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        const Value& name = orNone(nodes[index].find("name"));
        if (!nodes[index].isDict()) return wrongKind(place.entry(index), "a node");
        if (!name.isNone() && !name.isText()) return wrongKind(place.entry(index).member("name"), "a name");
        const Value& type = orNone(nodes[index].find("type"));
        if (!type.isText() || type.asText().empty())
            return wrongKind(place.entry(index).member("type"), "the class of a layer");
        names_.push_back(name.isText() ? name.asText() : std::string());
        if (names_.back().empty()) continue;
        if (!idOf_.emplace(names_.back(), NodeId(static_cast<std::uint32_t>(index))).second) names_.back().clear();
        taken.reserve(names_.back());
    }
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        if (!names_[index].empty()) continue;
        const Value& wanted = orNone(nodes[index].find("name"));
        const bool isTwin = wanted.isText() && !wanted.asText().empty();
        names_[index] = taken.take(isTwin ? wanted.asText() : baseName(nodes[index].find("type")->asText()));
        if (isTwin)
            note(fmt::format("two nodes are called '{}': the second is '{}' now", wanted.asText(), names_[index]));
        idOf_.emplace(names_[index], NodeId(static_cast<std::uint32_t>(index)));
    }
    return {};
}

Result<void> GraphReader::readLinks(const Value& inputs, graph::Node& node, const Place& place) {
    if (inputs.isNone()) return {};
    if (!inputs.isList()) return wrongKind(place, "a list of inputs");
    for (std::size_t index = 0; index < inputs.asList().size(); ++index) {
        const Value& entry = inputs.asList()[index];
        const ValueList parts = entry.isList() ? entry.asList() : ValueList{entry};
        const auto isPort = [](const Value& value) {
            return value.isInteger() && value.asInteger() >= 0 && value.asInteger() < graph::Node::kNoManyPort;
        };
        if (parts.empty() || parts.size() > 3 || !parts[0].isText() ||
            !std::all_of(parts.begin() + 1, parts.end(), isPort))
            return wrongKind(place.entry(index), "the name of a node and its ports");
        const auto from = idOf_.find(parts[0].asText());
        if (from == idOf_.end()) {
            note(fmt::format("'{}' takes its input from '{}', which is not in the file: not connected", node.name,
                             parts[0].asText()));
            continue;
        }
        const auto port = [&](std::size_t at) {
            return at < parts.size() ? static_cast<std::uint16_t>(parts[at].asInteger()) : std::uint16_t{0};
        };
        const graph::Link link{from->second, port(1), port(2)};
        const bool hasPort = link.toPort < node.inputPortCount;
        if (!hasPort) {
            note(fmt::format("'{}' has no input {}: the link from '{}' is left out", node.name, link.toPort,
                             parts[0].asText()));
            continue;
        }
        node.inputs.push_back(link);
    }
    std::stable_sort(node.inputs.begin(), node.inputs.end(),
                     [](const graph::Link& a, const graph::Link& b) { return a.toPort < b.toPort; });
    std::vector<graph::Link> kept;
    for (const graph::Link& link : node.inputs) {
        const bool isSurplus = link.toPort != node.manyPort && !kept.empty() && kept.back().toPort == link.toPort;
        if (isSurplus)
            note(
                fmt::format("'{}' has more than one link at input {}: only the first is kept", node.name, link.toPort));
        else
            kept.push_back(link);
    }
    node.inputs = std::move(kept);
    return {};
}

Result<void> GraphReader::readWeights(const Value& list, graph::Node& node, const Place& place) {
    if (list.isNone()) return {};
    if (!list.isList()) return wrongKind(place, "a list of weights");
    auto weights = std::make_shared<graph::WeightSet>();
    for (std::size_t index = 0; index < list.asList().size(); ++index) {
        const Value& entry = list.asList()[index];
        const Value& name = orNone(entry.find("name"));
        const Value& shape = orNone(entry.find("shape"));
        const Value& values = orNone(entry.find("values"));
        const auto isExtent = [](const Value& size) { return size.isInteger() && size.asInteger() >= 0; };
        if (!name.isText() || !shape.isList() || !values.isText() || shape.asList().size() > tensor::kMaximumRank ||
            !std::all_of(shape.asList().begin(), shape.asList().end(), isExtent))
            return wrongKind(place.entry(index), "a weight with name, shape and values");
        tensor::Extents extents;
        for (const Value& size : shape.asList()) extents.push_back(size.asInteger());
        Result<tensor::Tensor> read = floatsFromText(values.asText(), std::move(extents));
        if (!read) return failure(read.error().message, "Open an older copy of the project", place.entry(index).path);
        weights->push_back({name.asText(), std::move(*read)});
    }
    node.weights = std::move(weights);
    return {};
}

Result<void> GraphReader::readPlace(const Value& entry, NodeId id, const Place& place) {
    const Value& at = orNone(entry.find("at"));
    const Value& collapsed = orNone(entry.find("collapsed"));
    graph::CanvasPlace found;
    found.collapsed = collapsed.isBool() && collapsed.asBool();
    if (at.isNone()) {
        unplaced.push_back(id);
    } else {
        constexpr double kFarthest = 1e9;
        const auto isCoordinate = [](const Value& v) { return v.isNumber() && std::abs(v.asReal()) <= kFarthest; };
        if (!at.isList() || at.asList().size() != 2 || !isCoordinate(at.asList()[0]) || !isCoordinate(at.asList()[1]))
            return wrongKind(place.member("at"), "a place [x, y]");
        found.x = at.asList()[0].asReal();
        found.y = at.asList()[1].asReal();
    }
    places.emplace_back(id, found);
    return {};
}

constexpr std::string_view kNodeKeys[] = {"name",   "type",    "settings",       "inputs", "at",   "collapsed",
                                          "shares", "weights", "declared_shape", "body",   "seed", kFileKey};

Result<void> GraphReader::readNode(const Value& entry, NodeId id, const Place& place) {
    const Value& settings = orNone(entry.find("settings"));
    if (!settings.isNone() && !settings.isDict()) return wrongKind(place.member("settings"), "the settings of a layer");
    std::shared_ptr<graph::Node> node = makeLayerNode(
        entry.find("type")->asText(), settings.isDict() ? settings.asDict() : ValueDict{}, id, names_[id.value]);
    if (isStandIn(*node)) {
        if (const Value* declared = entry.find("declared_shape")) node->set(kCustomOutputShape.name, *declared);
        note(fmt::format("layer '{}': class {} is not known, kept as Custom", node->name, fileClassName(*node)));
    }
    if (Result<void> done = readLinks(orNone(entry.find("inputs")), *node, place.member("inputs")); !done) return done;
    if (Result<void> done = readWeights(orNone(entry.find("weights")), *node, place.member("weights")); !done)
        return done;
    if (const Value& shares = orNone(entry.find("shares")); shares.isText())
        if (const auto found = idOf_.find(shares.asText()); found != idOf_.end() && found->second != id)
            node->sharesLayerOf = found->second;
    if (const Value* body = entry.find("body")) {
        GraphReader inner(folder_, notes_);
        if (Result<void> done = inner.read(orNone(body->find("nodes")), place.member("body.nodes")); !done) return done;
        if (inner.unplaced.size() < inner.graph.nodeCount()) insides.emplace_back(id, inner.placed().canvas);
        node->body = std::make_shared<graph::Graph>(std::move(inner.graph));
    }
    if (const Value& seed = orNone(entry.find("seed")); seed.isText())
        node->seed = seed.asText();
    else if (seed.isInteger())
        node->seed = std::to_string(seed.asInteger());
    else if (!seed.isNone())
        return wrongKind(place.member("seed"), "a text or a whole number");
    ValueDict unknown;
    for (const auto& member : entry.asDict())
        if (std::find(std::begin(kNodeKeys), std::end(kNodeKeys), member.first) == std::end(kNodeKeys))
            unknown.push_back(member);
    if (const Value& record = orNone(entry.find(kFileKey)); record.isDict())
        setMember(node->extras, kFileRecord, Value(jsonText(record)));
    if (!unknown.empty()) node->extras.emplace_back(kNodeLevelExtras, std::move(unknown));
    if (std::shared_ptr<graph::Node> absolute = withPaths(*node, folder_, absoluteFrom)) node = std::move(absolute);
    graph.put(std::move(node));
    return readPlace(entry, id, place);
}

Result<void> GraphReader::read(const Value& nodes, const Place& place) {
    if (!nodes.isList()) return wrongKind(place, "the list of nodes");
    if (nodes.asList().size() >= std::numeric_limits<std::uint32_t>::max()) return wrongKind(place, "fewer nodes");
    if (Result<void> done = readNames(nodes.asList(), place); !done) return done;
    for (std::size_t index = 0; index < nodes.asList().size(); ++index)
        if (Result<void> done =
                readNode(nodes.asList()[index], NodeId(static_cast<std::uint32_t>(index)), place.entry(index));
            !done)
            return done;
    return {};
}

graph::Project GraphReader::placed() const {
    graph::Project project;
    project.graph = graph;
    for (const auto& [id, place] : places) project.canvas.setPlace(id, place);
    for (const auto& [id, canvas] : insides) project.canvas.setInside(id, canvas);
    session::layOut(project, unplaced);
    return project;
}

/// Takes what this version knows; gives back the rest.
Result<ValueDict> readRun(const Value& run, graph::RunSettings& settings) {
    ValueDict unknown;
    if (!run.isDict()) return wrongKind({"run"}, "the settings of a run");
    for (const auto& [key, value] : run.asDict()) {
        if (key == "batch_size" && value.isInteger() && value.asInteger() > 0)
            settings.batchSize = value.asInteger();
        else if (key == "sample" && value.isText())
            settings.sampleKind = value.asText();
        else if (key == "seed" && value.isInteger())
            settings.seed = value.asInteger();
        else if (key == "batch_size" || key == "sample" || key == "seed")
            return wrongKind({"run." + key}, "another kind of value");
        else
            unknown.emplace_back(key, value);
    }
    return unknown;
}

}  // namespace

bool isProject(const Value& file) {
    const Value* format = file.find("format");
    return format != nullptr && format->isText() && format->asText() == "shapewise";
}

Result<Opened> projectFromValue(const Value& file, const std::filesystem::path& folder) {
    Opened opened;
    graph::Project& project = opened.project;
    const Value& version = orNone(file.find("version"));
    if (!version.isInteger() || version.asInteger() < 1) return wrongKind({"version"}, "the version of the format");
    if (version.asInteger() > kProjectVersion) {
        project.properties.emplace_back("version", version);
        opened.notes.push_back(
            fmt::format("written by a newer version (format {}, this program knows {}): what it does not know is kept",
                        version.asInteger(), kProjectVersion));
    }
    for (const auto& [key, value] : file.asDict()) {
        if (key == "format" || key == "version" || key == "nodes") continue;
        if (key == "run") {
            Result<ValueDict> unknown = readRun(value, project.run);
            if (!unknown) return Unexpected(std::move(unknown.error()));
            if (!unknown->empty()) project.properties.emplace_back(key, std::move(*unknown));
        } else if (key == "dismissed") {
            if (!value.isList()) return wrongKind({"dismissed"}, "a list of dismissed warnings");
            for (const Value& entry : value.asList())
                if (entry.isText()) project.dismissed.insert(entry.asText());
        } else {
            project.properties.emplace_back(key, value);
        }
    }
    GraphReader reader(folder, opened.notes);
    if (Result<void> done = reader.read(orNone(file.find("nodes")), {"nodes"}); !done)
        return Unexpected(std::move(done.error()));
    graph::Project placed = reader.placed();
    project.graph = std::move(placed.graph);
    graph::fixSeedsInside(project.graph);
    project.canvas = std::move(placed.canvas);
    nameFormulas(project);
    return opened;
}

}  // namespace shapewise::io
