#include "ui/canvas/overlays/rename_field.h"

#include <QKeyEvent>
#include <QStyle>

namespace shapewise::ui {

RenameField::RenameField(QWidget* parent) : QLineEdit(parent) {
    setObjectName(QStringLiteral("renameField"));
    setAccessibleName(tr("Name of the node"));
    hide();
    connect(this, &QLineEdit::textEdited, this, &RenameField::showProblem);
}

void RenameField::open(NodeId node, const QString& name, const QRect& box) {
    node_ = node;
    setText(name);
    showProblem();
    constexpr int kLeastWidth = 140;
    setGeometry(box.x(), box.y(), std::max(kLeastWidth, box.width()), std::max(sizeHint().height(), box.height()));
    show();
    raise();
    selectAll();
    setFocus(Qt::PopupFocusReason);
}

void RenameField::cancel() { finish(false); }

void RenameField::finish(bool take) {
    if (isHidden() || isClosing_) return;
    isClosing_ = true;
    const QString why = take ? problem() : QString();
    Q_EMIT closing();
    hide();
    Q_EMIT refused(why);
    isClosing_ = false;
    const QString name = text().trimmed();
    if (take && !name.isEmpty() && problem().isEmpty()) Q_EMIT renamed(node_, name);
}

QString RenameField::problem() const {
    const QString name = text().trimmed();
    return check_ && !name.isEmpty() ? check_(node_, name) : QString();
}

void RenameField::showProblem() {
    const bool isWrong = !problem().isEmpty();
    Q_EMIT refused(problem());
    if (property("wrong").toBool() == isWrong) return;
    setProperty("wrong", isWrong);
    style()->unpolish(this);
    style()->polish(this);
}

bool RenameField::event(QEvent* event) {
    // Letters, Delete and Tab are for the text, not for the window's shortcuts.
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void RenameField::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Escape: finish(false); return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Tab:
            // A name that cannot be taken stays, with the reason beside it.
            if (problem().isEmpty())
                finish(true);
            else
                showProblem();
            return;
        default: QLineEdit::keyPressEvent(event);
    }
}

void RenameField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason) finish(true);
}

}  // namespace shapewise::ui
