#include "ui/inspector/field.h"

#include "ui/base/qt_text.h"
#include "ui/inspector/choice_fields.h"
#include "ui/inspector/file_field.h"
#include "ui/inspector/layer_field.h"
#include "ui/inspector/text_fields.h"
#include "ui/inspector/value_text.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStyle>
#include <QVariant>

namespace shapewise::ui {

namespace {

/// Where the text of an editor is typed; null for those without text.
QLineEdit* lineOf(QWidget* editor) {
    auto* line = qobject_cast<QLineEdit*>(editor);
    if (line == nullptr && (qobject_cast<QAbstractSpinBox*>(editor) != nullptr || qobject_cast<QComboBox*>(editor)))
        line = editor->findChild<QLineEdit*>();
    return line;
}

}  // namespace

Field::Field(const layers::ParamSpec& spec, QWidget* parent) : QWidget(parent), spec_(spec) {}

void Field::present(const std::optional<Value>& value) {
    if (hasShown_ && shown_ == value) return;
    restore(value);
}

void Field::restore(const std::optional<Value>& value) {
    shown_ = value;
    hasShown_ = true;
    setWrong(false);
    display(value);
}

void Field::take(const Result<Value>& value) {
    if (!value) {
        setWrong(true);
        Q_EMIT unreadable(toQString(value.error().text()));
        return;
    }
    shown_ = *value;
    setWrong(false);
    Q_EMIT edited(*value);
}

void Field::setWrong(bool wrong) {
    for (QWidget* editor : editors_) {
        if (editor->property("wrong").toBool() == wrong) continue;
        editor->setProperty("wrong", wrong);
        editor->style()->unpolish(editor);
        editor->style()->polish(editor);
    }
}

void Field::setEditor(QWidget* editor) {
    editors_ += editor;
    if (focusProxy() == nullptr) setFocusProxy(editor);
    editor->setAccessibleName(labelOf(spec_));
    editor->setToolTip(toQString(spec_.help));
    editor->installEventFilter(this);
    if (QLineEdit* line = lineOf(editor); line != nullptr && line != editor) line->installEventFilter(this);
}

/// What is typed next replaces what stands there: after the keyboard came, and after Enter.
void Field::selectText(QWidget* editor, const QEvent& event) {
    QLineEdit* line = lineOf(editor);
    if (line == nullptr) return;
    const auto selectAll = [line] { QMetaObject::invokeMethod(line, &QLineEdit::selectAll, Qt::QueuedConnection); };
    switch (event.type()) {
        case QEvent::FocusIn:
            selectsOnRelease_ = static_cast<const QFocusEvent&>(event).reason() == Qt::MouseFocusReason;
            if (!selectsOnRelease_) line->selectAll();
            break;
        case QEvent::MouseButtonRelease:
            if (selectsOnRelease_ && !line->hasSelectedText()) line->selectAll();
            selectsOnRelease_ = false;
            break;
        case QEvent::KeyPress: {
            const int key = static_cast<const QKeyEvent&>(event).key();
            if (key == Qt::Key_Return || key == Qt::Key_Enter) selectAll();
            break;
        }
        default: break;
    }
}

bool Field::eventFilter(QObject* watched, QEvent* event) {
    auto* editor = qobject_cast<QWidget*>(watched);
    if (editor != nullptr) selectText(editor, *event);
    if (event->type() == QEvent::FocusIn) Q_EMIT focused();
    if (event->type() == QEvent::FocusOut) Q_EMIT left();
    if (event->type() == QEvent::ShortcutOverride) {
        // The document's undo, not the one of the text field: what is typed is in the document already.
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

QString mixedText() { return QStringLiteral("—"); }

Field* makeField(const layers::ParamSpec& spec, QWidget* parent) {
    using layers::ParamKind;
    switch (spec.kind) {
        case ParamKind::Integer:
        case ParamKind::Real: return new NumberField(spec, parent);
        case ParamKind::Boolean: return new CheckField(spec, parent);
        case ParamKind::Choice:
        case ParamKind::Activation: return new ChoiceField(spec, parent);
        case ParamKind::Window: return new SuggestionField(spec, parent);
        case ParamKind::Spatial: return new SpatialField(spec, parent);
        case ParamKind::FilePath: return new FileField(spec, parent);
        case ParamKind::Layer: return new LayerField(spec, parent);
        case ParamKind::Text:
            if (!spec.choices.empty()) return new SuggestionField(spec, parent);
            break;
        case ParamKind::IntegerList:
        case ParamKind::Sizes:
        case ParamKind::Padding:
        case ParamKind::Any: break;
    }
    return new TextField(spec, parent);
}

}  // namespace shapewise::ui
