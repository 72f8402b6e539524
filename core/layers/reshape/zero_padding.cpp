// ZeroPadding1D, 2D, 3D: cells of zeros round the spatial axes: n -> before + n + after.
// [batch, spatial..., channels]; channels second with channels_first.
// Reference: https://keras.io/api/layers/reshaping_layers/

#include "core/base/checked_math.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/margins.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;

Dim padded(Dim length, std::int64_t added) {
    if (!length.isKnown()) return addOffset(length, added).value_or(Dim::unknown());
    const std::optional<std::int64_t> sum = checkedAdd(length.size(), added);
    return sum ? Dim(*sum) : Dim::tooLarge();
}

void inferZeroPadding(InferContext& context) {
    const SpatialLayout layout = spatialLayout(context.params());
    const Margins margins = context.params().padding("padding", layout.spatialRank);
    const tensor::Shape& input = context.input().shape;
    context.output() = context.input();
    nameSpatialAxes(context.output().shape, layout);
    for (int index = 0; index < layout.spatialRank; ++index) {
        const int axis = layout.spatialAxis(index);
        const auto& [before, after] = margins[static_cast<std::size_t>(index)];
        const Dim length = padded(input[axis], saturatingAdd(before, after));
        context.output().shape.setSize(axis, length);
        rescaleAxis(context.output(), axis, -static_cast<double>(before), 1.0);
        if (context.isExplaining())
            context.explain(diag::axisOf(context.output().shape, axis),
                            diag::say("{} + {} + {} = {}", before, input[axis], after, length),
                            "zeros before and after");
    }
}

Result<void> zeroPaddingForward(ForwardContext& context) { return addMargins(context, "padding"); }

std::string zeroPaddingTelling(const Params& params) { return params["padding"].text(); }

LayerType zeroPaddingType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    return {
        .className = className,
        .category = Category::Reshape,
        .title = className,
        .summary = axes == 1 ? "Adds zeros before and after in time" : "Adds a border of zeros",
        .keywords = "pad border margin zeros enlarge",
        .doc =
            "Adds cells of zeros before and after each spatial axis; the channels stay as they are.\n\n"
            "Length of an axis: `before + n + after`. `padding` is one number for all sides, one for each axis, or a "
            "pair "
            "`(before, after)` for each axis.\n\nReference: <https://keras.io/api/layers/reshaping_layers/>",
        .params = {{.key = "padding",
                    .kind = ParamKind::Padding,
                    .fallback = 1,
                    .help = "Cells of zeros on each side: one number, one for each axis, or (before, after) pairs",
                    .minimum = 0,
                    .axes = axes},
                   dataFormatParam()},
        .inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}},
        .telling = {"padding"},
        .effects = {AxisEffect::Shifts, ChannelEffect::Keeps},
        .onlyMovesValues = true,
        .family = {"ZeroPadding", axes},
        .infer = inferZeroPadding,
        .forward = zeroPaddingForward,
        .tellingText = zeroPaddingTelling,
        .foreign = {.keys = {dataFormatName()}, .unwritten = {unwrittenDataFormat()}},
    };
}

}  // namespace

const LayerType& zeroPadding1D() {
    static const LayerType type = zeroPaddingType(1, "ZeroPadding1D", "(batch, time, channels)");
    return type;
}

const LayerType& zeroPadding2D() {
    static const LayerType type = zeroPaddingType(2, "ZeroPadding2D", "(batch, height, width, channels)");
    return type;
}

const LayerType& zeroPadding3D() {
    static const LayerType type = zeroPaddingType(3, "ZeroPadding3D", "(batch, depth, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
