#pragma once
// What nodes that bring data in have in common, and the numbers io's loaders share with the shape rules.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

/// Names the axes of data that say nothing of themselves, by rank: features; time, channels; height, width, channels;
/// depth, height, width, channels; the first is the batch. Axes that have a meaning keep it.
void nameUsualAxes(tensor::Shape& shape);

/// Makes axis 1 the time of a signal: its meaning, its scale in seconds, and the sample rate. A rate of 0 gives no
/// scale.
void nameSignalAxes(tensor::TensorType& type, double sampleRateHz, double startSeconds);

/// The parameter `path` of nodes that read a file.
[[nodiscard]] ParamSpec filePathParam(std::string_view help);
/// `file_problem` of a file that is not where it was.
inline constexpr std::string_view kFileIsGone = "is not there";
/// What is remembered of a file, so that a missing one keeps its shape: known_shape (sizes as probed, see
/// io::DataProbe) and file_problem (what is wrong with the file now, empty when nothing is).
[[nodiscard]] std::vector<ParamSpec> rememberedParams();
/// Whether known_shape can be used: a list of at least `fewest` sizes. Without one refuses FileMissing or
/// FileUnreadable; where no file has been chosen yet the shape is not known, which is no error.
[[nodiscard]] bool rememberedShape(InferContext& context, std::size_t fewest);
/// The file's name without its folders.
[[nodiscard]] std::string fileNameText(const Params& params);

/// Part of a recording that AudioFile takes.
struct AudioExcerpt {
    std::int64_t firstFrame = 0;  ///< in the file
    std::int64_t frames = 0;      ///< in the file
    std::int64_t samples = 0;     ///< after resampling: the length of the output
    double sampleRateHz = 0.0;    ///< of the output
};
/// A recording can be resampled to a rate that many times as high or as low.
inline constexpr double kLargestRateChange = 256.0;
/// start and duration in seconds (duration 0: to the end), rateHz the wanted rate (0: that of the file).
/// firstFrame = round(start * fileRateHz); frames = round(duration * fileRateHz), cut at the end of the file;
/// samples = round(frames * rateHz / fileRateHz). frames is 0 when the start lies behind the end.
[[nodiscard]] AudioExcerpt audioExcerpt(std::int64_t fileFrames, double fileRateHz, double start, double duration,
                                        double rateHz);

}  // namespace shapewise::layers
