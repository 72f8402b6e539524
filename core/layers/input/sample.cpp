// Sample: seeded data made by the program: noise, a tone, a sweep, an impulse, a ramp: (batch_size, *shape).

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

/// Kinds that are signals in time: their longest axis has seconds.
bool isSignal(std::string_view kind) { return kind == "sine" || kind == "chirp" || kind == "impulse"; }

std::vector<ParamSpec> sampleParams() {
    return {
        {.key = "kind",
         .kind = ParamKind::Choice,
         .fallback = "normal",
         .help = "What the values are: noise, a tone, a sweep, one impulse, or a ramp",
         .choices = {"normal", "uniform", "sine", "chirp", "impulse", "ramp"}},
        {.key = "shape",
         .kind = ParamKind::Sizes,
         .help = "Sizes of one sample, without the batch",
         .required = true,
         .initial = Value::list({28, 28, 1}),
         .minimum = 1},
        {.key = "batch_size", .kind = ParamKind::Integer, .fallback = 1, .help = "Number of samples", .minimum = 1},
        {.key = "seed",
         .kind = ParamKind::Integer,
         .fallback = 0,
         .help = "The same seed gives the same values",
         .minimum = 0,
         .affects = Affects::Values,
         .visibleWhenKey = "kind",
         .visibleWhenValue = "normal|uniform"},
        {.key = "sample_rate",
         .kind = ParamKind::Real,
         .fallback = 16000,
         .help = "Samples a second of a signal",
         .minimum = 1,
         .unit = "Hz",
         .visibleWhenKey = "kind",
         .visibleWhenValue = "sine|chirp|impulse"},
        {.key = "frequency",
         .kind = ParamKind::Real,
         .fallback = 440,
         .help = "Frequency of the tone; a sweep ends there",
         .minimum = 0,
         .unit = "Hz",
         .affects = Affects::Values,
         .visibleWhenKey = "kind",
         .visibleWhenValue = "sine|chirp"},
    };
}

void checkSample(InferContext& context) {
    const AxisList<tensor::Dim> sizes = context.params().sizes("shape");
    for (const tensor::Dim size : sizes)
        if (!size.isKnown())
            return context.refuse(
                {diag::Code::ParameterKind,
                 "shape",
                 -1,
                 {{"value", context.params()["shape"]}, {"expected", std::string("known sizes, as data are made")}}});
    if (sizes.size() >= static_cast<std::size_t>(tensor::kMaximumRank))
        context.refuse(
            {diag::Code::RankTooLarge,
             "shape",
             -1,
             {{"rank", static_cast<std::int64_t>(sizes.size()) + 1}, {"most", std::int64_t{tensor::kMaximumRank}}}});
}

void inferSample(InferContext& context) {
    const Params& params = context.params();
    tensor::TensorType& output = context.output();
    output.shape.append(params.integer("batch_size"), tensor::AxisMeaning::Batch);
    for (const tensor::Dim size : params.sizes("shape")) output.shape.append(size);
    const bool signal = isSignal(params.text("kind")) && (output.shape.rank() == 2 || output.shape.rank() == 3);
    if (signal) nameSignalAxes(output, params.real("sample_rate"), 0.0);
    nameUsualAxes(output.shape);
    if (context.isExplaining()) context.explain("shape", output.shape, "as set, the batch first");
}

SampleSpec sampleSpec(const Params& params) {
    SampleSpec spec{.kind = std::string(params.text("kind")),
                    .seed = static_cast<std::uint64_t>(params.integer("seed")),
                    .frequencyHz = params.real("frequency")};
    if (params.real("sample_rate") > 0.0) spec.sampleRateHz = params.real("sample_rate");
    return spec;
}

std::string sampleTelling(const Params& params) {
    return joinTelling({std::string(params.text("kind")), params["shape"].text()});
}

}  // namespace

const LayerType& sample() {
    static const LayerType type{
        .className = "Sample",
        .category = Category::Input,
        .title = "Sample data",
        .summary = "Data made by the program: noise, a tone, a sweep or a ramp",
        .keywords = "random test data noise sine tone chirp impulse generator",
        .doc =
            "Makes the same data in every run from `seed`.\n\n"
            "Output `[batch_size, *shape]`. A tone, a sweep and an impulse run along the first axis after the batch, "
            "`sample_rate` values a second.",
        .params = sampleParams(),
        .inputs = {},
        .telling = {"kind", "shape"},
        .supply = Supply::Made,
        .infer = inferSample,
        .check = checkSample,
        .sample = sampleSpec,
        .tellingText = sampleTelling,
    };
    return type;
}

}  // namespace shapewise::layers
