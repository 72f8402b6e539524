#pragma once
// FileController: new, open, save and export of one document: what may ask, take long or fail. Files are read and
// written on threads of their own; the document changes only when all went well. Dialogs are functions, so that tests
// answer them.

#include "core/io/files/file_stamp.h"
#include "core/io/files/files.h"
#include "ui/base/export.h"
#include "ui/session/file_choice.h"

#include <QDateTime>
#include <QObject>
#include <QPointF>
#include <QStringList>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace shapewise::io {
class LostDocument;
}

namespace shapewise::ui {

class DocumentModel;

enum class UnsavedAnswer { Save, Discard, Cancel };
enum class OutsideAnswer { Overwrite, SaveAs, Reload, Cancel };
enum class LostAnswer { Restore, Discard, Later };

/// A document that was lost, as the person is asked about it.
struct LostRow {
    QString name;
    QString folder;  ///< empty: never saved
    QDateTime time;  ///< of the last edit
    qint64 edits = 0;
};

/// How the person is asked. Each calls back at once or later; not at all when cancelled.
struct FileDialogs {
    using Chosen = std::function<void(const QString& path)>;
    std::function<void(const QString& folder, Chosen chosen)> open;
    /// `suffix` without a dot is added where the name has none.
    std::function<void(const QString& title, const QString& proposal, const QString& filter, const QString& suffix,
                       Chosen chosen)>
        save;
    std::function<void(const QString& name, std::function<void(UnsavedAnswer)> answered)> unsaved;
    /// The file to be saved over is not what was opened.
    std::function<void(const QString& name, io::OutsideChange change, std::function<void(OutsideAnswer)> answered)>
        changedOutside;
    /// `chosen`: of the rows; the others are left for later.
    std::function<void(const std::vector<LostRow>& rows,
                       std::function<void(LostAnswer, const std::vector<std::size_t>& chosen)> answered)>
        lost;
    /// Like save, with a list of kinds of file to choose from; calls back with the one that was chosen. Null: the first
    /// kind, by save.
    std::function<void(const QString& title, const QString& proposal, const QStringList& kinds, const QString& suffix,
                       std::function<void(const QString& path, qsizetype kind)> chosen)>
        saveAs;
};

class FileController : public QObject {
    Q_OBJECT

  public:
    FileController(DocumentModel* document, FileDialogs dialogs, QObject* parent = nullptr);
    ~FileController() override;

    /// Where a node lands whose file was opened, not dropped.
    void setPlaceForNew(std::function<QPointF()> place) { placeForNew_ = std::move(place); }

    /// "conv1d.shapewise", the title of an example, or "Untitled".
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] bool isOpening() const { return opening_ != 0 || looks_ > 0; }
    /// True until every file asked for has been written, or has failed.
    [[nodiscard]] bool isWriting() const { return writes_ > 0; }
    /// Whether the document was opened from a Keras file, which can be read in another dialect.
    [[nodiscard]] bool canReadAs() const { return !kerasFile_.isEmpty(); }
    /// What is being done, empty when nothing is.
    [[nodiscard]] const QString& work() const { return work_; }
    /// The file when it was last read or written; of nothing for a document without file.
    [[nodiscard]] const io::FileStamp& stamp() const { return stamp_; }
    /// What the document was restored from; null for any other.
    [[nodiscard]] const std::shared_ptr<io::LostDocument>& restoredFrom() const { return lost_; }
    /// Opens what was lost, its unsaved work included. Precondition: nothing unsaved is open.
    void restore(const std::shared_ptr<io::LostDocument>& lost);
    /// Looks on another thread whether the file is what was opened; changedOutside() follows when it is not.
    void checkOutside();
    /// Goes on with what is open: the file as it is now may be saved over.
    void keepOverOutside();
    /// The file as it is now, in place of what is open.
    void reload();
    /// Runs `next` when nothing unsaved would be lost by it: at once, or after the answer.
    void confirmUnsaved(std::function<void()> next);

  public Q_SLOTS:
    void newProject();
    void openWithDialog();
    /// A model opens, after the question about unsaved changes; a data file becomes a node.
    void open(const QString& path);
    void openExample(const QString& resource);
    /// Reads the Keras file of the document once more, in that dialect, after the question about unsaved changes.
    void readAs(shapewise::layers::Dialect dialect);
    void save();
    void saveAs();
    void exportKerasJson();
    void exportText(const QString& title, const QString& suffix, const QString& filter, const QString& text);
    /// Asks for a name and writes it on another thread.
    void exportFile(const shapewise::ui::Export& what);
    void cancelOpening();
    /// Data files become nodes there; a model is opened.
    void drop(const QStringList& paths, const QPointF& place);

