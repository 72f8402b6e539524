#include "ui/shell/lost_dialog.h"
#include "ui/shell/main_window.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

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

void askForKind(QWidget* window, const QString& title, const QString& proposal, const QStringList& kinds,
                const QString& suffix, std::function<void(const QString& path, qsizetype kind)> chosen) {
    auto* dialog = new QFileDialog(window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::HideNameFilterDetails, false);
    dialog->setNameFilters(kinds);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(proposal);
    QObject::connect(dialog, &QFileDialog::fileSelected, window,
                     [dialog, kinds, chosen = std::move(chosen)](const QString& path) {
                         chosen(path, std::max<qsizetype>(kinds.indexOf(dialog->selectedNameFilter()), 0));
                     });
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

void askAboutOutside(QWidget* window, const QString& name, io::OutsideChange change,
                     std::function<void(OutsideAnswer)> answered) {
    const bool isGone = change == io::OutsideChange::Gone;
    auto* box = new QMessageBox(
        QMessageBox::Warning, MainWindow::tr("Changed by Another Program"),
        isGone ? MainWindow::tr("%1 is no longer where it was. Save it there again?").arg(name)
               : MainWindow::tr("%1 was changed by another program since it was opened. Save over it?").arg(name),
        QMessageBox::NoButton, window);
    box->setObjectName(QStringLiteral("outsideQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(isGone ? MainWindow::tr("It was deleted, moved or renamed.")
                                   : MainWindow::tr("Saving gives up the change in the file; reloading gives up "
                                                    "what is not saved here."));
    const QPushButton* over =
        box->addButton(isGone ? MainWindow::tr("Save There") : MainWindow::tr("Save Over It"), QMessageBox::AcceptRole);
    QPushButton* saveAs = box->addButton(MainWindow::tr("Save As…"), QMessageBox::AcceptRole);
    const QPushButton* reload =
        isGone ? nullptr : box->addButton(MainWindow::tr("Reload"), QMessageBox::DestructiveRole);
    box->setEscapeButton(box->addButton(QMessageBox::Cancel));
    box->setDefaultButton(saveAs);
    QObject::connect(box, &QDialog::finished, window, [box, over, saveAs, reload, answered = std::move(answered)] {
        const QAbstractButton* pressed = box->clickedButton();
        answered(pressed == nullptr  ? OutsideAnswer::Cancel
                 : pressed == over   ? OutsideAnswer::Overwrite
                 : pressed == saveAs ? OutsideAnswer::SaveAs
                 : pressed == reload ? OutsideAnswer::Reload
                                     : OutsideAnswer::Cancel);
    });
    box->open();
}

void askAboutLost(QWidget* window, const std::vector<LostRow>& rows,
                  std::function<void(LostAnswer, const std::vector<std::size_t>&)> answered) {
    auto* dialog = new LostDialog(rows, window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::finished, window,
                     [dialog, answered = std::move(answered)] { answered(dialog->answer(), dialog->chosen()); });
    dialog->open();
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
    dialogs.saveAs = [window](const QString& title, const QString& proposal, const QStringList& kinds,
                              const QString& suffix, std::function<void(const QString& path, qsizetype kind)> chosen) {
        askForKind(window, title, proposal, kinds, suffix, std::move(chosen));
    };
    dialogs.unsaved = [window](const QString& name, std::function<void(UnsavedAnswer)> answered) {
        askAboutUnsaved(window, name, std::move(answered));
    };
    dialogs.changedOutside = [window](const QString& name, io::OutsideChange change,
                                      std::function<void(OutsideAnswer)> answered) {
        askAboutOutside(window, name, change, std::move(answered));
    };
    dialogs.lost = [window](const std::vector<LostRow>& rows,
                            std::function<void(LostAnswer, const std::vector<std::size_t>&)> answered) {
        askAboutLost(window, rows, std::move(answered));
    };
    return dialogs;
}

}  // namespace shapewise::ui
