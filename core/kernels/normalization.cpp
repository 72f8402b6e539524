#include "core/kernels/normalization.h"

#include "core/kernels/data_movement.h"
#include "core/kernels/scratch.h"
#include "core/kernels/sums.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace shapewise::kernels {
namespace {

/// y = x * factor + offset, factor and offset by the index of the middle axis.
void scaleAlong(const AxisSplit& axis, const float* x, const float* factor, const float* offset, float* y,
                const Parallel& parallel) {
    const bool isLast = axis.inner == 1;
    const std::int64_t lines = isLast ? axis.outer : axis.outer * axis.size;
    const std::int64_t length = isLast ? axis.size : axis.inner;
    parallelFor(parallel, lines, grainFor(length), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t line = first; line < last; ++line) {
            const float* from = x + line * length;
            float* to = y + line * length;
            if (isLast) {
                for (std::int64_t index = 0; index < length; ++index)
                    to[index] = from[index] * factor[index] + offset[index];
            } else {
                const float f = factor[line % axis.size];
                const float o = offset[line % axis.size];
                for (std::int64_t index = 0; index < length; ++index) to[index] = from[index] * f + o;
            }
        }
    });
}

/// A tensor whose chosen axes have been brought to the end: rows of what is normalised together.
struct Rows {
    std::vector<int> order;  ///< empty when the axes are at the end already
    Extents permuted;
    std::int64_t rows = 1;
    std::int64_t length = 1;
};

Rows rowsOver(const Extents& extents, std::span<const int> axes) {
    const auto rank = static_cast<int>(extents.size());
    std::vector<bool> isChosen(extents.size(), false);
    for (const int axis : axes) isChosen[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)] = true;
    Rows result;
    for (const bool chosen : {false, true}) {
        for (int axis = 0; axis < rank; ++axis) {
            if (isChosen[static_cast<std::size_t>(axis)] != chosen) continue;
            result.order.push_back(axis);
            (chosen ? result.length : result.rows) *= extents[static_cast<std::size_t>(axis)];
        }
    }
    result.permuted = permutedExtents(extents, result.order);
    if (std::is_sorted(result.order.begin(), result.order.end())) result.order.clear();
    return result;
}

/// Calls normalize(x, length, y) for each row, the axes moved to the end and back where they are not there.
template <class Normalize>
void forEachRow(const Extents& extents, std::span<const int> axes, const float* x, float* y, const Parallel& parallel,
                Normalize normalize) {
    const Rows rows = rowsOver(extents, axes);
    ScratchFrame frame;
    const float* from = x;
    float* to = y;
    if (!rows.order.empty()) {
        float* moved = frame.floats(rows.rows * rows.length);
        permute(extents, rows.order, x, moved, parallel);
        from = moved;
        to = moved;
    }
    parallelFor(parallel, rows.rows, grainFor(4 * rows.length), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row)
            normalize(from + row * rows.length, rows.length, to + row * rows.length);
    });
    if (rows.order.empty()) return;
    std::vector<int> back(rows.order.size());
    for (std::size_t place = 0; place < back.size(); ++place)
        back[static_cast<std::size_t>(rows.order[place])] = static_cast<int>(place);
    permute(rows.permuted, back, to, y, parallel);
}

float weightOr(const float* weights, std::int64_t index, float otherwise) {
    return weights != nullptr ? weights[index] : otherwise;
}

}  // namespace

void batchNormalization(const AxisSplit& axis, const float* x, const BatchStatistics& statistics,
                        const AffineWeights& weights, float epsilon, float* y, const Parallel& parallel) {
    ScratchFrame frame;
    float* factor = frame.floats(axis.size);
    float* offset = frame.floats(axis.size);
    for (std::int64_t index = 0; index < axis.size; ++index) {
        factor[index] = weightOr(weights.gamma, index, 1.0F) / std::sqrt(statistics.variance[index] + epsilon);
        offset[index] = weightOr(weights.beta, index, 0.0F) - statistics.mean[index] * factor[index];
    }
    scaleAlong(axis, x, factor, offset, y, parallel);
}

