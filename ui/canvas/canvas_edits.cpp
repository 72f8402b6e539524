#include "ui/canvas/canvas_edits.h"

#include "core/edit/builders.h"
#include "core/layers/framework/catalog.h"
#include "ui/palette/layer_search.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <set>

namespace shapewise::ui::edits {
namespace {

struct Labels {
    Q_DECLARE_TR_FUNCTIONS(CanvasEdits)
};

std::string label(const QString& text) { return text.toStdString(); }

std::string freeName(const graph::Project& project, const layers::LayerType& type) {
    return project.graph.freeName(layers::automaticName(type));
}

/// Room for a node with its ports and a shape label before the next one, in scene units.
constexpr double kNodeRoom = 280.0;
/// The widest body and a link that can be seen: nearer to its producer, a node would lie on it.
constexpr double kProducerRoom = 272.0;
constexpr double kNodeHeight = 160.0;  ///< of the tallest usual body

/// That place, or one to its right where a node is clear of the producer that feeds it.
QPointF besideProducer(const graph::Project& project, NodeId producer, const QPointF& place) {
    const graph::CanvasPlace from = project.canvas.place(producer);
    const bool isBeside = std::abs(place.y() - from.y) >= kNodeHeight || place.x() >= from.x + kProducerRoom;
    return isBeside ? place : QPointF(std::ceil((from.x + kProducerRoom) / kGrid) * kGrid, place.y());
}

/// Adds steps that move a node put into a link clear of its consumer: that one and all behind it go to the right.
void makeRoom(const graph::Project& project, const edit::WiringIndex& wiring, NodeId consumer, double x,
              edit::Edit& edit) {
    const double missing = x + kNodeRoom - project.canvas.place(consumer).x;
    if (missing <= 0) return;
    std::set<NodeId> behind{consumer};
    std::vector<NodeId> open{consumer};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        for (const graph::LinkPlace& next : wiring.consumers(id))
            if (behind.insert(next.to).second) open.push_back(next.to);
    }
    for (const NodeId id : behind) {
        graph::CanvasPlace place = project.canvas.place(id);
        place.x += std::ceil(missing / kGrid) * kGrid;
        edit.steps.emplace_back(edit::MoveNode{id, place});
    }
}

}  // namespace

QString whyNot(const graph::Project& project, const edit::WiringIndex& wiring, const edit::Edit& edit) {
    const Result<edit::Applied> applied = edit::apply(project, edit, &wiring);
    return applied ? QString() : QString::fromStdString(applied.error().message);
}

edit::Edit move(const graph::Project& project, const std::vector<NodeId>& nodes, const QPointF& by) {
    return edit::moveNodes(project, nodes, by.x(), by.y());
}

edit::Edit remove(const graph::Project& project, const std::vector<NodeId>& nodes, const std::vector<Splice>& links) {
    edit::Edit edit = edit::removeNodes(project.graph, nodes);
    if (nodes.empty())
        edit.label =
            label(links.size() == 1 ? Labels::tr("Delete Link") : Labels::tr("Delete %1 Links").arg(links.size()));
    const std::set<NodeId> going(nodes.begin(), nodes.end());
    std::vector<edit::Step> cuts;
    for (const Splice& link : links)
        if (going.count(link.place.to) == 0 && going.count(link.link.from) == 0)
            cuts.emplace_back(edit::Disconnect{link.place.to, link.link});
    edit.steps.insert(edit.steps.begin(), cuts.begin(), cuts.end());
    return edit;
}

edit::Edit add(const graph::Project& project, const edit::WiringIndex& wiring, const NewLayer& layer) {
    const NodeId id = project.graph.nextId();
    graph::NodePtr node = layers::makeInitialNode(*layer.type, id, freeName(project, *layer.type));
    const graph::CanvasPlace place{layer.place.x(), layer.place.y(), false};
    const bool takesInput = node->inputPortCount > 0;
    const bool givesOutput = !layer.type->outputs.empty();
    if (layer.splice && takesInput && givesOutput) {
        const QPointF beside = besideProducer(project, layer.splice->link.from, layer.place);
        edit::Edit edit = edit::insertNodeOnLink(project.graph, layer.splice->place, std::move(node),
                                                 {beside.x(), beside.y(), false});
        makeRoom(project, wiring, layer.splice->place.to, beside.x(), edit);
        return edit;
    }
    if (layer.feeds && takesInput)
        return edit::addNodeBehind(std::move(node), place, layer.feeds->from, layer.feeds->fromPort);
    edit::Edit edit = edit::addNode(std::move(node), place);
    if (layer.fedTo && givesOutput)
        edit.steps.emplace_back(edit::Connect{{id, 0, layer.fedTo->second}, layer.fedTo->first, std::nullopt});
    return edit;
}

edit::Edit splice(const graph::Project& project, const edit::WiringIndex& wiring, NodeId node, const Splice& into,
                  const QPointF& place) {
    const QPointF beside = besideProducer(project, into.link.from, place);
    edit::Edit edit = edit::moveNodeOntoLink(project.graph, into.place, node, {beside.x(), beside.y(), false});
    makeRoom(project, wiring, into.place.to, beside.x(), edit);
    return edit;
}

edit::Edit replace(const graph::Project& project, NodeId id, const layers::LayerType& type) {
    const graph::Node& old = *project.graph.find(id);
    // An automatic name says the type: it follows. A name somebody gave stays.
    const bool isAutomatic = old.name.rfind(layers::automaticName(*old.type), 0) == 0;
    auto node = layers::makeInitialNode(type, id, isAutomatic ? freeName(project, type) : old.name);
    const auto carryOver = [&](const graph::Setting& setting) -> std::optional<Value> {
        if (type.param(setting.key) == nullptr) return std::nullopt;
        return setting.value;
    };
    return edit::replaceNode(project.graph, std::move(node), layerTitle(type).toStdString(), carryOver);
}

Splice at(const graph::Project& project, const graph::LinkPlace& place) {
    return {place, project.graph.find(place.to)->inputs.at(place.slot)};
}

bool standsAlone(const graph::Project& project, const edit::WiringIndex& wiring, NodeId id) {
    const graph::Node* node = project.graph.find(id);
    if (node == nullptr || !wiring.consumers(id).empty() || node->inputPortCount == 0 || node->type->outputs.empty())
        return false;
    return std::none_of(node->inputs.begin(), node->inputs.end(),
                        [](const graph::Link& link) { return link.toPort == 0; });
}

}  // namespace shapewise::ui::edits
