#pragma once
// Convolution without shared weights: each position of the output has a kernel of its own.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

namespace shapewise::kernels {

/// How the weights lie in memory; they mean the same in all three. P, Q: positions of output and input.
enum class LocalKernel {
    Windows = 1,  ///< [P, taps * channels, filters]; with channels first [P, channels * taps, filters]
    Masked = 2,   ///< [Q, channels, P, filters]; with channels first [channels, Q, filters, P]; the rest is not read
    Sparse = 3    ///< [connections], sorted by output value, then by input value, both in the order of memory
};

struct LocalShape {
    ImageSize input;  ///< its sizes, wherever the channels stand
    Sizes3 output{1, 1, 1};
    Sizes3 size{1, 1, 1};
    Sizes3 strides{1, 1, 1};
    Sizes3 before{0, 0, 0};  ///< cells of padding in front: a window begins at position * stride - before
    std::int64_t filters = 1;
    bool channelsFirst = false;
    LocalKernel layout = LocalKernel::Windows;
};

/// Pairs of an input cell and an output position along one axis that a window connects, at most 2^63 - 1.
[[nodiscard]] std::int64_t connectedPairs(std::int64_t length, std::int64_t outputs, std::int64_t size,
                                          std::int64_t stride, std::int64_t before);

/// x and y in the layout that `channelsFirst` says. bias: [P, filters], with channels first read as [filters, P], as
/// TensorFlow's bias_add does; null: none.
void locallyConnected(const LocalShape& shape, const float* x, const float* kernel, const float* bias, float* y,
                      const Parallel& parallel = {});

}  // namespace shapewise::kernels
