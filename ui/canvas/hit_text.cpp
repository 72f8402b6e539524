#include "ui/canvas/hit_text.h"

#include "ui/base/wording.h"

#include <QCoreApplication>

namespace shapewise::ui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Canvas", text); }

QString portText(const PortView& port) {
    QString text = port.rank >= 0 ? tr("%1: rank %2").arg(port.name).arg(port.rank) : port.name;
    if (port.wantedRank >= 0 && port.wantedRank != port.rank) text += tr(", wants rank %1").arg(port.wantedRank);
    if (port.optional) text += tr(" (optional)");
    return text;
}

QString nodeText(const NodeView& view, const std::vector<diag::Diagnostic>& problems) {
    QString text = spokenText(view);
    for (const diag::Diagnostic& problem : problems)
        if (problem.node == view.id) text += QStringLiteral("\n") + shown(problem.title);
    return text;
}

}  // namespace

QString textOf(const Hit& hit, const SceneSync& sync, const std::vector<diag::Diagnostic>& problems) {
    const NodeItem* node = sync.node(hit.node);
    const EdgeItem* edge = hit.kind == Hit::Kind::Edge ? sync.edge(hit.link) : nullptr;
    switch (hit.kind) {
        case Hit::Kind::Nothing: break;
        case Hit::Kind::Node: return node == nullptr ? QString() : nodeText(node->view(), problems);
        case Hit::Kind::Input: return node == nullptr ? QString() : portText(node->view().inputs[hit.port]);
        case Hit::Kind::Output: return node == nullptr ? QString() : portText(node->view().outputs[hit.port]);
        case Hit::Kind::Edge: return edge == nullptr ? QString() : edge->view().label;
    }
    return {};
}

}  // namespace shapewise::ui
