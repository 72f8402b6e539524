#include "core/kernels/stft.h"

#include "core/base/checked_math.h"
#include "core/kernels/scratch.h"

#include <fftw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

namespace shapewise::kernels {
namespace {

/// Frames transformed by one call. A fixed number, so that every frame is computed by the same plan on any number of threads.
constexpr std::int64_t kFramesAtOnce = 16;

/// Plans for kFramesAtOnce real transforms, by length. FFTW's planner is not thread-safe, running a plan is. Estimated
/// plans are the same in every run, measured ones are not.
class PlanCache {
public:
    fftwf_plan plan(std::int64_t length) {
        const std::scoped_lock lock(mutex_);
        const auto found = plans_.find(length);
        if (found != plans_.end()) return found->second;
        ScratchFrame frame;
        float* in = frame.floats(kFramesAtOnce * length);
        auto* out = reinterpret_cast<fftwf_complex*>(frame.floats(kFramesAtOnce * 2 * (length / 2 + 1)));
        const auto size = static_cast<int>(length);
        const int bins = size / 2 + 1;
        const fftwf_plan made = fftwf_plan_many_dft_r2c(1, &size, static_cast<int>(kFramesAtOnce), in, nullptr, 1, size, out, nullptr, 1, bins,
                                                        FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
        plans_.emplace(length, made);
        return made;
    }

    static PlanCache& shared() {
        static auto* const kCache = new PlanCache;  // never destroyed: helpers may still run at the end of the program
        return *kCache;
    }

private:
    std::mutex mutex_;
    std::map<std::int64_t, fftwf_plan> plans_;
};

/// Index reflected at both ends without repeating them: -1 -> 1, count -> count - 2.
std::int64_t reflected(std::int64_t index, std::int64_t count) {
    if (count == 1) return 0;
    const std::int64_t period = 2 * (count - 1);
    index = ((index % period) + period) % period;
    return index < count ? index : period - index;
}

/// One frame times the window, zeros behind it.
void fillFrame(const StftSpec& spec, const SignalView& signal, const float* window, std::int64_t start, float* to) {
    const bool inside = start >= 0 && start + spec.frameLength <= signal.count;
    if (inside) {
        const float* from = signal.data + start * signal.stride;
        for (std::int64_t index = 0; index < spec.frameLength; ++index) to[index] = from[index * signal.stride] * window[index];
    } else {
        for (std::int64_t index = 0; index < spec.frameLength; ++index) {
            std::int64_t at = start + index;
            const bool outside = at < 0 || at >= signal.count;
            if (outside && spec.padding == FramePadding::Center) at = reflected(at, signal.count);
            const bool isZero = outside && spec.padding != FramePadding::Center;
            to[index] = isZero ? 0.0F : signal.data[at * signal.stride] * window[index];
        }
    }
    std::fill(to + spec.frameLength, to + spec.fftLength, 0.0F);
}

void storeValues(SpectrumValue value, const float* spectrum, std::int64_t bins, float* y) {
    switch (value) {
        case SpectrumValue::Complex: std::copy(spectrum, spectrum + 2 * bins, y); return;
        case SpectrumValue::Real:
            for (std::int64_t bin = 0; bin < bins; ++bin) y[bin] = spectrum[2 * bin];
            return;
        case SpectrumValue::Imaginary:
            for (std::int64_t bin = 0; bin < bins; ++bin) y[bin] = spectrum[2 * bin + 1];
            return;
        case SpectrumValue::Angle:
            for (std::int64_t bin = 0; bin < bins; ++bin) y[bin] = std::atan2(spectrum[2 * bin + 1], spectrum[2 * bin]);
            return;
        case SpectrumValue::Power:
        case SpectrumValue::Magnitude:
            for (std::int64_t bin = 0; bin < bins; ++bin) {
                y[bin] = spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1];
            }
            if (value == SpectrumValue::Power) return;
            for (std::int64_t bin = 0; bin < bins; ++bin) y[bin] = std::sqrt(y[bin]);
            return;
    }
}

std::int64_t centerPadding(const StftSpec& spec) { return spec.centerPadding >= 0 ? spec.centerPadding : spec.frameLength / 2; }

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
            case SpectrogramMode::Log: to[bin] = std::log(std::max(std::sqrt(std::max(from[bin], kEpsilon)), kEpsilon)); break;
            case SpectrogramMode::Stft:
                to[bin] = from[2 * bin];
                to[bins + bin] = from[2 * bin + 1];
                break;
            default: to[bin] = from[bin]; break;
        }
    }
}

}  // namespace

std::int64_t StftSpec::frames(std::int64_t samples) const {
    if (padding == FramePadding::Same) return ceilDivide(samples, frameStep);
    const std::int64_t padded = samples + (padding == FramePadding::Center ? 2 * kernels::centerPadding(*this) : 0);
    return padded < frameLength ? 0 : (padded - frameLength) / frameStep + 1;
}

std::int64_t StftSpec::paddingBefore(std::int64_t samples) const {
    if (padding == FramePadding::Center) return kernels::centerPadding(*this);
    if (padding == FramePadding::Valid) return 0;
    return std::max<std::int64_t>(0, (frames(samples) - 1) * frameStep + frameLength - samples) / 2;
}

