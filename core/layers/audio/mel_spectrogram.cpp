// MelSpectrogram: power of overlapping frames in bands that are equally wide in mel, usually in decibels.
//   frames: 1 + ⌊(n + 2⌊fft_length/2⌋ − fft_length) / sequence_stride⌋, as Keras produces them; its declared shape says
//   one more when n mod stride = stride − 1.
// [batch, samples] -> [batch, mel, time]; [samples] -> [mel, time]. No channel axis.
// Reference: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/mel_spectrogram/

#include "core/base/text.h"
#include "core/kernels/mel.h"
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

std::int64_t sequenceLength(const Params& params) {
    return params.integer(params.isNone("sequence_length") ? ParamKey("fft_length") : ParamKey("sequence_length"));
}

double highestHz(const Params& params) {
    return params.isNone("max_freq") ? params.real("sampling_rate") / 2.0 : params.real("max_freq");
}

std::vector<ParamSpec> frameParams() {
    return {
        {.key = "fft_length",
         .kind = ParamKind::Integer,
         .fallback = 2048,
         .help = "Length of the transform of each frame",
         .minimum = 1,
         .maximum = 1 << 30,
         .unit = "samples"},
        {.key = "sequence_stride",
         .kind = ParamKind::Integer,
         .fallback = 512,
         .help = "Samples from frame to frame",
         .minimum = 1,
         .unit = "samples"},
        {.key = "sequence_length",
         .kind = ParamKind::Integer,
         .help = "Length of the window in the middle of a frame; None means fft_length",
         .noneAllowed = true,
         .noneMeans = "fft_length",
         .minimum = 1,
         .unit = "samples",
         .affects = Affects::Values},
        frameWindowParam(),
        {.key = "sampling_rate",
         .kind = ParamKind::Real,
         .fallback = 16000,
         .help = "Samples a second of the signal; must be that of the data",
         .minimum = 1,
         .unit = "Hz",
         .affects = Affects::Shape},
    };
}

std::vector<ParamSpec> bandParams() {
    return {
        {.key = "num_mel_bins", .kind = ParamKind::Integer, .fallback = 128, .help = "Number of bands", .minimum = 1},
        {.key = "min_freq",
         .kind = ParamKind::Real,
         .fallback = 20.0,
         .help = "Lower edge of the lowest band",
         .minimum = 0.0,
         .unit = "Hz"},
        {.key = "max_freq",
         .kind = ParamKind::Real,
         .help = "Upper edge of the highest band; None means half the sampling rate",
         .noneAllowed = true,
         .noneMeans = "half the rate",
         .minimum = 0.0,
         .unit = "Hz"},
        {.key = "power_to_db", .kind = ParamKind::Boolean, .fallback = true, .help = "Give the power in decibels"},
        {.key = "top_db",
         .kind = ParamKind::Real,
         .fallback = 80.0,
         .help = "Range below the maximum; smaller values are cut off there",
         .unit = "dB",
         .affects = Affects::Values,
         .visibleWhenKey = "power_to_db",
         .visibleWhenValue = "True"},
        {.key = "mag_exp",
         .kind = ParamKind::Real,
         .fallback = 2.0,
         .help = "Exponent of the magnitude: 1 for energy, 2 for power",
         .affects = Affects::Values},
        {.key = "min_power",
         .kind = ParamKind::Real,
         .fallback = 1e-10,
         .help = "Smallest power, so that silence has a level",
         .affects = Affects::Values,
         .visibleWhenKey = "power_to_db",
         .visibleWhenValue = "True"},
        {.key = "ref_power",
         .kind = ParamKind::Real,
         .fallback = 1.0,
         .help = "Power that is 0 dB",
         .affects = Affects::Values,
         .visibleWhenKey = "power_to_db",
         .visibleWhenValue = "True"},
    };
}

std::vector<ParamSpec> melParams() {
    std::vector<ParamSpec> params = frameParams();
    for (ParamSpec& spec : bandParams()) params.push_back(std::move(spec));
    return params;
}

