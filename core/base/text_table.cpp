#include "core/base/text_table.h"

#include <algorithm>
#include <cassert>

namespace shapewise {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kGap = "  ";

bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// C0, DEL, and C1 (U+0080..U+009F), which terminals obey too.
bool isControl(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F) return true;
    return byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
}

std::string padded(const std::string& text, std::size_t width, TextTable::Align align) {
    const std::string space(width - std::min(width, displayWidth(text)), ' ');
    return align == TextTable::Align::Left ? text + space : space + text;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!isControl(text, at)) {
            shown += text[at];
            continue;
        }
        shown += kReplacement;
        if (static_cast<unsigned char>(text[at]) == 0xC2) ++at;
    }
    return shown;
}

std::size_t displayWidth(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !isContinuation(byte); }));
}

std::string shortened(std::string_view text, std::size_t most) {
    if (displayWidth(text) <= most) return std::string(text);
    std::size_t columns = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        if (!isContinuation(text[end]) && ++columns == most) break;
        ++end;
    }
    return std::string(text.substr(0, end)) + "…";
}

void TextTable::add(std::vector<std::string> cells) {
    assert(cells.size() == columns_.size());
    for (std::size_t column = 0; column < cells.size(); ++column)
        cells[column] = shortened(printable(cells[column]), columns_[column].most);
    rows_.push_back(std::move(cells));
}

void TextTable::addRule() { rows_.emplace_back(); }

std::string TextTable::text() const {
    if (rows_.empty()) return {};
    std::vector<std::size_t> widths;
    for (const Column& column : columns_) widths.push_back(displayWidth(column.title));
    for (const std::vector<std::string>& row : rows_)
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], displayWidth(row[column]));
    std::size_t total = kGap.size() * (widths.size() - 1);
    for (const std::size_t width : widths) total += width;
    std::string rule;
    for (std::size_t column = 0; column < total; ++column) rule += "─";
    std::string text;
    const auto line = [&](const auto& cellOf) {
        std::string cells;
        for (std::size_t column = 0; column < columns_.size(); ++column)
            cells +=
                (column == 0 ? "" : std::string(kGap)) + padded(cellOf(column), widths[column], columns_[column].align);
        cells.erase(cells.find_last_not_of(' ') + 1);
        text += cells + "\n";
    };
    line([&](std::size_t column) { return columns_[column].title; });
    text += rule + "\n";
    for (const std::vector<std::string>& row : rows_) {
        if (row.empty())
            text += rule + "\n";
        else
            line([&](std::size_t column) { return row[column]; });
    }
    return text;
}

}  // namespace shapewise
