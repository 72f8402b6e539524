#pragma once
// Whether a layer's weights were made for another input than it gets.

#include "core/mistakes/rules/rank.h"

namespace shapewise::mistakes {

/// True when loaded weights, or the input shape a file declares (Node::builtFor), need another input.
[[nodiscard]] bool contradictsBuild(const infer::Analysis& analysis, const graph::Node& node);

}  // namespace shapewise::mistakes
