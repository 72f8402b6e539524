#include "core/io/keras/tensorflow_weights.h"

#include "core/base/checked_math.h"
#include "core/io/files/input_file.h"
#include "core/io/files/json_value.h"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <map>
#include <vector>

namespace shapewise::io {

namespace {

struct Quantization {
    std::string type;  ///< "uint8", "uint16", "float16" or empty
    double scale = 1.0;
    double minimum = 0.0;
};

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

Unexpected endsInside(const StoredArray& array, std::int64_t numbers, std::uint64_t left) {
    return failure(
        fmt::format("the weights end inside {}: {} numbers wanted, {} bytes left", array.name, numbers, left),
        "Get a complete copy of the weight files");
}

/// The numbers of extents; nullopt when the manifest gives something else.
std::optional<tensor::Extents> extentsOf(const Value& weight) {
    tensor::Extents extents;
    const Value* shape = weight.find("shape");
    if (shape == nullptr || !shape->isList()) return extents;
    for (const Value& size : shape->asList()) {
        if (!size.isInteger() || size.asInteger() < 0) return std::nullopt;
        extents.push_back(size.asInteger());
    }
    return extents;
}

std::int64_t countOf(const tensor::Extents& extents) {
    std::int64_t count = 1;
    for (const std::int64_t extent : extents) count = saturatingMultiply(count, extent);
    return count;
}

/// The files of one group of the manifest, whose numbers follow each other from file to file. Each is opened when its
/// first number is asked for.
class Shards {
  public:
    explicit Shards(std::vector<std::filesystem::path> paths) : paths_(std::move(paths)) {}

    /// How many of `wanted` bytes there are from `offset` on.
    [[nodiscard]] Result<std::uint64_t> heldFrom(std::uint64_t offset, std::uint64_t wanted);
    /// Precondition: heldFrom() found all of them. False when a file has become shorter since.
    [[nodiscard]] bool readAt(std::uint64_t offset, std::span<char> bytes) const;

  private:
    std::vector<std::filesystem::path> paths_;
    std::vector<std::shared_ptr<const InputFile>> files_;  ///< those that are open: the first ones
    std::uint64_t bytes_ = 0;                              ///< in the files that are open
};

Result<std::uint64_t> Shards::heldFrom(std::uint64_t offset, std::uint64_t wanted) {
    while (files_.size() < paths_.size() && bytes_ - std::min(bytes_, offset) < wanted) {
        Result<std::shared_ptr<const InputFile>> file = InputFile::open(paths_[files_.size()]);
        if (!file) return Unexpected(std::move(file.error()));
        bytes_ += (*file)->size();
        files_.push_back(std::move(*file));
    }
    return std::min(wanted, bytes_ - std::min(bytes_, offset));
}

bool Shards::readAt(std::uint64_t offset, std::span<char> bytes) const {
    std::size_t done = 0;
    for (const std::shared_ptr<const InputFile>& file : files_) {
        if (done == bytes.size()) break;
        if (offset >= file->size()) {
            offset -= file->size();
            continue;
        }
        const std::uint64_t wanted = std::min<std::uint64_t>(bytes.size() - done, file->size() - offset);
        const std::size_t count = file->readAt(offset, bytes.subspan(done, static_cast<std::size_t>(wanted)));
        if (count < wanted) return false;
        done += count;
        offset = 0;
    }
    return done == bytes.size();
}

/// Where in its group an array lies, and how its numbers are stored.
struct Place {
    std::size_t group = 0;
    std::uint64_t offset = 0;  ///< bytes
    std::size_t width = 0;     ///< bytes of a number
    Quantization quantization;
};

class TensorFlowWeights final : public WeightSource {
  public:
    Result<void> addGroup(const Value& group, const std::filesystem::path& folder);

    [[nodiscard]] std::span<const StoredArray> arrays() const override { return arrays_; }
    Result<tensor::Tensor> read(std::string_view name) override;

  private:
    Result<void> addShards(const Value& group, const std::filesystem::path& folder);
    Result<std::uint64_t> addArray(const Value& weight, std::uint64_t offset);

