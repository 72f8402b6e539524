#include "core/exec/plan.h"

#include "core/base/checked_math.h"
#include "core/exec/open_sizes.h"
#include "core/graph/topology.h"
#include "core/layers/framework/guess.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace shapewise::exec {

namespace {

using graph::Node;
using tensor::TensorType;

/// The nodes of a run: those asked for with all that feeds them, or all.
std::vector<NodeId> wantedNodes(const RunRequest& request, const graph::TopologicalOrder& order) {
    if (request.only.empty()) return order.nodes;
    const graph::Graph& graph = request.project.graph;
    std::vector<bool> wanted(graph.slotCount(), false);
    std::vector<NodeId> open = request.only;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        const Node* node = graph.find(id);
        if (node == nullptr || wanted[id.value]) continue;
        wanted[id.value] = true;
        for (const graph::Link& link : node->inputs) open.push_back(link.from);
    }
    std::vector<NodeId> nodes;
    for (const NodeId id : order.nodes)
        if (wanted[id.value]) nodes.push_back(id);
    return nodes;
}

/// Inputs that are given decide the batch of those that are not.
std::int64_t batchOf(const RunRequest& request) {
    for (const auto& [id, values] : request.inputs)
        if (values && values->rank() > 0) return values->size(0);
    return std::max<std::int64_t>(1, request.project.run.batchSize);
}

/// ": nobody knows the layer Stranger inside"; empty when that is not the reason.
std::string nobodyKnows(const Node& node) {
    const std::string name = layers::unknownClassIn(node);
    return name.empty() ? name : fmt::format(": nobody knows the layer {} inside", name);
}

class Planner {
  public:
    Planner(const RunRequest& request, const LoadedTypes& loaded, const OpenSizes& openSizes)
        : request_(request), loaded_(loaded), openSizes_(openSizes) {}

    Plan plan(const std::vector<NodeId>& order, const std::vector<NodeId>& inLoops) {
        const graph::Graph& graph = request_.project.graph;
        plan_.nodes.reserve(order.size() + inLoops.size());
        plan_.places.assign(graph.slotCount(), -1);
        for (const NodeId id : order) add(id, [this](PlannedNode& planned) { planNode(planned); });
        for (const NodeId id : inLoops)
            add(id,
                [](PlannedNode& planned) { planned.problem = "is on or behind a loop, so it has no order to run in"; });
        return std::move(plan_);
    }

  private:
    template <class Fill>
    void add(NodeId id, Fill&& fill) {
        const graph::Graph& graph = request_.project.graph;
        PlannedNode planned;
        planned.node = graph.find(id);
        if (planned.node == nullptr) return;
        const Node* shared = graph.find(planned.node->sharesLayerOf);
        planned.owner = shared != nullptr ? shared : planned.node;
        planned.origin = originOf(*planned.node);
        try {
            fill(planned);
        } catch (const std::exception& exception) {
            planned.problem = fmt::format("its shape rule failed: {}", exception.what());
        }
        if (!planned.canRun()) planned.outputs.clear();
        plan_.places[id.value] = static_cast<std::int64_t>(plan_.nodes.size());
        plan_.nodes.push_back(std::move(planned));
    }

    void planNode(PlannedNode& planned) {
        if (!collectInputs(planned)) return;
        if (planned.origin == Origin::File) return planFile(planned);
        if (!infer(planned) || planned.origin == Origin::Nothing) return;
        if (planned.outputs.empty() && planned.origin != Origin::Given && planned.node->type->forward != nullptr)
            planned.problem = "what it gives is not known" + nobodyKnows(*planned.node);
        if (planned.origin == Origin::Given) planGiven(planned);
        if (!planned.canRun()) return;
        if (planned.origin == Origin::Forward && planned.node->type->forward == nullptr)
            planned.problem = "nothing here computes this layer";
        for (const TensorType& output : planned.outputs)
            if (!output.shape.isFullyKnown())
                planned.problem = fmt::format("the sizes {} are not all known", output.shape.text());
        if (!planned.canRun()) return;
        const layers::Params params(*planned.node);
        planned.weights = layers::weightsOf(*planned.owner, planned.inputs, planned.node->inputs);
        if (planned.node->type->multiplyAdds != nullptr)
            planned.multiplyAdds =
                std::max<std::int64_t>(0, planned.node->type->multiplyAdds(params, planned.inputs, planned.outputs));
    }

    bool collectInputs(PlannedNode& planned) {
        for (const graph::Link& link : planned.node->inputs) {
            const PlannedNode* producer = plan_.find(link.from);
            if (producer != nullptr && link.fromPort < producer->outputs.size()) {
                planned.inputs.push_back(&producer->outputs[link.fromPort]);
                continue;
            }
            const PlannedNode* cause =
                producer != nullptr && producer->waitsFor.isValid() ? plan_.find(producer->waitsFor) : producer;
            planned.waitsFor = cause != nullptr ? cause->node->id : NodeId();
            planned.problem =
                cause != nullptr ? "waits for " + cause->node->name : "waits for a node that is not there";
            return false;
        }
        return true;
    }

    bool infer(PlannedNode& planned) {
        layers::InferContext context(layers::Params(*planned.node), planned.inputs, planned.node->inputs, planned.node);
        if (layers::inferLayer(context)) {
            planned.outputs.assign(context.outputs().begin(), context.outputs().end());
            return true;
        }
        planned.problem = "is in conflict";
        if (!context.refusals().empty()) {
            const diag::Refusal& refusal = context.refusals().front();
            std::string name(diag::row(refusal.code).name);
            std::replace(name.begin(), name.end(), '-', ' ');
            planned.problem += ": " + name;
            if (!refusal.parameter.empty()) planned.problem += fmt::format(" ({})", refusal.parameter);
        }
        for (const TensorType* input : planned.inputs)
            planned.problem += (input == planned.inputs.front() ? ", given " : " and ") + input->shape.text();
        return false;
    }