void checkMel(InferContext& context) {
    const Params& params = context.params();
    const std::int64_t length = sequenceLength(params);
    if (params.integer("fft_length") < length)
        context.refuse({diag::Code::ParameterConflict,
                        "fft_length",
                        -1,
                        {{"first", std::string("fft_length")},
                         {"first_value", params["fft_length"]},
                         {"second", std::string("sequence_length")},
                         {"second_value", params["sequence_length"]},
                         {"rule", std::string("fft_length must not be below sequence_length")}}});
    const std::optional<std::int64_t> listed = listedWindowLength(params["window"]);
    if (listed && *listed != length)
        context.refuse({diag::Code::ParameterTupleLength,
                        "window",
                        -1,
                        {{"value", params["window"]}, {"needed", length}, {"got", *listed}}});
}

/// 1 + floor((n + 2*floor(fft/2) - fft) / stride)
Dim frameCount(const Params& params, Dim samples) {
    const std::int64_t fft = params.integer("fft_length");
    const std::optional<Dim> room = addOffset(samples, -(fft % 2));
    return addOffset(floorDivide(room.value_or(Dim(0)), params.integer("sequence_stride")), 1).value_or(Dim::unknown());
}

void setScales(InferContext& context, int melAxis) {
    const Params& params = context.params();
    auto scales = scalesForWriting(context.input());
    scales->axes = {};
    const double dataRate = axisRateHz(context.input(), melAxis);
    const double rateHz = dataRate > 0.0 ? dataRate : params.real("sampling_rate");
    const auto stride = static_cast<double>(params.integer("sequence_stride"));
    const double lowest = melOf(params.real("min_freq"));
    const double step =
        (melOf(highestHz(params)) - lowest) / (static_cast<double>(params.integer("num_mel_bins")) + 1.0);
    const auto mel = static_cast<std::size_t>(melAxis);
    // Bands are made for sampling_rate; at another rate of the data each lies where that many bins of it are.
    scales->axes[mel] = {AxisScale::Kind::Mel, lowest + step, step, rateHz / params.real("sampling_rate")};
    scales->axes[mel + 1] = {AxisScale::Kind::Seconds, context.input().scale(melAxis).origin, stride / rateHz};
    if (scales->sampleRateHz <= 0.0) scales->sampleRateHz = rateHz;
    scales->hopSamples *= stride;
    scales->valueKind = params.flag("power_to_db") ? "dB" : "power";
    context.output().scales = std::move(scales);
}

void explainMel(InferContext& context, Dim samples, Dim frames) {
    const Params& params = context.params();
    const std::int64_t fft = params.integer("fft_length");
    context.explain("mel", fmt::format("num_mel_bins = {}", params.integer("num_mel_bins")), "one row for each band");
    context.explain("time",
                    diag::say("1 + ⌊({} + 2 · {} − {}) / {}⌋ = {}", samples, fft / 2, fft,
                              params.integer("sequence_stride"), frames),
                    fmt::format("{} samples are mirrored at each end", fft / 2));
}

void inferMel(InferContext& context) {
    const Params& params = context.params();
    const TensorType& input = context.input();
    if (input.dtype != tensor::DType::Float32)
        context.refuse({diag::Code::ElementType,
                        {},
                        0,
                        {{"needed", std::string("float32")},
                         {"got", std::string(tensor::dtypeName(input.dtype))},
                         {"shape", input.shape}}});
    const int last = input.shape.rank() - 1;
    const Dim samples = input.shape[last];
    const std::int64_t mirrored = params.integer("fft_length") / 2;
    if (samples.isKnown() && samples.size() <= mirrored)
        context.refuse({diag::Code::PaddingExceedsSignal,
                        "fft_length",
                        0,
                        {{"padding", mirrored}, {"samples", samples.size()}, {"shape", input.shape}}});
    tensor::Shape& output = context.output().shape;
    const Dim frames = frameCount(params, samples);
    if (last == 1) output.append(input.shape[0], AxisMeaning::Batch);
    output.append(params.integer("num_mel_bins"), AxisMeaning::Frequency);
    output.append(frames, AxisMeaning::Time);
    setScales(context, last);
    if (context.isExplaining()) explainMel(context, samples, frames);
}

