#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace shapewise::io {

/// Interleaved samples at another rate, ratio = new / old, with libsamplerate's best sinc converter (band-limited, 145
/// dB). The result has `frames` frames: zeros at the end where the converter gives fewer.
[[nodiscard]] Result<std::vector<float>> resample(std::span<const float> interleaved, int channels, double ratio,
                                                  std::int64_t frames, std::stop_token stop = {});

}  // namespace shapewise::io
