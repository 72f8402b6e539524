#include "core/layers/parts/data_node.h"

#include <algorithm>
#include <cmath>

namespace shapewise::layers {

using tensor::AxisMeaning;

namespace {

/// Rounds a count of samples; what does not fit in 62 bits becomes that limit.
std::int64_t roundedCount(double count) {
    constexpr double kLimit = 4.0e18;
    return static_cast<std::int64_t>(std::llround(std::clamp(count, 0.0, kLimit)));
}

}  // namespace

void nameUsualAxes(tensor::Shape& shape) {
    constexpr AxisMeaning kSpatial[] = {AxisMeaning::Depth, AxisMeaning::Height, AxisMeaning::Width};
    const int rank = shape.rank();
    const auto name = [&](int axis, AxisMeaning meaning) {
        if (shape.meaning(axis) == AxisMeaning::Unknown) shape.setMeaning(axis, meaning);
    };
    if (rank > 0) name(0, AxisMeaning::Batch);
    if (rank == 2) name(1, AxisMeaning::Features);
    if (rank == 3) name(1, AxisMeaning::Time);
    if (rank >= 3 && rank <= 5) name(rank - 1, AxisMeaning::Channels);
    if (rank == 4 || rank == 5)
        for (int axis = 1; axis < rank - 1; ++axis) name(axis, kSpatial[3 - (rank - 2) + axis - 1]);
}

void nameSignalAxes(tensor::TensorType& type, double sampleRateHz, double startSeconds) {
    if (type.shape.rank() < 2) return;
    type.shape.setMeaning(1, AxisMeaning::Time);
    if (sampleRateHz <= 0.0) return;
    auto scales = std::make_shared<tensor::SignalScales>();
    scales->axes[1] = {tensor::AxisScale::Kind::Seconds, startSeconds, 1.0 / sampleRateHz};
    scales->sampleRateHz = sampleRateHz;
    type.scales = std::move(scales);
}

ParamSpec filePathParam(std::string_view help) {
    return {.key = "path", .kind = ParamKind::FilePath, .help = help, .noneAllowed = true, .affects = Affects::Shape};
}

std::vector<ParamSpec> rememberedParams() {
    return {
        {.key = "known_shape",
         .kind = ParamKind::IntegerList,
         .help = "Sizes of what the file held when it was last read",
         .noneAllowed = true,
         .minimum = 0,
         .hidden = true},
        {.key = "file_problem",
         .kind = ParamKind::Text,
         .help = "What is wrong with the file; empty when nothing is",
         .noneAllowed = true,
         .hidden = true},
    };
}

bool rememberedShape(InferContext& context, std::size_t fewest) {
    const Params& params = context.params();
    if (!params.isNone("known_shape") && params.integers("known_shape").size() >= fewest) return true;
    const std::string path(params.text("path"));
    const std::string problem(params.text("file_problem"));
    if (path.empty()) return false;  // nobody has chosen a file yet, which is no error
    if (problem.empty() || problem == kFileIsGone)
        context.refuse({diag::Code::FileMissing, "path", -1, {{"path", path}}});
    else
        context.refuse({diag::Code::FileUnreadable, "path", -1, {{"path", path}, {"problem", problem}}});
    return false;
}

std::string fileNameText(const Params& params) {
    const std::string_view all = params.text("path");
    const auto others = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
    const std::string_view path = all.substr(0, all.find('\n'));
    const std::size_t slash = path.find_last_of("/\\");
    const std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
    return others == 0 ? name : name + " and " + std::to_string(others) + " more";
}

AudioExcerpt audioExcerpt(std::int64_t fileFrames, double fileRateHz, double start, double duration, double rateHz) {
    AudioExcerpt excerpt;
    excerpt.sampleRateHz = rateHz > 0.0 ? rateHz : fileRateHz;
    excerpt.firstFrame = std::min(roundedCount(start * fileRateHz), fileFrames);
    const std::int64_t rest = fileFrames - excerpt.firstFrame;
    excerpt.frames = duration > 0.0 ? std::min(roundedCount(duration * fileRateHz), rest) : rest;
    const bool resampled = fileRateHz > 0.0 && excerpt.sampleRateHz != fileRateHz;
    excerpt.samples = resampled ? roundedCount(static_cast<double>(excerpt.frames) * excerpt.sampleRateHz / fileRateHz)
                                : excerpt.frames;
    return excerpt;
}

}  // namespace shapewise::layers
