#include "core/io/keras/weights_bin.h"

#include "core/base/checked_math.h"
#include "core/edit/inside.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"

#include <fmt/format.h>
#include <bit>
#include <cstring>
#include <map>
#include <span>
#include <vector>

namespace shapewise::io {

namespace {

constexpr std::uint64_t kLargestShard = std::uint64_t{4} << 30;

struct Quantization {
    std::string type;  ///< "uint8", "uint16", "float16" or empty
    double scale = 1.0;
    double minimum = 0.0;
};

std::string textMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isText() ? member->asText() : std::string();
}

double numberMember(const Value& value, std::string_view key, double otherwise) {
    const Value* member = value.find(key);
    return member != nullptr && member->isNumber() ? member->asReal() : otherwise;
}

std::uint64_t littleEndian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t index = bytes.size(); index-- > 0;)
        number = (number << 8) | static_cast<unsigned char>(bytes[index]);
    return number;
}

using Way = std::vector<NodeId>;

/// The way to the layer a weight belongs to: the longest part of its name, up to a slash, that is the name of a node;
/// the rest of the name is looked for in its graph when that is a nested model. Empty when there is none.
Way ownerByPath(const graph::Graph& graph, std::string_view name) {
    for (std::size_t slash = name.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = name.rfind('/', slash - 1)) {
        const graph::Node* node = graph.findByName(name.substr(0, slash));
        if (node == nullptr) continue;
        if (!edit::holdsModel(*node)) return {node->id};
        Way way = ownerByPath(*node->body, name.substr(slash + 1));
        if (way.empty()) continue;
        way.insert(way.begin(), node->id);
        return way;
    }
    return {};
}

/// Keras 2 names weights by their layer alone, however deep it is. The first layer of that name in the order of the
/// file.
Way ownerInside(const graph::Graph& graph, std::string_view name) {
    Way way;
    graph.forEach([&](const graph::Node& node) {
        if (!way.empty() || !edit::holdsModel(node) || node.sharesLayerOf.isValid()) return;
        way = ownerByPath(*node.body, name);
        if (way.empty()) way = ownerInside(*node.body, name);
        if (!way.empty()) way.insert(way.begin(), node.id);
    });
    return way;
}

Way ownerOf(const graph::Graph& graph, std::string_view name) {
    Way way = ownerByPath(graph, name);
    return way.empty() ? ownerInside(graph, name) : way;
}

/// Puts weights into the layer at the end of the way. All that share a nested model get its changed graph.
void putWeights(graph::Graph& graph, std::span<const NodeId> way,
                const std::shared_ptr<const graph::WeightSet>& weights) {
    auto node = std::make_shared<graph::Node>(*graph.find(way.front()));
    if (way.size() == 1) {
        node->weights = weights;
        graph.put(std::move(node));
        return;
    }
    auto body = std::make_shared<graph::Graph>(*node->body);
    putWeights(*body, way.subspan(1), weights);
    for (const NodeId id : graph.nodesSharingLayerOf(way.front())) {
        auto user = std::make_shared<graph::Node>(*graph.find(id));
        user->body = body;
        graph.put(std::move(user));
    }
}

/// Bytes of one number, 0 for a type that cannot be read.
std::size_t widthOf(const std::string& type, const Quantization& quantization) {
    if (quantization.type == "uint8") return 1;
    if (quantization.type == "uint16") return 2;
    if (!quantization.type.empty()) return 0;
    return type == "float32" || type == "int32" ? 4 : 0;
}

float numberAt(std::string_view bytes, const std::string& type, const Quantization& quantization) {
    const std::uint64_t raw = littleEndian(bytes);
    if (!quantization.type.empty())
        return static_cast<float>(static_cast<double>(raw) * quantization.scale + quantization.minimum);
    if (type == "int32") return static_cast<float>(static_cast<std::int32_t>(raw));
    return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
}

class ManifestReader {
  public:
    ManifestReader(const std::filesystem::path& folder, const graph::Graph& graph) : folder_(folder), graph_(graph) {}

    Result<void> readGroup(const Value& group);

    /// By the way to the layer: nested models, then the layer itself.
    std::map<std::vector<NodeId>, graph::WeightSet> sets;
    std::size_t count = 0;

