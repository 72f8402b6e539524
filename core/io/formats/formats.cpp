#include "core/io/formats/format.h"

#include <algorithm>

namespace shapewise::io {

// One line per format. Each name is a function that gives the row, beside the functions the row holds. Sound comes
// last: libsndfile is asked about any file that is nothing else.
#define SHAPEWISE_FORMATS(FORMAT)      \
    FORMAT(projectFormat)              \
    FORMAT(kerasJsonFormat)            \
    FORMAT(tensorFlowGraphModelFormat) \
    FORMAT(hdf5Format)                 \
    FORMAT(zipFormat)                  \
    FORMAT(npyFormat)                  \
    FORMAT(pictureFormat)              \
    FORMAT(soundFormat)

#define SHAPEWISE_DECLARE(name) Format name();
SHAPEWISE_FORMATS(SHAPEWISE_DECLARE)
#undef SHAPEWISE_DECLARE

FormatTable formats() {
#define SHAPEWISE_ROW(name) name(),
    static const Format kTable[] = {SHAPEWISE_FORMATS(SHAPEWISE_ROW)};
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
    for (const Format& format : table)
        if (format.match(file.head()) != Match::No) return format.data() != nullptr;
    return false;
}

const Format* modelFormatFor(const std::filesystem::path& path, FormatTable table) {
    return formatFor(path, table, [](const Format& f) { return f.model() != nullptr && f.model()->write != nullptr; });
}

const Format* dataFormatFor(const std::filesystem::path& path, FormatTable table) {
    return formatFor(path, table, [](const Format& f) { return f.data() != nullptr && f.data()->write != nullptr; });
}

}  // namespace shapewise::io
