#pragma once
// DocumentModel: the document as Qt sees it. Every view listens here; every edit of the window goes through perform().
// While a group (a nested model) is open, its graph is what project(), graph(), analysis() and diagnostics() are of and
// what edits go to; whole() is the project that is saved and run. Lives on the UI thread.

#include "core/session/document.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <optional>

namespace shapewise::ui {

class DocumentModel : public QObject {
    Q_OBJECT

  public:
    explicit DocumentModel(QObject* parent = nullptr);

    [[nodiscard]] const graph::Project& project() const { return document_.shown(); }
    [[nodiscard]] const graph::Graph& graph() const { return document_.shown().graph; }
    [[nodiscard]] const infer::Analysis& analysis() const { return document_.shownAnalysis(); }
    [[nodiscard]] const graph::Project& whole() const { return document_.project(); }
    [[nodiscard]] std::uint64_t revision() const { return document_.revision(); }
    /// Of the present revision; worked out when first asked for after a change.
    [[nodiscard]] const std::vector<diag::Diagnostic>& diagnostics() const { return document_.diagnostics(); }
    /// Of the graph shown, brought up to date when first asked for after a change.
    [[nodiscard]] const infer::Costs& costs() const { return document_.costs(); }
    [[nodiscard]] const session::Document& document() const { return document_; }

    /// From the whole to the open group, outermost first; empty when the whole is shown.
    [[nodiscard]] const std::vector<NodeId>& openPath() const { return document_.openPath(); }
    /// The names of the groups of openPath().
    [[nodiscard]] QStringList openNames() const;
    /// True for a node that can be opened.
    [[nodiscard]] bool opens(NodeId id) const;
    /// Shows the graph inside a node of the graph shown. False, and refused() tells why, when it holds none.
    bool openGroup(NodeId id);
    /// Shows the graph that many levels further out; the whole when there are fewer.
    void closeGroups(std::size_t levels = 1);

    /// False when the edit is structurally impossible: nothing has changed then, and refused() tells why.
    bool perform(const edit::Edit& edit);
    /// A repair as one undo step; one that needs a file asks for it (fileWanted) and changes nothing yet. The fix is
    /// copied: its diagnostic does not outlive the edit.
    bool applyFix(const diag::Fix& fix);
    /// Another project with an empty history. `filePath` may be empty: never saved. `known`: the analysis of its graph;
    /// null: it is inferred here.
    /// `isSaved` false: the file, if there is one, holds something else.
    void replace(graph::Project project, const QString& filePath, const infer::Analysis* known = nullptr,
                 bool isSaved = true);

    [[nodiscard]] bool isModified() const { return document_.isModified(); }
    void markSaved(const QString& filePath);
    /// The file holds something else now.
    void markUnsaved();
    /// The present state is being written to a file on another thread. When that is over, endSave() tells where it is
    /// now, or gets an empty path when it could not be written.
    void beginSave() { document_.beginSave(); }
    void endSave(const QString& filePath);
    [[nodiscard]] const QString& filePath() const { return filePath_; }
    /// The folder relative paths of data nodes start from; empty for a project never saved.
    [[nodiscard]] QString folder() const;

    [[nodiscard]] bool canUndo() const { return document_.history().canUndo(); }
    [[nodiscard]] bool canRedo() const { return document_.history().canRedo(); }
    /// "Undo Move 3 Nodes", or "Undo" when there is nothing.
    [[nodiscard]] QString undoText() const;
    [[nodiscard]] QString redoText() const;

    /// How long the last change took, from the edit to finished shapes.
    [[nodiscard]] std::chrono::nanoseconds lastChangeDuration() const { return lastChangeDuration_; }

    /// "conv2d", or an empty text when there is no such node.
    [[nodiscard]] QString nodeName(NodeId id) const;

  public Q_SLOTS:
    void undo();
    void redo();

  Q_SIGNALS:
    /// The project is about to be another one altogether.
    void aboutToReplace();
    /// After every change of the project; views patch themselves.
    void changed(const shapewise::session::Change& change);
    /// Once after any number of changes in one turn of the event loop: the problems may be others now.
    void diagnosticsChanged();
    /// Another graph of the project is shown. `left`: in it, the group that was left; not valid on the way in.
    void groupChanged(shapewise::NodeId left);
    /// Undo and redo texts, or the saved state, may be others now.
    void historyChanged();
    void filePathChanged(const QString& path);
    /// A person is to choose the file of a node of the graph shown; the parameter holds its path.
    void fileWanted(shapewise::NodeId node, const QString& parameter);
    /// An edit was refused: one sentence for the status bar.
    void refused(const QString& why);

  private:
    void announce(const session::Change& change);
    void show(std::vector<NodeId> path, NodeId left);

    session::Document document_;
    QString filePath_;
    QTimer diagnosticsTimer_;
    std::chrono::nanoseconds lastChangeDuration_{0};
};

}  // namespace shapewise::ui
