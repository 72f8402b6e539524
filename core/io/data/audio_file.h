#pragma once
// Sound files of every format libsndfile knows: WAV, FLAC, OGG, AIFF, MP3, ...

#include "core/base/result.h"
#include "core/layers/parts/data_node.h"
#include "core/tensor/tensor.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

namespace shapewise::io {

struct AudioFormat {
    std::int64_t frames = 0;  ///< samples of each channel
    std::int64_t channels = 0;
    double rateHz = 0.0;
    std::string description;  ///< "WAV, 16-bit PCM, 44100 Hz, stereo, 3.2 s"
};

/// Fails for sound of zero samples, and for files that hold less than their header promises.
[[nodiscard]] Result<AudioFormat> probeAudio(const std::filesystem::path& path);

/// [1, excerpt.samples, channels], full scale is 1. `channels`: mix (mean of all), left, right, all.
/// Another rate than that of the file is made by libsamplerate's best converter.
/// Fails for values that are no numbers, saying which is the first.
[[nodiscard]] Result<tensor::Tensor> readAudio(const std::filesystem::path& path, const layers::AudioExcerpt& excerpt,
                                               std::string_view channels, std::stop_token stop = {});

}  // namespace shapewise::io
