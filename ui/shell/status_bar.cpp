#include "ui/shell/status_bar.h"

#include "core/base/text.h"
#include "ui/base/eliding_label.h"
#include "ui/base/qt_text.h"
#include "ui/base/wording.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"
#include "ui/session/run_controller.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <chrono>

namespace shapewise::ui {
namespace {

constexpr int kNoticeMs = 6000;
constexpr int kPatienceMs = 250;
constexpr int kProgressWidth = 120;
constexpr int kProgressSteps = 1000;

QString valueHtml(const QString& label, const QString& value) {
    return QStringLiteral("%1 <b style='color:%3'>%2</b>").arg(label, value.toHtmlEscaped(), tokens().text.name());
}

QString milliseconds(std::chrono::nanoseconds duration) {
    const double value = static_cast<double>(duration.count()) / 1e6;
    return StatusBar::tr("%1 ms").arg(value, 0, 'f', value < 0.1 ? 3 : value < 10.0 ? 2 : value < 100.0 ? 1 : 0);
}

}  // namespace

StatusBar::StatusBar(QWidget* parent) : QStatusBar(parent) {
    setSizeGripEnabled(false);
    const auto label = [this](const char* name) {
        auto* made = new QLabel(this);
        made->setObjectName(QString::fromLatin1(name));
        made->setTextFormat(Qt::RichText);
        return made;
    };
    counts_ = label("statusCounts");
    parameters_ = label("statusParameters");
    multiplyAdds_ = label("statusMultiplyAdds");
    memory_ = label("statusMemory");
    hint_ = new ElidingLabel(this);
    hint_->setObjectName(QStringLiteral("statusHint"));
    work_ = label("statusWork");
    progress_ = new QProgressBar(this);
    progress_->setFixedWidth(kProgressWidth);
    progress_->setTextVisible(false);
    progress_->setMaximumHeight(12);
    progress_->setAccessibleName(tr("Progress"));
    cancel_ = new QToolButton(this);
    cancel_->setAutoRaise(true);
    cancel_->setIcon(icon(QStringLiteral("stop")));
    cancel_->setToolTip(tr("Cancel (Ctrl+.)"));
    cancel_->setAccessibleName(tr("Cancel"));
    shapes_ = label("statusShapes");
    forward_ = label("statusForward");
    recomputed_ = label("statusRecomputed");
    saved_ = label("statusSaved");
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(8, 0, 8, 0);
    layout->setSpacing(20);
    for (QWidget* widget : std::initializer_list<QWidget*>{counts_, parameters_, multiplyAdds_, memory_})
        layout->addWidget(widget);
    layout->addWidget(hint_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{work_, progress_, cancel_, shapes_})
        layout->addWidget(widget);
    auto* run = new QHBoxLayout;
    run->setSpacing(4);
    run->addWidget(forward_);
    run->addWidget(recomputed_);
    layout->addLayout(run);
    layout->addWidget(saved_);
    addWidget(row, 1);
    row_ = row;
    row_->setMinimumWidth(1);
    keepHeight();

    patience_.setSingleShot(true);
    patience_.setInterval(kPatienceMs);
    connect(&patience_, &QTimer::timeout, this, &StatusBar::showRun);
    workPatience_.setSingleShot(true);
    workPatience_.setInterval(kPatienceMs);
    connect(&workPatience_, &QTimer::timeout, this, [this] {
        work_->show();
        progress_->setRange(0, 0);
        updateBusy();
    });
    connect(cancel_, &QToolButton::clicked, this, &StatusBar::cancelRequested);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, [this] {
        keepHeight();
        showCosts(costs_);
        if (document_ != nullptr) showAll();
    });
    work_->hide();
}

/// As high as what comes and goes: the canvas is not to move when a run begins.
void StatusBar::keepHeight() {
    cancel_->ensurePolished();
    row_->setFixedHeight(std::max({cancel_->sizeHint().height(), progress_->minimumSizeHint().height(),
                                   counts_->sizeHint().height(), hint_->sizeHint().height()}));
}

void StatusBar::showEvent(QShowEvent* event) {
    QStatusBar::showEvent(event);
    keepHeight();
    makeRoom();
}

void StatusBar::resizeEvent(QResizeEvent* event) {
    QStatusBar::resizeEvent(event);
    makeRoom();
}

