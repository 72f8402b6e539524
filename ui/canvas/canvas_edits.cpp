#include "ui/canvas/canvas_edits.h"

#include "core/layers/catalog.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace shapewise::ui::edits {
namespace {

struct Labels {
    Q_DECLARE_TR_FUNCTIONS(CanvasEdits)
};

std::string label(const QString& text) {
    return text.toStdString();
}

QString nameOf(const graph::Project& project, NodeId id) {
    const graph::Node* node = project.graph.find(id);
    return node == nullptr ? QString() : QString::fromStdString(node->name);
}

/// "conv2d", or "3 Nodes".
QString subject(const graph::Project& project, const std::vector<NodeId>& nodes) {
    if (nodes.size() == 1) return nameOf(project, nodes.front());
    return Labels::tr("%1 Nodes").arg(nodes.size());
}

QString titleOf(const layers::LayerType& type) {
    const std::string_view title = type.title.empty() ? type.className : type.title;
    return QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size()));
}

std::string freeName(const graph::Project& project, const layers::LayerType& type) {
    return project.graph.freeName(layers::automaticName(type));
}

/// The output that takes the place of a removed node's: what feeds its only link, over other removed nodes.
std::optional<graph::Link> sourceBeyond(const graph::Project& project, const std::set<NodeId>& removed, graph::Link link) {
    for (std::size_t step = 0; step <= removed.size(); ++step) {
        if (removed.count(link.from) == 0) return link;
        const graph::Node* node = project.graph.find(link.from);
        if (node == nullptr || node->inputs.size() != 1) return std::nullopt;
        link.from = node->inputs.front().from;
        link.fromPort = node->inputs.front().fromPort;
    }
    return std::nullopt;
}

void addPutInto(std::vector<edit::Step>& steps, const Splice& into, NodeId node) {
    steps.emplace_back(edit::Disconnect{into.place.to, into.link});
    steps.emplace_back(edit::Connect{{into.link.from, into.link.fromPort, 0}, node, std::nullopt});
    steps.emplace_back(edit::Connect{{node, 0, into.link.toPort}, into.place.to, into.place.slot});
}

}  // namespace

QString whyNot(const graph::Project& project, const edit::Edit& edit) {
    const Result<edit::Applied> applied = edit::apply(project, edit);
    return applied ? QString() : QString::fromStdString(applied.error().message);
}

edit::Edit move(const graph::Project& project, const std::vector<NodeId>& nodes, const QPointF& by) {
    edit::Edit edit;
    edit.label = label(Labels::tr("Move %1").arg(subject(project, nodes)));
    for (const NodeId id : nodes) {
        graph::CanvasPlace place = project.canvas.place(id);
        place.x += by.x();
        place.y += by.y();
        edit.steps.emplace_back(edit::MoveNode{id, place});
    }
    return edit;
}

edit::Edit remove(const graph::Project& project, const std::vector<NodeId>& nodes, const std::vector<Splice>& links) {
    edit::Edit edit;
    if (!nodes.empty()) {
        edit.label = label(Labels::tr("Delete %1").arg(subject(project, nodes)));
    } else {
        edit.label = label(links.size() == 1 ? Labels::tr("Delete Link") : Labels::tr("Delete %1 Links").arg(links.size()));
    }
    const std::set<NodeId> going(nodes.begin(), nodes.end());
    for (const Splice& link : links)
        if (going.count(link.place.to) == 0 && going.count(link.link.from) == 0)
            edit.steps.emplace_back(edit::Disconnect{link.place.to, link.link});
    for (const NodeId id : nodes) edit.steps.emplace_back(edit::RemoveNode{id});
    return edit;
}

edit::Edit removeAndHeal(const graph::Project& project, const std::vector<NodeId>& nodes) {
    const std::set<NodeId> going(nodes.begin(), nodes.end());
    edit::Edit edit;
    edit.label = label(Labels::tr("Delete %1 and Reconnect").arg(subject(project, nodes)));
    std::vector<edit::Step> connects;
    project.graph.forEach([&](const graph::Node& consumer) {
        if (going.count(consumer.id) > 0) return;
        for (std::size_t slot = 0; slot < consumer.inputs.size(); ++slot) {
            const graph::Link& old = consumer.inputs[slot];
            if (going.count(old.from) == 0) continue;
            const auto source = sourceBeyond(project, going, old);
            if (source) connects.emplace_back(edit::Connect{{source->from, source->fromPort, old.toPort}, consumer.id, slot});
        }
    });
    for (const NodeId id : nodes) edit.steps.emplace_back(edit::RemoveNode{id});
    edit.steps.insert(edit.steps.end(), connects.begin(), connects.end());
    return edit;
}

