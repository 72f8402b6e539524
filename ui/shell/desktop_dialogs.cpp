#include "ui/shell/main_window.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

namespace shapewise::ui {
namespace {

QString openFilter() {
    return MainWindow::tr(
        "Everything Shapewise reads (*.shapewise *.json *.wav *.flac *.ogg *.aiff *.mp3 *.png *.jpg *.jpeg *.npy)"
        ";;All files (*)");
}

void askForOpening(QWidget* window, const QString& folder, FileDialogs::Chosen chosen) {
    auto* dialog = new QFileDialog(window, MainWindow::tr("Open"), folder, openFilter());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, std::move(chosen));
    dialog->open();
}

void askForSaving(QWidget* window, const QString& title, const QString& proposal, const QString& filter,
                  const QString& suffix, FileDialogs::Chosen chosen) {
    auto* dialog = new QFileDialog(window, title, QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(proposal);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, std::move(chosen));
    dialog->open();
}

void askAboutUnsaved(QWidget* window, const QString& name, std::function<void(UnsavedAnswer)> answered) {
    auto* box = new QMessageBox(QMessageBox::Warning, MainWindow::tr("Unsaved Changes"),
                                MainWindow::tr("Save the changes to %1?").arg(name),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(MainWindow::tr("Changes that are not saved are lost."));
    box->setDefaultButton(QMessageBox::Save);
    QObject::connect(box, &QDialog::finished, window, [answered = std::move(answered)](int result) {
        answered(result == QMessageBox::Save      ? UnsavedAnswer::Save
                 : result == QMessageBox::Discard ? UnsavedAnswer::Discard
                                                  : UnsavedAnswer::Cancel);
    });
    box->open();
}

}  // namespace

FileDialogs desktopDialogs(QWidget* window) {
    FileDialogs dialogs;
    dialogs.open = [window](const QString& folder, FileDialogs::Chosen chosen) {
        askForOpening(window, folder, std::move(chosen));
    };
    dialogs.save = [window](const QString& title, const QString& proposal, const QString& filter, const QString& suffix,
                            FileDialogs::Chosen chosen) {
        askForSaving(window, title, proposal, filter, suffix, std::move(chosen));
    };
    dialogs.unsaved = [window](const QString& name, std::function<void(UnsavedAnswer)> answered) {
        askAboutUnsaved(window, name, std::move(answered));
    };
    return dialogs;
}

}  // namespace shapewise::ui
