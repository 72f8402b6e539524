#include "ui/canvas/canvas_selection.h"

#include <algorithm>

namespace shapewise::ui {

CanvasSelection::CanvasSelection(QGraphicsScene& scene, const SceneSync& sync) : scene_(scene), sync_(sync) {
    connect(&scene, &QGraphicsScene::selectionChanged, this, &CanvasSelection::changed);
}

std::vector<NodeId> CanvasSelection::nodes() const {
    std::vector<NodeId> ids;
    for (const QGraphicsItem* item : scene_.selectedItems())
        if (const auto* node = qgraphicsitem_cast<const NodeItem*>(item)) ids.push_back(node->id());
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<edits::Splice> CanvasSelection::links() const {
    std::vector<edits::Splice> links;
    for (const QGraphicsItem* item : scene_.selectedItems())
        if (const auto* edge = qgraphicsitem_cast<const EdgeItem*>(item))
            links.push_back({edge->view().place, edge->view().link});
    return links;
}

bool CanvasSelection::isEmpty() const { return scene_.selectedItems().isEmpty(); }

void CanvasSelection::select(const std::vector<NodeId>& nodes, Selecting how) {
    const std::vector<NodeId> before = this->nodes();
    const bool hadLinks = !links().empty();
    {
        const QSignalBlocker quiet(&scene_);
        if (how == Selecting::Replace) scene_.clearSelection();
        for (const NodeId id : nodes)
            if (NodeItem* item = sync_.node(id)) item->setSelected(how != Selecting::Toggle || !item->isSelected());
    }
    if (this->nodes() != before || hadLinks) Q_EMIT changed();
}

void CanvasSelection::selectLink(const graph::LinkPlace& link, Selecting how) {
    EdgeItem* item = sync_.edge(link);
    if (item == nullptr) return;
    {
        const QSignalBlocker quiet(&scene_);
        if (how == Selecting::Replace) scene_.clearSelection();
        item->setSelected(how != Selecting::Toggle || !item->isSelected());
    }
    Q_EMIT changed();
}

void CanvasSelection::selectAll() {
    std::vector<NodeId> all;
    for (const NodeItem* item : sync_.nodes()) all.push_back(item->id());
    select(all);
}

}  // namespace shapewise::ui
