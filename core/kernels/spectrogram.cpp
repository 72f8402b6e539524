#include "core/kernels/spectrogram.h"

#include "core/kernels/matmul.h"
#include "core/kernels/scratch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace shapewise::kernels {
namespace {

/// The floor of silence in Keras: keras.backend.epsilon().
constexpr float kEpsilon = 1e-7F;

SpectrumValue transformedValue(SpectrogramMode mode) {
    switch (mode) {
        case SpectrogramMode::Real: return SpectrumValue::Real;
        case SpectrogramMode::Imaginary: return SpectrumValue::Imaginary;
        case SpectrogramMode::Angle: return SpectrumValue::Angle;
        case SpectrogramMode::Stft: return SpectrumValue::Complex;
        default: return SpectrumValue::Power;
    }
}

/// From what stft() gave for a frame to the mode's values. from and to do not overlap.
void finishFrame(SpectrogramMode mode, const float* from, std::int64_t bins, float* to) {
    for (std::int64_t bin = 0; bin < bins; ++bin) {
        switch (mode) {
            case SpectrogramMode::Psd: to[bin] = bin == 0 || bin == bins - 1 ? from[bin] : 2.0F * from[bin]; break;
            case SpectrogramMode::Magnitude: to[bin] = std::sqrt(std::max(from[bin], kEpsilon)); break;
            case SpectrogramMode::Log:
                to[bin] = std::log(std::max(std::sqrt(std::max(from[bin], kEpsilon)), kEpsilon));
                break;
            case SpectrogramMode::Stft:
                to[bin] = from[2 * bin];
                to[bins + bin] = from[2 * bin + 1];
                break;
            default: to[bin] = from[bin]; break;
        }
    }
}

/// cos or -sin over one turn of N = 2 (bins - 1) steps.
std::vector<double> oneTurn(const StftSpec& spec, SpectrogramSide side) {
    const std::int64_t count = std::max<std::int64_t>(1, 2 * (spec.bins() - 1));
    std::vector<double> wave(static_cast<std::size_t>(count));
    for (std::size_t step = 0; step < wave.size(); ++step) {
        const double phase = 2.0 * std::numbers::pi * static_cast<double>(step) / static_cast<double>(count);
        wave[step] = side == SpectrogramSide::Real ? std::cos(phase) : -std::sin(phase);
    }
    return wave;
}

/// Whether a kernel is what the layer starts with, up to rounding.
bool isUntrained(const StftSpec& spec, SpectrogramSide side, const float* kernel) {
    constexpr float kRounding = 1e-6F;
    if (kernel == nullptr) return true;
    std::vector<float> expected(static_cast<std::size_t>(spec.frameLength * spec.bins()));
    fillSpectrogramKernel(spec, side, expected);
    float peak = 0.0F;
    for (const float value : expected) peak = std::max(peak, std::abs(value));
    for (std::size_t place = 0; place < expected.size(); ++place)
        if (!(std::abs(kernel[place] - expected[place]) <= kRounding * peak)) return false;
    return true;
}

/// Spectra of the frames of one signal: [frames, bins], or with both parts [frames, 2 * bins], 2 * bins numbers apart.
class Projection {
  public:
    Projection(const SpectrogramSpec& spec, const SpectrogramKernels& kernels) : spec_(spec), kernels_(kernels) {
        const bool isOdd = spec.stft.fftLength % 2 == 1;
        const bool isGiven = kernels.real != nullptr || kernels.imaginary != nullptr;
        usesFourier_ = !isOdd && isUntrained(spec.stft, SpectrogramSide::Real, kernels.real) &&
                       isUntrained(spec.stft, SpectrogramSide::Imaginary, kernels.imaginary);
        if (usesFourier_ || isGiven) return;
        const auto count = static_cast<std::size_t>(spec.stft.frameLength * spec.stft.bins());
        ownReal_.resize(count);
        ownImaginary_.resize(count);
        fillSpectrogramKernel(spec.stft, SpectrogramSide::Real, ownReal_);
        fillSpectrogramKernel(spec.stft, SpectrogramSide::Imaginary, ownImaginary_);
        kernels_ = {ownReal_.data(), ownImaginary_.data()};
    }

    void run(const SignalView& signal, float* spectra, const Parallel& parallel) const {
        const SpectrumValue value = transformedValue(spec_.mode);
        const std::int64_t bins = spec_.stft.bins();
        if (usesFourier_) return stft(spec_.stft, signal, value, spectra, 2 * bins, parallel);
        constexpr std::int64_t kFramesAtOnce = 256;
        const std::int64_t frames = spec_.stft.frames(signal.count);
        for (std::int64_t first = 0; first < frames && !parallel.stopRequested(); first += kFramesAtOnce)
            project(signal, first, std::min(frames, first + kFramesAtOnce), value, spectra, parallel);
    }

  private:
    void project(const SignalView& signal, std::int64_t first, std::int64_t last, SpectrumValue value, float* spectra,
                 const Parallel& parallel) const {
        const std::int64_t length = spec_.stft.frameLength;
        const std::int64_t bins = spec_.stft.bins();
        const std::int64_t before = spec_.stft.paddingBefore(signal.count);
        const std::int64_t rows = last - first;
        ScratchFrame frame;
        float* cut = frame.floats(rows * length);
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t time = 0; time < length; ++time) {
                const std::int64_t at = (first + row) * spec_.stft.frameStep - before + time;
                cut[row * length + time] = at >= 0 && at < signal.count ? signal.data[at * signal.stride] : 0.0F;
            }
        float* parts[] = {frame.floats(rows * bins), frame.floats(rows * bins)};
        const float* sides[] = {kernels_.real, kernels_.imaginary};
        for (std::size_t side = 0; side < 2; ++side) {
            std::fill_n(parts[side], rows * bins, 0.0F);
            if (sides[side] != nullptr)
                matmul(MatrixView::rowMajor(cut, rows, length), MatrixView::rowMajor(sides[side], length, bins),
                       parts[side], bins, {}, parallel);
        }
        float* spectrum = frame.floats(2 * bins);
        for (std::int64_t row = 0; row < rows; ++row) {
            for (std::int64_t bin = 0; bin < bins; ++bin) {
                spectrum[2 * bin] = parts[0][row * bins + bin];
                spectrum[2 * bin + 1] = parts[1][row * bins + bin];
            }
            storeSpectrum(value, spectrum, bins, spectra + (first + row) * 2 * bins);
        }
    }

