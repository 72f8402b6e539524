#pragma once
// What nodes that bring data in have in common, and the numbers io's loaders share with the shape rules.

#include "core/layers/layer.h"

namespace shapewise::layers {

/// Names the axes of data that say nothing of themselves, by rank: features; time, channels; height, width, channels;
/// depth, height, width, channels; the first is the batch. Axes that have a meaning keep it.
void nameUsualAxes(tensor::Shape& shape);

/// Part of a recording that AudioFile takes.
struct AudioExcerpt {
    std::int64_t firstFrame = 0;    ///< in the file
    std::int64_t frames = 0;        ///< in the file
    std::int64_t samples = 0;       ///< after resampling: the length of the output
    double sampleRateHz = 0.0;      ///< of the output
};
/// start and duration in seconds (duration 0: to the end), rateHz the wanted rate (0: that of the file).
/// firstFrame = round(start * fileRateHz); frames = round(duration * fileRateHz), cut at the end of the file;
/// samples = round(frames * rateHz / fileRateHz). frames is 0 when the start lies behind the end.
[[nodiscard]] AudioExcerpt audioExcerpt(std::int64_t fileFrames, double fileRateHz, double start, double duration,
                                        double rateHz);

}  // namespace shapewise::layers