    /// The declared shape with its open sizes filled, or that of the array that was given.
    void planGiven(PlannedNode& planned) {
        TensorType& type = planned.outputs.front();
        const auto given = request_.inputs.find(planned.node->id);
        if (given != request_.inputs.end() && given->second) return planArray(planned, given->second->extents());
        const auto chosen = openSizes_.inputs.find(planned.node->id);
        if (chosen == openSizes_.inputs.end()) return;
        for (int axis = 0; axis < type.shape.rank(); ++axis) type.shape.setSize(axis, chosen->second.shape[axis]);
        planned.note = chosen->second.note;
    }

    static void planArray(PlannedNode& planned, const tensor::Extents& extents) {
        TensorType& type = planned.outputs.front();
        bool fits = static_cast<int>(extents.size()) == type.shape.rank();
        for (int axis = 0; fits && axis < type.shape.rank(); ++axis)
            fits = tensor::mayBeEqual(type.shape[axis], tensor::Dim(extents[static_cast<std::size_t>(axis)]));
        if (!fits) {
            planned.problem = fmt::format("takes {}, but the array given has shape {}", type.shape.text(),
                                          tensor::extentsText(extents));
            return;
        }
        for (int axis = 0; axis < type.shape.rank(); ++axis)
            type.shape.setSize(axis, extents[static_cast<std::size_t>(axis)]);
    }

    void planFile(PlannedNode& planned) {
        const auto known = loaded_.find(planned.node->id);
        if (known == loaded_.end()) {
            infer(planned);
        } else if (known->second) {
            planned.outputs = {*known->second};
        } else {
            planned.problem = known->second.error().text();
        }
        for (const TensorType& output : planned.outputs)
            if (!output.shape.isFullyKnown()) planned.problem = "its file has not been read yet";
        if (planned.canRun() && planned.outputs.empty()) planned.problem = "has no file yet: choose one";
    }

    const RunRequest& request_;
    const LoadedTypes& loaded_;
    const OpenSizes& openSizes_;
    Plan plan_;
};

std::uint64_t bytesOf(std::int64_t elements) {
    return static_cast<std::uint64_t>(saturatingMultiply(elements, static_cast<std::int64_t>(sizeof(float))));
}

std::uint64_t saturatingSum(std::uint64_t a, std::uint64_t b) {
    return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

}  // namespace

Origin originOf(const Node& node) {
    const layers::LayerType& type = *node.type;
    if (type.outputs.empty()) return Origin::Nothing;
    switch (type.supply) {
        case layers::Supply::None: break;
        case layers::Supply::Given: return type.forward != nullptr ? Origin::Forward : Origin::Given;
        case layers::Supply::Made: return Origin::Sample;
        case layers::Supply::AudioFile:
        case layers::Supply::ImageFile:
        case layers::Supply::ArrayFile: return Origin::File;
    }
    return type.identityWhenRunning && node.inputs.size() == 1 ? Origin::Passed : Origin::Forward;
}

std::uint64_t PlannedNode::outputBytes() const {
    if (origin == Origin::Passed) return 0;
    std::uint64_t bytes = 0;
    for (const TensorType& output : outputs)
        bytes =
            saturatingSum(bytes, bytesOf(output.shape.elementCount().sizeOr(std::numeric_limits<std::int64_t>::max())));
    return bytes;
}

std::uint64_t PlannedNode::weightBytes() const {
    if (owner != node) return 0;
    std::int64_t elements = 0;
    for (const layers::WeightSpec& weight : weights) {
        std::int64_t count = 1;
        for (const std::int64_t size : weight.extents) count = saturatingMultiply(count, size);
        elements = saturatingAdd(elements, count);
    }
    return bytesOf(elements);
}

std::uint64_t PlannedNode::workingBytes() const {
    const bool holdsLayers = layers::isNestedModel(*node) && node->body->nodeCount() > 0;
    return holdsLayers ? bytesOf(layers::Body(layers::Params(*node), inputs).workingNumbers()) : 0;
}

Plan makePlan(const RunRequest& request, const LoadedTypes& loaded) {
    const graph::TopologicalOrder order = graph::topologicalOrder(request.project.graph);
    const std::vector<NodeId> wanted = wantedNodes(request, order);
    const std::vector<NodeId> inLoops = request.only.empty() ? order.inLoops : std::vector<NodeId>();
    // Solved for the whole graph, so that a part of it runs with the sizes of the whole.
    const OpenSizes openSizes = solveOpenSizes(request, loaded, order.nodes, batchOf(request));
    return Planner(request, loaded, openSizes).plan(wanted, inLoops);
}

MemoryEstimate memoryOf(const Plan& plan) {
    MemoryEstimate estimate;
    for (const PlannedNode& planned : plan.nodes) {
        if (!planned.canRun()) continue;
        const std::uint64_t outputs = planned.outputBytes();
        const std::uint64_t weights = planned.weightBytes();
        estimate.outputs = saturatingSum(estimate.outputs, outputs);
        const std::uint64_t working = planned.workingBytes();
        estimate.weights = saturatingSum(estimate.weights, weights);
        estimate.working = std::max(estimate.working, working);
        const std::uint64_t all = saturatingSum(saturatingSum(outputs, weights), working);
        if (all <= estimate.largestBytes) continue;
        estimate.largestBytes = all;
        estimate.largest = planned.node->id;
    }
    return estimate;
}

MemoryEstimate estimateMemory(const RunRequest& request) { return memoryOf(makePlan(request)); }

}  // namespace shapewise::exec
