#include "ui/canvas/canvas_commands.h"

#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_view.h"
#include "ui/palette/layer_search.h"
#include "ui/session/document_model.h"

#include <QClipboard>
#include <QGuiApplication>

#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kPasteOffset = 24.0;
constexpr double kPortRoom = 32.0;  ///< nearer behind a node, another would hide its output
constexpr int kViewMargin = 40;     ///< between a new node and the edge of the view, pixels

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

const layers::LayerType* layerNamed(const QString& className) {
    const QByteArray name = className.toUtf8();
    return layers::findLayer({name.constData(), static_cast<std::size_t>(name.size())});
}

}  // namespace

void CanvasCommands::remove(bool heal) {
    const std::vector<NodeId> nodes = selection_.nodes();
    const std::vector<edits::Splice> links = selection_.links();
    if (nodes.empty() && links.empty()) return;
    const graph::Project& project = document_.project();
    document_.perform(heal && !nodes.empty() ? edit::removeAndHeal(project.graph, nodes)
                                             : edits::remove(project, nodes, links));
}

void CanvasCommands::removeOrLeave() {
    if (selection_.isEmpty()) {
        document_.closeGroups();
    } else {
        remove(false);
    }
}

bool CanvasCommands::copy() {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.empty()) {
        Q_EMIT view_.noticeShown(tr("Select nodes to copy them"));
        return false;
    }
    const QString text = fragmentText(edit::copyNodes(document_.project(), nodes));
    if (text.isEmpty()) return false;
    QGuiApplication::clipboard()->setText(text);
    pasteCount_ = 0;
    return true;
}

void CanvasCommands::cut() {
    if (copy()) remove(false);
}

void CanvasCommands::paste(const QPointF& scene) {
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
    const edit::Paste paste = edit::pasteFragment(document_.project(), fragment, at.x(), at.y());
    if (document_.perform(paste.edit)) selection_.select(paste.added);
}

void CanvasCommands::duplicate(bool keepIncoming) {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.empty()) return;
    const auto incoming = keepIncoming ? edit::IncomingLinks::Keep : edit::IncomingLinks::Leave;
    const edit::Paste paste = edit::duplicateNodes(document_.project(), nodes, kPasteOffset, kPasteOffset, incoming);
    if (document_.perform(paste.edit)) selection_.select(paste.added);
}

void CanvasCommands::rename(NodeId node, const QString& name) {
    if (name != document_.nodeName(node)) document_.perform(edit::renameNode(node, name.toStdString()));
}

void CanvasCommands::nudge(const QPointF& by) {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (!nodes.empty()) document_.perform(edits::move(document_.project(), nodes, by));
}

void CanvasCommands::nudgeOrSelect(const QPointF& by) {
    if (!selection_.nodes().empty()) {
        nudge(by);
    } else if (const NodeItem* first = sync_.firstNode()) {
        selection_.select({first->id()});
    }
}

void CanvasCommands::follow(bool forward) {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.empty()) return;
    const NodeId id = nodes.front();
    if (forward) {
        const auto consumers = document_.analysis().consumers(id);
        if (!consumers.empty()) selection_.select({consumers.front().to});
    } else if (const graph::Node* node = document_.graph().find(id); node != nullptr && !node->inputs.empty()) {
        selection_.select({node->inputs.front().from});
    }
    for (const NodeId now : selection_.nodes()) view_.ensureVisible(picker_.bodyOf(now));
}

void CanvasCommands::replaceSelected(const layers::LayerType& type) {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.size() == 1) document_.perform(edits::replace(document_.project(), nodes.front(), type));
}

void CanvasCommands::openSelected() {
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.size() == 1 && document_.opens(nodes.front())) {
        document_.openGroup(nodes.front());
    } else if (!nodes.empty()) {
        Q_EMIT view_.nodeActivated(nodes.front());
    }
}

NodeId CanvasCommands::perform(const edits::NewLayer& layer) {
    const graph::Project& project = document_.project();
    const NodeId id = project.graph.nextId();
    if (!document_.perform(edits::add(project, document_.analysis(), layer))) return {};
    selection_.select({id});
    view_.ensureVisible(picker_.bodyOf(id), kViewMargin, kViewMargin);
    return id;
}

NodeId CanvasCommands::add(const QString& className, const QPointF& scene, bool connectToSelection) {
    edits::NewLayer layer;
    layer.type = layerNamed(className);
    if (layer.type == nullptr) {
        Q_EMIT view_.noticeShown(tr("There is no layer named %1").arg(className));
        return {};
    }
    layer.place = snapped(scene);
    const std::vector<NodeId> nodes = selection_.nodes();
    if (connectToSelection && nodes.size() == 1 && !document_.graph().find(nodes.front())->type->outputs.empty()) {
        const LooseLink end{true, nodes.front(), 0};
        if (whyNotFed(*layer.type, picker_.rankAt(end)).isEmpty()) {
            layer.feeds = graph::Link{end.node, 0, 0};
            layer.place = picker_.placeBehind(end.node);
        }
    }
    if (!layer.feeds) layer.place = picker_.freePlace(layer.place);
    return perform(layer);
}

QString CanvasCommands::whyNotBehindSelection(const QString& className) const {
    const layers::LayerType* type = layerNamed(className);
    const std::vector<NodeId> nodes = selection_.nodes();
    if (type == nullptr || type->inputs.empty() || nodes.size() != 1) return {};
    if (document_.graph().find(nodes.front())->type->outputs.empty()) return {};
    const QString why = whyNotFed(*type, picker_.rankAt({true, nodes.front(), 0}));
    if (why.isEmpty()) return {};
    return tr("%1 does not go behind %2: it %3").arg(layerTitle(*type), document_.nodeName(nodes.front()), why);
}

void CanvasCommands::addTo(const std::optional<LooseLink>& end, const QString& className, const QPointF& scene) {
    edits::NewLayer layer;
    layer.type = layerNamed(className);
    if (layer.type == nullptr) return;
    layer.place = snapped(scene);
    if (end && end->fromOutput) {
        const bool isBehind = layer.place.x() >= picker_.bodyOf(end->node).right() + kPortRoom;
        if (!isBehind || !picker_.isFree(layer.place)) layer.place = picker_.placeBehind(end->node);
        layer.feeds = graph::Link{end->node, end->port, 0};
    } else if (end) {
        layer.fedTo = std::pair{end->node, end->port};
    } else {
        layer.place = picker_.freePlace(layer.place);
    }
    perform(layer);
}

QPointF CanvasCommands::pointerPlace() const {
    const QPoint at = view_.lastPointer();
    return view_.viewport()->rect().contains(at) ? view_.mapToScene(at) : view_.visibleCenter();
}

}  // namespace shapewise::ui
