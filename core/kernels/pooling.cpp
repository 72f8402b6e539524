#include "core/kernels/pooling.h"

#include "core/kernels/scratch.h"
#include "core/kernels/window_walk.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace shapewise::kernels {
namespace {

struct Range {
    std::int64_t first;
    std::int64_t end;
};

/// Keeps the larger value; NaN wins.
inline float larger(float most, float value) { return value > most || value != value ? value : most; }

/// Sum or maximum over the cells of a box of one sample. x: [cells..., channels] -> y: [channels].
/// Sums are taken line by line, so that rounding errors do not grow with the size of the box.
class BoxReduction {
  public:
    BoxReduction(PoolingKind kind, const ImageSize& input)
        : kind_(kind),
          input_(input),
          sums_(static_cast<std::size_t>(input.channels)),
          line_(static_cast<std::size_t>(input.channels)) {}

    void reduce(const float* sample, const std::array<Range, 3>& box, float* y) {
        const std::int64_t channels = input_.channels;
        if (kind_ == PoolingKind::Maximum) std::fill(y, y + channels, -std::numeric_limits<float>::infinity());
        std::fill(sums_.begin(), sums_.end(), 0.0);
        for (std::int64_t i0 = box[0].first; i0 < box[0].end; ++i0) {
            for (std::int64_t i1 = box[1].first; i1 < box[1].end; ++i1) {
                const std::int64_t line = (i0 * input_.spatial[1] + i1) * input_.spatial[2];
                addLine(sample + (line + box[2].first) * channels, box[2].end - box[2].first, y);
            }
        }
        if (kind_ == PoolingKind::Maximum) return;
        const auto cells = static_cast<double>((box[0].end - box[0].first) * (box[1].end - box[1].first) *
                                               (box[2].end - box[2].first));
        for (std::int64_t channel = 0; channel < channels; ++channel) {
            y[channel] = static_cast<float>(sums_[static_cast<std::size_t>(channel)] / cells);
        }
    }

  private:
    void addLine(const float* cell, std::int64_t cells, float* y) {
        const std::int64_t channels = input_.channels;
        if (kind_ == PoolingKind::Maximum) {
            for (std::int64_t index = 0; index < cells; ++index, cell += channels) {
                for (std::int64_t channel = 0; channel < channels; ++channel)
                    y[channel] = larger(y[channel], cell[channel]);
            }
            return;
        }
        constexpr std::int64_t kPiece = 64;
        for (std::int64_t first = 0; first < cells; first += kPiece) {
            std::fill(line_.begin(), line_.end(), 0.0F);
            for (std::int64_t index = first; index < std::min(cells, first + kPiece); ++index, cell += channels) {
                for (std::size_t channel = 0; channel < line_.size(); ++channel) line_[channel] += cell[channel];
            }
            for (std::size_t channel = 0; channel < line_.size(); ++channel)
                sums_[channel] += static_cast<double>(line_[channel]);
        }
    }

    PoolingKind kind_;
    const ImageSize& input_;
    std::vector<double> sums_;
    std::vector<float> line_;
};

}  // namespace

void pooling(PoolingKind kind, const ImageSize& input, const Window& window, const float* x, float* y,
             const Parallel& parallel) {
    walkWindow({input, window, nullptr, nullptr, {}}, kind == PoolingKind::Maximum ? lineSet().maximum : lineSet().mean,
               x, y, parallel);
}

void globalPooling(PoolingKind kind, const ImageSize& input, const float* x, float* y, const Parallel& parallel) {
    adaptivePooling(kind, input, {1, 1, 1}, x, y, parallel);
}

void maskedGlobalAverage(const ImageSize& input, const float* x, const float* mask, float* y,
                         const Parallel& parallel) {
    const std::int64_t time = input.positions();
    parallelFor(parallel, input.batch, grainFor(time * input.channels), [&](std::int64_t first, std::int64_t last) {
        std::vector<double> sums(static_cast<std::size_t>(input.channels));
        for (std::int64_t sample = first; sample < last; ++sample) {
            std::fill(sums.begin(), sums.end(), 0.0);
            double steps = 0.0;
            for (std::int64_t step = 0; step < time; ++step) {
                if (mask[sample * time + step] == 0.0F) continue;
                steps += 1.0;
                const float* cell = x + (sample * time + step) * input.channels;
                for (std::size_t channel = 0; channel < sums.size(); ++channel)
                    sums[channel] += static_cast<double>(cell[channel]);
            }
            float* to = y + sample * input.channels;
            for (std::size_t channel = 0; channel < sums.size(); ++channel)
                to[channel] = static_cast<float>(sums[channel] / steps);
        }
    });
}

void adaptivePooling(PoolingKind kind, const ImageSize& input, const Sizes3& outputSize, const float* x, float* y,
                     const Parallel& parallel) {
    const auto window = [&](std::size_t axis, std::int64_t index) {
        const std::int64_t cells = input.spatial[axis];
        const std::int64_t outputs = outputSize[axis];
        return Range{index * cells / outputs, ((index + 1) * cells + outputs - 1) / outputs};
    };
    const std::int64_t outputs = product(outputSize);
    const std::int64_t cost = input.positions() * input.channels / std::max<std::int64_t>(outputs, 1) + input.channels;
    parallelFor(parallel, input.batch * outputs, grainFor(cost), [&](std::int64_t first, std::int64_t last) {
        BoxReduction reduction(kind, input);
        for (std::int64_t index = first; index < last; ++index) {
            const std::int64_t at = index % outputs;
            const float* sample = x + index / outputs * input.positions() * input.channels;
            reduction.reduce(sample,
                             {window(0, at / (outputSize[1] * outputSize[2])),
                              window(1, at / outputSize[2] % outputSize[1]), window(2, at % outputSize[2])},
                             y + index * input.channels);
        }
    });
}

}  // namespace shapewise::kernels
