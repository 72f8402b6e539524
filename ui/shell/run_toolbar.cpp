#include "ui/shell/run_toolbar.h"

#include "core/layers/framework/layer.h"
#include "ui/base/qt_text.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace shapewise::ui {

RunSettingsBoxes::RunSettingsBoxes(QWidget* parent)
    : QWidget(parent), kind_(new QComboBox(this)), batch_(new QSpinBox(this)) {
    const std::pair<QString, QString> kinds[] = {
        {tr("Sample: random normal"), QStringLiteral("normal")},
        {tr("Sample: random uniform"), QStringLiteral("uniform")},
        {tr("Sample: sine"), QStringLiteral("sine")},
        {tr("Sample: chirp"), QStringLiteral("chirp")},
        {tr("Sample: impulse"), QStringLiteral("impulse")},
        {tr("Sample: ramp"), QStringLiteral("ramp")},
    };
    for (const auto& [text, id] : kinds) kind_->addItem(text, id);
    kind_->setObjectName(QStringLiteral("sampleKind"));
    kind_->setAccessibleName(tr("Sample data"));
    batch_->setObjectName(QStringLiteral("batchSize"));
    batch_->setAccessibleName(tr("Batch size"));
    batch_->setRange(1, kLargestBatch);
    batch_->setPrefix(tr("Batch "));
    batch_->setMinimumWidth(96);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(kind_);
    row->addWidget(batch_);
    connect(kind_, &QComboBox::activated, this, [this] {
        change(tr("Change Sample Data"), kind_->currentData().toString().toStdString(), batch_->value());
    });
    connect(batch_, &QSpinBox::valueChanged, this,
            [this](int batch) { change(tr("Change Batch Size"), document_->project().run.sampleKind, batch); });
}

void RunSettingsBoxes::setSession(DocumentSession* session) {
    if (document_ != nullptr) document_->disconnect(this);
    document_ = session->document();
    connect(document_, &DocumentModel::changed, this, &RunSettingsBoxes::refresh);
    refresh();
}

void RunSettingsBoxes::refresh() {
    const graph::RunSettings& run = document_->project().run;
    const QSignalBlocker quietKind(kind_);
    const QSignalBlocker quietBatch(batch_);
    const QString kind = toQString(run.sampleKind);
    if (kind_->findData(kind) < 0) kind_->addItem(tr("Sample: %1").arg(kind), kind);
    kind_->setCurrentIndex(kind_->findData(kind));
    const auto batch = static_cast<int>(std::clamp<std::int64_t>(run.batchSize, 1, kLargestBatch));
    if (batch_->value() != batch) batch_->setValue(batch);
    // Inside a group, what is given comes from the graph around it.
    if (document_->openPath().empty()) showWhoListens();
}

void RunSettingsBoxes::showWhoListens() {
    bool isFed = false;
    bool isBatchOpen = false;
    document_->graph().forEach([&](const graph::Node& node) {
        if (node.type->supply != layers::Supply::Given || node.type->forward != nullptr) return;
        isFed = true;
        const infer::NodeAnalysis& analysis = document_->analysis()[node.id];
        const bool isKnown = analysis.isKnown() && analysis.output.shape.rank() > 0;
        isBatchOpen = isBatchOpen || !isKnown || !analysis.output.shape[0].isKnown();
    });
    kind_->setEnabled(isFed);
    kind_->setToolTip(isFed ? tr("What Input nodes without data of their own are fed with in a run")
                            : tr("Off: there is no Input node that would take it"));
    batch_->setEnabled(isBatchOpen);
    batch_->setToolTip(isBatchOpen ? tr("Samples in one run, where the batch is open")
                       : isFed     ? tr("Off: every Input node says its batch itself (batch_size)")
                                   : tr("Off: there is no Input node; data nodes bring their own number of samples"));
}

void RunSettingsBoxes::change(const QString& label, const std::string& kind, int batch) {
    graph::RunSettings run = document_->project().run;
    run.sampleKind = kind;
    run.batchSize = batch;
    if (run == document_->project().run) return;
    edit::Edit edit;
    edit.label = label.toStdString();
    edit.mergeKey = "run settings";
    edit.steps.emplace_back(edit::SetRunSettings{run});
    document_->perform(edit);
}

}  // namespace shapewise::ui
