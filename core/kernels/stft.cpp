#include "core/kernels/stft.h"

#include "core/base/checked_math.h"
#include "core/kernels/scratch.h"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

namespace shapewise::kernels {
namespace {

/// Frames transformed by one call. A fixed number, so that every frame is computed by the same plan on any number of
/// threads.
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
        const fftwf_plan made = fftwf_plan_many_dft_r2c(1, &size, static_cast<int>(kFramesAtOnce), in, nullptr, 1, size,
                                                        out, nullptr, 1, bins, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
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
        for (std::int64_t index = 0; index < spec.frameLength; ++index)
            to[index] = from[index * signal.stride] * window[index];
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

std::int64_t centerPadding(const StftSpec& spec) {
    return spec.centerPadding >= 0 ? spec.centerPadding : spec.frameLength / 2;
}

}  // namespace

void storeSpectrum(SpectrumValue value, const float* spectrum, std::int64_t bins, float* y) {
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

void stft(const StftSpec& spec, const SignalView& signal, SpectrumValue value, float* y, std::int64_t yStride,
          const Parallel& parallel) {
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
            storeSpectrum(value, out + (index - first) * 2 * bins, bins, y + index * yStride);
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

}  // namespace shapewise::kernels
