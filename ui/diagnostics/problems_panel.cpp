#include "ui/diagnostics/problems_panel.h"

#include "ui/base/wording.h"
#include "ui/diagnostics/explain_pane.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr std::size_t kMostButtons = 2;  // further repairs are in the menu behind them
constexpr int kRoomStep = 40;            // buttons are made again when their room has changed by so much
constexpr int kLeastRoom = 160;
constexpr int kButtonSpacing = 6;
constexpr int kButtonMargin = 5;  // above and below
constexpr int kSeverityWidth = 96;
constexpr int kWidestWhere = 200;
constexpr int kWherePadding = 24;
constexpr int kWidthForWhere = 720;  ///< a narrower list has no room for a column that the message repeats
constexpr int kRowPadding = 12;
constexpr int kTextMargins =
    28;  ///< left and right of a cell, with the padding of the theme, which the hint of QTableView leaves out
constexpr int kWidthForBoth = 1200;

/// A row is as high as its message at the width of that column, and as its buttons.
class RowDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        if (index.column() != DiagnosticsModel::Message) return {};
        const QRect room(0, 0, option.rect.width() - kTextMargins, 0);
        const QString message = index.data().toString();
        return option.fontMetrics.boundingRect(room, Qt::TextWordWrap, message).size() + QSize(0, kRowPadding);
    }
};

QTableView* makeTable(QWidget* parent, QAbstractItemModel* model) {
    auto* table = new QTableView(parent);
    table->setObjectName(QStringLiteral("problems"));
    table->setAccessibleName(ProblemsPanel::tr("Problems"));
    table->setModel(model);
    table->setItemDelegate(new RowDelegate(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(true);
    table->setTabKeyNavigation(false);
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    table->verticalHeader()->hide();
    QHeaderView* header = table->horizontalHeader();
    header->hide();
    header->setSectionResizeMode(DiagnosticsModel::Severity, QHeaderView::Fixed);
    header->setSectionResizeMode(DiagnosticsModel::Where, QHeaderView::Fixed);
    header->setSectionResizeMode(DiagnosticsModel::Message, QHeaderView::Stretch);
    header->setSectionResizeMode(DiagnosticsModel::Repairs, QHeaderView::Fixed);
    header->resizeSection(DiagnosticsModel::Severity, kSeverityWidth);
    return table;
}

QString fixTip(const diag::Fix& fix, bool isCut = false) {
    QString tip = isCut ? shown(fix.title) + QChar(u'\n') + shown(fix.note) : shown(fix.note);
    if (fix.outputShape) {
        if (!tip.isEmpty()) tip += QChar(u'\n');
        tip += ProblemsPanel::tr("Gives %1").arg(shown(*fix.outputShape));
    }
    return tip;
}

/// With the title of the repair, cut where it is wider than the room in pixels.
QPushButton* makeButton(const diag::Fix& fix, QWidget* parent, int room) {
    const QString title = shown(fix.title);
    auto* button = new QPushButton(title, parent);
    button->ensurePolished();
    const QFontMetrics metrics = button->fontMetrics();
    const int frame = button->sizeHint().width() - metrics.horizontalAdvance(title);
    const QString text = metrics.elidedText(title, Qt::ElideRight, std::max(room - frame, 0));
    button->setText(text);
    button->setAccessibleName(title);
    button->setToolTip(fixTip(fix, text != title));
    return button;
}

}  // namespace

ProblemsPanel::ProblemsPanel(QWidget* parent)
    : Panel(parent),
      model_(new DiagnosticsModel(this)),
      list_(new QWidget(this)),
      table_(makeTable(this, model_)),
      footer_(new QLabel(this)),
      explain_(new ExplainPane(this)) {
    auto* column = new QVBoxLayout(list_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table_);
    table_->setStyleSheet(QStringLiteral(
        "QTableView { padding-left: 8px; } QTableView::item { border-bottom: 1px solid palette(mid); }"));
    column->addWidget(footer_);
    column->addStretch(1);
    footer_->setProperty("role", QStringLiteral("secondary"));
    footer_->setMinimumWidth(1);  // cut before it widens the window
    footer_->setContentsMargins(12, 6, 12, 6);
    footer_->setTextFormat(Qt::RichText);
    footer_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::LinksAccessibleByMouse |
                                     Qt::LinksAccessibleByKeyboard);
    connect(footer_, &QLabel::linkActivated, this, &ProblemsPanel::showDismissed);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(list_);
    splitter->addWidget(explain_);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setHandleWidth(1);
    explain_->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(splitter);

    // Rows are as high as their text needs at the width it has: known when the columns have been laid out.
    connect(table_->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int section) {
        if (section == DiagnosticsModel::Message) QTimer::singleShot(0, this, &ProblemsPanel::fitRows);
    });
    connect(model_, &DiagnosticsModel::rebuilt, this, &ProblemsPanel::rebuildButtons);
    connect(model_, &DiagnosticsModel::dataChanged, this, [this] { fitRows(); });
    connect(table_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { go(index.row()); });
    connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) { go(index.row()); });
    connect(table_, &QTableView::customContextMenuRequested, this, &ProblemsPanel::showMenu);
    connect(explain_, &ExplainPane::closed, this, [this] {
        explain_->hide();
        shareRoom();
    });
    connect(model_, &DiagnosticsModel::countsChanged, this, &ProblemsPanel::showCounts);
}

