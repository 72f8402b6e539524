#include "ui/shell/file_controller.h"

#include "core/io/data_files.h"
#include "ui/document/document_model.h"
#include "ui/document/qt_text.h"
#include "ui/shell/settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <filesystem>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kDropSpacing = 140.0;  // scene units between nodes of several dropped files
constexpr qint64 kProbedBytes = 64;

std::filesystem::path nativePath(const QString& path) {
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

Value const* titleOf(const graph::Project& project) {
    for (const auto& [key, value] : project.properties)
        if (key == "title" && value.isText() && !value.asText().empty()) return &value;
    return nullptr;
}

}  // namespace

bool looksLikeModel(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return true;  // the message of the model reader names the file and the cause
    QByteArray start = file.read(kProbedBytes);
    if (start.isEmpty()) return true;
    if (start.startsWith("\xEF\xBB\xBF")) start.remove(0, 3);
    const QByteArray text = start.trimmed();
    return text.startsWith('{') || text.startsWith('[') || text.startsWith("PK\x03\x04") || text.startsWith("\x89HDF");
}

FileController::FileController(DocumentModel* document, FileDialogs dialogs, QObject* parent)
    : QObject(parent), document_(document), dialogs_(std::move(dialogs)) {
    pool_.setMaxThreadCount(1);
    connect(document, &DocumentModel::filePathChanged, this, &FileController::displayNameChanged);
}

FileController::~FileController() {
    pool_.clear();
    pool_.waitForDone();
}

QString FileController::displayName() const {
    if (!document_->filePath().isEmpty()) return QFileInfo(document_->filePath()).fileName();
    return name_.isEmpty() ? tr("Untitled") : name_;
}

void FileController::setName(const QString& name) {
    name_ = name;
    Q_EMIT displayNameChanged();
}

void FileController::fail(const Error& error, const QString& path) {
    QString message = toQString(error.where.empty() ? error.message : error.where + ": " + error.message);
    const QString name = QFileInfo(path).fileName();
    if (!name.isEmpty() && !message.contains(name)) message = QStringLiteral("%1: %2").arg(name, message);
    Q_EMIT failed(message, toQString(error.advice));
}

void FileController::confirmUnsaved(std::function<void()> next) {
    if (!document_->isModified()) return next();
    dialogs_.unsaved(displayName(), [this, next = std::move(next)](UnsavedAnswer answer) {
        if (answer == UnsavedAnswer::Discard) next();
        if (answer == UnsavedAnswer::Save) saveThen(next);
    });
}

void FileController::newProject() {
    confirmUnsaved([this] {
        cancelOpening();
        name_.clear();
        document_->replace(graph::Project{}, QString());
        Q_EMIT displayNameChanged();
    });
}

void FileController::openWithDialog() {
    dialogs_.open(document_->folder(), [this](const QString& path) { open(path); });
}

void FileController::open(const QString& path) {
    if (!looksLikeModel(path)) {
        addDataNodes({path}, placeForNew_ ? placeForNew_() : QPointF());
        return;
    }
    confirmUnsaved([this, path] {
        const QString absolute = QFileInfo(path).absoluteFilePath();
        read(QFileInfo(path).fileName(), absolute, [native = nativePath(absolute)] { return io::openProject(native); });
    });
}

void FileController::openExample(const QString& resource) {
    QFile file(resource);
    if (!file.open(QIODevice::ReadOnly)) {
        Q_EMIT failed(tr("The example %1 is not part of this build").arg(resource), QString());
        return;
    }
    const std::string text = file.readAll().toStdString();
    confirmUnsaved([this, resource, text] {
        read(QFileInfo(resource).completeBaseName(), QString(),
             [text] { return io::readProject(text, io::exampleFolder()); });
    });
}

void FileController::read(const QString& name, const QString& path, Reader reader) {
    opening_ = ++requests_;
    Q_EMIT workChanged(tr("Opening %1").arg(name));
    pool_.start([this, request = opening_, name, path, reader = std::move(reader)] {
        auto result = std::make_shared<Result<io::Opened>>(failure("not read"));
        try {
            *result = reader();
        } catch (const std::bad_alloc&) {
            *result = failure("The file needs more memory than there is", "Close other programs and open it again");
        } catch (const std::exception& problem) {
            *result = failure(std::string("The file could not be read: ") + problem.what());
        }
        QMetaObject::invokeMethod(
            this, [this, request, name, path, result] { take(request, name, path, std::move(*result)); },
            Qt::QueuedConnection);
    });
}

void FileController::cancelOpening() {
    if (opening_ == 0) return;
    opening_ = 0;  // what still comes is not taken
    Q_EMIT workChanged(QString());
}

