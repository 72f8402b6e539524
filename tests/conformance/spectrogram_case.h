#pragma once
// Records of kind spectrogram: STFTs, mel filter banks and mel spectrograms, which the audio kernels compute directly.

#include "tests/conformance/outcome.h"
#include "tests/conformance/record.h"

namespace shapewise::conformance {

[[nodiscard]] Outcome checkSpectrogram(const Json& record);

}  // namespace shapewise::conformance
