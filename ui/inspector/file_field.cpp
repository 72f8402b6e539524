#include "ui/inspector/file_field.h"

#include "ui/inspector/value_text.h"
#include "ui/theme/icons.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QToolButton>
#include <QUrl>

namespace shapewise::ui {
namespace {

/// Between the files of a batch where they stand in one line.
const QString kBetween = QStringLiteral(" | ");

}  // namespace

FileField::FileField(const layers::ParamSpec& spec, QWidget* parent) : Field(spec, parent), line_(new QLineEdit(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(line_, 1);
    auto* button = new QToolButton(this);
    button->setIcon(icon(QStringLiteral("open")));
    button->setToolTip(tr("Choose a file, or several as one batch"));
    button->setAccessibleName(tr("Choose a file"));
    button->setPopupMode(QToolButton::MenuButtonPopup);
    auto* menu = new QMenu(button);
    connect(menu->addAction(tr("Files…")), &QAction::triggered, this, &FileField::browse);
    connect(menu->addAction(tr("Folder as One Batch…")), &QAction::triggered, this, &FileField::browseFolder);
    button->setMenu(menu);
    row->addWidget(button);
    line_->setPlaceholderText(tr("File, or folder"));
    setEditor(line_);
    connect(line_, &QLineEdit::editingFinished, this, [this] {
        if (line_->isModified()) take(parseValue(this->spec(), line_->text().replace(kBetween, QStringLiteral("\n"))));
        line_->setModified(false);
    });
    connect(button, &QToolButton::clicked, this, &FileField::browse);
}

void FileField::display(const std::optional<Value>& value) {
    const QString text = !value ? mixedText() : value->isNone() ? QString() : valueText(spec(), *value);
    line_->setToolTip(text);
    line_->setText(QString(text).replace(QChar(u'\n'), kBetween));
}

void FileField::choose(const QStringList& paths) {
    if (paths.isEmpty()) return;
    line_->setText(paths.join(kBetween));  // the project file makes them relative when it is saved
    line_->setModified(false);
    take(Value(paths.join(QChar(u'\n')).toStdString()));
}

void FileField::browse() {
    auto* dialog = new QFileDialog(this, tr("Choose One File, or Several as One Batch"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &FileField::choose);
    dialog->open();
}

void FileField::browseFolder() {
    auto* dialog = new QFileDialog(this, tr("Choose a Folder as One Batch"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::filesSelected, this, &FileField::choose);
    dialog->open();
}

bool FileField::eventFilter(QObject* watched, QEvent* event) {
    if (watched == line_ && (event->type() == QEvent::DragEnter || event->type() == QEvent::Drop)) {
        auto* drop = static_cast<QDropEvent*>(event);
        const QList<QUrl> urls = drop->mimeData()->urls();
        QStringList paths;
        for (const QUrl& url : urls)
            if (url.isLocalFile()) paths += url.toLocalFile();
        if (!paths.isEmpty() && paths.size() == urls.size()) {
            drop->acceptProposedAction();
            if (event->type() == QEvent::Drop) choose(paths);
            return true;
        }
    }
    return Field::eventFilter(watched, event);
}

}  // namespace shapewise::ui
