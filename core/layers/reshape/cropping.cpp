// Cropping1D, 2D, 3D: cells cut off at both ends of the spatial axes: n -> n - before - after.
// [batch, spatial..., channels]; channels second with channels_first.
// Reference: https://keras.io/api/layers/reshaping_layers/cropping2d/

#include "core/base/checked_math.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/margins.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;

void refuseCropping(InferContext& context, int axis, std::int64_t cropped) {
    const tensor::Shape& shape = context.input().shape;
    context.refuse({diag::Code::CroppingTooLarge,
                    "cropping",
                    0,
                    {{"axis", std::int64_t{axis}},
                     {"axis_name", diag::axisOf(context.output().shape, axis)},
                     {"size", shape[axis].size()},
                     {"cropped", cropped},
                     {"shape", shape}}});
}

void inferCropping(InferContext& context) {
    const SpatialLayout layout = spatialLayout(context.params());
    const Margins margins = context.params().padding("cropping", layout.spatialRank);
    const tensor::Shape& input = context.input().shape;
    context.output() = context.input();
    nameSpatialAxes(context.output().shape, layout);
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        const auto& [before, after] = margins[static_cast<std::size_t>(index)];
        const std::int64_t cropped = saturatingAdd(before, after);
        if (input[axis].isKnown() && cropped >= input[axis].size()) {
            refuseCropping(context, axis, cropped);
            continue;
        }
        const Dim length = addOffset(input[axis], -cropped).value_or(Dim::unknown());
        context.output().shape.setSize(axis, length);
        rescaleAxis(context.output(), axis, static_cast<double>(before), 1.0);
        if (context.isExplaining())
            context.explain(diag::axisOf(context.output().shape, axis),
                            diag::say("{} − {} − {} = {}", input[axis], before, after, length),
                            "cut off before and after");
    }
}

Result<void> croppingForward(ForwardContext& context) { return cutMargins(context, "cropping"); }

std::string croppingTelling(const Params& params) { return params["cropping"].text(); }

/// Keras' defaults: (1, 1) in time, nothing for maps, one cell on each side of a volume.
Value defaultCropping(int axes) {
    if (axes == 1) return Value::list({1, 1});
    const std::int64_t amount = axes == 2 ? 0 : 1;
    ValueList pairs;
    for (int axis = 0; axis < axes; ++axis) pairs.push_back(Value::list({amount, amount}));
    return Value(std::move(pairs));
}

LayerType croppingType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    return {
        .className = className,
        .category = Category::Reshape,
        .title = className,
        .summary = axes == 1 ? "Cuts steps off the start and the end" : "Cuts off a border",
        .keywords = "crop cut trim border shrink",
        .doc =
            "Cuts cells off before and after each spatial axis; the channels stay as they are.\n\n"
            "Length of an axis: `n − before − after`, which must stay positive. `cropping` is one number for "
            "all sides, one "
            "for each axis, or a pair `(before, after)` for each axis.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/>",
        .params = {{.key = "cropping",
                    .kind = ParamKind::Padding,
                    .fallback = defaultCropping(axes),
                    .help = "Cells cut off on each side: one number, one for each axis, or (before, after) pairs",
                    .minimum = 0,
                    .axes = axes},
                   dataFormatParam()},
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"cropping"},
        .effects = {AxisEffect::Shifts, ChannelEffect::Keeps},
        .onlyMovesValues = true,
        .family = {"Cropping", axes},
        .infer = inferCropping,
        .forward = croppingForward,
        .tellingText = croppingTelling,
        .foreign = {.keys = {dataFormatName()}, .unwritten = {unwrittenDataFormat()}},
    };
}

}  // namespace

const LayerType& cropping1D() {
    static const LayerType type = croppingType(1, "Cropping1D", "(batch, time, channels)");
    return type;
}

const LayerType& cropping2D() {
    static const LayerType type = croppingType(2, "Cropping2D", "(batch, height, width, channels)");
    return type;
}

const LayerType& cropping3D() {
    static const LayerType type = croppingType(3, "Cropping3D", "(batch, depth, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
