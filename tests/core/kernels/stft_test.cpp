#include "core/kernels/mel.h"
#include "core/kernels/spectrogram.h"
#include "core/kernels/window_functions.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>
#include <complex>
#include <numbers>
#include <tuple>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

/// Frames of `signal` with `before` zeros in front, transformed as the sum reads.
std::vector<std::complex<double>> transformByDefinition(const StftSpec& spec, const Floats& signal,
                                                        std::int64_t before) {
    std::vector<std::complex<double>> result;
    const auto count = static_cast<std::int64_t>(signal.size());
    for (std::int64_t frame = 0; frame < spec.frames(count); ++frame) {
        for (std::int64_t bin = 0; bin < spec.bins(); ++bin) {
            std::complex<double> sum;
            for (std::int64_t n = 0; n < spec.frameLength; ++n) {
                const std::int64_t at = frame * spec.frameStep - before + n;
                if (at < 0 || at >= count) continue;
                const double weight = spec.window.empty() ? 1.0 : spec.window[static_cast<std::size_t>(n)];
                const double phase = -2.0 * std::numbers::pi * static_cast<double>(bin * n % spec.fftLength) /
                                     static_cast<double>(spec.fftLength);
                sum += weight * static_cast<double>(signal[static_cast<std::size_t>(at)]) * std::polar(1.0, phase);
            }
            result.push_back(sum);
        }
    }
    return result;
}

TEST(Stft, AgreesWithTheDefinition) {
    using Lengths = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
    for (const auto& [frame, step, fft] :
         {Lengths{16, 5, 16}, Lengths{12, 12, 20}, Lengths{25, 10, 27}, Lengths{1, 1, 1}, Lengths{7, 3, 64}}) {
        for (const FramePadding padding : {FramePadding::Valid, FramePadding::Same}) {
            StftSpec spec;
            spec.frameLength = frame;
            spec.frameStep = step;
            spec.fftLength = fft;
            spec.padding = padding;
            spec.window = makeWindow({"hamming", {}}, frame, true).value();
            const Floats signal = randomValues(203, 1);
            Floats expected;
            for (const auto& value : transformByDefinition(spec, signal, spec.paddingBefore(203))) {
                expected.push_back(static_cast<float>(value.real()));
                expected.push_back(static_cast<float>(value.imag()));
            }
            Floats y(expected.size());
            stft(spec, {signal.data(), 203, 1}, SpectrumValue::Complex, y.data(), 2 * spec.bins());
            EXPECT_LT(deviation(y, expected), 1e-5) << frame << ", " << step << ", " << fft;
        }
    }
}

TEST(Stft, FramesFollowThePadding) {
    StftSpec spec;
    spec.frameLength = 256;
    spec.frameStep = 128;
    EXPECT_EQ(spec.frames(160000), 1249);
    EXPECT_EQ(spec.frames(255), 0);
    spec.padding = FramePadding::Same;
    EXPECT_EQ(spec.frames(160000), 1250);
    spec.padding = FramePadding::Center;
    EXPECT_EQ(spec.frames(160000), 1251);
}

TEST(Stft, SameBitsForAnyNumberOfThreads) {
    StftSpec spec;
    spec.frameLength = 64;
    spec.frameStep = 10;
    spec.fftLength = 64;
    const Floats signal = randomValues(5000, 2);
    ThreadPool one(1);
    ThreadPool three(3);
    Floats a(static_cast<std::size_t>(spec.frames(5000) * spec.bins()));
    Floats b(a.size());
    stft(spec, {signal.data(), 5000, 1}, SpectrumValue::Magnitude, a.data(), spec.bins(), {&one, {}});
    stft(spec, {signal.data(), 5000, 1}, SpectrumValue::Magnitude, b.data(), spec.bins(), {&three, {}});
    EXPECT_EQ(a, b);
}

TEST(PowerToDecibels, FloorsBelowTheMaximum) {
    Floats values{1.0F, 1e-3F, 0.0F};
    powerToDecibels(values, {1e-10, 1.0, 80.0});
    EXPECT_NEAR(values[0], 0.0F, 1e-5F);
    EXPECT_NEAR(values[1], -30.0F, 1e-4F);
    EXPECT_NEAR(values[2], -80.0F, 1e-4F);
}

TEST(StftSpectrogram, ShapesAreThoseOfTheDocumentation) {
    SpectrogramSpec spec;
    spec.stft.frameLength = 256;
    spec.stft.frameStep = 128;
    spec.stft.fftLength = 512;
    EXPECT_EQ(spec.outputExtents({3, 160000, 1}), (Extents{3, 1249, 257}));
    spec.stft.padding = FramePadding::Same;
    EXPECT_EQ(spec.outputExtents({3, 160000, 2}), (Extents{3, 1250, 514}));
    spec.expandDims = true;
    EXPECT_EQ(spec.outputExtents({3, 160000, 3}), (Extents{3, 1250, 257, 3}));
    spec.mode = SpectrogramMode::Stft;
    EXPECT_EQ(spec.outputExtents({3, 160000, 3}), (Extents{3, 1250, 514, 3}));
}

