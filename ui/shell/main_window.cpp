#include "ui/shell/main_window.h"

#include "ui/base/qt_text.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/breadcrumbs.h"
#include "ui/diagnostics/problems_panel.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/palette/palette_dock.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/examples.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/status_bar.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"
#include "ui/viewers/activations_view.h"
#include "ui/viewers/summary_table.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kPaletteWidth = 232;
constexpr int kInspectorWidth = 352;
constexpr int kBottomHeight = 286;
constexpr double kBottomShare = 0.3;  // of the window's height at most
constexpr QSize kUsualSize{1440, 900};
constexpr QSize kSmallestSize{900, 560};
constexpr int kStateVersion = 1;
constexpr qsizetype kComparedText = 80;  // of a message: long ones are shown cut

QDockWidget* makeDock(QMainWindow* window, const QString& name, const QString& title, QWidget* content) {
    auto* dock = new QDockWidget(title, window);
    dock->setObjectName(name);
    dock->setFeatures(QDockWidget::DockWidgetClosable);
    dock->setTitleBarWidget(new QWidget(dock));  // the tabs inside say what it is
    dock->setWidget(content);
    return dock;
}

/// Why the first data node gave nothing, as when its file is damaged; empty when all did.
QString firstFailure(const DocumentModel& document, const exec::RunReport& report) {
    QString text;
    document.graph().forEach([&](const graph::Node& node) {
        const auto ran = report.nodes.find(node.id);
        const bool isSource = node.inputs.empty() && document.analysis()[node.id].isKnown();
        if (!text.isEmpty() || !isSource || ran == report.nodes.end() || !ran->second.outputs.empty()) return;
        if (!ran->second.problem.empty()) text = toQString(node.name + ": " + ran->second.problem);
    });
    return text;
}

}  // namespace

