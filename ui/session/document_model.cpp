#include "ui/session/document_model.h"

#include "core/edit/inside.h"
#include "ui/base/qt_text.h"

#include <QFileInfo>

#include <algorithm>
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
        Q_EMIT refused(toQString(change.error().text()));
        return false;
    }
    announce(*change);
    return true;
}

bool DocumentModel::applyFix(const diag::Fix& fix) {
    if (!fix.file) {
        const edit::Edit edit = fix.edit;
        return perform(edit);
    }
    Q_EMIT fileWanted(fix.file->node, toQString(fix.file->parameter));
    return true;
}

void DocumentModel::replace(graph::Project project, const QString& filePath, const infer::Analysis* known,
                            bool isSaved) {
    Q_EMIT aboutToReplace();
    filePath_ = filePath;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.replace(std::move(project), known);
    if (!isSaved) document_.markUnsaved();
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

void DocumentModel::markUnsaved() {
    document_.markUnsaved();
    Q_EMIT historyChanged();
}

void DocumentModel::endSave(const QString& filePath) {
    document_.endSave(!filePath.isEmpty());
    if (filePath.isEmpty()) return;
    const bool moved = filePath_ != filePath;
    filePath_ = filePath;
    Q_EMIT historyChanged();
    if (moved) Q_EMIT filePathChanged(filePath_);
}

QString DocumentModel::folder() const { return filePath_.isEmpty() ? QString() : QFileInfo(filePath_).absolutePath(); }

QString DocumentModel::undoText() const {
    return canUndo() ? tr("Undo %1").arg(toQString(document_.history().undoLabel())) : tr("Undo");
}

QString DocumentModel::redoText() const {
    return canRedo() ? tr("Redo %1").arg(toQString(document_.history().redoLabel())) : tr("Redo");
}

QString DocumentModel::nodeName(NodeId id) const {
    const graph::Node* node = graph().find(id);
    return node == nullptr ? QString() : toQString(node->name);
}

QStringList DocumentModel::openNames() const {
    QStringList names;
    const graph::Graph* graph = &whole().graph;
    for (const NodeId id : openPath()) {
        const graph::Node* node = graph->find(id);
        if (node == nullptr || node->body == nullptr) break;
        names += toQString(node->name);
        graph = node->body.get();
    }
    return names;
}

bool DocumentModel::opens(NodeId id) const {
    const graph::Node* node = graph().find(id);
    return node != nullptr && edit::holdsModel(*node);
}

bool DocumentModel::openGroup(NodeId id) {
    std::vector<NodeId> path = openPath();
    path.push_back(id);
    const std::size_t depth = path.size();
    show(std::move(path), NodeId());
    return openPath().size() == depth;
}

void DocumentModel::closeGroups(std::size_t levels) {
    std::vector<NodeId> path = openPath();
    if (path.empty() || levels == 0) return;
    const std::size_t kept = path.size() - std::min(levels, path.size());
    const NodeId left = path[kept];
    path.resize(kept);
    show(std::move(path), left);
}

void DocumentModel::show(std::vector<NodeId> path, NodeId left) {
    const Result<session::Change> change = document_.open(std::move(path));
    if (!change) {
        Q_EMIT refused(toQString(change.error().text()));
        return;
    }
    announce(*change);
    if (change->reopened) Q_EMIT groupChanged(left);
}

void DocumentModel::undo() {
    if (!canUndo()) return;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.undo();
    lastChangeDuration_ = Clock::now() - start;
    announce(change);
    if (change.reopened) Q_EMIT groupChanged(NodeId());
}

void DocumentModel::redo() {
    if (!canRedo()) return;
    const Clock::time_point start = Clock::now();
    const session::Change change = document_.redo();
    lastChangeDuration_ = Clock::now() - start;
    announce(change);
    if (change.reopened) Q_EMIT groupChanged(NodeId());
}

void DocumentModel::announce(const session::Change& change) {
    Q_EMIT changed(change);
    Q_EMIT historyChanged();
    if (change.replaced && !change.reopened) Q_EMIT groupChanged(NodeId());
    const bool onlyMoved = !change.replaced && change.touched.nodes.empty() && !change.touched.wiring &&
                           !change.touched.dismissals && change.inferred.empty();
    if (!onlyMoved) diagnosticsTimer_.start();
}

}  // namespace shapewise::ui
