// STFTSpectrogram: spectra of overlapping frames of each channel.
//   F = fft_length / 2 + 1 bins, doubled for mode stft; T: valid ⌊(n − frame_length)/frame_step⌋ + 1, same
//   ⌈n/frame_step⌉
// [batch, samples, channels] -> [batch, T, channels*F], with expand_dims [batch, T, F, channels];
// channels_first: [batch, channels*F, T], [batch, channels, T, F].
// Reference: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/stft_spectrogram/

#include "core/base/checked_math.h"
#include "core/kernels/spectrogram.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"
#include "core/layers/parts/window_choice.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::AxisMeaning;
using tensor::AxisScale;
using tensor::Dim;
using tensor::TensorType;

/// The numbers with None filled in.
struct Framing {
    std::int64_t frameLength = 0;
    std::int64_t frameStep = 0;
    std::int64_t fftLength = 0;
    std::int64_t bins = 0;  ///< values of one frame and channel
};

std::int64_t nextPowerOfTwo(std::int64_t number) {
    std::int64_t power = 1;
    while (power < number && power <= (std::int64_t{1} << 61)) power *= 2;
    return power;
}

Framing framingOf(const Params& params) {
    Framing framing;
    framing.frameLength = params.integer("frame_length");
    framing.frameStep = params.isNone("frame_step") ? framing.frameLength / 2 : params.integer("frame_step");
    framing.fftLength =
        params.isNone("fft_length") ? nextPowerOfTwo(framing.frameLength) : params.integer("fft_length");
    framing.bins = framing.fftLength / 2 + 1;
    if (params.text("mode") == "stft") framing.bins = saturatingMultiply(framing.bins, 2);
    return framing;
}

