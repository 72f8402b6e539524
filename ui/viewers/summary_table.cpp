#include "ui/viewers/summary_table.h"

#include "ui/session/document_session.h"
#include "ui/session/run_controller.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace shapewise::ui {
namespace {

constexpr std::array<int, SummaryModel::ColumnCount> kWidths{200, 190, 210, 110, 130, 100, 100};
constexpr int kRowHeight = 24;

}  // namespace

SummaryTable::SummaryTable(QWidget* parent)
    : Panel(parent),
      model_(new SummaryModel(this)),
      sorted_(new QSortFilterProxyModel(this)),
      table_(new QTableView(this)),
      totals_(new QLabel(this)) {
    sorted_->setSourceModel(model_);
    sorted_->setSortRole(SummaryModel::kSortRole);
    table_->setObjectName(QStringLiteral("summary"));
    table_->setAccessibleName(tr("Summary"));
    table_->setModel(sorted_);
    table_->setSortingEnabled(true);
    table_->sortByColumn(SummaryModel::Name, Qt::AscendingOrder);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setShowGrid(false);
    table_->setStyleSheet(QStringLiteral("QTableView::item { padding-left: 8px; padding-right: 4px; border: none; }"));
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
    for (std::size_t column = 0; column < kWidths.size(); ++column)
        table_->setColumnWidth(static_cast<int>(column), kWidths[column]);
    totals_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    totals_->setWordWrap(true);
    totals_->setMinimumWidth(1);  // wrapped before it widens the window
    totals_->setProperty("role", QStringLiteral("secondary"));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 8, 6);
    bar->addWidget(totals_, 1);
    const auto button = [&](const QString& text, void (SummaryTable::*slot)()) {
        auto* made = new QToolButton(this);
        made->setText(text);
        connect(made, &QToolButton::clicked, this, slot);
        bar->addWidget(made);
    };
    button(tr("Copy as Text"), &SummaryTable::copyText);
    button(tr("Copy as CSV"), &SummaryTable::copyCsv);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table_, 1);
    column->addLayout(bar);

    connect(model_, &SummaryModel::updated, this, [this] { totals_->setText(model_->totalsText()); });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SummaryTable::choose);
}

void SummaryTable::setSession(DocumentSession* session) {
    if (session_ != nullptr) {
        session_->disconnect(this);
        session_->run()->disconnect(this);
    }
    session_ = session;
    RunController* run = session->run();
    isFollowing_ = true;  // rows of the session before go, with what was selected of them
    model_->setDocument(session->document());
    isFollowing_ = false;
    connect(session, &DocumentSession::selectionChanged, this, &SummaryTable::followSelection);
    connect(run, &RunController::finished, this, [this, run] { model_->setRun(run->report()); });
    connect(run, &RunController::outdated, this, [this, run] {
        if (run->report() == nullptr) model_->setRun(nullptr);
    });
    model_->setRun(run->report());
    followSelection();
}

QWidget* SummaryTable::focusTarget() { return table_; }

void SummaryTable::choose() {
    const QModelIndexList rows = table_->selectionModel()->selectedRows();
    if (isFollowing_ || session_ == nullptr || rows.isEmpty()) return;
    std::vector<NodeId> nodes;
    for (const QModelIndex& row : rows) nodes.push_back(model_->nodeAt(sorted_->mapToSource(row).row()));
    session_->select(nodes);
}

void SummaryTable::followSelection() {
    isFollowing_ = true;
    QItemSelection selection;
    for (const NodeId node : session_->selection()) {
        const int row = model_->rowOf(node);
        if (row < 0) continue;
        const QModelIndex index = sorted_->mapFromSource(model_->index(row, 0));
        selection.select(index, index);
    }
    table_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    isFollowing_ = false;
}

void SummaryTable::copyText() { QApplication::clipboard()->setText(model_->text()); }

void SummaryTable::copyCsv() { QApplication::clipboard()->setText(model_->csv()); }

}  // namespace shapewise::ui
