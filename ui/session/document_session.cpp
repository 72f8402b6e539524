#include "ui/session/document_session.h"

#include "ui/base/qt_text.h"
#include "ui/session/autosave.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace shapewise::ui {

DocumentSession::DocumentSession(FileDialogs dialogs, QObject* parent)
    : QObject(parent),
      document_(new DocumentModel(this)),
      run_(new RunController(document_, this)),
      files_(new FileController(document_, std::move(dialogs), this)) {
    connect(document_, &DocumentModel::changed, this, [this](const session::Change& change) {
        if (change.replaced) setSelection({});
    });
    connect(document_, &DocumentModel::historyChanged, this, &DocumentSession::keep);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, run_, &RunController::renewPictures);
}

DocumentSession::~DocumentSession() = default;

void DocumentSession::setSelection(const std::vector<NodeId>& nodes) {
    selection_ = nodes;
    Q_EMIT selectionChanged(selection_);
}

void DocumentSession::setAutosave(std::unique_ptr<Autosave> autosave) {
    autosave_ = std::move(autosave);
    keep();
}

io::Kept DocumentSession::kept() const {
    io::Kept kept;
    kept.name = files_->displayName().toStdString();
    kept.path = document_->filePath().toStdString();
    kept.stamp = files_->stamp().value();
    if (viewSource_) kept.view = viewSource_();
    const std::size_t position = document_->document().history().position();
    kept.edits = static_cast<std::int64_t>(std::max(position, settledAt_) - std::min(position, settledAt_));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    kept.time = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    if (const io::LostDocument* lost = files_->restoredFrom().get()) {
        if (kept.edits == 0) kept.time = lost->state().time;
        kept.edits += lost->state().edits;
    }
    kept.edits = std::max<std::int64_t>(kept.edits, 1);  // that of a repeated step of one place
    return kept;
}

void DocumentSession::keep() {
    if (autosave_ == nullptr) return;
    if (!document_->isModified()) {
        settledAt_ = document_->document().history().position();
        handedOver_ = nullptr;
        autosave_->settled();
        return;
    }
    const std::shared_ptr<io::LostDocument>& lost = files_->restoredFrom();
    if (lost != nullptr && handedOver_ != lost.get()) {
        handedOver_ = lost.get();
        settledAt_ = document_->document().history().position();
        autosave_->takeOver(lost);
    }
    autosave_->changed(document_->whole());
}

void DocumentSession::close() {
    files_->cancelOpening();
    run_->cancel();
    if (autosave_ != nullptr) autosave_->settled();
}

}  // namespace shapewise::ui