    std::vector<StoredArray> arrays_;
    std::vector<Place> places_;  ///< one for each array
    std::map<std::string, std::size_t, std::less<>> indexOf_;
    std::vector<Shards> groups_;
};

Result<void> TensorFlowWeights::addShards(const Value& group, const std::filesystem::path& folder) {
    const Value* paths = group.find("paths");
    if (paths == nullptr || !paths->isList()) return failure("weightsManifest names no files");
    std::vector<std::filesystem::path> shards;
    for (const Value& path : paths->asList()) {
        const std::filesystem::path name =
            path.isText() ? std::filesystem::path(path.asText()) : std::filesystem::path();
        if (name.empty() || name.is_absolute() || name.lexically_normal().string().starts_with(".."))
            return failure("weightsManifest names a file outside its folder");
        shards.push_back(folder / name);
    }
    groups_.emplace_back(std::move(shards));
    return {};
}

/// Returns the bytes it takes.
Result<std::uint64_t> TensorFlowWeights::addArray(const Value& weight, std::uint64_t offset) {
    StoredArray array{textMember(weight, "name"), {}, textMember(weight, "dtype")};
    Place place{groups_.size() - 1, offset, 0, {}};
    if (const Value* written = weight.find("quantization"))
        place.quantization = {textMember(*written, "dtype"), numberMember(*written, "scale", 1.0),
                              numberMember(*written, "min", 0.0)};
    place.width = widthOf(array.type, place.quantization);
    if (place.width == 0)
        return failure(fmt::format("weight {} is of type {}, which is not read", array.name,
                                   place.quantization.type.empty() ? array.type : place.quantization.type));
    std::optional<tensor::Extents> extents = extentsOf(weight);
    if (!extents) return failure(fmt::format("weight {} has no proper shape", array.name));
    array.extents = std::move(*extents);
    const std::int64_t bytes = saturatingMultiply(countOf(array.extents), static_cast<std::int64_t>(place.width));
    indexOf_.emplace(array.name, arrays_.size());
    arrays_.push_back(std::move(array));
    places_.push_back(std::move(place));
    return static_cast<std::uint64_t>(bytes);
}

Result<void> TensorFlowWeights::addGroup(const Value& group, const std::filesystem::path& folder) {
    const Value* weights = group.find("weights");
    if (weights == nullptr || !weights->isList()) return failure("weightsManifest lists no weights");
    if (Result<void> named = addShards(group, folder); !named) return named;
    std::uint64_t offset = 0;
    for (const Value& weight : weights->asList()) {
        const Result<std::uint64_t> bytes = addArray(weight, offset);
        if (!bytes) return Unexpected(bytes.error());
        offset += *bytes;
    }
    return {};
}

Result<tensor::Tensor> TensorFlowWeights::read(std::string_view name) {
    const auto found = indexOf_.find(name);
    if (found == indexOf_.end()) return failure(fmt::format("there is no weight {}", name));
    const StoredArray& array = arrays_[found->second];
    const Place& place = places_[found->second];
    Shards& shards = groups_[place.group];
    const std::int64_t numbers = countOf(array.extents);
    const auto wanted = static_cast<std::uint64_t>(saturatingMultiply(numbers, static_cast<std::int64_t>(place.width)));
    const Result<std::uint64_t> held = shards.heldFrom(place.offset, wanted);
    if (!held) return Unexpected(held.error());
    if (*held < wanted) return endsInside(array, numbers, *held);
    tensor::Tensor values(array.extents);
    std::string bytes(static_cast<std::size_t>(wanted), '\0');
    if (!shards.readAt(place.offset, bytes)) return endsInside(array, numbers, 0);
    for (std::size_t index = 0; index < values.values().size(); ++index)
        values.data()[index] =
            numberAt(std::string_view(bytes).substr(index * place.width, place.width), array.type, place.quantization);
    return values;
}

}  // namespace

Result<std::unique_ptr<WeightSource>> tensorFlowWeights(const Value& manifest, const std::filesystem::path& folder) {
    auto source = std::make_unique<TensorFlowWeights>();
    if (manifest.isList())
        for (const Value& group : manifest.asList())
            if (Result<void> added = source->addGroup(group, folder); !added)
                return Unexpected(std::move(added.error()));
    return source;
}

}  // namespace shapewise::io
