#pragma once
// Pictures: PNG of every kind (grey, palette, 16 bit, interlaced, transparent) and JPEG.

#include "core/io/data/data_reader.h"

namespace shapewise::io {

struct ImageFormat {
    std::int64_t height = 0;  ///< upright, as people see it
    std::int64_t width = 0;
    std::int64_t channels = 0;       ///< as stored: 1 grey, 2 grey and alpha, 3 rgb, 4 rgba or CMYK
    std::vector<std::string> notes;  ///< as in DataProbe
    std::string description;         ///< "PNG, 640 × 480, rgb, 8-bit"
};
[[nodiscard]] Result<ImageFormat> probeImage(const std::filesystem::path& path);

/// [1, height, width, 1, 3 or 4], black 0, white 1. Fails for pictures of which no row can be read.
[[nodiscard]] Result<tensor::Tensor> readImage(const std::filesystem::path& path, const ImageRequest& request);

}  // namespace shapewise::io
