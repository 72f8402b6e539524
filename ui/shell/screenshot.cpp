#include "ui/shell/screenshot.h"

#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/main_window.h"
#include "ui/shell/panel_docks.h"
#include "ui/viewers/summary_table.h"

#include <QPixmap>
#include <QTimer>

namespace shapewise::ui {
namespace {

constexpr int kCheckMs = 40;
constexpr int kQuietChecks = 5;  // layouts, charts and animations settle

}  // namespace

Screenshot::Screenshot(MainWindow* window, const QString& output, QObject* parent)
    : QObject(parent), window_(window), output_(output) {
    connect(window->files(), &FileController::failed, this, [this](const QString& message, const QString& advice) {
        if (isDone_) return;
        isDone_ = true;
        Q_EMIT finished(advice.isEmpty() ? message : QStringLiteral("%1. %2").arg(message, advice));
    });
    QTimer::singleShot(kCheckMs, this, &Screenshot::check);
}

void Screenshot::showResult() {
    // The first problem is what the picture is about; else what comes out at the end.
    const auto& problems = window_->document()->diagnostics();
    const SummaryModel& nodes = *window_->summary()->model();
    const NodeId shown = problems.empty() ? nodes.nodeAt(nodes.rowCount() - 1) : problems.front().node;
    if (!shown.isValid()) return;
    if (problems.empty()) {
        window_->canvas()->select({shown});
        window_->showActivations();
    } else {
        window_->canvas()->reveal(shown);
    }
    window_->canvas()->fitAll();
}

void Screenshot::check() {
    if (isDone_) return;
    const bool isBusy = window_->files()->isOpening() || window_->run()->isBusy() || window_->panels()->isBusy();
    quietChecks_ = isBusy ? 0 : quietChecks_ + 1;
    if (quietChecks_ == 1) showResult();
    if (quietChecks_ >= kQuietChecks)
        save();
    else
        QTimer::singleShot(kCheckMs, this, &Screenshot::check);
}

void Screenshot::save() {
    isDone_ = true;
    const bool isWritten = window_->grab().save(output_, "PNG");
    Q_EMIT finished(
        isWritten ? QString()
                  : tr("%1 could not be written: check that the folder exists and may be written to").arg(output_));
}

}  // namespace shapewise::ui
