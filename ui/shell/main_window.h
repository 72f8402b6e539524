#pragma once
// MainWindow: canvas in the middle, panels round it, and one of its sessions shown in all of them. Puts the parts
// together; what they do is in their own folders.

#include "ui/session/document_session.h"
#include "ui/shell/panel_table.h"
#include "ui/shell/settings.h"
#include "ui/shell/view_state.h"

#include <QMainWindow>

#include <memory>
#include <vector>

namespace shapewise::diag {
struct Diagnostic;
enum class Code : std::uint16_t;
}  // namespace shapewise::diag

namespace shapewise::ui {

class ActionTable;
class ActivationsView;
class Breadcrumbs;
class CanvasStack;
class CanvasView;
class DocumentModel;
class InspectorPanel;
class MessageBar;
class PalettePanel;
class PanelDocks;
class ProblemsPanel;
class ReadAsMenu;
class Recovery;
class RunController;
class RunSettingsBoxes;
class StatusBar;
class SummaryTable;

class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    /// Without `dialogs`, those of the desktop. With `keepsState`, size and docks are those of the last time.
    explicit MainWindow(const Settings& settings, FileDialogs dialogs = {}, bool keepsState = true,
                        const std::vector<PanelSpec>& panels = panelTable());
    ~MainWindow() override;

    /// Of the first window on a screen with that room: inside it, and not lost on a large one.
    [[nodiscard]] static QSize firstSize(const QSize& room);

    /// The one that is shown; there always is one.
    [[nodiscard]] DocumentSession* session() const { return session_; }
    [[nodiscard]] std::vector<DocumentSession*> sessions() const;
    /// An empty project beside those there are; not shown yet.
    DocumentSession* addSession();
    /// Shows one of sessions().
    void setSession(DocumentSession* session);
    /// After the question about unsaved changes. In place of the last one comes an empty one.
    void closeSession(DocumentSession* session);

    // Of the session that is shown
    [[nodiscard]] DocumentModel* document() const { return document_; }
    [[nodiscard]] RunController* run() const { return run_; }
    [[nodiscard]] CanvasView* canvas() const { return canvas_; }
    [[nodiscard]] Breadcrumbs* breadcrumbs() const;
    [[nodiscard]] FileController* files() const { return files_; }

    [[nodiscard]] PanelDocks* panels() const { return panels_; }
    [[nodiscard]] InspectorPanel* inspector() const { return inspector_; }
    [[nodiscard]] ProblemsPanel* problems() const { return problems_; }
    [[nodiscard]] MessageBar* messages() const { return messages_; }
    [[nodiscard]] ActionTable* actions() const { return actions_; }
    [[nodiscard]] SummaryTable* summary() const { return summary_; }
    [[nodiscard]] ActivationsView* activations() const { return activations_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }

    void applySettings(const Settings& settings);
    /// From now on unsaved work of all sessions is kept there.
    void startRecovery(std::shared_ptr<Recovery> recovery);
    /// Asks about what earlier programs lost, when there is something. Precondition: startRecovery().
    void offerLost();
    /// Brings the tab of activations to the front.
    void showActivations();

  protected:
    void closeEvent(QCloseEvent* event) override;
    /// Esc that no panel has taken leads back to the canvas.
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    /// An open session, and what the window remembers of it.
    struct Open {
        DocumentSession* session = nullptr;
        QString toldFailure;  ///< of its runs: said once, and closed perhaps
    };

    // main_window.cpp
    void makeParts(const std::vector<PanelSpec>& panels);
    void connectPanels();
    void explain(diag::Code code);
    void updateTitle();
    void updateActions();
    void applyTo(DocumentSession& session) const;
    bool restoreState();
    void storeState() const;

    // main_window_session.cpp
    [[nodiscard]] Open& openOf(const DocumentSession* session);
    /// What is said of a session even while another is shown.
    void followAlways(DocumentSession* session);
    void followDocument(QObject* scope);
    void followCanvas(QObject* scope);
    void followRun(QObject* scope);
    void followFiles(QObject* scope);
    void tellFailure();
    void showRefusal(const QString& message, const QString& advice);
    void reveal(const diag::Diagnostic& diagnostic);
    /// Asks for each unsaved session from that one on, then closes the window.
    void closeFrom(std::size_t index);
    void remove(DocumentSession* session);

    // main_window_recovery.cpp
    void askAboutLost(const std::vector<std::shared_ptr<io::LostDocument>>& documents);
    /// Here when nothing is open, else in a window of its own.
    void restoreLost(const std::shared_ptr<io::LostDocument>& lost);
    void followRecovery(QObject* scope);
    void tellOutsideChange(io::OutsideChange change);
    [[nodiscard]] ViewParts viewParts();
    /// Keeps how the document shown is looked at, for when its file is opened again.
    void rememberView();

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
    /// F1: what has the keyboard.
    void explainFocus();
    void explainSelection();

    Settings settings_;
    bool keepsState_;
    bool hasState_ = false;  ///< docks have their sizes
    bool isClosing_ = false;
    FileDialogs givenDialogs_;  ///< empty: those of the desktop
    FileDialogs dialogs_;
    std::shared_ptr<Recovery> recovery_;  ///< null: unsaved work is not kept

    std::vector<Open> open_;
    std::unique_ptr<QObject> scope_;  ///< context of all connections to the session that is shown

    // The session that is shown, and its parts
    DocumentSession* session_ = nullptr;
    DocumentModel* document_ = nullptr;
    RunController* run_ = nullptr;
    FileController* files_ = nullptr;
    CanvasView* canvas_ = nullptr;

    ActionTable* actions_ = nullptr;
    CanvasStack* canvases_ = nullptr;
    MessageBar* messages_ = nullptr;
    PanelDocks* panels_ = nullptr;
    PalettePanel* palette_ = nullptr;
    InspectorPanel* inspector_ = nullptr;
    ProblemsPanel* problems_ = nullptr;
    ActivationsView* activations_ = nullptr;
    SummaryTable* summary_ = nullptr;
    StatusBar* status_ = nullptr;
    RunSettingsBoxes* runSettings_ = nullptr;
    QMenu* recentMenu_ = nullptr;
    ReadAsMenu* readAs_ = nullptr;
};

/// File choosers and the question about unsaved changes as the desktop shows them.
[[nodiscard]] FileDialogs desktopDialogs(QWidget* window);

}  // namespace shapewise::ui
