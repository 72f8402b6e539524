#pragma once
// How many samples an MP3 file holds: told by its first frame, or by walking along its frames where that says nothing.

#include "core/io/data/sound_header.h"

namespace shapewise::io {

/// MPEG audio, or a tag of the kind that stands in front of it.
[[nodiscard]] bool isMp3(std::string_view head);

/// Reads the first frame, and the heads of all others where the first counts none, or fewer than there are: decoders
/// guess then, and stop too early.
[[nodiscard]] SoundHeader mp3HeaderOf(const InputFile& file);

}  // namespace shapewise::io
