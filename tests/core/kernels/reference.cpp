#include "tests/core/kernels/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::kernels::reference {
namespace {

/// Calls visit(batch, q0, q1, q2, index) for each cell of an image.
template <class Visit>
void forEachCell(const ImageSize& image, Visit visit) {
    std::int64_t index = 0;
    for (std::int64_t batch = 0; batch < image.batch; ++batch) {
        for (std::int64_t q0 = 0; q0 < image.spatial[0]; ++q0) {
            for (std::int64_t q1 = 0; q1 < image.spatial[1]; ++q1) {
                for (std::int64_t q2 = 0; q2 < image.spatial[2]; ++q2) visit(batch, Sizes3{q0, q1, q2}, index++);
            }
        }
    }
}

/// Calls visit(tap, cell) for each tap of the window at output q whose input cell lies inside.
template <class Visit>
void forEachTap(const ImageSize& input, const Window& window, std::int64_t batch, const Sizes3& q, Visit visit) {
    std::int64_t tap = 0;
    for (std::int64_t k0 = 0; k0 < window.size[0]; ++k0) {
        for (std::int64_t k1 = 0; k1 < window.size[1]; ++k1) {
            for (std::int64_t k2 = 0; k2 < window.size[2]; ++k2, ++tap) {
                const Sizes3 k{k0, k1, k2};
                Sizes3 at{};
                bool inside = true;
                for (std::size_t axis = 0; axis < 3; ++axis) {
                    at[axis] =
                        q[axis] * window.strides[axis] + k[axis] * window.dilation[axis] - window.padBefore[axis];
                    inside = inside && at[axis] >= 0 && at[axis] < input.spatial[axis];
                }
                const auto& s = input.spatial;
                if (inside) visit(tap, ((batch * s[0] + at[0]) * s[1] + at[1]) * s[2] + at[2]);
            }
        }
    }
}

double at(const Floats& values, std::int64_t index) {
    return static_cast<double>(values[static_cast<std::size_t>(index)]);
}

Floats sized(std::int64_t count) { return Floats(static_cast<std::size_t>(count)); }

}  // namespace

Floats randomValues(std::int64_t count, unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    Floats values = sized(count);
    for (float& value : values) value = normal(generator);
    return values;
}

Floats matmul(const Floats& a, const Floats& b, std::int64_t m, std::int64_t k, std::int64_t n, const float* bias) {
    Floats c = sized(m * n);
    for (std::int64_t row = 0; row < m; ++row) {
        for (std::int64_t column = 0; column < n; ++column) {
            double sum = bias != nullptr ? static_cast<double>(bias[column]) : 0.0;
            for (std::int64_t depth = 0; depth < k; ++depth) sum += at(a, row * k + depth) * at(b, depth * n + column);
            c[static_cast<std::size_t>(row * n + column)] = static_cast<float>(sum);
        }
    }
    return c;
}

Floats convolution(const ConvolutionShape& shape, const Floats& x, const Floats& kernel, const Floats& bias) {
    const ImageSize output = shape.output();
    const std::int64_t channels = shape.input.channels / shape.groups;
    const std::int64_t groupFilters = shape.filters / shape.groups;
    Floats y = sized(output.count());
    forEachCell(output, [&](std::int64_t batch, const Sizes3& q, std::int64_t index) {
        for (std::int64_t filter = 0; filter < shape.filters; ++filter) {
            const std::int64_t firstChannel = filter / groupFilters * channels;
            double sum = at(bias, filter);
            forEachTap(shape.input, shape.window, batch, q, [&](std::int64_t tap, std::int64_t cell) {
                for (std::int64_t c = 0; c < channels; ++c) {
                    sum += at(x, cell * shape.input.channels + firstChannel + c) *
                           at(kernel, (tap * channels + c) * shape.filters + filter);
                }
            });
            y[static_cast<std::size_t>(index * shape.filters + filter)] = static_cast<float>(sum);
        }
    });
    return y;
}