  Q_SIGNALS:
    /// The document is the one that was asked for. `notes`: what was not taken over word for word.
    void opened(const QString& name, const QStringList& notes);
    /// Data files have become these nodes.
    void nodesAdded(const std::vector<shapewise::NodeId>& nodes);
    /// Nothing has changed.
    void failed(const QString& message, const QString& advice);
    void saved(const QString& path);
    void displayNameChanged();
    /// work() is another.
    void workChanged(const QString& text);
    /// The document was restored, with how its window showed it.
    void restored(const shapewise::Value& view);
    /// Someone else changed the file, or it is gone. Said once of each change.
    void changedOutside(shapewise::io::OutsideChange change);
    /// Opened or saved.
    void fileUsed(const QString& path);

  private:
    using Reader = std::function<Result<io::Opened>()>;
    /// What is being opened, and from where.
    struct Source {
        QString name;
        QString path;  ///< empty: of no file
        Reader reader;
        std::function<io::FileStamp()> stamp;    ///< of the file, before it is read
        std::shared_ptr<io::LostDocument> lost;  ///< null: nothing is restored
    };
    /// What a save met.
    struct SaveOutcome {
        io::OutsideChange change = io::OutsideChange::None;  ///< another: nothing was written
        io::FileStamp stamp;
    };
    void read(Source source);
    void take(quint64 request, const Source& source, const io::FileStamp& stamp, Result<io::Opened> result);
    void saveTo(const QString& path, std::function<void()> next, bool overwrites = false);
    void finishSave(const QString& path, quint64 document, bool isDone, const SaveOutcome& outcome,
                    const std::function<void()>& next);
    void askOverOutside(io::OutsideChange change, const QString& path, const std::function<void()>& next);
    /// Files are written one after the other, off the UI thread; `done` is called on it.
    void write(const QString& path, std::function<Result<void>(const std::filesystem::path&)> writer,
               std::function<void(bool isWritten)> done);
    void saveThen(std::function<void()> next);
    /// A file that was opened or dropped, as far as it has been looked at.
    struct Found {
        QString path;
        std::shared_ptr<const io::InputFile> file;                 ///< null when it cannot be opened
        std::optional<Result<std::shared_ptr<graph::Node>>> node;  ///< nullopt for a model
    };
    /// Opens the files, on the thread that reads, and tells models from data.
    void look(const QStringList& paths, const QPointF& place);
    [[nodiscard]] static Found lookAt(const QString& path, const graph::Graph& graph);
    /// Data become nodes; where there are none the last model is opened.
    void takeFound(std::vector<Found> files, const QPointF& place, quint64 request, quint64 document);
    void openModel(const Found& found);
    void addDataNodes(const std::vector<Found>& files, const QPointF& place);
    void fail(const Error& error, const QString& path);
    void setName(const QString& name);
    void setWork(const QString& text);
    [[nodiscard]] QString proposal(const QString& suffix) const;

    /// Asks for the file of a data node and gives it to it.
    void askForData(NodeId node, const QString& parameter);

    DocumentModel* document_;
    FileDialogs dialogs_;
    FileChoice fileChoice_;
    std::function<QPointF()> placeForNew_;
    QString name_;         ///< of a document without file
    io::FileStamp stamp_;  ///< of the file of the document
    io::FileStamp told_;   ///< what the file was like when changedOutside() was said
    bool hasTold_ = false;
    std::shared_ptr<io::LostDocument> lost_;
    QString kerasFile_;  ///< that the document came from; empty: none
    QString work_;
    quint64 requests_ = 0;
    quint64 opening_ = 0;  ///< the request waited for; 0: none
    quint64 looking_ = 0;  ///< the latest look whose model is still wanted
    int looks_ = 0;
    QThreadPool pool_;
    QThreadPool writers_;
    QThreadPool watchers_;  ///< of their own: a disk that does not answer holds up nothing else
    int writes_ = 0;
    bool isSaving_ = false;
    quint64 documents_ = 0;  ///< counts projects that were opened: a save of an earlier one marks nothing
    std::vector<std::function<void()>> afterSave_;
};

}  // namespace shapewise::ui
