#pragma once
// PreparedLayer: what a layer keeps between runs with the same settings, weights and sizes of its inputs.

#include "core/kernels/packed_matrix.h"

#include <vector>

namespace shapewise::layers {

/// Made by LayerType::prepare, only read by forward. Owned by exec::PreparedStore.
struct PreparedLayer {
    std::vector<kernels::PackedMatrix> packed;  ///< kernels laid out for their products: one for each group

    [[nodiscard]] std::uint64_t bytes() const {
        std::uint64_t bytes = sizeof(PreparedLayer);
        for (const kernels::PackedMatrix& matrix : packed) bytes += matrix.bytes();
        return bytes;
    }
};

}  // namespace shapewise::layers
