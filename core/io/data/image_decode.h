#pragma once
// PNG and JPEG files to pixels, by libpng and libjpeg; used by image_file.cpp.

#include "core/io/files/input_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shapewise::io {

struct Pixels {
    std::int64_t height = 0;
    std::int64_t width = 0;
    int channels = 0;        ///< 1 grey, 2 grey and alpha, 3 rgb, 4 rgba
    int storedChannels = 0;  ///< before a palette was looked up
    int bits = 8;            ///< of a channel in the file
    bool isPng = false;
    bool hasPalette = false;
    int orientation = 1;                ///< as the file says; height, width and values are turned already
    std::vector<std::string> notes;     ///< "the file is cut, 12 of 20 rows read", what the decoder warned of
    std::vector<std::uint16_t> values;  ///< 0..65535, row by row; empty when only the header was read
};

enum class Decode { Header, Pixels };
/// Upright, as people see the picture. A file that is cut short gives the rows that are there, and a note. Fails for
/// files that are neither PNG nor JPEG, of which no row can be read, and larger than 2^28 pixels.
[[nodiscard]] Result<Pixels> decodeImage(const InputFile& file, Decode what);

}  // namespace shapewise::io
