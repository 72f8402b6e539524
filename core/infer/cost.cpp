#include "core/infer/cost.h"

#include "core/base/checked_math.h"

#include <algorithm>
#include <fmt/format.h>

namespace shapewise::infer {

namespace {

using graph::Node;
using layers::Role;
using tensor::TensorType;

TensorType ofOneSample(const TensorType& type) {
    TensorType one = type;
    if (one.shape.rank() > 0 && !one.shape[0].isKnown()) one.shape.setSize(0, 1);
    return one;
}

std::optional<std::int64_t> bytesOf(const NodeAnalysis& result) {
    if (!result.isKnown()) return std::nullopt;
    std::int64_t bytes = 0;
    for (std::size_t port = 0; port < result.outputCount(); ++port) {
        const tensor::Dim count = ofOneSample(*result.outputAt(port)).shape.elementCount();
        if (!count.isKnown()) return std::nullopt;
        bytes = saturatingAdd(bytes, saturatingMultiply(count.size(), static_cast<std::int64_t>(sizeof(float))));
    }
    return bytes;
}

std::optional<std::int64_t> multiplyAddsOf(const Node& node, const std::vector<const TensorType*>& inputs) {
    if (node.type->multiplyAdds == nullptr) return 0;
    std::vector<TensorType> single;
    for (const TensorType* input : inputs) {
        if (input == nullptr) return std::nullopt;
        single.push_back(ofOneSample(*input));
    }
    std::vector<const TensorType*> pointers;
    for (const TensorType& type : single) pointers.push_back(&type);
    return layers::multiplyAddCount(node, pointers);
}

/// What the inputs see together.
ReceptiveField united(const std::vector<const ReceptiveField*>& fields) {
    ReceptiveField united;
    for (const ReceptiveField* field : fields) {
        if (field == fields.front()) united = *field;
        united.isKnown = united.isKnown && field->isKnown && (field->axes == united.axes || field->axes == 0 || united.axes == 0);
        united.wholeInput = united.wholeInput || field->wholeInput;
        united.axes = std::max(united.axes, field->axes);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t end = std::max(united.offset[axis] + united.size[axis], field->offset[axis] + field->size[axis]);
            united.offset[axis] = std::min(united.offset[axis], field->offset[axis]);
            united.size[axis] = end - united.offset[axis];
            united.stride[axis] = std::max(united.stride[axis], field->stride[axis]);
        }
    }
    return united;
}

/// Samples of padding in front of a spatial axis.
std::int64_t paddingBefore(const Node& node, const layers::SlidingWindow& window, std::size_t axis, tensor::Dim length) {
    const std::int64_t extent = saturatingAdd(saturatingMultiply(window.dilation[axis], window.size[axis] - 1), 1);
    const layers::Params params(node);
    if (node.type->param("padding") != nullptr && params["padding"].isText() && params["padding"].asText() == "causal") return extent - 1;
    if (!window.samePadding) return 0;
    if (!length.isKnown() || length.size() == 0) return (extent - 1) / 2;
    const std::int64_t stride = std::max<std::int64_t>(1, window.stride[axis]);
    const std::int64_t covered = saturatingAdd(saturatingMultiply((length.size() - 1) / stride, stride), extent);
    return std::max<std::int64_t>(0, covered - length.size()) / 2;
}

void slide(ReceptiveField& field, const Node& node, const layers::SlidingWindow& window, const TensorType* input) {
    const int axes = std::clamp(node.type->family.spatialRank, 1, 3);
    if (field.axes != 0 && field.axes != axes) field.isKnown = false;
    field.axes = axes;
    const layers::Params params(node);
    const bool channelsFirst = node.type->param("data_format") != nullptr && params.channelsFirst();
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
        const int inputAxis = static_cast<int>(axis) + (channelsFirst ? 2 : 1);
        const tensor::Dim length = input != nullptr && inputAxis < input->shape.rank() ? input->shape[inputAxis] : tensor::Dim();
        const std::int64_t before = paddingBefore(node, window, axis, length);
        const std::int64_t reach = saturatingMultiply(window.dilation[axis], window.size[axis] - 1);
        field.offset[axis] -= saturatingMultiply(before, field.stride[axis]);
        field.size[axis] = saturatingAdd(field.size[axis], saturatingMultiply(reach, field.stride[axis]));
        field.stride[axis] = saturatingMultiply(field.stride[axis], window.stride[axis]);
    }
}

