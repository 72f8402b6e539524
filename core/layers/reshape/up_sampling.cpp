// UpSampling1D, 2D, 3D: each cell `size` times: n -> n*size. UpSampling2D can also interpolate.
// [batch, spatial..., channels]; channels second with channels_first (2D and 3D).
// Reference: https://keras.io/api/layers/reshaping_layers/up_sampling2d/

#include "core/kernels/resize.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;

int spatialRank(const Params& params) { return params.type().family.spatialRank; }

/// UpSampling1D has no data_format.
bool channelsFirst(const Params& params) { return spatialRank(params) > 1 && params.channelsFirst(); }

void inferUpSampling(InferContext& context) {
    const Params& params = context.params();
    const SpatialLayout layout{spatialRank(params), channelsFirst(params)};
    const SpatialSizes size = params.spatial("size", layout.spatialRank);
    context.output() = context.input();
    context.output().dtype = tensor::DType::Float32;
    nameSpatialAxes(context.output().shape, layout);
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        const std::int64_t factor = size[static_cast<std::size_t>(index)];
        const Dim length = context.input().shape[axis] * Dim(factor);
        context.output().shape.setSize(axis, length);
        const auto step = 1.0 / static_cast<double>(factor);
        rescaleAxis(context.output(), axis, step / 2.0 - 0.5, step);
        if (context.isExplaining())
            context.explain(diag::axisOf(context.output().shape, axis),
                            diag::say("{}·{} = {}", diag::Factor{context.input().shape[axis]}, factor, length));
    }
}

Result<void> upSamplingForward(ForwardContext& context) {
    const Params& params = context.params;
    const int axes = spatialRank(params);
    const SpatialSizes size = params.spatial("size", axes);
    const SpatialCall call(context, channelsFirst(params));
    tensor::Tensor& output = context.output();
    const auto interpolation =
        axes == 2 ? kernels::interpolationFromName(params.text("interpolation")) : kernels::Interpolation::Nearest;
    call.run(output.extents(), output.data(), [&](float* y) {
        if (!interpolation || *interpolation == kernels::Interpolation::Nearest) {
            kernels::upsampleNearest(call.input(), kernelSizes(size, axes), call.x(), y, context.parallel());
            return;
        }
        const kernels::ResizeShape shape{.input = call.input(),
                                         .height = call.input().spatial[1] * size[0],
                                         .width = call.input().spatial[2] * size[1]};
        kernels::resize(shape, *interpolation, call.x(), y, context.parallel());
    });
    return {};
}

std::string upSamplingTelling(const Params& params) {
    const int axes = spatialRank(params);
    const std::string_view interpolation = axes == 2 ? params.text("interpolation") : std::string_view("nearest");
    return joinTelling({"×" + spatialText(params, "size", axes),
                        interpolation == "nearest" ? std::string() : std::string(interpolation)});
}

// Sources of the gap: K.resize_images of keras 2.2.4 and 2.3.1 and of tf.keras 1.15 (resize_bilinear of TensorFlow 1),
// tfjs-layers 4.22 (image.resizeBilinear without halfPixelCenters).
Foreign upSamplingForeign(int axes) {
    if (axes == 1) return {.keys = {{"length", "size"}}};
    Foreign foreign{.keys = {dataFormatName()}, .unwritten = {unwrittenDataFormat()}};
    if (axes == 2)
        foreign.gaps = {{"interpolation", "bilinear",
                         Dialects{Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1, Dialect::TensorFlowJs},
                         "Its writer lays the bilinear grid on the corners of cells, here it lies on their centres"}};
    return foreign;
}

LayerType upSamplingType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    std::vector<ParamSpec> params{{.key = "size",
                                   .kind = ParamKind::Spatial,
                                   .fallback = 2,
                                   .help = "Factor by which each spatial axis grows",
                                   .minimum = 1,
                                   .axes = axes}};
    if (axes > 1) params.push_back(dataFormatParam());
    if (axes == 2)
        params.push_back({.key = "interpolation",
                          .kind = ParamKind::Choice,
                          .fallback = "nearest",
                          .help = "How the values in between are found",
                          .choices = {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"},
                          .affects = Affects::Values});
    return {
        .className = className,
        .category = Category::Reshape,
        .title = className,
        .summary = "Repeats each cell",
        .keywords = "upsample enlarge repeat nearest bilinear decoder resize",
        .doc =
            "Repeats each cell `size` times along each spatial axis; UpSampling2D can interpolate "
            "instead.\n\n"
            "Length of an axis: `n · size`; the channels stay as they are.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/>",
        .params = std::move(params),
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"size"},
        .effects = {AxisEffect::Stretches, ChannelEffect::Keeps},
        .family = {"UpSampling", axes},
        .infer = inferUpSampling,
        .forward = upSamplingForward,
        .tellingText = upSamplingTelling,
        .foreign = upSamplingForeign(axes),
    };
}

}  // namespace

const LayerType& upSampling1D() {
    static const LayerType type = upSamplingType(1, "UpSampling1D", "(batch, time, channels)");
    return type;
}

const LayerType& upSampling2D() {
    static const LayerType type = upSamplingType(2, "UpSampling2D", "(batch, height, width, channels)");
    return type;
}

const LayerType& upSampling3D() {
    static const LayerType type = upSamplingType(3, "UpSampling3D", "(batch, depth, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
