#include "core/kernels/mel.h"

#include "core/kernels/data_movement.h"
#include "core/kernels/matmul.h"
#include "core/kernels/scratch.h"

#include <algorithm>
#include <cmath>

namespace shapewise::kernels {
namespace {

constexpr double kSlaneyHertzPerMel = 200.0 / 3.0;
constexpr double kSlaneyLogStart = 1000.0;  // hertz
const double kSlaneyLogStep = std::log(6.4) / 27.0;

/// `count` values from `first` to `last`, both included.
std::vector<double> evenlySpaced(double first, double last, std::int64_t count) {
    std::vector<double> values(static_cast<std::size_t>(count));
    for (std::int64_t index = 0; index < count; ++index) {
        values[static_cast<std::size_t>(index)] =
            first + (last - first) * static_cast<double>(index) / static_cast<double>(count - 1);
    }
    return values;
}

/// Height at x of the triangle over edges[band] .. edges[band + 2].
double triangle(const std::vector<double>& edges, std::size_t band, double x) {
    const double rising = (x - edges[band]) / (edges[band + 1] - edges[band]);
    const double falling = (edges[band + 2] - x) / (edges[band + 2] - edges[band + 1]);
    return std::max(0.0, std::min(rising, falling));
}

/// values = magnitude ^ exponent, from power.
void raisePower(float* values, std::int64_t count, double exponent, const Parallel& parallel) {
    constexpr std::int64_t kPiece = 4096;
    if (exponent == 2.0) return;
    parallelFor(parallel, count, kPiece, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            values[index] = exponent == 1.0
                                ? std::sqrt(values[index])
                                : static_cast<float>(std::pow(static_cast<double>(values[index]), exponent / 2.0));
        }
    });
}

}  // namespace

double hertzToMel(double hertz, MelScale scale) {
    if (scale == MelScale::Htk) return 2595.0 * std::log10(1.0 + hertz / 700.0);
    if (hertz < kSlaneyLogStart) return hertz / kSlaneyHertzPerMel;
    return kSlaneyLogStart / kSlaneyHertzPerMel + std::log(hertz / kSlaneyLogStart) / kSlaneyLogStep;
}

double melToHertz(double mel, MelScale scale) {
    if (scale == MelScale::Htk) return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
    const double logStart = kSlaneyLogStart / kSlaneyHertzPerMel;
    if (mel < logStart) return mel * kSlaneyHertzPerMel;
    return kSlaneyLogStart * std::exp(kSlaneyLogStep * (mel - logStart));
}

std::vector<float> melFilterBank(const MelSpec& spec) {
    const std::int64_t bins = spec.fftLength / 2 + 1;
    std::vector<double> edges =
        evenlySpaced(hertzToMel(spec.lowestHz, spec.scale), hertzToMel(spec.highestHz, spec.scale), spec.bands + 2);
    for (double& edge : edges) edge = melToHertz(edge, spec.scale);
    std::vector<float> bank;
    bank.reserve(static_cast<std::size_t>(spec.bands * bins));
    for (std::size_t band = 0; band < static_cast<std::size_t>(spec.bands); ++band) {
        const double height = spec.areaNormalized ? 2.0 / (edges[band + 2] - edges[band]) : 1.0;
        for (std::int64_t bin = 0; bin < bins; ++bin) {
            const double hertz = static_cast<double>(bin) * spec.sampleRateHz / static_cast<double>(spec.fftLength);
            bank.push_back(static_cast<float>(height * triangle(edges, band, hertz)));
        }
    }
    return bank;
}

