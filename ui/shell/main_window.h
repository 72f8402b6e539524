#pragma once
// MainWindow: canvas in the middle, layers left, inspector right, problems and results below. Puts the parts together;
// what they do is in their own folders.

#include "ui/shell/file_controller.h"
#include "ui/shell/settings.h"

#include <QMainWindow>

#include <memory>
#include <vector>

class QTabWidget;

namespace shapewise::diag {
struct Diagnostic;
enum class Code : std::uint16_t;
}  // namespace shapewise::diag

namespace shapewise::ui {

class ActionTable;
class ActivationsView;
class Breadcrumbs;
class CanvasView;
class DocumentModel;
class InspectorPanel;
class MessageBar;
class PaletteDock;
class ProblemsPanel;
class RunController;
class StatusBar;
class SummaryTable;
struct ProblemCounts;

class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    /// Without `dialogs`, those of the desktop. With `keepsState`, size and docks are those of the last session.
    explicit MainWindow(const Settings& settings, FileDialogs dialogs = {}, bool keepsState = true);
    ~MainWindow() override;

    [[nodiscard]] DocumentModel* document() const { return document_; }
    [[nodiscard]] RunController* run() const { return run_; }
    [[nodiscard]] CanvasView* canvas() const { return canvas_; }
    [[nodiscard]] Breadcrumbs* breadcrumbs() const { return breadcrumbs_; }
    [[nodiscard]] FileController* files() const { return files_; }
    [[nodiscard]] InspectorPanel* inspector() const { return inspector_; }
    [[nodiscard]] ProblemsPanel* problems() const { return problems_; }
    [[nodiscard]] MessageBar* messages() const { return messages_; }
    [[nodiscard]] ActionTable* actions() const { return actions_; }
    [[nodiscard]] SummaryTable* summary() const { return summary_; }
    [[nodiscard]] ActivationsView* activations() const { return activations_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }

    void applySettings(const Settings& settings);
    /// Brings the tab of activations to the front.
    void showActivations();

  protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    // main_window.cpp
    void makeParts(FileDialogs dialogs);
    void makeDocks();
    void placeDocks();
    void connectDocument();
    void connectCanvas();
    void connectPanels();
    void connectRun();
    void connectFiles();
    void followSelection(const std::vector<NodeId>& nodes);
    void reveal(const diag::Diagnostic& diagnostic);
    void explain(diag::Code code);
    void updateTitle();
    void updateActions();
    void updateProblemTab(const ProblemCounts& counts);
    /// The keyboard goes to the next panel, or with -1 to the one before.
    void focusPanel(int step);
    void showRefusal(const QString& message, const QString& advice);
    bool restoreState();
    void storeState() const;

    // main_window_actions.cpp
    void makeActions();
    /// That row of canvasActions(), as an action of the window.
    void addCanvasAction(const QString& id, bool startsGroup = false);
    /// Those of no menu: for the list of shortcuts.
    void addCanvasOnlyActions();
    void makeFileActions();
    void makeEditActions();
    void makeViewActions();
    void makeGraphAndRunActions();
    void makeHelpActions();
    void makeMenus();
    void makeToolBar();
    void fillRecentFiles();

    // main_window_exports.cpp
    void copyKerasCode(const std::vector<NodeId>& nodes);
    void copyKerasJson();
    void exportCanvas();
    void tidy();
    void groupSelection();
    void ungroupSelection();
    void fail(const Error& error);
    void openSettings();
    void openShortcuts();
    void openAbout();
    void openExplanations();

    Settings settings_;
    bool keepsState_;
    bool hasState_ = false;  ///< docks have their sizes
    bool isClosing_ = false;
    DocumentModel* document_ = nullptr;
    RunController* run_ = nullptr;
    FileController* files_ = nullptr;
    ActionTable* actions_ = nullptr;
    CanvasView* canvas_ = nullptr;
    Breadcrumbs* breadcrumbs_ = nullptr;
    MessageBar* messages_ = nullptr;
    PaletteDock* palette_ = nullptr;
    QDockWidget* inspectorDock_ = nullptr;
    InspectorPanel* inspector_ = nullptr;
    QDockWidget* bottomDock_ = nullptr;
    QTabWidget* bottom_ = nullptr;
    QWidget* activationsPage_ = nullptr;
    ProblemsPanel* problems_ = nullptr;
    ActivationsView* activations_ = nullptr;
    SummaryTable* summary_ = nullptr;
    StatusBar* status_ = nullptr;
    QMenu* recentMenu_ = nullptr;
};

/// File choosers and the question about unsaved changes as the desktop shows them.
[[nodiscard]] FileDialogs desktopDialogs(QWidget* window);

}  // namespace shapewise::ui
