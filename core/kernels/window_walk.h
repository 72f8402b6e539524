#pragma once
// Goes over the output lines of a window and finds the input lines under each: shared by depthwise convolution and
// pooling.

#include "core/kernels/convolution.h"
#include "core/kernels/window_lines.h"

namespace shapewise::kernels {

/// Applies `function` to every output line. weights: [size..., channels] or null; bias: [channels] or null.
/// y: [batch, window.outputSize..., channels].
struct WindowWalk {
    ImageSize input;
    Window window;
    const float* weights = nullptr;
    const float* bias = nullptr;
    Activation activation;  ///< elementwise ones are applied while a line is in the cache, others not at all
};
void walkWindow(const WindowWalk& walk, LineFunction function, const float* x, float* y, const Parallel& parallel);

}  // namespace shapewise::kernels