std::vector<float> melFilterBankKeras(const MelSpec& spec) {
    const std::int64_t bins = spec.fftLength / 2 + 1;
    const std::vector<double> edges = evenlySpaced(hertzToMel(spec.lowestHz, MelScale::Htk),
                                                   hertzToMel(spec.highestHz, MelScale::Htk), spec.bands + 2);
    const std::vector<double> frequencies = evenlySpaced(0.0, spec.sampleRateHz / 2.0, bins);
    std::vector<float> bank(static_cast<std::size_t>(bins * spec.bands), 0.0F);
    for (std::size_t bin = 1; bin < frequencies.size(); ++bin) {
        const double mel = hertzToMel(frequencies[bin], MelScale::Htk);
        for (std::size_t band = 0; band < static_cast<std::size_t>(spec.bands); ++band) {
            bank[bin * static_cast<std::size_t>(spec.bands) + band] = static_cast<float>(triangle(edges, band, mel));
        }
    }
    return bank;
}

void melSpectrogram(const MelSpectrogramSpec& spec, const SignalView& signal, float* y, const Parallel& parallel) {
    const std::int64_t frames = spec.stft.frames(signal.count);
    const std::int64_t bins = spec.stft.bins();
    ScratchFrame frame;
    float* powers = frame.floats(frames * bins);
    stft(spec.stft, signal, SpectrumValue::Power, powers, bins, parallel);
    raisePower(powers, frames * bins, spec.power, parallel);
    const std::vector<float> bank = melFilterBank(spec.mel);
    matmul(MatrixView::rowMajor(powers, frames, bins),
           MatrixView::rowMajor(bank.data(), spec.mel.bands, bins).transposed(), y, spec.mel.bands, {}, parallel);
    if (spec.decibels) powerToDecibels({y, static_cast<std::size_t>(frames * spec.mel.bands)}, *spec.decibels);
}

std::int64_t KerasMelSpec::frames(std::int64_t samples) const {
    const std::int64_t padded = samples + 2 * (fftLength / 2);
    return padded < fftLength ? 0 : (padded - fftLength) / sequenceStride + 1;
}

void kerasMelSpectrogram(const KerasMelSpec& spec, std::int64_t batch, std::int64_t samples, const float* x, float* y,
                         const Parallel& parallel) {
    StftSpec transform;
    transform.frameLength = spec.fftLength;
    transform.frameStep = spec.sequenceStride;
    transform.fftLength = spec.fftLength;
    transform.padding = FramePadding::Center;
    transform.centerPadding = spec.fftLength / 2;
    transform.window.assign(static_cast<std::size_t>(spec.fftLength), 0.0);
    const std::int64_t before = (spec.fftLength - spec.sequenceLength) / 2;
    for (std::int64_t index = 0; index < spec.sequenceLength; ++index) {
        const double value = spec.window.empty() ? 1.0 : spec.window[static_cast<std::size_t>(index)];
        transform.window[static_cast<std::size_t>(before + index)] = value;
    }
    MelSpec mel;
    mel.sampleRateHz = spec.samplingRateHz;
    mel.fftLength = spec.fftLength;
    mel.bands = spec.bands;
    mel.lowestHz = spec.lowestHz;
    mel.highestHz = spec.highestHz;
    const std::vector<float> bank = melFilterBankKeras(mel);

    const std::int64_t frames = spec.frames(samples);
    const std::int64_t bins = transform.bins();
    ScratchFrame frame;
    float* powers = frame.floats(frames * bins);
    float* bands = frame.floats(frames * spec.bands);
    for (std::int64_t sample = 0; sample < batch; ++sample) {
        stft(transform, {x + sample * samples, samples, 1}, SpectrumValue::Power, powers, bins, parallel);
        raisePower(powers, frames * bins, spec.magnitudeExponent, parallel);
        matmul(MatrixView::rowMajor(powers, frames, bins), MatrixView::rowMajor(bank.data(), bins, spec.bands), bands,
               spec.bands, {}, parallel);
        transpose(1, frames, spec.bands, bands, y + sample * spec.bands * frames, parallel);
    }
    if (spec.decibels) {
        powerToDecibels({y, static_cast<std::size_t>(batch * spec.bands * frames)},
                        {spec.minimumPower, spec.referencePower, spec.topDb});
    }
}

}  // namespace shapewise::kernels