TEST(StftSpectrogram, EveryLayoutHoldsTheSameValues) {
    const std::int64_t samples = 60;
    const Floats x = randomValues(2 * samples * 3, 1);
    SpectrogramSpec spec;
    spec.mode = SpectrogramMode::Magnitude;
    spec.stft.frameLength = 8;
    spec.stft.frameStep = 4;
    spec.stft.fftLength = 8;
    const Extents flat = spec.outputExtents({2, samples, 3});
    Floats y(static_cast<std::size_t>(tensor::elementCount(flat)));
    stftSpectrogram(spec, {}, {x.data(), {2, samples, 3}}, y.data());
    spec.expandDims = true;
    Floats expanded(y.size());
    stftSpectrogram(spec, {}, {x.data(), {2, samples, 3}}, expanded.data());
    Floats first(x.size());
    for (std::size_t batch = 0; batch < 2; ++batch) {
        for (std::size_t n = 0; n < 60; ++n) {
            for (std::size_t c = 0; c < 3; ++c) first[(batch * 3 + c) * 60 + n] = x[(batch * 60 + n) * 3 + c];
        }
    }
    spec.channelsFirst = true;
    Floats channelsFirst(y.size());
    stftSpectrogram(spec, {}, {first.data(), {2, 3, samples}}, channelsFirst.data());
    const std::size_t frames = 14;
    const std::size_t bins = 5;
    for (std::size_t batch = 0; batch < 2; ++batch) {
        for (std::size_t t = 0; t < frames; ++t) {
            for (std::size_t f = 0; f < bins; ++f) {
                for (std::size_t c = 0; c < 3; ++c) {
                    const float value = y[(batch * frames + t) * 3 * bins + c * bins + f];
                    EXPECT_EQ(expanded[((batch * frames + t) * bins + f) * 3 + c], value);
                    EXPECT_EQ(channelsFirst[((batch * 3 + c) * frames + t) * bins + f], value);
                }
            }
        }
    }
}

TEST(StftSpectrogram, SilenceIsTheFloorAndNotInfinity) {
    const Floats x(64, 0.0F);
    SpectrogramSpec spec;
    spec.stft.frameLength = 16;
    spec.stft.frameStep = 8;
    spec.stft.fftLength = 16;
    Floats y(static_cast<std::size_t>(tensor::elementCount(spec.outputExtents({1, 64, 1}))));
    stftSpectrogram(spec, {}, {x.data(), {1, 64, 1}}, y.data());
    for (const float value : y) EXPECT_NEAR(value, 0.5F * std::log(1e-7F), 1e-4F);
}

TEST(MelScale, HertzAndMelAreInverse) {
    for (const MelScale scale : {MelScale::Slaney, MelScale::Htk}) {
        for (const double hertz : {0.0, 440.0, 1000.0, 7999.0})
            EXPECT_NEAR(melToHertz(hertzToMel(hertz, scale), scale), hertz, 1e-6);
    }
    EXPECT_NEAR(hertzToMel(1000.0, MelScale::Slaney), 15.0, 1e-12);
}

TEST(KerasMelSpectrogram, ProducesOneFrameLessThanDeclaredAtTheEndOfAStride) {
    KerasMelSpec spec;
    EXPECT_EQ(spec.frames(1023), 2);
    spec.sequenceStride = 256;
    EXPECT_EQ(spec.frames(16000), 63);
    spec.sequenceStride = 128;
    EXPECT_EQ(spec.frames(16000), 126);
}

TEST(KerasMelSpectrogram, PutsTheBandOfAToneFirst) {
    KerasMelSpec spec;
    spec.fftLength = 256;
    spec.sequenceLength = 256;
    spec.sequenceStride = 64;
    spec.samplingRateHz = 8000.0;
    spec.highestHz = 4000.0;
    spec.bands = 16;
    spec.window = makeWindow({"hann", {}}, 256, true).value();
    Floats x(2000);
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * static_cast<double>(n) / 8000.0));
    const std::int64_t frames = spec.frames(2000);
    Floats y(static_cast<std::size_t>(16 * frames));
    kerasMelSpectrogram(spec, 1, 2000, x.data(), y.data());
    const double edge = hertzToMel(20.0, MelScale::Htk);
    const double width = (hertzToMel(4000.0, MelScale::Htk) - edge) / 17.0;
    const auto expected =
        static_cast<std::int64_t>(std::lround((hertzToMel(1000.0, MelScale::Htk) - edge) / width)) - 1;
    std::int64_t loudest = 0;
    const std::int64_t middle = frames / 2;
    for (std::int64_t band = 0; band < 16; ++band) {
        if (y[static_cast<std::size_t>(band * frames + middle)] >
            y[static_cast<std::size_t>(loudest * frames + middle)])
            loudest = band;
    }
    EXPECT_EQ(loudest, expected);
}

}  // namespace
}  // namespace shapewise::kernels
