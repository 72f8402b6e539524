#include "core/mistakes/read/trace.h"

namespace shapewise::mistakes {
namespace {

using graph::Graph;
using graph::Link;
using graph::Node;
using infer::Analysis;
using layers::AxisEffect;
using tensor::TensorType;

constexpr int kLongestWalk = 100000;

/// The axis of the first input that becomes `axis` of the output, or -1 where they do not correspond.
int axisBefore(const Node& node, const TensorType& input, const TensorType& output, int axis) {
    if (axis == 0) return 0;
    if (node.type->inputAxis != nullptr) return node.type->inputAxis(layers::Params(node), axis);
    const AxisEffect effect = node.type->effects.space;
    if (effect == AxisEffect::Rearranges || effect == AxisEffect::Joins) return -1;
    return input.shape.rank() == output.shape.rank() ? axis : -1;
}

}  // namespace

Origin rankOrigin(const Graph& graph, const Analysis& analysis, const Link& link) {
    Origin origin{graph.find(link.from), link.fromPort, 0};
    for (int step = 0; origin.node && !origin.node->inputs.empty() && step < kLongestWalk; ++step) {
        const Link& up = origin.node->inputs.front();
        const TensorType* input = typeAt(analysis, up);
        const TensorType* output = analysis[origin.node->id].outputAt(origin.port);
        if (!input || !output || input->shape.rank() != output->shape.rank()) break;
        if (movesAxes(*origin.node->type) || origin.node->type->effects.space == AxisEffect::Transforms) break;
        origin = Origin{graph.find(up.from), up.fromPort, 0};
    }
    return origin;
}

Origin sizeOrigin(const Graph& graph, const Analysis& analysis, const Link& link, int axis) {
    Origin origin{graph.find(link.from), link.fromPort, axis};
    for (int step = 0; origin.node && step < kLongestWalk; ++step) {
        const TensorType* output = analysis[origin.node->id].outputAt(origin.port);
        if (!output || origin.axis >= output->shape.rank()) break;
        const Link* next = nullptr;
        int nextAxis = -1;
        for (const Link& up : origin.node->inputs) {
            const TensorType* input = typeAt(analysis, up);
            if (!input) continue;
            nextAxis = axisBefore(*origin.node, *input, *output, origin.axis);
            if (nextAxis < 0 || nextAxis >= input->shape.rank()) continue;
            if (input->shape[nextAxis] != output->shape[origin.axis]) continue;
            next = &up;
            break;
        }
        if (!next) break;
        origin = Origin{graph.find(next->from), next->fromPort, nextAxis};
    }
    return origin;
}

std::vector<const Node*> pathUp(const Graph& graph, const Link& link, std::size_t most) {
    std::vector<const Node*> path;
    for (const Node* node = graph.find(link.from); node && path.size() < most; node = firstProducer(graph, *node))
        path.push_back(node);
    return path;
}

const Node* sourceOf(const Graph& graph, const Link& link) {
    const Node* node = graph.find(link.from);
    for (int step = 0; node && !node->inputs.empty() && step < kLongestWalk; ++step) node = firstProducer(graph, *node);
    return node && node->inputs.empty() ? node : nullptr;
}

}  // namespace shapewise::mistakes
