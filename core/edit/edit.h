#pragma once
// Edit: a change of the project as plain data. Every gesture, repair, paste and test makes one; apply() carries it out.

#include "core/graph/project.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace shapewise::edit {

/// node->id must be free; ids of several AddNode in one edit count up from graph.nextId(). node->inputs may name nodes
/// that are there already or were added by earlier steps.
struct AddNode {
    graph::NodePtr node;
    graph::CanvasPlace place;
};
/// Takes the node and all links from and to it away.
struct RemoveNode {
    NodeId node;
};
/// Puts another layer in the place of a node: same id. The links the old node has are kept where the new ports allow;
/// node->inputs is not looked at. With another type the node stops sharing its layer, with the same type all change.
struct ReplaceNode {
    graph::NodePtr node;
};
/// value nullopt: back to the default. Nodes that share the layer change with it.
struct SetParameter {
    NodeId node;
    std::string key;
    std::optional<Value> value;
};
struct RenameNode {
    NodeId node;
    std::string name;
};
/// A port for one link gives up the link it has. `slot`: position in the consumer's list (kept within the port's own
/// links), the end of the port by default.
struct Connect {
    graph::Link link;
    NodeId to;
    std::optional<std::size_t> slot;
};
struct Disconnect {
    NodeId to;
    graph::Link link;
};
struct MoveNode {
    NodeId node;
    graph::CanvasPlace place;
};
struct SetWeights {
    NodeId node;
    std::shared_ptr<const graph::WeightSet> weights;  ///< null: from the seed again
};
struct SetRunSettings {
    graph::RunSettings run;
};
/// Dismisses a warning, or shows it again.
struct Dismiss {
    std::string diagnosticKey;
    bool dismissed = true;
};

struct Edit;
/// An edit of the graph inside a nested model; all nodes that use its layer change with it. Its recorded inputs and
/// outputs go with the names of their nodes; an output that came to feed others hands its place to the end of that
/// chain.
struct EditInside {
    NodeId model;
    std::shared_ptr<const Edit> edit;
};

using Step = std::variant<AddNode, RemoveNode, ReplaceNode, SetParameter, RenameNode, Connect, Disconnect, MoveNode,
                          SetWeights, SetRunSettings, Dismiss, EditInside>;

/// Steps that happen together and are undone together.
struct Edit {
    std::string label;     ///< in the menu after "Undo": "Move 3 Nodes"
    std::string mergeKey;  ///< edits with the same non-empty key within 700 ms become one entry
    std::vector<Step> steps;
};

}  // namespace shapewise::edit