void ProblemsPanel::setSession(DocumentSession* session) {
    document_ = session->document();
    model_->setDocument(document_);
}

QWidget* ProblemsPanel::focusTarget() { return table_; }

void ProblemsPanel::showCounts(const ProblemCounts& counts) {
    QString html;
    const auto add = [&html](int count, diag::Severity severity) {
        if (count > 0)
            html += QStringLiteral("<b style='color:%1'>%2</b> ").arg(severityColor(severity).name()).arg(count);
    };
    add(counts.errors, diag::Severity::Error);
    add(counts.warnings, diag::Severity::Warning);
    add(counts.hints, diag::Severity::Hint);
    Q_EMIT badgeChanged(html.trimmed(),
                        QStringList({countedText(counts.errors, "error"), countedText(counts.warnings, "warning"),
                                     countedText(counts.hints, "hint")})
                            .join(QStringLiteral(", ")));
}

void ProblemsPanel::rebuildButtons() {
    int widest = 0;
    for (int row = 0; row < model_->rowCount(); ++row) {
        QWidget* buttons = makeButtons(*model_->at(row));
        table_->setIndexWidget(model_->index(row, DiagnosticsModel::Repairs), buttons);
        widest = std::max(widest, buttons->sizeHint().width());
    }
    table_->horizontalHeader()->resizeSection(DiagnosticsModel::Repairs, widest + kRowPadding);
    fitRows();
    updateFooter();
}

void ProblemsPanel::fitColumns() {
    table_->setColumnHidden(DiagnosticsModel::Where, list_->width() < kWidthForWhere);
    int widest = 0;
    for (int row = 0; row < model_->rowCount(); ++row) {
        const QModelIndex where = model_->index(row, DiagnosticsModel::Where);
        const QVariant font = where.data(Qt::FontRole);
        const QFontMetrics metrics(font.isValid() ? font.value<QFont>() : table_->font());
        widest = std::max(widest, metrics.horizontalAdvance(where.data().toString()));
    }
    table_->horizontalHeader()->resizeSection(DiagnosticsModel::Where, std::min(widest + kWherePadding, kWidestWhere));
}

void ProblemsPanel::fitRows() {
    fitColumns();
    table_->resizeRowsToContents();
    // The line below stands under the last row, not at the far end of the panel.
    table_->setMaximumHeight(table_->verticalHeader()->length() + 2 * table_->frameWidth());
}

void ProblemsPanel::resizeEvent(QResizeEvent* event) {
    Panel::resizeEvent(event);
    shareRoom();
    fitRows();
}

void ProblemsPanel::shareRoom() {
    list_->setVisible(explain_->isHidden() || width() >= kWidthForBoth);
    const int room = explain_->isHidden() ? width() : width() * 3 / 5;
    // The message keeps two fifths of what it shares with the repairs.
    const int buttons = std::max((room - kSeverityWidth - kWidestWhere) * 3 / 5 / kRoomStep * kRoomStep, kLeastRoom);
    if (buttons == buttonsRoom_) return;
    buttonsRoom_ = buttons;
    rebuildButtons();
}

QWidget* ProblemsPanel::makeButtons(const diag::Diagnostic& diagnostic) {
    auto* holder = new QWidget;
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, kButtonMargin, 8, kButtonMargin);
    row->setSpacing(kButtonSpacing);
    row->addStretch(1);
    const std::string key = diagnostic.key;
    auto* more = new QToolButton(holder);
    more->setText(tr("More"));
    more->setAccessibleName(tr("More repairs and the explanation"));
    more->setPopupMode(QToolButton::InstantPopup);
    more->ensurePolished();
    int room = buttonsRoom_ - more->sizeHint().width();
    std::size_t count = 0;
    for (; count < std::min(kMostButtons, diagnostic.fixes.size()); ++count) {
        const diag::Fix& fix = diagnostic.fixes[count];
        QPushButton* button = makeButton(fix, holder, room - kButtonSpacing);
        if (count > 0 && button->text() != shown(fix.title)) {  // there is room for all of it in the menu
            delete button;
            break;
        }
        if (count == 0) setPrimary(button);
        connect(button, &QPushButton::clicked, this, [this, key, id = fix.id] { applyFix(key, id); });
        row->addWidget(button);
        QWidget::setTabOrder(button, more);
        room -= button->sizeHint().width() + kButtonSpacing;
    }
    auto* menu = new QMenu(more);
    for (std::size_t index = count; index < diagnostic.fixes.size(); ++index) {
        const diag::Fix& fix = diagnostic.fixes[index];
        QAction* action = menu->addAction(shown(fix.title));
        action->setToolTip(fixTip(fix));
        connect(action, &QAction::triggered, this, [this, key, id = fix.id] { applyFix(key, id); });
    }
    if (!menu->isEmpty()) menu->addSeparator();
    connect(menu->addAction(tr("Why?")), &QAction::triggered, this, [this, code = diagnostic.code] { explain(code); });
    if (diagnostic.severity != diag::Severity::Error)
        connect(menu->addAction(tr("Dismiss")), &QAction::triggered, this, [this, key] { dismiss(key); });
    menu->setToolTipsVisible(true);
    more->setMenu(menu);
    row->addWidget(more);
    return holder;
}