  private:
    Result<std::string> readShards(const Value& group) const;
    Result<tensor::Tensor> readWeight(const Value& weight, std::string_view& bytes) const;

    const std::filesystem::path& folder_;
    const graph::Graph& graph_;
};

Result<std::string> ManifestReader::readShards(const Value& group) const {
    std::string bytes;
    const Value* paths = group.find("paths");
    if (paths == nullptr || !paths->isList()) return failure("weightsManifest names no files");
    for (const Value& path : paths->asList()) {
        const std::filesystem::path name =
            path.isText() ? std::filesystem::path(path.asText()) : std::filesystem::path();
        if (name.empty() || name.is_absolute() || name.lexically_normal().string().starts_with(".."))
            return failure("weightsManifest names a file outside its folder");
        Result<std::string> shard = readFile(folder_ / name, kLargestShard);
        if (!shard) return shard;
        bytes += *shard;
    }
    return bytes;
}

Result<tensor::Tensor> ManifestReader::readWeight(const Value& weight, std::string_view& bytes) const {
    const std::string name = textMember(weight, "name");
    const std::string type = textMember(weight, "dtype");
    Quantization quantization;
    if (const Value* written = weight.find("quantization"))
        quantization = {textMember(*written, "dtype"), numberMember(*written, "scale", 1.0),
                        numberMember(*written, "min", 0.0)};
    const std::size_t width = widthOf(type, quantization);
    if (width == 0)
        return failure(fmt::format("weight {} is of type {}, which is not read", name,
                                   quantization.type.empty() ? type : quantization.type));
    const Value* shape = weight.find("shape");
    tensor::Extents extents;
    std::int64_t numbers = 1;
    if (shape != nullptr && shape->isList())
        for (const Value& size : shape->asList()) {
            if (!size.isInteger() || size.asInteger() < 0)
                return failure(fmt::format("weight {} has no proper shape", name));
            extents.push_back(size.asInteger());
            numbers = saturatingMultiply(numbers, size.asInteger());
        }
    if (static_cast<std::uint64_t>(numbers) > bytes.size() / width)
        return failure(
            fmt::format("the weights end inside {}: {} numbers wanted, {} bytes left", name, numbers, bytes.size()),
            "Get a complete copy of the weight files");
    tensor::Tensor values(std::move(extents));
    for (std::size_t index = 0; index < static_cast<std::size_t>(numbers); ++index)
        values.data()[index] = numberAt(bytes.substr(index * width, width), type, quantization);
    bytes.remove_prefix(static_cast<std::size_t>(numbers) * width);
    return values;
}

Result<void> ManifestReader::readGroup(const Value& group) {
    const Value* weights = group.find("weights");
    if (weights == nullptr || !weights->isList()) return failure("weightsManifest lists no weights");
    const Result<std::string> shards = readShards(group);
    if (!shards) return Unexpected(shards.error());
    std::string_view bytes = *shards;
    for (const Value& weight : weights->asList()) {
        Result<tensor::Tensor> values = readWeight(weight, bytes);
        if (!values) return Unexpected(std::move(values.error()));
        const std::string name = textMember(weight, "name");
        const Way owner = ownerOf(graph_, name);
        if (owner.empty()) return failure(fmt::format("weight {} belongs to no layer of the model", name));
        std::string last = name.substr(name.rfind('/') + 1);
        if (const std::size_t colon = last.find(':'); colon != std::string::npos) last.resize(colon);
        sets[owner].push_back({std::move(last), std::move(*values)});
        ++count;
    }
    return {};
}

}  // namespace

Result<std::size_t> loadManifestWeights(std::string_view modelJson, const std::filesystem::path& folder,
                                        graph::Graph& graph) {
    try {
        const Result<Value> file = parseJson(modelJson);
        if (!file) return Unexpected(file.error());
        const Value* manifest = file->find("weightsManifest");
        if (manifest == nullptr || !manifest->isList()) return std::size_t{0};
        ManifestReader reader(folder, graph);
        for (const Value& group : manifest->asList())
            if (const Result<void> done = reader.readGroup(group); !done) return Unexpected(done.error());
        for (auto& [way, set] : reader.sets)
            putWeights(graph, way, std::make_shared<const graph::WeightSet>(std::move(set)));
        return reader.count;
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory for the weights");
    }
}

}  // namespace shapewise::io