/// In a narrow window what matters least is left out, and the rest seen whole.
void StatusBar::makeRoom() {
    if (!isVisible()) return;
    const QMargins margins = row_->layout()->contentsMargins();
    int needed = margins.left() + margins.right();
    const std::array<QLabel*, 4> leftOut{recomputed_, shapes_, memory_, multiplyAdds_};
    const auto isOptional = [&](const QWidget* widget) {
        return std::find(leftOut.begin(), leftOut.end(), widget) != leftOut.end();
    };
    const auto widthOf = [this](const QWidget* widget) {
        return widget->sizeHint().width() + row_->layout()->spacing();
    };
    for (const QWidget* widget : row_->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
        if (widget != hint_ && (isOptional(widget) || !widget->isHidden())) needed += widthOf(widget);
    for (QLabel* label : leftOut) {
        const bool fits = needed <= row_->width();
        label->setVisible(fits);
        if (!fits) needed -= widthOf(label);
    }
}

void StatusBar::setSession(DocumentSession* session) {
    if (document_ != nullptr) {
        document_->disconnect(this);
        run_->disconnect(this);
    }
    document_ = session->document();
    run_ = session->run();
    connect(document_, &DocumentModel::changed, this, &StatusBar::showShapesTime);
    // What was said of the step before is no longer news.
    connect(document_, &DocumentModel::changed, this, [this] { showHint(hintText_); });
    connect(document_, &DocumentModel::diagnosticsChanged, this, &StatusBar::showCounts);
    connect(document_, &DocumentModel::historyChanged, this, &StatusBar::showSaved);
    connect(document_, &DocumentModel::refused, this, &StatusBar::showNotice);
    connect(run_, &RunController::started, this, [this] { patience_.start(); });
    connect(run_, &RunController::finished, this, &StatusBar::showRun);
    connect(run_, &RunController::cancelled, this, &StatusBar::showRun);
    connect(run_, &RunController::refused, this, &StatusBar::showRun);
    connect(run_, &RunController::outdated, this, &StatusBar::showRun);
    connect(run_, &RunController::progressed, this, &StatusBar::showProgress);
    patience_.stop();
    showHint(QString());
    showWork(session->files()->work());
    showAll();
}

void StatusBar::showAll() {
    showCounts();
    showShapesTime();
    showRun();
    showSaved();
}

void StatusBar::showCounts() {
    std::size_t edges = 0;
    document_->graph().forEach([&](const graph::Node& node) { edges += node.inputs.size(); });
    const std::size_t nodes = document_->graph().nodeCount();
    const QString nodeText = countedText(static_cast<std::int64_t>(nodes), "node");
    const QString edgeText = countedText(static_cast<std::int64_t>(edges), "edge");
    counts_->setText(QStringLiteral("<b style='color:%3'>%1</b> · %2").arg(nodeText, edgeText, tokens().text.name()));
}

void StatusBar::showCosts(const infer::Costs& costs) {
    costs_ = costs;
    parameters_->setText(valueHtml(tr("parameters"), atLeast(toQString(withThousands(costs.parameters.total)),
                                                             costs.parameters.total, costs.knowsParameters)));
    multiplyAdds_->setText(valueHtml(
        tr("MACs"), atLeast(toQString(humanCount(costs.multiplyAdds)), costs.multiplyAdds, costs.knowsMultiplyAdds)));
    memory_->setText(valueHtml(tr("activations"), atLeast(toQString(humanBytes(costs.activationBytes)),
                                                          costs.activationBytes, costs.knowsActivationBytes)));
    const QString tip = costs.isComplete() ? QString() : tr("Without nodes whose shape is not known");
    for (QLabel* label : {parameters_, multiplyAdds_, memory_}) label->setToolTip(tip);
    makeRoom();
}

void StatusBar::showHint(const QString& hint) {
    hintText_ = hint;
    hint_->setText(hint);
}

void StatusBar::showNotice(const QString& notice) {
    hint_->setText(notice);
    QTimer::singleShot(kNoticeMs, hint_, [this, notice] {
        if (hint_->text() == notice) hint_->setText(hintText_);
    });
}

void StatusBar::showWork(const QString& text) {
    work_->setText(text.toHtmlEscaped());
    if (text.isEmpty()) {
        workPatience_.stop();
        work_->hide();
        updateBusy();
    } else if (work_->isHidden() && !workPatience_.isActive()) {
        workPatience_.start();
    }
}

void StatusBar::updateBusy() {
    const bool isBusy = (run_->isRunning() && !patience_.isActive()) || !work_->isHidden();
    progress_->setVisible(isBusy);
    cancel_->setVisible(isBusy);
}

void StatusBar::showShapesTime() {
    shapes_->setText(valueHtml(tr("shapes"), milliseconds(document_->lastChangeDuration())));
    shapes_->setToolTip(tr("From the last edit to finished shapes"));
}

void StatusBar::showRun() {
    updateBusy();
    if (run_->isRunning()) {
        if (patience_.isActive()) return;
        recomputed_->clear();
        forward_->setText(tr("running …"));
        return;
    }
    const RunReportPtr report = run_->report();
    if (report == nullptr) {
        recomputed_->clear();
        forward_->setText(tr("not run yet"));
        return;
    }
    forward_->setText(valueHtml(tr("forward"), milliseconds(report->duration)));
    const QString what = run_->isUpToDate()
                             ? tr("(%1 of %2 recomputed)")
                                   .arg(report->computedNodes)
                                   .arg(countedText(static_cast<std::int64_t>(report->nodes.size()), "node"))
                             : tr("(of an earlier state)");
    recomputed_->setText(what);
    forward_->setToolTip(what);
    makeRoom();
}

void StatusBar::showProgress(qint64 done, qint64 total) {
    if (!work_->isHidden()) return;
    progress_->setRange(0, total > 0 ? kProgressSteps : 0);
    if (total > 0) {
        const double part = static_cast<double>(done) / static_cast<double>(total);
        progress_->setValue(static_cast<int>(std::clamp(part, 0.0, 1.0) * kProgressSteps));
    }
}

void StatusBar::showSaved() {
    const bool isModified = document_->isModified();
    const QColor color = isModified ? tokens().secondaryText : tokens().ok;
    const QString text = isModified                        ? tr("unsaved changes")
                         : document_->filePath().isEmpty() ? tr("not saved yet")
                                                           : tr("saved");
    const QColor shown = !isModified && document_->filePath().isEmpty() ? tokens().secondaryText : color;
    saved_->setText(QStringLiteral("<span style='color:%2'>%1</span>").arg(text, shown.name()));
    makeRoom();
}

}  // namespace shapewise::ui
