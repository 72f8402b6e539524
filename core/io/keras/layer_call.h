#pragma once
// How Keras is given the inputs of a layer: by position, by name, or among its initial states.

#include "core/layers/framework/layer.h"

#include <string>
#include <utility>
#include <vector>

namespace shapewise::io {

struct CallArguments {
    std::vector<const graph::Link*> positional;
    std::vector<const graph::Link*> states;
    std::vector<std::pair<std::string, const graph::Link*>> named;
    bool isList = false;  ///< what is passed by position goes as one list
};

/// Points into the node.
[[nodiscard]] CallArguments callArguments(const graph::Node& node);

}  // namespace shapewise::io
