#pragma once
// 64-bit arithmetic that reports overflow instead of wrapping round: sizes typed by a user may be anything.

#include <cstdint>
#include <limits>
#include <optional>

namespace shapewise {

[[nodiscard]] inline std::optional<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

[[nodiscard]] inline std::optional<std::int64_t> checkedSubtract(std::int64_t a, std::int64_t b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) return std::nullopt;
    return difference;
}

[[nodiscard]] inline std::optional<std::int64_t> checkedMultiply(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

/// a*b, or the largest number when that does not fit: for totals that are only shown or compared.
[[nodiscard]] inline std::int64_t saturatingMultiply(std::int64_t a, std::int64_t b) {
    return checkedMultiply(a, b).value_or(std::numeric_limits<std::int64_t>::max());
}

[[nodiscard]] inline std::int64_t saturatingAdd(std::int64_t a, std::int64_t b) {
    return checkedAdd(a, b).value_or(std::numeric_limits<std::int64_t>::max());
}

/// Quotient rounded towards minus infinity. Precondition: divisor > 0.
[[nodiscard]] constexpr std::int64_t floorDivide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return (dividend % divisor != 0 && dividend < 0) ? quotient - 1 : quotient;
}

/// Quotient rounded towards plus infinity. Precondition: divisor > 0.
[[nodiscard]] constexpr std::int64_t ceilDivide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return (dividend % divisor != 0 && dividend > 0) ? quotient + 1 : quotient;
}

}  // namespace shapewise
