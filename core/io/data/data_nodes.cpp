// Nodes that read files: made, refreshed and loaded.

#include "core/io/data/data_files.h"

#include "core/base/text.h"
#include "core/io/data/data_batch.h"
#include "core/io/files/file_paths.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMakeTheRightNode = "Drop the file on the canvas to make the right node";

// In the order of DataKind.
constexpr DataWords kWords[] = {{"sound", "a sound file"}, {"a picture", "a picture"}, {"an array", "an array"}};

/// What a source reads; nullopt for what reads no file.
std::optional<DataKind> kindRead(const layers::LayerType& type) {
    switch (type.supply) {
        case layers::Supply::AudioFile: return DataKind::Audio;
        case layers::Supply::ImageFile: return DataKind::Image;
        case layers::Supply::ArrayFile: return DataKind::Array;
        default: return std::nullopt;
    }
}

const layers::LayerType* readerOf(DataKind kind) {
    const auto all = layers::allLayers();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const layers::LayerType* type) { return kindRead(*type) == kind; });
    return found == all.end() ? nullptr : *found;
}

/// Fails for what cannot be opened as an ordinary file, with the reason.
Result<void> checkPlace(const fs::path& path) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (status.type() == fs::file_type::not_found || problem)
        return failure(fmt::format("{} is not there", shownName(path)), "Check the path, or choose the file again");
    if (status.type() == fs::file_type::directory)
        return failure(fmt::format("{} is a folder", shownName(path)), "Choose a file in it");
    if (status.type() != fs::file_type::regular)
        return failure(fmt::format("{} is no ordinary file", shownName(path)), "Choose a file");
    return {};
}

/// "notes.txt is neither sound, nor a PNG or JPEG picture, nor a .npy array"
Unexpected noData(const fs::path& path, FormatTable table) {
    std::vector<std::string> nouns;
    for (const Format& format : table)
        if (format.data() != nullptr) nouns.emplace_back(format.data()->noun);
    std::reverse(nouns.begin(), nouns.end());
    return failure(fmt::format("{} is neither {}", shownName(path), join(nouns, ", nor ")),
                   "Save it in one of these formats");
}

/// Fails for models, and for what is known and not read, by their names.
Result<void> refuseOther(const std::shared_ptr<const InputFile>& file, FormatTable table) {
    ModelFile model(file, {});
    if (const Format* unread = unreadFormatOf(model, table))
        return Unexpected(unreadError(*unread->unread(), shownName(file->path())));
    for (const Format& format : table) {
        const Match match = format.match(file->head());
        if (format.data() != nullptr && match == Match::Certain) return {};
        if (format.model() == nullptr || match == Match::No) continue;
        if (format.model()->holds == nullptr || format.model()->holds(model))
            return failure(fmt::format("{} is a model ({}), no data", shownName(file->path()), format.name),
                           "Open it as a project");
    }
    return {};
}

Result<std::unique_ptr<DataReader>> openByTable(const std::shared_ptr<const InputFile>& file, FormatTable table) {
    if (!file->isRegular())
        return failure(fmt::format("{} is no ordinary file", shownName(file->path())), "Choose a file");
    if (file->size() == 0)
        return failure(fmt::format("{} is empty: 0 bytes", shownName(file->path())), "Get a complete copy of the file");
    if (Result<void> data = refuseOther(file, table); !data) return Unexpected(std::move(data.error()));
    for (const Format& format : table) {
        if (format.data() == nullptr || format.match(file->head()) == Match::No) continue;
        Result<std::unique_ptr<DataReader>> reader = format.data()->open(file);
        if (!reader || *reader != nullptr) return reader;
    }
    return noData(file->path(), table);
}

using Remembered = std::vector<std::pair<std::string_view, Value>>;

/// What a node remembers of its file, so that its shape is known without it.
Remembered rememberedOf(const DataProbe& probe) {
    tensor::Extents known = probe.extents;
    if (!probe.sampleNames.empty() && probe.kind != DataKind::Array)
        known.push_back(static_cast<std::int64_t>(probe.sampleNames.size()));
    if (!probe.sampleNames.empty() && probe.kind == DataKind::Audio) known.push_back(probe.shortest);
    Remembered remembered{{"known_shape", Value::list(known)}, {"file_problem", Value()}};
    if (probe.kind == DataKind::Audio) remembered.emplace_back("known_rate", Value(probe.sampleRateHz));
    return remembered;
}

void remember(graph::Node& node, const DataProbe& probe) {
    for (auto& [key, value] : rememberedOf(probe)) {
        if (value.isNone())
            node.reset(key);
        else
            node.set(key, std::move(value));
    }
}

/// Empty when the node has no file.
std::string pathOf(const graph::Node& node) {
    const Value* path = node.setting("path");
    return path != nullptr && path->isText() ? path->asText() : std::string();
}

/// What the path of a node names, one file or a batch.
Result<std::unique_ptr<DataReader>> openPlaces(const std::string& path, const fs::path& folder,
                                               std::optional<DataKind> wanted, FormatTable table) {
    const Result<DataPlaces> places = dataPlaces(path, folder);
    if (!places) return Unexpected(places.error());
    return places->isBatch ? openDataBatch(places->files, wanted, table) : openDataFile(places->files.front(), table);
}

