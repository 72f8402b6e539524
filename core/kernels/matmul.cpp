#include "core/kernels/matmul.h"

#include "core/kernels/gemm_driver.h"
#include "core/kernels/gemm_tiles.h"

#include <cstring>

namespace shapewise::kernels {
namespace {

void gatherMatrix(const void* context, std::int64_t row, std::int64_t rows, std::int64_t depth, std::int64_t count,
                  float* to) {
    const MatrixView& a = *static_cast<const MatrixView*>(context);
    const float* from = a.data + row * a.rowStride + depth * a.columnStride;
    if (a.columnStride == 1) {
        for (std::int64_t index = 0; index < rows; ++index) {
            std::memcpy(to + index * kGatherStride, from + index * a.rowStride,
                        static_cast<std::size_t>(count) * sizeof(float));
        }
        return;
    }
    for (std::int64_t index = 0; index < rows; ++index) {
        for (std::int64_t k = 0; k < count; ++k)
            to[index * kGatherStride + k] = from[index * a.rowStride + k * a.columnStride];
    }
}

}  // namespace

void matmul(const MatrixView& a, const MatrixView& b, float* c, std::int64_t cStride, const Epilogue& epilogue,
            const Parallel& parallel) {
    GatheredProduct product;
    product.rows = a.rows;
    product.gather = gatherMatrix;
    product.gatherContext = &a;
    product.b = b;
    product.c = c;
    product.cStride = cStride;
    multiplyGathered(product, epilogue, parallel);
}

void batchedMatmul(const Batch& batch, const MatrixView& a, const MatrixView& b, float* c, std::int64_t cRowStride,
                   const Epilogue& epilogue, const Parallel& parallel) {
    const auto multiplyOne = [&](std::int64_t index, const Parallel& sharing) {
        MatrixView left = a;
        MatrixView right = b;
        left.data += index * batch.aStride;
        right.data += index * batch.bStride;
        if (batch.bStride != 0) right.packed = nullptr;  // of the first
        matmul(left, right, c + index * batch.cStride, cRowStride, epilogue, sharing);
    };
    // Many products are shared out whole, few are shared inside.
    constexpr std::int64_t kMany = 8;
    if (batch.count < kMany) {
        for (std::int64_t index = 0; index < batch.count; ++index) multiplyOne(index, parallel);
        return;
    }
    parallelFor(parallel, batch.count, grainFor(a.rows * a.columns * b.columns / 16),
                [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t index = first; index < last; ++index) multiplyOne(index, parallel);
                });
}

void dense(const float* x, std::int64_t rows, const MatrixView& kernel, const Epilogue& epilogue, float* y,
           const Parallel& parallel) {
    matmul(MatrixView::rowMajor(x, rows, kernel.rows), kernel, y, kernel.columns, epilogue, parallel);
}

const char* instructionSet() { return tileSet().name; }

}  // namespace shapewise::kernels