void ProblemsPanel::updateFooter() {
    const int count = model_->rowCount();
    const QString text = count == 0 ? tr("No problems")
                         : count == 1
                             ? tr("1 problem · F8 goes there · double-click shows it on the canvas")
                             : tr("%1 problems · F8 goes to the next one · double-click shows it on the canvas");
    const auto dismissed = document_ == nullptr ? 0 : static_cast<int>(document_->project().dismissed.size());
    const QString hidden =
        dismissed == 0   ? QString()
        : dismissed == 1 ? tr(" · 1 warning is dismissed: <a href=\"show\">show it again</a>")
                         : tr(" · %1 warnings are dismissed: <a href=\"show\">show them again</a>").arg(dismissed);
    footer_->setText((count > 1 ? text.arg(count) : text) + hidden);
}

void ProblemsPanel::applyFix(const std::string& key, const std::string& fixId) {
    for (int row = 0; row < model_->rowCount(); ++row) {
        const diag::Diagnostic& diagnostic = *model_->at(row);
        if (diagnostic.key != key) continue;
        for (const diag::Fix& fix : diagnostic.fixes)
            if (fix.id == fixId) {
                document_->applyFix(fix);
                return;
            }
    }
}

void ProblemsPanel::dismiss(const std::string& key) {
    edit::Edit edit;
    edit.label = tr("Dismiss Warning").toStdString();
    edit.steps.emplace_back(edit::Dismiss{key, true});
    document_->perform(edit);
}

void ProblemsPanel::showDismissed() {
    edit::Edit edit;
    edit.label = tr("Show Dismissed Warnings").toStdString();
    for (const std::string& key : document_->project().dismissed) edit.steps.emplace_back(edit::Dismiss{key, false});
    if (!edit.steps.empty()) document_->perform(edit);
}

const diag::Diagnostic* ProblemsPanel::current() const {
    const QModelIndex row = table_->currentIndex();
    return model_->at(row.isValid() ? row.row() : 0);
}

void ProblemsPanel::explain(diag::Code code) {
    explain_->explain(code);
    explain_->show();
    shareRoom();
    Q_EMIT raiseRequested();
}

void ProblemsPanel::showMenu(const QPoint& position) {
    const diag::Diagnostic* found = model_->at(table_->indexAt(position).row());
    if (found == nullptr) return;
    const diag::Diagnostic diagnostic = *found;  // the list may be another when an entry is chosen
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Show on the Canvas")), &QAction::triggered, this,
            [this, diagnostic] { Q_EMIT revealRequested(diagnostic); });
    connect(menu->addAction(tr("Why?")), &QAction::triggered, this, [this, code = diagnostic.code] { explain(code); });
    connect(menu->addAction(icon(QStringLiteral("copy")), tr("Copy")), &QAction::triggered, this,
            [text = model_->fullText(diagnostic)] { QApplication::clipboard()->setText(text); });
    menu->addSeparator();
    for (const diag::Fix& fix : diagnostic.fixes)
        connect(menu->addAction(shown(fix.title)), &QAction::triggered, this,
                [this, key = diagnostic.key, id = fix.id] { applyFix(key, id); });
    if (diagnostic.severity != diag::Severity::Error) {
        menu->addSeparator();
        connect(menu->addAction(tr("Dismiss")), &QAction::triggered, this,
                [this, key = diagnostic.key] { dismiss(key); });
    }
    menu->popup(table_->viewport()->mapToGlobal(position));
}

void ProblemsPanel::go(int row) {
    const diag::Diagnostic* diagnostic = model_->at(row);
    if (diagnostic != nullptr) Q_EMIT revealRequested(*diagnostic);
}

void ProblemsPanel::step(int direction) {
    const int count = model_->rowCount();
    if (count == 0) return;
    const int current = table_->currentIndex().isValid() ? table_->currentIndex().row() : direction > 0 ? -1 : 0;
    const int row = (current + direction + count) % count;
    table_->setCurrentIndex(model_->index(row, DiagnosticsModel::Message));
    go(row);
}

void ProblemsPanel::goToNext() { step(1); }

void ProblemsPanel::goToPrevious() { step(-1); }

}  // namespace shapewise::ui
