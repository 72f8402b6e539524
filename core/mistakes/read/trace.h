#pragma once
// Where a wrong rank, size or order comes from: the walk up from a refused link to the node that set it.

#include "core/mistakes/read/reading.h"

namespace shapewise::mistakes {

/// An output of a node.
struct Origin {
    const graph::Node* node = nullptr;  ///< null when the walk found nothing
    std::uint16_t port = 0;
    int axis = 0;  ///< of that output; used by sizeOrigin
};

/// The node that made the rank of this link: the nearest one upstream whose first input has another rank, or a source.
[[nodiscard]] Origin rankOrigin(const graph::Graph& graph, const infer::Analysis& analysis, const graph::Link& link);

/// The node that made the size of one axis: layers that keep the axis as it is are passed.
[[nodiscard]] Origin sizeOrigin(const graph::Graph& graph, const infer::Analysis& analysis, const graph::Link& link,
                                int axis);

/// The nodes from the link up to a source along first inputs, nearest first. At most `most`.
[[nodiscard]] std::vector<const graph::Node*> pathUp(const graph::Graph& graph, const graph::Link& link,
                                                     std::size_t most = 1000);

/// The source (Input, Sample, file) at the end of pathUp, or null.
[[nodiscard]] const graph::Node* sourceOf(const graph::Graph& graph, const graph::Link& link);

/// The nearest node upstream of a link that satisfies the condition, passing only nodes that keep every size.
template <class Condition>
const graph::Node* throughIdentities(const graph::Graph& graph, const graph::Link& link, Condition&& condition);

/// True for layers whose output has the shape and the order of their input: activations, dropout, normalisation.
[[nodiscard]] inline bool keepsShape(const layers::LayerType& type) { return type.keepsShape(); }
/// True for layers behind which an axis is no longer what it was: Permute, Reshape.
[[nodiscard]] inline bool movesAxes(const layers::LayerType& type) {
    return type.effects.space == layers::AxisEffect::Permutes || type.effects.space == layers::AxisEffect::Rearranges;
}
/// True for layers behind which there is no map: Flatten, global pooling.
[[nodiscard]] inline bool endsMap(const layers::LayerType& type) {
    return type.effects.space == layers::AxisEffect::Joins || type.effects.space == layers::AxisEffect::Reduces;
}
/// True for layers that move a window over a map: convolution, pooling.
[[nodiscard]] inline bool movesWindow(const layers::LayerType& type) {
    return type.effects.space == layers::AxisEffect::Slides || type.effects.space == layers::AxisEffect::Pools;
}

template <class Condition>
const graph::Node* throughIdentities(const graph::Graph& graph, const graph::Link& link, Condition&& condition) {
    const graph::Node* node = graph.find(link.from);
    for (int step = 0; node && step < 1000; ++step) {
        if (condition(*node)) return node;
        if (!keepsShape(*node->type)) return nullptr;
        node = firstProducer(graph, *node);
    }
    return nullptr;
}

}  // namespace shapewise::mistakes
