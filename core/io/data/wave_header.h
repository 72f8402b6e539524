#pragma once
// WAV (RIFF, RIFX, RF64, BW64) and Sony Wave64, for sound_header.h.

#include "core/io/data/sound_header.h"

namespace shapewise::io {

/// Precondition: the file begins as a WAV file does.
[[nodiscard]] SoundHeader waveHeaderOf(const InputFile& file);
/// Sony Wave64: names of 16 bytes, sizes of 8 that count themselves and the name, parts at multiples of 8.
[[nodiscard]] SoundHeader wave64HeaderOf(const InputFile& file);

}  // namespace shapewise::io
