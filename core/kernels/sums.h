#pragma once
// Sums of many floats whose rounding errors do not grow with their number: short float sums, added up in double.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace shapewise::kernels {

/// Sum of term(x[i]) for i < count, where term maps a float to a float.
template <class Term>
[[nodiscard]] inline double sumOf(const float* x, std::int64_t count, Term term) {
    constexpr std::int64_t kLanes = 16;
    constexpr std::int64_t kPiece = 512;
    double total = 0.0;
    std::int64_t index = 0;
    while (index + kLanes <= count) {
        std::array<float, static_cast<std::size_t>(kLanes)> partial{};
        const std::int64_t end = std::min(count - count % kLanes, index + kPiece);
        for (; index < end; index += kLanes) {
            for (std::size_t lane = 0; lane < partial.size(); ++lane)
                partial[lane] += term(x[index + static_cast<std::int64_t>(lane)]);
        }
        for (const float value : partial) total += static_cast<double>(value);
    }
    for (; index < count; ++index) total += static_cast<double>(term(x[index]));
    return total;
}

[[nodiscard]] inline double sumOf(const float* x, std::int64_t count) {
    return sumOf(x, count, [](float value) { return value; });
}

}  // namespace shapewise::kernels
