// GlobalAveragePooling and GlobalMaxPooling: one number per channel, over all positions.
// [batch, spatial..., channels] -> [batch, channels], or ones on the spatial axes with keepdims.
// Reference: https://keras.io/api/layers/pooling_layers/

#include "core/kernels/pooling.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

std::vector<ParamSpec> globalParams() {
    return {dataFormatParam(),
            {.key = "keepdims",
             .kind = ParamKind::Boolean,
             .fallback = false,
             .help = "Keep the spatial axes, each of size 1"}};
}

void inferGlobal(InferContext& context) {
    const SpatialLayout layout = spatialLayout(context.params());
    const tensor::Shape& input = context.input().shape;
    if (context.params().flag("keepdims")) {
        startFromInput(context, layout);
        for (int index = 0; index < layout.spatialRank; ++index) {
            const int axis = layout.spatialAxis(index);
            context.output().shape.setSize(axis, 1);
            dropScale(context.output(), axis);
        }
    } else {
        tensor::Shape& output = context.output().shape;
        output.append(input[0], tensor::AxisMeaning::Batch);
        output.append(input[layout.channelAxis()], tensor::AxisMeaning::Channels);
    }
    if (context.isExplaining())
        context.explain("channels", input[layout.channelAxis()], "kept; all positions become one");
}

Result<void> runGlobal(ForwardContext& context, kernels::PoolingKind kind) {
    const SpatialCall call(context, context.params.channelsFirst());
    kernels::globalPooling(kind, call.input(), call.x(), context.output().data(), context.parallel());
    return {};
}

Result<void> maximumForward(ForwardContext& context) { return runGlobal(context, kernels::PoolingKind::Maximum); }

Result<void> averageForward(ForwardContext& context) {
    const bool isSequence = context.params.type().family.spatialRank == 1;
    const std::int64_t steps = context.input().size(context.params.channelsFirst() ? context.input().rank() - 1 : 1);
    const float* mask = isSequence ? stepMask(context.inputMask(), context.input().size(0), steps) : nullptr;
    if (mask == nullptr) return runGlobal(context, kernels::PoolingKind::Average);
    const SpatialCall call(context, context.params.channelsFirst());
    kernels::maskedGlobalAverage(call.input(), call.x(), mask, context.output().data(), context.parallel());
    return {};
}

constexpr tensor::AxesPattern kAxes[] = {"(batch, time, channels)", "(batch, height, width, channels)",
                                         "(batch, depth, height, width, channels)"};
constexpr std::string_view kMaximumDoc =
    "The largest value of each channel over all positions.\n\n"
    "Input `[batch, spatial..., channels]`, output `[batch, channels]`; with `keepdims` the spatial axes stay, of size "
    "1.\n\n"
    "Reference: <https://keras.io/api/layers/pooling_layers/>";
constexpr std::string_view kAverageDoc =
    "The mean of each channel over all positions.\n\n"
    "Input `[batch, spatial..., channels]`, output `[batch, channels]`; with `keepdims` the spatial axes stay, of size "
    "1.\n\n"
    "Reference: <https://keras.io/api/layers/pooling_layers/>";

LayerType globalType(int axes, bool isMaximum, std::string_view className, std::string_view alias) {
    return {
        .className = className,
        .category = Category::Pooling,
        .title = className,
        .summary = isMaximum ? "Keeps the largest value of each channel" : "Takes the mean of each channel",
        .keywords = isMaximum ? "pool squeeze maximum flatten gmp" : "pool squeeze mean flatten gap",
        .doc = isMaximum ? kMaximumDoc : kAverageDoc,
        .params = globalParams(),
        .inputs = {PortSpec{
            .name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = kAxes[axes - 1]}},
        .telling = {"keepdims"},
        .role = Role::GlobalPooling,
        .effects = {AxisEffect::Reduces, ChannelEffect::Keeps},
        .family = {isMaximum ? "GlobalMaxPooling" : "GlobalAveragePooling", axes},
        .masks = axes == 1 && !isMaximum ? Masks::Compute : Masks::Stop,
        .infer = inferGlobal,
        .forward = isMaximum ? maximumForward : averageForward,
        .foreign = {.classes = {{alias}}, .keys = {dataFormatName()}},
    };
}

}  // namespace

const LayerType& globalMaxPooling1D() {
    static const LayerType type = globalType(1, true, "GlobalMaxPooling1D", "GlobalMaxPool1D");
    return type;
}

const LayerType& globalMaxPooling2D() {
    static const LayerType type = globalType(2, true, "GlobalMaxPooling2D", "GlobalMaxPool2D");
    return type;
}

const LayerType& globalMaxPooling3D() {
    static const LayerType type = globalType(3, true, "GlobalMaxPooling3D", "GlobalMaxPool3D");
    return type;
}

const LayerType& globalAveragePooling1D() {
    static const LayerType type = globalType(1, false, "GlobalAveragePooling1D", "GlobalAvgPool1D");
    return type;
}

const LayerType& globalAveragePooling2D() {
    static const LayerType type = globalType(2, false, "GlobalAveragePooling2D", "GlobalAvgPool2D");
    return type;
}

const LayerType& globalAveragePooling3D() {
    static const LayerType type = globalType(3, false, "GlobalAveragePooling3D", "GlobalAvgPool3D");
    return type;
}

}  // namespace shapewise::layers
