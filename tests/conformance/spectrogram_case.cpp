#include "tests/conformance/spectrogram_case.h"

#include "core/base/result.h"
#include "core/kernels/mel.h"
#include "core/kernels/spectrogram.h"
#include "core/kernels/window_functions.h"
#include "tests/conformance/compare.h"

namespace shapewise::conformance {

namespace {

using kernels::FramePadding;
using tensor::Tensor;

template <class T>
T valueOr(const Json& parameters, const char* key, T otherwise) {
    const auto found = parameters.find(key);
    return found == parameters.end() || found->is_null() ? otherwise : found->get<T>();
}

Result<kernels::StftSpec> stftSpec(const Json& parameters) {
    kernels::StftSpec spec;
    spec.frameLength = valueOr(parameters, "frame_length", spec.frameLength);
    spec.frameStep = valueOr(parameters, "frame_step", spec.frameStep);
    spec.fftLength = valueOr(parameters, "fft_length", spec.fftLength);
    const std::string padding = valueOr<std::string>(parameters, "padding", "valid");
    if (padding == "same") spec.padding = FramePadding::Same;
    if (padding == "center") spec.padding = FramePadding::Center;
    const std::string window = valueOr<std::string>(parameters, "window", "");
    if (window.empty()) return spec;
    Result<std::vector<double>> made =
        kernels::makeWindow({window, {}}, spec.frameLength, valueOr(parameters, "periodic", false));
    if (!made) return Unexpected(made.error());
    spec.window = std::move(*made);
    return spec;
}

kernels::SignalView signalOf(const Tensor& signal) { return {signal.data(), signal.count(), 1}; }

bool inDecibels(const Json& parameters) {
    return valueOr<std::string>(parameters, "mode", "") == "db" || valueOr(parameters, "to_db", false);
}

kernels::DecibelSpec decibelSpec(const Json& parameters) {
    kernels::DecibelSpec spec;
    spec.amin = valueOr(parameters, "amin", spec.amin);
    spec.reference = valueOr(parameters, "ref", spec.reference);
    spec.topDb = valueOr(parameters, "top_db", -1.0);
    return spec;
}

Result<Tensor> stft(const Json& parameters, const Tensor& signal) {
    const Result<kernels::StftSpec> spec = stftSpec(parameters);
    if (!spec) return Unexpected(spec.error());
    const std::string mode = valueOr<std::string>(parameters, "mode", "complex");
    const bool complex = mode == "complex";
    const auto value = complex               ? kernels::SpectrumValue::Complex
                       : mode == "magnitude" ? kernels::SpectrumValue::Magnitude
                                             : kernels::SpectrumValue::Power;
    tensor::Extents extents{spec->frames(signal.count()), spec->bins()};
    if (complex) extents.push_back(2);
    Tensor result(extents);
    kernels::stft(*spec, signalOf(signal), value, result.data(), spec->bins() * (complex ? 2 : 1));
    if (mode == "db") kernels::powerToDecibels(result.values(), decibelSpec(parameters));
    return result;
}

kernels::MelSpec melSpec(const Json& parameters, double sampleRateHz) {
    kernels::MelSpec spec;
    spec.sampleRateHz = sampleRateHz;
    spec.fftLength =
        valueOr(parameters, "fft_length", 2 * (valueOr<std::int64_t>(parameters, "num_spectrogram_bins", 1) - 1));
    spec.bands = valueOr(parameters, "num_mel_bins", spec.bands);
    spec.lowestHz = valueOr(parameters, "fmin", valueOr(parameters, "min_freq", 0.0));
    spec.highestHz = valueOr(parameters, "fmax", valueOr(parameters, "max_freq", sampleRateHz / 2.0));
    spec.scale = valueOr<std::string>(parameters, "scale", "htk") == "slaney" ? kernels::MelScale::Slaney
                                                                              : kernels::MelScale::Htk;
    spec.areaNormalized = valueOr<std::string>(parameters, "norm", "") == "slaney";
    return spec;
}

Result<Tensor> melSpectrogram(const Json& parameters, double sampleRateHz, const Tensor& signal) {
    const Result<kernels::StftSpec> spec = stftSpec(parameters);
    if (!spec) return Unexpected(spec.error());
    kernels::MelSpectrogramSpec mel{*spec, melSpec(parameters, sampleRateHz), valueOr(parameters, "power", 2.0),
                                    std::nullopt};
    if (inDecibels(parameters)) mel.decibels = decibelSpec(parameters);
    Tensor result({spec->frames(signal.count()), mel.mel.bands});
    kernels::melSpectrogram(mel, signalOf(signal), result.data());
    return result;
}

Result<Tensor> kerasStft(const Json& parameters, const Tensor& signal) {
    Result<kernels::StftSpec> stft = stftSpec(parameters);
    if (!stft) return Unexpected(stft.error());
    const std::string scaling = valueOr<std::string>(parameters, "scaling", "");
    stft->window =
        kernels::scaledWindow(std::move(stft->window), scaling == "density"    ? kernels::SpectrogramScaling::Density
                                                       : scaling == "spectrum" ? kernels::SpectrogramScaling::Spectrum
                                                                               : kernels::SpectrogramScaling::None);
    kernels::SpectrogramSpec spec;
    spec.mode = *kernels::spectrogramModeFromName(valueOr<std::string>(parameters, "mode", "log"));
    spec.stft = std::move(*stft);
    const tensor::Extents input{1, signal.count(), 1};
    const tensor::Extents output = spec.outputExtents(input);
    Tensor result(output);
    kernels::stftSpectrogram(spec, {}, tensor::TensorView{signal.data(), input}, result.data());
    return std::move(result).reshaped({output[1], output[2]});
}

Tensor bank(const std::vector<float>& values, tensor::Extents extents) {
    return Tensor(std::move(extents), std::span<const float>(values));
}

Result<Tensor> compute(const std::string& op, const Json& record) {
    const Json& parameters = record.at("params");
    const double sampleRateHz = record.at("sample_rate").get<double>();
    const Tensor signal = record.contains("input") ? tensorFromJson(record["input"]) : Tensor();
    if (op == "stft") return stft(parameters, signal);
    if (op == "mel_spectrogram") return melSpectrogram(parameters, sampleRateHz, signal);
    if (op == "keras_STFTSpectrogram") return kerasStft(parameters, signal);
    const kernels::MelSpec mel = melSpec(parameters, sampleRateHz);
    const std::int64_t bins = mel.fftLength / 2 + 1;
    if (op == "mel_filterbank") return bank(kernels::melFilterBank(mel), {mel.bands, bins});
    if (op == "mel_filterbank_keras") return bank(kernels::melFilterBankKeras(mel), {bins, mel.bands});
    return failure("unknown op " + op);
}

}  // namespace

Outcome checkSpectrogram(const Json& record) {
    const std::string op = record.at("op").get<std::string>();
    const Json& parameters = record.at("params");
    const Result<Tensor> got = compute(op, record);
    if (!got) return Outcome::unsupported(got.error().text());
    const std::string mode = valueOr<std::string>(parameters, "mode", "");
    const bool logarithm = inDecibels(parameters) || mode == "log";
    const auto mismatch =
        compareValues(tensorFromJson(record.at("output")), *got, logarithm ? kLogarithmTolerance : kTolerance);
    return mismatch ? Outcome::failed("values", mismatch->expected, mismatch->got) : Outcome::passed();
}

}  // namespace shapewise::conformance
