#include "ui/document/document_model.h"

#include <QFileInfo>

#include <utility>

namespace shapewise::ui {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

DocumentModel::DocumentModel(QObject* parent) : QObject(parent) {
    diagnosticsTimer_.setSingleShot(true);
    diagnosticsTimer_.setInterval(0);
    connect(&diagnosticsTimer_, &QTimer::timeout, this, &DocumentModel::diagnosticsChanged);
}

bool DocumentModel::perform(const edit::Edit& edit) {
    const Clock::time_point start = Clock::now();
    const Result<session::Change> change = document_.perform(edit);
    lastChangeDuration_ = Clock::now() - start;
    if (!change) {
        Q_EMIT refused(QString::fromStdString(change.error().text()));
        return false;
    }
    announce(*change);
    return true;
}

bool DocumentModel::applyFix(diag::Fix fix) {
    return perform(fix.edit);
}

void DocumentModel::replace(graph::Project project, const QString& filePath) {
    filePath_ = filePath;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.replace(std::move(project));
    lastChangeDuration_ = Clock::now() - start;
    announce(change);
    Q_EMIT filePathChanged(filePath_);
}

void DocumentModel::markSaved(const QString& filePath) {
    const bool moved = filePath_ != filePath;
    filePath_ = filePath;
    document_.markSaved();
    Q_EMIT historyChanged();
    if (moved) Q_EMIT filePathChanged(filePath_);
}

void DocumentModel::endSave(const QString& filePath) {
    document_.endSave(!filePath.isEmpty());
    if (filePath.isEmpty()) return;
    const bool moved = filePath_ != filePath;
    filePath_ = filePath;
    Q_EMIT historyChanged();
    if (moved) Q_EMIT filePathChanged(filePath_);
}

QString DocumentModel::folder() const {
    return filePath_.isEmpty() ? QString() : QFileInfo(filePath_).absolutePath();
}

QString DocumentModel::undoText() const {
    return canUndo() ? tr("Undo %1").arg(QString::fromStdString(document_.history().undoLabel())) : tr("Undo");
}

QString DocumentModel::redoText() const {
    return canRedo() ? tr("Redo %1").arg(QString::fromStdString(document_.history().redoLabel())) : tr("Redo");
}

QString DocumentModel::nodeName(NodeId id) const {
    const graph::Node* node = graph().find(id);
    return node == nullptr ? QString() : QString::fromStdString(node->name);
}

void DocumentModel::undo() {
    if (!canUndo()) return;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.undo();
    lastChangeDuration_ = Clock::now() - start;
    announce(change);
}

void DocumentModel::redo() {
    if (!canRedo()) return;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.redo();
    lastChangeDuration_ = Clock::now() - start;
    announce(change);
}

void DocumentModel::announce(const session::Change& change) {
    Q_EMIT changed(change);
    Q_EMIT historyChanged();
    const bool onlyMoved = !change.replaced && change.touched.nodes.empty() && !change.touched.wiring &&
                           !change.touched.dismissals && change.inferred.empty();
    if (!onlyMoved) diagnosticsTimer_.start();
}

}  // namespace shapewise::ui
