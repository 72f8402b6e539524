// AdaptiveAveragePooling and AdaptiveMaxPooling: windows chosen so that each spatial axis gets the wanted
// length.
//   output i of n looks at input cells ⌊i·in/n⌋ ... ⌈(i+1)·in/n⌉ − 1
// [batch, spatial..., channels] -> [batch, output_size..., channels]; channels second with channels_first.
// Reference: https://keras.io/api/layers/pooling_layers/

#include "core/kernels/pooling.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

void inferAdaptive(InferContext& context) {
    const Params& params = context.params();
    const SpatialLayout layout{spatialRank(params), params.channelsFirst()};
    const SpatialSizes wanted = params.spatial("output_size", layout.spatialRank);
    startFromInput(context, layout);
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        const std::int64_t size = wanted[static_cast<std::size_t>(index)];
        const tensor::Dim length = context.input().shape[axis];
        context.output().shape.setSize(axis, tensor::Dim(size));
        if (length.isKnown()) {
            const double step = static_cast<double>(length.size()) / static_cast<double>(size);
            rescaleAxis(context.output(), axis, step / 2.0 - 0.5, step);
        } else {
            dropScale(context.output(), axis);
        }
        if (context.isExplaining())
            context.explain(diag::axisOf(context.output().shape, axis), fmt::format("output_size = {}", size),
                            diag::say("from {} cells", length));
    }
}

Result<void> runAdaptive(ForwardContext& context, kernels::PoolingKind kind) {
    const Params& params = context.params;
    const int axes = spatialRank(params);
    const SpatialCall call(context, params.channelsFirst());
    const kernels::Sizes3 wanted = kernelSizes(params.spatial("output_size", axes), axes);
    tensor::Tensor& output = context.output();
    call.run(output.extents(), output.data(),
             [&](float* y) { kernels::adaptivePooling(kind, call.input(), wanted, call.x(), y, context.parallel()); });
    return {};
}

Result<void> maximumForward(ForwardContext& context) { return runAdaptive(context, kernels::PoolingKind::Maximum); }
Result<void> averageForward(ForwardContext& context) { return runAdaptive(context, kernels::PoolingKind::Average); }

SlidingWindow adaptiveWindow(const Params&) { return {.wholeInput = true}; }

std::string adaptiveTelling(const Params& params) {
    return "to " + spatialText(params, "output_size", spatialRank(params));
}

constexpr tensor::AxesPattern kAxes[] = {"(batch, time, channels)", "(batch, height, width, channels)",
                                         "(batch, depth, height, width, channels)"};

LayerType adaptiveType(int axes, bool isMaximum, std::string_view className) {
    return {
        .className = className,
        .category = Category::Pooling,
        .title = className,
        .summary = isMaximum ? "Keeps the largest values, to a map of the wanted size"
                             : "Takes means, to a map of the wanted size",
        .keywords = "pool adaptive fixed size downsample",
        .doc =
            "Divides each spatial axis into `output_size` windows of nearly equal length, whatever the "
            "length of the input.\n\n"
            "Output i of n looks at input cells `⌊i·in/n⌋` to `⌈(i+1)·in/n⌉ − 1`.\n\n"
            "Input `[batch, spatial..., channels]`, output `[batch, output_size..., channels]`.\n\n"
            "Reference: <https://keras.io/api/layers/pooling_layers/>",
        .params = {{.key = "output_size",
                    .kind = ParamKind::Spatial,
                    .help = "Wanted length of each spatial axis",
                    .required = true,
                    .initial = 4,
                    .minimum = 1,
                    .axes = axes},
                   dataFormatParam()},
        .inputs = {PortSpec{
            .name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = kAxes[axes - 1]}},
        .telling = {"output_size"},
        .effects = {AxisEffect::Pools, ChannelEffect::Keeps},
        .family = {isMaximum ? "AdaptiveMaxPooling" : "AdaptiveAveragePooling", axes},
        .infer = inferAdaptive,
        .forward = isMaximum ? maximumForward : averageForward,
        .window = adaptiveWindow,
        .tellingText = adaptiveTelling,
    };
}

}  // namespace

const LayerType& adaptiveAveragePooling1D() {
    static const LayerType type = adaptiveType(1, false, "AdaptiveAveragePooling1D");
    return type;
}

const LayerType& adaptiveAveragePooling2D() {
    static const LayerType type = adaptiveType(2, false, "AdaptiveAveragePooling2D");
    return type;
}

const LayerType& adaptiveAveragePooling3D() {
    static const LayerType type = adaptiveType(3, false, "AdaptiveAveragePooling3D");
    return type;
}

const LayerType& adaptiveMaxPooling1D() {
    static const LayerType type = adaptiveType(1, true, "AdaptiveMaxPooling1D");
    return type;
}

const LayerType& adaptiveMaxPooling2D() {
    static const LayerType type = adaptiveType(2, true, "AdaptiveMaxPooling2D");
    return type;
}

const LayerType& adaptiveMaxPooling3D() {
    static const LayerType type = adaptiveType(3, true, "AdaptiveMaxPooling3D");
    return type;
}

}  // namespace shapewise::layers
