// Concatenate: its inputs one behind the other along an axis, all other sizes being equal.
// [..., n1, ...] + [..., n2, ...] -> [..., n1 + n2, ...]; the axis counts the batch as 0.
// Reference: https://keras.io/api/layers/merging_layers/concatenate/

#include "core/kernels/data_movement.h"
#include "core/kernels/elementwise.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using diag::Code;
using tensor::Shape;
using tensor::TensorType;

bool fits(InferContext& context, int index, int along) {
    const Shape& first = context.input(0).shape;
    const Shape& shape = context.input(index).shape;
    if (shape.rank() != first.rank()) {
        context.refuse({Code::MergeRankMismatch,
                        {},
                        index,
                        {{"shape", shape},
                         {"other", first},
                         {"rank", std::int64_t{shape.rank()}},
                         {"other_rank", std::int64_t{first.rank()}}}});
        return false;
    }
    for (int axis = 0; axis < shape.rank(); ++axis) {
        if (axis == along || mayBeEqual(shape[axis], first[axis])) continue;
        if (axis == 0) {
            context.refuse({Code::BatchMismatch,
                            {},
                            index,
                            {{"shape", shape}, {"other", first}, {"size", shape[0]}, {"other_size", first[0]}}});
            return false;
        }
        context.refuse({Code::ConcatenateMismatch,
                        {},
                        index,
                        {{"shape", shape},
                         {"other", first},
                         {"along", std::int64_t{along}},
                         {"axis", std::int64_t{axis}},
                         {"axis_name", diag::axisOf(first, axis)},
                         {"size", shape[axis]},
                         {"other_size", first[axis]}}});
        return false;
    }
    return true;
}

void inferConcatenate(InferContext& context) {
    const std::optional<int> along = axisIndex(context, "axis", context.params().integer("axis"));
    if (!along) return;
    TensorType& output = context.output();
    output = context.input();
    if (output.shape.meaning(0) == tensor::AxisMeaning::Unknown) output.shape.setMeaning(0, tensor::AxisMeaning::Batch);
    diag::Phrase sum;
    if (context.isExplaining()) sum = output.shape[*along];
    for (int index = 1; index < context.inputCount(); ++index) {
        if (!fits(context, index, *along)) return;
        const Shape& shape = context.input(index).shape;
        output.shape.setSize(*along, output.shape[*along] + shape[*along]);
        if (context.isExplaining()) sum = diag::say("{} + {}", sum, shape[*along]);
        for (int axis = 0; axis < shape.rank(); ++axis) {
            // Along the joined axis the first input says where it begins, as long as all go at its pace.
            const bool bothLie = output.scale(axis).kind != tensor::AxisScale::Kind::None &&
                                 context.input(index).scale(axis).kind != tensor::AxisScale::Kind::None;
            if (axis != *along || bothLie) joinScale(output, axis, context.input(index), axis, false);
            if (output.shape.meaning(axis) == tensor::AxisMeaning::Unknown)
                output.shape.setMeaning(axis, shape.meaning(axis));
            if (axis != *along && output.shape[axis].isSymbolic())
                output.shape.setSize(axis, moreKnown(output.shape[axis], shape[axis]));
        }
    }
    if (context.inputCount() > 1) {
        if (output.shape.meaning(*along) != tensor::AxisMeaning::Time) dropScale(output, *along);
        dropValueKind(output);
    }
    if (context.isExplaining())
        context.explain(diag::axisOf(output.shape, *along), diag::say("{} = {}", sum, output.shape[*along]),
                        "the other axes agree");
}

/// Inputs without a mask count at every step. Joined along the last axis, a step counts where it counts in any input.
void joinMasks(const ForwardContext& context, int along) {
    if (context.inputMasks.empty()) return;
    std::vector<tensor::Tensor> all;
    for (std::size_t index = 0; index < context.inputs.size(); ++index) {
        const tensor::Extents& extents = context.inputs[index]->extents();
        tensor::Extents steps(extents.begin(), extents.end() - 1);
        const tensor::Tensor* mask = context.inputMasks[index];
        if (mask != nullptr && mask->extents() != steps) return;
        all.push_back(mask != nullptr ? *mask : tensor::Tensor(std::move(steps), 1.0F));
    }
    std::vector<tensor::TensorView> views;
    views.reserve(all.size());
    for (const tensor::Tensor& mask : all) views.push_back({mask.data(), mask.extents()});
    const bool isAlongSteps = along < all.front().rank();
    tensor::Tensor joined(isAlongSteps ? kernels::concatenatedExtents(views, along) : all.front().extents());
    if (isAlongSteps)
        kernels::concatenate(views, along, joined.data(), context.parallel());
    else
        kernels::merge(kernels::MergeKind::Maximum, views, joined.data(), context.parallel());
    context.giveMask(std::move(joined));
}

Result<void> concatenateForward(ForwardContext& context) {
    std::vector<tensor::TensorView> views;
    for (const tensor::Tensor* input : context.inputs) views.push_back({input->data(), input->extents()});
    const std::int64_t axis = context.params.integer("axis");
    const int along = static_cast<int>(axis < 0 ? axis + context.input().rank() : axis);
    kernels::concatenate(views, along, context.output().data(), context.parallel());
    joinMasks(context, along);
    return {};
}

std::string concatenateTelling(const Params& params) { return fmt::format("axis {}", params.integer("axis")); }

}  // namespace

const LayerType& concatenate() {
    static const LayerType type{
        .className = "Concatenate",
        .category = Category::Merge,
        .title = "Concatenate",
        .summary = "Joins its inputs along an axis",
        .keywords = "concat join stack append merge skip inception",
        .doc =
            "Puts its inputs one behind the other along `axis`; all other sizes must be equal.\n\n"
            "Output: the sum of the sizes on `axis`, which counts the batch as 0; -1 is the last axis.\n\n"
            "Reference: <https://keras.io/api/layers/merging_layers/concatenate/>",
        .params = {{.key = "axis",
                    .kind = ParamKind::Integer,
                    .fallback = -1,
                    .help = "Axis along which the inputs are joined; the batch is 0, the last is -1"}},
        .inputs = {PortSpec{.name = "inputs", .many = true, .minimumLinks = 1, .axes = "(batch, ...)"}},
        .telling = {"axis"},
        .role = Role::Concatenate,
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .onlyMovesValues = true,
        .channelAxis = "axis",
        .masks = Masks::Compute,
        .infer = inferConcatenate,
        .forward = concatenateForward,
        .tellingText = concatenateTelling,
        .foreign = {.classes = {mergeMode("concat")}, .keys = {{"concat_axis", "axis"}}},
    };
    return type;
}

}  // namespace shapewise::layers
