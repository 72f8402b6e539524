#include "ui/session/document_session.h"

#include "ui/session/autosave.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/theme/theme.h"

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

void DocumentSession::keep() {
    if (autosave_ == nullptr) return;
    if (document_->isModified())
        autosave_->changed(document_->whole());
    else
        autosave_->settled();
}

void DocumentSession::close() {
    files_->cancelOpening();
    run_->cancel();
    if (autosave_ != nullptr) autosave_->settled();
}

}  // namespace shapewise::ui
