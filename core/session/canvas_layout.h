#pragma once
// Places for the nodes of a project that came without.

#include "core/graph/project.h"

#include <vector>

namespace shapewise::session {

/// Lays out the whole graph from left to right when `unplaced` are all its nodes; else puts only those below the
/// others.
void layOut(graph::Project& project, const std::vector<NodeId>& unplaced);

}  // namespace shapewise::session
