#include "core/kernels/convolution.h"

#include "core/base/checked_math.h"
#include "core/kernels/gemm_driver.h"
#include "core/kernels/scratch.h"
#include "core/kernels/window_gather.h"

#include <algorithm>

namespace shapewise::kernels {
namespace {

std::array<AxisTaps, 3> tapsOf(const Window& window, const Sizes3& outputs) {
    std::array<AxisTaps, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        axes[axis].outputs = outputs[axis];
        axes[axis].stride = window.strides[axis];
        axes[axis].offsets.clear();
        for (std::int64_t tap = 0; tap < window.size[axis]; ++tap) {
            axes[axis].offsets.push_back(tap * window.dilation[axis] - window.padBefore[axis]);
        }
    }
    return axes;
}

bool isPointwise(const Window& window) {
    return product(window.size) == 1 && product(window.strides) == 1 && window.padBefore == Sizes3{0, 0, 0} &&
           window.padAfter == Sizes3{0, 0, 0};
}

/// Filter g * multiplier + m of group g: the layout of a depthwise kernel is the same.
bool isDepthwise(const ConvolutionShape& shape) { return shape.groups > 1 && shape.input.channels == shape.groups; }

/// The kernel of a group: [size..., channels of the group, filters of the group].
MatrixView kernelOfGroup(const ConvolutionShape& shape, const float* kernel, std::int64_t group) {
    const std::int64_t filters = shape.filters / shape.groups;
    const std::int64_t depth = product(shape.window.size) * (shape.input.channels / shape.groups);
    return {kernel + group * filters, depth, filters, shape.filters, 1};
}

/// Softmax and its like look along all filters, so they wait until every group is there.
Epilogue ofGroup(const Epilogue& epilogue, std::int64_t firstFilter) {
    Epilogue group = epilogue;
    if (group.bias != nullptr) group.bias += firstFilter;
    if (!group.activation.isElementwise()) group.activation = {};
    return group;
}

}  // namespace

Sizes3 Window::outputSize(const Sizes3& input) const {
    Sizes3 output{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t effective = dilation[axis] * (size[axis] - 1) + 1;
        output[axis] = floorDivide(input[axis] + padBefore[axis] + padAfter[axis] - effective, strides[axis]) + 1;
    }
    return output;
}

void Window::padSame(const Sizes3& input) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t effective = dilation[axis] * (size[axis] - 1) + 1;
        const std::int64_t output = ceilDivide(input[axis], strides[axis]);
        const std::int64_t total = std::max<std::int64_t>(0, (output - 1) * strides[axis] + effective - input[axis]);
        padBefore[axis] = total / 2;
        padAfter[axis] = total - total / 2;
    }
}

void Window::padCausal() {
    padValid();
    padBefore[2] = dilation[2] * (size[2] - 1);
}

void Window::padValid() {
    padBefore = {0, 0, 0};
    padAfter = {0, 0, 0};
}

ImageSize ConvolutionShape::output() const { return {input.batch, window.outputSize(input.spatial), filters}; }

void convolution(const ConvolutionShape& shape, const float* x, const KernelValues& kernel, const Epilogue& epilogue,
                 float* y, const Parallel& parallel) {
    const ImageSize output = shape.output();
    const std::int64_t groupChannels = shape.input.channels / shape.groups;
    const std::int64_t groupFilters = shape.filters / shape.groups;
    if (isDepthwise(shape)) {
        depthwiseConvolution({shape.input, shape.window, groupFilters}, x, kernel.values, epilogue, y, parallel);
        return;
    }
    const auto kernelOf = [&](std::int64_t group) {
        MatrixView matrix = kernelOfGroup(shape, kernel.values, group);
        if (!kernel.packed.empty()) matrix.packed = &kernel.packed[static_cast<std::size_t>(group)];
        return matrix;
    };
    if (isPointwise(shape.window) && shape.groups == 1) {
        const std::int64_t positions = shape.input.batch * shape.input.positions();
        matmul(MatrixView::rowMajor(x, positions, shape.input.channels), kernelOf(0), y, shape.filters, epilogue,
               parallel);
        return;
    }
    const auto convolveGroup = [&](std::int64_t group) {
        const WindowGather patches(shape.input, x, tapsOf(shape.window, output.spatial), group * groupChannels,
                                   groupChannels);
        GatheredProduct work;
        work.rows = patches.rows();
        work.gather = WindowGather::gather;
        work.gatherContext = &patches;
        work.b = kernelOf(group);
        work.c = y + group * groupFilters;
        work.cStride = shape.filters;
        multiplyGathered(work, shape.groups == 1 ? epilogue : ofGroup(epilogue, group * groupFilters), parallel);
    };
    for (std::int64_t group = 0; group < shape.groups; ++group) convolveGroup(group);
    if (shape.groups > 1 && !epilogue.activation.isElementwise()) {
        activateAlong(epilogue.activation, y, {output.batch * output.positions(), shape.filters, 1}, y, parallel);
    }
}

std::vector<PackedMatrix> packKernel(const ConvolutionShape& shape, const float* kernel, const Parallel& parallel) {
    const ImageSize output = shape.output();
    std::vector<PackedMatrix> packed;
    if (isDepthwise(shape) || !readsPacked(output.batch * output.positions(), kernelOfGroup(shape, kernel, 0)))
        return packed;
    packed.reserve(static_cast<std::size_t>(shape.groups));
    for (std::int64_t group = 0; group < shape.groups; ++group)
        packed.emplace_back(kernelOfGroup(shape, kernel, group), parallel);
    return packed;
}

ImageSize DepthwiseShape::output() const {
    return {input.batch, window.outputSize(input.spatial), input.channels * multiplier};
}

void separableConvolution(const DepthwiseShape& shape, const float* x, const SeparableKernels& kernels,
                          const Epilogue& epilogue, float* y, const Parallel& parallel) {
    const ImageSize between = shape.output();
    ScratchFrame frame;
    float* spatial = frame.floats(between.count());
    depthwiseConvolution(shape, x, kernels.depthwise, {}, spatial, parallel);
    const std::int64_t positions = between.batch * between.positions();
    matmul(MatrixView::rowMajor(spatial, positions, between.channels),
           MatrixView::rowMajor(kernels.pointwise, between.channels, kernels.filters), y, kernels.filters, epilogue,
           parallel);
}

}  // namespace shapewise::kernels
