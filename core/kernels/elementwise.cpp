#include "core/kernels/elementwise.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace shapewise::kernels {
namespace {

/// An axis of the result and the distance of its neighbours in both operands; 0 where an operand is repeated.
struct BroadcastAxis {
    std::int64_t size;
    std::int64_t left;
    std::int64_t right;
};

/// Distances of `extents` under `result`, aligned from the right.
std::vector<std::int64_t> distancesUnder(const Extents& extents, const Extents& result) {
    std::vector<std::int64_t> distances(result.size(), 0);
    std::int64_t distance = 1;
    for (std::size_t back = 1; back <= extents.size(); ++back) {
        const std::int64_t size = extents[extents.size() - back];
        distances[result.size() - back] = size == 1 ? 0 : distance;
        distance *= size;
    }
    return distances;
}

std::vector<BroadcastAxis> mergedAxes(const Extents& left, const Extents& right, const Extents& result) {
    const auto leftDistances = distancesUnder(left, result);
    const auto rightDistances = distancesUnder(right, result);
    std::vector<BroadcastAxis> axes;
    for (std::size_t axis = 0; axis < result.size(); ++axis) {
        const BroadcastAxis next{result[axis], leftDistances[axis], rightDistances[axis]};
        if (next.size == 1) continue;
        const bool joins =
            !axes.empty() && axes.back().left == next.left * next.size && axes.back().right == next.right * next.size;
        if (joins) {
            axes.back() = {axes.back().size * next.size, next.left, next.right};
        } else {
            axes.push_back(next);
        }
    }
    if (axes.empty()) axes.push_back({1, 0, 0});
    return axes;
}

template <class Op>
void combineLine(const float* left, std::int64_t leftStep, const float* right, std::int64_t rightStep,
                 std::int64_t count, float* y, Op op) {
    if (leftStep == 1 && rightStep == 1) {
        for (std::int64_t index = 0; index < count; ++index) y[index] = op(left[index], right[index]);
    } else if (leftStep == 1) {
        for (std::int64_t index = 0; index < count; ++index) y[index] = op(left[index], *right);
    } else if (rightStep == 1) {
        for (std::int64_t index = 0; index < count; ++index) y[index] = op(*left, right[index]);
    } else {
        std::fill(y, y + count, op(*left, *right));
    }
}

/// y may be left.data when left has all of the result's sizes.
template <class Op>
void combine(const TensorView& left, const TensorView& right, const Extents& result, float* y, const Parallel& parallel,
             Op op) {
    constexpr std::int64_t kPiece = 16 * 1024;
    const std::vector<BroadcastAxis> axes = mergedAxes(left.extents, right.extents, result);
    const BroadcastAxis line = axes.back();
    if (line.size == 0) return;
    parallelFor(parallel, tensor::elementCount(result), kPiece, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last;) {
            std::int64_t rest = index / line.size;
            const std::int64_t within = index % line.size;
            std::int64_t leftStart = within * line.left;
            std::int64_t rightStart = within * line.right;
            for (std::size_t axis = axes.size() - 1; axis-- > 0;) {
                leftStart += rest % axes[axis].size * axes[axis].left;
                rightStart += rest % axes[axis].size * axes[axis].right;
                rest /= axes[axis].size;
            }
            const std::int64_t count = std::min(last - index, line.size - within);
            combineLine(left.data + leftStart, line.left, right.data + rightStart, line.right, count, y + index, op);
            index += count;
        }
    });
}

float larger(float a, float b) { return b > a || std::isnan(b) ? b : a; }
float smaller(float a, float b) { return b < a || std::isnan(b) ? b : a; }

/// Average only adds.
void combineKind(MergeKind kind, const TensorView& left, const TensorView& right, const Extents& result, float* y,
                 const Parallel& parallel) {
    switch (kind) {
        case MergeKind::Add:
        case MergeKind::Average:
            combine(left, right, result, y, parallel, [](float a, float b) { return a + b; });
            return;
        case MergeKind::Subtract:
            combine(left, right, result, y, parallel, [](float a, float b) { return a - b; });
            return;
        case MergeKind::Multiply:
            combine(left, right, result, y, parallel, [](float a, float b) { return a * b; });
            return;
        case MergeKind::Maximum: combine(left, right, result, y, parallel, larger); return;
        case MergeKind::Minimum: combine(left, right, result, y, parallel, smaller); return;
    }
}

