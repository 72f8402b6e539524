#pragma once
// The arithmetic of windows that slide over one axis: convolution, pooling, framing, transposed convolution.
// n: input length, k: window, s: stride, d: dilation, ke = d*(k - 1) + 1. Formulas: keras.src.ops.operation_utils.
// Lengths may be unknown or symbolic; nothing overflows.

#include "core/layers/framework/layer.h"

#include <optional>
#include <string_view>

namespace shapewise::layers {

/// "valid", "same", "causal".
[[nodiscard]] WindowPadding windowPadding(std::string_view name);

struct WindowAxis {
    std::int64_t size = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    WindowPadding padding = WindowPadding::Valid;

    /// ke, at most 2^63 - 1.
    [[nodiscard]] std::int64_t effectiveSize() const;
};

struct SlidLength {
    tensor::Dim output;          ///< meaningless unless fits
    bool fits = true;            ///< false: a known length too short for the window
    std::int64_t computed = 0;   ///< the number that comes out when it does not fit, <= 0
    std::int64_t padBefore = 0;  ///< zero while the length is not known and the padding depends on it
    std::int64_t padAfter = 0;
    std::int64_t dropped = 0;  ///< cells at the end that no window reaches
};
/// valid: floor((n - ke)/s) + 1. same and causal: floor((n - 1)/s) + 1.
[[nodiscard]] SlidLength slide(tensor::Dim length, const WindowAxis& axis);

/// Transposed: valid (n-1)*s + max(ke, s), same n*s; with output padding op: valid (n-1)*s + ke + op,
/// same (n-1)*s + (ke mod 2) + op. nullopt when the known result is negative; Keras lets 0 pass.
[[nodiscard]] std::optional<tensor::Dim> slideTransposed(tensor::Dim length, const WindowAxis& axis,
                                                         std::optional<std::int64_t> outputPadding);

/// Where the spatial axes of an input stand, and what its channels are.
struct SpatialLayout {
    int spatialRank = 0;
    bool channelsFirst = false;

    [[nodiscard]] int channelAxis() const { return channelsFirst ? 1 : spatialRank + 1; }
    [[nodiscard]] int spatialAxis(int index) const { return channelsFirst ? index + 2 : index + 1; }
    /// What the axis means when nothing before says so: time; height, width; depth, height, width.
    [[nodiscard]] tensor::AxisMeaning usualMeaning(int index) const;
};

/// That of a layer of a family whose members differ in the number of spatial axes; channels where data_format says.
[[nodiscard]] SpatialLayout spatialLayout(const Params& params);

/// What a window does to an input, for every layer that slides one.
struct Sliding {
    SpatialLayout layout;
    SpatialSizes size{1, 1, 1};
    SpatialSizes stride{1, 1, 1};
    SpatialSizes dilation{1, 1, 1};
    WindowPadding padding = WindowPadding::Valid;
    std::string_view what = "kernel";  ///< "kernel", "pool", "frame"; for messages

    [[nodiscard]] WindowAxis axis(int index) const;
};

/// Fills output 0 from input 0: batch and spatial axes with their meanings and scales; the channel axis gets
/// `channels`. Refuses WindowTooLarge (at most once an axis) and explains each axis. `windowKey`: the parameter to
/// blame.
void inferSliding(InferContext& context, const Sliding& sliding, tensor::Dim channels, std::string_view windowKey);

/// Names axes that have no meaning yet as the layout has them.
void nameSpatialAxes(tensor::Shape& shape, const SpatialLayout& layout);

/// Copies the type of input 0 with all meanings; names axes without a meaning as the layout has them. Without scales of
/// the channel axis and the kind of values.
void startFromInput(InferContext& context, const SpatialLayout& layout);

/// Moves the scale of an output axis: index i of the output lies at input position offset + i * step. On an axis of
/// seconds the hop grows with it.
void rescaleAxis(tensor::TensorType& type, int axis, double offset, double step);
/// The scale of an output axis over which a window slid: the centre of the first window, then one stride each.
void rescaleBySliding(tensor::TensorType& output, int axis, const WindowAxis& window, const SlidLength& slid);
/// Takes the scale of an axis away.
void dropScale(tensor::TensorType& type, int axis);
/// The values are no longer what a spectrogram layer said they are.
void dropValueKind(tensor::TensorType& type);

}  // namespace shapewise::layers
