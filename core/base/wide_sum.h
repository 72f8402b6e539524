#pragma once
// WideSum: a total of numbers that are not negative, from which they can be taken away again exactly: nothing is lost
// while it is too large to be shown.

#include <cstdint>
#include <limits>

namespace shapewise {

class WideSum {
  public:
    void add(std::int64_t number) {
        low_ += static_cast<std::uint64_t>(number);
        if (low_ < static_cast<std::uint64_t>(number)) ++high_;
    }
    /// Precondition: the number was added before.
    void subtract(std::int64_t number) {
        if (low_ < static_cast<std::uint64_t>(number)) --high_;
        low_ -= static_cast<std::uint64_t>(number);
    }
    /// The total, or the largest number when that does not fit: what saturatingAdd() comes to.
    [[nodiscard]] std::int64_t saturated() const {
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
        return high_ != 0 || low_ > static_cast<std::uint64_t>(kMost) ? kMost : static_cast<std::int64_t>(low_);
    }

  private:
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
};

}  // namespace shapewise