edit::Edit disconnect(const graph::Project& project, const Splice& link) {
    edit::Edit edit;
    edit.label = label(Labels::tr("Disconnect %1 from %2").arg(nameOf(project, link.link.from), nameOf(project, link.place.to)));
    edit.steps.emplace_back(edit::Disconnect{link.place.to, link.link});
    return edit;
}

edit::Edit connect(const graph::Project& project, const graph::Link& link, NodeId to) {
    edit::Edit edit;
    edit.label = label(Labels::tr("Connect %1 to %2").arg(nameOf(project, link.from), nameOf(project, to)));
    edit.steps.emplace_back(edit::Connect{link, to, std::nullopt});
    return edit;
}

edit::Edit reconnect(const graph::Project& project, const Splice& old, const graph::Link& link, NodeId to) {
    edit::Edit edit = connect(project, link, to);
    edit.steps.insert(edit.steps.begin(), edit::Disconnect{old.place.to, old.link});
    return edit;
}

edit::Edit rename(const graph::Project& project, NodeId node, const QString& name) {
    edit::Edit edit;
    edit.label = label(Labels::tr("Rename %1 to %2").arg(nameOf(project, node), name));
    edit.steps.emplace_back(edit::RenameNode{node, name.toStdString()});
    return edit;
}

edit::Edit add(const graph::Project& project, const NewLayer& layer) {
    edit::Edit edit;
    edit.label = label(Labels::tr("Add %1").arg(titleOf(*layer.type)));
    const NodeId id = project.graph.nextId();
    edit.steps.emplace_back(edit::AddNode{layers::makeInitialNode(*layer.type, id, freeName(project, *layer.type)),
                                          {layer.place.x(), layer.place.y(), false}});
    const bool takesInput = !layer.type->inputs.empty();
    const bool givesOutput = !layer.type->outputs.empty();
    if (layer.splice) {
        if (takesInput && givesOutput) addPutInto(edit.steps, *layer.splice, id);
        return edit;
    }
    if (layer.feeds && takesInput)
        edit.steps.emplace_back(edit::Connect{{layer.feeds->from, layer.feeds->fromPort, 0}, id, std::nullopt});
    if (layer.fedTo && givesOutput)
        edit.steps.emplace_back(edit::Connect{{id, 0, layer.fedTo->second}, layer.fedTo->first, std::nullopt});
    return edit;
}

edit::Edit splice(const graph::Project& project, NodeId node, const Splice& into, const QPointF& by) {
    edit::Edit edit = move(project, {node}, by);
    edit.label = label(Labels::tr("Insert %1").arg(nameOf(project, node)));
    addPutInto(edit.steps, into, node);
    return edit;
}

edit::Edit replace(const graph::Project& project, NodeId id, const layers::LayerType& type) {
    const graph::Node& old = *project.graph.find(id);
    auto node = layers::makeInitialNode(type, id, old.name);
    // An automatic name says the type: it follows. A name somebody gave stays.
    const std::string automatic = layers::automaticName(*old.type);
    if (old.name.rfind(automatic, 0) == 0) node->name = freeName(project, type);
    for (const graph::Setting& setting : old.settings)
        if (type.param(setting.key) != nullptr) node->set(setting.key, setting.value);
    edit::Edit edit;
    edit.label = label(Labels::tr("Replace %1 with %2").arg(nameOf(project, id), titleOf(type)));
    edit.steps.emplace_back(edit::ReplaceNode{std::move(node)});
    return edit;
}

Splice at(const graph::Project& project, const graph::LinkPlace& place) {
    return {place, project.graph.find(place.to)->inputs.at(place.slot)};
}

bool standsAlone(const graph::Project& project, const std::vector<graph::LinkPlace>& consumers, NodeId id) {
    const graph::Node* node = project.graph.find(id);
    if (node == nullptr || !consumers.empty() || node->inputPortCount == 0 || node->type->outputs.empty()) return false;
    return std::none_of(node->inputs.begin(), node->inputs.end(), [](const graph::Link& link) { return link.toPort == 0; });
}

}  // namespace shapewise::ui::edits