/// Axes of size 1 after the batch, up to `rank` axes.
Extents withRank(const Extents& extents, std::size_t rank) {
    Extents result = extents;
    if (result.empty()) return Extents(rank, 1);
    result.insert(result.begin() + 1, rank - extents.size(), 1);
    return result;
}

std::size_t largestRank(std::span<const TensorView> inputs) {
    std::size_t rank = 0;
    for (const TensorView& input : inputs) rank = std::max(rank, input.extents.size());
    return rank;
}

}  // namespace

std::optional<Extents> broadcastExtents(const Extents& a, const Extents& b) {
    Extents result = a.size() >= b.size() ? a : b;
    const Extents& shorter = a.size() >= b.size() ? b : a;
    for (std::size_t back = 1; back <= shorter.size(); ++back) {
        std::int64_t& size = result[result.size() - back];
        const std::int64_t other = shorter[shorter.size() - back];
        if (size != other && size != 1 && other != 1) return std::nullopt;
        if (size == 1) size = other;
    }
    return result;
}

std::optional<Extents> mergedExtents(std::span<const TensorView> inputs) {
    const std::size_t rank = largestRank(inputs);
    std::optional<Extents> result = withRank(inputs.front().extents, rank);
    for (const TensorView& input : inputs.subspan(1)) {
        result = broadcastExtents(*result, withRank(input.extents, rank));
        if (!result) return std::nullopt;
    }
    return result;
}

void merge(MergeKind kind, std::span<const TensorView> inputs, float* y, const Parallel& parallel) {
    const Extents result = *mergedExtents(inputs);
    const std::size_t rank = result.size();
    const std::int64_t count = tensor::elementCount(result);
    if (inputs.size() == 1) {
        std::copy(inputs[0].data, inputs[0].data + count, y);
        return;
    }
    combineKind(kind, {inputs[0].data, withRank(inputs[0].extents, rank)},
                {inputs[1].data, withRank(inputs[1].extents, rank)}, result, y, parallel);
    for (const TensorView& input : inputs.subspan(2)) {
        combineKind(kind, {y, result}, {input.data, withRank(input.extents, rank)}, result, y, parallel);
    }
    if (kind == MergeKind::Average)
        scaleAndOffset(y, count, 1.0F / static_cast<float>(inputs.size()), 0.0F, y, parallel);
}

void broadcastBinary(MergeKind kind, const TensorView& a, const TensorView& b, float* y, const Parallel& parallel) {
    const Extents result = *broadcastExtents(a.extents, b.extents);
    combineKind(kind, a, b, result, y, parallel);
    if (kind == MergeKind::Average) scaleAndOffset(y, tensor::elementCount(result), 0.5F, 0.0F, y, parallel);
}

void scaleAndOffset(const float* x, std::int64_t count, float scale, float offset, float* y, const Parallel& parallel) {
    constexpr std::int64_t kPiece = 32 * 1024;
    parallelFor(parallel, count, kPiece, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) y[index] = x[index] * scale + offset;
    });
}

void maskSteps(const float* x, std::int64_t steps, std::int64_t features, float maskValue, float* y, float* mask) {
    for (std::int64_t step = 0; step < steps; ++step) {
        const float* from = x + step * features;
        float* to = y + step * features;
        const bool isMasked = std::all_of(from, from + features, [&](float value) { return value == maskValue; });
        if (mask != nullptr) mask[step] = isMasked ? 0.0F : 1.0F;
        if (isMasked) {
            std::fill(to, to + features, 0.0F);
        } else if (to != from) {
            std::copy(from, from + features, to);
        }
    }
}

}  // namespace shapewise::kernels
