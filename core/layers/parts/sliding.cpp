#include "core/layers/parts/sliding.h"

#include "core/base/amount.h"
#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

using tensor::AxisMeaning;
using tensor::AxisScale;
using tensor::Dim;
using tensor::Shape;
using tensor::SignalScales;
using tensor::TensorType;

namespace {

SlidLength slideKnown(std::int64_t n, const WindowAxis& axis) {
    const std::int64_t effective = axis.effectiveSize();
    SlidLength result;
    if (axis.padding == WindowPadding::Valid) {
        result.computed = floorDivide(n - effective, axis.stride) + 1;  // fits: both are 0 or more
        result.fits = result.computed > 0;
        result.dropped = result.fits ? (n - effective) % axis.stride : 0;  // fits: both are 0 or more
        result.output = Dim(std::max<std::int64_t>(result.computed, 0));
        return result;
    }
    result.computed = floorDivide(n - 1, axis.stride) + 1;
    result.fits = result.computed > 0;
    result.output = Dim(std::max<std::int64_t>(result.computed, 0));
    if (axis.padding == WindowPadding::Causal) {
        result.padBefore = effective - 1;  // fits: 1 or more
        result.dropped = result.fits ? (n - 1) % axis.stride : 0;
        return result;
    }
    const std::int64_t covered = saturatingAdd((result.computed - 1) * axis.stride, effective);
    const std::int64_t total = std::max<std::int64_t>(covered - n, 0);  // fits: both are 0 or more
    result.padBefore = total / 2;
    result.padAfter = total - total / 2;                      // fits: both are 0 or more
    result.dropped = std::max<std::int64_t>(n - covered, 0);  // fits: both are 0 or more
    return result;
}

SlidLength slideUnknown(Dim n, const WindowAxis& axis) {
    SlidLength result;
    const std::int64_t effective = axis.effectiveSize();
    if (axis.padding == WindowPadding::Valid) {
        const Dim room = addOffset(n, -effective).value_or(Dim::unknown());
        result.output = addOffset(floorDivide(room, axis.stride), 1).value_or(Dim::unknown());
        return result;
    }
    result.output = ceilDivide(n, axis.stride);
    if (axis.padding == WindowPadding::Causal) result.padBefore = effective - 1;  // fits: 1 or more
    if (axis.padding == WindowPadding::Same && axis.stride == 1) {
        result.padBefore = (effective - 1) / 2;              // fits: 1 or more
        result.padAfter = effective - 1 - result.padBefore;  // fits: both are 0 or more
    }
    return result;
}

diag::Phrase validArithmetic(Dim n, const WindowAxis& axis, Dim output) {
    const std::string window =
        axis.dilation == 1 ? fmt::format("{}", axis.size) : fmt::format("({}·({} − 1) + 1)", axis.dilation, axis.size);
    return diag::say("⌊({} − {}) / {}⌋ + 1 = {}", n, window, axis.stride, output);
}

void explainAxis(InferContext& context, diag::Axis quantity, const char* unit, Dim n, const WindowAxis& axis,
                 const SlidLength& slid) {
    const diag::Phrase arithmetic = axis.padding == WindowPadding::Valid
                                        ? validArithmetic(n, axis, slid.output)
                                        : diag::say("⌈{} / {}⌉ = {}", n, axis.stride, slid.output);
    std::string note;
    if (slid.padBefore > 0 || slid.padAfter > 0)
        note = fmt::format("padded with {} before and {} after", slid.padBefore, slid.padAfter);
    if (slid.dropped > 0)
        note += fmt::format("{}{} at the end {} dropped by the stride", note.empty() ? "" : "; ",
                            counted(slid.dropped, unit), slid.dropped == 1 ? "is" : "are");
    context.explain(quantity, arithmetic, note);
}

void refuseWindow(InferContext& context, const Sliding& sliding, int index, const SlidLength& slid,
                  std::string_view windowKey) {
    const Shape& shape = context.input().shape;
    const int axis = sliding.layout.spatialAxis(index);
    const WindowAxis window = sliding.axis(index);
    Shape named = context.output().shape;
    named.setSize(axis, shape[axis]);
    context.refuse({diag::Code::WindowTooLarge,
                    windowKey,
                    0,
                    {{"what", std::string(sliding.what)},
                     {"axis", std::int64_t{axis}},
                     {"axis_name", diag::axisOf(named, axis)},
                     {"size", shape[axis].size()},
                     {"window", window.size},
                     {"effective", window.effectiveSize()},
                     {"stride", window.stride},
                     {"dilation", window.dilation},
                     {"computed", slid.computed},
                     {"shape", shape}}});
}

}  // namespace

void rescaleBySliding(TensorType& output, int axis, const WindowAxis& window, const SlidLength& slid) {
    if (output.scale(axis).kind == AxisScale::Kind::None) return;
    const double centre = static_cast<double>(window.effectiveSize() - 1) / 2.0;
    const double offset = window.padding == WindowPadding::Causal ? 0.0 : centre - static_cast<double>(slid.padBefore);
    rescaleAxis(output, axis, offset, static_cast<double>(window.stride));
}

