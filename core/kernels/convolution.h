#pragma once
// Convolutions of one to three spatial axes, channels last, as Keras 3 defines them (cross-correlation).

#include "core/kernels/packed_matrix.h"

#include <span>
#include <vector>

namespace shapewise::kernels {

/// How a window moves over the spatial axes. Unused leading axes keep the defaults (see Sizes3).
struct Window {
    Sizes3 size{1, 1, 1};
    Sizes3 strides{1, 1, 1};
    Sizes3 dilation{1, 1, 1};
    Sizes3 padBefore{0, 0, 0};  ///< cells of zeros before the first one (left, top, front)
    Sizes3 padAfter{0, 0, 0};

    /// floor((n + padBefore + padAfter - (dilation*(size-1)+1)) / stride) + 1 on each axis; not positive when it does
    /// not fit.
    [[nodiscard]] Sizes3 outputSize(const Sizes3& input) const;
    /// Sets the padding of Keras' "same": out = ceil(n / stride), the odd cell at the end.
    void padSame(const Sizes3& input);
    /// Sets the padding of "causal": dilation*(size-1) before the last axis.
    void padCausal();
    void padValid();
};

struct ConvolutionShape {
    ImageSize input;
    Window window;
    std::int64_t filters = 1;
    std::int64_t groups = 1;  ///< divides input.channels and filters

    [[nodiscard]] ImageSize output() const;
};

/// The values of a kernel and, where someone keeps them, the same packed: a matrix for each group.
struct KernelValues {
    KernelValues(const float* plain, std::span<const PackedMatrix> packedGroups = {})
        : values(plain), packed(packedGroups) {}

    const float* values;
    std::span<const PackedMatrix> packed;
};

/// x: [batch, spatial..., channels], kernel: [size..., channels / groups, filters] -> y: [batch, out..., filters].
/// epilogue.accumulate is not allowed. Precondition: a positive output size.
void convolution(const ConvolutionShape& shape, const float* x, const KernelValues& kernel, const Epilogue& epilogue,
                 float* y, const Parallel& parallel = {});
/// What KernelValues takes. Empty where the convolution of this shape reads the kernel as it lies.
[[nodiscard]] std::vector<PackedMatrix> packKernel(const ConvolutionShape& shape, const float* kernel,
                                                   const Parallel& parallel = {});

/// Each channel by itself. kernel: [size..., channels, multiplier] -> y: [batch, out..., channels * multiplier],
/// output channel c * multiplier + m. Strides may go together with dilation.
struct DepthwiseShape {
    ImageSize input;
    Window window;
    std::int64_t multiplier = 1;

    [[nodiscard]] ImageSize output() const;
};
void depthwiseConvolution(const DepthwiseShape& shape, const float* x, const float* kernel, const Epilogue& epilogue,
                          float* y, const Parallel& parallel = {});

/// Depthwise, then 1x1. depthwiseKernel: [size..., channels, multiplier], pointwiseKernel: [channels * multiplier,
/// filters].
struct SeparableKernels {
    const float* depthwise = nullptr;
    const float* pointwise = nullptr;
    std::int64_t filters = 1;
};
void separableConvolution(const DepthwiseShape& shape, const float* x, const SeparableKernels& kernels,
                          const Epilogue& epilogue, float* y, const Parallel& parallel = {});

/// A convolution with fractional stride: y[i*stride + k*dilation - crop] += x[i] * kernel[k].
struct TransposedShape {
    ImageSize input;
    Sizes3 size{1, 1, 1};
    Sizes3 strides{1, 1, 1};
    Sizes3 dilation{1, 1, 1};
    Sizes3 crop{0, 0, 0};  ///< cells cut off at the front of the full result; >= 0
    Sizes3 outputSize{1, 1, 1};
    std::int64_t filters = 1;

    [[nodiscard]] ImageSize output() const { return {input.batch, outputSize, filters}; }
    /// Sets crop and outputSize on one axis (0..2) by Keras' rule. outputPadding < 0 stands for None.
    void placeAxis(int axis, bool same, std::int64_t outputPadding);
};
/// x: [batch, spatial..., channels], kernel: [size..., filters, channels] -> y: [batch, outputSize..., filters].
void transposedConvolution(const TransposedShape& shape, const float* x, const float* kernel, const Epilogue& epilogue,
                           float* y, const Parallel& parallel = {});

}  // namespace shapewise::kernels