MainWindow::MainWindow(const Settings& settings, FileDialogs dialogs, bool keepsState)
    : settings_(settings), keepsState_(keepsState) {
    setObjectName(QStringLiteral("mainWindow"));
    setMinimumSize(kSmallestSize);
    resize(kUsualSize);
    makeParts(dialogs.open ? std::move(dialogs) : desktopDialogs(this));
    makeDocks();
    makeActions();
    makeMenus();
    makeToolBar();
    connectDocument();
    connectCanvas();
    connectPanels();
    connectRun();
    connectFiles();
    applySettings(settings);
    placeDocks();
    hasState_ = keepsState_ && restoreState();
    updateTitle();
    updateActions();
    followSelection({});
    canvas_->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeParts(FileDialogs dialogs) {
    document_ = new DocumentModel(this);
    run_ = new RunController(document_, this);
    files_ = new FileController(document_, std::move(dialogs), this);
    auto* middle = new QWidget(this);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    messages_ = new MessageBar(middle);
    canvas_ = new CanvasView(document_, middle);
    breadcrumbs_ = new Breadcrumbs(document_, middle);
    column->addWidget(messages_);
    column->addWidget(breadcrumbs_);
    column->addWidget(canvas_, 1);
    setCentralWidget(middle);
    status_ = new StatusBar(document_, run_, this);
    setStatusBar(status_);
    files_->setPlaceForNew([this] { return canvas_->placeForNew(); });
}

void MainWindow::makeDocks() {
    palette_ = new PaletteDock(this);
    palette_->setObjectName(QStringLiteral("layersDock"));
    inspector_ = new InspectorPanel(document_, this);
    inspectorDock_ = makeDock(this, QStringLiteral("inspectorDock"), tr("Inspector"), inspector_);
    bottom_ = new QTabWidget(this);
    bottom_->setDocumentMode(true);
    problems_ = new ProblemsPanel(document_, bottom_);
    activations_ = new ActivationsView(bottom_);
    activations_->setDocument(document_);
    auto* scroll = new QScrollArea(bottom_);  // its row of choices may be wider than a small window
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(activations_);
    activationsPage_ = scroll;
    summary_ = new SummaryTable(document_, bottom_);
    bottom_->addTab(problems_, tr("Problems"));
    bottom_->addTab(scroll, tr("Activations"));
    bottom_->addTab(summary_, tr("Summary"));
    bottomDock_ = makeDock(this, QStringLiteral("resultsDock"), tr("Problems and Results"), bottom_);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    addDockWidget(Qt::LeftDockWidgetArea, palette_);
    addDockWidget(Qt::RightDockWidgetArea, inspectorDock_);
    addDockWidget(Qt::BottomDockWidgetArea, bottomDock_);
    updateProblemTab(problems_->model()->counts());
}

void MainWindow::placeDocks() {
    resizeDocks({palette_, inspectorDock_}, {kPaletteWidth, kInspectorWidth}, Qt::Horizontal);
    resizeDocks({bottomDock_}, {std::min(kBottomHeight, static_cast<int>(height() * kBottomShare))}, Qt::Vertical);
}

void MainWindow::connectDocument() {
    connect(document_, &DocumentModel::historyChanged, this, [this] {
        updateTitle();
        updateActions();
    });
    connect(document_, &DocumentModel::changed, this, [this](const session::Change& change) {
        if (change.replaced) followSelection({});
    });
    connect(document_, &DocumentModel::groupChanged, this, [this](NodeId left) {
        if (left.isValid()) canvas_->select({left});
        canvas_->setFocus();
        updateActions();
    });
}

void MainWindow::connectCanvas() {
    connect(canvas_, &CanvasView::selectionChanged, this, &MainWindow::followSelection);
    connect(canvas_, &CanvasView::nodeActivated, this, [this](NodeId node) {
        inspectorDock_->show();
        canvas_->select({node});
        inspector_->editProperties();
    });
    connect(canvas_, &CanvasView::explainRequested, this, &MainWindow::explain);
    connect(canvas_, &CanvasView::filesDropped, files_, &FileController::drop);
    connect(canvas_, &CanvasView::kerasCodeRequested, this, &MainWindow::copyKerasCode);
    connect(canvas_, &CanvasView::exampleRequested, this, [this](int index) {
        const std::vector<Example> list = examples();
        if (index >= 0 && static_cast<std::size_t>(index) < list.size())
            files_->openExample(list[static_cast<std::size_t>(index)].resource);
    });
    connect(canvas_, &CanvasView::hintChanged, status_, &StatusBar::showHint);
    connect(canvas_, &CanvasView::noticeShown, status_, &StatusBar::showNotice);
    connect(palette_, &PaletteDock::layerChosen, canvas_, [this](const QString& className) {
        const NodeId node = canvas_->addNode(className);
        if (node.isValid()) canvas_->select({node});
    });
}

void MainWindow::connectPanels() {
    connect(problems_, &ProblemsPanel::revealRequested, this, &MainWindow::reveal);
    connect(problems_, &ProblemsPanel::explanationShown, this, [this] {
        bottomDock_->show();
        bottom_->setCurrentWidget(problems_);
    });
    connect(problems_->model(), &DiagnosticsModel::countsChanged, this, &MainWindow::updateProblemTab);
    connect(inspector_, &InspectorPanel::hintChanged, status_, &StatusBar::showHint);
    connect(activations_, &ActivationsView::readOutChanged, status_, &StatusBar::showHint);
    connect(activations_, &ActivationsView::exportRequested, files_, &FileController::exportFile);
    connect(inspector_, &InspectorPanel::exportRequested, files_, &FileController::exportFile);
    connect(summary_, &SummaryTable::nodesChosen, canvas_, &CanvasView::select);
    connect(summary_->model(), &SummaryModel::updated, status_,
            [this] { status_->showCosts(summary_->model()->costs()); });
    status_->showCosts(summary_->model()->costs());
}

void MainWindow::connectRun() {
    connect(run_, &RunController::pictureReady, canvas_, &CanvasView::setThumbnail);
    connect(run_, &RunController::finished, this, [this] {
        inspector_->setRun(run_->report());
        activations_->setRun(run_->report());
        summary_->setRun(run_->report());
    });
    connect(run_, &RunController::finished, this, [this, told = std::make_shared<QString>()] {
        const QString failure = firstFailure(*document_, *run_->report());
        if (failure == *told) return;  // said once, and closed perhaps
        if (!failure.isEmpty())
            messages_->show(MessageBar::Kind::Error, failure);
        else if (told->startsWith(messages_->text().left(kComparedText)))
            messages_->hide();
        *told = failure;
    });
    connect(run_, &RunController::outdated, this, [this] {
        if (run_->report() != nullptr) return;
        canvas_->clearThumbnails();
        inspector_->setRun(nullptr);
        activations_->setRun(nullptr);
        summary_->setRun(nullptr);
    });
    connect(run_, &RunController::refused, this, &MainWindow::showRefusal);
    for (const auto signal : {&RunController::started, &RunController::finished, &RunController::cancelled})
        connect(run_, signal, this, &MainWindow::updateActions);
    connect(run_, &RunController::refused, this, &MainWindow::updateActions);
    connect(status_, &StatusBar::cancelRequested, this, [this] {
        run_->cancel();
        files_->cancelOpening();
    });
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, run_, &RunController::renewPictures);
}

