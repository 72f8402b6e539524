#include "ui/shell/lost_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace shapewise::ui {
namespace {

constexpr int kWidth = 620;
constexpr int kRowsSeen = 8;

}  // namespace

LostDialog::LostDialog(const std::vector<LostRow>& rows, QWidget* parent)
    : QDialog(parent), list_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("lostDialog"));
    setWindowTitle(tr("Restore Unsaved Work"));
    setMinimumWidth(kWidth);
    auto* words = new QLabel(rows.size() == 1 ? tr("Shapewise ended before this document was saved.")
                                              : tr("Shapewise ended before these documents were saved."),
                             this);
    words->setWordWrap(true);
    auto* advice =
        new QLabel(tr("Restoring opens the last state; the file itself stays as it is until you save."), this);
    advice->setProperty("role", QStringLiteral("secondary"));
    advice->setWordWrap(true);

    list_->setObjectName(QStringLiteral("lostList"));
    list_->setAccessibleName(tr("Documents with unsaved work"));
    list_->setRootIsDecorated(false);
    list_->setHeaderLabels({tr("Document"), tr("Folder"), tr("Last edit"), tr("Unsaved edits")});
    const QLocale locale;
    for (const LostRow& row : rows) {
        auto* item = new QTreeWidgetItem(list_);
        item->setText(0, row.name);
        item->setText(1, row.folder.isEmpty() ? tr("never saved") : row.folder);
        item->setToolTip(1, row.folder);
        item->setText(2, locale.toString(row.time, QLocale::ShortFormat));
        item->setText(3, locale.toString(row.edits));
        item->setTextAlignment(3, Qt::AlignRight | Qt::AlignVCenter);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(0, Qt::Checked);
    }
    list_->header()->setStretchLastSection(false);
    list_->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    for (const int column : {0, 2, 3}) list_->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    if (list_->topLevelItemCount() > 0) {
        list_->setCurrentItem(list_->topLevelItem(0));
        const int height = list_->sizeHintForRow(0);
        list_->setMinimumHeight(list_->header()->sizeHint().height() +
                                height * (std::min(kRowsSeen, list_->topLevelItemCount()) + 1));
    }

    auto* buttons = new QDialogButtonBox(this);
    restore_ = buttons->addButton(tr("Restore"), QDialogButtonBox::AcceptRole);
    discard_ = buttons->addButton(tr("Discard"), QDialogButtonBox::DestructiveRole);
    QPushButton* later = buttons->addButton(tr("Later"), QDialogButtonBox::RejectRole);
    restore_->setObjectName(QStringLiteral("restoreLost"));
    discard_->setObjectName(QStringLiteral("discardLost"));
    later->setToolTip(tr("Asks again at the next start"));
    restore_->setDefault(true);
    connect(restore_, &QPushButton::clicked, this, [this] {
        answer_ = LostAnswer::Restore;
        accept();
    });
    connect(discard_, &QPushButton::clicked, this, &LostDialog::discard);
    connect(later, &QPushButton::clicked, this, &QDialog::reject);
    connect(list_, &QTreeWidget::itemChanged, this, &LostDialog::updateButtons);

    auto* column = new QVBoxLayout(this);
    column->addWidget(words);
    column->addWidget(list_, 1);
    column->addWidget(advice);
    column->addWidget(buttons);
    restore_->setFocus();
}

std::vector<std::size_t> LostDialog::chosen() const {
    std::vector<std::size_t> rows;
    for (int row = 0; row < list_->topLevelItemCount(); ++row)
        if (list_->topLevelItem(row)->checkState(0) == Qt::Checked) rows.push_back(static_cast<std::size_t>(row));
    return rows;
}

void LostDialog::updateButtons() {
    const bool any = !chosen().empty();
    restore_->setEnabled(any);
    discard_->setEnabled(any);
    isSure_ = false;
    discard_->setText(tr("Discard"));
}

void LostDialog::discard() {
    if (!isSure_) {  // it cannot be taken back: asked once more, at the same place
        isSure_ = true;
        discard_->setText(tr("Discard for Good"));
        return;
    }
    answer_ = LostAnswer::Discard;
    accept();
}

}  // namespace shapewise::ui
