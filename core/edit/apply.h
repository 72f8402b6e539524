#pragma once
// Carrying out edits: the only code that changes a project.

#include "core/base/result.h"
#include "core/edit/edit.h"

#include <span>

namespace shapewise::edit {

/// What an edit touched, so that nothing has to be searched for: ids may repeat.
struct Touched {
    std::vector<NodeId> nodes;  ///< added, removed, or with other type, settings, weights or incoming links
    std::vector<NodeId> moved;  ///< other place on the canvas
    bool wiring = false;        ///< a node or a link came or went
    bool runSettings = false;
    bool dismissals = false;

    /// True when the edit left everything as it was.
    [[nodiscard]] bool isEmpty() const {
        return nodes.empty() && moved.empty() && !wiring && !runSettings && !dismissals;
    }
};

struct Applied {
    graph::Project project;
    Touched touched;
};

/// What someone who keeps the wiring of a project at hand lends, so that an edit of 100,000 nodes searches none of
/// them.
class WiringIndex {
  public:
    virtual ~WiringIndex() = default;
    /// Links that lead from a node, in any order.
    [[nodiscard]] virtual std::span<const graph::LinkPlace> consumers(NodeId id) const = 0;
    /// Higher for a consumer than for its producers, unless there are loops.
    [[nodiscard]] virtual std::int64_t position(NodeId id) const = 0;
    [[nodiscard]] virtual bool hasLoops() const = 0;

  protected:
    WiringIndex() = default;
    WiringIndex(const WiringIndex&) = default;
    WiringIndex(WiringIndex&&) = default;
    WiringIndex& operator=(const WiringIndex&) = default;
    WiringIndex& operator=(WiringIndex&&) = default;
};

/// Pure. Refuses only what is structurally impossible, naming the nodes: a node that is not there, a port that is not
/// there, a link from a node to itself or one that closes a loop, a name that is taken or empty. Shape conflicts are
/// accepted: inference reports them. On failure nothing has changed. `wiring` is that of `project`, or null.
[[nodiscard]] Result<Applied> apply(const graph::Project& project, const Edit& edit,
                                    const WiringIndex* wiring = nullptr);

}  // namespace shapewise::edit
