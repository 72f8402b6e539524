#include "core/exec/content_hash.h"

#include "core/base/hash.h"
#include "core/graph/seeds.h"

#include <algorithm>

namespace shapewise::exec {

namespace {

/// Settings in the order of their keys, without those that change nothing computed; and what a file brought besides.
void addSettings(Hasher& hasher, const graph::Node& node) {
    std::vector<const graph::Setting*> settings;
    for (const graph::Setting& setting : node.settings) {
        const layers::ParamSpec* spec = node.type->param(setting.key);
        if (spec == nullptr || spec->affects != layers::Affects::Nothing) settings.push_back(&setting);
    }
    std::sort(settings.begin(), settings.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
    for (const graph::Setting* setting : settings) hasher.add(setting->key).add(setting->value.text());
    for (const auto& [key, value] : node.extras) hasher.add(key).add(value.text());
}

void addBody(Hasher& hasher, const graph::Graph& body, ActivationStore& store) {
    body.forEach([&](const graph::Node& node) {
        hasher.add(node.id.value).add(node.sharesLayerOf.value).add(node.type->className).add(node.name);
        hasher.add(node.seed);
        addSettings(hasher, node);
        for (const graph::Link& link : node.inputs) hasher.add(link.from.value).add(link.fromPort).add(link.toPort);
        if (node.weights) hasher.add(store.weightsHash(node.weights));
        if (node.body) addBody(hasher, *node.body, store);
    });
}

}  // namespace

std::uint64_t contentHash(const PlannedNode& planned, const RunRequest& request, ActivationStore& store,
                          std::span<const std::uint64_t> inputs, std::uint64_t source) {
    const graph::Node& node = *planned.node;
    Hasher hasher;
    hasher.add(node.type->className).add(source);
    addSettings(hasher, node);
    if (!planned.weights.empty() || node.body) {
        if (planned.owner->weights)
            hasher.add(store.weightsHash(planned.owner->weights));
        else
            hasher.add(request.project.run.seed).add(graph::seedOf(*planned.owner, request.scope));
    }
    if (node.body) addBody(hasher, *node.body, store);
    for (std::size_t index = 0; index < inputs.size(); ++index)
        hasher.add(node.inputs[index].toPort).add(node.inputs[index].fromPort).add(inputs[index]);
    for (const tensor::TensorType& output : planned.outputs)
        for (const tensor::Dim size : output.shape.sizes()) hasher.add(size.code());
    return hasher.result();
}

std::uint64_t weightsKey(const PlannedNode& planned, std::int64_t seed, const std::string& scope) {
    Hasher hasher;
    hasher.add("weights").add(seed).add(graph::seedOf(*planned.owner, scope));
    for (const layers::WeightSpec& weight : planned.weights) {
        hasher.add(weight.layer);
        const graph::Node& layer = weight.owner != nullptr ? *weight.owner : *planned.owner;
        hasher.add(layer.seed);
        if (weight.initializer == layers::Initializer::Fixed) addSettings(hasher, layer);
        hasher.add(weight.name).add(weight.initializer).add(weight.fanIn).add(weight.fanOut);
        hasher.add(weight.extents.size());
        for (const std::int64_t size : weight.extents) hasher.add(size);
    }
    return hasher.result();
}

std::uint64_t preparedKey(const PlannedNode& planned, const RunRequest& request, ActivationStore& store) {
    Hasher hasher;
    hasher.add("prepared").add(planned.node->type->className);
    addSettings(hasher, *planned.node);
    if (planned.node->body) addBody(hasher, *planned.node->body, store);
    if (planned.owner->weights)
        hasher.add(store.weightsHash(planned.owner->weights));
    else
        hasher.add(weightsKey(planned, request.project.run.seed, request.scope));
    for (const tensor::TensorType* input : planned.inputs) {
        hasher.add(input->shape.rank());
        for (const tensor::Dim size : input->shape.sizes()) hasher.add(size.code());
    }
    return hasher.result();
}

std::uint64_t fileKey(const graph::Node& node, std::uint64_t stamp) {
    Hasher hasher;
    hasher.add("file").add(node.type->className).add(stamp);
    addSettings(hasher, node);
    return hasher.result();
}

std::uint64_t valuesHash(const tensor::Tensor& values) {
    Hasher hasher;
    for (const std::int64_t size : values.extents()) hasher.add(size);
    return hasher.addFloats(values.values()).result();
}

}  // namespace shapewise::exec
