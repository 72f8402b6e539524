#pragma once
// .npy arrays, format versions 1 to 3 (numpy/lib/format.py describes them).

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <filesystem>
#include <string>

namespace shapewise::io {

struct NpyHeader {
    char kind = 'f';        ///< f real, i integer, u unsigned, b bool, as in dtype.kind
    std::size_t width = 4;  ///< bytes of a number
    bool isBigEndian = false;
    bool isFortranOrder = false;  ///< first index runs fastest
    tensor::Extents extents;
    std::size_t dataOffset = 0;
    std::string dtype;  ///< "<f4"

    [[nodiscard]] std::string typeText() const;  ///< "float32", "int64", "bool"
};

/// Reads the header and checks that the file holds all values. Refuses objects, complex numbers, text and records.
[[nodiscard]] Result<NpyHeader> probeNpy(const std::filesystem::path& path);

}  // namespace shapewise::io
