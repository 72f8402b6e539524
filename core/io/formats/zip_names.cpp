#include "core/io/formats/zip_names.h"

#include <algorithm>

namespace shapewise::io {

namespace {

constexpr std::size_t kMostNames = 4096;
constexpr std::size_t kEndBytes = 22;        // of the record at the end, behind which a comment may stand
constexpr std::size_t kDirectoryBytes = 46;  // of an entry in front of its name

std::uint64_t numberIn(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t index = count; index-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + index]);
    return value;
}

std::vector<std::string> firstName(const InputFile& file) {
    constexpr std::size_t kLocalBytes = 30;
    const std::string_view head = file.head();
    if (head.size() < kLocalBytes || !head.starts_with("PK\x03\x04")) return {};
    return {std::string(head.substr(kLocalBytes, static_cast<std::size_t>(numberIn(head, 26, 2))))};
}

}  // namespace

std::vector<std::string> zipNames(const InputFile& file) {
    constexpr std::uint64_t kMostTail = kEndBytes + 65535;
    const std::uint64_t from = file.size() > kMostTail ? file.size() - kMostTail : 0;
    std::string tail(static_cast<std::size_t>(file.size() - from), '\0');
    tail.resize(file.readAt(from, tail));
    const std::size_t end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos || end + kEndBytes > tail.size()) return firstName(file);
    constexpr std::uint64_t kLongestDirectory = std::uint64_t{1} << 24;
    std::string directory(static_cast<std::size_t>(std::min(numberIn(tail, end + 12, 4), kLongestDirectory)), '\0');
    directory.resize(file.readAt(numberIn(tail, end + 16, 4), directory));
    std::vector<std::string> names;
    for (std::size_t at = 0; at + kDirectoryBytes <= directory.size() && names.size() < kMostNames;) {
        if (std::string_view(directory).substr(at, 4) != "PK\x01\x02") break;
        const auto length = static_cast<std::size_t>(numberIn(directory, at + 28, 2));
        names.push_back(directory.substr(at + kDirectoryBytes, length));
        at += kDirectoryBytes + length + static_cast<std::size_t>(numberIn(directory, at + 30, 2)) +
              static_cast<std::size_t>(numberIn(directory, at + 32, 2));
    }
    return names.empty() ? firstName(file) : names;
}

}  // namespace shapewise::io
