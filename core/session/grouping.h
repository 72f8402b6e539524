#pragma once
// Several nodes as one nested model, and back.

#include "core/base/result.h"
#include "core/edit/edit.h"
#include "core/infer/analysis.h"

#include <span>

namespace shapewise::session {

/// "Group 3 Nodes": one Functional node in place of the nodes, which are inside it with their links and places. What
/// comes from outside comes in by Input layers with open sizes; what feeds nodes outside, or nothing, are its outputs.
/// Fails when there is nothing to put into a group, a node would stand before and behind the group, a node of the group
/// uses the layer of one outside (or the other way round), or what comes in is not known.
[[nodiscard]] Result<edit::Edit> groupNodes(const graph::Project& project, const infer::Analysis& analysis,
                                            std::span<const NodeId> nodes);

/// "Ungroup encoder": the nodes inside in place of the model, linked as they were. Names that are taken get numbers.
/// Fails for a node without a graph inside and for a model that is called several times.
[[nodiscard]] Result<edit::Edit> ungroup(const graph::Project& project, const infer::Analysis& analysis, NodeId model);

}  // namespace shapewise::session
