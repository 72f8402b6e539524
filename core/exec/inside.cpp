// Running the graph inside a nested model by itself, so that each of its nodes has an output to look at.

#include "core/exec/run.h"
#include "core/graph/seeds.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

namespace shapewise::exec {

namespace {

using graph::Node;
using tensor::Tensor;
using tensor::TensorType;

/// What arrives at one input of the model; null values when nothing does.
struct Arrival {
    TensorPtr values;
    TensorPtr mask;
    const TensorType* type = nullptr;
};

std::vector<Arrival> arrivalsAt(const Node& model, const RunReport& report) {
    std::vector<Arrival> arrivals;
    for (const graph::Link& link : model.inputs) {
        Arrival& arrival = arrivals.emplace_back();
        const auto producer = report.nodes.find(link.from);
        if (producer == report.nodes.end() || link.fromPort >= producer->second.outputs.size()) continue;
        arrival.values = producer->second.outputs[link.fromPort];
        arrival.type = &producer->second.types[link.fromPort];
        if (link.fromPort < producer->second.masks.size()) arrival.mask = producer->second.masks[link.fromPort];
    }
    return arrivals;
}

/// The values with a last axis of 1 more or less, where the Input inside declares it so.
TensorPtr fitted(const TensorPtr& values, const Node& input) {
    layers::InferContext context(layers::Params(input), {}, {}, &input);
    if (!layers::inferLayer(context) || context.outputs().empty()) return values;
    const int rank = context.outputs().front().shape.rank();
    tensor::Extents extents = values->extents();
    if (values->rank() == rank + 1 && extents.back() == 1) {
        extents.pop_back();
    } else if (values->rank() == rank - 1) {
        extents.push_back(1);
    } else {
        return values;
    }
    return std::make_shared<const Tensor>(std::move(extents), values->values());
}

/// The request for the graph inside a node of `outer`, which has been run as far as the node's inputs.
RunRequest requestInside(const RunRequest& outer, const Node& model, const RunReport& report) {
    const std::vector<Arrival> arrivals = arrivalsAt(model, report);
    std::vector<const TensorType*> types;
    types.reserve(arrivals.size());
    for (const Arrival& arrival : arrivals) types.push_back(arrival.type);
    RunRequest inside = outer;
    inside.only.clear();
    inside.inputs.clear();
    inside.inputMasks.clear();
    const Node* owner = outer.project.graph.find(model.sharesLayerOf);
    inside.scope = graph::seedInside(owner != nullptr ? *owner : model, outer.scope);
    const layers::Params params(model);
    inside.project.graph = layers::standingAlone(params, types);
    const std::vector<NodeId> entries = layers::bodyEntries(params);
    for (std::size_t index = 0; index < entries.size() && index < arrivals.size(); ++index) {
        const Node& entry = *inside.project.graph.find(entries[index]);
        const Arrival& arrival = arrivals[index];
        if (!arrival.values) continue;
        const NodeId input = entry.inputs.empty() ? entry.id : entry.inputs.front().from;
        inside.inputs[input] = fitted(arrival.values, *inside.project.graph.find(input));
        if (arrival.mask) inside.inputMasks[input] = arrival.mask;
    }
    return inside;
}

}  // namespace

Result<RunReport> runInside(const RunRequest& request, std::span<const NodeId> path, ActivationStore& store,
                            std::stop_token stop, Progress& progress,
                            const std::function<void(NodeId, const NodeRun&)>& onNode) {
    RunRequest level = request;
    for (const NodeId id : path) {
        const Node* model = level.project.graph.find(id);
        if (model == nullptr || model->body == nullptr)
            return failure("There is no group to run", "It was removed; look at the graph as it is now");
        RunReport before;
        for (const graph::Link& link : model->inputs) level.only.push_back(link.from);
        if (!level.only.empty()) {
            Result<RunReport> done = run(level, store, stop, progress);
            if (!done) return done;
            before = std::move(*done);
        }
        if (before.cancelled) return before;
        level = requestInside(level, *model, before);
    }
    const auto noted = [&](NodeId id, NodeRun& node) {
        const Node* input = level.project.graph.find(id);
        if (input == nullptr || input->type->supply != layers::Supply::Given || level.inputs.contains(id) ||
            node.outputs.empty())
            return;
        node.note = "sample data: nothing arrives here from outside";
    };
    Result<RunReport> report = run(level, store, stop, progress, onNode);
    if (report)
        for (auto& [id, node] : report->nodes) noted(id, node);
    return report;
}

}  // namespace shapewise::exec
