#pragma once
// Dim: one size of a shape: a number, None, a name such as T, or arithmetic on names such as ⌈T/2⌉.
//
// Eight bytes and trivially copyable, because shapes are computed for every node at every key stroke.
// Symbolic sizes are entries of a process-wide table that only grows; equal expressions are one entry,
// so == compares them. All arithmetic is total: None stays None, and a result that does not fit in
// 63 bits becomes the poison tooLarge(), which inference reports at the node where it arises.
//
// Rules, in this order: 0 times anything is 0; tooLarge() makes a result tooLarge(); None makes it None;
// an expression of more than 32 names, written out, becomes None.

#include "core/base/checked_math.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shapewise::tensor {

class Dim {
  public:
    constexpr Dim() = default;  ///< None: unknown
    constexpr Dim(std::int64_t size) : code_(size < 0 ? kUnknown : size) {}
    constexpr Dim(int size) : Dim(static_cast<std::int64_t>(size)) {}

    [[nodiscard]] static constexpr Dim unknown() { return Dim(); }
    [[nodiscard]] static constexpr Dim tooLarge() { return fromCode(kTooLarge); }
    /// A named unknown size. Precondition: a non-empty name of letters, digits and _, not starting with a digit.
    [[nodiscard]] static Dim symbol(std::string_view name);

    [[nodiscard]] constexpr bool isKnown() const { return code_ >= 0; }
    [[nodiscard]] constexpr bool isUnknown() const { return code_ == kUnknown; }
    [[nodiscard]] constexpr bool isSymbolic() const { return code_ <= kFirstSymbol; }
    [[nodiscard]] constexpr bool isTooLarge() const { return code_ == kTooLarge; }

    /// Precondition: isKnown().
    [[nodiscard]] constexpr std::int64_t size() const { return code_; }
    [[nodiscard]] constexpr std::int64_t sizeOr(std::int64_t otherwise) const { return isKnown() ? code_ : otherwise; }

    /// "28", "None", "T", "⌈T/2⌉", "too large".
    [[nodiscard]] std::string text() const;
    /// The same as a factor: sums in brackets, "(T + 1)".
    [[nodiscard]] std::string factorText() const;

    /// Same number or same expression. Two Nones are equal as values, though they may differ at run time.
    friend constexpr bool operator==(Dim, Dim) = default;

    [[nodiscard]] constexpr std::int64_t code() const { return code_; }
    [[nodiscard]] static constexpr Dim fromCode(std::int64_t code) {
        Dim dim;
        dim.code_ = code;
        return dim;
    }

  private:
    static constexpr std::int64_t kUnknown = -1;
    static constexpr std::int64_t kTooLarge = -2;
    static constexpr std::int64_t kFirstSymbol = -3;
    std::int64_t code_ = kUnknown;
};

// The cases with a name, None or tooLarge(); use the operators below.
namespace detail {
[[nodiscard]] Dim addGeneral(Dim a, Dim b);
[[nodiscard]] Dim multiplyGeneral(Dim a, Dim b);
[[nodiscard]] Dim addOffsetGeneral(Dim dim, std::int64_t offset);
[[nodiscard]] Dim floorDivideGeneral(Dim dim, std::int64_t divisor);
[[nodiscard]] Dim ceilDivideGeneral(Dim dim, std::int64_t divisor);
[[nodiscard]] inline Dim fromChecked(std::optional<std::int64_t> size) { return size ? Dim(*size) : Dim::tooLarge(); }
}  // namespace detail

[[nodiscard]] inline Dim operator+(Dim a, Dim b) {
    if (a.isKnown() && b.isKnown()) return detail::fromChecked(checkedAdd(a.size(), b.size()));
    return detail::addGeneral(a, b);
}

[[nodiscard]] inline Dim operator*(Dim a, Dim b) {
    if (a.isKnown() && b.isKnown()) return detail::fromChecked(checkedMultiply(a.size(), b.size()));
    return detail::multiplyGeneral(a, b);
}

/// dim + offset, offset of either sign. A known result below 0 is returned as nullopt.
[[nodiscard]] inline std::optional<Dim> addOffset(Dim dim, std::int64_t offset) {
    if (!dim.isKnown()) return detail::addOffsetGeneral(dim, offset);
    const Dim sum = detail::fromChecked(checkedAdd(dim.size(), offset));
    return sum.isUnknown() ? std::nullopt : std::optional<Dim>(sum);
}

/// ⌊dim / divisor⌋ and ⌈dim / divisor⌉. Precondition: divisor > 0.
[[nodiscard]] inline Dim floorDivide(Dim dim, std::int64_t divisor) {
    if (dim.isKnown()) return Dim(shapewise::floorDivide(dim.size(), divisor));
    return detail::floorDivideGeneral(dim, divisor);
}

[[nodiscard]] inline Dim ceilDivide(Dim dim, std::int64_t divisor) {
    if (dim.isKnown()) return Dim(shapewise::ceilDivide(dim.size(), divisor));
    return detail::ceilDivideGeneral(dim, divisor);
}

/// dim / divisor where it is exact (T*8 by 8, 24 by 8, S*T by T), else nullopt. None gives None.
[[nodiscard]] std::optional<Dim> divideExactly(Dim dim, Dim divisor);

/// False only when both are known numbers and differ: None and names may turn out to be anything.
[[nodiscard]] bool mayBeEqual(Dim a, Dim b);
/// The better known of two sizes that may be equal: number, then name, then None.
[[nodiscard]] Dim moreKnown(Dim a, Dim b);

/// Reads "28", "None" (also "none", "null"), "?", "T" or "-1" (None). nullopt for anything else, or a number that does
/// not fit.
[[nodiscard]] std::optional<Dim> parseDim(std::string_view text);

}  // namespace shapewise::tensor
