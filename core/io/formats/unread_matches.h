#pragma once
// How files that this program does not read are told apart, by their first bytes and further inside. Of
// unread_formats.cpp, which has the rows: a row names a function, made of the templates here where bytes are enough.

#include "core/io/formats/model_file.h"
#include "core/io/formats/protobuf_fields.h"
#include "core/io/formats/text_tables.h"
#include "core/io/formats/unread_formats.h"
#include "core/io/formats/zip_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::io::unread {

// First bytes

template <std::size_t Size>
struct Text {
    char text[Size]{};
    constexpr Text(const char (&from)[Size]) { std::copy_n(from, Size, text); }
    [[nodiscard]] constexpr std::string_view view() const { return {text, Size - 1}; }
};

template <Text Bytes, std::size_t At = 0>
Match bytesAt(std::string_view head) {
    return head.size() >= At && head.substr(At).starts_with(Bytes.view()) ? Match::Certain : Match::No;
}

template <Match (*... Tests)(std::string_view)>
Match anyOf(std::string_view head) {
    return ((Tests(head) != Match::No) || ...) ? Match::Certain : Match::No;
}

template <Match (*... Tests)(std::string_view)>
Match allOf(std::string_view head) {
    return ((Tests(head) != Match::No) && ...) ? Match::Certain : Match::No;
}

inline std::uint64_t littleEndian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t index = bytes.size(); index-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[index]);
    return value;
}

inline bool isPrintable(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

/// The first line that is neither empty nor a comment, without spaces in front.
inline std::string_view firstLine(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        std::string_view line = text.substr(0, end);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.empty() && line.front() != '#' && line.front() != ';' && line != "---") return line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

inline Match isNetConfiguration(std::string_view head) {
    const std::string_view line = firstLine(head);
    return isPrintable(head) && (line.starts_with("[net]") || line.starts_with("[network]")) ? Match::Certain
                                                                                             : Match::No;
}

inline Match isCaffeText(std::string_view head) {
    const auto has = [&](std::string_view text) { return head.find(text) != std::string_view::npos; };
    return isPrintable(head) && !head.starts_with('{') && (has("layer {") || has("layers {") || has("layer{")) &&
                   (has("type:") || has("bottom:") || has("top:"))
               ? Match::Certain
               : Match::No;
}

inline Match isYamlModel(std::string_view head) {
    const std::string_view line = firstLine(head);
    return isPrintable(head) && (line.starts_with("backend:") || line.starts_with("class_name:")) &&
                   head.find("class_name:") != std::string_view::npos
               ? Match::Certain
               : Match::No;
}

inline Match isOpenVino(std::string_view head) {
    return isPrintable(head) && head.find("<net ") != std::string_view::npos &&
                   head.find("<layers>") != std::string_view::npos
               ? Match::Certain
               : Match::No;
}

template <char Separator, TableColumns Columns>
Match isTable(std::string_view head) {
    return matchTable(head, Separator, Columns);
}

inline bool startsWithText(std::string_view head, std::string_view lowerCase) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), head.size()));
    return head.size() >= lowerCase.size() &&
           std::equal(lowerCase.begin(), lowerCase.end(), head.begin(),
                      [](char wanted, char c) { return wanted == std::tolower(static_cast<unsigned char>(c)); });
}
template <Text Start>
Match textAt(std::string_view head) {
    return startsWithText(head, Start.view()) ? Match::Certain : Match::No;
}

/// A matrix begins with its kind, extents, whether it is complex, and the length of its name, in either byte order.
inline Match isMatlab4(std::string_view head) {
    constexpr std::size_t kHead = 20;
    if (head.size() <= kHead) return Match::No;
    for (const bool isBigEndian : {false, true}) {
        const auto number = [&](std::size_t at) {
            std::string bytes(head.substr(4 * at, 4));
            if (isBigEndian) std::reverse(bytes.begin(), bytes.end());
            return littleEndian(bytes);
        };
        const std::uint64_t kind = number(0);
        const std::uint64_t length = number(4);
        constexpr std::uint64_t kBigEndian = 1000;
        const bool isKind = kind / 100 * 100 == (isBigEndian ? kBigEndian : 0) && kind / 10 % 10 <= 5 && kind % 10 <= 2;
        if (!isKind || number(3) > 1 || length < 2 || length > 64 || head.size() < kHead + length) continue;
        const std::string_view name = head.substr(kHead, length - 1);
        const bool isName = std::all_of(name.begin(), name.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
        });
        // libsndfile writes sound so, its rate first.
        if (isName && head[kHead + length - 1] == '\0' && name != "samplerate") return Match::Certain;
    }
    return Match::No;
}

