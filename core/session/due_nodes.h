#pragma once
// DueNodes: what changed since something was last worked out from a project and its analysis.

#include "core/base/ids.h"

#include <span>
#include <vector>

namespace shapewise::session {

class DueNodes {
  public:
    /// `slots`: of the graph. When more pile up than it has nodes, everything is due: nobody may ask for long.
    void add(std::span<const NodeId> nodes, std::size_t slots) {
        if (isEverything_) return;
        if (nodes_.size() + nodes.size() > slots) return addEverything();
        nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
    }
    void addEverything() {
        isEverything_ = true;
        nodes_ = {};
    }
    /// All has been worked out.
    void clear() {
        isEverything_ = false;
        nodes_.clear();
    }

    [[nodiscard]] bool isEverything() const { return isEverything_; }
    /// Removed ones included; may repeat. Meaningless when everything is due.
    [[nodiscard]] std::span<const NodeId> nodes() const { return nodes_; }

  private:
    std::vector<NodeId> nodes_;
    bool isEverything_ = true;
};

}  // namespace shapewise::session