std::vector<ParamSpec> stftParams() {
    return {
        {.key = "mode",
         .kind = ParamKind::Choice,
         .fallback = "log",
         .help = "What is stored of each bin; log is the natural logarithm of the magnitude",
         .choices = {"log", "magnitude", "psd", "real", "imag", "angle", "stft"}},
        {.key = "frame_length",
         .kind = ParamKind::Integer,
         .fallback = 256,
         .help = "Samples in a frame",
         .minimum = 1,
         .maximum = 1 << 30,
         .unit = "samples"},
        {.key = "frame_step",
         .kind = ParamKind::Integer,
         .help = "Samples from frame to frame; None means half a frame",
         .noneAllowed = true,
         .noneMeans = "half a frame",
         .minimum = 1,
         .unit = "samples"},
        {.key = "fft_length",
         .kind = ParamKind::Integer,
         .help = "Length of the transform, filled with zeros; None means the next power of two",
         .noneAllowed = true,
         .noneMeans = "next power of 2",
         .minimum = 1,
         .maximum = 1 << 30,
         .unit = "samples"},
        frameWindowParam(),
        {.key = "periodic",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Make the window periodic instead of symmetric",
         .affects = Affects::Values},
        {.key = "scaling",
         .kind = ParamKind::Choice,
         .fallback = "density",
         .help =
             "What the window is divided by: density by the root of the sum of squares, spectrum by the sum, None by 1",
         .noneAllowed = true,
         .choices = {"density", "spectrum"},
         .affects = Affects::Values},
        {.key = "padding",
         .kind = ParamKind::Choice,
         .fallback = "valid",
         .help = "valid takes whole frames only; same adds zeros at both ends",
         .choices = {"valid", "same"}},
        {.key = "expand_dims",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Give the bins an axis of their own, as Conv2D wants it"},
        dataFormatParam(),
    };
}

void refuseConflict(InferContext& context, ParamKey first, std::int64_t firstValue, ParamKey second,
                    std::int64_t secondValue, const char* rule) {
    context.refuse({diag::Code::ParameterConflict,
                    first.name,
                    -1,
                    {{"first", std::string(first.name)},
                     {"first_value", Value(firstValue)},
                     {"second", std::string(second.name)},
                     {"second_value", Value(secondValue)},
                     {"rule", std::string(rule)}}});
}

void checkStft(InferContext& context) {
    const Framing framing = framingOf(context.params());
    if (framing.frameStep > framing.frameLength)
        refuseConflict(context, "frame_step", framing.frameStep, "frame_length", framing.frameLength,
                       "frame_step must not be above frame_length");
    if (framing.frameStep < 1)
        refuseConflict(context, "frame_step", framing.frameStep, "frame_length", framing.frameLength,
                       "half of frame_length is below 1: set frame_step");
    if (framing.fftLength < framing.frameLength)
        refuseConflict(context, "fft_length", framing.fftLength, "frame_length", framing.frameLength,
                       "fft_length must not be below frame_length");
    const std::optional<std::int64_t> listed = listedWindowLength(context.params()["window"]);
    if (listed && *listed != framing.frameLength)
        context.refuse({diag::Code::ParameterTupleLength,
                        "window",
                        -1,
                        {{"value", context.params()["window"]}, {"needed", framing.frameLength}, {"got", *listed}}});
}

std::string valueKindOf(std::string_view mode) {
    if (mode == "log") return "ln magnitude";
    if (mode == "psd") return "power density";
    if (mode == "real") return "real part";
    if (mode == "imag") return "imaginary part";
    if (mode == "angle") return "radians";
    if (mode == "stft") return "real and imaginary parts";
    return "magnitude";
}

/// Where the axes of the output stand; frequency is -1 when the channels have no axis of their own to leave it one.
struct OutputAxes {
    int time = 1;
    int frequency = -1;
};

/// Fills sizes and meanings of the output.
OutputAxes placeAxes(InferContext& context, Dim frames, const Framing& framing) {
    const Params& params = context.params();
    const bool first = params.channelsFirst();
    const tensor::Shape& input = context.input().shape;
    const Dim channels = input[first ? 1 : 2];
    tensor::Shape& output = context.output().shape;
    output.append(input[0], AxisMeaning::Batch);
    if (!params.flag("expand_dims")) {
        const bool isMono = channels == Dim(1);
        const Dim bins = isMono ? Dim(framing.bins) : channels * Dim(framing.bins);
        const AxisMeaning meaning = isMono ? AxisMeaning::Frequency : AxisMeaning::Channels;
        if (first) output.append(bins, meaning);
        output.append(frames, AxisMeaning::Time);
        if (!first) output.append(bins, meaning);
        return {first ? 2 : 1, isMono ? (first ? 1 : 2) : -1};
    }
    if (first) output.append(channels, AxisMeaning::Channels);
    output.append(frames, AxisMeaning::Time);
    output.append(framing.bins, AxisMeaning::Frequency);
    if (!first) output.append(channels, AxisMeaning::Channels);
    return {first ? 2 : 1, first ? 3 : 2};
}

void setScales(InferContext& context, const Framing& framing, const SlidLength& slid, OutputAxes axes) {
    const Params& params = context.params();
    const int inputTime = params.channelsFirst() ? 2 : 1;
    auto scales = scalesForWriting(context.input());
    scales->axes = {};
    const double rateHz = axisRateHz(context.input(), inputTime);
    const auto at = [&](int axis) -> AxisScale& { return scales->axes[static_cast<std::size_t>(axis)]; };
    if (rateHz > 0.0) {
        const double centre = static_cast<double>(framing.frameLength) / 2.0 - static_cast<double>(slid.padBefore);
        at(axes.time) = {AxisScale::Kind::Seconds, context.input().scale(inputTime).origin + centre / rateHz,
                         static_cast<double>(framing.frameStep) / rateHz};
        scales->hopSamples *= static_cast<double>(framing.frameStep);
        if (axes.frequency >= 0 && params.text("mode") != "stft")
            at(axes.frequency) = {AxisScale::Kind::Hertz, 0.0, rateHz / static_cast<double>(framing.fftLength)};
    }
    scales->valueKind = valueKindOf(params.text("mode"));
    context.output().scales = std::move(scales);
}

void explainStft(InferContext& context, Dim samples, const Framing& framing, const SlidLength& slid) {
    const bool valid = context.params().text("padding") == "valid";
    context.explain(
        "time",
        valid ? diag::say("⌊({} − {}) / {}⌋ + 1 = {}", samples, framing.frameLength, framing.frameStep, slid.output)
              : diag::say("⌈{} / {}⌉ = {}", samples, framing.frameStep, slid.output),
        slid.dropped > 0 ? diag::say("{} samples at the end are in no frame", slid.dropped)
        : slid.padBefore + slid.padAfter > 0
            ? diag::say("padded with {} before and {} after", slid.padBefore, slid.padAfter)
            : diag::Phrase());
    const bool doubled = context.params().text("mode") == "stft";
    context.explain("frequency",
                    fmt::format("{}({} / 2 + 1) = {}", doubled ? "2 · " : "", framing.fftLength, framing.bins),
                    doubled ? "real rows, then imaginary rows" : "from 0 Hz to half the sample rate");
}

void inferStft(InferContext& context) {
    const Params& params = context.params();
    const TensorType& input = context.input();
    if (input.dtype != tensor::DType::Float32)
        context.refuse({diag::Code::ElementType,
                        {},
                        0,
                        {{"needed", std::string("float32")},
                         {"got", std::string(tensor::dtypeName(input.dtype))},
                         {"shape", input.shape}}});
    const Framing framing = framingOf(params);
    const int timeAxis = params.channelsFirst() ? 2 : 1;
    const Dim samples = input.shape[timeAxis];
    const WindowAxis window{
        .size = framing.frameLength, .stride = framing.frameStep, .padding = windowPadding(params.text("padding"))};
    const SlidLength slid = slide(samples, window);
    if (!slid.fits)
        context.refuse({diag::Code::WindowTooLarge,
                        "frame_length",
                        0,
                        {{"what", std::string("frame")},
                         {"axis", std::int64_t{timeAxis}},
                         {"axis_name", diag::Axis{tensor::AxisMeaning::Time, timeAxis}},
                         {"size", samples.size()},
                         {"window", framing.frameLength},
                         {"effective", framing.frameLength},
                         {"stride", framing.frameStep},
                         {"dilation", std::int64_t{1}},
                         {"computed", slid.computed},
                         {"shape", input.shape}}});
    const OutputAxes axes = placeAxes(context, slid.output, framing);
    setScales(context, framing, slid, axes);
    if (context.isExplaining()) explainStft(context, samples, framing, slid);
}

bool usesReal(std::string_view mode) { return mode != "imag"; }
bool usesImaginary(std::string_view mode) { return mode != "real"; }

kernels::SpectrogramScaling scalingOf(const Params& params) {
    const std::string_view scaling = params.text("scaling");
    if (scaling.empty()) return kernels::SpectrogramScaling::None;
    return scaling == "spectrum" ? kernels::SpectrogramScaling::Spectrum : kernels::SpectrogramScaling::Density;
}

/// What makes the kernels: the framing and the window before it is made.
struct Kernels {
    Framing framing;
    Value window;
    bool periodic = false;
    kernels::SpectrogramScaling scaling = kernels::SpectrogramScaling::Density;

    [[nodiscard]] Result<kernels::StftSpec> spec() const {
        Result<std::vector<double>> samples = windowSamples(window, framing.frameLength, periodic);
        if (!samples) return Unexpected(samples.error());
        return kernels::StftSpec{.frameLength = framing.frameLength,
                                 .frameStep = framing.frameStep,
                                 .fftLength = framing.fftLength,
                                 .window = kernels::scaledWindow(std::move(*samples), scaling)};
    }
};

Kernels kernelsOf(const Params& params) {
    return {framingOf(params), params["window"], params.flag("periodic"), scalingOf(params)};
}

std::vector<WeightSpec> stftWeights(const Params& params, std::span<const TensorType* const>) {
    const Framing framing = framingOf(params);
    const std::string_view mode = params.text("mode");
    std::vector<WeightSpec> weights;
    const auto add = [&](std::string_view name, kernels::SpectrogramSide side) {
        const auto fill = [made = kernelsOf(params), side](std::span<float> values) {
            const Result<kernels::StftSpec> spec = made.spec();
            if (spec) kernels::fillSpectrogramKernel(*spec, side, values);
        };
        weights.push_back({.name = name,
                           .extents = {framing.frameLength, 1, framing.fftLength / 2 + 1},
                           .initializer = Initializer::Fixed,
                           .fixed = fill});
    };
    if (usesReal(mode)) add("real_kernel", kernels::SpectrogramSide::Real);
    if (usesImaginary(mode)) add("imag_kernel", kernels::SpectrogramSide::Imaginary);
    return weights;
}

Result<void> stftForward(ForwardContext& context) {
    const Params& params = context.params;
    Result<kernels::StftSpec> stft = kernelsOf(params).spec();
    if (!stft) return Unexpected(stft.error());
    const std::string_view mode = params.text("mode");
    kernels::SpectrogramSpec spec{
        .mode = kernels::spectrogramModeFromName(mode).value_or(kernels::SpectrogramMode::Log),
        .stft = std::move(*stft),
        .expandDims = params.flag("expand_dims"),
        .channelsFirst = params.channelsFirst()};
    spec.stft.padding = params.text("padding") == "same" ? kernels::FramePadding::Same : kernels::FramePadding::Valid;
    kernels::SpectrogramKernels given;
    int next = 0;
    if (usesReal(mode)) given.real = context.weight(next++).data();
    if (usesImaginary(mode)) given.imaginary = context.weight(next).data();
    const tensor::Tensor& x = context.input();
    kernels::stftSpectrogram(spec, given, {x.data(), x.extents()}, context.output().data(), context.parallel());
    return {};
}

/// Counted as the convolutions with both kernels that Keras runs.
std::int64_t stftMultiplyAdds(const Params& params, std::span<const TensorType* const>,
                              std::span<const TensorType> outputs) {
    const std::string_view mode = params.text("mode");
    const std::int64_t kernelCount = mode == "stft" ? 1 : (usesReal(mode) ? 1 : 0) + (usesImaginary(mode) ? 1 : 0);
    const std::int64_t perValue = saturatingMultiply(params.integer("frame_length"), kernelCount);
    return saturatingMultiply(perValue, outputs[0].shape.elementCount().sizeOr(-1));
}

SlidingWindow stftWindow(const Params& params) {
    const Framing framing = framingOf(params);
    return {.size = {framing.frameLength, 1, 1},
            .stride = {framing.frameStep, 1, 1},
            .padding = windowPadding(params.text("padding"))};
}

std::string stftTelling(const Params& params) {
    const Framing framing = framingOf(params);
    return joinTelling(
        {fmt::format("{} / {}", framing.frameLength, framing.frameStep), std::string(params.text("mode"))});
}

}  // namespace

