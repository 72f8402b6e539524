#pragma once
// Sizes for what Input nodes leave open, so that a model can run at all: those that its layers, loaded weights and
// targets demand, through nested models too; else the smallest power of two from 16 on with which they all work.

#include "core/exec/plan.h"

#include <map>

namespace shapewise::exec {

struct OpenSizes {
    struct Choice {
        tensor::Shape shape;  ///< of the Input, every size a number
        std::string note;     ///< "unknown sizes run as 416, which r asks for"; empty when only the batch was open
    };
    std::map<NodeId, Choice> inputs;  ///< Input nodes that leave a size open and are given no array
};

/// `order`: all nodes, producers first. Looks at shapes alone; in large graphs at fewer sizes.
[[nodiscard]] OpenSizes solveOpenSizes(const RunRequest& request, const LoadedTypes& loaded,
                                       const std::vector<NodeId>& order, std::int64_t batch);

}  // namespace shapewise::exec
