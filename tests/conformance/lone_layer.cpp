#include "tests/conformance/layer_case.h"

#include <algorithm>

namespace shapewise::conformance {

namespace {

/// A class inside a wrapper's config that the catalogue does not know.
bool hasUnknownClass(const Value& value) {
    if (value.isList()) return std::any_of(value.asList().begin(), value.asList().end(), hasUnknownClass);
    if (!value.isDict()) return false;
    const Value* nested = value.find("class_name");
    const Value* config = value.find("config");
    if (nested != nullptr && nested->isText() && config != nullptr && layers::findLayer(nested->asText()) == nullptr)
        return true;
    return false;
}

std::string refusalText(const std::vector<diag::Refusal>& refusals) {
    std::string text;
    for (const diag::Refusal& refusal : refusals) {
        text += (text.empty() ? "" : ", ") + std::string(diag::row(refusal.code).name);
        if (!refusal.parameter.empty()) text += "(" + std::string(refusal.parameter) + ")";
    }
    return text;
}

std::uint16_t portNamed(const layers::LayerType& type, std::string_view name, std::size_t otherwise) {
    constexpr std::string_view kSuffix = "_shape";
    if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
    std::string spaced(name);
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    for (std::size_t port = 0; port < type.inputs.size(); ++port)
        if (type.inputs[port].name == spaced) return static_cast<std::uint16_t>(port);
    return static_cast<std::uint16_t>(otherwise);
}

}  // namespace

std::optional<LoneLayer> LoneLayer::make(std::string_view className, const Value& config) {
    const layers::LayerType* type = layers::findLayer(className);
    if (type == nullptr) return std::nullopt;
    LoneLayer lone;
    lone.node_ = layers::makeNode(*type, NodeId(1000), layers::automaticName(*type));
    if (!config.isDict()) return lone;
    for (const auto& [key, value] : config.asDict()) {
        if (hasUnknownClass(value) && key == "layer") return std::nullopt;
        auto [ours, meant] = layers::inOurWords(*type, key, value);
        if (type->param(ours) != nullptr)
            lone.node_->set(ours, std::move(meant));
        else
            lone.node_->extras.emplace_back(key, value);
    }
    return lone;
}

void LoneLayer::call(const ValueDict& arguments) {
    for (const auto& [key, value] : arguments)
        if (type().param(key) != nullptr) node_->set(key, value);
}

void LoneLayer::connect(std::vector<tensor::TensorType> types, const std::vector<std::string>& names) {
    node_->inputs.clear();
    inputs_.clear();
    types_ = std::make_shared<const std::vector<tensor::TensorType>>(std::move(types));
    for (std::size_t index = 0; index < types_->size(); ++index) {
        const bool many = !type().inputs.empty() && type().inputs.back().many;
        const std::size_t place = many ? std::min(index, type().inputs.size() - 1) : index;
        const std::uint16_t port =
            index < names.size() ? portNamed(type(), names[index], place) : static_cast<std::uint16_t>(place);
        node_->inputs.push_back(graph::Link{NodeId(static_cast<std::uint32_t>(index)), 0, port});
        inputs_.push_back(&(*types_)[index]);
    }
}

std::vector<layers::WeightSpec> LoneLayer::weights() const { return layers::weightsOf(*node_, inputs_); }

Result<std::vector<tensor::TensorType>> LoneLayer::infer() const {
    layers::InferContext context(layers::Params(*node_), inputs_, node_->inputs, node_.get());
    if (!layers::inferLayer(context)) return failure("refused: " + refusalText(context.refusals()));
    return std::vector<tensor::TensorType>(context.outputs().begin(), context.outputs().end());
}

std::string LoneLayer::refusalOfConfig() const {
    layers::InferContext context(layers::Params(*node_), {}, {}, node_.get());
    layers::validate(context);
    return refusalText(context.refusals());
}

Result<std::vector<tensor::Tensor>> LoneLayer::run(std::span<const tensor::Tensor> inputs,
                                                   std::span<const tensor::Tensor> weights,
                                                   std::span<const tensor::Tensor* const> masks) const {
    const Result<std::vector<tensor::TensorType>> types = infer();
    if (!types) return Unexpected(types.error());
    std::vector<tensor::Tensor> outputs;
    for (const tensor::TensorType& output : *types) {
        if (!output.shape.isFullyKnown()) return failure("an output size is not known: " + output.shape.text());
        tensor::Extents extents;
        for (const tensor::Dim size : output.shape.sizes()) extents.push_back(size.size());
        outputs.emplace_back(std::move(extents));
    }
    std::vector<const tensor::Tensor*> inputPointers;
    for (const tensor::Tensor& input : inputs) inputPointers.push_back(&input);
    std::vector<const tensor::Tensor*> weightPointers;
    for (const tensor::Tensor& weight : weights) weightPointers.push_back(&weight);
    if (type().forward == nullptr) return failure("the layer has no forward function");
    layers::ForwardContext context{layers::Params(*node_), inputPointers,     inputs_, node_->inputs, outputs,
                                   weightPointers,         std::stop_token{}, masks};
    if (Result<void> done = type().forward(context); !done) return Unexpected(done.error());
    return outputs;
}

}  // namespace shapewise::conformance
