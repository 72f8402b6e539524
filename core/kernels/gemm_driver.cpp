#include "core/kernels/gemm_driver.h"

#include "core/kernels/gemm_panels.h"
#include "core/kernels/packed_matrix.h"
#include "core/kernels/scratch.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace shapewise::kernels {
namespace {

constexpr std::int64_t kMostLanes = 16;
constexpr std::int64_t kMostTileRows = 14;

std::int64_t blocksOf(std::int64_t count, std::int64_t size) { return (count + size - 1) / size; }

/// How C is cut. Depends on the sizes alone, so that results do not depend on the number of threads.
struct Blocking {
    std::int64_t rowBlocks = 1;
    std::int64_t rowBlock = 1;
    std::int64_t columnBlocks = 1;
    std::int64_t columnBlock = 1;  ///< a multiple of the panel width
    std::int64_t depthBlocks = 1;
    std::int64_t depthBlock = 1;
    bool readsInPlace = false;  ///< B is read where it lies
    bool packsAhead = false;    ///< B is packed once for all row blocks
    bool streams = false;       ///< C goes past the caches
};

/// Below this many multiply-adds waking a helper costs more than it brings.
constexpr std::int64_t kWorthSharing = 256 * 1024;

bool canStream(const GatheredProduct& product, const Epilogue& epilogue) {
    // A result this large (floats) leaves the second-level caches anyhow. Shorter rows did not gain by it.
    constexpr std::int64_t kLargeResult = 1'500'000;
    constexpr std::int64_t kLongRow = 64;
    constexpr std::int64_t kQuad = 4;
    const bool isAligned =
        reinterpret_cast<std::uintptr_t>(product.c) % (kQuad * sizeof(float)) == 0 && product.cStride % kQuad == 0;
    return product.rows * product.b.columns >= kLargeResult && product.b.columns >= kLongRow &&
           product.b.columns % kQuad == 0 && product.place == nullptr && isAligned && !epilogue.accumulate;
}

Blocking chooseBlocking(const GatheredProduct& product, const Epilogue& epilogue) {
    constexpr std::int64_t kTallBlock = 112;
    constexpr std::int64_t kLowBlock = 56;
    constexpr std::int64_t kLargeB = 128 * 1024;  // floats: half of a small second-level cache
    constexpr std::int64_t kEnoughBlocks = 8;
    constexpr std::int64_t kNarrowest = 64;
    constexpr std::int64_t kWidest = 512;
    const std::int64_t rows = product.rows;
    const std::int64_t columns = product.b.columns;
    const std::int64_t depth = product.b.rows;
    const std::int64_t panel = 2 * tileSet().lanes;
    Blocking blocking;
    blocking.depthBlocks = std::max<std::int64_t>(1, blocksOf(depth, kDepthBlock));
    blocking.depthBlock = blocksOf(depth, blocking.depthBlocks);
    blocking.readsInPlace = !readsPacked(rows, product.b);
    const bool tall = rows >= 16 * kTallBlock || depth * columns > kLargeB;
    blocking.rowBlocks = blocksOf(rows, tall ? kTallBlock : kLowBlock);
    blocking.rowBlock = blocksOf(rows, blocking.rowBlocks);
    blocking.packsAhead = blocking.rowBlocks > 1;
    blocking.streams = canStream(product, epilogue);
    const std::int64_t wanted = blocksOf(kEnoughBlocks, blocking.rowBlocks);
    const std::int64_t share = blocksOf(blocksOf(columns, wanted), kNarrowest) * kNarrowest;
    const std::int64_t width = std::clamp(share, blocking.packsAhead ? kNarrowest : 2 * kNarrowest, kWidest);
    blocking.columnBlock = blocksOf(width, panel) * panel;
    blocking.columnBlocks = blocksOf(columns, blocking.columnBlock);
    return blocking;
}

/// A product under way: everything a block needs.
struct Work {
    const GatheredProduct& product;
    const Epilogue& epilogue;
    const Parallel& parallel;
    Blocking blocking;
    const float* packed = nullptr;  ///< all panels, each of the whole depth; null when blocks pack their own

