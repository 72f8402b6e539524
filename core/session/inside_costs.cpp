#include "core/session/inside_costs.h"

#include "core/edit/inside.h"

#include <array>

namespace shapewise::session {

std::optional<InsideCosts> insideCosts(const graph::Project& project, const infer::Analysis& analysis,
                                       const infer::Costs& costs, const graph::Node& node) {
    if (!edit::holdsModel(node) || node.body->nodeCount() == 0) return std::nullopt;
    const std::array path{node.id};
    Result<session::OpenGroup> group = session::openGroup(project, analysis, path);
    if (!group) return std::nullopt;
    infer::GivenFields given;
    for (std::size_t index = 0; index < group->inputs.size() && index < node.inputs.size(); ++index) {
        const NodeId from = node.inputs[index].from;
        if (group->inputs[index].isValid() && from.value < costs.nodes.size())
            given.emplace(group->inputs[index], costs.nodes[from.value].field);
    }
    infer::Costs inside = infer::costsOf(group->project.graph, group->analysis, given);
    return InsideCosts{std::move(*group), std::move(inside)};
}

}  // namespace shapewise::session
