#include "core/session/grouping.h"
#include "core/view_math/layout.h"
#include "ui/base/qt_text.h"
#include "ui/canvas/canvas_view.h"
#include "ui/diagnostics/problems_panel.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/palette/palette_panel.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/help_dialogs.h"
#include "ui/shell/main_window.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/status_bar.h"

#include <QApplication>
#include <QClipboard>

#include <algorithm>
#include <unordered_map>

namespace shapewise::ui {

void MainWindow::fail(const Error& error) {
    messages_->show(MessageBar::Kind::Error,
                    toQString(error.where.empty() ? error.message : error.where + ": " + error.message),
                    toQString(error.advice));
}

void MainWindow::copyKerasCode(const std::vector<NodeId>& nodes) {
    const Result<std::string> code = io::kerasCode(nodes.empty() ? document_->whole() : document_->project(), nodes);
    if (!code) return fail(code.error());
    QApplication::clipboard()->setText(toQString(*code));
    status_->showNotice(nodes.empty() ? tr("Keras code of the whole graph is on the clipboard")
                                      : tr("Keras code of the selection is on the clipboard"));
}

void MainWindow::copyKerasJson() {
    const Result<std::string> json = io::kerasJson(document_->whole());
    if (!json) return fail(json.error());
    QApplication::clipboard()->setText(toQString(*json));
    status_->showNotice(tr("Keras JSON is on the clipboard"));
}

void MainWindow::exportCanvas() {
    constexpr double kScale = 2.0;  // sharp in print
    if (document_->graph().nodeCount() == 0) {
        messages_->show(MessageBar::Kind::Error, tr("There is nothing on the canvas to draw"), tr("Add a layer first"));
        return;
    }
    files_->exportFile(pictureExport(tr("Export Canvas"), QString(), canvas_->picture(kScale)));
}

void MainWindow::tidy() {
    std::vector<NodeId> nodes = canvas_->selection();
    if (nodes.size() < 2) {
        nodes.clear();
        document_->graph().forEach([&](const graph::Node& node) { nodes.push_back(node.id); });
    }
    if (nodes.empty()) return;
    std::unordered_map<NodeId, std::size_t> place;
    for (std::size_t index = 0; index < nodes.size(); ++index) place.emplace(nodes[index], index);
    std::vector<view_math::LayoutNode> boxes(nodes.size());
    double left = document_->project().canvas.place(nodes.front()).x;
    double top = document_->project().canvas.place(nodes.front()).y;
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        const graph::CanvasPlace now = document_->project().canvas.place(nodes[index]);
        left = std::min(left, now.x);
        top = std::min(top, now.y);
        for (const graph::Link& link : document_->graph().find(nodes[index])->inputs)
            if (const auto found = place.find(link.from); found != place.end())
                boxes[index].inputs.push_back(found->second);
    }
    edit::Edit edit;
    edit.label = tr("Tidy").toStdString();
    const std::vector<view_math::LayoutPlace> places = view_math::layered(boxes);
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        graph::CanvasPlace now = document_->project().canvas.place(nodes[index]);
        now.x = left + places[index].x;
        now.y = top + places[index].y;
        edit.steps.emplace_back(edit::MoveNode{nodes[index], now});
    }
    if (document_->perform(edit)) canvas_->fitAll();
}

void MainWindow::groupSelection() {
    const NodeId group = document_->graph().nextId();
    const Result<edit::Edit> edit =
        session::groupNodes(document_->project(), document_->analysis(), canvas_->selection());
    if (!edit) return status_->showNotice(toQString(edit.error().text()));
    if (document_->perform(*edit)) canvas_->select({group});
}

void MainWindow::ungroupSelection() {
    const std::vector<NodeId> nodes = canvas_->selection();
    if (nodes.size() != 1) return status_->showNotice(tr("Select one group"));
    const std::uint32_t first = document_->graph().nextId().value;
    const Result<edit::Edit> edit = session::ungroup(document_->project(), document_->analysis(), nodes.front());
    if (!edit) return status_->showNotice(toQString(edit.error().text()));
    if (!document_->perform(*edit)) return;
    std::vector<NodeId> added;
    for (std::uint32_t id = first; id < document_->graph().nextId().value; ++id) added.emplace_back(id);
    canvas_->select(added);
}

void MainWindow::openSettings() {
    auto* dialog = new SettingsDialog(settings_, run_->memoryLimit(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::changed, this, &MainWindow::applySettings);
    dialog->open();
}

void MainWindow::openShortcuts() { openHelpDialog(this, tr("Keyboard Shortcuts"), shortcutsHtml(*actions_)); }

void MainWindow::openAbout() { openHelpDialog(this, tr("About Shapewise"), aboutHtml()); }

void MainWindow::explainFocus() {
    const QWidget* focus = QApplication::focusWidget();
    const auto isIn = [focus](const QWidget* whole) {
        return focus != nullptr && whole != nullptr && (whole == focus || whole->isAncestorOf(focus));
    };
    if (isIn(inspector_)) return inspector_->explain(focus);
    if (isIn(palette_)) {
        if (const layers::LayerType* type = palette_->current()) return openLayerDialog(this, *type);
    } else if (isIn(problems_)) {
        if (const diag::Diagnostic* problem = problems_->current()) return explain(problem->code);
    } else if (isIn(canvas_) || focus == nullptr || !panels_->panelAround(focus)) {
        return explainSelection();
    }
    const PanelSpec* panel = panels_->panelAround(focus);
    if (panel == nullptr) return openExplanationList(this);
    openHelpDialog(this, panel->title, panelHtml(*panel, focus));
}

void MainWindow::explainSelection() {
    const std::vector<NodeId> nodes = canvas_->selection();
    for (const diag::Diagnostic& diagnostic : document_->diagnostics())
        if (std::find(nodes.begin(), nodes.end(), diagnostic.node) != nodes.end()) return explain(diagnostic.code);
    if (!nodes.empty()) {
        panels_->raise(inspector_);
        return inspector_->explain(nullptr);
    }
    if (const diag::Diagnostic* first = problems_->model()->at(0)) return explain(first->code);
    openExplanationList(this);
}

}  // namespace shapewise::ui