WindowPadding windowPadding(std::string_view name) {
    if (name == "same") return WindowPadding::Same;
    return name == "causal" ? WindowPadding::Causal : WindowPadding::Valid;
}

std::int64_t WindowAxis::effectiveSize() const { return ((Amount(size) - 1) * dilation + 1).value(); }

SlidLength slide(Dim length, const WindowAxis& axis) {
    if (length.isTooLarge()) return {.output = length};
    return length.isKnown() ? slideKnown(length.size(), axis) : slideUnknown(length, axis);
}

std::optional<Dim> slideTransposed(Dim length, const WindowAxis& axis, std::optional<std::int64_t> outputPadding) {
    const std::int64_t effective = axis.effectiveSize();
    const bool same = axis.padding == WindowPadding::Same;
    std::int64_t last = same ? axis.stride : std::max(effective, axis.stride);
    if (outputPadding) last = saturatingAdd(same ? effective % 2 : effective, *outputPadding);
    // (n - 1)*s + last = n*s + (last - s)
    const std::optional<Dim> output = addOffset(length * Dim(axis.stride), last - axis.stride);
    if (!output || (output->isKnown() && output->size() < 0)) return std::nullopt;
    return output;
}

AxisMeaning SpatialLayout::usualMeaning(int index) const {
    if (spatialRank == 1) return AxisMeaning::Time;
    constexpr AxisMeaning kMeanings[] = {AxisMeaning::Depth, AxisMeaning::Height, AxisMeaning::Width};
    return kMeanings[3 - spatialRank + index];
}

SpatialLayout spatialLayout(const Params& params) { return {params.type().family.spatialRank, params.channelsFirst()}; }

WindowAxis Sliding::axis(int index) const {
    const auto i = static_cast<std::size_t>(index);
    return {size[i], stride[i], dilation[i], padding};
}

void inferSliding(InferContext& context, const Sliding& sliding, Dim channels, std::string_view windowKey) {
    startFromInput(context, sliding.layout);
    TensorType& output = context.output();
    for (int index = 0; index < sliding.layout.spatialRank; ++index) {
        const int axis = sliding.layout.spatialAxis(index);
        const Dim length = context.input().shape[axis];
        const WindowAxis window = sliding.axis(index);
        const SlidLength slid = slide(length, window);
        output.shape.setSize(axis, slid.output);
        rescaleBySliding(output, axis, window, slid);
        if (context.isExplaining()) {
            const bool isTime = output.shape.meaning(axis) == AxisMeaning::Time;
            explainAxis(context, diag::axisOf(output.shape, axis), isTime ? "sample" : "cell", length, window, slid);
        }
        if (!slid.fits) refuseWindow(context, sliding, index, slid, windowKey);
    }
    output.shape.setSize(sliding.layout.channelAxis(), channels);
}

void nameSpatialAxes(Shape& shape, const SpatialLayout& layout) {
    const auto name = [&](int axis, AxisMeaning meaning) {
        if (shape.meaning(axis) == AxisMeaning::Unknown) shape.setMeaning(axis, meaning);
    };
    name(0, AxisMeaning::Batch);
    for (int index = 0; index < layout.spatialRank; ++index)
        name(layout.spatialAxis(index), layout.usualMeaning(index));
    name(layout.channelAxis(), AxisMeaning::Channels);
}

void startFromInput(InferContext& context, const SpatialLayout& layout) {
    TensorType& output = context.output();
    output = context.input();
    output.dtype = tensor::DType::Float32;
    const int last = output.shape.rank() - 1;
    const bool namedChannelsLast = layout.channelAxis() != last && output.shape.meaning(last) == AxisMeaning::Channels;
    if (namedChannelsLast)  // a source guesses that channels come last
        for (int index = 0; index < layout.spatialRank; ++index)
            output.shape.setMeaning(layout.spatialAxis(index), layout.usualMeaning(index));
    output.shape.setMeaning(layout.channelAxis(), AxisMeaning::Channels);
    nameSpatialAxes(output.shape, layout);
    dropScale(output, layout.channelAxis());
    dropValueKind(output);
}

void rescaleAxis(TensorType& type, int axis, double offset, double step) {
    const AxisScale before = type.scale(axis);
    if (before.kind == AxisScale::Kind::None || (offset == 0.0 && step == 1.0)) return;
    auto scales = std::make_shared<SignalScales>(*type.scales);
    AxisScale& scale = scales->axes[static_cast<std::size_t>(axis)];
    scale.origin = before.origin + offset * before.step;
    scale.step = before.step * step;
    if (before.kind == AxisScale::Kind::Seconds) scales->hopSamples *= step;
    type.scales = std::move(scales);
}

void dropScale(TensorType& type, int axis) {
    if (type.scale(axis).kind == AxisScale::Kind::None) return;
    auto scales = std::make_shared<SignalScales>(*type.scales);
    scales->axes[static_cast<std::size_t>(axis)] = AxisScale{};
    type.scales = std::move(scales);
}

void dropValueKind(TensorType& type) {
    if (!type.scales || type.scales->valueKind.empty()) return;
    auto scales = std::make_shared<SignalScales>(*type.scales);
    scales->valueKind.clear();
    type.scales = std::move(scales);
}

}  // namespace shapewise::layers
