#include "ui/inspector/weights_page.h"

#include "core/base/text.h"
#include "core/edit/inside.h"
#include "core/exec/run.h"
#include "core/graph/seeds.h"
#include "core/layers/framework/layer.h"
#include "core/view_math/colour_scale.h"
#include "ui/base/qt_text.h"
#include "ui/base/wording.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr int kNarrowestColumn = 30;
const QString kGiven = QStringLiteral("given");  // by the settings of the layer, as the kernels of a Fourier transform

enum Column { kName, kShape, kCount, kMinimum, kMaximum, kColumns };

std::vector<layers::WeightSpec> specsOf(const DocumentModel& document, const graph::Node& node) {
    const std::vector<const tensor::TensorType*> inputs = document.analysis().inputTypes(node);
    const bool isKnown = document.analysis()[node.id].isKnown() &&
                         std::none_of(inputs.begin(), inputs.end(), [](const auto* type) { return type == nullptr; });
    return isKnown ? layers::weightsOf(node, inputs) : std::vector<layers::WeightSpec>{};
}

QTableWidgetItem* cell(const QString& text, bool isNumber) {
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
    item->setFont(fixedFont());
    if (isNumber) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

}  // namespace

WeightsPage::WeightsPage(QWidget* parent)
    : QWidget(parent),
      summary_(new QLabel(this)),
      table_(new QTableWidget(0, kColumns, this)),
      job_([this](const QString& why) {
          summary_->setText(why);
          showRanges({});
      }) {
    summary_->setWordWrap(true);
    summary_->setContentsMargins(12, 10, 12, 8);
    summary_->setProperty("role", QStringLiteral("secondary"));
    table_->setAccessibleName(tr("Weights"));
    table_->setHorizontalHeaderLabels({tr("Name"), tr("Shape"), tr("Numbers"), tr("Min"), tr("Max")});
    table_->verticalHeader()->hide();
    table_->setShowGrid(false);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setMinimumSectionSize(kNarrowestColumn);
    table_->setStyleSheet(QStringLiteral(
        "QHeaderView::section { padding: 5px 4px; } QTableView::item { padding: 0 3px; border: none; }"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(summary_);
    column->addWidget(table_, 1);
}

WeightsPage::~WeightsPage() = default;

void WeightsPage::setDocument(DocumentModel* document) {
    if (document_ != nullptr) document_->disconnect(this);
    document_ = document;
    connect(document_, &DocumentModel::changed, this, &WeightsPage::refresh);
    showNode({});
}

void WeightsPage::showNode(NodeId node) {
    node_ = node;
    refresh();
}

void WeightsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void WeightsPage::refresh() {
    if (document_ == nullptr || !isVisible()) return;
    job_.cancel();
    fillRows();
    startRanges();
}

void WeightsPage::fillRows() {
    const graph::Node* node = document_->graph().find(node_);
    table_->setRowCount(0);
    if (node == nullptr) {
        summary_->setText(tr("Select one node to see its weights"));
        return;
    }
    const std::vector<layers::WeightSpec> specs = specsOf(*document_, *node);
    std::int64_t total = 0;
    for (const layers::WeightSpec& spec : specs) {
        const int row = table_->rowCount();
        const std::int64_t count = tensor::elementCount(spec.extents);
        total = saturatingAdd(total, count);
        table_->insertRow(row);
        const QString name = spec.trainable ? toQString(spec.name) : tr("%1 (fixed)").arg(toQString(spec.name));
        table_->setItem(row, kName, cell(name, false));
        table_->setItem(row, kShape, cell(toQString(tensor::extentsText(spec.extents)), false));
        table_->setItem(row, kCount, cell(toQString(withThousands(count)), true));
        const bool isGiven = spec.initializer == layers::Initializer::Fixed && !node->weights;
        for (const int column : {kMinimum, kMaximum})
            table_->setItem(row, column, cell(isGiven ? kGiven : QStringLiteral("…"), true));
    }
    const bool isKnown = document_->analysis()[node_].isKnown();
    QString text = !isKnown        ? tr("Known once the shape is")
                   : specs.empty() ? tr("This layer has no weights")
                   : node->weights ? tr("Loaded weights, %1").arg(countedText(total, "number"))
                                   : tr("Weights from the seed, %1").arg(countedText(total, "number"));
    if (total > kMostNumbers) text += tr("; ranges are worked out for up to 20 million");
    summary_->setText(text);
    table_->setVisible(!specs.empty());
}

void WeightsPage::startRanges() {
    const graph::NodePtr node = document_->graph().share(node_);
    if (node == nullptr || table_->rowCount() == 0) return;
    std::int64_t total = 0;
    for (const layers::WeightSpec& spec : specsOf(*document_, *node))
        total = saturatingAdd(total, tensor::elementCount(spec.extents));
    if (total > kMostNumbers) return showRanges({});
    std::vector<tensor::TensorType> types;
    for (const tensor::TensorType* type : document_->analysis().inputTypes(*node)) types.push_back(*type);
    // A call of a layer that belongs to another node draws what that one draws.
    auto drawn = std::make_shared<graph::Node>(*node);
    drawn->seed = graph::seedOf(*document_->graph().find(edit::layerOwner(document_->graph(), node_)));
    const std::int64_t seed = document_->project().run.seed;
    const auto work = [node = graph::NodePtr(std::move(drawn)), seed, types = std::move(types)] {
        std::vector<const tensor::TensorType*> inputs;
        for (const tensor::TensorType& type : types) inputs.push_back(&type);
        std::vector<Range> ranges;
        const auto weights = exec::materializeWeights(*node, seed, inputs);
        if (!weights) return ranges;  // a run says why
        for (const exec::TensorPtr& weight : *weights) {
            const auto values = weight->values();
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            ranges.push_back(values.empty() ? Range{} : Range{*low, *high});
        }
        return ranges;
    };
    // Making a random number takes a hundred times as long as reading one.
    constexpr std::int64_t kMakingCost = 100;
    job_.start(saturatingMultiply(total, kMakingCost), work,
               [this](const std::vector<Range>& ranges) { showRanges(ranges); });
}

void WeightsPage::showRanges(const std::vector<Range>& ranges) {
    for (int row = 0; row < table_->rowCount(); ++row) {
        if (table_->item(row, kMinimum)->text() == kGiven) continue;
        const auto index = static_cast<std::size_t>(row);
        const bool isThere = index < ranges.size();
        table_->item(row, kMinimum)
            ->setText(isThere ? toQString(view_math::valueText(ranges[index].minimum)) : QStringLiteral("—"));
        table_->item(row, kMaximum)
            ->setText(isThere ? toQString(view_math::valueText(ranges[index].maximum)) : QStringLiteral("—"));
    }
}

}  // namespace shapewise::ui
