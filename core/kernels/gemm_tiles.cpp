#include "core/kernels/gemm_tiles.h"

#include <algorithm>
#include <array>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm_tiles.cpp"
#include "core/kernels/simd_targets.h"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace shapewise::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// As many accumulators as the registers hold beside one row of b and one value of a.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr std::size_t kMostRows = 14;
#else
constexpr std::size_t kMostRows = 6;
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
        for (std::size_t v = 0; v < kVectors; ++v) factors[v] = hn::LoadU(d, b + v * lanes);
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

/// kRows rows of b at once: as many streams from memory, and y is touched once for all of them.
template <std::size_t kRows>
void addRows(const float* a, const float* b, std::int64_t bStride, std::int64_t columns, float* y) {
    const hn::ScalableTag<float> d;
    using V = hn::Vec<decltype(d)>;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto stride = static_cast<std::size_t>(bStride);
    V factors[kRows];
#pragma GCC unroll 8
    for (std::size_t row = 0; row < kRows; ++row) factors[row] = hn::Set(d, a[row]);
    std::int64_t column = 0;
    for (; column + lanes <= columns; column += lanes) {
        V sum = hn::LoadU(d, y + column);
#pragma GCC unroll 8
        for (std::size_t row = 0; row < kRows; ++row)
            sum = hn::MulAdd(factors[row], hn::LoadU(d, b + row * stride + column), sum);
        hn::StoreU(sum, d, y + column);
    }
    for (; column < columns; ++column) {
        for (std::size_t row = 0; row < kRows; ++row)
            y[column] += a[row] * b[row * stride + static_cast<std::size_t>(column)];
    }
}

void addRowProduct(const float* a, std::int64_t depth, const float* b, std::int64_t bStride, std::int64_t columns,
                   float* y) {
    constexpr std::int64_t kTogether = 8;
    std::int64_t k = 0;
    for (; k + kTogether <= depth; k += kTogether)
        addRows<static_cast<std::size_t>(kTogether)>(a + k, b + k * bStride, bStride, columns, y);
    for (; k < depth; ++k) addRows<1>(a + k, b + k * bStride, bStride, columns, y);
}

template <std::size_t kVectors, std::size_t... kIndex>
constexpr std::array<TileFunction, sizeof...(kIndex)> tiles(std::index_sequence<kIndex...>) {
    return {&tile<kIndex + 1, kVectors>...};
}

const TileSet* tilesOfTarget() {
    static constexpr auto kNarrow = tiles<1>(std::make_index_sequence<kMostRows>());
    static constexpr auto kWide = tiles<2>(std::make_index_sequence<kMostRows>());
    static const TileSet kSet{static_cast<std::int64_t>(hn::Lanes(hn::ScalableTag<float>())),
                              static_cast<std::int64_t>(kMostRows),
                              kNarrow.data(),
                              kWide.data(),
                              &addRowProduct,
                              hwy::TargetName(HWY_TARGET)};
    return &kSet;
}

}  // namespace shapewise::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shapewise::kernels {

void copyStreaming(float* to, const float* from, std::int64_t count) {
#if defined(__SSE2__)
    for (std::int64_t index = 0; index < count; index += 4) _mm_stream_ps(to + index, _mm_load_ps(from + index));
#else
    std::copy(from, from + count, to);
#endif
}

void finishStreaming() {
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

HWY_EXPORT(tilesOfTarget);

const TileSet& tileSet() {
    static const TileSet* const kSet = HWY_DYNAMIC_DISPATCH(tilesOfTarget)();
    return *kSet;
}

}  // namespace shapewise::kernels
#endif