    [[nodiscard]] std::int64_t columns() const { return product.b.columns; }
    [[nodiscard]] std::int64_t depth() const { return product.b.rows; }
};

/// A block of C in memory.
struct Target {
    float* data = nullptr;  ///< element (0, 0) of the block
    std::int64_t stride = 0;
};

struct DepthRange {
    std::int64_t first = 0;
    std::int64_t count = 0;
};

void multiplyTile(const Panel& panel, std::int64_t rows, TileJob job) {
    const TileSet& set = tileSet();
    const TileFunction* functions = panel.width == set.lanes ? set.narrow : set.wide;
    const TileFunction function = functions[rows - 1];
    if (panel.filled == panel.width) {
        function(job);
        return;
    }
    // The last columns: computed in a whole tile aside, of which the part inside C is kept.
    alignas(64) std::array<float, static_cast<std::size_t>(kMostTileRows * 2 * kMostLanes)> aside{};
    alignas(64) std::array<float, static_cast<std::size_t>(2 * kMostLanes)> start{};
    float* const c = job.c;
    const std::int64_t stride = job.cStride;
    const auto bytes = static_cast<std::size_t>(panel.filled) * sizeof(float);
    if (job.accumulate) {
        for (std::int64_t row = 0; row < rows; ++row)
            std::memcpy(aside.data() + row * panel.width, c + row * stride, bytes);
    } else if (job.start != nullptr) {
        std::memcpy(start.data(), job.start, bytes);
        job.start = start.data();
    }
    job.c = aside.data();
    job.cStride = panel.width;
    function(job);
    for (std::int64_t row = 0; row < rows; ++row)
        std::memcpy(c + row * stride, aside.data() + row * panel.width, bytes);
}

/// All tiles of one panel over the gathered rows.
void multiplyPanel(const Work& work, const Panel& panel, const float* a, std::int64_t rows, const float* b,
                   const DepthRange& range, const Target& target) {
    const std::int64_t tiles = blocksOf(rows, tileSet().mostRows);
    TileJob job{};
    job.b = b;
    job.bStride = panel.width;
    job.depth = range.count;
    job.cStride = target.stride;
    job.accumulate = range.first > 0 || work.epilogue.accumulate;
    job.start = work.epilogue.bias != nullptr ? work.epilogue.bias + panel.column : nullptr;
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        const std::int64_t first = rows * tile / tiles;
        const std::int64_t last = rows * (tile + 1) / tiles;
        job.a = a + first * kGatherStride;
        job.c = target.data + first * target.stride;
        multiplyTile(panel, last - first, job);
    }
}

void activateBlock(const Work& work, std::int64_t rows, std::int64_t columns, const Target& target) {
    const Activation& activation = work.epilogue.activation;
    if (activation.isLinear() || !activation.isElementwise()) return;
    if (target.stride == columns) {
        activatePiece(activation, target.data, rows * columns, target.data);
        return;
    }
    for (std::int64_t row = 0; row < rows; ++row) {
        activatePiece(activation, target.data + row * target.stride, columns, target.data + row * target.stride);
    }
}

/// Brings a block that was made aside to its place.
void storeBlock(const Work& work, std::int64_t firstRow, std::int64_t rows, std::int64_t firstColumn,
                const Target& block) {
    const GatheredProduct& product = work.product;
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* from = block.data + row * block.stride;
        if (work.blocking.streams) {
            copyStreaming(product.c + (firstRow + row) * product.cStride + firstColumn, from, block.stride);
        } else {
            std::copy(from, from + block.stride, product.place(product.placeContext, firstRow + row) + firstColumn);
        }
    }
    if (work.blocking.streams) finishStreaming();
}

void multiplyBlock(const Work& work, std::int64_t index) {
    const Blocking& blocking = work.blocking;
    const GatheredProduct& product = work.product;
    const std::int64_t columnBlock = index / blocking.rowBlocks;
    const std::int64_t firstRow = index % blocking.rowBlocks * blocking.rowBlock;
    const std::int64_t rows = std::min(blocking.rowBlock, product.rows - firstRow);
    const std::int64_t firstColumn = columnBlock * blocking.columnBlock;
    const std::int64_t endColumn = std::min(work.columns(), firstColumn + blocking.columnBlock);
    const std::int64_t width = 2 * tileSet().lanes;

    ScratchFrame frame;
    float* a = frame.floats(rows * kGatherStride);
    float* own = work.packed == nullptr ? frame.floats(blocking.depthBlock * blocking.columnBlock) : nullptr;
    Target target{product.c + firstRow * product.cStride + firstColumn, product.cStride};
    const bool isAside = product.place != nullptr || blocking.streams;
    if (isAside) target = {frame.floats(rows * (endColumn - firstColumn)), endColumn - firstColumn};

    for (std::int64_t depthIndex = 0; depthIndex < blocking.depthBlocks; ++depthIndex) {
        if (work.parallel.stopRequested()) return;
        DepthRange range{depthIndex * blocking.depthBlock, 0};
        range.count = std::min(blocking.depthBlock, work.depth() - range.first);
        if (range.count > 0) product.gather(product.gatherContext, firstRow, rows, range.first, range.count, a);
        if (own != nullptr) pack(product.b, firstColumn, endColumn, range.first, range.count, own);
        for (std::int64_t column = firstColumn; column < endColumn; column += width) {
            const Panel panel = panelAt(column, endColumn);
            const float* b = own != nullptr ? own + (column - firstColumn) * range.count
                                            : work.packed + column * work.depth() + range.first * panel.width;
            multiplyPanel(work, panel, a, rows, b, range, {target.data + (column - firstColumn), target.stride});
        }
    }
    activateBlock(work, rows, endColumn - firstColumn, target);
    if (isAside) storeBlock(work, firstRow, rows, firstColumn, target);
}

