#include "core/infer/receptive_field.h"

#include "core/base/amount.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::infer {

namespace {

using graph::Node;
using layers::AxisEffect;
using tensor::TensorType;

/// What the inputs see together.
ReceptiveField unitedOf(const std::vector<ReceptiveField>& fields) {
    ReceptiveField united = fields.empty() ? ReceptiveField() : fields.front();
    for (const ReceptiveField& field : fields) {
        united.isKnown =
            united.isKnown && field.isKnown && (field.axes == united.axes || field.axes == 0 || united.axes == 0);
        united.wholeInput = united.wholeInput || field.wholeInput;
        united.axes = std::max(united.axes, field.axes);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const Amount end = std::max(Amount(united.offset[axis]) + united.size[axis],
                                        Amount(field.offset[axis]) + field.size[axis]);
            united.offset[axis] = std::min(united.offset[axis], field.offset[axis]);
            united.size[axis] = (end - united.offset[axis]).value();
            united.stride[axis] = std::max(united.stride[axis], field.stride[axis]);
        }
    }
    return united;
}

void slide(ReceptiveField& field, const Node& node, const layers::SlidingWindow& window, const TensorType* input) {
    const int axes = std::clamp(node.type->family.spatialRank, 1, 3);
    if (field.axes != 0 && field.axes != axes) field.isKnown = false;
    field.axes = axes;
    const layers::Params params(node);
    const bool channelsFirst = node.type->param("data_format") != nullptr && params.channelsFirst();
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
        const int inputAxis = static_cast<int>(axis) + (channelsFirst ? 2 : 1);
        const tensor::Dim length =
            input != nullptr && inputAxis < input->shape.rank() ? input->shape[inputAxis] : tensor::Dim();
        const std::int64_t before = window.paddingBefore(axis, length);
        const Amount stride(field.stride[axis]);
        const Amount reach = (Amount(window.size[axis]) - 1) * window.dilation[axis];
        field.offset[axis] = (Amount(field.offset[axis]) - stride * before).value();
        field.size[axis] = (Amount(field.size[axis]) + stride * reach).value();
        field.stride[axis] = (stride * window.stride[axis]).value();  // fits: Amounts
    }
}

/// Precondition: the node's parameters have passed validation.
ReceptiveField fieldOf(const Node& node, const std::vector<ReceptiveField>& before, const TensorType* input) {
    ReceptiveField field = unitedOf(before);
    if (node.type->window != nullptr) {
        const layers::SlidingWindow window = node.type->window(layers::Params(node));
        field.wholeInput = field.wholeInput || window.wholeInput;
        if (!window.wholeInput) slide(field, node, window, input);
        return field;
    }
    switch (node.type->effects.space) {
        case AxisEffect::Reduces:
        case AxisEffect::Joins:
        case AxisEffect::SeesAll: field.wholeInput = true; break;
        case AxisEffect::Keeps:
        case AxisEffect::Shifts:
        case AxisEffect::Contracts: break;
        default:
            if (!node.type->isSource() && !node.type->outputs.empty()) field.isKnown = false;
            break;
    }
    return field;
}

std::string perAxis(const std::array<std::int64_t, 3>& values, int axes, std::string_view separator) {
    const auto end = values.begin() + axes;
    if (std::all_of(values.begin(), end, [&](std::int64_t value) { return value == values.front(); }) &&
        separator == ", ")
        return fmt::format("{}", values.front());
    return fmt::format("{}", fmt::join(values.begin(), end, separator));
}

/// One behind the other from the inputs of a nested model to its ends.
std::vector<ReceptiveField> fieldsInside(const Node& model, const std::vector<ReceptiveField>& before,
                                         const std::vector<const TensorType*>& inputs) {
    const layers::Body body(layers::Params(model), inputs);
    const std::vector<layers::BodyNode>& nodes = body.nodes();
    std::vector<std::vector<ReceptiveField>> fields(nodes.size());
    for (std::size_t place = 0; place < nodes.size(); ++place) {
        const Node& node = *nodes[place].node;
        const auto entry = std::find(body.entries().begin(), body.entries().end(), place);
        std::vector<ReceptiveField> own;
        if (entry != body.entries().end()) {
            const auto index = static_cast<std::size_t>(entry - body.entries().begin());
            if (index < before.size()) own.push_back(before[index]);
        }
        for (const graph::Link& link : nodes[place].links())
            own.push_back(fieldAt(fields[*body.find(link.from)], link.fromPort));
        fields[place] = node.type->isSource() && !own.empty() ? own : fieldsOf(node, own, nodes[place].inputs);
    }
    std::vector<ReceptiveField> ends;
    for (const layers::BodyEnd& end : body.ends()) ends.push_back(fieldAt(fields[end.node], end.port));
    return ends;
}

}  // namespace

std::string ReceptiveField::text() const {
    if (wholeInput) return "all";
    if (!isKnown) return "-";
    if (axes == 0) return "1";
    return fmt::format("{}, step {}, from {}", perAxis(size, axes, " × "), perAxis(stride, axes, ", "),
                       perAxis(offset, axes, ", "));
}

std::vector<ReceptiveField> fieldsOf(const Node& node, const std::vector<ReceptiveField>& before,
                                     const std::vector<const TensorType*>& inputs) {
    if (layers::isNestedModel(node)) {
        std::vector<ReceptiveField> inside = fieldsInside(node, before, inputs);
        if (!inside.empty()) return inside;
    }
    return {fieldOf(node, before, inputs.empty() ? nullptr : inputs.front())};
}

ReceptiveField fieldAt(const std::vector<ReceptiveField>& fields, std::size_t port) {
    if (fields.empty()) return {};
    return port < fields.size() ? fields[port] : fields.front();
}

}  // namespace shapewise::infer
