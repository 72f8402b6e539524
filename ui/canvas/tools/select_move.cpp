#include "ui/canvas/tools/select_move.h"

#include "core/edit/builders.h"
#include <QCoreApplication>

#include <algorithm>

namespace shapewise::ui {

SelectMoveTool::SelectMoveTool(ToolCanvas& canvas, NodeId grabbed, const PointerEvent& press)
    : Tool(canvas), grabbed_(grabbed), press_(press), before_(canvas.selectedNodes()) {
    const bool wasSelected = std::find(before_.begin(), before_.end(), grabbed) != before_.end();
    const Selecting how = selectingOf(press.modifiers);
    if (how != Selecting::Replace) {
        canvas.selectNodes({grabbed}, how);
    } else if (!wasSelected) {
        canvas.selectNodes({grabbed}, Selecting::Replace);
    }
    moving_ = canvas.selectedNodes();
    canSplice_ = moving_.size() == 1 && edits::standsAlone(canvas.project(), canvas.wiring(), grabbed);
}

QPointF SelectMoveTool::delta(const PointerEvent& event) const {
    const graph::CanvasPlace home = canvas().project().canvas.place(grabbed_);
    const QPointF place = QPointF(home.x, home.y) + event.scene - press_.scene;
    const bool isFree = event.modifiers & Qt::AltModifier;
    return (isFree ? place : snapped(place)) - QPointF(home.x, home.y);
}

void SelectMoveTool::move(const PointerEvent& event) {
    if (!dragging_ && !isDrag(press_.viewport, event.viewport)) return;
    dragging_ = true;
    const QPointF by = delta(event);
    for (const NodeId id : moving_) {
        const graph::CanvasPlace home = canvas().project().canvas.place(id);
        canvas().showNodeAt(id, QPointF(home.x, home.y) + by);
    }
    const bool wanted = canSplice_ && !(event.modifiers & Qt::AltModifier);
    target_ = wanted ? canvas().linkUnder(canvas().bodyOf(grabbed_), grabbed_) : std::nullopt;
    canvas().markSplice(target_);
}

void SelectMoveTool::release(const PointerEvent& event) {
    if (!dragging_) {
        if (selectingOf(event.modifiers) == Selecting::Replace) canvas().selectNodes({grabbed_}, Selecting::Replace);
        return;
    }
    move(event);
    const QPointF by = delta(event);
    const std::optional<graph::LinkPlace> target = target_;
    canvas().markSplice(std::nullopt);
    if (by.isNull() && !target) {
        putBack();
        return;
    }
    const graph::Project& project = canvas().project();
    const graph::CanvasPlace home = project.canvas.place(grabbed_);
    edit::Edit edit = target ? edits::splice(project, canvas().wiring(), grabbed_, edits::at(project, *target),
                                             QPointF(home.x, home.y) + by)
                             : edits::move(project, moving_, by);
    edit.mergeKey.clear();  // each drag is a step of its own
    if (!canvas().perform(edit)) putBack();
}

void SelectMoveTool::cancel() {
    canvas().markSplice(std::nullopt);
    putBack();
    canvas().selectNodes(before_, Selecting::Replace);
}

void SelectMoveTool::putBack() {
    for (const NodeId id : moving_) canvas().showNodeAtHome(id);
}

QString SelectMoveTool::hint() const {
    if (target_)
        return QCoreApplication::translate("Canvas",
                                           "Release to insert into this link · Alt: no insertion · Esc: cancel");
    if (dragging_) return QCoreApplication::translate("Canvas", "Release to place · Alt: off the grid · Esc: cancel");
    return {};
}

Qt::CursorShape SelectMoveTool::cursor() const { return dragging_ ? Qt::ClosedHandCursor : Qt::ArrowCursor; }

}  // namespace shapewise::ui
