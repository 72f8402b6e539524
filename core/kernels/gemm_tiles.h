#pragma once
// The innermost loops of matrix products, one version for each instruction set, chosen at run time.

#include <cstdint>

namespace shapewise::kernels {

/// Floats between two rows of a gathered block of A: known when compiling, and no power of two, so that rows do not
/// share cache sets.
inline constexpr std::int64_t kGatherStride = 272;
/// The most products summed up in one visit of a tile of C.
inline constexpr std::int64_t kDepthBlock = 256;

/// Copies past the caches, for results larger than these: what lies in them stays, and memory is not read before it is
/// written. Both aligned to 16 bytes, count a multiple of 4. finishStreaming() before another thread reads.
void copyStreaming(float* to, const float* from, std::int64_t count);
void finishStreaming();

/// One tile of C: rows x (vectors * lanes). c += or = a · b.
struct TileJob {
    const float* a;  ///< rows kGatherStride apart
    const float* b;  ///< bStride floats from one depth to the next
    std::int64_t bStride;
    std::int64_t depth;
    float* c;
    std::int64_t cStride;
    const float* start;  ///< added to each row (bias), null: zeros; not used when accumulating
    bool accumulate;
};
using TileFunction = void (*)(const TileJob&);

struct TileSet {
    std::int64_t lanes;  ///< floats of a vector
    std::int64_t mostRows;
    const TileFunction* narrow;  ///< [rows - 1]: one vector wide
    const TileFunction* wide;    ///< [rows - 1]: two vectors wide
    /// y[0 .. columns) += a · b for one row a [depth]; b is read in place, rows bStride floats apart.
    void (*addRowProduct)(const float* a, std::int64_t depth, const float* b, std::int64_t bStride,
                          std::int64_t columns, float* y);
    const char* name;
};

[[nodiscard]] const TileSet& tileSet();

}  // namespace shapewise::kernels
