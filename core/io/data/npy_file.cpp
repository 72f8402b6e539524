// .npy arrays, format versions 1 to 3 (numpy/lib/format.py describes them).

#include "core/base/checked_math.h"
#include "core/io/data/data_files.h"
#include "core/io/files/file_paths.h"
#include "core/io/formats/format.h"

#include <fmt/format.h>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>

namespace shapewise::io {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLargestHeader = 1 << 16;
constexpr std::int64_t kMostValues = std::int64_t{1} << 32;

struct NpyHeader {
    char kind = 'f';        ///< f real, i integer, u unsigned, b bool, as in dtype.kind
    std::size_t width = 4;  ///< bytes of a number
    bool isBigEndian = false;
    bool isFortranOrder = false;  ///< first index runs fastest
    tensor::Extents extents;
    std::size_t dataOffset = 0;
    std::string dtype;   ///< "<f4"
    std::string note{};  ///< what is not as it should be; of a file that ends too early, extents are of what is there

    /// "float32", "int64", "bool"
    [[nodiscard]] std::string typeText() const {
        if (kind == 'b') return "bool";
        return fmt::format("{}{}", kind == 'f' ? "float" : kind == 'u' ? "uint" : "int", width * 8);
    }
};

/// The value of 'key': in the Python dict of the header, up to the comma that ends it; empty when it is not there.
std::string_view entryOf(std::string_view header, std::string_view key) {
    for (const char quote : {'\'', '"'}) {
        const std::string quoted = quote + std::string(key) + quote;
        const std::size_t at = header.find(quoted);
        if (at == std::string_view::npos) continue;
        std::string_view rest = header.substr(at + quoted.size());
        const std::size_t colon = rest.find_first_not_of(" :");
        if (colon == std::string_view::npos) return {};
        rest.remove_prefix(colon);
        const char open = rest.front();
        const std::size_t end = open == '(' ? rest.find(')') : open == '[' ? rest.find(']') : rest.find_first_of(",}");
        if (end == std::string_view::npos) return {};
        return rest.substr(0, open == '(' || open == '[' ? end + 1 : end);
    }
    return {};
}

bool readShape(std::string_view text, tensor::Extents& extents) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
    text = text.substr(1, text.size() - 2);
    while (true) {
        const std::size_t start = text.find_first_not_of(" ,");
        if (start == std::string_view::npos) return true;
        text.remove_prefix(start);
        std::int64_t size = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (problem != std::errc{} || size < 0) return false;
        extents.push_back(size);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.starts_with('L')) text.remove_prefix(1);  // written by Python 2
        if (!text.empty() && text.front() != ',' && text.front() != ' ') return false;
    }
}

/// "<f4", "|b1", ">i8", "f4"
bool readType(std::string_view text, NpyHeader& header) {
    if (text.size() < 4 || (text.front() != '\'' && text.front() != '"')) return false;
    text = text.substr(1, text.find_last_of("'\"") - 1);
    header.dtype = text;
    const bool hasOrder = !text.empty() && std::string_view("<>|=").find(text.front()) != std::string_view::npos;
    header.isBigEndian = hasOrder && text.front() == '>';
    if (hasOrder) text.remove_prefix(1);
    if (text == "?") text = "b1";
    if (text.size() != 2) return false;
    header.kind = text[0];
    header.width = static_cast<std::size_t>(text[1] - '0');
    const bool isReal = header.kind == 'f' && (header.width == 2 || header.width == 4 || header.width == 8);
    const bool isInteger =
        (header.kind == 'i' || header.kind == 'u') && std::has_single_bit(header.width) && header.width <= 8;
    return isReal || isInteger || (header.kind == 'b' && header.width == 1);
}

Result<std::string> headerText(const InputFile& file, NpyHeader& header) {
    const std::string name = shownName(file.path());
    const std::string_view start = file.head();
    const auto byte = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(start[at])}; };
    if (start.size() < 10 || !start.starts_with(kMagic))
        return failure(fmt::format("{} is no .npy array", name), "Save it with numpy.save");
    const std::size_t version = byte(6);
    if (version > 3 || version < 1)
        return failure(fmt::format("{} is .npy version {}, and 1 to 3 are read", name, version),
                       "Save it with numpy.save");
    header.dataOffset = version >= 2 ? 12 : 10;
    std::size_t length = byte(8) | byte(9) << 8;
    if (version >= 2 && start.size() >= header.dataOffset) length |= byte(10) << 16 | byte(11) << 24;
    if (length > kLargestHeader)
        return failure(
            fmt::format("{} says its header has {} bytes, and at most {} are read", name, length, kLargestHeader),
            "Save it with numpy.save as a plain array");
    std::string text(length, ' ');
    if (file.readAt(header.dataOffset, text) < length)
        return failure(fmt::format("{} is cut off inside its header", name), "Get a complete copy of the file");
    header.dataOffset += length;
    return text;
}

