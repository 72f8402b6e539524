#include "layer_check.h"

#include "core/diag/renderer.h"

#include <fmt/format.h>
#include <cstdlib>

namespace shapewise::layers {

std::vector<ExplainedLine> inWords(const std::vector<ExplanationLine>& lines) {
    const diag::Renderer& words = diag::Renderer::standard();
    std::vector<ExplainedLine> shown;
    for (const ExplanationLine& line : lines)
        shown.push_back({words.text(line.quantity), words.text(line.arithmetic), words.text(line.note)});
    return shown;
}

std::string Checked::shape(std::size_t output) const {
    if (isRefused()) return "refused";
    return output < outputs.size() ? outputs[output].shape.text() : "no such output";
}

std::string Checked::axes(std::size_t output) const {
    return output < outputs.size() ? outputs[output].shape.axesText() : "no such output";
}

bool Checked::refuses(diag::Code code) const { return refusal(code) != nullptr; }

const diag::Refusal* Checked::refusal(diag::Code code) const {
    for (const diag::Refusal& entry : refusals)
        if (entry.code == code) return &entry;
    return nullptr;
}

std::string Checked::weights() const {
    std::string text;
    const std::vector<const tensor::TensorType*> pointers = inputPointers();
    if (node->type->weights == nullptr) return text;
    for (const WeightSpec& weight : node->type->weights(Params(*node), pointers))
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", weight.name, tensor::extentsText(weight.extents));
    return text;
}

std::int64_t Checked::number(std::string_view argument) const {
    if (refusals.empty()) return -999;
    for (const diag::Argument& entry : refusals.front().arguments)
        if (entry.name == argument) {
            if (const auto* value = std::get_if<std::int64_t>(&entry.value)) return *value;
            if (const auto* size = std::get_if<tensor::Dim>(&entry.value)) return size->sizeOr(-999);
        }
    return -999;
}

std::vector<const tensor::TensorType*> Checked::inputPointers() const {
    std::vector<const tensor::TensorType*> pointers;
    for (const tensor::TensorType& input : inputs) pointers.push_back(&input);
    return pointers;
}

Checked checkTypes(std::string_view className, const ValueDict& settings,
                   const std::vector<tensor::TensorType>& inputs) {
    const LayerType* type = findLayer(className);
    if (type == nullptr) std::abort();
    Checked checked;
    checked.node = makeNode(*type, NodeId(0), "layer");
    for (const auto& [key, value] : settings) checked.node->set(key, value);
    checked.inputs = inputs;
    const std::vector<const tensor::TensorType*> pointers = checked.inputPointers();
    InferContext context(Params(*checked.node), pointers, {}, checked.node.get());
    std::vector<ExplanationLine> lines;
    context.collectExplanation(&lines);
    if (inferLayer(context)) checked.outputs.assign(context.outputs().begin(), context.outputs().end());
    checked.refusals = context.refusals();
    checked.explanation = inWords(lines);
    return checked;
}

Checked check(std::string_view className, const ValueDict& settings, const std::vector<std::string>& shapes) {
    std::vector<tensor::TensorType> inputs;
    for (const std::string& shape : shapes) inputs.push_back(typeOf(shape));
    return checkTypes(className, settings, inputs);
}

Ran run(std::string_view className, const ValueDict& settings, const std::vector<tensor::Tensor>& inputs,
        const std::vector<tensor::Tensor>& weights, const std::vector<tensor::Tensor>& masks) {
    std::vector<tensor::TensorType> types(inputs.size());
    for (std::size_t index = 0; index < inputs.size(); ++index) types[index].shape = inputs[index].shape();
    const Checked checked = checkTypes(className, settings, types);
    Ran ran;
    if (checked.isRefused()) {
        ran.problem = "refused: " + std::string(diag::row(checked.refusals.front().code).name);
        return ran;
    }
    for (const tensor::TensorType& output : checked.outputs) {
        tensor::Extents extents;
        for (const tensor::Dim size : output.shape.sizes()) extents.push_back(size.size());
        ran.outputs.emplace_back(std::move(extents));
    }
    ran.masks.resize(ran.outputs.size());
    std::vector<const tensor::Tensor*> inputPointers;
    for (const tensor::Tensor& input : inputs) inputPointers.push_back(&input);
    std::vector<const tensor::Tensor*> weightPointers;
    for (const tensor::Tensor& weight : weights) weightPointers.push_back(&weight);
    std::vector<const tensor::Tensor*> maskPointers;
    for (const tensor::Tensor& mask : masks) maskPointers.push_back(mask.rank() > 0 ? &mask : nullptr);
    const std::vector<const tensor::TensorType*> typePointers = checked.inputPointers();
    ForwardContext context{.params = Params(*checked.node),
                           .inputs = inputPointers,
                           .inputTypes = typePointers,
                           .links = {},
                           .outputs = ran.outputs,
                           .weights = weightPointers,
                           .stop = {},
                           .inputMasks = maskPointers,
                           .outputMasks = ran.masks};
    if (const Result<void> done = checked.node->type->forward(context); !done) ran.problem = done.error().text();
    return ran;
}

tensor::TensorType typeOf(std::string_view shape) {
    const auto sizes = tensor::parseSizes(shape);
    if (!sizes) std::abort();
    return {.shape = tensor::Shape(std::span<const tensor::Dim>(*sizes)),
            .dtype = tensor::DType::Float32,
            .scales = nullptr};
}

}  // namespace shapewise::layers