/// Precondition: the node's parameters have passed validation.
ReceptiveField fieldOf(const Node& node, const std::vector<const ReceptiveField*>& fields, const TensorType* input) {
    ReceptiveField field = united(fields);
    if (node.type->window != nullptr) {
        const layers::SlidingWindow window = node.type->window(layers::Params(node));
        field.wholeInput = field.wholeInput || window.wholeInput;
        if (!window.wholeInput) slide(field, node, window, input);
        return field;
    }
    switch (node.type->role) {
        case Role::GlobalPooling:
        case Role::Flatten:
        case Role::Recurrent:
        case Role::ConvRecurrent:
        case Role::Attention: field.wholeInput = true; break;
        case Role::TransposedConvolution:
        case Role::Resampling:
        case Role::Reshape:
        case Role::Permute:
        case Role::Wrapper:
        case Role::Model:
        case Role::Custom:
        case Role::Spectrogram:
        case Role::MelSpectrogram: field.isKnown = false; break;
        default: break;
    }
    return field;
}

std::string perAxis(const std::array<std::int64_t, 3>& values, int axes, std::string_view separator) {
    const auto end = values.begin() + axes;
    if (std::all_of(values.begin(), end, [&](std::int64_t value) { return value == values.front(); }) && separator == ", ")
        return fmt::format("{}", values.front());
    return fmt::format("{}", fmt::join(values.begin(), end, separator));
}

void addTotals(Costs& costs, const NodeCost& cost, const NodeAnalysis& result) {
    costs.isComplete = costs.isComplete && result.isKnown() && cost.parameters && cost.multiplyAdds && cost.activationBytes;
    if (cost.parameters) {
        costs.parameters.total = saturatingAdd(costs.parameters.total, cost.parameters->total);
        costs.parameters.trainable = saturatingAdd(costs.parameters.trainable, cost.parameters->trainable);
    }
    costs.multiplyAdds = saturatingAdd(costs.multiplyAdds, cost.multiplyAdds.value_or(0));
    costs.activationBytes = saturatingAdd(costs.activationBytes, cost.activationBytes.value_or(0));
}

}  // namespace

std::string ReceptiveField::text() const {
    if (wholeInput) return "all";
    if (!isKnown) return "-";
    if (axes == 0) return "1";
    return fmt::format("{}, step {}, from {}", perAxis(size, axes, " × "), perAxis(stride, axes, ", "), perAxis(offset, axes, ", "));
}

Costs costsOf(const graph::Graph& graph, const Analysis& analysis) {
    Costs costs;
    costs.nodes.resize(graph.slotCount());
    for (const NodeId id : graph::topologicalOrder(graph).nodes) {
        const Node& node = *graph.find(id);
        const NodeAnalysis& result = analysis[id];
        const std::vector<const TensorType*> inputs = analysis.inputTypes(node);
        NodeCost& cost = costs.nodes[id.value];
        std::vector<const ReceptiveField*> fields;
        for (const graph::Link& link : node.inputs)
            if (link.from.value < costs.nodes.size()) fields.push_back(&costs.nodes[link.from.value].field);
        if (result.isKnown())
            cost.field = fieldOf(node, fields, inputs.empty() ? nullptr : inputs.front());
        else
            cost.field.isKnown = false;
        cost.activationBytes = bytesOf(result);
        if (result.isKnown()) {
            const bool shares = node.sharesLayerOf.isValid() && graph.find(node.sharesLayerOf) != nullptr;
            cost.parameters = shares ? layers::ParameterCount{} : layers::parameterCount(node, inputs);
            cost.multiplyAdds = multiplyAddsOf(node, inputs);
        }
        addTotals(costs, cost, result);
    }
    return costs;
}

}  // namespace shapewise::infer