inline Match isSafetensors(std::string_view head) {
    if (head.size() < 10 || head.substr(8, 1) != "{") return Match::No;
    const std::uint64_t length = littleEndian(head.substr(0, 8));
    constexpr std::uint64_t kLongest = 100'000'000;
    return length >= 2 && length <= kLongest && head.find('"', 8) != std::string_view::npos ? Match::Certain
                                                                                            : Match::No;
}

inline Match isPickle(std::string_view head) {
    const bool isProtocol = head.size() > 3 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
    // Protocols 4 and 5 have frames; before them a first instruction follows at once.
    return isProtocol && (head[2] == '\x95' ||
                          std::string_view("c](}X\x8a\x8bq)KGN\x88\x89\x8cU").find(head[2]) != std::string_view::npos)
               ? Match::Certain
               : Match::No;
}

/// A record starts with its length and a masked CRC-32C of that.
inline Match isTfRecord(std::string_view head) {
    if (head.size() < 12) return Match::No;
    std::uint32_t remainder = 0xFFFFFFFFU;
    for (const char byte : head.substr(0, 8)) {
        remainder ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder & 1U) != 0 ? remainder >> 1U ^ 0x82F63B78U : remainder >> 1U;
    }
    remainder = ~remainder;
    const std::uint32_t masked = (remainder >> 15U | remainder << 17U) + 0xA282EAD8U;
    return littleEndian(head.substr(8, 4)) == masked ? Match::Certain : Match::No;
}

inline Match isBmp(std::string_view head) {
    return head.size() >= 18 && head.starts_with("BM") && littleEndian(head.substr(6, 4)) == 0 &&
                   littleEndian(head.substr(14, 4)) <= 256
               ? Match::Certain
               : Match::No;
}

inline Match isPnm(std::string_view head) {
    return head.size() > 3 && head[0] == 'P' && head[1] >= '1' && head[1] <= '7' && (head[2] == '\n' || head[2] == ' ')
               ? Match::Certain
               : Match::No;
}

inline Match isSvg(std::string_view head) {
    return isPrintable(head) && head.find("<svg") != std::string_view::npos ? Match::Certain : Match::No;
}

inline Match isAac(std::string_view head) {
    return head.size() > 7 && head[0] == '\xFF' && (static_cast<unsigned char>(head[1]) & 0xF6U) == 0xF0U
               ? Match::Certain
               : Match::No;
}

template <Text Brand>
Match isBrand(std::string_view head) {
    return head.size() > 12 && head.substr(4, 4) == "ftyp" && head.substr(8).starts_with(Brand.view()) ? Match::Certain
                                                                                                       : Match::No;
}

inline Match isHdf5(std::string_view head) {
    for (const std::size_t at : {0U, 512U, 1024U, 2048U})
        if (head.size() > at && head.substr(at).starts_with("\x89HDF")) return Match::Certain;
    return Match::No;
}

// Further inside

/// Among the first bytes, as many as names of attributes and groups take.
inline bool hasWord(const InputFile& file, std::string_view word) {
    constexpr std::size_t kLook = 1 << 18;
    std::string start(kLook, '\0');
    start.resize(file.readAt(0, start));
    return start.find(word) != std::string::npos;
}
inline bool hasKerasModel(const InputFile& file) { return hasWord(file, "model_config"); }
inline bool hasKerasWeights(const InputFile& file) {
    return hasWord(file, "layer_names") || hasWord(file, "model_weights") || hasWord(file, "_layer_checkpoint_deps");
}

template <Text Ending>
bool hasMember(const InputFile& file) {
    const std::vector<std::string> names = zipNames(file);
    return std::any_of(names.begin(), names.end(),
                       [](const std::string& name) { return name.ends_with(Ending.view()); });
}
inline bool isKerasArchive(const InputFile& file) {
    return hasMember<"model.weights.h5">(file) || (hasMember<"config.json">(file) && hasMember<"metadata.json">(file));
}
inline bool isNpz(const InputFile& file) {
    const std::vector<std::string> names = zipNames(file);
    return !names.empty() &&
           std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.ends_with(".npy"); });
}
inline bool isOffice(const InputFile& file) { return hasMember<"[Content_Types].xml">(file); }

