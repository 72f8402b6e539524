#include "core/session/open_group.h"

#include "core/edit/inside.h"
#include "core/layers/parts/body.h"
#include "core/view_math/layout.h"

#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>

namespace shapewise::session {

namespace {

using edit::Step;
using graph::Node;
using tensor::TensorType;

constexpr double kLeftOfLayer = 300.0;  ///< where an Input stands that is put before a layer

std::vector<Step> placing(const graph::Project& project) {
    std::vector<const Node*> nodes;
    std::unordered_map<NodeId, std::size_t> indexOf;
    project.graph.forEach([&](const Node& node) {
        indexOf.emplace(node.id, nodes.size());
        nodes.push_back(&node);
    });
    std::vector<view_math::LayoutNode> boxes(nodes.size());
    for (std::size_t index = 0; index < nodes.size(); ++index)
        for (const graph::Link& link : nodes[index]->inputs)
            if (const auto found = indexOf.find(link.from); found != indexOf.end())
                boxes[index].inputs.push_back(found->second);
    const std::vector<view_math::LayoutPlace> places = view_math::layered(boxes);
    std::vector<Step> steps;
    for (std::size_t index = 0; index < nodes.size(); ++index)
        steps.emplace_back(edit::MoveNode{nodes[index]->id, {places[index].x, places[index].y, false}});
    return steps;
}

/// Carries steps out on the group's project and remembers them.
Result<void> prepare(OpenGroup& group, std::vector<Step> steps) {
    if (steps.empty()) return {};
    Result<edit::Applied> applied = edit::apply(group.project, edit::Edit{{}, {}, steps});
    if (!applied) return Unexpected(std::move(applied).error());
    group.project = std::move(applied->project);
    group.preparation.insert(group.preparation.end(), std::make_move_iterator(steps.begin()),
                             std::make_move_iterator(steps.end()));
    return {};
}

Result<OpenGroup> openOne(const graph::Project& outer, const infer::Analysis& analysis, NodeId id) {
    const Node* model = outer.graph.find(id);
    if (model == nullptr)
        return failure("The group is not there any more", "It was removed; look at the graph as it is now");
    if (!edit::holdsModel(*model))
        return failure(fmt::format("{} has no graph inside", model->name), "Only nested models can be opened");
    OpenGroup group;
    group.project = edit::projectInside(outer, *model);
    const std::vector<NodeId> entries = layers::bodyEntries(layers::Params(*model));
    const std::vector<const TensorType*> types = analysis.inputTypes(*model);
    auto given = std::make_shared<infer::GivenTypes>();
    std::vector<Step> inputs;
    NodeId next = group.project.graph.nextId();
    for (std::size_t index = 0; index < entries.size() && index < types.size(); ++index) {
        const Node& entry = *group.project.graph.find(entries[index]);
        const bool isInput = entry.type->isSource();
        group.inputs.push_back(isInput ? entry.id : types[index] != nullptr ? next : NodeId());
        if (types[index] == nullptr) continue;
        if (isInput) {
            given->emplace(entry.id, *types[index]);
            continue;
        }
        graph::CanvasPlace place = group.project.canvas.place(entry.id);
        place.x -= kLeftOfLayer;
        inputs.emplace_back(edit::AddNode{
            layers::openInput(next, group.project.graph.freeName(entry.name + "_input"), *types[index]), place});
        inputs.emplace_back(edit::Connect{graph::Link{next, 0, 0}, entry.id, std::nullopt});
        given->emplace(next, *types[index]);
        next = NodeId(next.value + 1);
    }
    if (auto done = prepare(group, std::move(inputs)); !done) return Unexpected(done.error());
    const bool isPlaced = outer.canvas.inside(edit::layerOwner(outer.graph, id)) != nullptr;
    if (!isPlaced)
        if (auto done = prepare(group, placing(group.project)); !done) return Unexpected(done.error());
    group.analysis = infer::Analysis::of(group.project.graph, std::move(given));
    return group;
}

}  // namespace

Result<OpenGroup> openGroup(const graph::Project& whole, const infer::Analysis& analysis,
                            std::span<const NodeId> path) {
    Result<OpenGroup> group = openOne(whole, analysis, path.front());
    for (const NodeId id : path.subspan(1)) {
        if (!group) return group;
        group = openOne(group->project, group->analysis, id);
    }
    return group;
}

edit::Touched differences(const graph::Project& before, const graph::Project& after) {
    edit::Touched touched;
    const std::size_t slots = std::max(before.graph.slotCount(), after.graph.slotCount());
    for (std::size_t index = 0; index < slots; ++index) {
        const NodeId id(static_cast<std::uint32_t>(index));
        const Node* old = before.graph.find(id);
        const Node* now = after.graph.find(id);
        if (!(before.canvas.place(id) == after.canvas.place(id))) touched.moved.push_back(id);
        if (old == now) continue;
        touched.nodes.push_back(id);
        touched.wiring = touched.wiring || old == nullptr || now == nullptr || old->inputs != now->inputs;
    }
    touched.runSettings = !(before.run == after.run);
    touched.dismissals = before.dismissed != after.dismissed;
    return touched;
}

std::vector<NodeId> differences(const infer::Analysis& before, const infer::Analysis& after) {
    std::vector<NodeId> different;
    const std::size_t slots = std::max(before.graph().slotCount(), after.graph().slotCount());
    for (std::size_t index = 0; index < slots; ++index) {
        const NodeId id(static_cast<std::uint32_t>(index));
        if (!(before[id] == after[id])) different.push_back(id);
    }
    return different;
}

}  // namespace shapewise::session
