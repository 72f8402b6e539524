// Transposed convolution as one ordinary convolution of stride 1 for each phase of the output: outputs that are equal
// modulo the stride see the same taps of the kernel.

#include "core/kernels/convolution.h"

#include "core/kernels/gemm_driver.h"
#include "core/kernels/scratch.h"
#include "core/kernels/window_gather.h"

#include <algorithm>

namespace shapewise::kernels {
namespace {

/// The taps of one axis that reach the outputs `phase`, `phase + stride`, ...
struct AxisPhase {
    AxisTaps taps;  ///< stride 1
    std::vector<std::int64_t> kernelTaps;
    std::int64_t phase = 0;
};

AxisPhase axisPhase(const TransposedShape& shape, std::size_t axis, std::int64_t phase) {
    const std::int64_t stride = shape.strides[axis];
    AxisPhase result;
    result.phase = phase;
    result.taps.outputs = (shape.outputSize[axis] - phase + stride - 1) / stride;
    result.taps.offsets.clear();
    // From the last tap to the first: input cells then ascend, and neighbours can be copied in one piece.
    for (std::int64_t tap = shape.size[axis] - 1; tap >= 0; --tap) {
        const std::int64_t distance = phase + shape.crop[axis] - tap * shape.dilation[axis];
        if (distance % stride != 0) continue;
        result.taps.offsets.push_back(distance / stride);
        result.kernelTaps.push_back(tap);
    }
    return result;
}

struct Placement {
    const TransposedShape* shape;
    std::array<AxisPhase, 3> axes;
    float* y;

    static float* place(const void* context, std::int64_t row) {
        const Placement& self = *static_cast<const Placement*>(context);
        const TransposedShape& shape = *self.shape;
        Sizes3 at{};
        for (std::size_t axis = 3; axis-- > 0;) {
            const std::int64_t outputs = self.axes[axis].taps.outputs;
            at[axis] = self.axes[axis].phase + row % outputs * shape.strides[axis];
            row /= outputs;
        }
        const std::int64_t line = (row * shape.outputSize[0] + at[0]) * shape.outputSize[1] + at[1];
        return self.y + (line * shape.outputSize[2] + at[2]) * shape.filters;
    }
};

/// kernel [size..., filters, channels] -> [taps of this phase, channels, filters].
void gatherKernel(const TransposedShape& shape, const std::array<AxisPhase, 3>& axes, const float* kernel, float* to) {
    const std::int64_t channels = shape.input.channels;
    const std::int64_t filters = shape.filters;
    for (const std::int64_t tap0 : axes[0].kernelTaps) {
        for (const std::int64_t tap1 : axes[1].kernelTaps) {
            for (const std::int64_t tap2 : axes[2].kernelTaps) {
                const float* from =
                    kernel + ((tap0 * shape.size[1] + tap1) * shape.size[2] + tap2) * filters * channels;
                for (std::int64_t filter = 0; filter < filters; ++filter) {
                    for (std::int64_t channel = 0; channel < channels; ++channel) {
                        to[channel * filters + filter] = from[filter * channels + channel];
                    }
                }
                to += channels * filters;
            }
        }
    }
}

void convolvePhase(const TransposedShape& shape, const Sizes3& phases, const float* x, const float* kernel,
                   const Epilogue& epilogue, float* y, const Parallel& parallel) {
    Placement placement{&shape, {}, y};
    std::array<AxisTaps, 3> taps;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        placement.axes[axis] = axisPhase(shape, axis, phases[axis]);
        taps[axis] = placement.axes[axis].taps;
    }
    const WindowGather patches(shape.input, x, taps, 0, shape.input.channels);
    ScratchFrame frame;
    float* weights = frame.floats(patches.depth() * shape.filters);
    if (patches.depth() > 0) gatherKernel(shape, placement.axes, kernel, weights);
    GatheredProduct work;
    work.rows = patches.rows();
    work.gather = WindowGather::gather;
    work.gatherContext = &patches;
    work.b = MatrixView::rowMajor(weights, patches.depth(), shape.filters);
    work.place = Placement::place;
    work.placeContext = &placement;
    multiplyGathered(work, epilogue, parallel);
}

}  // namespace

void TransposedShape::placeAxis(int axis, bool same, std::int64_t outputPadding) {
    const auto at = static_cast<std::size_t>(axis);
    const std::int64_t stride = strides[at];
    const std::int64_t effective = dilation[at] * (size[at] - 1) + 1;
    const std::int64_t cells = input.spatial[at];
    if (!same) {
        const std::int64_t padding = outputPadding >= 0 ? outputPadding : std::max(effective, stride) - effective;
        outputSize[at] = (cells - 1) * stride + effective + padding;
        crop[at] = 0;
        return;
    }
    const std::int64_t total =
        outputPadding >= 0 ? effective + effective % 2 - 2 + outputPadding : stride + effective - 2;
    outputSize[at] = outputPadding >= 0 ? (cells - 1) * stride + effective % 2 + outputPadding : cells * stride;
    const std::int64_t left = std::min((total + 1) / 2, effective - 1);
    crop[at] = effective - 1 - left;
}

void transposedConvolution(const TransposedShape& shape, const float* x, const float* kernel, const Epilogue& epilogue,
                           float* y, const Parallel& parallel) {
    Sizes3 phases{};
    for (phases[0] = 0; phases[0] < std::min(shape.strides[0], shape.outputSize[0]); ++phases[0]) {
        for (phases[1] = 0; phases[1] < std::min(shape.strides[1], shape.outputSize[1]); ++phases[1]) {
            for (phases[2] = 0; phases[2] < std::min(shape.strides[2], shape.outputSize[2]); ++phases[2]) {
                convolvePhase(shape, phases, x, kernel, epilogue, y, parallel);
            }
        }
    }
}

}  // namespace shapewise::kernels
