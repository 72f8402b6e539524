#include "core/kernels/resize.h"

#include "core/kernels/scratch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace shapewise::kernels {
namespace {

/// What one output cell takes from the input: weights of neighbouring cells.
struct Taps {
    std::int64_t first = 0;
    std::vector<float> weights;
};

struct Kernel {
    double radius;
    double (*value)(double distance);
};

double linearKernel(double x) { return std::max(0.0, 1.0 - std::abs(x)); }

/// Keys 1981 with a = -0.5.
double cubicKernel(double x) {
    const double d = std::abs(x);
    if (d >= 2.0) return 0.0;
    if (d >= 1.0) return ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0;
    return (1.5 * d - 2.5) * d * d + 1.0;
}

double lanczosKernel(double radius, double x) {
    if (std::abs(x) >= radius) return 0.0;
    if (std::abs(x) < 1e-9) return 1.0;
    const double angle = std::numbers::pi * x;
    return radius * std::sin(angle) * std::sin(angle / radius) / (angle * angle);
}

Kernel kernelOf(Interpolation interpolation) {
    switch (interpolation) {
        case Interpolation::Bicubic: return {2.0, cubicKernel};
        case Interpolation::Lanczos3: return {3.0, [](double x) { return lanczosKernel(3.0, x); }};
        case Interpolation::Lanczos5: return {5.0, [](double x) { return lanczosKernel(5.0, x); }};
        default: return {1.0, linearKernel};
    }
}

std::vector<Taps> nearestTaps(std::int64_t input, std::int64_t output) {
    std::vector<Taps> taps;
    const double scale = static_cast<double>(input) / static_cast<double>(output);
    for (std::int64_t index = 0; index < output; ++index) {
        const auto cell = static_cast<std::int64_t>(std::floor((static_cast<double>(index) + 0.5) * scale));
        taps.push_back({std::clamp<std::int64_t>(cell, 0, input - 1), {1.0F}});
    }
    return taps;
}

/// Mean of the input under the output cell, parts of cells by their share.
std::vector<Taps> areaTaps(std::int64_t input, std::int64_t output) {
    std::vector<Taps> taps;
    const double scale = static_cast<double>(input) / static_cast<double>(output);
    for (std::int64_t index = 0; index < output; ++index) {
        const double start = static_cast<double>(index) * scale;
        const double end = start + scale;
        Taps tap{static_cast<std::int64_t>(std::floor(start)), {}};
        for (std::int64_t cell = tap.first; static_cast<double>(cell) < end && cell < input; ++cell) {
            const double share =
                std::min(end, static_cast<double>(cell + 1)) - std::max(start, static_cast<double>(cell));
            tap.weights.push_back(static_cast<float>(share / scale));
        }
        taps.push_back(std::move(tap));
    }
    return taps;
}

std::vector<Taps> kernelTaps(std::int64_t input, std::int64_t output, const Kernel& kernel, bool antialias) {
    std::vector<Taps> taps;
    const double scale = static_cast<double>(input) / static_cast<double>(output);
    const double widening = antialias ? std::max(1.0, scale) : 1.0;
    for (std::int64_t index = 0; index < output; ++index) {
        const double center = (static_cast<double>(index) + 0.5) * scale - 0.5;
        const double reach = kernel.radius * widening;
        const auto low = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(center - reach)));
        const auto high = std::min(input - 1, static_cast<std::int64_t>(std::floor(center + reach)));
        std::vector<double> weights;
        double sum = 0.0;
        for (std::int64_t cell = low; cell <= high; ++cell) {
            weights.push_back(kernel.value((static_cast<double>(cell) - center) / widening));
            sum += weights.back();
        }
        Taps tap{low, {}};
        for (const double weight : weights) tap.weights.push_back(static_cast<float>(weight / sum));
        taps.push_back(std::move(tap));
    }
    return taps;
}

std::vector<Taps> tapsFor(Interpolation interpolation, std::int64_t input, std::int64_t output, bool antialias) {
    if (interpolation == Interpolation::Nearest) return nearestTaps(input, output);
    if (interpolation == Interpolation::Area) return areaTaps(input, output);
    return kernelTaps(input, output, kernelOf(interpolation), antialias);
}

