#pragma once
// SilentMistakes: what no layer refuses, of every node, kept up to date edit by edit.
//
// A detector looks at its node, at what comes in (through layers that keep the shape), and behind its node at what it
// says it watches. An update asks those again that could see a touched node. Result of any sequence of updates ==
// SilentMistakes::of(last project).

#include "core/diag/diagnostic.h"
#include "core/graph/project.h"
#include "core/infer/analysis.h"

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace shapewise::mistakes {

/// A mistake that no layer refuses, found at the consumer.
struct Silent {
    diag::Refusal refusal;
    double confidence = 1.0;
    diag::Severity severity = diag::Severity::Warning;
};

class SilentMistakes {
  public:
    SilentMistakes() = default;
    /// From scratch. O(nodes).
    [[nodiscard]] static SilentMistakes of(const graph::Project& project, const infer::Analysis& analysis);

    /// Brings this from an earlier state of the project to the present one. `changed`: the nodes that were touched or
    /// inferred otherwise since, removed ones included; they may repeat. O(nodes from which something changed is seen).
    void update(const graph::Project& project, const infer::Analysis& analysis, std::span<const NodeId> changed);

    /// Nodes at which something was found. What the user has dismissed is among it.
    [[nodiscard]] const std::map<NodeId, std::vector<Silent>>& byNode() const { return found_; }

  private:
    void detect(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node);
    void forget(NodeId id);

    std::map<NodeId, std::vector<Silent>> found_;
    std::unordered_map<NodeId, std::vector<NodeId>> watched_;   ///< by the node whose detector looks
    std::unordered_map<NodeId, std::vector<NodeId>> watchers_;  ///< by the node that is looked at
};

}  // namespace shapewise::mistakes
