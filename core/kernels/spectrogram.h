#pragma once
// The spectrogram of Keras' STFTSpectrogram: frames times windowed cosines and sines, by a Fourier transform where
// these are what Keras starts with, and by the kernels themselves where training has changed them.

#include "core/kernels/stft.h"

#include <optional>
#include <string_view>

namespace shapewise::kernels {

enum class SpectrogramMode { Log, Magnitude, Psd, Real, Imaginary, Angle, Stft };
[[nodiscard]] std::optional<SpectrogramMode> spectrogramModeFromName(
    std::string_view name);  ///< "log", "psd", "imag", ...

enum class SpectrogramScaling { None, Density, Spectrum };

/// The window of a frame divided by sqrt(sum w²) (Density) or sum |w| (Spectrum). An empty window stays unscaled, as in
/// Keras.
[[nodiscard]] std::vector<double> scaledWindow(std::vector<double> window, SpectrogramScaling scaling);

struct SpectrogramSpec {
    SpectrogramMode mode = SpectrogramMode::Log;
    StftSpec stft;  ///< window already scaled; padding Valid or Same
    bool expandDims = false;
    bool channelsFirst = false;

    /// [batch, samples, channels] (or [batch, channels, samples]) -> extents of the result, as in layers.md section 3.
    [[nodiscard]] Extents outputExtents(const Extents& input) const;
};

enum class SpectrogramSide { Real, Imaginary };
/// What Keras starts with: w[t] cos(2πkt/N) or -w[t] sin(2πkt/N), N = 2 (bins - 1), which for an odd fftLength is one
/// less. kernel: [frameLength, bins].
void fillSpectrogramKernel(const StftSpec& spec, SpectrogramSide side, std::span<float> kernel);

/// Kernels of the real and imaginary part, each [frameLength, bins]; null where the mode needs none, both null: as
/// filled above.
struct SpectrogramKernels {
    const float* real = nullptr;
    const float* imaginary = nullptr;
};

/// x: [batch, samples, channels], each channel by itself -> y: spec.outputExtents.
void stftSpectrogram(const SpectrogramSpec& spec, const SpectrogramKernels& kernels, const TensorView& x, float* y,
                     const Parallel& parallel = {});

}  // namespace shapewise::kernels
