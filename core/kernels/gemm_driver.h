#pragma once
// Blocked matrix product whose left side is gathered block by block: the common ground of matmul and the convolutions.

#include "core/kernels/matmul.h"

namespace shapewise::kernels {

/// Copies A[row .. row + rows)[depth .. depth + count) to `to`, rows kGatherStride floats apart. Must be thread-safe.
using GatherRows = void (*)(const void* context, std::int64_t row, std::int64_t rows, std::int64_t depth,
                            std::int64_t count, float* to);
/// Where row `row` of C begins.
using PlaceRow = float* (*)(const void* context, std::int64_t row);

struct GatheredProduct {
    std::int64_t rows = 0;
    GatherRows gather = nullptr;
    const void* gatherContext = nullptr;
    MatrixView b;  ///< [depth, columns]
    float* c = nullptr;
    std::int64_t cStride = 0;
    PlaceRow place = nullptr;  ///< when set, rows of C lie where it says, and c is not used
    const void* placeContext = nullptr;
};

/// C = activation(A · B + bias), activation along the columns. epilogue.accumulate needs c.
void multiplyGathered(const GatheredProduct& product, const Epilogue& epilogue, const Parallel& parallel);

/// Elementwise activation of a short piece, on this thread.
void activatePiece(const Activation& activation, const float* x, std::int64_t count, float* y);

}  // namespace shapewise::kernels