void MainWindow::connectFiles() {
    connect(files_, &FileController::displayNameChanged, this, &MainWindow::updateTitle);
    connect(files_, &FileController::workChanged, status_, &StatusBar::showWork);
    connect(files_, &FileController::recentFilesChanged, this, &MainWindow::fillRecentFiles);
    connect(files_, &FileController::saved, status_,
            [this](const QString& path) { status_->showNotice(tr("Saved %1").arg(path)); });
    connect(files_, &FileController::failed, this, [this](const QString& message, const QString& advice) {
        messages_->show(MessageBar::Kind::Error, message, advice);
    });
    connect(files_, &FileController::nodesAdded, this, [this](const std::vector<NodeId>& nodes) {
        messages_->hide();
        canvas_->select(nodes);
    });
    connect(files_, &FileController::opened, this, [this](const QString& name, const QStringList& notes) {
        messages_->hide();
        if (notes.isEmpty()) return;
        const QString text = notes.size() == 1 ? tr("%1 is open with 1 note").arg(name)
                                               : tr("%1 is open with %2 notes").arg(name).arg(notes.size());
        messages_->showList(MessageBar::Kind::Note, text, notes);
    });
}

void MainWindow::followSelection(const std::vector<NodeId>& nodes) {
    inspector_->setSelection(nodes);
    activations_->showNode(nodes.empty() ? NodeId() : nodes.front());
    summary_->setSelection(nodes);
    updateActions();
}

void MainWindow::reveal(const diag::Diagnostic& diagnostic) {
    // A double click may ask twice: by the second time a group may be open, and the problem is none of its graph.
    const std::vector<diag::Diagnostic>& present = document_->diagnostics();
    if (std::none_of(present.begin(), present.end(),
                     [&](const diag::Diagnostic& d) { return d.key == diagnostic.key; }))
        return;
    NodeId node = diagnostic.node;
    // What is wrong inside a group is shown there.
    bool isInside = diagnostic.code == diag::Code::NestedLayer;
    while (isInside && document_->opens(node) && document_->openGroup(node)) {
        const std::vector<diag::Diagnostic>& inside = document_->diagnostics();
        if (inside.empty()) break;
        node = inside.front().node;
        isInside = inside.front().code == diag::Code::NestedLayer;
    }
    canvas_->reveal(node);
    canvas_->setFocus();
}

void MainWindow::explain(diag::Code code) { problems_->explain(code); }

void MainWindow::showActivations() { bottom_->setCurrentWidget(activationsPage_); }

void MainWindow::focusPanel(int step) {
    const std::array<std::pair<QWidget*, QWidget*>, 4> panels{{{palette_, palette_->focusTarget()},
                                                               {canvas_, canvas_},
                                                               {inspectorDock_, inspector_->tabBar()},
                                                               {bottomDock_, bottom_->tabBar()}}};
    const int count = static_cast<int>(panels.size());
    const auto has = [](const QWidget* panel) {
        return panel->hasFocus() || panel->isAncestorOf(QApplication::focusWidget());
    };
    const auto now = std::find_if(panels.begin(), panels.end(), [&](const auto& panel) { return has(panel.first); });
    int index = now == panels.end() ? 0 : static_cast<int>(now - panels.begin());
    for (int tries = 0; tries < count; ++tries) {
        index = (index + step + count) % count;
        const auto& [panel, target] = panels[static_cast<std::size_t>(index)];
        if (panel->isHidden()) continue;
        target->setFocus(Qt::TabFocusReason);
        return;
    }
}

