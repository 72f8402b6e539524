#pragma once
// The element type a tensor is declared with. Values are always held as float32; the declared type decides
// which layers accept it (Embedding wants integers, the audio layers want floats).

#include <cstdint>
#include <string_view>

namespace shapewise::tensor {

enum class DType : std::uint8_t { Float32, Int32, Bool };

/// Keras' name: "float32", "int32", "bool". float16, float64, bfloat16 are read as float32; intN, uintN as int32;
/// any other name as float32.
[[nodiscard]] std::string_view dtypeName(DType type);
[[nodiscard]] DType dtypeFromName(std::string_view name);

}  // namespace shapewise::tensor
