#include "core/kernels/gemm_tiles.h"

#include <array>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm_tiles.cpp"
#include "core/kernels/simd_targets.h"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace shapewise::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// As many accumulators as the registers hold beside one row of b and one value of a.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kMostRows = 14;
constexpr std::size_t kRowVectors = 16;
#else
constexpr std::size_t kMostRows = 6;
constexpr std::size_t kRowVectors = 8;
#endif

template <std::size_t kRows, std::size_t kVectors>
void tile(const TileJob& job) {
    const hn::ScalableTag<float> d;
    using V = hn::Vec<decltype(d)>;
    const std::size_t lanes = hn::Lanes(d);
    const auto cStride = static_cast<std::size_t>(job.cStride);
    constexpr auto kRowStride = static_cast<std::size_t>(kGatherStride);
    V sums[kRows][kVectors];
#pragma GCC unroll 16
    for (std::size_t row = 0; row < kRows; ++row) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < kVectors; ++v) {
            const std::size_t column = v * lanes;
            if (job.accumulate) {
                sums[row][v] = hn::LoadU(d, job.c + row * cStride + column);
            } else if (job.start != nullptr) {
                sums[row][v] = hn::LoadU(d, job.start + column);
            } else {
                sums[row][v] = hn::Zero(d);
            }
        }
    }
    const float* a = job.a;
    const float* b = job.b;
    const std::int64_t bStride = job.bStride;
    for (std::int64_t k = 0; k < job.depth; ++k, ++a, b += bStride) {
        V factors[kVectors];
#pragma GCC unroll 16
        for (std::size_t v = 0; v < kVectors; ++v) {
            // A single row has too little to do to hide the way to memory.
            if constexpr (kRows == 1) hwy::Prefetch(b + 6 * bStride + static_cast<std::int64_t>(v * lanes));
            factors[v] = hn::LoadU(d, b + v * lanes);
        }
#pragma GCC unroll 16
        for (std::size_t row = 0; row < kRows; ++row) {
            const V value = hn::Set(d, a[row * kRowStride]);
#pragma GCC unroll 16
            for (std::size_t v = 0; v < kVectors; ++v) sums[row][v] = hn::MulAdd(value, factors[v], sums[row][v]);
        }
    }
#pragma GCC unroll 16
    for (std::size_t row = 0; row < kRows; ++row) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < kVectors; ++v) {
            hn::StoreU(sums[row][v], d, job.c + row * cStride + v * lanes);
        }
    }
}

template <std::size_t kVectors, std::size_t... kIndex>
constexpr std::array<TileFunction, sizeof...(kIndex)> tiles(std::index_sequence<kIndex...>) {
    return {&tile<kIndex + 1, kVectors>...};
}

const TileSet* tilesOfTarget() {
    static constexpr auto kNarrow = tiles<1>(std::make_index_sequence<kMostRows>());
    static constexpr auto kWide = tiles<2>(std::make_index_sequence<kMostRows>());
    static const TileSet kSet{static_cast<std::int64_t>(hn::Lanes(hn::ScalableTag<float>())), static_cast<std::int64_t>(kMostRows), kNarrow.data(), kWide.data(),
                              &tile<1, kRowVectors>, static_cast<std::int64_t>(kRowVectors), hwy::TargetName(HWY_TARGET)};
    return &kSet;
}

}  // namespace shapewise::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shapewise::kernels {

HWY_EXPORT(tilesOfTarget);

const TileSet& tileSet() {
    static const TileSet* const kSet = HWY_DYNAMIC_DISPATCH(tilesOfTarget)();
    return *kSet;
}

}  // namespace shapewise::kernels
#endif
