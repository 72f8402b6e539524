#include "core/kernels/window_walk.h"

#include "core/kernels/gemm_driver.h"

#include <vector>

namespace shapewise::kernels {
namespace {

/// Pointers to the lines under the window of output line (q0, q1) of a sample, and to their weights.
struct LinesUnderWindow {
    std::vector<const float*> lines;
    std::vector<const float*> weights;

    explicit LinesUnderWindow(const Window& window) {
        const auto most = static_cast<std::size_t>(window.size[0] * window.size[1]);
        lines.reserve(most);
        weights.reserve(most);
    }

    void find(const WindowWalk& walk, const float* sample, std::int64_t q0, std::int64_t q1) {
        const Window& window = walk.window;
        const Sizes3& cells = walk.input.spatial;
        lines.clear();
        weights.clear();
        for (std::int64_t tap0 = 0; tap0 < window.size[0]; ++tap0) {
            const std::int64_t i0 = q0 * window.strides[0] - window.padBefore[0] + tap0 * window.dilation[0];
            if (i0 < 0 || i0 >= cells[0]) continue;
            for (std::int64_t tap1 = 0; tap1 < window.size[1]; ++tap1) {
                const std::int64_t i1 = q1 * window.strides[1] - window.padBefore[1] + tap1 * window.dilation[1];
                if (i1 < 0 || i1 >= cells[1]) continue;
                lines.push_back(sample + (i0 * cells[1] + i1) * cells[2] * walk.input.channels);
                const std::int64_t tap = (tap0 * window.size[1] + tap1) * window.size[2];
                weights.push_back(walk.weights != nullptr ? walk.weights + tap * walk.input.channels : nullptr);
            }
        }
    }
};

}  // namespace

void walkWindow(const WindowWalk& walk, LineFunction function, const float* x, float* y, const Parallel& parallel) {
    const Sizes3 outputs = walk.window.outputSize(walk.input.spatial);
    const std::int64_t channels = walk.input.channels;
    const std::int64_t sampleSize = walk.input.positions() * channels;
    const std::int64_t lineSize = outputs[2] * channels;
    const std::int64_t lineCount = walk.input.batch * outputs[0] * outputs[1];
    parallelFor(
        parallel, lineCount, grainFor(lineSize * product(walk.window.size) / 8),
        [&](std::int64_t first, std::int64_t last) {
            LinesUnderWindow under(walk.window);
            for (std::int64_t line = first; line < last; ++line) {
                const std::int64_t q1 = line % outputs[1];
                const std::int64_t q0 = line / outputs[1] % outputs[0];
                under.find(walk, x + line / (outputs[0] * outputs[1]) * sampleSize, q0, q1);
                float* to = y + line * lineSize;
                function({under.lines.data(), under.weights.data(), static_cast<std::int64_t>(under.lines.size()),
                          walk.input.spatial[2], walk.window.size[2], walk.window.strides[2], walk.window.dilation[2],
                          walk.window.padBefore[2], outputs[2], channels, walk.bias, to});
                if (!walk.activation.isLinear() && walk.activation.isElementwise())
                    activatePiece(walk.activation, to, lineSize, to);
            }
        });
}

}  // namespace shapewise::kernels
