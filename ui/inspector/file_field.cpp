#include "ui/inspector/file_field.h"

#include "ui/inspector/value_text.h"
#include "ui/theme/icons.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QToolButton>
#include <QUrl>

namespace shapewise::ui {

FileField::FileField(const layers::ParamSpec& spec, QWidget* parent) : Field(spec, parent), line_(new QLineEdit(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(line_, 1);
    auto* button = new QToolButton(this);
    button->setIcon(icon(QStringLiteral("open")));
    button->setToolTip(tr("Choose a file"));
    button->setAccessibleName(tr("Choose a file"));
    row->addWidget(button);
    line_->setPlaceholderText(tr("Drop a file or choose one"));
    setEditor(line_);
    connect(line_, &QLineEdit::editingFinished, this, [this] {
        if (line_->isModified()) take(parseValue(this->spec(), line_->text()));
        line_->setModified(false);
    });
    connect(button, &QToolButton::clicked, this, &FileField::browse);
}

void FileField::display(const std::optional<Value>& value) {
    line_->setText(!value ? mixedText() : value->isNone() ? QString() : valueText(spec(), *value));
    line_->setToolTip(line_->text());
}

void FileField::choose(const QString& path) {
    line_->setText(path);  // the project file makes it relative when it is saved
    line_->setModified(false);
    take(Value(line_->text().toStdString()));
}

void FileField::browse() {
    auto* dialog = new QFileDialog(this, tr("Choose File"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FileField::choose);
    dialog->open();
}

bool FileField::eventFilter(QObject* watched, QEvent* event) {
    if (watched == line_ && (event->type() == QEvent::DragEnter || event->type() == QEvent::Drop)) {
        auto* drop = static_cast<QDropEvent*>(event);
        const QList<QUrl> urls = drop->mimeData()->urls();
        if (urls.size() == 1 && urls.front().isLocalFile()) {
            drop->acceptProposedAction();
            if (event->type() == QEvent::Drop) choose(urls.front().toLocalFile());
            return true;
        }
    }
    return Field::eventFilter(watched, event);
}

}  // namespace shapewise::ui
