#pragma once
// Mel scales, filter banks and mel spectrograms: librosa's definitions and that of Keras' MelSpectrogram.

#include "core/kernels/stft.h"

namespace shapewise::kernels {

enum class MelScale {
    Slaney,  ///< linear below 1 kHz, then logarithmic with step ln(6.4)/27
    Htk      ///< 2595 log10(1 + f/700)
};
[[nodiscard]] double hertzToMel(double hertz, MelScale scale);
[[nodiscard]] double melToHertz(double mel, MelScale scale);

struct MelSpec {
    double sampleRateHz = 16000.0;
    std::int64_t fftLength = 512;
    std::int64_t bands = 128;
    double lowestHz = 0.0;
    double highestHz = 8000.0;
    MelScale scale = MelScale::Slaney;
    bool areaNormalized = false;  ///< "slaney" norm: each triangle divided by half its width in Hz
};

/// [bands, fftLength / 2 + 1], triangles linear in hertz (librosa.filters.mel).
[[nodiscard]] std::vector<float> melFilterBank(const MelSpec& spec);
/// [fftLength / 2 + 1, bands], triangles linear in mel (HTK), DC row zero (Keras, TensorFlow); scale and areaNormalized
/// are not used.
[[nodiscard]] std::vector<float> melFilterBankKeras(const MelSpec& spec);

/// |STFT|^power times the filter bank (and decibels when given): signal -> y: [frames, bands].
struct MelSpectrogramSpec {
    StftSpec stft;
    MelSpec mel;
    double power = 2.0;
    std::optional<DecibelSpec> decibels;
};
void melSpectrogram(const MelSpectrogramSpec& spec, const SignalView& signal, float* y, const Parallel& parallel = {});

/// Keras' MelSpectrogram.
struct KerasMelSpec {
    std::int64_t fftLength = 2048;
    std::int64_t sequenceStride = 512;
    std::int64_t sequenceLength = 2048;
    std::vector<double> window;  ///< [sequenceLength], periodic; empty: ones. Centred in the FFT frame.
    double samplingRateHz = 16000.0;
    std::int64_t bands = 128;
    double lowestHz = 20.0;
    double highestHz = 8000.0;
    bool decibels = true;
    double topDb = 80.0;
    double magnitudeExponent = 2.0;
    double minimumPower = 1e-10;
    double referencePower = 1.0;

    /// Frames that are produced: 1 + floor((samples + 2*floor(fft/2) - fft) / stride).
    [[nodiscard]] std::int64_t frames(std::int64_t samples) const;
};
/// x: [batch, samples] -> y: [batch, bands, frames]. Precondition: samples > fftLength / 2 (reflection).
void kerasMelSpectrogram(const KerasMelSpec& spec, std::int64_t batch, std::int64_t samples, const float* x, float* y,
                         const Parallel& parallel = {});

}  // namespace shapewise::kernels
