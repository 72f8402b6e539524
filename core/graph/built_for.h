#pragma once
// The input shape, batch first, for which a file says the weights of a layer were made. Kept only where the graph gives
// another: there Keras refuses to load the model.

#include "core/graph/node.h"

#include <string_view>

namespace shapewise::graph {

/// Member of Node::extras.
inline constexpr std::string_view kBuiltFor = "@built_for";

/// Null when the node declares none.
[[nodiscard]] inline const Value* builtFor(const Node& node) {
    for (const auto& [key, value] : node.extras)
        if (key == kBuiltFor && value.isList()) return &value;
    return nullptr;
}

/// Only for nodes not yet in a graph.
inline void forgetBuiltFor(Node& node) {
    std::erase_if(node.extras, [](const auto& member) { return member.first == kBuiltFor; });
}

}  // namespace shapewise::graph
