#include "ui/inspector/output_page.h"

#include "core/base/text.h"
#include "core/view_math/colour_scale.h"
#include "ui/base/qt_text.h"
#include "ui/inspector/output_picture.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kPictureHeight = 320;

}  // namespace

OutputPage::OutputPage(QWidget* parent)
    : QWidget(parent), picture_(new OutputPicture(this)), numbers_(new QLabel(this)) {
    numbers_->setFont(fixedFont());
    numbers_->setTextFormat(Qt::PlainText);
    numbers_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(10);
    picture_->setMaximumHeight(kPictureHeight);
    column->addWidget(picture_);
    column->addWidget(numbers_);
    column->addStretch(1);
    connect(picture_, &OutputPicture::shownChanged, this, &OutputPage::showNumbers);
}

void OutputPage::setDocument(DocumentModel* document) {
    document_ = document;
    report_.reset();
    showNode({});
}

void OutputPage::showNode(NodeId node) {
    node_ = node;
    refresh();
}

void OutputPage::setRun(std::shared_ptr<const exec::RunReport> report) {
    report_ = std::move(report);
    refresh();
}

void OutputPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

const exec::NodeRun* OutputPage::run() const {
    if (report_ == nullptr) return nullptr;
    const auto found = report_->nodes.find(node_);
    return found == report_->nodes.end() ? nullptr : &found->second;
}

void OutputPage::refresh() {
    if (document_ == nullptr || !isVisible()) return;  // statistics cost time: only for eyes
    picture_->show(run(), node_.isValid() && document_->graph().find(node_) != nullptr
                              ? tr("Shown after a run")
                              : tr("Select one node to see its output"));
    showNumbers();
}

void OutputPage::showNumbers() {
    const exec::NodeRun* shown = run();
    const bool hasOutput = shown != nullptr && !shown->outputs.empty() && shown->outputs.front()->count() > 0;
    numbers_->setText(hasOutput ? numbersText(*shown) : QString());
}

QString OutputPage::numbersText(const exec::NodeRun& run) const {
    const tensor::Tensor& values = *run.outputs.front();
    const view_math::ValueStatistics& statistics = picture_->statistics();
    const auto number = [](double value) { return toQString(view_math::valueText(value)); };
    QStringList lines{
        tr("shape      %1").arg(toQString(tensor::extentsText(values.extents()))),
        tr("sample     %1 of %2").arg(picture_->place().sample).arg(values.rank() == 0 ? 1 : values.size(0)),
        tr("numbers    %1").arg(toQString(withThousands(statistics.count))),
        tr("minimum    %1").arg(number(statistics.minimum)),
        tr("maximum    %1").arg(number(statistics.maximum)),
        tr("mean       %1").arg(number(statistics.mean)),
        tr("NaN        %1").arg(statistics.notANumber),
        tr("infinite   %1").arg(statistics.infinite)};
    if (run.notFinite.any()) {
        lines += tr("all        %1 NaN, %2 infinite").arg(run.notFinite.notANumber).arg(run.notFinite.infinite);
        if (run.notFinite.startsHere) lines += tr("           they start at this node");
    }
    const double milliseconds = static_cast<double>(run.duration.count()) / 1e6;
    lines += run.reused ? tr("time       kept from an earlier run")
                        : tr("time       %1 ms").arg(milliseconds, 0, 'f', milliseconds < 10 ? 2 : 0);
    if (!run.note.empty())
        lines +=
            tr("note       %1").arg(toQString(run.note).replace(QStringLiteral("; "), QStringLiteral("\n           ")));
    return lines.join(QChar(u'\n'));
}

}  // namespace shapewise::ui