/// From 0..1 to the range named.
void scaleValues(std::span<float> values, std::string_view range) {
    if (range == "0..255")
        for (float& value : values) value *= 255.0F;
    if (range == "-1..1")
        for (float& value : values) value = 2.0F * value - 1.0F;
}

/// The numbers of the file itself, [batch, ...].
Result<tensor::Tensor> loadValues(const graph::Node& node, DataReader& file, std::stop_token stop,
                                  std::vector<std::string>& notes) {
    const layers::Params params(node);
    const DataProbe& probe = file.probe();
    DataRequest request;
    request.stop = std::move(stop);
    request.notes = &notes;
    if (probe.kind == DataKind::Audio) {
        const bool isShortest = !probe.sampleNames.empty() && params.text("batch_length") == "shortest";
        request.startSeconds = params.real("start");
        request.durationSeconds = params.real("duration");
        request.excerpt =
            layers::audioExcerpt(isShortest ? probe.shortest : probe.extents[0], probe.sampleRateHz,
                                 request.startSeconds, request.durationSeconds, params.real("sample_rate"));
        request.channels = params.text("channels");
        const double held = static_cast<double>(request.excerpt.frames) / probe.sampleRateHz;
        if (request.durationSeconds - held > 1.0 / probe.sampleRateHz && request.excerpt.frames > 0)
            notes.push_back(fmt::format("the recording ends before the part does: {:g} of {:g} s are there", held,
                                        request.durationSeconds));
    }
    if (probe.kind == DataKind::Image) {
        request.image = {params.text("colour"), params.integer("height"), params.integer("width")};
        request.keepsProportions = params.text("batch_fit") == "pad";
    }
    Result<tensor::Tensor> values = file.read(request);
    if (!values) return values;
    if (probe.kind == DataKind::Image) scaleValues(values->values(), params.text("scale"));
    if (probe.kind != DataKind::Array) return values;
    if (params.flag("first_axis_is_batch")) return values;
    tensor::Extents extents = values->extents();
    extents.insert(extents.begin(), 1);
    return std::move(*values).reshaped(std::move(extents));
}

/// Each once: what the head of a file says may be said again by who reads the rest.
std::string noteOf(const std::vector<std::string>& notes) {
    std::vector<std::string> different;
    for (const std::string& note : notes)
        if (std::find(different.begin(), different.end(), note) == different.end()) different.push_back(note);
    constexpr std::size_t kMost = 8;  // a batch has as many as files
    if (different.size() > kMost) {
        const std::size_t more = different.size() - kMost;
        different.resize(kMost);
        different.push_back(fmt::format("and {} more notes", more));
    }
    return join(different, "; ");
}

Result<exec::NodeData> load(const graph::Node& node, const fs::path& folder, FormatTable table, std::stop_token stop) {
    const std::string path = pathOf(node);
    if (path.empty()) return failure(fmt::format("'{}' has no file", node.name), "Choose one in the inspector");
    const Result<std::unique_ptr<DataReader>> file = openPlaces(path, folder, kindRead(*node.type), table);
    if (!file) return Unexpected(file.error());
    const DataProbe& probe = (*file)->probe();
    const std::optional<DataKind> wanted = kindRead(*node.type);
    if (wanted && probe.kind != *wanted)
        return failure(fmt::format("{} is {}, and '{}' reads {}", shownName(path), wordsFor(probe.kind).noun, node.name,
                                   wordsFor(*wanted).noun),
                       std::string(kMakeTheRightNode));
    std::vector<std::string> notes = probe.notes;
    Result<tensor::Tensor> values = loadValues(node, **file, std::move(stop), notes);
    if (!values) return Unexpected(std::move(values.error()));
    // The rule that inferred the shape gives axis names and scales too; the file may have changed since it was
    // remembered.
    graph::Node present = node;
    remember(present, probe);
    layers::InferContext context(layers::Params(present), {}, {}, &present);
    exec::NodeData data;
    if (layers::inferLayer(context) && !context.outputs().empty())
        data.type = context.outputs()[0];
    else
        data.type.shape = values->shape();
    data.values = std::make_shared<const tensor::Tensor>(std::move(*values));
    data.note = noteOf(notes);
    data.sampleNames = probe.sampleNames;
    return data;
}

/// What the node should remember of its file now. A file that cannot be read leaves its last known shape.
Remembered presentState(DataKind wanted, const std::string& path, const fs::path& folder, FormatTable table) {
    const std::vector<std::string> named = pathsIn(path);
    const bool isThere = std::any_of(named.begin(), named.end(), [&](const std::string& one) {
        std::error_code problem;
        return fs::exists(absoluteFrom(folder, one), problem);
    });
    if (!isThere) return {{"file_problem", Value(layers::kFileIsGone)}};
    const Result<std::unique_ptr<DataReader>> file = openPlaces(path, folder, wanted, table);
    if (!file) return {{"file_problem", Value(file.error().text())}};
    const DataProbe& probe = (*file)->probe();
    if (probe.kind == wanted) return rememberedOf(probe);
    return {{"file_problem",
             Value(fmt::format("{} is {}. {}", shownName(path), wordsFor(probe.kind).noun, kMakeTheRightNode))}};
}

