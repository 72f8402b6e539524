#pragma once
// Plan: what a run will compute, in which order, with concrete shapes, before anything is computed.

#include "core/exec/run.h"
#include "core/layers/framework/layer.h"

namespace shapewise::exec {

/// Where the values of a node come from.
enum class Origin : std::uint8_t {
    Forward,  ///< its layer computes them
    Passed,   ///< identity: its input, not copied
    Given,    ///< an Input node: the request, or made-up data
    File,     ///< the data loader
    Sample,   ///< made from its own parameters
    Nothing   ///< Target, Note: there is nothing to compute
};
[[nodiscard]] Origin originOf(const graph::Node& node);

struct PlannedNode {
    const graph::Node* node = nullptr;
    const graph::Node* owner = nullptr;  ///< whose layer it is: its name and weights count
    Origin origin = Origin::Forward;
    std::vector<const tensor::TensorType*> inputs;  ///< in the order of the links
    std::vector<tensor::TensorType> outputs;        ///< sizes known; empty when it cannot run
    std::vector<layers::WeightSpec> weights;
    std::string problem;  ///< why it cannot run; empty when it can
    NodeId waitsFor;      ///< the node that keeps it from running
    std::string note;
    std::int64_t multiplyAdds = 0;

    [[nodiscard]] bool canRun() const { return problem.empty(); }
    [[nodiscard]] std::uint64_t outputBytes() const;
    [[nodiscard]] std::uint64_t weightBytes() const;
    /// What a nested model holds inside while it runs; 0 for others.
    [[nodiscard]] std::uint64_t workingBytes() const;
};

struct Plan {
    std::vector<PlannedNode> nodes;    ///< producers before consumers
    std::vector<std::int64_t> places;  ///< by node id: index in nodes, -1 when not part of the run

    [[nodiscard]] const PlannedNode* find(NodeId id) const {
        return id.value < places.size() && places[id.value] >= 0 ? &nodes[static_cast<std::size_t>(places[id.value])]
                                                                 : nullptr;
    }
};

/// What is known before planning of nodes that read files: a type, or why there is none.
using LoadedTypes = std::map<NodeId, Result<tensor::TensorType>>;

/// Points into the request's graph. Sizes that are unknown in Input nodes are those of solveOpenSizes (open_sizes.h).
[[nodiscard]] Plan makePlan(const RunRequest& request, const LoadedTypes& loaded = {});

[[nodiscard]] MemoryEstimate memoryOf(const Plan& plan);

}  // namespace shapewise::exec
