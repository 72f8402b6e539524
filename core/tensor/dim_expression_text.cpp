#include "core/tensor/dim_expression.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::tensor::expression {
namespace {

std::string superscript(std::size_t number) {
    static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string out;
    for (const char digit : fmt::format("{}", number)) out += kDigits[digit - '0'];
    return out;
}

/// " + 3", " - 3" or nothing.
std::string offsetText(std::int64_t offset) {
    if (offset == 0) return {};
    if (offset > 0) return fmt::format(" + {}", offset);
    return fmt::format(" - {}", 0u - static_cast<std::uint64_t>(offset));
}

/// "⌊T/2⌋", "⌊(T + 1)/3⌋" or "⌈T/2⌉" from their parts.
std::string bracketed(const char* open, const Polynomial& dividend, std::int64_t divisor, const char* close) {
    const std::string inside = text(dividend);
    const bool isSum = dividend.terms.size() + (dividend.constant != 0 ? 1u : 0u) > 1;
    return fmt::format("{}{}{}{}/{}{}", open, isSum ? "(" : "", inside, isSum ? ")" : "", divisor, close);
}

std::string quotientText(const Atom& atom) {
    Polynomial dividend = polynomialOf(atom.dividend);
    if (dividend.constant != atom.divisor - 1) return bracketed("⌊", dividend, atom.divisor, "⌋");
    dividend.constant = 0;
    return bracketed("⌈", dividend, atom.divisor, "⌉");
}

/// A quotient plus an offset, in the form convolutions are written in: ⌊(T - 3)/2⌋ + 1 shows the window (3) and
/// the stride (2), of several layers on end too. Floors and ceilings that need no inner constant stay as they are.
std::string quotientText(const Atom& atom, std::int64_t offset) {
    Polynomial dividend = polynomialOf(atom.dividend);
    const bool isPlain = dividend.constant == 0 || dividend.constant == atom.divisor - 1;
    const auto shift = checkedMultiply(offset - 1, atom.divisor);
    const auto constant = shift ? checkedAdd(dividend.constant, *shift) : std::nullopt;
    if (offset > 0 || (offset == 0 && isPlain) || !constant) return quotientText(atom) + offsetText(offset);
    dividend.constant = *constant;
    return bracketed("⌊", dividend, atom.divisor, "⌋") + " + 1";
}

std::string atomText(const Atom& atom) { return atom.divisor == 0 ? atom.name : quotientText(atom); }

/// "S·T²", the atoms in the order of their texts, which does not depend on which was made first.
std::string productText(const std::vector<AtomId>& atoms) {
    std::vector<std::string> factors;
    for (std::size_t start = 0, end = 0; start < atoms.size(); start = end) {
        while (end < atoms.size() && atoms[end] == atoms[start]) ++end;
        factors.push_back(atomText(atomAt(atoms[start])) + (end - start > 1 ? superscript(end - start) : ""));
    }
    std::sort(factors.begin(), factors.end());
    return fmt::format("{}", fmt::join(factors, "·"));
}

/// "8(⌊(T - 3)/2⌋ + 1)" when the polynomial is a multiple of one quotient with an offset, else nothing.
std::string multipleOfQuotientText(const Polynomial& polynomial) {
    if (polynomial.terms.size() != 1 || polynomial.terms[0].atoms.size() != 1) return {};
    const Atom& atom = atomAt(polynomial.terms[0].atoms[0]);
    const std::int64_t factor = polynomial.terms[0].coefficient;
    if (atom.divisor == 0 || factor < 1 || polynomial.constant % factor != 0) return {};
    std::string quotient = quotientText(atom, polynomial.constant / factor);
    if (factor == 1) return quotient;
    const bool isOneBracket = quotient == quotientText(atom);
    return isOneBracket ? fmt::format("{}{}", factor, quotient) : fmt::format("{}({})", factor, quotient);
}

}  // namespace

std::string text(const Polynomial& polynomial) {
    if (std::string multiple = multipleOfQuotientText(polynomial); !multiple.empty()) return multiple;

    struct Written {
        std::size_t degree;
        std::string product;
        std::int64_t coefficient;
    };
    std::vector<Written> written;
    for (const Term& term : polynomial.terms)
        written.push_back({term.atoms.size(), productText(term.atoms), term.coefficient});
    std::sort(written.begin(), written.end(), [](const Written& a, const Written& b) {
        return a.degree != b.degree ? a.degree > b.degree : a.product < b.product;
    });
    std::string out;
    for (const auto& [degree, product, coefficient] : written) {
        const bool isNegative = coefficient < 0;
        const std::uint64_t bits = static_cast<std::uint64_t>(coefficient);
        const std::uint64_t magnitude = isNegative ? 0u - bits : bits;
        if (!out.empty())
            out += isNegative ? " - " : " + ";
        else if (isNegative)
            out += "-";
        if (magnitude != 1) out += fmt::format("{}", magnitude);
        out += product;
    }
    return out.empty() ? fmt::format("{}", polynomial.constant) : out + offsetText(polynomial.constant);
}

}  // namespace shapewise::tensor::expression
