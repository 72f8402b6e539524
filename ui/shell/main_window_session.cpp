// The sessions of the window: which there are, which one is shown, and what is heard of it.

#include "core/exec/not_finite.h"
#include "core/graph/topology.h"
#include "ui/base/qt_text.h"
#include "ui/canvas/canvas_view.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/session/document_model.h"
#include "ui/session/recovery.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/canvas_stack.h"
#include "ui/shell/examples.h"
#include "ui/shell/main_window.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/read_as_menu.h"
#include "ui/shell/run_toolbar.h"
#include "ui/shell/status_bar.h"

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr qsizetype kComparedText = 80;  // of a message: long ones are shown cut

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

/// Where NaN or infinite values come into the numbers; empty when all are finite.
QString firstNotFinite(const DocumentModel& document, const exec::RunReport& report) {
    graph::TopologicalOrder order = graph::topologicalOrder(document.graph());
    const std::vector<NodeId> starts = exec::notFiniteStarts(report, order.nodes);
    if (starts.empty()) return {};
    const graph::Node* node = document.graph().find(starts.front());
    if (node == nullptr) return {};
    QString text = MainWindow::tr("NaN or infinite values first appear at %1: %2")
                       .arg(toQString(node->name), toQString(exec::notFiniteText(report.nodes.at(node->id))));
    if (starts.size() > 1) text += MainWindow::tr(" (and at %n more)", nullptr, static_cast<int>(starts.size()) - 1);
    return text;
}

}  // namespace

std::vector<DocumentSession*> MainWindow::sessions() const {
    std::vector<DocumentSession*> all;
    for (const Open& open : open_) all.push_back(open.session);
    return all;
}

MainWindow::Open& MainWindow::openOf(const DocumentSession* session) {
    return *std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.session == session; });
}

DocumentSession* MainWindow::addSession() {
    auto* session = new DocumentSession(dialogs_, this);
    open_.push_back({session, {}});
    applyTo(*session);
    session->run()->setPictureFormat(session->run()->pictureSize(), devicePixelRatioF());
    followAlways(session);
    if (recovery_ != nullptr) recovery_->keep(session);
    return session;
}

void MainWindow::followAlways(DocumentSession* session) {
    const FileController* files = session->files();
    connect(files, &FileController::failed, this, [this](const QString& message, const QString& advice) {
        messages_->show(MessageBar::Kind::Error, message, advice);
    });
    connect(files, &FileController::saved, status_,
            [this](const QString& path) { status_->showNotice(tr("Saved %1").arg(path)); });
    connect(files, &FileController::fileUsed, this, [this](const QString& path) {
        addRecentFile(path);
        fillRecentFiles();
    });
}

void MainWindow::setSession(DocumentSession* session) {
    if (session == session_) return;
    if (session_ != nullptr) {
        rememberView();
        messages_->hide();  // what it says is of the one before
    }
    scope_ = std::make_unique<QObject>();
    session_ = session;
    document_ = session->document();
    run_ = session->run();
    files_ = session->files();
    canvases_->setSession(session);
    canvas_ = canvases_->canvas();
    followDocument(scope_.get());
    followCanvas(scope_.get());
    followRun(scope_.get());
    followFiles(scope_.get());
    followRecovery(scope_.get());
    status_->setSession(session);
    readAs_->setSession(session);
    runSettings_->setSession(session);
    panels_->setSession(session);
    updateTitle();
    updateActions();
    canvas_->setFocus();
}

void MainWindow::followDocument(QObject* scope) {
    connect(document_, &DocumentModel::historyChanged, scope, [this] {
        updateTitle();
        updateActions();
    });
    connect(document_, &DocumentModel::groupChanged, scope, [this] {
        canvas_->setFocus();
        updateActions();
    });
    connect(session_, &DocumentSession::selectionChanged, scope, [this] { updateActions(); });
}

