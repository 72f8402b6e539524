#include "core/io/formats/text_tables.h"

#include "core/io/files/input_file.h"

#include <algorithm>
#include <vector>

namespace shapewise::io {

namespace {

bool isText(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

std::vector<std::string_view> fieldsOf(std::string_view line, char separator) {
    std::vector<std::string_view> fields;
    const auto trimmed = [](std::string_view text) {
        const std::size_t start = text.find_first_not_of(" \t\r\"");
        if (start == std::string_view::npos) return std::string_view();
        return text.substr(start, text.find_last_not_of(" \t\r\"") - start + 1);
    };
    while (true) {
        const std::size_t end = line.find(separator);
        const std::string_view field = trimmed(line.substr(0, end));
        if (separator != ' ' || !field.empty()) fields.push_back(field);  // several blanks are one
        if (end == std::string_view::npos) return fields;
        line.remove_prefix(end + 1);
    }
}

/// Nothing stands for a number that is missing.
bool isNumber(std::string_view field) {
    if (field.empty() || field == "nan" || field == "NaN" || field == "inf" || field == "-inf") return true;
    return field.find_first_of("0123456789") != std::string_view::npos &&
           field.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

}  // namespace

Match matchTable(std::string_view head, char separator, TableColumns columns) {
    if (!isText(head) || head.find_first_of("{[<@") == 0) return Match::No;
    constexpr int kLines = 6;
    const std::size_t fewest = separator == ' ' && columns == TableColumns::AllNumbers ? 1 : 2;
    std::size_t count = 0;
    int lines = 0;
    while (lines < kLines && !head.empty()) {
        const std::size_t end = head.find('\n');
        const std::string_view line = head.substr(0, end);
        const bool isWhole = end != std::string_view::npos || lines == 0 || head.size() < InputFile::kHeadBytes / 2;
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
        if (!isWhole || line.starts_with('#') || line.find_first_not_of(" \r") == std::string_view::npos) continue;
        const std::vector<std::string_view> fields = fieldsOf(line, separator);
        const auto numbers = static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), isNumber));
        if (fields.size() < fewest || (lines > 0 && fields.size() != count)) return Match::No;
        count = fields.size();
        const bool mayBeNames = lines == 0 && count > 1;
        const std::size_t needed = columns == TableColumns::AllNumbers ? count : 1;
        if (!mayBeNames && numbers < needed) return Match::No;
        ++lines;
    }
    return lines >= 2 ? Match::Certain : Match::No;
}

Match matchJsonNumbers(std::string_view head) {
    return head.starts_with('[') && head.find_first_of("0123456789") != std::string_view::npos &&
                   head.find_first_not_of("0123456789+-.eE,[] \t\r\n") == std::string_view::npos
               ? Match::Certain
               : Match::No;
}

}  // namespace shapewise::io