void FileController::take(quint64 request, const QString& name, const QString& path, Result<io::Opened> result) {
    if (request != opening_) return;
    opening_ = 0;
    Q_EMIT workChanged(QString());
    if (!result) return fail(result.error(), name);
    const Value* title = titleOf(result->project);
    name_ = title != nullptr ? toQString(title->asText()) : name;
    QStringList notes;
    for (const std::string& note : result->notes) notes += toQString(note);
    // A Keras model is not saved over: its first save asks for a name.
    const bool isOurs = !result->fromKeras && !path.isEmpty();
    document_->replace(std::move(result->project), isOurs ? path : QString());
    if (!path.isEmpty()) {
        addRecentFile(path);
        Q_EMIT recentFilesChanged();
    }
    Q_EMIT displayNameChanged();
    Q_EMIT opened(name, notes);
}

void FileController::save() {
    saveThen({});
}

void FileController::saveThen(std::function<void()> next) {
    if (!document_->filePath().isEmpty()) return saveTo(document_->filePath(), std::move(next));
    dialogs_.save(tr("Save Project"), proposal(QStringLiteral("shapewise")), tr("Shapewise project (*.shapewise)"),
                  QStringLiteral("shapewise"), [this, next](const QString& path) { saveTo(path, next); });
}

void FileController::saveAs() {
    dialogs_.save(tr("Save Project As"), proposal(QStringLiteral("shapewise")), tr("Shapewise project (*.shapewise)"),
                  QStringLiteral("shapewise"), [this](const QString& path) { saveTo(path, {}); });
}

void FileController::saveTo(const QString& path, std::function<void()> next) {
    const Result<void> written = io::saveProject(document_->project(), nativePath(path));
    if (!written) return fail(written.error(), path);
    document_->markSaved(QFileInfo(path).absoluteFilePath());
    addRecentFile(path);
    Q_EMIT recentFilesChanged();
    Q_EMIT saved(path);
    if (next) next();
}

QString FileController::proposal(const QString& suffix) const {
    const QString& path = document_->filePath();
    if (!path.isEmpty()) return QFileInfo(path).dir().filePath(QFileInfo(path).completeBaseName() + QChar(u'.') + suffix);
    QString stem = displayName();
    stem.replace(QChar(u'/'), QChar(u'-'));
    return QDir::home().filePath(stem + QChar(u'.') + suffix);
}

void FileController::exportKerasJson() {
    dialogs_.save(tr("Export Keras JSON"), proposal(QStringLiteral("json")), tr("Keras model (*.json)"),
                  QStringLiteral("json"), [this](const QString& path) {
                      const Result<void> written = io::exportKerasJson(document_->project(), nativePath(path));
                      if (!written) return fail(written.error(), path);
                      Q_EMIT saved(path);
                  });
}

void FileController::exportText(const QString& title, const QString& suffix, const QString& filter, const QString& text) {
    exportBytes(title, suffix, filter, text.toUtf8());
}

void FileController::exportBytes(const QString& title, const QString& suffix, const QString& filter,
                                 const QByteArray& bytes) {
    dialogs_.save(title, proposal(suffix), filter, suffix, [this, bytes](const QString& path) {
        const std::string_view content(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        const Result<void> written = io::writeFileAtomically(nativePath(path), content);
        if (!written) return fail(written.error(), path);
        Q_EMIT saved(path);
    });
}

void FileController::drop(const QStringList& paths, const QPointF& place) {
    QStringList data;
    QString model;
    for (const QString& path : paths) {
        if (QFileInfo(path).isDir()) {
            Q_EMIT failed(tr("%1 is a folder").arg(QFileInfo(path).fileName()), tr("Drop the files in it"));
            return;
        }
        if (looksLikeModel(path)) model = path;
        else data += path;
    }
    if (!data.isEmpty()) addDataNodes(data, place);
    else if (!model.isEmpty()) open(model);
}

bool FileController::addDataNodes(const QStringList& paths, const QPointF& place) {
    edit::Edit edit;
    QPointF at = place;
    graph::Graph graph = document_->graph();  // grows with each file, so that names and ids are free
    for (const QString& path : paths) {
        Result<std::shared_ptr<graph::Node>> node =
            io::makeDataNode(nativePath(QFileInfo(path).absoluteFilePath()), graph.nextId(), graph);
        if (!node) {
            fail(node.error(), path);
            continue;
        }
        graph.put(*node);
        edit.steps.emplace_back(edit::AddNode{std::move(*node), {at.x(), at.y(), false}});
        at += QPointF(0.0, kDropSpacing);
    }
    if (edit.steps.empty()) return false;
    edit.label = tr("Add %1").arg(paths.size() == 1 ? QFileInfo(paths.front()).fileName() : tr("Data Files")).toStdString();
    return document_->perform(edit);
}

}  // namespace shapewise::ui
