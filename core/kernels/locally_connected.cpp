#include "core/kernels/locally_connected.h"

#include "core/base/checked_math.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace shapewise::kernels {

namespace {

/// How often a ramp that starts at `first` and falls by `stride` is above 0, summed: first + (first - stride) + ...,
/// at most `most` terms.
std::int64_t rampSum(std::int64_t first, std::int64_t stride, std::int64_t most) {
    if (first <= 0) return 0;
    const std::int64_t terms = std::min(most, (first + stride - 1) / stride);
    return terms * first - stride * (terms * (terms - 1) / 2);
}

struct Connection {
    std::int64_t position;  ///< of the input
    std::int64_t tap;       ///< of the window
};

/// The cells of the input one output position sees, in the order of memory.
void collectConnections(const LocalShape& shape, std::int64_t position, std::vector<Connection>& found) {
    found.clear();
    Sizes3 start{};
    std::int64_t rest = position;
    for (std::size_t axis = 3; axis-- > 0;) {
        start[axis] = rest % shape.output[axis] * shape.strides[axis] - shape.before[axis];
        rest /= shape.output[axis];
    }
    const Sizes3& size = shape.size;
    const Sizes3& cells = shape.input.spatial;
    const auto isInside = [&](std::size_t axis, std::int64_t tap) {
        return start[axis] + tap >= 0 && start[axis] + tap < cells[axis];
    };
    for (std::int64_t a = 0; a < size[0]; ++a)
        for (std::int64_t b = 0; b < size[1] && isInside(0, a); ++b)
            for (std::int64_t c = 0; c < size[2] && isInside(1, b); ++c)
                if (isInside(2, c))
                    found.push_back({((start[0] + a) * cells[1] + start[1] + b) * cells[2] + start[2] + c,
                                     (a * size[1] + b) * size[2] + c});
}

/// Where the weights of one output position lie.
struct KernelPlace {
    std::int64_t first = 0;
    std::int64_t perConnection = 0;
    std::int64_t perChannel = 0;
    std::int64_t perFilter = 1;
    bool byTap = false;       ///< `perConnection` counts taps of the window
    bool byPosition = false;  ///< it counts positions of the input; else connections
};

KernelPlace kernelPlace(const LocalShape& shape, std::int64_t position, std::int64_t connections,
                        std::int64_t connectionsBefore, std::int64_t allConnections) {
    const std::int64_t channels = shape.input.channels;
    const std::int64_t filters = shape.filters;
    const std::int64_t outputs = product(shape.output);
    const std::int64_t taps = product(shape.size);
    const bool first = shape.channelsFirst;
    switch (shape.layout) {
        case LocalKernel::Windows:
            return {.first = position * taps * channels * filters,
                    .perConnection = first ? filters : channels * filters,
                    .perChannel = first ? taps * filters : filters,
                    .byTap = true};
        case LocalKernel::Masked: {
            const std::int64_t row = outputs * filters;
            return {.first = first ? position : position * filters,
                    .perConnection = first ? row : channels * row,
                    .perChannel = first ? shape.input.positions() * row : row,
                    .perFilter = first ? outputs : 1,
                    .byPosition = true};
        }
        case LocalKernel::Sparse: break;
    }
    return {.first = channels * (first ? connectionsBefore : filters * connectionsBefore),
            .perConnection = first ? 1 : channels,
            .perChannel = first ? connections : 1,
            .perFilter = first ? channels * allConnections : channels * connections};
}

void computePosition(const LocalShape& shape, std::int64_t position, const std::vector<Connection>& connections,
                     const KernelPlace& place, const float* x, const float* kernel, const float* bias, float* y) {
    const std::int64_t channels = shape.input.channels;
    const std::int64_t cells = shape.input.positions();
    const std::int64_t outputs = product(shape.output);
    const bool channelsFirst = shape.channelsFirst;
    std::vector<float> sums(static_cast<std::size_t>(shape.filters));
    for (std::int64_t sample = 0; sample < shape.input.batch; ++sample) {
        std::fill(sums.begin(), sums.end(), 0.0F);
        const float* values = x + sample * cells * channels;
        std::int64_t ordinal = 0;
        for (const Connection& connection : connections) {
            const std::int64_t step = place.byTap ? connection.tap : place.byPosition ? connection.position : ordinal;
            ++ordinal;
            for (std::int64_t channel = 0; channel < channels; ++channel) {
                const float value = values[channelsFirst ? channel * cells + connection.position
                                                         : connection.position * channels + channel];
                const float* weights = kernel + place.first + step * place.perConnection + channel * place.perChannel;
                for (std::size_t filter = 0; filter < sums.size(); ++filter)
                    sums[filter] += value * weights[static_cast<std::int64_t>(filter) * place.perFilter];
            }
        }
        for (std::int64_t filter = 0; filter < shape.filters; ++filter) {
            const std::int64_t at = channelsFirst ? filter * outputs + position : position * shape.filters + filter;
            y[sample * outputs * shape.filters + at] =
                sums[static_cast<std::size_t>(filter)] + (bias != nullptr ? bias[at] : 0.0F);
        }
    }
}

}  // namespace

std::int64_t connectedPairs(std::int64_t length, std::int64_t outputs, std::int64_t size, std::int64_t stride,
                            std::int64_t before) {
    constexpr std::int64_t kMost = std::int64_t{1} << 30;
    if (std::max({length, outputs, size, stride}) > kMost) return std::numeric_limits<std::int64_t>::max();
    if (outputs <= 0) return 0;
    const std::int64_t beyond = (outputs - 1) * stride - before + size - length;  // of the last window
    return outputs * size - rampSum(before, stride, outputs) - rampSum(beyond, stride, outputs);
}

void locallyConnected(const LocalShape& shape, const float* x, const float* kernel, const float* bias, float* y,
                      const Parallel& parallel) {
    const std::int64_t outputs = product(shape.output);
    std::vector<std::int64_t> before(static_cast<std::size_t>(outputs) + 1, 0);
    if (shape.layout == LocalKernel::Sparse) {
        std::vector<Connection> connections;
        for (std::int64_t position = 0; position < outputs; ++position) {
            collectConnections(shape, position, connections);
            before[static_cast<std::size_t>(position) + 1] =
                before[static_cast<std::size_t>(position)] + static_cast<std::int64_t>(connections.size());
        }
    }
    const std::int64_t work = product(shape.size) * shape.input.channels * shape.filters * shape.input.batch;
    parallelFor(parallel, outputs, grainFor(work), [&](std::int64_t begin, std::int64_t end) {
        std::vector<Connection> connections;
        for (std::int64_t position = begin; position < end; ++position) {
            collectConnections(shape, position, connections);
            const KernelPlace place = kernelPlace(shape, position, static_cast<std::int64_t>(connections.size()),
                                                  before[static_cast<std::size_t>(position)], before.back());
            computePosition(shape, position, connections, place, x, kernel, bias, y);
        }
    });
}

}  // namespace shapewise::kernels