    const SpectrogramSpec& spec_;
    SpectrogramKernels kernels_;
    bool usesFourier_ = true;
    std::vector<float> ownReal_;
    std::vector<float> ownImaginary_;
};

}  // namespace

std::optional<SpectrogramMode> spectrogramModeFromName(std::string_view name) {
    using Mode = SpectrogramMode;
    constexpr std::array<std::pair<std::string_view, Mode>, 7> kModes{{{"log", Mode::Log},
                                                                       {"magnitude", Mode::Magnitude},
                                                                       {"psd", Mode::Psd},
                                                                       {"real", Mode::Real},
                                                                       {"imag", Mode::Imaginary},
                                                                       {"angle", Mode::Angle},
                                                                       {"stft", Mode::Stft}}};
    const auto* found =
        std::find_if(kModes.begin(), kModes.end(), [&](const auto& mode) { return mode.first == name; });
    return found == kModes.end() ? std::nullopt : std::optional(found->second);
}

std::vector<double> scaledWindow(std::vector<double> window, SpectrogramScaling scaling) {
    if (scaling == SpectrogramScaling::None || window.empty()) return window;
    double sum = 0.0;
    double squares = 0.0;
    for (const double value : window) {
        sum += std::abs(value);
        squares += value * value;
    }
    const double divisor = scaling == SpectrogramScaling::Density ? std::sqrt(squares) : sum;
    for (double& value : window) value /= divisor;
    return window;
}

Extents SpectrogramSpec::outputExtents(const Extents& input) const {
    const std::int64_t samples = channelsFirst ? input[2] : input[1];
    const std::int64_t channels = channelsFirst ? input[1] : input[2];
    const std::int64_t frames = stft.frames(samples);
    const std::int64_t bins = stft.bins() * (mode == SpectrogramMode::Stft ? 2 : 1);
    if (expandDims)
        return channelsFirst ? Extents{input[0], channels, frames, bins} : Extents{input[0], frames, bins, channels};
    return channelsFirst ? Extents{input[0], channels * bins, frames} : Extents{input[0], frames, channels * bins};
}

void fillSpectrogramKernel(const StftSpec& spec, SpectrogramSide side, std::span<float> kernel) {
    const std::int64_t bins = spec.bins();
    const std::vector<double> wave = oneTurn(spec, side);
    const auto turn = static_cast<std::int64_t>(wave.size());
    for (std::int64_t time = 0; time < spec.frameLength; ++time) {
        const double factor = spec.window.empty() ? 1.0 : spec.window[static_cast<std::size_t>(time)];
        for (std::int64_t bin = 0; bin < bins; ++bin) {
            const auto phase = static_cast<std::size_t>(time % turn * bin % turn);
            kernel[static_cast<std::size_t>(time * bins + bin)] = static_cast<float>(wave[phase] * factor);
        }
    }
}

void stftSpectrogram(const SpectrogramSpec& spec, const SpectrogramKernels& kernels, const TensorView& x, float* y,
                     const Parallel& parallel) {
    const std::int64_t samples = spec.channelsFirst ? x.size(2) : x.size(1);
    const std::int64_t channels = spec.channelsFirst ? x.size(1) : x.size(2);
    const std::int64_t frames = spec.stft.frames(samples);
    const std::int64_t transformed = spec.stft.bins();
    const std::int64_t bins = transformed * (spec.mode == SpectrogramMode::Stft ? 2 : 1);
    // Where value (frame, bin) of a channel goes: start + frame * frameStep + bin * binStep.
    const std::int64_t frameStep = spec.channelsFirst ? (spec.expandDims ? bins : 1) : channels * bins;
    const std::int64_t binStep = spec.channelsFirst ? (spec.expandDims ? 1 : frames) : (spec.expandDims ? channels : 1);
    const std::int64_t channelStep = spec.channelsFirst ? bins * frames : (spec.expandDims ? 1 : bins);
    const Projection projection(spec, kernels);
    ScratchFrame outside;
    float* spectra = outside.floats(frames * 2 * transformed);
    for (std::int64_t index = 0; index < x.size(0) * channels; ++index) {
        const std::int64_t sample = index / channels;
        const std::int64_t channel = index % channels;
        SignalView signal{x.data + sample * samples * channels + channel, samples, channels};
        if (spec.channelsFirst) signal = {x.data + index * samples, samples, 1};
        projection.run(signal, spectra, parallel);
        float* to = y + sample * frames * channels * bins + channel * channelStep;
        parallelFor(parallel, frames, grainFor(8 * bins), [&](std::int64_t first, std::int64_t last) {
            ScratchFrame frame;
            float* values = frame.floats(bins);
            for (std::int64_t at = first; at < last; ++at) {
                finishFrame(spec.mode, spectra + at * 2 * transformed, transformed, values);
                for (std::int64_t bin = 0; bin < bins; ++bin) to[at * frameStep + bin * binStep] = values[bin];
            }
        });
    }
}

}  // namespace shapewise::kernels
