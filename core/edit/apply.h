#pragma once
// Carrying out edits: the only code that changes a project.

#include "core/base/result.h"
#include "core/edit/edit.h"

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

/// Pure. Refuses only what is structurally impossible, naming the nodes: a node that is not there, a port that is not
/// there, a link from a node to itself or one that closes a loop, a name that is taken or empty. Shape conflicts are
/// accepted: inference reports them. On failure nothing has changed.
[[nodiscard]] Result<Applied> apply(const graph::Project& project, const Edit& edit);

}  // namespace shapewise::edit
