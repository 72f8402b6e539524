#include "core/layers/parts/nested_layer.h"

#include "core/diag/codes.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/framework/prepared_layer.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

/// "class_name" of the dict, or of {"module", "class_name", "config"} forms; empty when there is none.
std::string classNameIn(const Value& value) {
    const Value* name = value.find("class_name");
    return name != nullptr && name->isText() ? name->asText() : std::string();
}

/// A model inside a wrapper has its graph at the wrapper's node.
NestedNode nodeFrom(const Params& params, ParamKey key) {
    const Value& value = params[key];
    const LayerType* type = findLayer(classNameIn(value));
    if (type == nullptr || type->infer == nullptr) return nullptr;
    const bool isModel = type->holdsModel;
    if (isModel && (params.body() == nullptr || key.name != "layer")) return nullptr;
    std::shared_ptr<graph::Node> node = makeNode(*type, NodeId(), classNameIn(value));
    if (const Value* config = value.find("config"); config != nullptr && config->isDict())
        for (const auto& [name, entry] : config->asDict()) {
            auto [known, ours] = inOurWords(*type, name, entry);
            if (type->param(known) != nullptr) node->set(known, std::move(ours));
        }
    if (isModel)
        node->body = std::shared_ptr<const graph::Graph>(std::shared_ptr<void>(),
                                                         params.body());  // the wrapper's node owns it
    return node;
}

void refuseNested(InferContext& context, ParamKey key, std::string layer, std::string problem) {
    context.refuse(
        {diag::Code::NestedLayer, key.name, -1, {{"layer", std::move(layer)}, {"problem", std::move(problem)}}});
}

/// The inner refusal keeps its own code where it speaks of the input, so that its repairs apply to the wrapper's.
void refuseAsInner(InferContext& context, const NestedNode& node, ParamKey key, const diag::Refusal& refusal) {
    if (refusal.parameter.empty())
        context.refuse(refusal);
    else
        refuseNested(context, key, std::string(node->type->className),
                     std::string(diag::row(refusal.code).name) + " (" + std::string(refusal.parameter) + ")");
}

}  // namespace

NestedNode nestedNode(InferContext& context, ParamKey key) {
    const Value& value = context.params()[key];
    const std::string name = classNameIn(value);
    if (name.empty()) {
        refuseNested(context, key, "layer", "it has no class_name");
        return nullptr;
    }
    NestedNode node = nodeFrom(context.params(), key);
    if (node == nullptr && findLayer(name) != nullptr)
        refuseNested(context, key, name, "the model's layers are not at hand");
    return node;
}

NestedNode nestedNode(const Params& params, ParamKey key) { return nodeFrom(params, key); }

bool checkNested(InferContext& context, const NestedNode& node, ParamKey key) {
    InferContext inner(Params(*node), {}, {}, nullptr);
    validate(inner);
    if (inner.isRefused()) refuseAsInner(context, node, key, inner.refusals().front());
    return !inner.isRefused();
}

std::vector<tensor::TensorType> inferNested(InferContext& context, const NestedNode& node, ParamKey key,
                                            std::span<const tensor::TensorType* const> inputs) {
    InferContext inner(Params(*node), inputs, {}, nullptr);
    if (!inferLayer(inner)) {
        refuseAsInner(context, node, key, inner.refusals().front());
        return {};
    }
    const std::span<const tensor::TensorType> outputs = inner.outputs();
    return {outputs.begin(), outputs.end()};
}

std::vector<WeightSpec> nestedWeights(const NestedNode& node, const tensor::TensorType& input) {
    if (node == nullptr || node->type->weights == nullptr) return {};
    const tensor::TensorType* const inputs[] = {&input};
    return node->type->weights(Params(*node), std::span<const tensor::TensorType* const>(inputs));
}

Result<void> runNested(const NestedNode& node, const ForwardContext& outer, const NestedCall& call) {
    if (node == nullptr || node->type->forward == nullptr)
        return failure("The layer inside the wrapper computes nothing", "Choose another layer");
    std::vector<const tensor::Tensor*> inputs{&call.input};
    inputs.insert(inputs.end(), call.states.begin(), call.states.end());
    std::vector<tensor::TensorType> types(inputs.size());
    std::vector<const tensor::TensorType*> typePointers;
    for (std::size_t index = 0; index < inputs.size(); ++index) {
        types[index].shape = inputs[index]->shape();
        typePointers.push_back(&types[index]);
    }
    const tensor::Tensor* const masks[] = {call.mask};
    ForwardContext inner{.params = Params(*node),
                         .inputs = inputs,
                         .inputTypes = typePointers,
                         .links = {},
                         .outputs = call.outputs,
                         .weights = call.weights,
                         .stop = outer.stop};
    if (call.mask != nullptr) inner.inputMasks = masks;
    inner.prepared = call.prepared;
    return node->type->forward(inner);
}

PreparedLayer prepareNested(const NestedNode& node, const ForwardContext& outer, const tensor::TensorType& input) {
    if (node == nullptr || node->type->prepare == nullptr) return {};
    const tensor::TensorType* const types[] = {&input};
    return node->type->prepare({.params = Params(*node),
                                .inputs = {},
                                .inputTypes = types,
                                .links = {},
                                .outputs = {},
                                .weights = outer.weights,
                                .stop = outer.stop});
}

std::string nestedClassName(const Params& params, ParamKey key) { return classNameIn(params[key]); }

}  // namespace shapewise::layers