float halfToFloat(std::uint16_t half) {
    const int exponent = (half >> 10) & 31;
    const int fraction = half & 1023;
    float value = 0.0F;
    if (exponent == 31)
        value = fraction == 0 ? INFINITY : NAN;
    else if (exponent == 0)
        value = std::ldexp(static_cast<float>(fraction), -24);
    else
        value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return (half & 0x8000) != 0 ? -value : value;
}

std::uint64_t rawAt(const char* bytes, const NpyHeader& header) {
    std::uint64_t raw = 0;
    for (std::size_t index = 0; index < header.width; ++index)
        raw = raw << 8 | static_cast<unsigned char>(bytes[header.isBigEndian ? index : header.width - 1 - index]);
    return raw;
}

float numberAt(const char* bytes, const NpyHeader& header) {
    const std::uint64_t raw = rawAt(bytes, header);
    if (header.kind == 'b') return raw != 0 ? 1.0F : 0.0F;
    if (header.kind == 'u') return static_cast<float>(raw);
    if (header.kind == 'i') {
        const unsigned unused = static_cast<unsigned>(64 - 8 * header.width);
        return static_cast<float>(static_cast<std::int64_t>(raw << unused) >> unused);
    }
    if (header.width == 2) return halfToFloat(static_cast<std::uint16_t>(raw));
    if (header.width == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    return static_cast<float>(std::bit_cast<double>(raw));
}

/// Calls visit(position in row-major order) for the values in the order of a Fortran-ordered file.
template <class Visit>
void visitFortran(const tensor::Extents& extents, Visit&& visit) {
    const std::size_t rank = extents.size();
    std::vector<std::int64_t> strides(rank, 1);
    for (std::size_t axis = rank - 1; axis-- > 0;) strides[axis] = strides[axis + 1] * extents[axis + 1];
    std::vector<std::int64_t> index(rank, 0);
    std::int64_t position = 0;
    while (true) {
        visit(position);
        std::size_t axis = 0;
        for (; axis < rank; ++axis) {
            position += strides[axis];
            if (++index[axis] < extents[axis]) break;
            position -= strides[axis] * extents[axis];
            index[axis] = 0;
        }
        if (axis == rank) return;
    }
}

/// What is held by arrays that are no real numbers, and what numpy makes of them that is.
struct OtherType {
    std::string what;
    std::string_view advice;
};

OtherType otherType(std::string_view descr) {
    const std::string type(descr.substr(0, 60));
    if (descr.starts_with('['))
        return {fmt::format("records with fields {}", type),
                "Save one field: numpy.save(path, array['NAME'].astype('float32'))"};
    const std::size_t letter = descr.find_first_not_of("'\"<>|=");
    switch (letter == std::string_view::npos ? ' ' : descr[letter]) {
        case 'c':
            return {fmt::format("complex numbers ({})", type),
                    "Save their size with numpy.abs(array), or both parts stacked: numpy.stack([array.real, "
                    "array.imag], -1)"};
        case 'S':
        case 'U':
        case 'a':
        case 'T':
            return {fmt::format("text ({})", type),
                    "Encode it as numbers first, for example numpy.unique(array, return_inverse=True)[1]"};
        case 'O':
            return {"Python objects",
                    "Save what they hold as an array of numbers: numpy.array(list, dtype='float32'), or each object on "
                    "its own"};
        case 'M':
        case 'm':
            return {fmt::format("dates or times ({})", type),
                    "Save how much time lies between: (array - array[0]) / numpy.timedelta64(1, 's')"};
        case 'V':
            return {fmt::format("raw bytes ({})", type),
                    "Save them as the type they are of: array.view(TYPE).astype('float32')"};
        default:
            return {fmt::format("values of type {}", type), "Save it with numpy.save(path, array.astype('float32'))"};
    }
}

/// Of the first `held` of all values the whole parts along the axis that changes slowest, or of its first part if that
/// is not there as a whole.
void keepWhatIsThere(NpyHeader& header, std::int64_t held) {
    const std::size_t rank = header.extents.size();
    std::int64_t inner = tensor::elementCount(header.extents);
    for (std::size_t step = 0; step < rank; ++step) {
        std::int64_t& size = header.extents[header.isFortranOrder ? rank - 1 - step : step];
        inner /= size;
        if (held >= inner) {
            size = held / inner;
            return;
        }
        size = 1;
    }
}

/// Checks that the file holds values. Refuses objects, complex numbers, text and records.
Result<NpyHeader> readHeader(const InputFile& file) {
    const std::filesystem::path& path = file.path();
    NpyHeader header;
    const Result<std::string> text = headerText(file, header);
    if (!text) return Unexpected(text.error());
    const std::string_view type = entryOf(*text, "descr");
    if (type.empty())
        return failure(fmt::format("the header of {} is damaged: it says no type", shownName(path)),
                       "Save it again with numpy.save");
    if (!readType(type, header)) {
        OtherType other = otherType(type);
        return failure(
            fmt::format("{} holds {}, and only real numbers, integers and bool are read", shownName(path), other.what),
            std::string(other.advice));
    }
    const std::string_view order = entryOf(*text, "fortran_order");
    header.isFortranOrder = order.starts_with("True");
    if (!readShape(entryOf(*text, "shape"), header.extents) || (!header.isFortranOrder && !order.starts_with("False")))
        return failure(fmt::format("the header of {} is damaged", shownName(path)), "Save it again with numpy.save");
    if (header.extents.size() > static_cast<std::size_t>(tensor::kMaximumRank))
        return failure(fmt::format("{} has {} axes, and at most {} are read", shownName(path), header.extents.size(),
                                   tensor::kMaximumRank),
                       "Reshape it before saving");
    std::int64_t count = 1;
    for (const std::int64_t size : header.extents) count = saturatingMultiply(count, size);
    if (count > kMostValues)
        return failure(fmt::format("{} holds {} values {}, and at most {} are read", shownName(path), count,
                                   tensor::extentsText(header.extents), kMostValues),
                       "Save a part of it");
    const std::uint64_t wanted = header.dataOffset + static_cast<std::uint64_t>(count) * header.width;
    if (file.size() > wanted)
        header.note = fmt::format("{} bytes behind the array are left out: numpy.load reads further arrays there",
                                  file.size() - wanted);
    if (file.size() >= wanted) return header;
    const auto held = static_cast<std::int64_t>(
        file.size() < header.dataOffset ? 0 : (file.size() - header.dataOffset) / header.width);
    if (held < 1)
        return failure(fmt::format("{} is cut off before the first of its {} values of {}", shownName(path), count,
                                   header.typeText()),
                       "Get a complete copy of the file");
    const std::string promised = tensor::extentsText(header.extents);
    keepWhatIsThere(header, held);
    header.note = fmt::format("the file is cut, {} of {} values read: {} of {}", tensor::elementCount(header.extents),
                              count, tensor::extentsText(header.extents), promised);
    return header;
}

/// What float32 cannot hold of the numbers of a file.
class Losses {
  public:
    void look(const char* bytes, const NpyHeader& header, float value) {
        if (header.kind == 'f') {
            if (header.width < 8) return;
            const double stored = doubleAt(bytes, header);
            if (std::isinf(value) && !std::isinf(stored) && tooLarge_++ == 0) firstLarge_ = stored;
            if (value == 0.0F && stored != 0.0 && tooSmall_++ == 0) firstSmall_ = stored;
            return;
        }
        constexpr float kAllExactBelow = 16777216.0F;  // 2^24
        if (header.width >= 4 && std::abs(value) >= kAllExactBelow && !isExact(bytes, header, value)) ++rounded_;
    }
    void say(const DataRequest& request) const {
        const auto values = [](std::int64_t count) {
            return fmt::format("{} {}", count, count == 1 ? "value is" : "values are");
        };
        if (tooLarge_ > 0)
            request.note(
                fmt::format("{} too large for float32 ({:g}) and became infinite", values(tooLarge_), firstLarge_));
        if (tooSmall_ > 0)
            request.note(fmt::format("{} too small for float32 ({:g}) and became 0", values(tooSmall_), firstSmall_));
        if (rounded_ > 0)
            request.note(fmt::format("{} rounded: float32 holds whole numbers exactly up to 16,777,216 (2^24)",
                                     values(rounded_)));
    }

  private:
    static double doubleAt(const char* bytes, const NpyHeader& header) {
        return std::bit_cast<double>(rawAt(bytes, header));
    }
    static bool isExact(const char* bytes, const NpyHeader& header, float value) {
        const std::uint64_t raw = rawAt(bytes, header);
        const auto unused = static_cast<unsigned>(64 - 8 * header.width);
        constexpr float kSigned = 9223372036854775808.0F;     // 2^63
        constexpr float kUnsigned = 18446744073709551616.0F;  // 2^64
        if (header.kind == 'u') return value < kUnsigned && static_cast<std::uint64_t>(value) == raw;
        const std::int64_t stored = static_cast<std::int64_t>(raw << unused) >> unused;
        return value < kSigned && static_cast<std::int64_t>(value) == stored;
    }

    std::int64_t tooLarge_ = 0;
    std::int64_t tooSmall_ = 0;
    std::int64_t rounded_ = 0;
    double firstLarge_ = 0.0;
    double firstSmall_ = 0.0;
};

Result<tensor::Tensor> readValues(const InputFile& file, const NpyHeader& header, const DataRequest& request) {
    try {
        Losses losses;
        tensor::Tensor values(header.extents);
        std::vector<char> bytes(static_cast<std::size_t>(values.count()) * header.width);
        if (file.readAt(header.dataOffset, bytes) < bytes.size())
            return failure(fmt::format("{} is cut off", shownName(file.path())), "Get a complete copy of the file");
        const char* next = bytes.data();
        const auto take = [&](std::int64_t position) {
            values.data()[position] = numberAt(next, header);
            losses.look(next, header, values.data()[position]);
            next += header.width;
        };
        if (values.count() > 0 && header.isFortranOrder && header.extents.size() > 1)
            visitFortran(header.extents, take);
        else
            for (std::int64_t position = 0; position < values.count(); ++position) take(position);
        losses.say(request);
        return values;
    } catch (const std::bad_alloc&) {
        return failure(fmt::format("{} needs more memory than there is: {} values", shownName(file.path()),
                                   tensor::elementCount(header.extents)),
                       "Save a part of it");
    }
}

class NpyReader final : public DataReader {
  public:
    NpyReader(std::shared_ptr<const InputFile> file, NpyHeader header)
        : file_(std::move(file)),
          header_(std::move(header)),
          probe_{DataKind::Array,
                 header_.extents,
                 0.0,
                 fmt::format("array, {} {}", header_.typeText(), tensor::extentsText(header_.extents)),
                 {}} {
        if (!header_.note.empty()) probe_.notes.push_back(header_.note);
    }

    [[nodiscard]] const DataProbe& probe() const override { return probe_; }
    Result<tensor::Tensor> read(const DataRequest& request) override { return readValues(*file_, header_, request); }

  private:
    std::shared_ptr<const InputFile> file_;
    NpyHeader header_;
    DataProbe probe_;
};

Result<std::unique_ptr<DataReader>> openNpy(std::shared_ptr<const InputFile> file) {
    Result<NpyHeader> header = readHeader(*file);
    if (!header) return Unexpected(std::move(header.error()));
    if (header->extents.empty()) {  // data have a first axis, the batch
        header->extents = {1};
        header->note += std::string(header->note.empty() ? "" : "; ") + "a single number, read as an array of 1";
    }
    return std::make_unique<NpyReader>(std::move(file), std::move(*header));
}

}  // namespace