void stft(const StftSpec& spec, const SignalView& signal, SpectrumValue value, float* y, std::int64_t yStride, const Parallel& parallel) {
    const std::int64_t frames = spec.frames(signal.count);
    const std::int64_t before = spec.paddingBefore(signal.count);
    const std::int64_t bins = spec.bins();
    if (frames <= 0) return;
    const fftwf_plan plan = PlanCache::shared().plan(spec.fftLength);
    ScratchFrame outside;
    float* window = outside.floats(spec.frameLength);
    for (std::int64_t index = 0; index < spec.frameLength; ++index) {
        window[index] = spec.window.empty() ? 1.0F : static_cast<float>(spec.window[static_cast<std::size_t>(index)]);
    }
    parallelFor(parallel, frames, kFramesAtOnce, [&](std::int64_t first, std::int64_t last) {
        ScratchFrame frame;
        float* in = frame.floats(kFramesAtOnce * spec.fftLength);
        float* out = frame.floats(kFramesAtOnce * 2 * bins);
        for (std::int64_t index = first; index < last; ++index) {
            fillFrame(spec, signal, window, index * spec.frameStep - before, in + (index - first) * spec.fftLength);
        }
        std::fill(in + (last - first) * spec.fftLength, in + kFramesAtOnce * spec.fftLength, 0.0F);
        fftwf_execute_dft_r2c(plan, in, reinterpret_cast<fftwf_complex*>(out));
        for (std::int64_t index = first; index < last; ++index) {
            storeValues(value, out + (index - first) * 2 * bins, bins, y + index * yStride);
        }
    });
}

void powerToDecibels(std::span<float> values, const DecibelSpec& spec) {
    const double reference = 10.0 * std::log10(std::max(std::abs(spec.reference), spec.amin));
    float most = -std::numeric_limits<float>::infinity();
    for (float& value : values) {
        if (std::isnan(value)) continue;
        value = static_cast<float>(10.0 * std::log10(std::max(static_cast<double>(value), spec.amin)) - reference);
        most = std::max(most, value);
    }
    if (spec.topDb < 0.0) return;
    const auto floor = static_cast<float>(static_cast<double>(most) - spec.topDb);
    for (float& value : values) value = value < floor ? floor : value;
}

std::optional<SpectrogramMode> spectrogramModeFromName(std::string_view name) {
    using Mode = SpectrogramMode;
    constexpr std::array<std::pair<std::string_view, Mode>, 7> kModes{{{"log", Mode::Log},
                                                                       {"magnitude", Mode::Magnitude},
                                                                       {"psd", Mode::Psd},
                                                                       {"real", Mode::Real},
                                                                       {"imag", Mode::Imaginary},
                                                                       {"angle", Mode::Angle},
                                                                       {"stft", Mode::Stft}}};
    const auto* found = std::find_if(kModes.begin(), kModes.end(), [&](const auto& mode) { return mode.first == name; });
    return found == kModes.end() ? std::nullopt : std::optional(found->second);
}

std::vector<double> scaledWindow(std::vector<double> window, SpectrogramScaling scaling) {
    if (scaling == SpectrogramScaling::None || window.empty()) return window;
    double sum = 0.0;
    double squares = 0.0;
    for (const double value : window) {
        sum += value;
        squares += value * value;
    }
    const double divisor = scaling == SpectrogramScaling::Density ? std::sqrt(squares) : std::abs(sum);
    for (double& value : window) value /= divisor;
    return window;
}

Extents SpectrogramSpec::outputExtents(const Extents& input) const {
    const std::int64_t samples = channelsFirst ? input[2] : input[1];
    const std::int64_t channels = channelsFirst ? input[1] : input[2];
    const std::int64_t frames = stft.frames(samples);
    const std::int64_t bins = stft.bins() * (mode == SpectrogramMode::Stft ? 2 : 1);
    if (expandDims) return channelsFirst ? Extents{input[0], channels, frames, bins} : Extents{input[0], frames, bins, channels};
    return channelsFirst ? Extents{input[0], channels * bins, frames} : Extents{input[0], frames, channels * bins};
}

void stftSpectrogram(const SpectrogramSpec& spec, const TensorView& x, float* y, const Parallel& parallel) {
    const std::int64_t samples = spec.channelsFirst ? x.size(2) : x.size(1);
    const std::int64_t channels = spec.channelsFirst ? x.size(1) : x.size(2);
    const std::int64_t frames = spec.stft.frames(samples);
    const std::int64_t transformed = spec.stft.bins();
    const std::int64_t bins = transformed * (spec.mode == SpectrogramMode::Stft ? 2 : 1);
    // Where value (frame, bin) of a channel goes: start + frame * frameStep + bin * binStep.
    const std::int64_t frameStep = spec.channelsFirst ? (spec.expandDims ? bins : 1) : channels * bins;
    const std::int64_t binStep = spec.channelsFirst ? (spec.expandDims ? 1 : frames) : (spec.expandDims ? channels : 1);
    const std::int64_t channelStep = spec.channelsFirst ? bins * frames : (spec.expandDims ? 1 : bins);
    ScratchFrame outside;
    float* spectra = outside.floats(frames * 2 * transformed);
    for (std::int64_t index = 0; index < x.size(0) * channels; ++index) {
        const std::int64_t sample = index / channels;
        const std::int64_t channel = index % channels;
        SignalView signal{x.data + sample * samples * channels + channel, samples, channels};
        if (spec.channelsFirst) signal = {x.data + index * samples, samples, 1};
        stft(spec.stft, signal, transformedValue(spec.mode), spectra, 2 * transformed, parallel);
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
