#include "core/io/formats/protobuf_fields.h"

#include <optional>
#include <string>

namespace shapewise::io {

namespace {

constexpr std::size_t kMostFields = 64;

/// Seven bits a byte, the lowest first.
std::optional<std::uint64_t> varint(const InputFile& file, std::uint64_t& at) {
    std::string bytes(10, '\0');
    bytes.resize(file.readAt(at, bytes));
    std::uint64_t value = 0;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        const auto byte = static_cast<unsigned char>(bytes[index]);
        value |= std::uint64_t{byte & 0x7FU} << (7 * index);
        if ((byte & 0x80U) != 0) continue;
        at += index + 1;
        return value;
    }
    return std::nullopt;
}

}  // namespace

std::vector<ProtobufField> protobufFields(const InputFile& file) {
    std::vector<ProtobufField> fields;
    for (std::uint64_t at = 0; at < file.size() && fields.size() < kMostFields;) {
        const std::optional<std::uint64_t> tag = varint(file, at);
        if (!tag || *tag >> 3U == 0) return {};
        ProtobufField field{*tag >> 3U, static_cast<unsigned>(*tag & 7U), at, 0};
        if (field.wire == 0 || field.wire == 2) {
            const std::optional<std::uint64_t> value = varint(file, at);
            if (!value) return {};
            field.length = *value;
            field.start = at;
            if (field.wire == 2) {
                if (field.length > file.size() - at) return {};
                at += field.length;
            }
        } else if (field.wire == 1 || field.wire == 5) {
            at += field.wire == 1 ? 8 : 4;
        } else {
            return {};
        }
        fields.push_back(field);
    }
    return fields;
}

}  // namespace shapewise::io
