#pragma once
// DocumentSession: one open project: its document, its run, its file, and what is selected in it. Knows no window; a
// window shows one session at a time, and several live side by side.

#include "core/io/project/journal.h"
#include "ui/session/file_controller.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace shapewise::ui {

class Autosave;
class DocumentModel;
class RunController;

class DocumentSession : public QObject {
    Q_OBJECT

  public:
    explicit DocumentSession(FileDialogs dialogs, QObject* parent = nullptr);
    ~DocumentSession() override;

    [[nodiscard]] DocumentModel* document() const { return document_; }
    [[nodiscard]] RunController* run() const { return run_; }
    [[nodiscard]] FileController* files() const { return files_; }

    /// Of the graph shown, in the order of ids.
    [[nodiscard]] const std::vector<NodeId>& selection() const { return selection_; }
    /// What the canvas of the session has selected. Others ask with select().
    void setSelection(const std::vector<NodeId>& nodes);
    void select(const std::vector<NodeId>& nodes) { Q_EMIT selectRequested(nodes); }

    /// Told of every change that is not in the file.
    void setAutosave(std::unique_ptr<Autosave> autosave);
    /// What is to be kept beside the project now.
    [[nodiscard]] io::Kept kept() const;
    /// How the window shows it, for who restores it.
    void setViewSource(std::function<Value()> view) { viewSource_ = std::move(view); }
    /// The person is done with it: what runs stops, and what is unsaved has been given up.
    void close();

  Q_SIGNALS:
    void selectionChanged(const std::vector<shapewise::NodeId>& nodes);
    /// For the canvas: nodes are to be selected.
    void selectRequested(const std::vector<shapewise::NodeId>& nodes);

  private:
    void keep();

    DocumentModel* document_;
    RunController* run_;
    FileController* files_;
    std::vector<NodeId> selection_;
    std::function<Value()> viewSource_;
    std::unique_ptr<Autosave> autosave_;  ///< null: nothing is kept
    std::size_t settledAt_ = 0;           ///< place in the history at which all was in the file
    const io::LostDocument* handedOver_ = nullptr;
};

}  // namespace shapewise::ui