const LayerType& stftSpectrogram() {
    static const LayerType type{
        .className = "STFTSpectrogram",
        .category = Category::Audio,
        .title = "STFTSpectrogram",
        .summary = "Spectra of overlapping frames of a signal",
        .keywords = "audio fourier fft sound frequency spectrum time",
        .doc =
            "Cuts each channel into frames of `frame_length` samples, `frame_step` apart, and takes the Fourier "
            "transform of "
            "each, windowed and filled with zeros to `fft_length`.\n\n"
            "Input `[batch, samples, channels]`. With F = `fft_length / 2 + 1` (twice that for mode `stft`), output "
            "`[batch, T, channels · F]`, or with `expand_dims` `[batch, T, F, channels]`.\n\n"
            "T: valid `⌊(n − frame_length) / frame_step⌋ + 1`, same `⌈n / frame_step⌉`. Mode `log` is the natural "
            "logarithm of "
            "the magnitude, not dB.\n\nTime comes first here; MelSpectrogram puts it last.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/stft_spectrogram/>",
        .params = stftParams(),
        .inputs = {PortSpec{.name = "input", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, samples, channels)"}},
        .telling = {"frame_length", "frame_step", "mode"},
        .role = Role::Spectrogram,
        .effects = {AxisEffect::Transforms, ChannelEffect::Makes},
        .infer = inferStft,
        .check = checkStft,
        .weights = stftWeights,
        .forward = stftForward,
        .multiplyAdds = stftMultiplyAdds,
        .window = stftWindow,
        .tellingText = stftTelling,
    };
    return type;
}

}  // namespace shapewise::layers
