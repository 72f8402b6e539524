#include "core/kernels/window_gather.h"

#include "core/base/checked_math.h"
#include "core/kernels/gemm_tiles.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace shapewise::kernels {
namespace {

constexpr std::int64_t kStep = 4;
/// From here on a call of memcpy is worth its price.
constexpr std::int64_t kLong = 48;

/// memcpy for the short pieces of few channels, which a call would cost more than the copy.
inline void copyFloats(float* to, const float* from, std::int64_t count) {
    if (count >= kLong) {
        std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
        return;
    }
    for (; count >= kStep; count -= kStep, to += kStep, from += kStep) std::memcpy(to, from, kStep * sizeof(float));
    for (; count > 0; --count) *to++ = *from++;
}

bool areNeighbours(const std::vector<std::int64_t>& offsets) {
    for (std::size_t tap = 1; tap < offsets.size(); ++tap) {
        if (offsets[tap] != offsets[tap - 1] + 1) return false;
    }
    return true;
}

}  // namespace

WindowGather::WindowGather(const ImageSize& input, const float* x, std::array<AxisTaps, 3> axes,
                           std::int64_t firstChannel, std::int64_t channels)
    : input_(input), x_(x), axes_(std::move(axes)), firstChannel_(firstChannel) {
    const bool merges = channels == input.channels && areNeighbours(axes_[2].offsets);
    const std::size_t lastTaps = merges ? 1 : axes_[2].offsets.size();
    runLength_ = merges ? channels * static_cast<std::int64_t>(axes_[2].offsets.size()) : channels;
    if (axes_[2].offsets.empty()) return;
    for (const std::int64_t offset0 : axes_[0].offsets) {
        for (const std::int64_t offset1 : axes_[1].offsets) {
            for (std::size_t tap = 0; tap < lastTaps; ++tap) {
                const std::int64_t offset2 = axes_[2].offsets[tap];
                const std::int64_t cells = (offset0 * input.spatial[1] + offset1) * input.spatial[2] + offset2;
                runs_.push_back({offset0, offset1, offset2, cells * input.channels + firstChannel});
                readsBeyond_ = std::max(readsBeyond_, runs_.back().distance + runLength_ + kStep - 1);
            }
        }
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const AxisTaps& taps = axes_[axis];
        if (taps.offsets.empty()) continue;
        const auto [low, high] = std::minmax_element(taps.offsets.begin(), taps.offsets.end());
        firstInside_[axis] = std::max<std::int64_t>(0, ceilDivide(-*low, taps.stride));
        endInside_[axis] = std::min(taps.outputs, floorDivide(input.spatial[axis] - 1 - *high, taps.stride) + 1);
    }
}

WindowGather::Position WindowGather::positionOf(std::int64_t row) const {
    Position position{};
    position.q2 = row % axes_[2].outputs;
    row /= axes_[2].outputs;
    position.q1 = row % axes_[1].outputs;
    row /= axes_[1].outputs;
    position.q0 = row % axes_[0].outputs;
    position.batch = row / axes_[0].outputs;
    return position;
}

void WindowGather::gather(const void* context, std::int64_t row, std::int64_t rows, std::int64_t depth,
                          std::int64_t count, float* to) {
    const WindowGather& self = *static_cast<const WindowGather*>(context);
    const ImageSize& input = self.input_;
    const auto& axes = self.axes_;
    const bool isShort = self.runLength_ < kLong && count == self.depth();
    const std::int64_t inStepsBelow = input.count() - self.readsBeyond_;
    Position position = self.positionOf(row);
    for (std::int64_t end = row + rows; row < end;) {
        // The rows up to the end of the innermost axis share everything but their last coordinate.
        const std::int64_t last = std::min(end, row + axes[2].outputs - position.q2);
        const bool inside01 = position.q0 >= self.firstInside_[0] && position.q0 < self.endInside_[0] &&
                              position.q1 >= self.firstInside_[1] && position.q1 < self.endInside_[1];
        const std::int64_t line =
            (position.batch * input.spatial[0] + position.q0 * axes[0].stride) * input.spatial[1] +
            position.q1 * axes[1].stride;
        for (; row < last; ++row, ++position.q2, to += kGatherStride) {
            if (inside01 && position.q2 >= self.firstInside_[2] && position.q2 < self.endInside_[2]) {
                const std::int64_t at = (line * input.spatial[2] + position.q2 * axes[2].stride) * input.channels;
                if (isShort && at < inStepsBelow) {
                    self.gatherInSteps(self.x_ + at, to);
                } else {
                    self.gatherInside(self.x_ + at, depth, count, to);
                }
            } else {
                self.gatherAtEdge(position, depth, count, to);
            }
        }
        position = self.positionOf(row);
    }
}

void WindowGather::gatherInSteps(const float* cell, float* to) const {
    for (const Run& run : runs_) {
        const float* from = cell + run.distance;
        for (std::int64_t copied = 0; copied < runLength_; copied += kStep)
            std::memcpy(to + copied, from + copied, kStep * sizeof(float));
        to += runLength_;
    }
}

void WindowGather::gatherInside(const float* cell, std::int64_t depth, std::int64_t count, float* to) const {
    std::size_t run = static_cast<std::size_t>(depth / runLength_);
    std::int64_t skipped = depth % runLength_;
    while (count > 0) {
        const std::int64_t length = std::min(count, runLength_ - skipped);
        copyFloats(to, cell + runs_[run].distance + skipped, length);
        to += length;
        count -= length;
        skipped = 0;
        ++run;
    }
}

void WindowGather::gatherAtEdge(const Position& position, std::int64_t depth, std::int64_t count, float* to) const {
    std::size_t run = static_cast<std::size_t>(depth / runLength_);
    std::int64_t skipped = depth % runLength_;
    while (count > 0) {
        const std::int64_t length = std::min(count, runLength_ - skipped);
        gatherRunAtEdge(position, runs_[run], skipped, length, to);
        to += length;
        count -= length;
        skipped = 0;
        ++run;
    }
}

void WindowGather::gatherRunAtEdge(const Position& position, const Run& run, std::int64_t first, std::int64_t count,
                                   float* to) const {
    const std::int64_t i0 = position.q0 * axes_[0].stride + run.offset0;
    const std::int64_t i1 = position.q1 * axes_[1].stride + run.offset1;
    const std::int64_t i2 = position.q2 * axes_[2].stride + run.offset2;
    std::fill(to, to + count, 0.0F);
    if (i0 < 0 || i0 >= input_.spatial[0] || i1 < 0 || i1 >= input_.spatial[1]) return;
    const std::int64_t lineStart =
        ((position.batch * input_.spatial[0] + i0) * input_.spatial[1] + i1) * input_.spatial[2];
    // Within its line the run covers the floats [begin, begin + count); a group never spans more than one cell.
    const bool isGroup = runLength_ < input_.channels;
    const std::int64_t low = isGroup ? (i2 < 0 || i2 >= input_.spatial[2] ? count : 0)
                                     : std::max<std::int64_t>(0, -(i2 * input_.channels + first));
    const std::int64_t high =
        isGroup ? count : std::min(count, input_.spatial[2] * input_.channels - (i2 * input_.channels + first));
    if (low >= high) return;
    const float* from = x_ + (lineStart + i2) * input_.channels + firstChannel_ + first;
    copyFloats(to + low, from + low, high - low);
}

}  // namespace shapewise::kernels
