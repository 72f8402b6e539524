#pragma once
// The numbers of the fields at the top of a protocol buffer: enough to tell ONNX, Core ML, TensorFlow and Caffe apart.

#include "core/io/files/input_file.h"

#include <cstdint>
#include <vector>

namespace shapewise::io {

struct ProtobufField {
    std::uint64_t number = 0;
    unsigned wire = 0;         ///< 0 a number, 2 bytes, 1 and 5 of fixed width
    std::uint64_t start = 0;   ///< in the file, of bytes
    std::uint64_t length = 0;  ///< of bytes; a number itself
};

/// Field after field until the end of the file, at most 64. Empty when the file is no protocol buffer: a field of no
/// known wire type, of number 0, or longer than the file.
[[nodiscard]] std::vector<ProtobufField> protobufFields(const InputFile& file);

}  // namespace shapewise::io
