#pragma once
// Named arrays stored with a model, read one by one when they are asked for. Each way of storing them (shards beside a
// model.json, HDF5, a zip archive, ONNX initializers) is one class; who puts them into nodes does not know which.

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>
#include <string>
#include <string_view>

namespace shapewise::io {

struct StoredArray {
    std::string name;  ///< as stored: "conv2d_1/conv2d_1/kernel:0"
    tensor::Extents extents;
    std::string type;  ///< as stored: "float32", "uint8"
};

class WeightSource {
  public:
    virtual ~WeightSource() = default;
    /// In the order of the file; names do not repeat. Valid as long as the source.
    [[nodiscard]] virtual std::span<const StoredArray> arrays() const = 0;
    /// As float32. Fails for a name that is not there, and for values that are missing or cannot be read.
    [[nodiscard]] virtual Result<tensor::Tensor> read(std::string_view name) = 0;
};

}  // namespace shapewise::io
