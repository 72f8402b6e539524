#pragma once
// SummaryTable: all nodes with type, output shape, parameters, multiply-adds, memory and time; totals below.

#include "core/exec/run.h"
#include "core/session/document.h"
#include "ui/session/panel.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace shapewise::ui {

class DocumentModel;

class SummaryModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { Name, Type, OutputShape, Parameters, MultiplyAdds, Memory, Time, ColumnCount };
    /// Numbers of a cell for sorting; what is not known sorts first.
    static constexpr int kSortRole = Qt::UserRole;

    explicit SummaryModel(QObject* parent = nullptr);
    /// Lists the nodes of that document from now on.
    void setDocument(DocumentModel* document);
    void setRun(std::shared_ptr<const exec::RunReport> report);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] NodeId nodeAt(int row) const;
    [[nodiscard]] int rowOf(NodeId node) const;
    [[nodiscard]] const infer::Costs& costs() const { return costs_; }
    /// Columns padded with spaces, totals below: for the clipboard and for files.
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString csv() const;
    [[nodiscard]] QString totalsText() const;

  Q_SIGNALS:
    /// costs() are new.
    void updated();

  private:
    void note(const session::Change& change);
    void refresh();
    void refreshAll();
    void refreshOrder();
    [[nodiscard]] QString cell(NodeId id, int column) const;
    [[nodiscard]] double number(NodeId id, int column) const;
    [[nodiscard]] const exec::NodeRun* runOf(NodeId id) const;

    DocumentModel* document_ = nullptr;
    std::shared_ptr<const exec::RunReport> report_;
    infer::Costs costs_;          ///< as of the last refresh: a run that comes or goes asks for no new ones
    std::vector<NodeId> rows_;    ///< in the order of flow
    std::vector<int> rowByNode_;  ///< by node id, -1 where there is none
    session::DueNodes due_;       ///< whose rows may show something else
    bool orderIsDue_ = true;
};

class SummaryTable : public Panel {
    Q_OBJECT

  public:
    explicit SummaryTable(QWidget* parent = nullptr);
    void setSession(DocumentSession* session) override;
    [[nodiscard]] QWidget* focusTarget() override;
    [[nodiscard]] SummaryModel* model() const { return model_; }

  public Q_SLOTS:
    void copyText();
    void copyCsv();

  private:
    void choose();
    /// Marks the rows of what is selected on the canvas.
    void followSelection();

    DocumentSession* session_ = nullptr;
    SummaryModel* model_;
    QSortFilterProxyModel* sorted_;
    QTableView* table_;
    QLabel* totals_;
    bool isFollowing_ = false;  ///< the selection is being set from outside
};

}  // namespace shapewise::ui
