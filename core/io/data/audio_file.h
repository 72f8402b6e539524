#pragma once
// Sound files of every format libsndfile knows: WAV, FLAC, OGG, AIFF, MP3, ...

#include "core/io/data/data_reader.h"

#include <filesystem>

namespace shapewise::io {

/// [1, excerpt.samples, channels], full scale is 1. `channels`: mix (mean of all), left, right, all.
/// Another rate than that of the file is made by libsamplerate's best converter.
/// NaN and infinity are read as they are.
[[nodiscard]] Result<tensor::Tensor> readAudio(const std::filesystem::path& path, const layers::AudioExcerpt& excerpt,
                                               std::string_view channels, std::stop_token stop = {});

}  // namespace shapewise::io
