#pragma once
// Kernels written as their definitions read, in double precision and without any trick, to compare the fast ones with.

#include "core/kernels/convolution.h"
#include "core/kernels/pooling.h"

#include <cstdint>
#include <random>
#include <vector>

namespace shapewise::kernels::reference {

using Floats = std::vector<float>;

/// Normal values of a seed.
[[nodiscard]] Floats randomValues(std::int64_t count, unsigned seed);

/// a: [m, k], b: [k, n] -> [m, n].
[[nodiscard]] Floats matmul(const Floats& a, const Floats& b, std::int64_t m, std::int64_t k, std::int64_t n,
                            const float* bias = nullptr);
[[nodiscard]] Floats convolution(const ConvolutionShape& shape, const Floats& x, const Floats& kernel,
                                 const Floats& bias);
[[nodiscard]] Floats depthwise(const DepthwiseShape& shape, const Floats& x, const Floats& kernel, const Floats& bias);
/// In scatter form: every input adds its product with the kernel to the outputs it reaches.
[[nodiscard]] Floats transposed(const TransposedShape& shape, const Floats& x, const Floats& kernel,
                                const Floats& bias);
[[nodiscard]] Floats pooling(PoolingKind kind, const ImageSize& input, const Window& window, const Floats& x);

/// The largest |a - b| / (1 + |b|); infinity when sizes differ or exactly one is NaN.
[[nodiscard]] double deviation(const Floats& a, const Floats& b);

}  // namespace shapewise::kernels::reference
