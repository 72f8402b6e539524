#pragma once
// Formulas of the documentation as rich text: fractions, roots, sums, indices and powers in Unicode, without TeX.

#include <QString>

class QTextDocument;

namespace shapewise::ui {

/// The subset of TeX that the catalogue uses: \frac \sqrt \sum, Greek letters, _ and ^, \lfloor … \rceil, comparisons.
/// Names of several letters stand upright. A command that is not known is written as its name.
[[nodiscard]] QString formulaHtml(const QString& tex);

/// Markdown, with what stands between dollar signs drawn as formulas.
void setMarkdownWithFormulas(QTextDocument& document, const QString& markdown);

}  // namespace shapewise::ui
