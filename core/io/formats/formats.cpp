#include "core/io/formats/format.h"

#include "core/io/formats/unread_formats.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace shapewise::io {

// One line per format that is read. Each name is a function that gives the row, beside the functions the row holds.
// Between models and data stand the rows of what is known and not read. Sound comes last: libsndfile is asked about any
// file that is nothing else.
#define SHAPEWISE_MODEL_FORMATS(FORMAT) \
    FORMAT(projectFormat)               \
    FORMAT(kerasJsonFormat)
#define SHAPEWISE_DATA_FORMATS(FORMAT) \
    FORMAT(npyFormat)                  \
    FORMAT(pictureFormat)              \
    FORMAT(soundFormat)

#define SHAPEWISE_DECLARE(name) Format name();
SHAPEWISE_MODEL_FORMATS(SHAPEWISE_DECLARE)
SHAPEWISE_DATA_FORMATS(SHAPEWISE_DECLARE)
#undef SHAPEWISE_DECLARE

FormatTable formats() {
#define SHAPEWISE_ROW(name) name(),
    static const std::vector<Format> kTable = [] {
        std::vector<Format> table{SHAPEWISE_MODEL_FORMATS(SHAPEWISE_ROW)};
        const std::vector<Format> unread = unreadFormats();
        table.insert(table.end(), unread.begin(), unread.end());
        const std::array data{SHAPEWISE_DATA_FORMATS(SHAPEWISE_ROW)};
        table.insert(table.end(), data.begin(), data.end());
        return table;
    }();
#undef SHAPEWISE_ROW
    return kTable;
}

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

const Format* formatFor(const std::filesystem::path& path, FormatTable table, bool (*writes)(const Format&)) {
    const std::string suffix = path.extension().string();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Format& format) { return format.suffix == suffix && writes(format); });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace

Match matchJson(std::string_view head) {
    if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
    const std::size_t start = head.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return head.size() < InputFile::kHeadBytes ? Match::No : Match::Possible;
    return std::string_view("{[\"").find(head[start]) != std::string_view::npos ? Match::Possible : Match::No;
}

bool holdsData(const InputFile& file, FormatTable table) {
    if (file.head().empty()) return false;
    for (const Format& format : table) {
        if (format.match(file.head()) == Match::No) continue;
        const UnreadFormat* unread = format.unread();
        if (unread != nullptr && unread->looks != nullptr && !unread->looks(file)) continue;
        return format.data() != nullptr;
    }
    return false;
}

bool UnreadFormat::isFormatOf(ModelFile& file) const {
    return (holds == nullptr || holds(file)) && (looks == nullptr || looks(file.input()));
}

const Format* unreadFormatOf(ModelFile& file, FormatTable table) {
    for (const Format& format : table) {
        const Match match = format.match(file.head());
        if (match == Match::No) continue;
        if (format.data() != nullptr && match == Match::Certain) return nullptr;
        if (format.model() != nullptr && format.model()->holds != nullptr && format.model()->holds(file))
            return nullptr;
        if (format.unread() != nullptr && format.unread()->isFormatOf(file)) return &format;
    }
    return nullptr;
}

Error unreadError(const UnreadFormat& format, std::string_view subject) {
    return {fmt::format("{} is {}, and such files are not read", subject, format.what), std::string(format.advice), {}};
}

const Format* modelFormatFor(const std::filesystem::path& path, FormatTable table) {
    return formatFor(path, table, [](const Format& f) { return f.model() != nullptr && f.model()->write != nullptr; });
}

const Format* dataFormatFor(const std::filesystem::path& path, FormatTable table) {
    return formatFor(path, table, [](const Format& f) { return f.data() != nullptr && f.data()->write != nullptr; });
}

}  // namespace shapewise::io