void MainWindow::followCanvas(QObject* scope) {
    connect(canvas_, &CanvasView::nodeActivated, scope, [this](NodeId node) {
        panels_->raise(inspector_);
        canvas_->select({node});
        inspector_->editProperties();
    });
    connect(canvas_, &CanvasView::explainRequested, scope, [this](diag::Code code) { explain(code); });
    connect(canvas_, &CanvasView::kerasCodeRequested, scope,
            [this](const std::vector<NodeId>& nodes) { copyKerasCode(nodes); });
    connect(canvas_, &CanvasView::exampleRequested, scope, [this](int index) {
        const std::vector<Example> list = examples();
        if (index >= 0 && static_cast<std::size_t>(index) < list.size())
            files_->openExample(list[static_cast<std::size_t>(index)].resource);
    });
    connect(canvas_, &CanvasView::hintChanged, scope, [this](const QString& hint) { status_->showHint(hint); });
    connect(canvas_, &CanvasView::noticeShown, scope, [this](const QString& text) { status_->showNotice(text); });
}

void MainWindow::followRun(QObject* scope) {
    connect(run_, &RunController::finished, scope, [this] { tellFailure(); });
    connect(run_, &RunController::refused, scope,
            [this](const QString& message, const QString& advice) { showRefusal(message, advice); });
    for (const auto signal : {&RunController::started, &RunController::finished, &RunController::cancelled})
        connect(run_, signal, scope, [this] { updateActions(); });
    connect(run_, &RunController::refused, scope, [this] { updateActions(); });
}

void MainWindow::tellFailure() {
    QString& told = openOf(session_).toldFailure;
    const QString broken = firstFailure(*document_, *run_->report());
    const QString failure = broken.isEmpty() ? firstNotFinite(*document_, *run_->report()) : broken;
    if (failure == told) return;
    if (!failure.isEmpty())
        messages_->show(broken.isEmpty() ? MessageBar::Kind::Warning : MessageBar::Kind::Error, failure);
    else if (told.startsWith(messages_->text().left(kComparedText)))
        messages_->hide();
    told = failure;
}

void MainWindow::showRefusal(const QString& message, const QString& advice) {
    // It is no longer true once a run has come to its end.
    connect(
        run_, &RunController::finished, scope_.get(),
        [this, shown = message] {
            if (messages_->text().contains(shown)) messages_->hide();
        },
        Qt::SingleShotConnection);
    messages_->show(MessageBar::Kind::Error, message, advice, {{tr("Change the Limit"), [this] { openSettings(); }}});
}

void MainWindow::followFiles(QObject* scope) {
    connect(files_, &FileController::displayNameChanged, scope, [this] { updateTitle(); });
    connect(files_, &FileController::workChanged, scope, [this](const QString& text) { status_->showWork(text); });
    connect(files_, &FileController::nodesAdded, scope, [this] { messages_->hide(); });
    connect(files_, &FileController::opened, scope, [this](const QString& name, const QStringList& notes) {
        messages_->hide();
        if (notes.isEmpty()) return;
        const QString text = notes.size() == 1 ? tr("%1 is open with 1 note").arg(name)
                                               : tr("%1 is open with %2 notes").arg(name).arg(notes.size());
        messages_->showList(MessageBar::Kind::Note, text, notes);
    });
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

void MainWindow::closeSession(DocumentSession* session) {
    if (session->document()->isModified()) setSession(session);  // what is asked about is to be seen
    session->files()->confirmUnsaved([this, session] { remove(session); });
}

void MainWindow::remove(DocumentSession* session) {
    const auto found =
        std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.session == session; });
    if (found == open_.end()) return;
    if (session == session_) rememberView();
    session->close();
    const auto index = static_cast<std::size_t>(found - open_.begin());
    if (open_.size() == 1) addSession();
    if (session == session_) setSession(open_[index + 1 < open_.size() ? index + 1 : index - 1].session);
    canvases_->remove(session);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
    session->deleteLater();  // it may be what asked
}

void MainWindow::closeFrom(std::size_t index) {
    for (; index < open_.size(); ++index) {
        DocumentSession* session = open_[index].session;
        if (!session->document()->isModified()) continue;
        setSession(session);
        session->files()->confirmUnsaved([this, index] { closeFrom(index + 1); });
        return;
    }
    isClosing_ = true;
    close();
}

}  // namespace shapewise::ui
