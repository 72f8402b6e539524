#pragma once
// Panels of the right side of a product: two vectors wide, the last one vector wide where that is enough. A panel holds
// its depth rows one behind the other.

#include "core/kernels/gemm_tiles.h"
#include "core/kernels/matmul.h"

#include <algorithm>

namespace shapewise::kernels {

struct Panel {
    std::int64_t column = 0;
    std::int64_t width = 0;   ///< floats of a packed row
    std::int64_t filled = 0;  ///< of these, columns of B
};

[[nodiscard]] inline Panel panelAt(std::int64_t column, std::int64_t end) {
    const std::int64_t lanes = tileSet().lanes;
    const std::int64_t left = end - column;
    return {column, left <= lanes ? lanes : 2 * lanes, std::min(left, 2 * lanes)};
}

/// Packs columns [first, end) of B, `count` rows of it: the panel at column n begins at to + (n - first) * count.
void pack(const MatrixView& b, std::int64_t first, std::int64_t end, std::int64_t depth, std::int64_t count, float* to);

/// Floats that all panels of B take, each of the whole depth.
[[nodiscard]] std::int64_t packedFloats(const MatrixView& b);
/// Packs them: the panel at column n begins at to + n * b.rows.
void packAll(const MatrixView& b, float* to, const Parallel& parallel);

}  // namespace shapewise::kernels
