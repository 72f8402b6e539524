#pragma once
// A window moved along one line of cells, channel by channel: the inner loops of depthwise convolution and pooling.

#include <cstdint>

namespace shapewise::kernels {

struct LineJob {
    const float* const* lines;    ///< cell 0 of each input line under the window; lines outside the input are left out
    const float* const* weights;  ///< [taps, channels] for each line; depthwise only
    std::int64_t lineCount;
    std::int64_t cells;  ///< of an input line
    std::int64_t taps;   ///< of the window along the line
    std::int64_t stride;
    std::int64_t dilation;
    std::int64_t padBefore;
    std::int64_t outputs;
    std::int64_t channels;
    const float* bias;  ///< [channels] or null; depthwise only
    float* y;           ///< [outputs, channels]
};
using LineFunction = void (*)(const LineJob&);

struct LineSet {
    LineFunction depthwise;
    LineFunction maximum;  ///< -infinity where no cell is inside; NaN wins
    LineFunction mean;     ///< of the cells inside; 0 where there is none
};

[[nodiscard]] const LineSet& lineSet();

}  // namespace shapewise::kernels
