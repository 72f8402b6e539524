#include "ui/canvas/tools/connect.h"

#include "core/edit/builders.h"
#include "ui/canvas/scene/edge_painter.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <limits>

namespace shapewise::ui {

ConnectTool::ConnectTool(ToolCanvas& canvas, const LooseLink& fixed, const PointerEvent& press)
    : Tool(canvas), fixed_(fixed), press_(press), now_(press.scene) {}

ConnectTool::ConnectTool(ToolCanvas& canvas, const edits::Splice& pickedUp, const PointerEvent& press)
    : Tool(canvas),
      fixed_{true, pickedUp.link.from, pickedUp.link.fromPort},
      pickedUp_(pickedUp),
      press_(press),
      now_(press.scene) {}

void ConnectTool::move(const PointerEvent& event) {
    if (!dragging_) {
        if (!isDrag(press_.viewport, event.viewport)) return;
        dragging_ = true;
        canvas().markTargets(fixed_);
        if (pickedUp_) canvas().fadeLink(pickedUp_->place);
    }
    const Hit hit = canvas().hitAt(event.scene);
    target_ = targetOf(hit, event.scene);
    const std::optional<edit::Edit> edit = editFor(hit, event.scene);
    refusal_ = edit ? edits::whyNot(canvas().project(), canvas().wiring(), *edit) : QString();
    now_ = target_ && refusal_.isEmpty() ? canvas().portAt(*target_) : event.scene;
    canvas().showPointerText(refusal_, event.viewport);
    canvas().overlayChanged();
}

void ConnectTool::release(const PointerEvent& event) {
    if (!dragging_) return;
    move(event);
    const Hit hit = canvas().hitAt(event.scene);
    const std::optional<edit::Edit> edit = editFor(hit, event.scene);
    const QString refusal = refusal_;
    const bool isBack = pickedUp_ && target_ && !target_->fromOutput && target_->node == pickedUp_->place.to &&
                        target_->port == pickedUp_->link.toPort;
    clearPreview();
    if (isBack) return;
    if (edit) {
        if (refusal.isEmpty()) canvas().perform(*edit);
        return;
    }
    if (hit.kind == Hit::Kind::Node) return;
    if (pickedUp_) {
        canvas().perform(edit::disconnect(canvas().project().graph, pickedUp_->place));
        return;
    }
    canvas().searchLayerFor(fixed_, event.scene);
}

void ConnectTool::cancel() { clearPreview(); }

void ConnectTool::clearPreview() {
    dragging_ = false;
    canvas().markTargets(std::nullopt);
    canvas().fadeLink(std::nullopt);
    canvas().showPointerText({}, {});
    canvas().overlayChanged();
}

std::optional<std::uint16_t> ConnectTool::nearestInput(NodeId id, const QPointF& scene) const {
    const graph::Node* node = canvas().project().graph.find(id);
    if (node == nullptr) return std::nullopt;
    std::optional<std::uint16_t> best;
    double bestDistance = std::numeric_limits<double>::max();
    for (std::uint16_t port = 0; port < node->inputPortCount; ++port) {
        const bool taken =
            port != node->manyPort && std::any_of(node->inputs.begin(), node->inputs.end(),
                                                  [&](const graph::Link& l) { return l.toPort == port; });
        constexpr double kTakenPenalty = 1e6;
        const double distance =
            (canvas().portAt({false, id, port}) - scene).manhattanLength() + (taken ? kTakenPenalty : 0);
        if (distance >= bestDistance) continue;
        bestDistance = distance;
        best = port;
    }
    return best;
}

std::optional<LooseLink> ConnectTool::targetOf(const Hit& hit, const QPointF& scene) const {
    if (fixed_.fromOutput) {
        if (hit.kind == Hit::Kind::Input) return LooseLink{false, hit.node, hit.port};
        const bool onOther = hit.kind == Hit::Kind::Node || hit.kind == Hit::Kind::Output;
        if (!onOther || hit.node == fixed_.node) return std::nullopt;
        if (const auto port = nearestInput(hit.node, scene)) return LooseLink{false, hit.node, *port};
        return std::nullopt;
    }
    if (hit.kind == Hit::Kind::Output) return LooseLink{true, hit.node, hit.port};
    const bool onOther = hit.kind == Hit::Kind::Node || hit.kind == Hit::Kind::Input;
    if (!onOther || hit.node == fixed_.node) return std::nullopt;
    const graph::Node* node = canvas().project().graph.find(hit.node);
    if (node == nullptr || node->type->outputs.empty()) return std::nullopt;
    return LooseLink{true, hit.node, 0};
}

std::optional<edit::Edit> ConnectTool::editFor(const Hit& hit, const QPointF& scene) const {
    const graph::Project& project = canvas().project();
    const auto target = targetOf(hit, scene);
    if (!target) return std::nullopt;
    const LooseLink& output = fixed_.fromOutput ? fixed_ : *target;
    const LooseLink& input = fixed_.fromOutput ? *target : fixed_;
    const graph::Link link{output.node, output.port, input.port};
    return pickedUp_ ? edit::moveLink(project.graph, pickedUp_->place, link, input.node)
                     : edit::connect(project.graph, link, input.node);
}

QString ConnectTool::hint() const {
    if (!dragging_) return {};
    if (!refusal_.isEmpty()) return refusal_;
    if (pickedUp_)
        return QCoreApplication::translate("Canvas", "Drop on an input · in the void: disconnect · Esc: cancel");
    return fixed_.fromOutput
               ? QCoreApplication::translate("Canvas", "Drop on an input · in the void: add a layer · Esc: cancel")
               : QCoreApplication::translate("Canvas", "Drop on an output · in the void: add a layer · Esc: cancel");
}

void ConnectTool::paint(QPainter& painter) const {
    if (!dragging_) return;
    const QPointF fixed = canvas().portAt(fixed_);
    const int rank = canvas().rankAt(fixed_);
    if (fixed_.fromOutput) {
        paintLooseEdge(painter, canvas().zoom(), fixed, now_, rank, !refusal_.isEmpty());
    } else {
        paintLooseEdge(painter, canvas().zoom(), now_, fixed, rank, !refusal_.isEmpty());
    }
}

}  // namespace shapewise::ui
