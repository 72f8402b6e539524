#include "ui/diagnostics/diagnostics_model.h"

#include "ui/base/wording.h"
#include "ui/session/document_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QIcon>

#include <algorithm>

namespace shapewise::ui {
namespace {

/// True when the buttons made for one do for the other.
bool sameRow(const diag::Diagnostic& a, const diag::Diagnostic& b) {
    return a.key == b.key && a.code == b.code && a.severity == b.severity &&
           std::equal(a.fixes.begin(), a.fixes.end(), b.fixes.begin(), b.fixes.end(),
                      [](const diag::Fix& x, const diag::Fix& y) { return x.id == y.id && x.title == y.title; });
}

}  // namespace

DiagnosticsModel::DiagnosticsModel(QObject* parent) : QAbstractTableModel(parent) {
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, [this] {
        if (!rows_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        Q_EMIT countsChanged(counts());
    });
}

void DiagnosticsModel::setDocument(DocumentModel* document) {
    if (document_ != nullptr) document_->disconnect(this);
    document_ = document;
    connect(document_, &DocumentModel::diagnosticsChanged, this, &DiagnosticsModel::refresh);
    beginResetModel();
    rows_ = document_->diagnostics();
    endResetModel();
    Q_EMIT rebuilt();
    Q_EMIT countsChanged(counts());
}

void DiagnosticsModel::refresh() {
    const std::vector<diag::Diagnostic>& now = document_->diagnostics();
    if (std::equal(now.begin(), now.end(), rows_.begin(), rows_.end(), sameRow)) {
        rows_ = now;
        if (!rows_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    rows_ = now;
    endResetModel();
    Q_EMIT rebuilt();
    Q_EMIT countsChanged(counts());
}

int DiagnosticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int DiagnosticsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int{ColumnCount}; }

const diag::Diagnostic* DiagnosticsModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &rows_[static_cast<std::size_t>(row)] : nullptr;
}

ProblemCounts DiagnosticsModel::counts() const {
    ProblemCounts counts;
    for (const diag::Diagnostic& row : rows_) {
        if (row.severity == diag::Severity::Error)
            ++counts.errors;
        else if (row.severity == diag::Severity::Warning)
            ++counts.warnings;
        else
            ++counts.hints;
    }
    return counts;
}

QString DiagnosticsModel::whereText(const diag::Diagnostic& diagnostic) const {
    const QString node = document_->nodeName(diagnostic.node);
    const QString from = document_->nodeName(diagnostic.from);
    return from.isEmpty() ? node : QStringLiteral("%1 → %2").arg(from, node);
}

QString DiagnosticsModel::fullText(const diag::Diagnostic& diagnostic) const {
    QStringList lines{shown(diagnostic.title)};
    if (!diagnostic.wanted.empty()) lines += tr("wanted %1").arg(shown(diagnostic.wanted));
    if (!diagnostic.got.empty()) lines += tr("got %1").arg(shown(diagnostic.got));
    if (!diagnostic.why.empty()) lines += shown(diagnostic.why);
    if (const QString sure = toQString(renderer().sureness(diagnostic)); !sure.isEmpty()) lines += sure;
    for (const diag::Fix& fix : diagnostic.fixes) {
        const QString title = shown(fix.title);
        lines +=
            fix.outputShape ? tr("repair: %1 → %2").arg(title, shown(*fix.outputShape)) : tr("repair: %1").arg(title);
    }
    return lines.join(QChar(u'\n'));
}

QVariant DiagnosticsModel::text(const diag::Diagnostic& diagnostic, int column) const {
    switch (column) {
        case Severity: return severityText(diagnostic.severity);
        case Where: return whereText(diagnostic);
        case Message: return toQString(renderer().message(diagnostic));
        default: return {};
    }
}

QVariant DiagnosticsModel::data(const QModelIndex& index, int role) const {
    const diag::Diagnostic* row = at(index.row());
    if (row == nullptr) return {};
    switch (role) {
        case Qt::DisplayRole: return text(*row, index.column());
        case Qt::ToolTipRole: return fullText(*row);
        case Qt::DecorationRole: return index.column() == Severity ? severityIcon(row->severity) : QVariant();
        case Qt::FontRole:
            if (index.column() == Severity) return boldFont();
            return index.column() == Where ? fixedFont() : QVariant();
        case Qt::AccessibleTextRole:
            return QStringLiteral("%1: %2").arg(severityText(row->severity), toQString(renderer().message(*row)));
        default: return {};
    }
}

QVariant DiagnosticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Severity: return tr("Severity");
        case Where: return tr("Where");
        case Message: return tr("Message");
        case Repairs: return tr("Repairs");
        default: return {};
    }
}

QString severityText(diag::Severity severity) {
    switch (severity) {
        case diag::Severity::Error: return QCoreApplication::translate("Severity", "error");
        case diag::Severity::Warning: return QCoreApplication::translate("Severity", "warning");
        case diag::Severity::Hint: break;
    }
    return QCoreApplication::translate("Severity", "hint");
}

QColor severityColor(diag::Severity severity) {
    switch (severity) {
        case diag::Severity::Error: return tokens().error;
        case diag::Severity::Warning: return tokens().warning;
        case diag::Severity::Hint: break;
    }
    return tokens().info;
}

QIcon severityIcon(diag::Severity severity) {
    switch (severity) {
        case diag::Severity::Error: return icon(QStringLiteral("error"), severityColor(severity));
        case diag::Severity::Warning: return icon(QStringLiteral("warning"), severityColor(severity));
        case diag::Severity::Hint: break;
    }
    return icon(QStringLiteral("hint"), severityColor(severity));
}

}  // namespace shapewise::ui
