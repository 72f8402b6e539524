// What keeps work from being lost: the journal of each session, what a crash has left, files that someone else changed,
// and how each document was looked at.

#include "ui/base/qt_text.h"
#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"
#include "ui/session/recovery.h"
#include "ui/shell/canvas_stack.h"
#include "ui/shell/main_window.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/view_state.h"

#include <QFileInfo>

#include <utility>

namespace shapewise::ui {

void MainWindow::startRecovery(std::shared_ptr<Recovery> recovery) {
    recovery_ = std::move(recovery);
    for (const Open& open : open_) recovery_->keep(open.session);
    connect(recovery_.get(), &Recovery::failed, this, [this](const QString& message, const QString& advice) {
        messages_->show(MessageBar::Kind::Warning, tr("Unsaved work is not kept: %1").arg(message),
                        tr("Everything else works. %1").arg(advice));
    });
}

void MainWindow::offerLost() {
    connect(
        recovery_.get(), &Recovery::found, this, [this](const LostDocuments& documents) { askAboutLost(documents); },
        Qt::SingleShotConnection);
    recovery_->look();
}

void MainWindow::askAboutLost(const LostDocuments& documents) {
    if (documents.empty()) return;
    std::vector<LostRow> rows;
    for (const auto& document : documents) {
        const io::Kept& state = document->state();
        LostRow row;
        row.name = toQString(state.name);
        if (!state.path.empty()) row.folder = QFileInfo(toQString(state.path)).absolutePath();
        row.time = QDateTime::fromMSecsSinceEpoch(state.time);
        row.edits = state.edits;
        rows.push_back(std::move(row));
    }
    dialogs_.lost(rows, [this, documents](LostAnswer answer, const std::vector<std::size_t>& chosen) {
        for (const std::size_t index : chosen) {
            if (answer == LostAnswer::Discard) documents[index]->discard();
            if (answer == LostAnswer::Restore) restoreLost(documents[index]);
        }
    });
}

void MainWindow::restoreLost(const std::shared_ptr<io::LostDocument>& lost) {
    const bool isFree = !document_->isModified() && document_->filePath().isEmpty() &&
                        document_->graph().nodeCount() == 0 && !files_->isOpening();
    if (isFree) return files_->restore(lost);
    // A window of its own: this one shows something already.
    auto* other = new MainWindow(settings_, givenDialogs_, keepsState_);
    other->setAttribute(Qt::WA_DeleteOnClose);
    other->startRecovery(recovery_);
    constexpr QPoint kBeside(32, 32);
    other->resize(size());
    other->move(pos() + kBeside);
    other->show();
    other->files()->restore(lost);
}

void MainWindow::followRecovery(QObject* scope) {
    connect(files_, &FileController::opened, scope, [this] {
        if (keepsState_ && !document_->filePath().isEmpty()) showView(viewParts(), storedView(document_->filePath()));
    });
    connect(files_, &FileController::restored, scope, [this](const Value& view) { showView(viewParts(), view); });
    connect(files_, &FileController::changedOutside, scope,
            [this](io::OutsideChange change) { tellOutsideChange(change); });
    connect(document_, &DocumentModel::aboutToReplace, scope, [this] { rememberView(); });
    connect(files_, &FileController::saved, scope, [this] { rememberView(); });
    session_->setViewSource([this, session = session_] { return session == session_ ? viewOf(viewParts()) : Value(); });
}

ViewParts MainWindow::viewParts() { return {document_, canvas_, panels_, this}; }

void MainWindow::rememberView() {
    if (keepsState_ && document_ != nullptr && !document_->filePath().isEmpty())
        storeView(document_->filePath(), viewOf(viewParts()));
}

void MainWindow::tellOutsideChange(io::OutsideChange change) {
    const QString name = files_->displayName();
    const bool isGone = change == io::OutsideChange::Gone;
    const QString what = isGone ? tr("%1 is no longer where it was: it was deleted, moved or renamed").arg(name)
                                : tr("%1 was changed by another program").arg(name);
    QString advice = tr("What is open here stays as it is until you choose.");
    if (!isGone && document_->isModified())
        advice = tr("Reloading gives up what is not saved here; saving would give up the change in the file.");
    std::vector<MessageBar::Button> buttons;
    if (!isGone) buttons.push_back({tr("Reload"), [this] { files_->reload(); }});
    buttons.push_back({isGone ? tr("Save There Again") : tr("Keep Mine"), [this, isGone] {
                           files_->keepOverOutside();
                           if (isGone) files_->save();
                       }});
    buttons.push_back({tr("Save As…"), [this] { files_->saveAs(); }});
    messages_->show(MessageBar::Kind::Warning, what, advice, buttons);
}

}  // namespace shapewise::ui
