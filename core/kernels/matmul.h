#pragma once
// Matrix products in float32, blocked and vectorised for the processor found at run time.
// The result of a row does not depend on the number of threads.

#include "core/kernels/activation.h"

namespace shapewise::kernels {

class PackedMatrix;

/// A matrix in memory: element (row, column) at data[row * rowStride + column * columnStride].
/// rowStride below the number of columns makes overlapping windows: frames of a signal need no copy.
struct MatrixView {
    const float* data = nullptr;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t rowStride = 0;
    std::int64_t columnStride = 1;
    const PackedMatrix* packed = nullptr;  ///< of a right side: the same values laid out before, where someone has them

    [[nodiscard]] static MatrixView rowMajor(const float* data, std::int64_t rows, std::int64_t columns,
                                             const PackedMatrix* packed = nullptr) {
        return {data, rows, columns, columns, 1, packed};
    }
    [[nodiscard]] MatrixView transposed() const { return {data, columns, rows, columnStride, rowStride}; }
};

/// What is done to a product before it is stored.
struct Epilogue {
    const float* bias = nullptr;  ///< [columns], added to every row; null: none
    Activation activation;        ///< along the columns for softmax and its like; Glu is not allowed
    bool accumulate = false;      ///< add to what c holds (then no bias is added)
};

/// c[row * cStride + column] = activation(a · b + bias). a: [m, k], b: [k, n], c: [m, n] with row stride cStride >= n.
/// Precondition: a.columns == b.rows; c overlaps neither. k == 0 gives bias alone.
void matmul(const MatrixView& a, const MatrixView& b, float* c, std::int64_t cStride, const Epilogue& epilogue = {},
            const Parallel& parallel = {});

/// `count` products of the same sizes; the pointers advance by the strides (0: the same matrix for all).
struct Batch {
    std::int64_t count = 1;
    std::int64_t aStride = 0;
    std::int64_t bStride = 0;
    std::int64_t cStride = 0;
};
void batchedMatmul(const Batch& batch, const MatrixView& a, const MatrixView& b, float* c, std::int64_t cRowStride,
                   const Epilogue& epilogue = {}, const Parallel& parallel = {});

/// Dense: x: [rows, inputs], kernel: [inputs, units] -> y: [rows, units].
void dense(const float* x, std::int64_t rows, const MatrixView& kernel, const Epilogue& epilogue, float* y,
           const Parallel& parallel = {});

/// Name of the instruction set in use: "AVX3", "AVX2", "SSE4", "SSE2"...
[[nodiscard]] const char* instructionSet();

}  // namespace shapewise::kernels
