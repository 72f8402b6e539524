#include "core/edit/clipboard.h"

#include "core/edit/inside.h"
#include "core/edit/labels.h"
#include "core/graph/seeds.h"
#include "core/graph/topology.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace shapewise::edit {

namespace {

using graph::Node;

/// The nodes that exist, once each, producers before consumers.
std::vector<NodeId> inOrder(const graph::Graph& graph, std::span<const NodeId> nodes) {
    std::vector<NodeId> present(nodes.begin(), nodes.end());
    std::sort(present.begin(), present.end());
    present.erase(std::unique(present.begin(), present.end()), present.end());
    std::erase_if(present, [&](NodeId id) { return graph.find(id) == nullptr; });
    std::vector<NodeId> ordered;
    ordered.reserve(present.size());
    for (const std::vector<NodeId>& component : graph::components(graph, present))
        ordered.insert(ordered.end(), component.begin(), component.end());
    return ordered;
}

struct Corner {
    double x = std::numeric_limits<double>::infinity();
    double y = std::numeric_limits<double>::infinity();
};

Corner topLeft(const graph::Canvas& canvas, std::span<const NodeId> nodes) {
    Corner corner;
    for (const NodeId id : nodes) {
        corner.x = std::min(corner.x, canvas.place(id).x);
        corner.y = std::min(corner.y, canvas.place(id).y);
    }
    return corner;
}

/// "conv2d" for "conv2d_3": copies are numbered on, not "conv2d_3_1".
std::string withoutNumber(const std::string& name) {
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    const bool isNumbered = digits < name.size() && digits > 1 && name[digits - 1] == '_';
    return isNumbered ? name.substr(0, digits - 1) : name;
}

}  // namespace

Fragment copyNodes(const graph::Project& project, std::span<const NodeId> nodes, IncomingLinks incoming) {
    const graph::Graph& graph = project.graph;
    const std::vector<NodeId> ordered = inOrder(graph, nodes);
    const Corner corner = topLeft(project.canvas, ordered);
    std::unordered_map<NodeId, std::size_t> itemOf;
    for (std::size_t index = 0; index < ordered.size(); ++index) itemOf.emplace(ordered[index], index);

    Fragment fragment;
    fragment.items.reserve(ordered.size());
    for (const NodeId id : ordered) {
        auto bare = std::make_shared<Node>(*graph.find(id));
        bare->seed = graph::seedOf(*graph.find(layerOwner(graph, id)));
        graph::fixSeedsInside(*bare);
        FragmentItem item;
        for (const graph::Link& link : bare->inputs) {
            const auto inside = itemOf.find(link.from);
            if (inside != itemOf.end()) {
                if (inside->second < fragment.items.size())
                    item.links.push_back({inside->second, NodeId(), link.fromPort, link.toPort});
            } else if (incoming == IncomingLinks::Keep) {
                item.links.push_back({std::nullopt, link.from, link.fromPort, link.toPort});
            }
        }
        bare->inputs.clear();
        item.node = std::move(bare);
        item.place = project.canvas.place(id);
        item.place.x -= corner.x;
        item.place.y -= corner.y;
        fragment.items.push_back(std::move(item));
    }
    return fragment;
}

Paste pasteFragment(const graph::Project& project, const Fragment& fragment, double x, double y) {
    const graph::Graph& graph = project.graph;
    Paste paste;
    std::set<std::string, std::less<>> names;
    std::unordered_map<NodeId, NodeId> layerOwner;  // id of a shared layer where it was copied -> the pasted owner
    NodeId next = graph.nextId();
    for (const FragmentItem& item : fragment.items) {
        auto node = std::make_shared<Node>(*item.node);
        const NodeId layer = node->sharesLayerOf.isValid() ? node->sharesLayerOf : node->id;
        node->id = next;
        next = NodeId(next.value + 1);
        const bool isFree = graph.findByName(node->name) == nullptr && !names.contains(node->name);
        if (!isFree) node->name = graph.freeName(withoutNumber(node->name), names);
        names.insert(node->name);
        const auto [owner, isFirst] = layerOwner.emplace(layer, node->id);
        node->sharesLayerOf = isFirst ? NodeId() : owner->second;
        for (const FragmentLink& link : item.links) {
            const NodeId from = link.item ? paste.added[*link.item] : link.outside;
            if (link.item || graph.find(from) != nullptr) node->inputs.push_back({from, link.fromPort, link.toPort});
        }
        paste.added.push_back(node->id);
        graph::CanvasPlace place = item.place;
        place.x += x;
        place.y += y;
        paste.edit.steps.emplace_back(AddNode{std::move(node), place});
    }
    paste.edit.label = fragment.items.size() == 1 ? "Paste " + fragment.items.front().node->name
                                                  : "Paste " + nodesText(fragment.items.size());
    return paste;
}

Paste duplicateNodes(const graph::Project& project, std::span<const NodeId> nodes, double dx, double dy,
                     IncomingLinks incoming) {
    const Fragment fragment = copyNodes(project, nodes, incoming);
    std::vector<NodeId> present;
    for (const FragmentItem& item : fragment.items) present.push_back(item.node->id);
    const Corner corner = topLeft(project.canvas, present);
    Paste paste = pasteFragment(project, fragment, corner.x + dx, corner.y + dy);
    paste.edit.label = "Duplicate " + nodesText(project.graph, present);
    return paste;
}

}  // namespace shapewise::edit