Floats depthwise(const DepthwiseShape& shape, const Floats& x, const Floats& kernel, const Floats& bias) {
    const ImageSize output = shape.output();
    Floats y = sized(output.count());
    forEachCell(output, [&](std::int64_t batch, const Sizes3& q, std::int64_t index) {
        for (std::int64_t channel = 0; channel < output.channels; ++channel) {
            double sum = at(bias, channel);
            forEachTap(shape.input, shape.window, batch, q, [&](std::int64_t tap, std::int64_t cell) {
                sum += at(x, cell * shape.input.channels + channel / shape.multiplier) *
                       at(kernel, tap * output.channels + channel);
            });
            y[static_cast<std::size_t>(index * output.channels + channel)] = static_cast<float>(sum);
        }
    });
    return y;
}

Floats transposed(const TransposedShape& shape, const Floats& x, const Floats& kernel, const Floats& bias) {
    const ImageSize output = shape.output();
    std::vector<double> sums(static_cast<std::size_t>(output.count()));
    for (std::size_t index = 0; index < sums.size(); ++index)
        sums[index] = static_cast<double>(bias[index % bias.size()]);
    const ImageSize taps{1, shape.size, 1};
    forEachCell(shape.input, [&](std::int64_t batch, const Sizes3& i, std::int64_t cell) {
        forEachCell(taps, [&](std::int64_t, const Sizes3& k, std::int64_t tap) {
            Sizes3 o{};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                o[axis] = i[axis] * shape.strides[axis] + k[axis] * shape.dilation[axis] - shape.crop[axis];
                if (o[axis] < 0 || o[axis] >= shape.outputSize[axis]) return;
            }
            const std::int64_t to =
                ((batch * shape.outputSize[0] + o[0]) * shape.outputSize[1] + o[1]) * shape.outputSize[2] + o[2];
            for (std::int64_t filter = 0; filter < shape.filters; ++filter) {
                for (std::int64_t c = 0; c < shape.input.channels; ++c) {
                    sums[static_cast<std::size_t>(to * shape.filters + filter)] +=
                        at(x, cell * shape.input.channels + c) *
                        at(kernel, (tap * shape.filters + filter) * shape.input.channels + c);
                }
            }
        });
    });
    Floats y = sized(output.count());
    std::transform(sums.begin(), sums.end(), y.begin(), [](double sum) { return static_cast<float>(sum); });
    return y;
}

Floats pooling(PoolingKind kind, const ImageSize& input, const Window& window, const Floats& x) {
    const ImageSize output{input.batch, window.outputSize(input.spatial), input.channels};
    Floats y = sized(output.count());
    forEachCell(output, [&](std::int64_t batch, const Sizes3& q, std::int64_t index) {
        for (std::int64_t channel = 0; channel < input.channels; ++channel) {
            double sum = 0.0;
            double most = -std::numeric_limits<double>::infinity();
            double cells = 0.0;
            forEachTap(input, window, batch, q, [&](std::int64_t, std::int64_t cell) {
                const double value = at(x, cell * input.channels + channel);
                sum += value;
                cells += 1.0;
                if (value > most || std::isnan(value)) most = value;
            });
            const double result = kind == PoolingKind::Maximum ? most : sum / std::max(cells, 1.0);
            y[static_cast<std::size_t>(index * input.channels + channel)] = static_cast<float>(result);
        }
    });
    return y;
}

double deviation(const Floats& a, const Floats& b) {
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double most = 0.0;
    for (std::size_t index = 0; index < a.size(); ++index) {
        const auto left = static_cast<double>(a[index]);
        const auto right = static_cast<double>(b[index]);
        if (std::isnan(left) != std::isnan(right)) return std::numeric_limits<double>::infinity();
        if (std::isnan(left) || left == right) continue;
        most = std::max(most, std::abs(left - right) / (1.0 + std::abs(right)));
    }
    return most;
}

}  // namespace shapewise::kernels::reference
