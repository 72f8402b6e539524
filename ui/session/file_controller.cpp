#include "ui/session/file_controller.h"

#include "core/edit/builders.h"
#include "core/infer/analysis.h"
#include "core/io/data/data_files.h"
#include "core/io/formats/open.h"
#include "core/io/keras/keras_targets.h"
#include "core/io/project/journal.h"
#include "ui/base/qt_text.h"
#include "ui/base/threads.h"
#include "ui/session/document_model.h"
#include "ui/session/file_text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace shapewise::ui {
namespace {

/// A name a file may have: no folders, no longer than file systems allow.
QString fileName(QString name) {
    constexpr qsizetype kMostCharacters = 80;
    name.replace(QChar(u'/'), QChar(u'-'));
    return name.left(kMostCharacters).trimmed();
}

Value const* titleOf(const graph::Project& project) {
    for (const auto& [key, value] : project.properties)
        if (key == "title" && value.isText() && !value.asText().empty()) return &value;
    return nullptr;
}

}  // namespace

FileController::FileController(DocumentModel* document, FileDialogs dialogs, QObject* parent)
    : QObject(parent),
      document_(document),
      dialogs_(std::move(dialogs)),
      fileChoice_([document](const QString& why) { Q_EMIT document->refused(why); }) {
    pool_.setMaxThreadCount(1);
    writers_.setMaxThreadCount(1);
    watchers_.setMaxThreadCount(1);
    connect(document, &DocumentModel::changed, this, [this](const session::Change& change) {
        if (change.replaced) ++documents_;
    });
    connect(document, &DocumentModel::filePathChanged, this, &FileController::displayNameChanged);
    connect(document, &DocumentModel::fileWanted, this, &FileController::askForData);
}

FileController::~FileController() {
    pool_.clear();
    pool_.waitForDone();
    watchers_.waitForDone();
    writers_.waitForDone();  // what was saved is on disk when the program ends
}

QString FileController::displayName() const {
    if (!document_->filePath().isEmpty()) return QFileInfo(document_->filePath()).fileName();
    return name_.isEmpty() ? tr("Untitled") : name_;
}

void FileController::setName(const QString& name) {
    name_ = name;
    Q_EMIT displayNameChanged();
}

void FileController::setWork(const QString& text) {
    work_ = text;
    Q_EMIT workChanged(work_);
}

void FileController::fail(const Error& error, const QString& path) {
    Q_EMIT failed(failureText(error, path), toQString(error.advice));
}

void FileController::confirmUnsaved(std::function<void()> next) {
    if (isSaving_) {  // the answer depends on how that ends
        afterSave_.emplace_back([this, next = std::move(next)] { confirmUnsaved(next); });
        return;
    }
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
        stamp_ = {};
        lost_.reset();
        kerasFile_.clear();
        document_->replace(graph::Project{}, QString());
        Q_EMIT displayNameChanged();
    });
}

void FileController::openWithDialog() {
    dialogs_.open(document_->folder(), [this](const QString& path) { open(path); });
}

void FileController::open(const QString& path) { look({path}, placeForNew_ ? placeForNew_() : QPointF()); }

void FileController::openModel(const Found& found) {
    confirmUnsaved([this, found] {
        const QString absolute = QFileInfo(found.path).absoluteFilePath();
        Source source{QFileInfo(found.path).fileName(), absolute, {}, {}, nullptr};
        source.reader = [file = found.file, native = nativePath(absolute)] {
            return file ? io::openProject(file) : io::openProject(native);
        };
        source.stamp = [file = found.file, native = nativePath(absolute)] {
            return file ? io::FileStamp::of(*file) : io::FileStamp::of(native);
        };
        read(std::move(source));
    });
}

void FileController::readAs(layers::Dialect dialect) {
    if (!canReadAs()) return;
    confirmUnsaved([this, path = kerasFile_, dialect] {
        Source source{QFileInfo(path).fileName(), path, {}, {}, nullptr};
        source.reader = [native = nativePath(path), dialect] { return io::openProject(native, dialect); };
        source.stamp = [native = nativePath(path)] { return io::FileStamp::of(native); };
        read(std::move(source));
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
        read({QFileInfo(resource).completeBaseName(),
              QString(),
              [text] { return io::readProject(text, io::exampleFolder()); },
              {},
              nullptr});
    });
}

void FileController::read(Source source) {
    opening_ = ++requests_;
    looking_ = 0;
    setWork(tr("Opening %1").arg(source.name));
    runOn(pool_, [this, request = opening_, source = std::move(source)] {
        auto stamp = std::make_shared<io::FileStamp>();
        auto result = std::make_shared<Result<io::Opened>>(failure("not read"));
        try {
            if (source.stamp) *stamp = source.stamp();
            *result = source.reader();
        } catch (const std::bad_alloc&) {
            *result = failure("The file needs more memory than there is", "Close other programs and open it again");
        } catch (const std::exception& problem) {
            *result = failure(std::string("The file could not be read: ") + problem.what());
        }
        callOn(this, [this, request, source, stamp, result] { take(request, source, *stamp, std::move(*result)); });
    });
}

