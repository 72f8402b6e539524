#pragma once
// OpenGroup: the graph inside a nested model as a project of its own, with the shapes that arrive there from outside.

#include "core/edit/edit.h"
#include "core/infer/analysis.h"

#include <span>

namespace shapewise::session {

struct OpenGroup {
    graph::Project project;
    infer::Analysis analysis;
    /// The Input layers that take the inputs of the model, in their order; not valid where what arrives is not known
    /// and a layer takes it directly.
    std::vector<NodeId> inputs;
    /// What was done for showing it and is not in the whole yet: places for nodes that had none, Input layers for
    /// layers that take the model's input directly. Goes in front of the first edit inside.
    std::vector<edit::Step> preparation;
};

/// `path`: nested models from the whole inwards; not empty. Fails when one of them is not there or holds no graph.
/// O(nodes of the graphs on the way).
[[nodiscard]] Result<OpenGroup> openGroup(const graph::Project& whole, const infer::Analysis& analysis,
                                          std::span<const NodeId> path);

/// Nodes that differ between two states of one graph. O(nodes).
[[nodiscard]] edit::Touched differences(const graph::Project& before, const graph::Project& after);
/// Nodes whose results differ.
[[nodiscard]] std::vector<NodeId> differences(const infer::Analysis& before, const infer::Analysis& after);

}  // namespace shapewise::session
