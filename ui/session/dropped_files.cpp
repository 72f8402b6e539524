// Of FileController: files that were dropped or chosen for data, looked at on a thread of its own.

#include "core/edit/builders.h"
#include "core/io/data/data_files.h"
#include "ui/base/qt_text.h"
#include "ui/base/threads.h"
#include "ui/session/document_model.h"
#include "ui/session/file_controller.h"
#include "ui/session/file_text.h"

#include <QDir>
#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <utility>

namespace shapewise::ui {

namespace {

constexpr double kDropSpacing = 184.0;  // scene units between nodes of several dropped files

}  // namespace

void FileController::askForData(NodeId node, const QString& parameter) {
    const graph::Node* present = document_->graph().find(node);
    if (present == nullptr || !dialogs_.open) return;
    const Value* path = present->setting(ParamKey::of(parameter.toStdString()));
    const QString before = path != nullptr && path->isText() ? toQString(path->asText()) : QString();
    const QString folder =
        before.isEmpty() ? document_->folder() : QFileInfo(QDir(document_->folder()).filePath(before)).absolutePath();
    dialogs_.open(folder, [this, self = QPointer<FileController>(this), node, parameter](const QString& chosen) {
        if (self == nullptr || chosen.isEmpty()) return;
        const graph::Node* still = document_->graph().find(node);
        if (still == nullptr || still->type->param(parameter.toStdString()) == nullptr) return;
        edit::Edit choice = edit::setParameter(node, parameter.toStdString(), Value(chosen.toStdString()));
        fileChoice_.perform(document_, std::move(choice), {node});
    });
}

void FileController::drop(const QStringList& paths, const QPointF& place) { look(paths, place); }

FileController::Found FileController::lookAt(const QString& path, const graph::Graph& graph) {
    Found found{path, nullptr, std::nullopt};
    try {
        if (QFileInfo(path).isDir()) {  // of data files: one batch
            found.node = io::makeDataNode(nativePath(QFileInfo(path).absoluteFilePath()), graph.nextId(), graph);
            return found;
        }
        Result<std::shared_ptr<const io::InputFile>> file =
            io::InputFile::open(nativePath(QFileInfo(path).absoluteFilePath()));
        if (!file) return found;  // the reader of models names the file and the cause
        found.file = *file;
        if (io::holdsData(*found.file)) found.node = io::makeDataNode(found.file, graph.nextId(), graph);
    } catch (const std::exception& problem) {
        found.node = failure(std::string("The file could not be read: ") + problem.what());
    }
    return found;
}

void FileController::look(const QStringList& paths, const QPointF& place) {
    ++looks_;
    looking_ = ++requests_;
    const QString name = paths.size() == 1 ? QFileInfo(paths.front()).fileName() : tr("%1 files").arg(paths.size());
    setWork(tr("Opening %1").arg(name));
    runOn(pool_, [this, paths, place, request = looking_, document = documents_, graph = document_->graph()] {
        auto files = std::make_shared<std::vector<Found>>();
        for (const QString& path : paths) files->push_back(lookAt(path, graph));
        callOn(this, [this, files, place, request, document] {
            --looks_;
            if (!isOpening() && !isWriting()) setWork(QString());
            takeFound(std::move(*files), place, request, document);
        });
    });
}

void FileController::takeFound(std::vector<Found> files, const QPointF& place, quint64 request, quint64 document) {
    const auto firstData =
        std::stable_partition(files.begin(), files.end(), [](const Found& found) { return !found.node.has_value(); });
    if (firstData == files.end()) {
        if (request == looking_) openModel(files.back());
        return;
    }
    files.erase(files.begin(), firstData);
    if (document == documents_) addDataNodes(files, place);  // else: dropped on one that is gone
}

void FileController::addDataNodes(const std::vector<Found>& files, const QPointF& place) {
    document_->closeGroups(document_->openPath().size());  // data come from outside
    edit::Edit edit;
    std::vector<NodeId> added;
    QPointF at = place;
    QStringList failures;
    QString advice;
    QString name;
    graph::Graph graph = document_->graph();  // grows with each file, so that names and ids are free
    for (const Found& file : files) {
        if (!*file.node) {
            failures += failureText(file.node->error(), file.path);
            advice = toQString(file.node->error().advice);
            continue;
        }
        const std::shared_ptr<graph::Node> node = **file.node;
        node->id = graph.nextId();
        if (graph.findByName(node->name) != nullptr) node->name = graph.freeName(node->name);
        graph.put(node);
        added.push_back(node->id);
        name = QFileInfo(file.path).fileName();
        edit.steps.emplace_back(edit::AddNode{node, {at.x(), at.y(), false}});
        at += QPointF(0.0, kDropSpacing);
    }
    if (!edit.steps.empty()) {
        edit.label = tr("Add %1").arg(added.size() == 1 ? name : tr("Data Files")).toStdString();
        if (document_->perform(edit)) Q_EMIT nodesAdded(added);
    }
    // Last, so that what came in does not take away why the rest did not.
    if (!failures.isEmpty()) Q_EMIT failed(failures.join(QChar(u'\n')), failures.size() == 1 ? advice : QString());
}

}  // namespace shapewise::ui