void FileController::cancelOpening() {
    looking_ = 0;
    if (opening_ == 0) return;
    opening_ = 0;  // what still comes is not taken
    setWork(QString());
}

void FileController::take(quint64 request, const Source& source, const io::FileStamp& stamp,
                          Result<io::Opened> result) {
    if (request != opening_) return;
    opening_ = 0;
    setWork(QString());
    if (!result) return fail(result.error(), source.name);
    const Value* title = titleOf(result->project);
    name_ = title != nullptr ? toQString(title->asText()) : source.name;
    QStringList notes;
    for (const std::string& note : result->notes) notes += toQString(note);
    // What loses part of a project, as Keras JSON does, is not saved over: the first save asks for a name.
    const bool isOurs = !source.path.isEmpty() && (source.lost != nullptr || result->format->model()->keepsAll);
    stamp_ = isOurs ? stamp : io::FileStamp{};
    hasTold_ = false;
    lost_ = source.lost;
    kerasFile_ = source.lost == nullptr && result->format->model()->hasDialects ? source.path : QString();
    document_->replace(std::move(result->project), isOurs ? source.path : QString(), result->analysis.get(),
                       source.lost == nullptr);
    if (!source.path.isEmpty()) Q_EMIT fileUsed(source.path);
    Q_EMIT displayNameChanged();
    Q_EMIT opened(source.name, notes);
    if (source.lost != nullptr) Q_EMIT restored(source.lost->state().view);
}

void FileController::restore(const std::shared_ptr<io::LostDocument>& lost) {
    Source source{toQString(lost->state().name), toQString(lost->state().path), {}, {}, lost};
    source.reader = [lost] {
        Result<io::Opened> opened = lost->read();
        if (opened)
            opened->analysis = std::make_shared<const infer::Analysis>(infer::Analysis::of(opened->project.graph));
        return opened;
    };
    source.stamp = [lost] { return io::FileStamp::from(lost->state().stamp); };
    read(std::move(source));
}

void FileController::reload() {
    const QString path = document_->filePath();
    if (path.isEmpty()) return;
    Source source{QFileInfo(path).fileName(), path, {}, {}, nullptr};
    source.reader = [native = nativePath(path)] { return io::openProject(native); };
    source.stamp = [native = nativePath(path)] { return io::FileStamp::of(native); };
    read(std::move(source));
}

void FileController::checkOutside() {
    if (document_->filePath().isEmpty() || isSaving_ || opening_ != 0) return;
    runOn(watchers_, [this, known = stamp_, document = documents_, path = document_->filePath()] {
        io::FileStamp stamp = known;
        const io::OutsideChange change = io::changeSince(stamp, nativePath(path));
        const io::FileStamp now =
            change == io::OutsideChange::Contents ? io::FileStamp::of(nativePath(path)) : io::FileStamp{};
        callOn(this, [this, known, stamp, change, now, document, path] {
            // Saved, opened or asked meanwhile: what was seen is of no matter.
            const bool isSame = document == documents_ && path == document_->filePath() && stamp_ == known;
            if (!isSame || isSaving_ || opening_ != 0) return;
            stamp_ = stamp;
            if (change == io::OutsideChange::None || (hasTold_ && told_ == now)) return;
            hasTold_ = true;
            told_ = now;
            Q_EMIT changedOutside(change);
        });
    });
}

void FileController::keepOverOutside() {
    if (hasTold_) stamp_ = told_;
    document_->markUnsaved();
}

void FileController::save() { saveThen({}); }

void FileController::saveThen(std::function<void()> next) {
    if (!document_->filePath().isEmpty()) return saveTo(document_->filePath(), std::move(next));
    dialogs_.save(tr("Save Project"), proposal(QStringLiteral("shapewise")), tr("Shapewise project (*.shapewise)"),
                  QStringLiteral("shapewise"), [this, next](const QString& path) { saveTo(path, next); });
}

void FileController::saveAs() {
    dialogs_.save(tr("Save Project As"), proposal(QStringLiteral("shapewise")), tr("Shapewise project (*.shapewise)"),
                  QStringLiteral("shapewise"), [this](const QString& path) { saveTo(path, {}); });
}

void FileController::write(const QString& path, std::function<Result<void>(const std::filesystem::path&)> writer,
                           std::function<void(bool)> done) {
    ++writes_;
    const QString absolute = QFileInfo(path).absoluteFilePath();
    setWork(tr("Writing %1").arg(QFileInfo(path).fileName()));
    runOn(writers_, [this, absolute, writer = std::move(writer), done = std::move(done)] {
        auto result = std::make_shared<Result<void>>();
        try {
            *result = writer(nativePath(absolute));
        } catch (const std::bad_alloc&) {
            *result =
                failure("Writing the file needs more memory than there is", "Close other programs and save again");
        } catch (const std::exception& problem) {
            *result = failure(std::string("The file could not be written: ") + problem.what());
        }
        callOn(this, [this, absolute, done, result] {
            if (--writes_ == 0 && !isOpening()) setWork(QString());
            if (!*result) fail(result->error(), absolute);
            done(result->has_value());
        });
    });
}

