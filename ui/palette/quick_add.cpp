#include "ui/palette/quick_add.h"

#include "ui/palette/layer_list_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {
constexpr int kWidth = 300;
constexpr int kHeight = 320;
constexpr int kMargin = 8;
constexpr int kIconSize = 16;
}  // namespace

QuickAdd::QuickAdd(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("quickAdd"));
    setAccessibleName(tr("Add a layer"));
    setCursor(Qt::ArrowCursor);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(6);
    title_ = new QLabel(this);
    title_->setProperty("role", QStringLiteral("secondary"));
    title_->setFont(smallFont());
    layout->addWidget(title_);
    field_ = new QLineEdit(this);
    field_->setObjectName(QStringLiteral("quickAddField"));
    field_->setAccessibleName(tr("Layer to add"));
    field_->setPlaceholderText(tr("Type a layer, e.g. “conv”"));
    field_->addAction(icon(QStringLiteral("search"), tokens().secondaryText), QLineEdit::LeadingPosition);
    field_->installEventFilter(this);
    layout->addWidget(field_);
    list_ = new QListView(this);
    list_->setObjectName(QStringLiteral("quickAddList"));
    list_->setAccessibleName(tr("Matching layers"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    list_->setIconSize(QSize(kIconSize, kIconSize));
    list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    model_ = new LayerListModel(this);
    list_->setModel(model_);
    layout->addWidget(list_, 1);
    summary_ = new QLabel(this);
    summary_->setProperty("role", QStringLiteral("secondary"));
    summary_->setFont(smallFont());
    summary_->setWordWrap(true);
    layout->addWidget(summary_);
    connect(field_, &QLineEdit::textChanged, this, &QuickAdd::applyFilter);
    connect(list_, &QListView::clicked, this, &QuickAdd::choose);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &QuickAdd::showSummary);
    hide();
}

void QuickAdd::open(const QPoint& at, const QString& title, int rank, bool needsInput) {
    rank_ = rank;
    needsInput_ = needsInput;
    title_->setText(title);
    const QSize room = parentWidget()->size();
    resize(std::min(kWidth, room.width() - 2 * kMargin), std::min(kHeight, room.height() - 2 * kMargin));
    move(std::clamp(at.x(), kMargin, std::max(kMargin, room.width() - width() - kMargin)),
         std::clamp(at.y(), kMargin, std::max(kMargin, room.height() - height() - kMargin)));
    field_->clear();
    applyFilter({});
    show();
    raise();
    field_->setFocus(Qt::PopupFocusReason);
}

void QuickAdd::cancel() {
    if (isHidden() || isClosing_) return;
    putAway();
    Q_EMIT closed();
}

void QuickAdd::putAway() {
    isClosing_ = true;
    Q_EMIT closing();
    hide();
    isClosing_ = false;
}

void QuickAdd::applyFilter(const QString& text) {
    model_->fillFlat(text.trimmed(), rank_, needsInput_);
    list_->setCurrentIndex(model_->firstLayer());
    showSummary(list_->currentIndex());
}

void QuickAdd::choose(const QModelIndex& index) {
    const QString name = model_->classNameAt(index);
    if (name.isEmpty()) return;
    putAway();
    Q_EMIT layerChosen(name);
    Q_EMIT closed();
}

void QuickAdd::moveSelection(int rows) {
    if (model_->rowCount() == 0) return;
    const int row = std::clamp(list_->currentIndex().row() + rows, 0, model_->rowCount() - 1);
    list_->setCurrentIndex(model_->index(row, 0));
}

void QuickAdd::showSummary(const QModelIndex& index) {
    if (!index.isValid()) {
        summary_->setText(tr("No layer matches. Try another word, or Esc to close."));
        return;
    }
    summary_->setText(index.data(Qt::ToolTipRole).toString());
}

bool QuickAdd::eventFilter(QObject* watched, QEvent* event) {
    constexpr int kPage = 8;
    if (event->type() == QEvent::FocusOut && watched == field_) {
        const QWidget* next = window()->focusWidget();
        if (next != field_ && (next == nullptr || !isAncestorOf(next))) cancel();
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride && watched == field_) {
        event->accept();
        return false;
    }
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Escape: cancel(); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: choose(list_->currentIndex()); return true;
        case Qt::Key_Down:
        case Qt::Key_Tab: moveSelection(1); return true;
        case Qt::Key_Up:
        case Qt::Key_Backtab: moveSelection(-1); return true;
        case Qt::Key_PageDown: moveSelection(kPage); return true;
        case Qt::Key_PageUp: moveSelection(-kPage); return true;
        default: return QFrame::eventFilter(watched, event);
    }
}

}  // namespace shapewise::ui
