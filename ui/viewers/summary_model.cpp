#include "ui/viewers/summary_table.h"

#include "core/base/text.h"
#include "core/layers/framework/layer.h"
#include "ui/base/wording.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <array>

namespace shapewise::ui {
namespace {

constexpr double kUnknown = -1.0;

QString timeText(const exec::NodeRun& run) {
    if (run.outputs.empty()) return QString();
    if (run.reused) return SummaryModel::tr("kept");
    const double milliseconds = static_cast<double>(run.duration.count()) / 1e6;
    return SummaryModel::tr("%1 ms").arg(milliseconds, 0, 'f', milliseconds < 10.0 ? 2 : 0);
}

QString quotedForCsv(QString text) {
    const bool needsQuotes = text.contains(QChar(u',')) || text.contains(QChar(u'"')) || text.contains(QChar(u'\n'));
    if (!needsQuotes) return text;
    return QChar(u'"') + text.replace(QChar(u'"'), QLatin1String("\"\"")) + QChar(u'"');
}

}  // namespace

SummaryModel::SummaryModel(QObject* parent) : QAbstractTableModel(parent) {}

void SummaryModel::setDocument(DocumentModel* document) {
    if (document_ != nullptr) document_->disconnect(this);
    beginResetModel();  // equal ids of two documents are different rows
    rows_.clear();
    rowByNode_.clear();
    orderIsDue_ = true;
    due_.addEverything();
    report_.reset();
    document_ = document;
    endResetModel();
    connect(document_, &DocumentModel::changed, this, &SummaryModel::note);
    connect(document_, &DocumentModel::diagnosticsChanged, this, &SummaryModel::refresh);
    refresh();
}

void SummaryModel::note(const session::Change& change) {
    const std::size_t slots = document_->graph().slotCount();
    orderIsDue_ = orderIsDue_ || change.replaced || change.touched.wiring;
    due_.add(change.touched.nodes, slots);
    due_.add(change.inferred, slots);
}

void SummaryModel::setRun(std::shared_ptr<const exec::RunReport> report) {
    if (report == report_) return;
    report_ = std::move(report);
    if (!rows_.empty()) Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
    Q_EMIT updated();
}

void SummaryModel::refresh() {
    costs_ = document_->costs();
    constexpr std::size_t kFew = 64;  // of more, one range over all is cheaper
    std::vector<int> rows;
    bool namesElsewhere = false;  // the name of a node in conflict stands in the rows of those that wait for it
    for (const NodeId id : due_.nodes()) {
        const auto add = [&](NodeId node) {
            if (node.value < rowByNode_.size() && rowByNode_[node.value] >= 0) rows.push_back(rowByNode_[node.value]);
        };
        add(id);
        for (const graph::LinkPlace& consumer : document_->analysis().consumers(id)) add(consumer.to);
        namesElsewhere = namesElsewhere || document_->analysis()[id].refusals != nullptr;
    }
    if (orderIsDue_) {
        refreshOrder();
    } else if (due_.isEverything() || namesElsewhere || rows.size() > kFew) {
        refreshAll();
    } else {
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        for (const int row : rows) Q_EMIT dataChanged(index(row, Name), index(row, ColumnCount - 1));
    }
    orderIsDue_ = false;
    due_.clear();
    Q_EMIT updated();
}

void SummaryModel::refreshAll() {
    if (rows_.empty()) return;
    // Names say nothing about the order: without the role that is sorted by, thousands of rows stay where they are.
    Q_EMIT dataChanged(index(0, Name), index(rowCount() - 1, Type), {Qt::DisplayRole});
    Q_EMIT dataChanged(index(0, OutputShape), index(rowCount() - 1, ColumnCount - 1));
}

/// Finds the order of flow again, which hangs on the wiring alone.
void SummaryModel::refreshOrder() {
    const graph::Graph& graph = document_->graph();
    std::vector<NodeId> rows;
    graph.forEach([&](const graph::Node& node) { rows.push_back(node.id); });
    const infer::Analysis& analysis = document_->analysis();
    std::stable_sort(rows.begin(), rows.end(),
                     [&](NodeId a, NodeId b) { return analysis.position(a) < analysis.position(b); });
    if (rows == rows_) return refreshAll();
    beginResetModel();
    rows_ = std::move(rows);
    rowByNode_.assign(graph.slotCount(), -1);
    for (std::size_t row = 0; row < rows_.size(); ++row) rowByNode_[rows_[row].value] = static_cast<int>(row);
    endResetModel();
}

int SummaryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int SummaryModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int{ColumnCount}; }

NodeId SummaryModel::nodeAt(int row) const {
    return row >= 0 && row < rowCount() ? rows_[static_cast<std::size_t>(row)] : NodeId();
}

int SummaryModel::rowOf(NodeId node) const { return node.value < rowByNode_.size() ? rowByNode_[node.value] : -1; }

const exec::NodeRun* SummaryModel::runOf(NodeId id) const {
    if (report_ == nullptr) return nullptr;
    const auto found = report_->nodes.find(id);
    return found == report_->nodes.end() ? nullptr : &found->second;
}

double SummaryModel::number(NodeId id, int column) const {
    const infer::NodeCost& cost = costs_[id];
    const auto real = [](std::int64_t value) { return static_cast<double>(value); };
    switch (column) {
        case Parameters: return cost.parameters ? real(cost.parameters->total) : kUnknown;
        case MultiplyAdds: return cost.multiplyAdds ? real(*cost.multiplyAdds) : kUnknown;
        case Memory: return cost.activationBytes ? real(*cost.activationBytes) : kUnknown;
        case Time: {
            const exec::NodeRun* run = runOf(id);
            return run == nullptr ? kUnknown : real(run->duration.count());
        }
        default: return kUnknown;
    }
}

