// Dot: sums of products of two tensors along one axis of each, sample by sample.
// Both shapes without the contracted axes, the batch once; at least rank 2.
// Reference: https://keras.io/api/layers/merging_layers/dot/

#include "core/base/checked_math.h"
#include "core/kernels/contraction.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

/// Axes of both inputs as written: one number serves both.
std::pair<std::int64_t, std::int64_t> axesOf(const Params& params) {
    const AxisList<std::int64_t> axes = params.integers("axes");
    return {axes[0], axes[axes.size() - 1]};
}

void checkAxes(InferContext& context) {
    const std::size_t count = context.params().integers("axes").size();
    const bool isList = context.params()["axes"].isList();
    if (isList ? count == 2 : count == 1) return;
    context.refuse({diag::Code::ParameterTupleLength,
                    "axes",
                    -1,
                    {{"value", context.params()["axes"]},
                     {"needed", std::int64_t{2}},
                     {"got", static_cast<std::int64_t>(count)}}});
}

/// The axis as an index of that input, never the batch; refuses AxisOutOfRange.
std::optional<int> resolve(InferContext& context, int input, std::int64_t axis) {
    const tensor::Shape& shape = context.input(input).shape;
    const std::int64_t index = axis < 0 ? axis + shape.rank() : axis;
    if (index >= 1 && index < shape.rank()) return static_cast<int>(index);
    context.refuse({diag::Code::AxisOutOfRange,
                    "axes",
                    input,
                    {{"axis", axis},
                     {"lowest", std::int64_t{1}},
                     {"highest", std::int64_t{shape.rank() - 1}},
                     {"rank", std::int64_t{shape.rank()}},
                     {"shape", shape}}});
    return std::nullopt;
}

void inferDot(InferContext& context) {
    if (context.inputCount() > 2)
        return context.refuse({diag::Code::TooManyInputs,
                               {},
                               2,
                               {{"needed", std::int64_t{2}},
                                {"got", std::int64_t{context.inputCount()}},
                                {"port", std::string("inputs")}}});
    const auto [firstAxis, secondAxis] = axesOf(context.params());
    const std::optional<int> first = resolve(context, 0, firstAxis);
    const std::optional<int> second = resolve(context, 1, secondAxis);
    if (!first || !second) return;
    const tensor::Shape& a = context.input(0).shape;
    const tensor::Shape& b = context.input(1).shape;
    if (!mayBeEqual(a[0], b[0]))
        return context.refuse(
            {diag::Code::BatchMismatch, {}, 1, {{"shape", b}, {"other", a}, {"size", b[0]}, {"other_size", a[0]}}});
    // Keras compares what it knows: a size with None differs.
    if (!mayBeEqual(a[*first], b[*second]) || a[*first].isUnknown() != b[*second].isUnknown())
        return context.refuse({diag::Code::AxisSizesDiffer,
                               "axes",
                               1,
                               {{"shape", b},
                                {"other", a},
                                {"axis", std::int64_t{*second}},
                                {"axis_name", diag::axisOf(b, *second)},
                                {"size", b[*second]},
                                {"other_axis", std::int64_t{*first}},
                                {"other_size", a[*first]}}});
    if (a.rank() + b.rank() - 3 > tensor::kMaximumRank)
        return context.refuse(
            {diag::Code::RankTooLarge,
             {},
             -1,
             {{"rank", std::int64_t{a.rank() + b.rank() - 3}}, {"most", std::int64_t{tensor::kMaximumRank}}}});
    tensor::Shape& output = context.output().shape;
    output.append(moreKnown(a[0], b[0]), tensor::AxisMeaning::Batch);
    for (int axis = 1; axis < a.rank(); ++axis)
        if (axis != *first) output.append(a[axis], a.meaning(axis));
    for (int axis = 1; axis < b.rank(); ++axis)
        if (axis != *second) output.append(b[axis], b.meaning(axis));
    if (output.rank() == 1) output.append(1);
    if (context.isExplaining())
        context.explain("summed over", fmt::format("axis {} of the first, axis {} of the second", *first, *second),
                        diag::say("{} products each", moreKnown(a[*first], b[*second])));
}

Result<void> dotForward(ForwardContext& context) {
    const auto [first, second] = axesOf(context.params);
    const tensor::Tensor& a = context.input(0);
    const tensor::Tensor& b = context.input(1);
    kernels::dot({a.data(), a.extents()}, {b.data(), b.extents()}, {static_cast<int>(first), static_cast<int>(second)},
                 context.params.flag("normalize"), context.output().data(), context.parallel());
    return {};
}

std::int64_t dotMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                             std::span<const TensorType> outputs) {
    const std::int64_t axis = axesOf(params).first;
    const tensor::Shape& a = inputs[0]->shape;
    const tensor::Dim length = a[static_cast<int>(axis < 0 ? axis + a.rank() : axis)];
    const tensor::Dim count = outputs[0].shape.elementCount();
    return length.isKnown() && count.isKnown() ? saturatingMultiply(length.size(), count.size()) : -1;
}

std::string dotTelling(const Params& params) {
    return joinTelling(
        {"axes " + params["axes"].text(), params.flag("normalize") ? std::string("cosine") : std::string()});
}

/// Keras 1 gave a list of axes for each input; lists of one are that axis.
Value withoutLists(const Value& axes) {
    if (!axes.isList()) return axes;
    ValueList single;
    for (const Value& each : axes.asList()) {
        if (!each.isList() || each.asList().size() != 1) return axes;
        single.push_back(each.asList()[0]);
    }
    return Value(std::move(single));
}

}  // namespace

const LayerType& dot() {
    static const LayerType type{
        .className = "Dot",
        .category = Category::Merge,
        .title = "Dot",
        .summary = "Sums products of two tensors along an axis",
        .keywords = "dot product inner matrix multiply cosine similarity merge",
        .doc =
            "Contracts axis `axes[0]` of the first input with axis `axes[1]` of the second, sample by "
            "sample; with `normalize` "
            "the cosine of the angle.\n\n"
            "Output: both shapes without the contracted axes, the batch once, at least `[batch, 1]`.\n\n"
            "Reference: <https://keras.io/api/layers/merging_layers/dot/>",
        .params = {{.key = "axes",
                    .kind = ParamKind::IntegerList,
                    .help = "Axis of each input, the batch being 0; one number serves both",
                    .required = true,
                    .initial = 1},
                   {.key = "normalize",
                    .kind = ParamKind::Boolean,
                    .fallback = false,
                    .help = "Divide by the lengths first: cosine similarity",
                    .affects = Affects::Values}},
        .inputs = {PortSpec{
            .name = "inputs", .many = true, .minimumLinks = 2, .minimumRank = 2, .axes = "(batch, ...)"}},
        .telling = {"axes"},
        .effects = {AxisEffect::Contracts, ChannelEffect::Makes},
        .infer = inferDot,
        .check = checkAxes,
        .forward = dotForward,
        .multiplyAdds = dotMultiplyAdds,
        .tellingText = dotTelling,
        .foreign = {.classes = {mergeMode("dot", {{"axes", -1}}),
                                mergeMode("cos", {{"axes", -1}, {"normalize", true}})},
                    .keys = {{"dot_axes", "axes", kKeras1, withoutLists}}},
    };
    return type;
}

}  // namespace shapewise::layers