void layerNormalization(const Extents& extents, std::span<const int> axes, const float* x, const AffineWeights& weights,
                        float epsilon, float* y, const Parallel& parallel) {
    forEachRow(extents, axes, x, y, parallel, [&](const float* from, std::int64_t length, float* to) {
        const auto count = static_cast<double>(length);
        const auto mean = static_cast<float>(sumOf(from, length) / count);
        const double variance =
            sumOf(from, length, [mean](float value) { return (value - mean) * (value - mean); }) / count;
        const auto factor = static_cast<float>(1.0 / std::sqrt(variance + static_cast<double>(epsilon)));
        for (std::int64_t index = 0; index < length; ++index) {
            to[index] = (from[index] - mean) * factor * weightOr(weights.gamma, index, 1.0F) +
                        weightOr(weights.beta, index, 0.0F);
        }
    });
}

void rmsNormalization(const Extents& extents, std::span<const int> axes, const float* x, const float* gamma,
                      float epsilon, float* y, const Parallel& parallel) {
    forEachRow(extents, axes, x, y, parallel, [&](const float* from, std::int64_t length, float* to) {
        const double square =
            sumOf(from, length, [](float value) { return value * value; }) / static_cast<double>(length);
        const auto factor = static_cast<float>(1.0 / std::sqrt(square + static_cast<double>(epsilon)));
        for (std::int64_t index = 0; index < length; ++index)
            to[index] = from[index] * factor * weightOr(gamma, index, 1.0F);
    });
}

void unitNormalization(const Extents& extents, std::span<const int> axes, const float* x, float* y,
                       const Parallel& parallel) {
    forEachRow(extents, axes, x, y, parallel, [](const float* from, std::int64_t length, float* to) {
        constexpr double kLargestFactor = 1e12;
        const double square = sumOf(from, length, [](float value) { return value * value; });
        const auto factor = static_cast<float>(std::min(1.0 / std::sqrt(square), kLargestFactor));
        for (std::int64_t index = 0; index < length; ++index) to[index] = from[index] * factor;
    });
}

void groupNormalization(const Extents& extents, int axis, std::int64_t groups, const float* x,
                        const AffineWeights& weights, float epsilon, float* y, const Parallel& parallel) {
    const AxisSplit split = splitAt(extents, axis);
    const std::int64_t batch = extents.front();
    const std::int64_t between = split.outer / std::max<std::int64_t>(batch, 1);
    const std::int64_t groupSize = split.size / groups;
    const std::int64_t piece = groupSize * split.inner;
    parallelFor(parallel, batch * groups, grainFor(4 * between * piece), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            const std::int64_t group = index % groups;
            const std::int64_t start = index / groups * between * split.size * split.inner + group * piece;
            const std::int64_t distance = split.size * split.inner;
            const auto count = static_cast<double>(between * piece);
            double sum = 0.0;
            for (std::int64_t line = 0; line < between; ++line) sum += sumOf(x + start + line * distance, piece);
            const auto mean = static_cast<float>(sum / count);
            double squares = 0.0;
            for (std::int64_t line = 0; line < between; ++line) {
                squares += sumOf(x + start + line * distance, piece,
                                 [mean](float value) { return (value - mean) * (value - mean); });
            }
            const auto inverse = static_cast<float>(1.0 / std::sqrt(squares / count + static_cast<double>(epsilon)));
            for (std::int64_t line = 0; line < between; ++line) {
                for (std::int64_t channel = 0; channel < groupSize; ++channel) {
                    const float gamma = weightOr(weights.gamma, group * groupSize + channel, 1.0F);
                    const float beta = weightOr(weights.beta, group * groupSize + channel, 0.0F);
                    const std::int64_t at = start + line * distance + channel * split.inner;
                    for (std::int64_t inner = 0; inner < split.inner; ++inner)
                        y[at + inner] = (x[at + inner] - mean) * inverse * gamma + beta;
                }
            }
        }
    });
}

void meanVarianceNormalization(const AxisSplit& axis, const float* x, const BatchStatistics& statistics, bool inverted,
                               float* y, const Parallel& parallel) {
    constexpr float kSmallestDeviation = 1e-7F;  // keras.backend.epsilon()
    ScratchFrame frame;
    float* factor = frame.floats(axis.size);
    float* offset = frame.floats(axis.size);
    for (std::int64_t index = 0; index < axis.size; ++index) {
        const float deviation = std::max(std::sqrt(statistics.variance[index]), kSmallestDeviation);
        factor[index] = inverted ? deviation : 1.0F / deviation;
        offset[index] = inverted ? statistics.mean[index] : -statistics.mean[index] * factor[index];
    }
    scaleAlong(axis, x, factor, offset, y, parallel);
}

}  // namespace shapewise::kernels
