// MaxPooling and AveragePooling over one to three spatial axes: the maximum or mean of each window, channel by channel.
//   length: valid ⌊(n − pool)/stride⌋ + 1, same ⌈n/stride⌉. Padded cells are neither maxima nor part of a mean.
// [batch, spatial..., channels] -> [batch, out..., channels]; channels second with channels_first.
// Reference: https://keras.io/api/layers/pooling_layers/

#include "core/kernels/pooling.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

/// None means the size of the pool.
SpatialSizes poolStrides(const Params& params) {
    return params.spatial(params.isNone("strides") ? ParamKey("pool_size") : ParamKey("strides"), spatialRank(params));
}

std::vector<ParamSpec> poolingParams(int axes, bool sizeRequired) {
    ParamSpec poolSize{.key = "pool_size",
                       .kind = ParamKind::Spatial,
                       .fallback = sizeRequired ? Value() : Value(2),
                       .help = "Length of the window along each spatial axis",
                       .required = sizeRequired,
                       .initial = sizeRequired ? Value(2) : Value(),
                       .minimum = 1,
                       .axes = axes};
    ParamSpec strides = stridesParam(axes);
    strides.fallback = Value();
    strides.noneAllowed = true;
    strides.help = "Step of the window along each spatial axis; None means the pool size";
    return {std::move(poolSize), std::move(strides), paddingParam(), dataFormatParam()};
}

void inferPooling(InferContext& context) {
    const Params& params = context.params();
    const SpatialLayout layout{spatialRank(params), params.channelsFirst()};
    const Sliding sliding{.layout = layout,
                          .size = params.spatial("pool_size", layout.spatialRank),
                          .stride = poolStrides(params),
                          .padding = windowPadding(params.text("padding")),
                          .what = "pool"};
    const tensor::Dim channels = context.input().shape[layout.channelAxis()];
    inferSliding(context, sliding, channels, "pool_size");
    if (context.isExplaining()) context.explain("channels", channels, "kept");
}

Result<void> runPooling(ForwardContext& context, kernels::PoolingKind kind) {
    const Params& params = context.params;
    const int axes = spatialRank(params);
    const SpatialCall call(context, params.channelsFirst());
    kernels::Window window{.size = kernelSizes(params.spatial("pool_size", axes), axes),
                           .strides = kernelSizes(poolStrides(params), axes)};
    if (params.text("padding") == "same") window.padSame(call.input().spatial);
    tensor::Tensor& output = context.output();
    call.run(output.extents(), output.data(),
             [&](float* y) { kernels::pooling(kind, call.input(), window, call.x(), y, context.parallel()); });
    return {};
}

Result<void> maximumForward(ForwardContext& context) { return runPooling(context, kernels::PoolingKind::Maximum); }
Result<void> averageForward(ForwardContext& context) { return runPooling(context, kernels::PoolingKind::Average); }

SlidingWindow poolingWindow(const Params& params) {
    return {.size = params.spatial("pool_size", spatialRank(params)),
            .stride = poolStrides(params),
            .padding = windowPadding(params.text("padding"))};
}

std::string poolingTelling(const Params& params) {
    const int axes = spatialRank(params);
    const bool ownStride = !params.isNone("strides") && poolStrides(params) != params.spatial("pool_size", axes);
    const std::string_view padding = params.text("padding");
    return joinTelling({windowText(params, "pool_size", axes, "pool"),
                        ownStride ? "stride " + spatialText(params, "strides", axes) : std::string(),
                        padding == "valid" ? std::string() : std::string(padding)});
}

struct Wording {
    std::string_view className;
    std::string_view summary;
    std::string_view keywords;
    std::string_view alias;
    std::string_view doc;
};

constexpr tensor::AxesPattern kAxes[] = {"(batch, time, channels)", "(batch, height, width, channels)",
                                         "(batch, depth, height, width, channels)"};

LayerType poolingType(int axes, bool isMaximum, const Wording& wording) {
    return {
        .className = wording.className,
        .category = Category::Pooling,
        .title = wording.className,
        .summary = wording.summary,
        .keywords = wording.keywords,
        .doc = wording.doc,
        .params = poolingParams(axes, !isMaximum),
        .inputs = {PortSpec{
            .name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = kAxes[axes - 1]}},
        .telling = {"pool_size", "strides", "padding"},
        .effects = {AxisEffect::Pools, ChannelEffect::Keeps},
        .family = {isMaximum ? "MaxPooling" : "AveragePooling", axes},
        .infer = inferPooling,
        .forward = isMaximum ? maximumForward : averageForward,
        .window = poolingWindow,
        .tellingText = poolingTelling,
        .foreign = {.classes = {{wording.alias}},
                    .keys = {{"pool_length", "pool_size"},
                             {"stride", "strides"},
                             {"border_mode", "padding"},
                             dataFormatName()},
                    // Keras 3 wants a size for means (average_pooling2d.py); before it had one (layers/pooling.py).
                    .defaults = isMaximum ? std::vector<ForeignDefault>{}
                                          : std::vector<ForeignDefault>{{"pool_size", 2, kBeforeKeras3}}},
    };
}

constexpr std::string_view kMaximumDoc =
    "The largest value of each window, channel by channel.\n\n"
    "Input `[batch, spatial..., channels]`, output `[batch, spatial'..., channels]`.\n\n"
    "Length of an axis: valid `⌊(n − pool) / stride⌋ + 1`, same `⌈n / stride⌉`. Padded cells never win.\n\n"
    "Reference: <https://keras.io/api/layers/pooling_layers/>";
constexpr std::string_view kAverageDoc =
    "The mean of each window, channel by channel.\n\n"
    "Input `[batch, spatial..., channels]`, output `[batch, spatial'..., channels]`.\n\n"
    "Length of an axis: valid `⌊(n − pool) / stride⌋ + 1`, same `⌈n / stride⌉`. Padded cells are not counted.\n\n"
    "Reference: <https://keras.io/api/layers/pooling_layers/>";

}  // namespace

const LayerType& maxPooling1D() {
    static const LayerType type = poolingType(1, true,
                                              {"MaxPooling1D", "Keeps the largest value of each stretch of time",
                                               "pool downsample maximum shrink", "MaxPool1D", kMaximumDoc});
    return type;
}

const LayerType& maxPooling2D() {
    static const LayerType type = poolingType(2, true,
                                              {"MaxPooling2D", "Keeps the largest value of each patch",
                                               "pool downsample maximum shrink image", "MaxPool2D", kMaximumDoc});
    return type;
}

const LayerType& maxPooling3D() {
    static const LayerType type = poolingType(3, true,
                                              {"MaxPooling3D", "Keeps the largest value of each block",
                                               "pool downsample maximum shrink volume", "MaxPool3D", kMaximumDoc});
    return type;
}

const LayerType& averagePooling1D() {
    static const LayerType type = poolingType(1, false,
                                              {"AveragePooling1D", "Takes the mean of each stretch of time",
                                               "pool downsample mean shrink smooth", "AvgPool1D", kAverageDoc});
    return type;
}

const LayerType& averagePooling2D() {
    static const LayerType type = poolingType(2, false,
                                              {"AveragePooling2D", "Takes the mean of each patch",
                                               "pool downsample mean shrink smooth image", "AvgPool2D", kAverageDoc});
    return type;
}

const LayerType& averagePooling3D() {
    static const LayerType type = poolingType(3, false,
                                              {"AveragePooling3D", "Takes the mean of each block",
                                               "pool downsample mean shrink smooth volume", "AvgPool3D", kAverageDoc});
    return type;
}

}  // namespace shapewise::layers
