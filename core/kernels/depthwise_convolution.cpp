#include "core/kernels/data_movement.h"
#include "core/kernels/scratch.h"
#include "core/kernels/window_walk.h"

namespace shapewise::kernels {

void depthwiseConvolution(const DepthwiseShape& shape, const float* x, const float* kernel, const Epilogue& epilogue,
                          float* y, const Parallel& parallel) {
    const ImageSize output = shape.output();
    ScratchFrame frame;
    ImageSize input = shape.input;
    if (shape.multiplier > 1) {
        // Each channel as often as it is multiplied: then kernel [size..., channels, multiplier] is one weight a
        // channel.
        float* expanded = frame.floats(input.count() * shape.multiplier);
        repeatEach({input.batch * input.positions(), input.channels, 1}, shape.multiplier, x, expanded, parallel);
        x = expanded;
        input.channels *= shape.multiplier;
    }
    walkWindow({input, shape.window, kernel, epilogue.bias, epilogue.activation}, lineSet().depthwise, x, y, parallel);
    if (!epilogue.activation.isElementwise()) {
        activateAlong(epilogue.activation, y, {output.batch * output.positions(), output.channels, 1}, y, parallel);
    }
}

}  // namespace shapewise::kernels
