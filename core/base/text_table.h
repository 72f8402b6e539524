#pragma once
// Aligned columns for a terminal.

#include <string>
#include <string_view>
#include <vector>

namespace shapewise {

/// For one line of a terminal: control characters (an escape sequence in a layer's name) become �.
[[nodiscard]] std::string printable(std::string_view text);
/// Columns a text takes: one for each code point.
[[nodiscard]] std::size_t displayWidth(std::string_view text);
/// At most `most` columns, "…" at the end when it was longer.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

class TextTable {
  public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
        std::size_t most = 48;  ///< columns; longer cells are shortened
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// Precondition: as many cells as columns.
    void add(std::vector<std::string> cells);
    /// A line across, before the next row.
    void addRule();
    /// Each line ends with \n; no spaces at the ends of lines. Nothing without rows.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;  ///< an empty row is a rule
};

}  // namespace shapewise