/// The data of MNIST: two bytes of 0, a type, a number of extents, which make the size of the file.
inline bool isIdx(const InputFile& file) {
    const std::string_view head = file.head();
    constexpr std::string_view kTypes{"\x08\x09\x0B\x0C\x0D\x0E"};
    constexpr std::array<std::uint64_t, 6> kWidths{1, 1, 2, 4, 4, 8};
    const std::size_t type = kTypes.find(head.size() > 3 ? head[2] : '\0');
    const std::size_t rank = head.size() > 3 ? static_cast<unsigned char>(head[3]) : 0;
    if (type == std::string_view::npos || rank < 1 || rank > 8 || head.size() < 4 + 4 * rank) return false;
    std::uint64_t bytes = kWidths[type];
    for (std::size_t axis = 0; axis < rank; ++axis) {
        std::string extent(head.substr(4 + 4 * axis, 4));
        std::reverse(extent.begin(), extent.end());
        const std::uint64_t size = littleEndian(extent);
        if (size > 0 && bytes > file.size() / size) return false;
        bytes *= size;
    }
    return file.size() == 4 + 4 * rank + bytes;
}

inline bool hasField(const std::vector<ProtobufField>& fields, std::uint64_t number, unsigned wire) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const ProtobufField& f) { return f.number == number && f.wire == wire; });
}
inline bool areWithin(const std::vector<ProtobufField>& fields, std::uint64_t highest) {
    return std::all_of(fields.begin(), fields.end(), [&](const ProtobufField& f) { return f.number <= highest; });
}
inline char firstByte(const InputFile& file, const ProtobufField& field) {
    char byte = 0;
    return field.length > 0 && file.readAt(field.start, {&byte, 1}) == 1 ? byte : '\0';
}

/// ModelProto: 1 version of the form, 7 graph, 8 operator sets.
inline bool isOnnx(const InputFile& file) {
    constexpr std::uint64_t kHighest = 26;
    const std::vector<ProtobufField> fields = protobufFields(file);
    return hasField(fields, 7, 2) && (hasField(fields, 1, 0) || hasField(fields, 8, 2)) && areWithin(fields, kHighest);
}
/// SavedModel: 1 version of the schema, 2 graphs.
inline bool isSavedModel(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return fields.size() >= 2 && hasField(fields, 1, 0) && hasField(fields, 2, 2) && areWithin(fields, 2);
}
/// Model: 1 version, 2 description, from 200 on the kinds of models.
inline bool isCoreMl(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return hasField(fields, 1, 0) && hasField(fields, 2, 2) &&
           std::any_of(fields.begin(), fields.end(), [](const ProtobufField& f) { return f.number >= 200; });
}
/// NetParameter: 1 name, 100 layers (2 in older files).
inline bool isCaffe(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return !fields.empty() && (hasField(fields, 100, 2) || (hasField(fields, 1, 2) && hasField(fields, 2, 2))) &&
           firstByte(file, fields.front()) != '\n';
}
/// GraphDef: 1 nodes (each begins with its name), 2 library, 4 versions.
inline bool isGraphDef(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return !fields.empty() && fields.front().number == 1 && fields.front().wire == 2 &&
           firstByte(file, fields.front()) == '\n' && areWithin(fields, 5);
}
inline bool isCheckpointIndex(const InputFile& file) {
    constexpr std::string_view kMagic = "\x57\xFB\x80\x8B\x24\x75\x47\xDB";  // ends the tables of LevelDB
    std::string end(kMagic.size(), '\0');
    return file.size() > 48 && file.readAt(file.size() - kMagic.size(), end) == end.size() && end == kMagic;
}

/// What may be a protocol buffer: field 1, or 100 in two bytes.
inline Match mayBeProtobuf(std::string_view head) {
    return head.starts_with('\x08') || head.starts_with('\n') || head.starts_with("\xA2\x06") ||
                   head.starts_with('\x12') || head.starts_with('\x3A')
               ? Match::Possible
               : Match::No;
}
inline Match mayBeAnything(std::string_view head) { return head.empty() ? Match::No : Match::Possible; }

inline bool isGraphModel(ModelFile& file) {
    const Value* format = file.member("format");
    return format != nullptr && *format == Value("graph-model");
}
inline bool isMxnet(ModelFile& file) { return file.member("arg_nodes") != nullptr && file.member("heads") != nullptr; }

}  // namespace shapewise::io::unread