/// One row of A: B is read once, row by row in one piece, and not copied. Ranges of the depth are summed apart and
/// added up in their order.
void multiplyRow(const Work& work, const Parallel& sharing) {
    constexpr std::int64_t kRange = 2 * kDepthBlock;
    const GatheredProduct& product = work.product;
    const std::int64_t columns = work.columns();
    const std::int64_t ranges = blocksOf(work.depth(), kRange);
    ScratchFrame outside;
    float* sums = outside.floats(ranges * columns);
    parallelFor(sharing, ranges, 1, [&](std::int64_t range, std::int64_t) {
        ScratchFrame frame;
        float* a = frame.floats(kGatherStride);
        float* sum = sums + range * columns;
        std::fill(sum, sum + columns, 0.0F);
        const std::int64_t end = std::min(work.depth(), (range + 1) * kRange);
        for (std::int64_t depth = range * kRange; depth < end; depth += kDepthBlock) {
            const std::int64_t count = std::min(kDepthBlock, end - depth);
            product.gather(product.gatherContext, 0, 1, depth, count, a);
            tileSet().addRowProduct(a, count, product.b.data + depth * product.b.rowStride, product.b.rowStride,
                                    columns, sum);
        }
    });
    if (work.parallel.stopRequested()) return;
    float* const c = product.place != nullptr ? product.place(product.placeContext, 0) : product.c;
    const Epilogue& epilogue = work.epilogue;
    for (std::int64_t column = 0; column < columns; ++column) {
        float sum = epilogue.accumulate ? c[column] : epilogue.bias != nullptr ? epilogue.bias[column] : 0.0F;
        for (std::int64_t range = 0; range < ranges; ++range) sum += sums[range * columns + column];
        c[column] = sum;
    }
    activateBlock(work, 1, columns, {c, columns});
}

void activateWholeRows(const Work& work) {
    const GatheredProduct& product = work.product;
    if (work.epilogue.activation.isElementwise()) return;
    const AxisSplit row{1, work.columns(), 1};
    parallelFor(work.parallel, product.rows, grainFor(8 * work.columns()), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            float* c = product.place != nullptr ? product.place(product.placeContext, index)
                                                : product.c + index * product.cStride;
            activateAlong(work.epilogue.activation, c, row, c);
        }
    });
}

/// A pool of the caller alone, for products too small to share.
ThreadPool& callerAlone() {
    thread_local ThreadPool pool(1);
    return pool;
}

}  // namespace

void multiplyGathered(const GatheredProduct& product, const Epilogue& epilogue, const Parallel& parallel) {
    if (product.rows <= 0 || product.b.columns <= 0) return;
    Work work{product, epilogue, parallel, chooseBlocking(product, epilogue), nullptr};
    const bool worthSharing = product.rows * product.b.columns * product.b.rows >= kWorthSharing;
    const Parallel sharing = worthSharing ? parallel : Parallel{&callerAlone(), parallel.stop};
    if (work.blocking.readsInPlace) {
        multiplyRow(work, sharing);
    } else {
        ScratchFrame frame;
        if (product.b.packed != nullptr) {
            work.packed = product.b.packed->panels();
        } else if (work.blocking.packsAhead) {
            float* panels = frame.floats(packedFloats(product.b));
            packAll(product.b, panels, sharing);
            work.packed = panels;
        }
        parallelFor(sharing, work.blocking.rowBlocks * work.blocking.columnBlocks, 1,
                    [&](std::int64_t index, std::int64_t) { multiplyBlock(work, index); });
    }
    activateWholeRows(work);
}

}  // namespace shapewise::kernels