Result<void> melForward(ForwardContext& context) {
    const Params& params = context.params;
    Result<std::vector<double>> window = windowSamples(params["window"], sequenceLength(params), true);
    if (!window) return Unexpected(window.error());
    const kernels::KerasMelSpec spec{.fftLength = params.integer("fft_length"),
                                     .sequenceStride = params.integer("sequence_stride"),
                                     .sequenceLength = sequenceLength(params),
                                     .window = std::move(*window),
                                     .samplingRateHz = params.real("sampling_rate"),
                                     .bands = params.integer("num_mel_bins"),
                                     .lowestHz = params.real("min_freq"),
                                     .highestHz = highestHz(params),
                                     .decibels = params.flag("power_to_db"),
                                     .topDb = params.real("top_db"),
                                     .magnitudeExponent = params.real("mag_exp"),
                                     .minimumPower = params.real("min_power"),
                                     .referencePower = params.real("ref_power")};
    const tensor::Tensor& x = context.input();
    const std::int64_t batch = x.rank() == 2 ? x.size(0) : 1;
    kernels::kerasMelSpectrogram(spec, batch, x.size(x.rank() - 1), x.data(), context.output().data(),
                                 context.parallel());
    return {};
}

/// The product with the mel matrix, for each frame.
std::int64_t melMultiplyAdds(const Params& params, std::span<const TensorType* const>,
                             std::span<const TensorType> outputs) {
    const Dim count = outputs[0].shape.elementCount() * Dim(params.integer("fft_length") / 2 + 1);
    return count.sizeOr(-1);
}

SlidingWindow melWindow(const Params& params) {
    return {
        .size = {sequenceLength(params), 1, 1}, .stride = {params.integer("sequence_stride"), 1, 1}, .centred = true};
}

std::string melTelling(const Params& params) {
    return joinTelling({counted(params.integer("num_mel_bins"), "band"),
                        fmt::format("{} / {}", sequenceLength(params), params.integer("sequence_stride"))});
}

}  // namespace

const LayerType& melSpectrogram() {
    static const LayerType type{
        .className = "MelSpectrogram",
        .category = Category::Audio,
        .title = "MelSpectrogram",
        .summary = "Spectrogram in bands that are equally wide to the ear",
        .keywords = "audio mel fft sound frequency decibel filter bank log",
        .doc =
            "Mirrors half a frame at both ends, takes the spectrum of overlapping frames, and sums its power in "
            "`num_mel_bins` triangular bands that are equally spaced in mel, `1127 ln(1 + f / 700)`; then 10 log10 of "
            "it.\n\n"
            "Input `[batch, samples]` or `[samples]`, without a channel axis. Output `[batch, mel, time]`.\n\n"
            "Frames: `1 + ⌊(n + 2 ⌊fft_length / 2⌋ − fft_length) / sequence_stride⌋`.\n\n"
            "Time comes last here; STFTSpectrogram puts it first.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/mel_spectrogram/>",
        .params = melParams(),
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .maximumRank = 2, .axes = "(batch, samples)"}},
        .telling = {"num_mel_bins", "fft_length", "sequence_stride"},
        .role = Role::MelSpectrogram,
        .effects = {AxisEffect::Transforms, ChannelEffect::Makes},
        .rateSetting = "sampling_rate",
        .infer = inferMel,
        .check = checkMel,
        .forward = melForward,
        .multiplyAdds = melMultiplyAdds,
        .window = melWindow,
        .tellingText = melTelling,
    };
    return type;
}

}  // namespace shapewise::layers
