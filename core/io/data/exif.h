#pragma once
// How a picture is to be turned before people look at it, from the EXIF data in JPEG and PNG files.

#include "core/io/files/input_file.h"

#include <string_view>

namespace shapewise::io {

/// 1 (as stored) to 8, as EXIF numbers them; 1 where the file says nothing or nonsense.
[[nodiscard]] int orientationOf(const InputFile& file);

/// "turned by 90° clockwise"; empty for 1.
[[nodiscard]] std::string_view orientationText(int orientation);

/// Height and width change places.
[[nodiscard]] inline bool liesOnItsSide(int orientation) { return orientation >= 5; }

}  // namespace shapewise::io