Format npyFormat() {
    return {"NumPy array", ".npy", [](std::string_view head) { return matchStart(head, kMagic); },
            DataFormat{DataKind::Array, "a .npy array", openNpy, writeNpy}};
}

Result<tensor::Tensor> readNpy(const std::filesystem::path& path) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    const Result<NpyHeader> header = readHeader(**file);
    if (!header) return Unexpected(header.error());
    return readValues(**file, *header, {});
}

Result<void> writeNpy(const tensor::Tensor& values, const std::filesystem::path& path) {
    try {
        std::string shape;
        for (const std::int64_t size : values.extents()) shape += fmt::format("{}, ", size);
        if (values.rank() != 1 && !shape.empty()) shape.resize(shape.size() - 2);
        if (values.rank() == 1) shape.resize(shape.size() - 1);
        std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", shape);
        constexpr std::size_t kStart = 10;
        constexpr std::size_t kAlignment = 64;
        header.append(kAlignment - (kStart + header.size() + 1) % kAlignment, ' ');
        header += '\n';
        std::string bytes(kMagic);
        bytes += {'\x01', '\x00', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
        bytes += header;
        const std::size_t offset = bytes.size();
        bytes.resize(offset + static_cast<std::size_t>(values.count()) * sizeof(float));
        for (std::size_t index = 0; index < static_cast<std::size_t>(values.count()); ++index) {
            std::uint32_t raw = std::bit_cast<std::uint32_t>(values.data()[index]);
            if constexpr (std::endian::native == std::endian::big) raw = __builtin_bswap32(raw);
            std::memcpy(bytes.data() + offset + index * sizeof raw, &raw, sizeof raw);
        }
        return writeFileAtomically(path, bytes);
    } catch (const std::bad_alloc&) {
        return failure(fmt::format("there is not enough memory to write {}", shownName(path)));
    }
}

}  // namespace shapewise::io
