#pragma once
// Rows of patches under a window, gathered for a matrix product: the implicit im2col of the convolutions.

#include "core/kernels/layout.h"

#include <array>
#include <vector>

namespace shapewise::kernels {

/// Along one axis: output q sees the input cells q * stride + offsets[t], cells outside the input being zeros.
struct AxisTaps {
    std::int64_t outputs = 1;
    std::int64_t stride = 1;
    std::vector<std::int64_t> offsets{0};
};

/// Patches of an image as the rows of a matrix [batch * outputs, taps * channels]: taps in row-major order of the axes,
/// channels innermost. A range of the channels (a group) may be chosen.
class WindowGather {
  public:
    WindowGather(const ImageSize& input, const float* x, std::array<AxisTaps, 3> axes, std::int64_t firstChannel,
                 std::int64_t channels);

    [[nodiscard]] std::int64_t rows() const {
        return input_.batch * axes_[0].outputs * axes_[1].outputs * axes_[2].outputs;
    }
    [[nodiscard]] std::int64_t depth() const { return static_cast<std::int64_t>(runs_.size()) * runLength_; }

    /// A GatherRows function; context is the WindowGather.
    static void gather(const void* context, std::int64_t row, std::int64_t rows, std::int64_t depth, std::int64_t count,
                       float* to);

  private:
    /// Values that lie together in the input: all taps of the last axis where they are neighbours, else one tap.
    struct Run {
        std::int64_t offset0, offset1, offset2;  ///< in cells
        std::int64_t distance;                   ///< floats from the cell at offset 0
    };
    struct Position {
        std::int64_t batch, q0, q1, q2;
    };

    [[nodiscard]] Position positionOf(std::int64_t row) const;
    /// The whole row in steps of four floats, which may read and write up to three beyond the end of each run.
    void gatherInSteps(const float* cell, float* to) const;
    void gatherInside(const float* cell, std::int64_t depth, std::int64_t count, float* to) const;
    void gatherAtEdge(const Position& position, std::int64_t depth, std::int64_t count, float* to) const;
    void gatherRunAtEdge(const Position& position, const Run& run, std::int64_t first, std::int64_t count,
                         float* to) const;

    ImageSize input_;
    const float* x_;
    std::array<AxisTaps, 3> axes_;
    std::int64_t firstChannel_;
    std::vector<Run> runs_;
    std::int64_t runLength_ = 1;                 ///< floats
    std::int64_t readsBeyond_ = 0;               ///< floats from a cell that gatherInSteps may read
    std::array<std::int64_t, 3> firstInside_{};  ///< outputs whose taps all lie inside: first ..
    std::array<std::int64_t, 3> endInside_{};    ///< .. end
};

}  // namespace shapewise::kernels