/// The name of a node for the file: without its ending, at most 40 bytes and no part of a UTF-8 character.
std::string nodeNameFor(const fs::path& path, const layers::LayerType& type) {
    constexpr std::size_t kLongestName = 40;
    std::error_code ignored;
    std::string stem = (fs::is_directory(path, ignored) ? path.filename() : path.stem()).string();
    if (stem.size() > kLongestName) {
        std::size_t end = kLongestName;
        while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0U) == 0x80U) --end;
        stem.resize(end);
    }
    return stem.empty() ? layers::automaticName(type) : stem;
}

Result<std::shared_ptr<graph::Node>> nodeFor(const fs::path& path, const DataProbe& probe, NodeId id,
                                             const graph::Graph& graph) {
    const layers::LayerType* type = readerOf(probe.kind);
    if (type == nullptr) return failure("this program has no node for that kind of file");
    std::error_code problem;
    const fs::path absolute = fs::absolute(path, problem);
    std::shared_ptr<graph::Node> node = layers::makeNode(*type, id, graph.freeName(nodeNameFor(path, *type)));
    node->set("path", Value((problem ? path : absolute.lexically_normal()).generic_string()));
    if (probe.kind == DataKind::Image && probe.extents[2] <= 2) node->set("colour", Value("grey"));
    remember(*node, probe);
    return node;
}

}  // namespace

const DataWords& wordsFor(DataKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

Result<std::unique_ptr<DataReader>> openDataFile(std::shared_ptr<const InputFile> file, FormatTable table) {
    try {
        return openByTable(file, table);
    } catch (const std::exception& problem) {
        return failure(fmt::format("{} cannot be read: {}", shownName(file->path()), problem.what()));
    }
}

Result<std::unique_ptr<DataReader>> openDataFile(const fs::path& path, FormatTable table) {
    if (Result<void> there = checkPlace(path); !there) return Unexpected(std::move(there.error()));
    Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return failure(fmt::format("{} may not be read", shownName(path)), "Change its permissions");
    return openDataFile(std::move(*file), table);
}

Result<DataProbe> probeDataFile(const fs::path& path) {
    const Result<std::unique_ptr<DataReader>> file = openDataFile(path);
    if (!file) return Unexpected(file.error());
    return (*file)->probe();
}

Result<std::shared_ptr<graph::Node>> makeDataNode(std::shared_ptr<const InputFile> file, NodeId id,
                                                  const graph::Graph& graph, FormatTable table) {
    const fs::path path = file->path();
    const Result<std::unique_ptr<DataReader>> reader = openDataFile(std::move(file), table);
    if (!reader) return Unexpected(reader.error());
    return nodeFor(path, (*reader)->probe(), id, graph);
}

Result<std::shared_ptr<graph::Node>> makeDataNode(const fs::path& path, NodeId id, const graph::Graph& graph,
                                                  FormatTable table) {
    const Result<std::unique_ptr<DataReader>> reader = openPlaces(path.string(), {}, std::nullopt, table);
    if (!reader) return Unexpected(reader.error());
    return nodeFor(path, (*reader)->probe(), id, graph);
}

std::vector<edit::Step> refreshDataNodes(const graph::Graph& graph, const fs::path& folder,
                                         const std::vector<NodeId>& only, FormatTable table) {
    std::vector<edit::Step> steps;
    const auto refresh = [&](const graph::Node& node) {
        const std::optional<DataKind> kind = kindRead(*node.type);
        if (!kind) return;
        const std::string path = pathOf(node);
        if (path.empty()) return;
        for (auto& [key, value] : presentState(*kind, path, folder, table)) {
            const Value* known = node.setting(ParamKey::of(key));
            const bool isSame = known == nullptr ? value.isNone() : *known == value;
            if (isSame) continue;
            const std::optional<Value> wanted = value.isNone() ? std::nullopt : std::optional(std::move(value));
            steps.emplace_back(edit::SetParameter{node.id, std::string(key), wanted});
        }
    };
    if (only.empty()) graph.forEach(refresh);
    for (const NodeId id : only)
        if (const graph::Node* node = graph.find(id)) refresh(*node);
    return steps;
}

exec::DataLoader dataLoader(fs::path folder, FormatTable table) {
    return
        [folder = std::move(folder), table](const graph::Node& node, std::stop_token stop) -> Result<exec::NodeData> {
            try {
                return load(node, folder, table, std::move(stop));
            } catch (const std::bad_alloc&) {
                return failure(fmt::format("'{}' needs more memory than there is", node.name),
                               "Take a shorter or smaller part of the file");
            } catch (const std::exception& problem) {
                return failure(fmt::format("'{}' cannot be loaded: {}", node.name, problem.what()));
            }
        };
}

}  // namespace shapewise::io
