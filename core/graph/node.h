#pragma once
// Node: one layer of the graph with the settings that differ from its defaults and the links that feed it.
// Immutable once it is in a graph; graphs, histories and threads share nodes.

#include "core/base/ids.h"
#include "core/base/param_key.h"
#include "core/base/value.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <string>
#include <vector>

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::graph {

class Graph;

/// One edge, kept at the node it leads to: output `fromPort` of `from` feeds input port `toPort`.
struct Link {
    NodeId from;
    std::uint16_t fromPort = 0;
    std::uint16_t toPort = 0;
    friend bool operator==(const Link&, const Link&) = default;
};

/// An edge named from outside: the `slot`-th link in `to`'s list.
struct LinkPlace {
    NodeId to;
    std::size_t slot = 0;
    friend bool operator==(const LinkPlace&, const LinkPlace&) = default;
};

struct Setting {
    std::uint32_t keyHash = 0;
    std::string key;
    Value value;
    friend bool operator==(const Setting& a, const Setting& b) { return a.key == b.key && a.value == b.value; }
};

struct NamedTensor {
    std::string name;
    tensor::Tensor values;
};
/// Weights in Keras' order (kernel, bias; gamma, beta, moving_mean, moving_variance; ...).
using WeightSet = std::vector<NamedTensor>;

struct Node {
    NodeId id;
    const layers::LayerType* type = nullptr;  ///< never null in a graph; unknown classes are of type Custom
    std::string name;                         ///< unique in its graph; Keras' automatic name when none was given
    std::vector<Setting> settings;            ///< parameters of the catalogue that differ from their default
    std::vector<Link> inputs;                 ///< sorted by toPort; within a port the order of a merge layer's list
    ValueDict extras;                         ///< keys the catalogue does not know (initialisers, newer versions): kept
    std::shared_ptr<const WeightSet> weights;  ///< loaded weights; null: made from the seed
    std::shared_ptr<const Graph> body;         ///< graph of a nested model, else null
    /// The input shape, batch first, for which a file says the weights were made: a list. Kept only where the graph
    /// gives another, for there Keras refuses to load the model; null elsewhere.
    std::shared_ptr<const Value> builtFor;
    /// What its random weights and sample data are drawn from, beside the seed of the run: it stays with the node under
    /// whatever name and in whatever group. Empty: its name, in a nested model behind those of the models around it.
    std::string seed;
    NodeId sharesLayerOf;  ///< the node whose layer (settings and weights) this one uses again

    // What apply() checks links against, filled from the layer type when the node is made.
    std::uint16_t inputPortCount = 1;
    std::uint16_t manyPort = kNoManyPort;  ///< the port that takes any number of links, kNoManyPort if none

    static constexpr std::uint16_t kNoManyPort = 0xFFFF;

    /// The value set for `key`, or null when the default holds.
    [[nodiscard]] const Value* setting(ParamKey key) const {
        for (const Setting& entry : settings)
            if (entry.keyHash == key.hash && entry.key == key.name) return &entry.value;
        return nullptr;
    }
    /// Sets or, with null, resets a parameter. Only for nodes not yet in a graph.
    void set(std::string_view key, Value value);
    void reset(std::string_view key);
};

using NodePtr = std::shared_ptr<const Node>;

}  // namespace shapewise::graph
