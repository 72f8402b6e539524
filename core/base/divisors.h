#pragma once
// Divisors of sizes, found in bounded time: a size may have 19 digits, and nobody waits for its factors.

#include <algorithm>
#include <cstdint>

namespace shapewise {

/// Divisors are looked for up to here, and so are those that go with them: all of numbers below its square.
inline constexpr std::int64_t kLargestTriedDivisor = std::int64_t{1} << 17;

/// The largest divisor of `number` that is at most `most`, of those that are looked for; 1 when there is none other.
[[nodiscard]] constexpr std::int64_t largestDivisor(std::int64_t number, std::int64_t most) {
    std::int64_t largest = 1;
    for (std::int64_t small = 1; small <= kLargestTriedDivisor && number > 0 && small <= number / small; ++small) {
        if (number % small != 0) continue;
        for (const std::int64_t divisor : {small, number / small})
            if (divisor <= most) largest = std::max(largest, divisor);
    }
    return largest;
}

}  // namespace shapewise