/// y = weighted sum of lines `distance` apart. A single tap is a copy, so that nearest keeps infinities and NaN as they
/// are.
void combineLines(const Taps& taps, const float* x, std::int64_t distance, std::int64_t length, float* y) {
    const float* from = x + taps.first * distance;
    if (taps.weights.size() == 1) {
        std::copy(from, from + length, y);
        return;
    }
    std::fill(y, y + length, 0.0F);
    for (const float weight : taps.weights) {
        for (std::int64_t index = 0; index < length; ++index) y[index] += weight * from[index];
        from += distance;
    }
}

}  // namespace

std::optional<Interpolation> interpolationFromName(std::string_view name) {
    using I = Interpolation;
    constexpr std::array<std::pair<std::string_view, I>, 6> kNames{{{"nearest", I::Nearest},
                                                                    {"bilinear", I::Bilinear},
                                                                    {"bicubic", I::Bicubic},
                                                                    {"lanczos3", I::Lanczos3},
                                                                    {"lanczos5", I::Lanczos5},
                                                                    {"area", I::Area}}};
    const auto* found =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == name; });
    return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

void resize(const ResizeShape& shape, Interpolation interpolation, const float* x, float* y, const Parallel& parallel) {
    const std::int64_t inHeight = shape.input.spatial[1];
    const std::int64_t inWidth = shape.input.spatial[2];
    const std::int64_t channels = shape.input.channels;
    const std::vector<Taps> rows = tapsFor(interpolation, inHeight, shape.height, shape.antialias);
    const std::vector<Taps> columns = tapsFor(interpolation, inWidth, shape.width, shape.antialias);
    const std::int64_t lineSize = inWidth * channels;
    parallelFor(
        parallel, shape.input.batch * shape.height, grainFor(4 * lineSize), [&](std::int64_t first, std::int64_t last) {
            ScratchFrame frame;
            float* line = frame.floats(lineSize);
            for (std::int64_t index = first; index < last; ++index) {
                const float* image = x + index / shape.height * inHeight * lineSize;
                combineLines(rows[static_cast<std::size_t>(index % shape.height)], image, lineSize, lineSize, line);
                float* to = y + index * shape.width * channels;
                for (const Taps& taps : columns) {
                    combineLines(taps, line, channels, channels, to);
                    to += channels;
                }
            }
        });
}

Box cropToAspectRatio(std::int64_t imageHeight, std::int64_t imageWidth, std::int64_t height, std::int64_t width) {
    Box box;
    box.height = std::min(imageHeight, imageWidth * height / width);
    box.width = std::min(imageWidth, imageHeight * width / height);
    box.height = std::max<std::int64_t>(box.height, 1);
    box.width = std::max<std::int64_t>(box.width, 1);
    box.top = (imageHeight - box.height) / 2;
    box.left = (imageWidth - box.width) / 2;
    return box;
}

Box padToAspectRatio(std::int64_t imageHeight, std::int64_t imageWidth, std::int64_t height, std::int64_t width) {
    Box box;
    box.height = std::max(imageHeight, imageWidth * height / width);
    box.width = std::max(imageWidth, imageHeight * width / height);
    box.top = (box.height - imageHeight) / 2;
    box.left = (box.width - imageWidth) / 2;
    return box;
}

void centerCrop(const ResizeShape& shape, const float* x, float* y, const Parallel& parallel) {
    const std::int64_t inHeight = shape.input.spatial[1];
    const std::int64_t inWidth = shape.input.spatial[2];
    const bool fits = inHeight >= shape.height && inWidth >= shape.width;
    Box box{(inHeight - shape.height) / 2, (inWidth - shape.width) / 2, shape.height, shape.width};
    if (!fits) box = cropToAspectRatio(inHeight, inWidth, shape.height, shape.width);
    const std::int64_t channels = shape.input.channels;
    ScratchFrame frame;
    float* part = fits ? y : frame.floats(shape.input.batch * box.height * box.width * channels);
    const std::int64_t lineSize = box.width * channels;
    parallelFor(parallel, shape.input.batch * box.height, grainFor(lineSize),
                [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t index = first; index < last; ++index) {
                        const std::int64_t row = index / box.height * inHeight + box.top + index % box.height;
                        const float* from = x + (row * inWidth + box.left) * channels;
                        std::copy(from, from + lineSize, part + index * lineSize);
                    }
                });
    if (fits) return;
    ResizeShape cropped = shape;
    cropped.input.spatial = {1, box.height, box.width};
    resize(cropped, Interpolation::Bilinear, part, y, parallel);
}

}  // namespace shapewise::kernels
