#include "core/kernels/packed_matrix.h"

#include "core/kernels/gemm_panels.h"

#include <atomic>
#include <cstring>
#include <new>

namespace shapewise::kernels {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSlack = kAlignment / sizeof(float);  ///< readable behind the last float, as the tiles want it

std::atomic<std::int64_t> packings{0};

/// Of a B whose columns lie side by side. Rows are read in one piece, since panels are narrower than what memory
/// delivers at once.
void packPanels(const MatrixView& b, std::int64_t first, std::int64_t end, std::int64_t depth, std::int64_t count,
                float* to) {
    constexpr std::int64_t kRowsAhead = 8;
    constexpr std::int64_t kCacheLine = 16;  // floats
    const std::int64_t width = 2 * tileSet().lanes;
    for (std::int64_t k = 0; k < count; ++k) {
        const float* from = b.data + (depth + k) * b.rowStride;
        const float* ahead = from + std::min(kRowsAhead, count - 1 - k) * b.rowStride;
        for (std::int64_t column = first; column < end; column += kCacheLine) __builtin_prefetch(ahead + column);
        for (std::int64_t column = first; column < end; column += width) {
            const Panel panel = panelAt(column, end);
            float* row = to + (column - first) * count + k * panel.width;
            std::memcpy(row, from + column, static_cast<std::size_t>(panel.filled) * sizeof(float));
            std::fill(row + panel.filled, row + panel.width, 0.0F);
        }
    }
}

/// The same for a B whose columns do not lie side by side.
void packTransposed(const MatrixView& b, std::int64_t first, std::int64_t end, std::int64_t depth, std::int64_t count,
                    float* to) {
    constexpr std::int64_t kStep = 16;  // a cache line of each column at a time
    for (std::int64_t column = first; column < end; column += 2 * tileSet().lanes) {
        const Panel panel = panelAt(column, end);
        float* place = to + (column - first) * count;
        for (std::int64_t k = 0; k < count; k += kStep) {
            const std::int64_t last = std::min(count, k + kStep);
            for (std::int64_t index = 0; index < panel.width; ++index) {
                const float* source = b.data + depth * b.rowStride + (column + index) * b.columnStride;
                for (std::int64_t row = k; row < last; ++row) {
                    place[row * panel.width + index] = index < panel.filled ? source[row * b.rowStride] : 0.0F;
                }
            }
        }
    }
}

}  // namespace

void pack(const MatrixView& b, std::int64_t first, std::int64_t end, std::int64_t depth, std::int64_t count,
          float* to) {
    packings.fetch_add(1, std::memory_order_relaxed);
    (b.columnStride == 1 ? packPanels : packTransposed)(b, first, end, depth, count, to);
}

std::int64_t packedFloats(const MatrixView& b) {
    const std::int64_t width = 2 * tileSet().lanes;
    return (b.columns + width - 1) / width * width * b.rows;
}

void packAll(const MatrixView& b, float* to, const Parallel& parallel) {
    constexpr std::int64_t kPanelsAtOnce = 4;
    const std::int64_t width = 2 * tileSet().lanes;
    const std::int64_t panels = (b.columns + width - 1) / width;
    parallelFor(parallel, panels, kPanelsAtOnce, [&](std::int64_t first, std::int64_t last) {
        pack(b, first * width, std::min(last * width, b.columns), 0, b.rows, to + first * width * b.rows);
    });
}

PackedMatrix::PackedMatrix(const MatrixView& b, const Parallel& parallel)
    : rows_(b.rows),
      columns_(b.columns),
      bytes_((static_cast<std::size_t>(packedFloats(b)) + kSlack) * sizeof(float)),
      panels_(static_cast<float*>(::operator new[](bytes_, std::align_val_t{kAlignment}))) {
    packAll(b, panels_.get(), parallel);
}

void PackedMatrix::Free::operator()(float* memory) const { ::operator delete[](memory, std::align_val_t{kAlignment}); }

bool readsPacked(std::int64_t rows, const MatrixView& b) { return rows != 1 || b.columnStride != 1; }

std::int64_t packingCount() { return packings.load(std::memory_order_relaxed); }

}  // namespace shapewise::kernels