void FileController::saveTo(const QString& path, std::function<void()> next, bool overwrites) {
    if (isSaving_) {
        afterSave_.emplace_back([this, path, next = std::move(next)] { saveTo(path, next); });
        return;
    }
    isSaving_ = true;
    document_->beginSave();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const bool looks = !overwrites && absolute == document_->filePath();
    auto outcome = std::make_shared<SaveOutcome>();
    const auto writer = [project = document_->whole(), known = stamp_, looks,
                         outcome](const std::filesystem::path& file) -> Result<void> {
        io::FileStamp stamp = known;
        if (looks) outcome->change = io::changeSince(stamp, file);
        if (outcome->change != io::OutsideChange::None) return {};
        if (Result<void> done = io::saveProject(project, file); !done) return done;
        outcome->stamp = io::FileStamp::of(file);
        return {};
    };
    write(path, writer, [this, path, outcome, document = documents_, next = std::move(next)](bool isWritten) {
        finishSave(path, document, isWritten, *outcome, next);
    });
}

void FileController::finishSave(const QString& path, quint64 document, bool isDone, const SaveOutcome& outcome,
                                const std::function<void()>& next) {
    isSaving_ = false;
    const bool isSame = document == documents_;
    const bool isWritten = isDone && outcome.change == io::OutsideChange::None;
    if (isSame && isWritten) {
        stamp_ = outcome.stamp;
        hasTold_ = false;
        lost_.reset();
        kerasFile_.clear();  // the document is that of the project file now
    }
    if (isSame) document_->endSave(isWritten ? QFileInfo(path).absoluteFilePath() : QString());
    if (isWritten) {
        Q_EMIT fileUsed(path);
        Q_EMIT saved(path);
    }
    for (const std::function<void()>& waiting : std::exchange(afterSave_, {})) waiting();
    if (isSame && outcome.change != io::OutsideChange::None) return askOverOutside(outcome.change, path, next);
    // Edits made meanwhile are unsaved again.
    if (isWritten && isSame && next) confirmUnsaved(next);
}

void FileController::askOverOutside(io::OutsideChange change, const QString& path, const std::function<void()>& next) {
    dialogs_.changedOutside(displayName(), change, [this, path, next](OutsideAnswer answer) {
        switch (answer) {
            case OutsideAnswer::Overwrite: return saveTo(path, next, true);
            case OutsideAnswer::SaveAs: return saveAs();
            case OutsideAnswer::Reload: return reload();
            case OutsideAnswer::Cancel: return;
        }
    });
}

QString FileController::proposal(const QString& suffix) const {
    const QString& path = document_->filePath();
    if (!path.isEmpty())
        return QFileInfo(path).dir().filePath(QFileInfo(path).completeBaseName() + QChar(u'.') + suffix);
    return QDir::home().filePath(fileName(displayName()) + QChar(u'.') + suffix);
}

void FileController::exportKerasJson() {
    const graph::Project& project = document_->whole();
    const layers::Dialect own = io::dialectOf(project);
    std::vector<layers::Dialect> dialects{own};
    for (const layers::Dialect dialect : io::writtenDialects())
        if (dialect != own) dialects.push_back(dialect);
    QStringList kinds;
    for (const layers::Dialect dialect : dialects)
        kinds +=
            (dialect == own && io::isFromKerasFile(project) ? tr("%1, as it was read (*.json)") : tr("%1 (*.json)"))
                .arg(toQString(io::dialectTitle(dialect)));
    const auto writeAs = [this, project, dialects](const QString& path, qsizetype kind) {
        const layers::Dialect dialect = dialects[static_cast<std::size_t>(kind)];
        const auto writer = [project, dialect](const std::filesystem::path& file) {
            return io::exportKerasJson(project, file, dialect);
        };
        write(path, writer, [this, path](bool isWritten) {
            if (isWritten) Q_EMIT saved(path);
        });
    };
    const QString title = tr("Export Keras JSON");
    const QString suffix = QStringLiteral("json");
    if (dialogs_.saveAs) return dialogs_.saveAs(title, proposal(suffix), kinds, suffix, writeAs);
    dialogs_.save(title, proposal(suffix), kinds.join(QStringLiteral(";;")), suffix,
                  [writeAs](const QString& path) { writeAs(path, 0); });
}

void FileController::exportText(const QString& title, const QString& suffix, const QString& filter,
                                const QString& text) {
    Export what;
    what.title = title;
    what.suffix = suffix;
    what.filter = filter;
    what.write = [bytes = text.toStdString()](const std::filesystem::path& path) {
        return io::writeFileAtomically(path, bytes);
    };
    exportFile(what);
}

void FileController::exportFile(const Export& what) {
    const QString name =
        what.name.isEmpty()
            ? proposal(what.suffix)
            : QFileInfo(proposal(what.suffix)).dir().filePath(fileName(what.name) + QChar(u'.') + what.suffix);
    dialogs_.save(what.title, name, what.filter, what.suffix, [this, writer = what.write](const QString& path) {
        write(path, writer, [this, path](bool isWritten) {
            if (isWritten) Q_EMIT saved(path);
        });
    });
}

}  // namespace shapewise::ui
