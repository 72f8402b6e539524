#pragma once
// Amount: a whole number whose sums, differences and products stay at the ends of 64 bits instead of wrapping round.
//
// For sizes that are compared, shown or proposed: Amount(needed - 1) would still compute before it is checked, so begin
// with an Amount: (Amount(needed) - 1) * stride + reach. Sizes of a shape are Dims, which become tooLarge() instead.

#include "core/base/checked_math.h"

#include <cmath>
#include <compare>

namespace shapewise {

class Amount {
  public:
    constexpr Amount(std::int64_t number) : number_(number) {}

    [[nodiscard]] constexpr std::int64_t value() const { return number_; }

    friend Amount operator+(Amount a, Amount b) {
        return checkedAdd(a.number_, b.number_).value_or(end(b.number_ < 0));
    }
    friend Amount operator-(Amount a, Amount b) {
        return checkedSubtract(a.number_, b.number_).value_or(end(b.number_ > 0));
    }
    friend Amount operator*(Amount a, Amount b) {
        return checkedMultiply(a.number_, b.number_).value_or(end((a.number_ < 0) != (b.number_ < 0)));
    }
    Amount operator-() const { return Amount(0) - *this; }
    Amount& operator+=(Amount other) { return *this = *this + other; }
    Amount& operator-=(Amount other) { return *this = *this - other; }
    Amount& operator*=(Amount other) { return *this = *this * other; }

    /// The nearest one; 0 for NaN.
    [[nodiscard]] static Amount rounded(double number) {
        constexpr double kEnd = 9223372036854775808.0;  // 2^63
        if (std::isnan(number)) return 0;
        if (number >= kEnd || number < -kEnd) return end(number < 0);
        return std::llround(number);
    }

    friend constexpr auto operator<=>(Amount, Amount) = default;

  private:
    static constexpr std::int64_t end(bool isLow) {
        return isLow ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    }

    std::int64_t number_;
};

}  // namespace shapewise
