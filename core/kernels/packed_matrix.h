#pragma once
// PackedMatrix: the right side of products laid out once as their innermost loops read it, for weights that many
// products share.

#include "core/kernels/matmul.h"

#include <memory>

namespace shapewise::kernels {

class PackedMatrix {
  public:
    /// Lays out b, which may go afterwards. Once a stop is requested, what it holds is unspecified.
    explicit PackedMatrix(const MatrixView& b, const Parallel& parallel = {});

    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] std::int64_t columns() const { return columns_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// For the driver of the products: see gemm_panels.h.
    [[nodiscard]] const float* panels() const { return panels_.get(); }

  private:
    struct Free {
        void operator()(float* memory) const;
    };

    std::int64_t rows_;
    std::int64_t columns_;
    std::uint64_t bytes_;
    std::unique_ptr<float[], Free> panels_;
};

/// False for a product that reads b where it lies: packing it would be in vain.
[[nodiscard]] bool readsPacked(std::int64_t rows, const MatrixView& b);

/// How often a right side, or a part of one, has been laid out since the program started. For tests and measurements.
[[nodiscard]] std::int64_t packingCount();

}  // namespace shapewise::kernels
