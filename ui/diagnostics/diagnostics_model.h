#pragma once
// DiagnosticsModel: the problems of the document as a table: severity, where, message, repairs.

#include "core/diag/diagnostic.h"

#include <QAbstractTableModel>

#include <vector>

namespace shapewise::ui {

class DocumentModel;

/// How many problems of each kind there are.
struct ProblemCounts {
    int errors = 0;
    int warnings = 0;
    int hints = 0;
    [[nodiscard]] int all() const { return errors + warnings + hints; }
};

class DiagnosticsModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { Severity, Where, Message, Repairs, ColumnCount };
    explicit DiagnosticsModel(QObject* parent = nullptr);
    /// Lists the problems of that document from now on.
    void setDocument(DocumentModel* document);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Null when there is no such row.
    [[nodiscard]] const diag::Diagnostic* at(int row) const;
    [[nodiscard]] ProblemCounts counts() const;
    /// "conv1d → conv2d", or the node alone.
    [[nodiscard]] QString whereText(const diag::Diagnostic& diagnostic) const;
    /// The problem with everything known of it, one part a line: for the clipboard and tooltips.
    [[nodiscard]] QString fullText(const diag::Diagnostic& diagnostic) const;

  Q_SIGNALS:
    /// Rows are others, or repairs of a row are: buttons have to be made anew.
    void rebuilt();
    void countsChanged(const shapewise::ui::ProblemCounts& counts);

  private:
    void refresh();
    [[nodiscard]] QVariant text(const diag::Diagnostic& diagnostic, int column) const;

    DocumentModel* document_ = nullptr;
    std::vector<diag::Diagnostic> rows_;
};

/// "error", "warning", "hint" in the language of the window.
[[nodiscard]] QString severityText(diag::Severity severity);
/// Octagon, triangle or i in the colour of the severity.
[[nodiscard]] QIcon severityIcon(diag::Severity severity);
[[nodiscard]] QColor severityColor(diag::Severity severity);

}  // namespace shapewise::ui