QString SummaryModel::cell(NodeId id, int column) const {
    const graph::Node* node = document_->graph().find(id);
    if (node == nullptr) return {};
    const infer::NodeCost& cost = costs_[id];
    const infer::NodeAnalysis& analysis = document_->analysis()[id];
    switch (column) {
        case Name: return toQString(node->name);
        case Type: return toQString(node->type->className);
        case OutputShape:
            if (analysis.isKnown()) return shown(analysis.output);
            if (analysis.state == infer::State::Blocked)
                return tr("waits for %1").arg(document_->nodeName(analysis.blockedBy));
            return analysis.state == infer::State::Unknown ? tr("unknown") : tr("no shape");
        case Parameters: return cost.parameters ? toQString(withThousands(cost.parameters->total)) : tr("?");
        case MultiplyAdds: return cost.multiplyAdds ? toQString(withThousands(*cost.multiplyAdds)) : tr("?");
        case Memory: return cost.activationBytes ? toQString(humanBytes(*cost.activationBytes)) : tr("?");
        case Time: {
            const exec::NodeRun* run = runOf(id);
            return run == nullptr ? QString() : timeText(*run);
        }
        default: return {};
    }
}

QVariant SummaryModel::data(const QModelIndex& index, int role) const {
    const NodeId id = nodeAt(index.row());
    if (!id.isValid()) return {};
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole: return cell(id, column);
        case kSortRole:
            if (column == Name) return index.row();  // the order of flow
            return column >= Parameters ? QVariant(number(id, column)) : QVariant(cell(id, column));
        case Qt::ToolTipRole: return column == Name || column == OutputShape ? QVariant(cell(id, column)) : QVariant();
        case Qt::FontRole: return column >= OutputShape ? QVariant(fixedFont()) : QVariant();
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(column >= Parameters ? Qt::AlignRight | Qt::AlignVCenter
                                                            : Qt::AlignLeft | Qt::AlignVCenter);
        default: return {};
    }
}

QVariant SummaryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(section >= Parameters ? Qt::AlignRight | Qt::AlignVCenter
                                                         : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Name: return tr("Node");
        case Type: return tr("Type");
        case OutputShape: return tr("Output shape");
        case Parameters: return tr("Parameters");
        case MultiplyAdds: return tr("MACs");
        case Memory: return tr("Memory");
        case Time: return tr("Time");
        default: return {};
    }
}

QString SummaryModel::totalsText() const {
    const auto count = [](std::int64_t number, bool isWhole) {
        return atLeast(toQString(withThousands(number)), number, isWhole);
    };
    QString text = tr("Parameters %1 (trainable %2) · MACs %3 · activations %4")
                       .arg(count(costs_.parameters.total, costs_.knowsParameters),
                            count(costs_.parameters.trainable, costs_.knowsParameters),
                            count(costs_.multiplyAdds, costs_.knowsMultiplyAdds),
                            atLeast(toQString(humanBytes(costs_.activationBytes)), costs_.activationBytes,
                                    costs_.knowsActivationBytes));
    if (report_ != nullptr)
        text += tr(" · forward %1 ms").arg(static_cast<double>(report_->duration.count()) / 1e6, 0, 'f', 2);
    if (costs_.isGuessed) text += tr(" · ≈ is a guess: a layer that nobody knows stands before it");
    return text;
}

QString SummaryModel::text() const {
    std::vector<std::array<QString, ColumnCount>> lines(rows_.size() + 1);
    std::array<qsizetype, ColumnCount> widths{};
    for (std::size_t line = 0; line < lines.size(); ++line)
        for (std::size_t column = 0; column < ColumnCount; ++column) {
            const int section = static_cast<int>(column);
            lines[line][column] = line == 0 ? headerData(section, Qt::Horizontal, Qt::DisplayRole).toString()
                                            : cell(rows_[line - 1], section);
            widths[column] = std::max(widths[column], lines[line][column].size());
        }
    QString text;
    for (const auto& line : lines) {
        QStringList cells;
        for (std::size_t column = 0; column < ColumnCount; ++column)
            cells += static_cast<int>(column) < Parameters ? line[column].leftJustified(widths[column])
                                                           : line[column].rightJustified(widths[column]);
        QString joined = cells.join(QStringLiteral("  "));
        while (joined.endsWith(QChar(u' '))) joined.chop(1);
        text += joined + QChar(u'\n');
    }
    return text + totalsText() + QChar(u'\n');
}

QString SummaryModel::csv() const {
    QString text = QStringLiteral("node,type,output_shape,parameters,macs,bytes,milliseconds\n");
    for (const NodeId id : rows_) {
        QStringList cells;
        for (int column = Name; column < Parameters; ++column) cells += quotedForCsv(cell(id, column));
        for (int column = Parameters; column < ColumnCount; ++column) {
            const double value = number(id, column);
            if (value < 0)
                cells += QString();
            else if (column == Time)
                cells += QString::number(value / 1e6, 'f', 3);
            else
                cells += QString::number(value, 'f', 0);
        }
        text += cells.join(QChar(u',')) + QChar(u'\n');
    }
    return text;
}

}  // namespace shapewise::ui
