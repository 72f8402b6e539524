#pragma once
// Arithmetic on named sizes, behind Dim: polynomials over names and floor quotients, each stored once.
//
// Canonical form: a quotient ⌊P/n⌋ keeps in P only coefficients and a constant in [0, n) without a common
// divisor with n, and a quotient of a quotient is one quotient: ⌊(⌊Y/m⌋ + c)/n⌋ = ⌊(Y + cm)/(mn)⌋. Ceilings are
// floors: ⌈P/n⌉ = ⌊(P + n - 1)/n⌋. (Graham, Knuth, Patashnik: Concrete Mathematics, section 3.2.)
// All functions are thread-safe; the table behind them only grows.

#include "core/tensor/dim.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::tensor::expression {

/// Number of an atom in the table: a name or a floor quotient.
using AtomId = std::uint32_t;

/// coefficient * product of atoms. The atoms are sorted; an atom to the second power is listed twice.
struct Term {
    std::vector<AtomId> atoms;
    std::int64_t coefficient = 0;
    friend bool operator==(const Term&, const Term&) = default;
};

/// Sum of terms and a constant. The terms are sorted, all different, without zero coefficients.
struct Polynomial {
    std::vector<Term> terms;
    std::int64_t constant = 0;
    friend bool operator==(const Polynomial&, const Polynomial&) = default;
};

/// A name, or when `divisor` > 0 the quotient ⌊dividend / divisor⌋.
struct Atom {
    std::string name;
    Dim dividend;
    std::int64_t divisor = 0;
    std::int64_t weight = 1;  ///< names and constants when written out
};

/// The polynomial of a known or symbolic size.
[[nodiscard]] Polynomial polynomialOf(Dim dim);
/// The size with this value: a number, an entry of the table, or None when it has grown too long to be of use.
[[nodiscard]] Dim dimOf(const Polynomial& polynomial);

[[nodiscard]] Dim symbolNamed(std::string_view name);
/// The reference stays good for the life of the process.
[[nodiscard]] const Atom& atomAt(AtomId id);

// nullopt when a coefficient does not fit in 64 bits.
[[nodiscard]] std::optional<Polynomial> add(const Polynomial& a, const Polynomial& b);
[[nodiscard]] std::optional<Polynomial> multiply(const Polynomial& a, const Polynomial& b);
/// The polynomial q with q * divisor == dividend, or nullopt. Precondition: divisor is not 0.
[[nodiscard]] std::optional<Polynomial> divideExactly(Polynomial dividend, const Polynomial& divisor);

/// ⌊dividend / divisor⌋. Precondition: divisor > 0.
[[nodiscard]] Dim floorQuotient(const Polynomial& dividend, std::int64_t divisor);

/// "T + 3", "2T", "⌈T/2⌉", "⌊(T - 3)/2⌋ + 1", "8(⌊(T - 3)/2⌋ + 1)", "S·T", "T²".
[[nodiscard]] std::string text(const Polynomial& polynomial);

}  // namespace shapewise::tensor::expression
