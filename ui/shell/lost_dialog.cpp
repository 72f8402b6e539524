#include "ui/shell/lost_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScreen>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr int kWidth = 620;
constexpr double kShareOfScreen = 0.8;  ///< as wide as names and folders ask for, up to this
constexpr int kRowMargins = 8;
constexpr int kRowsSeen = 8;

}  // namespace

LostDialog::LostDialog(const std::vector<LostRow>& rows, QWidget* parent)
    : QDialog(parent), list_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("lostDialog"));
    setWindowTitle(tr("Restore Unsaved Work"));
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
        item->setToolTip(0, row.name);
        item->setToolTip(1, row.folder);
        item->setText(2, locale.toString(row.time, QLocale::ShortFormat));
        item->setText(3, locale.toString(row.edits));
        item->setTextAlignment(3, Qt::AlignRight | Qt::AlignVCenter);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(0, Qt::Checked);
        item->setSizeHint(0, {-1, fontMetrics().height() + kRowMargins});
    }
    list_->setTextElideMode(Qt::ElideMiddle);  // names often differ at their end
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    if (list_->topLevelItemCount() > 0) list_->setCurrentItem(list_->topLevelItem(0));
    fitColumns();

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
    column->addWidget(list_);
    column->addWidget(advice);
    column->addWidget(buttons);
    column->addStretch(1);
    restore_->setFocus();
}

/// As high as its rows up to `kRowsSeen`, and as wide as its texts; where the screen is narrower, name and folder share
/// it.
void LostDialog::fitColumns() {
    ensurePolished();
    list_->ensurePolished();
    QHeaderView* header = list_->header();
    header->setStretchLastSection(false);
    for (const int column : {2, 3}) header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    const int rows = std::clamp(list_->topLevelItemCount(), 1, kRowsSeen);
    const int frame = 2 * list_->frameWidth();
    const int row = std::max(list_->sizeHintForRow(0), fontMetrics().height() + kRowMargins);
    list_->setFixedHeight(header->sizeHint().height() + rows * row + frame);

    const auto wanted = [&](int column) {
        list_->resizeColumnToContents(column);
        return header->sectionSize(column);
    };
    const int name = wanted(0);
    const int folder = wanted(1);
    const int rest = wanted(2) + wanted(3) + frame + style()->pixelMetric(QStyle::PM_ScrollBarExtent) + kRowMargins;
    const int most = std::max(kWidth, static_cast<int>(screen()->availableGeometry().width() * kShareOfScreen));
    const int width = std::clamp(name + folder + rest, kWidth, most);
    list_->setMinimumWidth(width - 2 * kRowMargins);
    const int room = width - 2 * kRowMargins - rest;
    header->setSectionResizeMode(0, QHeaderView::Interactive);
    header->setSectionResizeMode(1, QHeaderView::Stretch);
    header->resizeSection(0, std::min(name, std::max(room / 2, room - folder)));
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
