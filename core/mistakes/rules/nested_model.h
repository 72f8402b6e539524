#pragma once
// Mistakes inside a nested model: its body is diagnosed as a model by itself, and its repairs become edits of the node.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// The model with another body.
[[nodiscard]] graph::NodePtr withBody(const graph::Node& model, graph::Graph body);

/// Tells what is wrong inside in the words of the inner diagnostic. Precondition: the node has a body.
void describeInside(const Case& input, diag::Diagnostic& diagnostic);
/// Inner repairs, each as a replacement of the node by one with the repaired body.
void proposeInside(const Case& input, Proposals& proposals);

/// For an Input inside an open group: it declares what the group is given.
void proposeDeclared(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
