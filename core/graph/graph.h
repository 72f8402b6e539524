#pragma once
// Graph: nodes by id. A value: copying costs one pointer, a change copies one chunk of 256 node pointers.

#include "core/base/persistent_vector.h"
#include "core/graph/name_index.h"
#include "core/graph/node.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::graph {

class Graph {
  public:
    [[nodiscard]] std::size_t nodeCount() const { return nodeCount_; }
    /// Ids are below this number; some may be removed nodes.
    [[nodiscard]] std::size_t slotCount() const { return nodes_.size(); }
    /// The id a new node gets. Never an id that was used before.
    [[nodiscard]] NodeId nextId() const { return NodeId(static_cast<std::uint32_t>(nodes_.size())); }

    /// Null when there is no such node (any more).
    [[nodiscard]] const Node* find(NodeId id) const {
        return id.value < nodes_.size() ? nodes_[id.value].get() : nullptr;
    }
    [[nodiscard]] NodePtr share(NodeId id) const { return id.value < nodes_.size() ? nodes_[id.value] : nullptr; }
    /// Null when no node has that name.
    [[nodiscard]] const Node* findByName(std::string_view name) const;
    /// `wanted` if free, else wanted_1, wanted_2, ... as Keras numbers its layers.
    [[nodiscard]] std::string freeName(std::string_view wanted) const;
    /// The same where further names are spoken for, as by other nodes of one paste.
    [[nodiscard]] std::string freeName(std::string_view wanted,
                                       const std::set<std::string, std::less<>>& alsoTaken) const;

    /// All nodes that use the layer this one uses, itself included, the one it belongs to first. One node when it is
    /// not shared, none when there is no such node.
    [[nodiscard]] std::vector<NodeId> nodesSharingLayerOf(NodeId id) const;

    /// Adds or replaces by node->id. Precondition: node->id <= nextId(), type not null.
    void put(NodePtr node);
    void erase(NodeId id);

    /// visit(const Node&) in the order of ids.
    template <class Visit>
    void forEach(Visit&& visit) const {
        for (std::size_t index = 0; index < nodes_.size(); ++index)
            if (const Node* node = nodes_[index].get()) visit(*node);
    }

    /// A seed for a new node, which no node has or had: it follows from the name and all seeds there have been.
    [[nodiscard]] std::string freshSeed(std::string_view name) const;
    /// Other seeds from here on: a graph inside a model must not draw what the one outside draws.
    void stirSeeds(std::string_view seed);

    [[nodiscard]] bool sharesAllWith(const Graph& other) const { return nodes_.sharesAllWith(other.nodes_); }
    [[nodiscard]] const PersistentVector<NodePtr>& table() const { return nodes_; }

  private:
    struct Sharing {
        NodeId layer;
        NodeId user;
    };

    void startSharing(NodeId layer, NodeId user);
    void stopSharing(NodeId layer, NodeId user);

    PersistentVector<NodePtr> nodes_;
    NameIndex names_;
    std::shared_ptr<std::vector<Sharing>> sharing_;  ///< sorted by layer, then user; null while nothing is shared
    std::size_t nodeCount_ = 0;
    std::uint64_t seeds_ = 0;  ///< sum of the hashes of all seeds there have been
};

}  // namespace shapewise::graph
