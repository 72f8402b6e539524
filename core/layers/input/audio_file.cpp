// AudioFile: a recording, or part of it: (1, samples, channels) with its sample rate.
// The file itself is read by core/io, which leaves what it found in the hidden parameters.

#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::layers {

namespace {

std::vector<ParamSpec> audioParams() {
    std::vector<ParamSpec> params{
        filePathParam("Sound file: WAV, FLAC, OGG and what else libsndfile reads; or several of them, or their folder"),
        {.key = "channels",
         .kind = ParamKind::Choice,
         .fallback = "mix",
         .help = "mix is the mean of all channels; all keeps each",
         .choices = {"mix", "left", "right", "all"}},
        {.key = "start",
         .kind = ParamKind::Real,
         .fallback = 0.0,
         .help = "Where the part begins",
         .minimum = 0.0,
         .unit = "s"},
        {.key = "duration",
         .kind = ParamKind::Real,
         .help = "Length of the part; None means to the end",
         .noneAllowed = true,
         .noneMeans = "to the end",
         .minimum = 1e-6,
         .unit = "s"},
        {.key = "sample_rate",
         .kind = ParamKind::Real,
         .help = "Resample to this rate; None keeps that of the file",
         .noneAllowed = true,
         .noneMeans = "as in the file",
         .minimum = 1.0,
         .maximum = 1e7,
         .unit = "Hz"},
        {.key = "batch_length",
         .kind = ParamKind::Choice,
         .fallback = "longest",
         .help = "Several recordings: longest pads each with silence, shortest cuts each",
         .choices = {"longest", "shortest"}},
        {.key = "known_rate",
         .kind = ParamKind::Real,
         .help = "Sample rate of the file when it was last read",
         .noneAllowed = true,
         .minimum = 0.0,
         .unit = "Hz",
         .hidden = true},
    };
    for (ParamSpec& spec : rememberedParams()) params.push_back(std::move(spec));
    return params;
}

/// Resampling goes so far and no further.
bool checkRate(InferContext& context, double fileRateHz) {
    const double wantedHz = context.params().real("sample_rate");
    const double lowest = std::max(fileRateHz / kLargestRateChange, 1.0);
    const double highest = fileRateHz * kLargestRateChange;
    if (fileRateHz <= 0.0 || wantedHz <= 0.0 || (wantedHz >= lowest && wantedHz <= highest)) return true;
    context.refuse({diag::Code::ParameterRange,
                    "sample_rate",
                    -1,
                    {{"value", context.params()["sample_rate"]},
                     {"minimum", std::ceil(lowest)},
                     {"maximum", std::floor(highest)},
                     {"expected", fmt::format("{:g} to {:g} Hz for a file of {:g} Hz", std::ceil(lowest),
                                              std::floor(highest), fileRateHz)}}});
    return false;
}

void inferAudio(InferContext& context) {
    const Params& params = context.params();
    const AxisList<std::int64_t> known = params.integers("known_shape");
    if (!rememberedShape(context, 2)) return;
    const double fileRateHz = params.isNone("known_rate") ? 0.0 : params.real("known_rate");
    if (!checkRate(context, fileRateHz)) return;
    const bool isBatch = known.size() >= 4;  // longest, channels, recordings, shortest
    const std::int64_t length = isBatch && params.text("batch_length") == "shortest" ? known[3] : known[0];
    const AudioExcerpt excerpt =
        audioExcerpt(length, fileRateHz, params.real("start"), params.real("duration"), params.real("sample_rate"));
    if (excerpt.samples == 0) {
        const double seconds = fileRateHz > 0.0 ? static_cast<double>(length) / fileRateHz : 0.0;
        return context.refuse({diag::Code::ParameterRange,
                               "start",
                               -1,
                               {{"value", params["start"]},
                                {"maximum", seconds},
                                {"expected", fmt::format("before the end of the recording at {:g} s", seconds)}}});
    }
    const bool keepsAll = params.text("channels") == "all";
    tensor::TensorType& output = context.output();
    output.shape.append(isBatch ? known[2] : 1, tensor::AxisMeaning::Batch);
    output.shape.append(excerpt.samples, tensor::AxisMeaning::Time);
    output.shape.append(keepsAll ? known[1] : 1, tensor::AxisMeaning::Channels);
    const double startSeconds = fileRateHz > 0.0 ? static_cast<double>(excerpt.firstFrame) / fileRateHz : 0.0;
    nameSignalAxes(output, excerpt.sampleRateHz, startSeconds);
    if (context.isExplaining())
        context.explain("time", counted(excerpt.samples, "sample"),
                        fmt::format("{} of {} in the file, at {:g} Hz", excerpt.frames, length, excerpt.sampleRateHz));
}

}  // namespace

const LayerType& audioFile() {
    static const LayerType type{
        .className = "AudioFile",
        .category = Category::Input,
        .title = "Audio file",
        .summary = "A sound recording, or part of it",
        .keywords = "wav flac ogg sound recording music speech microphone load",
        .doc =
            "Reads a sound file; samples lie between -1 and 1.\n\n"
            "Output `[1, samples, channels]`, one channel unless `channels` is `all`. The sample rate travels along, "
            "so that "
            "later axes are in seconds and hertz. With `sample_rate` the recording is resampled. Several recordings, "
            "or a folder of them, are one batch: all at the "
            "rate of the first, padded with silence to the longest or cut to the shortest (`batch_length`).",
        .params = audioParams(),
        .inputs = {},
        .telling = {"path"},
        .supply = Supply::AudioFile,
        .infer = inferAudio,
        .tellingText = fileNameText,
    };
    return type;
}

}  // namespace shapewise::layers
