#include "ui/shell/main_window.h"

#include "ui/canvas/canvas_view.h"
#include "ui/diagnostics/problems_panel.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/palette/palette_panel.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/canvas_stack.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/read_as_menu.h"
#include "ui/shell/status_bar.h"
#include "ui/theme/theme.h"
#include "ui/viewers/activations_view.h"
#include "ui/viewers/summary_table.h"

#include <QApplication>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QScreen>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr QSize kUsualSize{1440, 900};
constexpr QSize kSmallestSize{900, 560};
constexpr int kStateVersion = 1;

/// Room for the frame the desktop puts round the window.
constexpr QSize kFrame{16, 48};

}  // namespace

QSize MainWindow::firstSize(const QSize& room) {
    // On a large screen two thirds of it; never beyond its edges, however small it is.
    const QSize share = (room * 2) / 3;
    return kUsualSize.expandedTo(share).boundedTo((room - kFrame).expandedTo({1, 1}));
}

MainWindow::MainWindow(const Settings& settings, FileDialogs dialogs, bool keepsState,
                       const std::vector<PanelSpec>& panels)
    : settings_(settings),
      keepsState_(keepsState),
      givenDialogs_(std::move(dialogs)),
      dialogs_(givenDialogs_.open ? givenDialogs_ : desktopDialogs(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    const QScreen* screen = QGuiApplication::primaryScreen();
    const QSize room = screen == nullptr ? kUsualSize : screen->availableSize();
    setMinimumSize(kSmallestSize.boundedTo(firstSize(room)));
    resize(firstSize(room));
    makeParts(panels);
    makeActions();
    makeMenus();
    makeToolBar();
    connectPanels();
    applySettings(settings);
    setSession(addSession());
    panels_->placeAtUsualSizes(size());
    hasState_ = keepsState_ && restoreState();
}

// Canvases and panels are children made before the sessions they show, so they go first.
MainWindow::~MainWindow() = default;

void MainWindow::makeParts(const std::vector<PanelSpec>& panels) {
    auto* middle = new QWidget(this);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    messages_ = new MessageBar(middle);
    canvases_ = new CanvasStack(middle);
    column->addWidget(messages_);
    column->addWidget(canvases_, 1);
    setCentralWidget(middle);
    status_ = new StatusBar(this);
    setStatusBar(status_);
    readAs_ = new ReadAsMenu(this);
    status_->addPermanentWidget(readAs_->button());
    panels_ = new PanelDocks(this, panels);
    palette_ = panels_->find<PalettePanel>();
    inspector_ = panels_->find<InspectorPanel>();
    problems_ = panels_->find<ProblemsPanel>();
    activations_ = panels_->find<ActivationsView>();
    summary_ = panels_->find<SummaryTable>();
}

Breadcrumbs* MainWindow::breadcrumbs() const { return canvases_->breadcrumbs(); }

void MainWindow::connectPanels() {
    connect(panels_, &PanelDocks::hintChanged, status_, &StatusBar::showHint);
    connect(palette_, &PalettePanel::layerChosen, this, [this](const QString& className) {
        const NodeId node = canvas_->addNode(className);
        if (node.isValid()) canvas_->select({node});
    });
    connect(problems_, &ProblemsPanel::revealRequested, this, &MainWindow::reveal);
    connect(summary_->model(), &SummaryModel::updated, status_,
            [this] { status_->showCosts(summary_->model()->costs()); });
    connect(activations_, &ActivationsView::placeChanged, inspector_, &InspectorPanel::setPlace);
    connect(status_, &StatusBar::cancelRequested, this, [this] {
        run_->cancel();
        files_->cancelOpening();
    });
}

void MainWindow::explain(diag::Code code) { problems_->explain(code); }

void MainWindow::showActivations() { panels_->raise(activations_); }

void MainWindow::updateTitle() {
    setWindowTitle(QStringLiteral("%1[*] — Shapewise").arg(files_->displayName()));
    setWindowModified(document_->isModified());
}

void MainWindow::updateActions() {
    ActionTable& actions = *actions_;
    QAction* undo = actions[QStringLiteral("edit.undo")];
    undo->setEnabled(document_->canUndo());
    undo->setText(document_->undoText());
    QAction* redo = actions[QStringLiteral("edit.redo")];
    redo->setEnabled(document_->canRedo());
    redo->setText(document_->redoText());
    const bool hasSelection = canvas_->hasSelection();
    for (const char* id : {"edit.cut", "edit.copy", "edit.duplicate", "edit.delete", "edit.heal", "edit.rename"})
        actions[QString::fromLatin1(id)]->setEnabled(hasSelection);
    const std::vector<NodeId> nodes = canvas_->selection();
    actions[QStringLiteral("graph.open")]->setEnabled(nodes.size() == 1 && document_->opens(nodes.front()));
    actions[QStringLiteral("graph.group")]->setEnabled(!nodes.empty());
    actions[QStringLiteral("graph.ungroup")]->setEnabled(nodes.size() == 1 && document_->opens(nodes.front()));
    actions[QStringLiteral("graph.back")]->setEnabled(!document_->openPath().empty());
    actions[QStringLiteral("run.cancel")]->setEnabled(run_->isRunning());
}

void MainWindow::applyTo(DocumentSession& session) const {
    session.run()->setMemoryLimit(settings_.memoryLimitBytes());
    session.run()->setThreads(settings_.threads);
    session.run()->setLive(settings_.liveRun);
}

void MainWindow::applySettings(const Settings& settings) {
    const bool isOther = !(settings == settings_);
    settings_ = settings;
    const Theme theme = themeOf(settings.theme);
    if (theme != currentTheme() || qApp->styleSheet().isEmpty()) applyTheme(theme);
    for (const Open& open : open_) applyTo(*open.session);
    (*actions_)[QStringLiteral("run.live")]->setChecked(settings.liveRun);
    const QString chosen = settings.theme == ThemeChoice::Dark    ? QStringLiteral("view.theme.dark")
                           : settings.theme == ThemeChoice::Light ? QStringLiteral("view.theme.light")
                                                                  : QStringLiteral("view.theme.system");
    (*actions_)[chosen]->setChecked(true);
    if (isOther && keepsState_) saveSettings(settings);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::ActivationChange || document_ == nullptr) return;
    if (!isActiveWindow()) return rememberView();
    files_->checkOutside();
    for (const Open& open : open_)
        open.session->run()->setPictureFormat(open.session->run()->pictureSize(), devicePixelRatioF());
}

bool MainWindow::restoreState() {
    const QSettings store;
    restoreGeometry(store.value(QStringLiteral("window/geometry")).toByteArray());
    return QMainWindow::restoreState(store.value(QStringLiteral("window/docks")).toByteArray(), kStateVersion);
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (!hasState_) panels_->placeAtUsualSizes(size());  // now that the size is known
    hasState_ = true;
}

void MainWindow::storeState() const {
    QSettings store;
    store.setValue(QStringLiteral("window/geometry"), saveGeometry());
    store.setValue(QStringLiteral("window/docks"), saveState(kStateVersion));
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier && !canvas_->hasFocus())
        canvas_->setFocus(Qt::OtherFocusReason);
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    const bool isUnsaved = std::any_of(open_.begin(), open_.end(),
                                       [](const Open& open) { return open.session->document()->isModified(); });
    if (!isClosing_ && isUnsaved) closeFrom(0);
    if (isUnsaved && !isClosing_) {  // the answers come later, or one of them was no
        event->ignore();
        return;
    }
    if (keepsState_) storeState();
    rememberView();
    for (const Open& open : open_) open.session->close();
    event->accept();
}

}  // namespace shapewise::ui
