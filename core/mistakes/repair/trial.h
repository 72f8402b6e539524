#pragma once
// Trying a repair on a copy: does it cure, and does it bring nothing new?

#include "core/mistakes/rules/rule.h"

#include <map>

namespace shapewise::mistakes {

struct Finding {
    diag::Code code = diag::Code::RankTooLow;
    NodeId node;
    friend auto operator<=>(const Finding&, const Finding&) = default;
};

/// A project with its analysis and what is wrong with it.
struct Ground {
    graph::Project project;
    infer::Analysis analysis;
    std::map<Finding, diag::Severity> findings;  ///< warnings that were dismissed count as hints
    std::vector<NodeId> region;                  ///< nodes that are looked at; empty: all
    std::uint32_t firstNewId = 0;                ///< nodes from this id on are looked at too
};
/// In graphs of more than 4,000 nodes only the 2,000 nearest behind `centre` are kept, so that a trial stays quick.
[[nodiscard]] bool isLargeGraph(const graph::Graph& graph);
[[nodiscard]] Ground groundOf(const graph::Project& project, const infer::Analysis& analysis, NodeId centre);

struct Outcome {
    bool isApplied = false;
    bool cures = false;          ///< the finding is gone
    std::vector<Finding> added;  ///< errors and warnings that were not there before
    Ground after;

    [[nodiscard]] bool isClean() const { return isApplied && cures && added.empty(); }
};
[[nodiscard]] Outcome attempt(const Ground& ground, const edit::Edit& edit, const Finding& cured);
/// Errors and warnings of `after` that `before` does not have.
[[nodiscard]] std::vector<Finding> addedFindings(const Ground& before, const Ground& after);

/// The repairs of a case, tried and in order: those that bring nothing new first, then those after which something
/// else is left to do. Things are taken away only when nothing else works.
[[nodiscard]] std::vector<diag::Fix> triedFixes(const Ground& ground, const Case& input);

}  // namespace shapewise::mistakes
