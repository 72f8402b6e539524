// Nodes that read files: made, refreshed and loaded.

#include "core/io/data/data_files.h"

#include "core/io/data/audio_file.h"
#include "core/io/data/image_file.h"
#include "core/io/data/npy_file.h"
#include "core/io/files/file_paths.h"

#include "core/layers/framework/catalog.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <fstream>

namespace shapewise::io {

namespace fs = std::filesystem;

namespace {

std::string shownName(const fs::path& path) { return path.filename().string().substr(0, 100); }

std::string firstBytes(const fs::path& path) {
    std::string bytes(16, '\0');
    std::ifstream stream(path, std::ios::binary);
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return bytes;
}

/// Fails for what cannot be read at all, with the reason.
Result<void> checkReadable(const fs::path& path) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (status.type() == fs::file_type::not_found || problem)
        return failure(fmt::format("{} is not there", shownName(path)), "Check the path, or choose the file again");
    if (status.type() == fs::file_type::directory)
        return failure(fmt::format("{} is a folder", shownName(path)), "Choose a file in it");
    if (status.type() != fs::file_type::regular)
        return failure(fmt::format("{} is no ordinary file", shownName(path)), "Choose a file");
    if (!std::ifstream(path, std::ios::binary))
        return failure(fmt::format("{} may not be read", shownName(path)), "Change its permissions");
    if (fs::file_size(path, problem) == 0)
        return failure(fmt::format("{} is empty: 0 bytes", shownName(path)), "Get a complete copy of the file");
    return {};
}

DataKind kindOf(const fs::path& path) {
    const std::string bytes = firstBytes(path);
    if (bytes.starts_with("\x93NUMPY")) return DataKind::Array;
    if (bytes.starts_with("\x89PNG") || bytes.starts_with("\xFF\xD8\xFF")) return DataKind::Image;
    return DataKind::Audio;
}

Result<DataProbe> probeArray(const fs::path& path) {
    const Result<NpyHeader> header = probeNpy(path);
    if (!header) return Unexpected(header.error());
    return DataProbe{DataKind::Array, header->extents, 0.0,
                     fmt::format("array, {} {}", header->typeText(), tensor::extentsText(header->extents))};
}

Result<DataProbe> probePicture(const fs::path& path) {
    const Result<ImageFormat> format = probeImage(path);
    if (!format) return Unexpected(format.error());
    return DataProbe{DataKind::Image, {format->height, format->width, format->channels}, 0.0, format->description};
}

Result<DataProbe> probeSound(const fs::path& path) {
    const Result<AudioFormat> format = probeAudio(path);
    if (!format) return Unexpected(format.error());
    return DataProbe{DataKind::Audio, {format->frames, format->channels}, format->rateHz, format->description};
}

using Remembered = std::vector<std::pair<std::string_view, Value>>;

/// What a node remembers of its file, so that its shape is known without it.
Remembered rememberedOf(const DataProbe& probe) {
    Remembered remembered{{"known_shape", Value::list(probe.extents)}, {"file_problem", Value()}};
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

fs::path pathOf(const graph::Node& node, const fs::path& folder) {
    const Value* path = node.setting("path");
    return path != nullptr && path->isText() ? fs::path(absoluteFrom(folder, path->asText())) : fs::path();
}

DataKind kindFor(const graph::Node& node) { return kindRead(*node.type).value_or(DataKind::Array); }

constexpr std::string_view kKindNames[] = {"sound", "a picture", "an array"};

/// From 0..1 to the range named.
void scaleValues(std::span<float> values, std::string_view range) {
    if (range == "0..255")
        for (float& value : values) value *= 255.0F;
    if (range == "-1..1")
        for (float& value : values) value = 2.0F * value - 1.0F;
}

Result<void> refuseNonNumbers(const tensor::Tensor& values, const fs::path& path) {
    const std::span<const float> all = values.values();
    const auto bad = std::find_if(all.begin(), all.end(), [](float value) { return !std::isfinite(value); });
    if (bad == all.end()) return {};
    const auto count = std::count_if(bad, all.end(), [](float value) { return !std::isfinite(value); });
    return failure(fmt::format("{} of {} values of {} are no numbers (NaN or infinite), the first is number {}", count,
                               all.size(), shownName(path), bad - all.begin()),
                   "Replace them, for example with numpy.nan_to_num, and save the array again");
}

/// The numbers of the file itself, [batch, ...].
Result<tensor::Tensor> loadValues(const graph::Node& node, const fs::path& path, const DataProbe& probe,
                                  std::stop_token stop) {
    const layers::Params params(node);
    switch (probe.kind) {
        case DataKind::Audio: {
            const layers::AudioExcerpt excerpt =
                layers::audioExcerpt(probe.extents[0], probe.sampleRateHz, params.real("start"),
                                     params.real("duration"), params.real("sample_rate"));
            return readAudio(path, excerpt, params.text("channels"), stop);
        }
        case DataKind::Image: {
            Result<tensor::Tensor> image =
                readImage(path, {params.text("colour"), params.integer("height"), params.integer("width")});
            if (image) scaleValues(image->values(), params.text("scale"));
            return image;
        }
        case DataKind::Array: break;
    }
    Result<tensor::Tensor> values = readNpy(path);
    if (values)
        if (Result<void> finite = refuseNonNumbers(*values, path); !finite)
            return Unexpected(std::move(finite.error()));
    if (!values || params.flag("first_axis_is_batch")) return values;
    tensor::Extents extents = values->extents();
    extents.insert(extents.begin(), 1);
    return std::move(*values).reshaped(std::move(extents));
}

Result<exec::NodeData> load(const graph::Node& node, const fs::path& folder, std::stop_token stop) {
    const fs::path path = pathOf(node, folder);
    if (path.empty()) return failure(fmt::format("'{}' has no file", node.name), "Choose one in the inspector");
    const Result<DataProbe> probe = probeDataFile(path);
    if (!probe) return Unexpected(probe.error());
    if (probe->kind != kindFor(node))
        return failure(fmt::format("{} is {}, and '{}' reads {}", shownName(path),
                                   kKindNames[static_cast<std::size_t>(probe->kind)], node.name,
                                   kKindNames[static_cast<std::size_t>(kindFor(node))]),
                       "Drop the file on the canvas to make the right node");
    Result<tensor::Tensor> values = loadValues(node, path, *probe, stop);
    if (!values) return Unexpected(std::move(values.error()));
    // The rule that inferred the shape gives axis names and scales too; the file may have changed since it was
    // remembered.
    graph::Node present = node;
    remember(present, *probe);
    layers::InferContext context(layers::Params(present), {}, {}, &present);
    exec::NodeData data;
    if (layers::inferLayer(context) && !context.outputs().empty())
        data.type = context.outputs()[0];
    else
        data.type.shape = values->shape();
    data.values = std::make_shared<const tensor::Tensor>(std::move(*values));
    return data;
}

/// What the node should remember of its file now. A file that cannot be read leaves its last known shape.
Remembered presentState(const graph::Node& node, const fs::path& path) {
    const Result<DataProbe> probe = probeDataFile(path);
    if (!probe) return {{"file_problem", Value(probe.error().message)}};
    if (probe->kind != kindFor(node))
        return {{"file_problem",
                 Value(fmt::format("{} is {}", shownName(path), kKindNames[static_cast<std::size_t>(probe->kind)]))}};
    return rememberedOf(*probe);
}

}  // namespace

Result<DataProbe> probeDataFile(const fs::path& path) {
    try {
        if (Result<void> readable = checkReadable(path); !readable) return Unexpected(std::move(readable.error()));
        switch (kindOf(path)) {
            case DataKind::Array: return probeArray(path);
            case DataKind::Image: return probePicture(path);
            case DataKind::Audio: break;
        }
        Result<DataProbe> sound = probeSound(path);
        if (!sound && sound.error().message.find("cannot be read as sound") != std::string::npos)
            return failure(
                fmt::format("{} is neither sound, nor a PNG or JPEG picture, nor a .npy array", shownName(path)),
                "Save it in one of these formats");
        return sound;
    } catch (const std::exception& problem) {
        return failure(fmt::format("{} cannot be read: {}", shownName(path), problem.what()));
    }
}

Result<std::shared_ptr<graph::Node>> makeDataNode(const fs::path& path, NodeId id, const graph::Graph& graph) {
    const Result<DataProbe> probe = probeDataFile(path);
    if (!probe) return Unexpected(probe.error());
    const layers::LayerType* type = readerOf(probe->kind);
    if (type == nullptr) return failure("this program has no node for that kind of file");
    std::error_code problem;
    const fs::path absolute = fs::absolute(path, problem);
    constexpr std::size_t kLongestName = 40;
    std::string stem = path.stem().string();
    if (stem.size() > kLongestName) {
        std::size_t end = kLongestName;
        while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0U) == 0x80U)
            --end;  // no part of a UTF-8 character
        stem.resize(end);
    }
    std::shared_ptr<graph::Node> node =
        layers::makeNode(*type, id, graph.freeName(stem.empty() ? layers::automaticName(*type) : stem));
    node->set("path", Value((problem ? path : absolute.lexically_normal()).generic_string()));
    if (probe->kind == DataKind::Image && probe->extents[2] <= 2) node->set("colour", Value("grey"));
    remember(*node, *probe);
    return node;
}

std::vector<edit::Step> refreshDataNodes(const graph::Graph& graph, const fs::path& folder,
                                         const std::vector<NodeId>& only) {
    std::vector<edit::Step> steps;
    const auto refresh = [&](const graph::Node& node) {
        if (!kindRead(*node.type)) return;
        const fs::path path = pathOf(node, folder);
        if (path.empty()) return;
        for (auto& [key, value] : presentState(node, path)) {
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

exec::DataLoader dataLoader(fs::path folder) {
    return [folder = std::move(folder)](const graph::Node& node, std::stop_token stop) -> Result<exec::NodeData> {
        try {
            return load(node, folder, stop);
        } catch (const std::bad_alloc&) {
            return failure(fmt::format("'{}' needs more memory than there is", node.name),
                           "Take a shorter or smaller part of the file");
        } catch (const std::exception& problem) {
            return failure(fmt::format("'{}' cannot be loaded: {}", node.name, problem.what()));
        }
    };
}

}  // namespace shapewise::io
