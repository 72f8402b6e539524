// What menus and keys make the canvas do with the selection.
#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/palette/layer_search.h"
#include "ui/session/document_model.h"
#include "ui/theme/tokens.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kPasteOffset = 24.0;
constexpr double kGapBehind = 96.0;  ///< between a node and one added behind it
constexpr double kGapBelow = 40.0;
constexpr QSizeF kUsualSize{208.0, 152.0};  ///< of a node with its picture, before it is there

/// The fragment as a project of its own: the clipboard holds what a file holds.
QString fragmentText(const edit::Fragment& fragment) {
    const graph::Project empty;
    const Result<edit::Applied> applied = edit::apply(empty, edit::pasteFragment(empty, fragment, 0, 0).edit);
    return applied ? QString::fromStdString(io::projectJson(applied->project)) : QString();
}

std::vector<NodeId> allNodes(const graph::Graph& graph) {
    std::vector<NodeId> ids;
    graph.forEach([&](const graph::Node& node) { ids.push_back(node.id); });
    return ids;
}

}  // namespace

void CanvasController::deleteSelection(bool heal) {
    const std::vector<NodeId> nodes = selectedNodes();
    const std::vector<edits::Splice> links = selectedLinks();
    if (nodes.empty() && links.empty()) return;
    perform(heal && !nodes.empty() ? edit::removeAndHeal(project().graph, nodes)
                                   : edits::remove(project(), nodes, links));
}

bool CanvasController::copy() {
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.empty()) {
        Q_EMIT view_.noticeShown(tr("Select nodes to copy them"));
        return false;
    }
    const QString text = fragmentText(edit::copyNodes(project(), nodes));
    if (text.isEmpty()) return false;
    QGuiApplication::clipboard()->setText(text);
    pasteCount_ = 0;
    return true;
}

void CanvasController::paste(const QPointF& scene) {
    const QString text = QGuiApplication::clipboard()->text();
    if (text.trimmed().isEmpty()) {
        Q_EMIT view_.noticeShown(tr("The clipboard holds no layers"));
        return;
    }
    const Result<io::Opened> read = io::readProject(text.toStdString(), document_.folder().toStdString());
    if (!read) {
        Q_EMIT view_.noticeShown(
            tr("The clipboard holds no layers: %1").arg(QString::fromStdString(read.error().message)));
        return;
    }
    const edit::Fragment fragment = edit::copyNodes(read->project, allNodes(read->project.graph));
    if (fragment.isEmpty()) return;
    const QPointF at = snapped(scene + QPointF(kPasteOffset, kPasteOffset) * pasteCount_++);
    const edit::Paste paste = edit::pasteFragment(project(), fragment, at.x(), at.y());
    if (perform(paste.edit)) selectNodes(paste.added, Selecting::Replace);
}

void CanvasController::duplicate(bool keepIncoming) {
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.empty()) return;
    const auto incoming = keepIncoming ? edit::IncomingLinks::Keep : edit::IncomingLinks::Leave;
    const edit::Paste paste = edit::duplicateNodes(project(), nodes, kPasteOffset, kPasteOffset, incoming);
    if (perform(paste.edit)) selectNodes(paste.added, Selecting::Replace);
}

void CanvasController::nudge(const QPointF& by) {
    const std::vector<NodeId> nodes = selectedNodes();
    if (!nodes.empty()) perform(edits::move(project(), nodes, by));
}

NodeId CanvasController::addLayer(const QString& className, const QPointF& scene, bool connectToSelection) {
    const QByteArray name = className.toUtf8();
    edits::NewLayer layer;
    layer.type = layers::findLayer({name.constData(), static_cast<std::size_t>(name.size())});
    if (layer.type == nullptr) {
        Q_EMIT view_.noticeShown(tr("There is no layer named %1").arg(className));
        return {};
    }
    layer.place = snapped(scene);
    const std::vector<NodeId> nodes = selectedNodes();
    if (connectToSelection && nodes.size() == 1 && !project().graph.find(nodes.front())->type->outputs.empty()) {
        const LooseLink end{true, nodes.front(), 0};
        if (whyNotFed(*layer.type, rankAt(end)).isEmpty()) {
            layer.feeds = graph::Link{end.node, 0, 0};
            layer.place = placeBehind(end.node);
        }
    }
    if (!layer.feeds) layer.place = freePlace(layer.place);
    const NodeId id = project().graph.nextId();
    if (!perform(edits::add(project(), layer))) return {};
    selectNodes({id}, Selecting::Replace);
    constexpr int kMargin = 40;
    view_.ensureVisible(bodyOf(id), kMargin, kMargin);
    return id;
}

void CanvasController::replaceSelected(const layers::LayerType& type) {
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.size() == 1) perform(edits::replace(project(), nodes.front(), type));
}

QPointF CanvasController::freePlace(QPointF wanted) const {
    // Each node in the way moves the place below it, so that every one is passed at most once.
    for (std::size_t tries = sync_.nodeCount(); tries > 0; --tries) {
        const std::vector<NodeId> below = nodesTouching(QRectF(wanted, kUsualSize));
        if (below.empty()) break;
        double bottom = wanted.y();
        for (const NodeId id : below) bottom = std::max(bottom, bodyOf(id).bottom());
        wanted.setY(std::ceil((bottom + kGapBelow) / kGrid) * kGrid);
    }
    return wanted;
}

QPointF CanvasController::placeBehind(NodeId node) const {
    const QRectF body = bodyOf(node);
    return freePlace(snapped(QPointF(body.right() + kGapBehind, body.top())));
}

bool CanvasController::isFree(const QPointF& place) const { return nodesTouching(QRectF(place, kUsualSize)).empty(); }

QPointF CanvasController::pointerPlace() const {
    const QPoint at = view_.lastPointer();
    return view_.viewport()->rect().contains(at) ? view_.mapToScene(at) : view_.visibleCenter();
}

void CanvasController::followLink(bool forward) {
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.empty()) return;
    const NodeId id = nodes.front();
    if (forward) {
        const auto consumers = document_.analysis().consumers(id);
        if (!consumers.empty()) selectNodes({consumers.front().to}, Selecting::Replace);
    } else if (const graph::Node* node = project().graph.find(id); node != nullptr && !node->inputs.empty()) {
        selectNodes({node->inputs.front().from}, Selecting::Replace);
    }
    for (const NodeId now : selectedNodes()) view_.ensureVisible(bodyOf(now));
}

}  // namespace shapewise::ui
