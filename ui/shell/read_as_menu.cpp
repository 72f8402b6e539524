#include "ui/shell/read_as_menu.h"

#include "core/io/keras/keras_dialect.h"
#include "ui/base/qt_text.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"

#include <QToolButton>

namespace shapewise::ui {

ReadAsMenu::ReadAsMenu(QWidget* parent) : QMenu(tr("Read As"), parent), button_(new QToolButton(parent)) {
    setObjectName(QStringLiteral("readAsMenu"));
    setToolTipsVisible(true);
    button_->setObjectName(QStringLiteral("statusDialect"));
    button_->setAutoRaise(true);
    button_->setPopupMode(QToolButton::InstantPopup);
    button_->setMenu(this);
    button_->hide();
    menuAction()->setEnabled(false);
    for (const layers::DialectRow& row : layers::dialects()) {
        QAction* action = addAction(toQString(row.title));
        action->setCheckable(true);
        action->setData(static_cast<int>(row.dialect));
        connect(action, &QAction::triggered, this, [this, dialect = row.dialect] {
            if (session_) session_->files()->readAs(dialect);
            refresh();  // the tick stays where it is until the file has been read
        });
    }
}

void ReadAsMenu::setSession(DocumentSession* session) {
    if (session_) {
        session_->document()->disconnect(this);
        session_->files()->disconnect(this);
    }
    session_ = session;
    connect(session->document(), &DocumentModel::historyChanged, this, &ReadAsMenu::refresh);
    connect(session->files(), &FileController::displayNameChanged, this, &ReadAsMenu::refresh);
    connect(session->files(), &FileController::opened, this, &ReadAsMenu::refresh);
    refresh();
}

void ReadAsMenu::refresh() {
    if (!session_) return;
    const std::optional<io::ReadDialect> read = io::readDialect(session_->document()->whole());
    const bool canRead = session_->files()->canReadAs();
    menuAction()->setEnabled(canRead);
    for (QAction* action : actions()) {
        action->setChecked(read && action->data().toInt() == static_cast<int>(read->dialect));
        action->setEnabled(canRead);
    }
    button_->setVisible(read.has_value());
    if (!read) return;
    const QString title = toQString(layers::dialectRow(read->dialect).title);
    button_->setText(read->guess.empty() ? title : tr("%1?").arg(title));
    QString tip = tr("Read as %1.").arg(toQString(read->text()));
    if (!read->guess.empty()) tip += QChar(u' ') + tr("Why a guess: %1.").arg(toQString(read->guess));
    tip += QChar(u' ') + (canRead ? tr("Choose another to read the file again with its defaults and formulas.")
                                  : tr("Open the Keras file itself to read it as another."));
    button_->setToolTip(tip);
    button_->setAccessibleName(tr("Dialect: %1").arg(title));
}

}  // namespace shapewise::ui
