#pragma once
// Shapes and costs of the layers inside a nested model, for reports that show them under it.

#include "core/infer/cost.h"
#include "core/session/open_group.h"

#include <optional>

namespace shapewise::session {

struct InsideCosts {
    session::OpenGroup group;
    infer::Costs costs;  ///< receptive fields are counted from the input of the whole
};

/// nullopt for a node that is no nested model, or one without layers. `costs`: of the graph the node is in.
[[nodiscard]] std::optional<InsideCosts> insideCosts(const graph::Project& project, const infer::Analysis& analysis,
                                                     const infer::Costs& costs, const graph::Node& node);

}  // namespace shapewise::session
