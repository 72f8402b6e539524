#pragma once
// What the head of a sound file promises, where libsndfile does not say: how many samples, in which encoding, and which
// of its sizes are wrong. WAV (RIFF, RIFX, RF64, BW64), W64, AIFF and AIFC, AU, CAF, FLAC, Ogg, MP3.

#include "core/io/files/input_file.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::io {

/// Bytes to be read instead of those of the file.
struct BytePatch {
    std::uint64_t offset = 0;
    std::string bytes;
};

struct SoundHeader {
    std::string container;                       ///< "WAV"; empty for what is not known here
    std::string encoding;                        ///< "64-bit integers", "MP3"; empty when not known
    std::optional<std::int64_t> promisedFrames;  ///< nullopt: not said, or said to be unknown
    std::int64_t blockFrames = 0;  ///< samples of a block of compressed WAV, of which the last is filled up
    bool endIsMissing = false;     ///< the file stops before its own end, however many samples that are
    /// Sizes as they should be: 0 and the largest number mean "to the end", and no part is longer than the file.
    std::vector<BytePatch> patches;
    std::optional<BytePatch> insertion{};   ///< bytes to be read in front of the one at its offset
    bool encodingIsRead = false;            ///< libsndfile reads that encoding, so that something else is wrong
    std::optional<std::uint64_t> rateHz{};  ///< WAV
    std::string note{};                     ///< what else is to be known: "2 streams follow one another, ..."
};

/// Reads a few bytes for each part of the file. Never fails: what it does not know is left empty.
[[nodiscard]] SoundHeader soundHeaderOf(const InputFile& file);

}  // namespace shapewise::io
