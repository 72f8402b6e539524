#include "core/session/canvas_layout.h"

#include "core/view_math/layout.h"

#include <algorithm>
#include <unordered_map>

namespace shapewise::session {

void layOut(graph::Project& project, const std::vector<NodeId>& unplaced) {
    if (unplaced.empty()) return;
    std::unordered_map<NodeId, std::size_t> indexOf;
    for (const NodeId id : unplaced) indexOf.emplace(id, indexOf.size());
    std::vector<view_math::LayoutNode> nodes(unplaced.size());
    for (const NodeId id : unplaced)
        for (const graph::Link& link : project.graph.find(id)->inputs)
            if (const auto found = indexOf.find(link.from); found != indexOf.end())
                nodes[indexOf[id]].inputs.push_back(found->second);

    double top = 0.0;
    if (unplaced.size() < project.graph.nodeCount()) {
        constexpr double kBelowTheRest = 260.0;
        project.graph.forEach([&](const graph::Node& node) {
            if (!indexOf.contains(node.id)) top = std::max(top, project.canvas.place(node.id).y + kBelowTheRest);
        });
    }
    const std::vector<view_math::LayoutPlace> places = view_math::layered(nodes);
    for (const NodeId id : unplaced) {
        graph::CanvasPlace place = project.canvas.place(id);
        place.x = places[indexOf[id]].x;
        place.y = places[indexOf[id]].y + top;
        project.canvas.setPlace(id, place);
    }
}

}  // namespace shapewise::session
