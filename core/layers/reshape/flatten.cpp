// Flatten: all axes but the batch become one.
// [batch, a, b, ...] -> [batch, a*b*...]; with channels_first the channels are moved last before.
// Reference: https://keras.io/api/layers/reshaping_layers/flatten/

#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

diag::Phrase productOf(const tensor::Shape& shape) {
    std::vector<diag::Phrase> factors;
    for (int axis = 1; axis < shape.rank(); ++axis) factors.push_back(diag::say("{}", diag::Factor{shape[axis]}));
    return factors.empty() ? diag::Phrase("1") : joined(factors, " · ");
}

void inferFlatten(InferContext& context) {
    const tensor::Shape& input = context.input().shape;
    tensor::TensorType& output = context.output();
    output.dtype = context.input().dtype;
    output.shape.append(input[0], tensor::AxisMeaning::Batch);
    output.shape.append(input.elementCountPerSample(), tensor::AxisMeaning::Features);
    // Where only one axis holds more than one value, the values lie along it as before.
    int longest = 1;
    int many = 0;
    for (int axis = 1; axis < input.rank(); ++axis) {
        if (input[axis] == tensor::Dim(1)) continue;
        longest = axis;
        ++many;
    }
    if (many == 1) takeScale(output, 1, context.input(), longest);
    if (context.isExplaining())
        context.explain("features", diag::say("{} = {}", productOf(input), output.shape[1]), "in the order of memory");
}

Result<void> flattenForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    if (!context.params.channelsFirst() || x.rank() < 3) return copyForward(context);
    kernels::channelsFirstToLast(x.extents(), x.data(), context.output().data(), context.parallel());
    return {};
}

}  // namespace

const LayerType& flatten() {
    static const LayerType type{
        .className = "Flatten",
        .category = Category::Reshape,
        .title = "Flatten",
        .summary = "Makes one axis of all axes but the batch",
        .keywords = "vector unroll reshape features",
        .doc =
            "Lines all values of a sample up in one axis, the last axis running fastest.\n\n"
            "Input `[batch, a, b, ...]`, output `[batch, a · b · ...]`. With `channels_first` the channels are moved "
            "last "
            "first, so that both formats give the same order.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/flatten/>",
        .params = {dataFormatParam()},
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ...)"}},
        .effects = {AxisEffect::Joins, ChannelEffect::Makes},
        .onlyMovesValues = true,
        .infer = inferFlatten,
        .forward = flattenForward,
        .foreign = {.keys = {dataFormatName()}},
    };
    return type;
}

}  // namespace shapewise::layers
