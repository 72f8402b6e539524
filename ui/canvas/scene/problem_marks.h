#pragma once
// ProblemMarks: which badge each node wears and which edges are suspicious, from the diagnostics.

#include "core/diag/diagnostic.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace shapewise::ui {

class ProblemMarks {
  public:
    /// Nodes that are marked another way than before, and nodes of which an incoming edge is.
    struct Changed {
        std::set<NodeId> nodes;
        std::set<NodeId> consumers;
    };
    /// O(problems).
    Changed update(const std::vector<diag::Diagnostic>& problems);
    void remove(NodeId node) { badges_.erase(node); }
    void clear() { *this = ProblemMarks(); }

    /// The worst problem of a node beyond what its state says.
    [[nodiscard]] std::optional<diag::Severity> badge(NodeId node) const;
    /// Whether a warning points at that link.
    [[nodiscard]] bool isSuspicious(NodeId consumer, std::size_t slot) const {
        return suspicious_.count({consumer, slot}) > 0;
    }

  private:
    using LinkKey = std::pair<NodeId, std::size_t>;

    std::map<NodeId, diag::Severity> badges_;
    std::set<LinkKey> suspicious_;
};

}  // namespace shapewise::ui
