#pragma once
// Normalisations in inference mode, as Keras 3 computes them. Pointers to gamma and beta may be null: 1 and 0.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <span>

namespace shapewise::kernels {

struct AffineWeights {
    const float* gamma = nullptr;
    const float* beta = nullptr;
};

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta, each [axis.size]. y may be x.
struct BatchStatistics {
    const float* mean = nullptr;
    const float* variance = nullptr;
};
void batchNormalization(const AxisSplit& axis, const float* x, const BatchStatistics& statistics,
                        const AffineWeights& weights, float epsilon, float* y, const Parallel& parallel = {});

/// x and y: `extents`. Mean and variance over `axes` (any order, negative counts from the end); gamma, beta: the sizes
/// of these axes in ascending order. y may be x.
void layerNormalization(const Extents& extents, std::span<const int> axes, const float* x, const AffineWeights& weights,
                        float epsilon, float* y, const Parallel& parallel = {});
/// x / sqrt(mean(x²) + epsilon) * gamma, over `axes`; beta is not used.
void rmsNormalization(const Extents& extents, std::span<const int> axes, const float* x, const float* gamma,
                      float epsilon, float* y, const Parallel& parallel = {});
/// x / sqrt(sum(x²)) over `axes`; the factor is at most 1e12.
void unitNormalization(const Extents& extents, std::span<const int> axes, const float* x, float* y,
                       const Parallel& parallel = {});

/// Channels of `axis` in `groups` equal parts, each normalised per sample over its channels and all other axes.
/// gamma, beta: [channels]. Precondition: groups divides the channels; axis is not the batch.
void groupNormalization(const Extents& extents, int axis, std::int64_t groups, const float* x,
                        const AffineWeights& weights, float epsilon, float* y, const Parallel& parallel = {});

/// (x - mean) / max(sqrt(variance), 1e-7), or x * max(sqrt(variance), 1e-7) + mean when inverted. mean, variance:
/// [axis.size].
void meanVarianceNormalization(const AxisSplit& axis, const float* x, const BatchStatistics& statistics, bool inverted,
                               float* y, const Parallel& parallel = {});

}  // namespace shapewise::kernels
