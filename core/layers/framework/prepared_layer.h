#pragma once
// PreparedLayer: what a layer keeps between runs with the same settings, weights and sizes of its inputs.

#include "core/kernels/packed_matrix.h"
#include "core/tensor/shape.h"
#include "core/tensor/tensor.h"

#include <vector>

namespace shapewise::layers {

/// Made by LayerType::prepare, only read by forward. Owned by exec::PreparedStore. While it is made there may be no
/// inputs yet, since layers inside another are prepared with it: sizes are those of inputTypes, all known.
struct PreparedLayer {
    std::vector<kernels::PackedMatrix> packed;  ///< kernels laid out for their products: one for each group
    std::vector<PreparedLayer> inside;          ///< of a layer that holds others: theirs, in its own order

    [[nodiscard]] std::uint64_t bytes() const {
        std::uint64_t bytes = sizeof(PreparedLayer);
        for (const kernels::PackedMatrix& matrix : packed) bytes += matrix.bytes();
        for (const PreparedLayer& layer : inside) bytes += layer.bytes();
        return bytes;
    }
};

/// Sizes of a shape that is fully known.
[[nodiscard]] inline tensor::Extents extentsOf(const tensor::Shape& shape) {
    tensor::Extents extents;
    for (const tensor::Dim size : shape.sizes()) extents.push_back(size.sizeOr(0));
    return extents;
}

}  // namespace shapewise::layers
