#pragma once
// Short-time Fourier transforms of signals, and decibels.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace shapewise::kernels {

enum class FramePadding {
    Valid,  ///< whole frames only
    Same,   ///< ceil(samples / step) frames, zeros as for a strided convolution, the odd one at the end
    Center  ///< half a frame at both ends by reflection; frames centred on multiples of the step
};

/// What is stored of a spectrum. F = fftLength / 2 + 1 bins.
enum class SpectrumValue {
    Magnitude,  ///< sqrt(re² + im²)
    Power,      ///< re² + im²
    Complex,    ///< re, im interleaved: 2 F values a frame
    Real,
    Imaginary,
    Angle  ///< atan2(im, re), radians
};

struct StftSpec {
    std::int64_t frameLength = 256;  ///< samples a frame
    std::int64_t frameStep = 128;    ///< hop, samples
    std::int64_t fftLength = 256;    ///< >= frameLength; zeros are added behind the frame
    std::vector<double> window;      ///< [frameLength]; empty: ones
    FramePadding padding = FramePadding::Valid;
    std::int64_t centerPadding = -1;  ///< Center: samples of reflection at both ends; -1: frameLength / 2

    [[nodiscard]] std::int64_t bins() const { return fftLength / 2 + 1; }
    /// Frames of a signal; 0 when it is shorter than one frame.
    [[nodiscard]] std::int64_t frames(std::int64_t samples) const;
    /// Samples before the first one that the first frame begins with.
    [[nodiscard]] std::int64_t paddingBefore(std::int64_t samples) const;
};

/// A signal inside a tensor: `count` samples `stride` floats apart.
struct SignalView {
    const float* data = nullptr;
    std::int64_t count = 0;
    std::int64_t stride = 1;
};

/// signal -> y: [frames, bins] (Complex: [frames, bins, 2]), frames `yStride` floats apart. Bit-identical for any
/// number of threads. Precondition for Center: count > the padding.
void stft(const StftSpec& spec, const SignalView& signal, SpectrumValue value, float* y, std::int64_t yStride,
          const Parallel& parallel = {});

/// Values of one spectrum. spectrum: re, im interleaved, 2 * bins numbers -> y: bins numbers, for Complex 2 * bins.
void storeSpectrum(SpectrumValue value, const float* spectrum, std::int64_t bins, float* y);

/// 10*log10(max(power, amin)) - 10*log10(max(|reference|, amin)), then not below the maximum of all - topDb (topDb < 0:
/// no floor). In place.
struct DecibelSpec {
    double amin = 1e-10;
    double reference = 1.0;
    double topDb = 80.0;
};
void powerToDecibels(std::span<float> values, const DecibelSpec& spec);

}  // namespace shapewise::kernels
