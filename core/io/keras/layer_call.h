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

/// Settings of ours that Keras takes as arguments of the call and not of the constructor.
[[nodiscard]] bool isCallSetting(std::string_view key);
/// Arguments of the call that are no tensors: those of the file, with the settings of ours as they are now.
[[nodiscard]] ValueDict callSettings(const graph::Node& node);
/// Takes what a call says of settings of ours over into the node.
void setFromCall(graph::Node& node, const ValueDict& callSettings);

}  // namespace shapewise::io
