#pragma once
// Float values as text in project files: base64 (RFC 4648) of little-endian float32.

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>
#include <string>
#include <string_view>

namespace shapewise::io {

[[nodiscard]] std::string floatsToText(std::span<const float> values);
/// Fails when the text is no base64 or does not hold as many values as `extents` want.
[[nodiscard]] Result<tensor::Tensor> floatsFromText(std::string_view text, tensor::Extents extents);

}  // namespace shapewise::io