void MainWindow::showRefusal(const QString& message, const QString& advice) {
    const QString shown = message;
    // It is no longer true once a run has come to its end.
    connect(
        run_, &RunController::finished, messages_,
        [this, shown] {
            if (messages_->text().contains(shown)) messages_->hide();
        },
        Qt::SingleShotConnection);
    messages_->show(MessageBar::Kind::Error, message, advice, {{tr("Change the Limit"), [this] { openSettings(); }}});
}

void MainWindow::updateTitle() {
    setWindowTitle(QStringLiteral("%1[*] — Shapewise").arg(files_->displayName()));
    setWindowModified(document_->isModified());
    breadcrumbs_->setProjectName(files_->displayName());
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

void MainWindow::updateProblemTab(const ProblemCounts& counts) {
    QTabBar* bar = bottom_->tabBar();
    QString html;
    const auto add = [&html](int count, diag::Severity severity) {
        if (count > 0)
            html += QStringLiteral("<b style='color:%1'>%2</b> ").arg(severityColor(severity).name()).arg(count);
    };
    add(counts.errors, diag::Severity::Error);
    add(counts.warnings, diag::Severity::Warning);
    add(counts.hints, diag::Severity::Hint);
    auto* label = qobject_cast<QLabel*>(bar->tabButton(0, QTabBar::RightSide));
    if (label == nullptr) {
        label = new QLabel(bar);
        label->setObjectName(QStringLiteral("problemCounts"));
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    label->setText(html.trimmed());
    label->setToolTip(tr("%1 errors, %2 warnings, %3 hints").arg(counts.errors).arg(counts.warnings).arg(counts.hints));
    label->adjustSize();
    bar->setTabButton(0, QTabBar::RightSide, counts.all() > 0 ? label : nullptr);
    label->setVisible(counts.all() > 0);
}

void MainWindow::applySettings(const Settings& settings) {
    const bool isOther = !(settings == settings_);
    settings_ = settings;
    const Theme theme = themeOf(settings.theme);
    if (theme != currentTheme() || qApp->styleSheet().isEmpty()) applyTheme(theme);
    run_->setMemoryLimit(settings.memoryLimitBytes());
    run_->setThreads(settings.threads);
    run_->setLive(settings.liveRun);
    (*actions_)[QStringLiteral("run.live")]->setChecked(settings.liveRun);
    const QString chosen = settings.theme == ThemeChoice::Dark    ? QStringLiteral("view.theme.dark")
                           : settings.theme == ThemeChoice::Light ? QStringLiteral("view.theme.light")
                                                                  : QStringLiteral("view.theme.system");
    (*actions_)[chosen]->setChecked(true);
    if (isOther && keepsState_) saveSettings(settings);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow() && run_ != nullptr)
        run_->setPictureFormat(run_->pictureSize(), devicePixelRatioF());
}

bool MainWindow::restoreState() {
    const QSettings store;
    restoreGeometry(store.value(QStringLiteral("window/geometry")).toByteArray());
    return QMainWindow::restoreState(store.value(QStringLiteral("window/docks")).toByteArray(), kStateVersion);
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (!hasState_) placeDocks();  // now that the size is known
    hasState_ = true;
}

void MainWindow::storeState() const {
    QSettings store;
    store.setValue(QStringLiteral("window/geometry"), saveGeometry());
    store.setValue(QStringLiteral("window/docks"), saveState(kStateVersion));
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!isClosing_ && document_->isModified()) {
        event->ignore();
        files_->confirmUnsaved([this] {
            isClosing_ = true;
            close();
        });
        return;
    }
    if (keepsState_) storeState();
    files_->cancelOpening();
    run_->cancel();
    event->accept();
}

}  // namespace shapewise::ui
