#include "core/io/keras/keras_weights.h"

#include "core/edit/inside.h"

#include <fmt/format.h>
#include <map>
#include <span>
#include <vector>

namespace shapewise::io {

namespace {

using Way = std::vector<NodeId>;

/// The way to the layer a weight belongs to: the longest part of its name, up to a slash, that is the name of a node;
/// the rest of the name is looked for in its graph when that is a nested model. Empty when there is none.
Way ownerByPath(const graph::Graph& graph, std::string_view name) {
    for (std::size_t slash = name.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = name.rfind('/', slash - 1)) {
        const graph::Node* node = graph.findByName(name.substr(0, slash));
        if (node == nullptr) continue;
        if (!edit::holdsModel(*node)) return {node->id};
        Way way = ownerByPath(*node->body, name.substr(slash + 1));
        if (way.empty()) continue;
        way.insert(way.begin(), node->id);
        return way;
    }
    return {};
}

/// Keras 2 names weights by their layer alone, however deep it is. The first layer of that name in the order of the
/// file.
Way ownerInside(const graph::Graph& graph, std::string_view name) {
    Way way;
    graph.forEach([&](const graph::Node& node) {
        if (!way.empty() || !edit::holdsModel(node) || node.sharesLayerOf.isValid()) return;
        way = ownerByPath(*node.body, name);
        if (way.empty()) way = ownerInside(*node.body, name);
        if (!way.empty()) way.insert(way.begin(), node.id);
    });
    return way;
}

Way ownerOf(const graph::Graph& graph, std::string_view name) {
    Way way = ownerByPath(graph, name);
    return way.empty() ? ownerInside(graph, name) : way;
}

/// Puts weights into the layer at the end of the way. All that share a nested model get its changed graph.
void putWeights(graph::Graph& graph, std::span<const NodeId> way,
                const std::shared_ptr<const graph::WeightSet>& weights) {
    auto node = std::make_shared<graph::Node>(*graph.find(way.front()));
    if (way.size() == 1) {
        node->weights = weights;
        graph.put(std::move(node));
        return;
    }
    auto body = std::make_shared<graph::Graph>(*node->body);
    putWeights(*body, way.subspan(1), weights);
    for (const NodeId id : graph.nodesSharingLayerOf(way.front())) {
        auto user = std::make_shared<graph::Node>(*graph.find(id));
        user->body = body;
        graph.put(std::move(user));
    }
}

/// "kernel" of "conv2d_1/conv2d_1/kernel:0".
std::string weightName(std::string_view stored) {
    const std::string_view last = stored.substr(stored.rfind('/') + 1);
    return std::string(last.substr(0, last.find(':')));
}

}  // namespace

Result<std::size_t> placeWeights(WeightSource& source, graph::Graph& graph) {
    std::map<Way, graph::WeightSet> sets;
    for (const StoredArray& array : source.arrays()) {
        Result<tensor::Tensor> values = source.read(array.name);
        if (!values) return Unexpected(std::move(values.error()));
        const Way owner = ownerOf(graph, array.name);
        if (owner.empty()) return failure(fmt::format("weight {} belongs to no layer of the model", array.name));
        sets[owner].push_back({weightName(array.name), std::move(*values)});
    }
    for (auto& [way, set] : sets) putWeights(graph, way, std::make_shared<const graph::WeightSet>(std::move(set)));
    return source.arrays().size();
}

}  // namespace shapewise::io
