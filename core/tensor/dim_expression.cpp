#include "core/tensor/dim_expression.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace shapewise::tensor::expression {
namespace {

/// Names and constants an expression may have, written out; beyond, nobody reads it and it becomes None.
constexpr std::int64_t kMaximumWeight = 32;
/// Entries of the table; beyond, new expressions become None.
constexpr std::size_t kMaximumEntries = std::size_t{1} << 22;
/// Code of the first entry; Dim keeps the codes above it for numbers, None and tooLarge().
constexpr std::int64_t kFirstCode = -3;

struct PolynomialHash {
    std::size_t operator()(const Polynomial& polynomial) const noexcept {
        std::uint64_t hash = static_cast<std::uint64_t>(polynomial.constant) + 0x9E3779B97F4A7C15u;
        const auto mix = [&hash](std::uint64_t word) {
            hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
            hash ^= hash >> 32;
        };
        for (const Term& term : polynomial.terms) {
            mix(static_cast<std::uint64_t>(term.coefficient));
            for (const AtomId atom : term.atoms) mix(atom);
        }
        return static_cast<std::size_t>(hash);
    }
};

/// Every polynomial and atom ever made, once. Entries never move and never change, so that a reference taken
/// under the lock may be read without it.
class Table {
  public:
    static Table& instance() {
        static Table table;
        return table;
    }

    [[nodiscard]] const Polynomial& polynomial(Dim dim) const {
        const std::shared_lock lock(mutex_);
        return *polynomials_[static_cast<std::size_t>(kFirstCode - dim.code())];
    }

    [[nodiscard]] const Atom& atom(AtomId id) const {
        const std::shared_lock lock(mutex_);
        return atoms_[id];
    }

    [[nodiscard]] Dim intern(const Polynomial& polynomial) {
        {
            const std::shared_lock lock(mutex_);
            const auto found = codes_.find(polynomial);
            if (found != codes_.end()) return Dim::fromCode(found->second);
        }
        const std::unique_lock lock(mutex_);
        if (polynomials_.size() >= kMaximumEntries) return Dim::unknown();
        const std::int64_t code = kFirstCode - static_cast<std::int64_t>(polynomials_.size());
        const auto [place, isNew] = codes_.try_emplace(polynomial, code);
        if (isNew) polynomials_.push_back(&place->first);
        return Dim::fromCode(place->second);
    }

    [[nodiscard]] AtomId symbol(std::string_view name) {
        const std::unique_lock lock(mutex_);
        const auto found = symbols_.find(name);
        if (found != symbols_.end()) return found->second;
        return symbols_.emplace(std::string(name), append(Atom{std::string(name), {}, 0, 1})).first->second;
    }

    [[nodiscard]] AtomId quotient(Dim dividend, std::int64_t divisor, std::int64_t weight) {
        const std::unique_lock lock(mutex_);
        const auto key = std::make_pair(dividend.code(), divisor);
        const auto found = quotients_.find(key);
        if (found != quotients_.end()) return found->second;
        return quotients_.emplace(key, append(Atom{{}, dividend, divisor, weight})).first->second;
    }

  private:
    AtomId append(Atom atom) {
        atoms_.push_back(std::move(atom));
        return static_cast<AtomId>(atoms_.size() - 1);
    }

    mutable std::shared_mutex mutex_;
    std::unordered_map<Polynomial, std::int64_t, PolynomialHash> codes_;
    std::vector<const Polynomial*> polynomials_;
    std::deque<Atom> atoms_;
    std::map<std::string, AtomId, std::less<>> symbols_;
    std::map<std::pair<std::int64_t, std::int64_t>, AtomId> quotients_;
};

/// Graded lexicographic order: a greater degree first. It agrees with multiplication, which long division needs.
bool comesBefore(const std::vector<AtomId>& a, const std::vector<AtomId>& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
}

std::int64_t weightOf(const Polynomial& polynomial) {
    std::int64_t weight = polynomial.constant != 0 ? 1 : 0;
    for (const Term& term : polynomial.terms)
        for (const AtomId id : term.atoms) weight += atomAt(id).weight;
    return weight;
}

/// Sorts the terms, adds up those with the same atoms and drops zeros. False when a coefficient does not fit.
bool normalise(std::vector<Term>& terms) {
    std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return comesBefore(a.atoms, b.atoms); });
    std::size_t kept = 0;
    for (std::size_t index = 0; index < terms.size(); ++index) {
        if (kept > 0 && terms[kept - 1].atoms == terms[index].atoms) {
            const auto sum = checkedAdd(terms[kept - 1].coefficient, terms[index].coefficient);
            if (!sum) return false;
            terms[kept - 1].coefficient = *sum;
        } else {
            if (kept > 0 && terms[kept - 1].coefficient == 0) --kept;
            if (kept != index) terms[kept] = std::move(terms[index]);
            ++kept;
        }
    }
    if (kept > 0 && terms[kept - 1].coefficient == 0) --kept;
    terms.resize(kept);
    return true;
}

std::vector<AtomId> productOf(const std::vector<AtomId>& a, const std::vector<AtomId>& b) {
    std::vector<AtomId> product;
    product.reserve(a.size() + b.size());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(product));
    return product;
}

Term leadingTerm(const Polynomial& polynomial) {
    return polynomial.terms.empty() ? Term{{}, polynomial.constant} : polynomial.terms.front();
}

/// Appends term to sum; a term without atoms goes to the constant. False when it does not fit.
bool append(Polynomial& sum, Term term) {
    if (!term.atoms.empty()) {
        sum.terms.push_back(std::move(term));
        return true;
    }
    const auto constant = checkedAdd(sum.constant, term.coefficient);
    sum.constant = constant.value_or(0);
    return constant.has_value();
}

std::int64_t remainderOf(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t remainder = dividend % divisor;
    return remainder < 0 ? remainder + divisor : remainder;
}

/// When `rest` is one quotient plus a constant, the same divided by divisor as a single quotient.
std::optional<Dim> mergedQuotient(const Polynomial& rest, std::int64_t divisor) {
    if (rest.terms.size() != 1 || rest.terms[0].coefficient != 1 || rest.terms[0].atoms.size() != 1)
        return std::nullopt;
    const Atom& inner = atomAt(rest.terms[0].atoms[0]);
    if (inner.divisor == 0) return std::nullopt;
    const auto product = checkedMultiply(inner.divisor, divisor);
    const auto shift = checkedMultiply(rest.constant, inner.divisor);
    if (!product || !shift) return std::nullopt;
    const auto dividend = add(polynomialOf(inner.dividend), Polynomial{{}, *shift});
    if (!dividend) return std::nullopt;
    return floorQuotient(*dividend, *product);
}

}  // namespace

Polynomial polynomialOf(Dim dim) {
    assert(dim.isKnown() || dim.isSymbolic());
    if (dim.isKnown()) return Polynomial{{}, dim.size()};
    return Table::instance().polynomial(dim);
}

Dim dimOf(const Polynomial& polynomial) {
    if (polynomial.terms.empty()) return Dim(polynomial.constant);
    if (weightOf(polynomial) > kMaximumWeight) return Dim::unknown();
    return Table::instance().intern(polynomial);
}

Dim symbolNamed(std::string_view name) { return dimOf(Polynomial{{Term{{Table::instance().symbol(name)}, 1}}, 0}); }

const Atom& atomAt(AtomId id) { return Table::instance().atom(id); }

std::optional<Polynomial> add(const Polynomial& a, const Polynomial& b) {
    const auto constant = checkedAdd(a.constant, b.constant);
    if (!constant) return std::nullopt;
    Polynomial sum{a.terms, *constant};
    if (b.terms.empty()) return sum;
    sum.terms.insert(sum.terms.end(), b.terms.begin(), b.terms.end());
    if (!normalise(sum.terms)) return std::nullopt;
    return sum;
}

std::optional<Polynomial> multiply(const Polynomial& a, const Polynomial& b) {
    std::vector<Term> left = a.terms;
    std::vector<Term> right = b.terms;
    if (a.constant != 0) left.push_back(Term{{}, a.constant});
    if (b.constant != 0) right.push_back(Term{{}, b.constant});
    Polynomial product;
    for (const Term& mine : left) {
        for (const Term& other : right) {
            const auto coefficient = checkedMultiply(mine.coefficient, other.coefficient);
            if (!coefficient || !append(product, Term{productOf(mine.atoms, other.atoms), *coefficient}))
                return std::nullopt;
        }
    }
    if (!normalise(product.terms)) return std::nullopt;
    return product;
}

std::optional<Polynomial> divideExactly(Polynomial dividend, const Polynomial& divisor) {
    const Term by = leadingTerm(divisor);
    Polynomial quotient;
    for (std::int64_t step = 0; step <= kMaximumWeight; ++step) {
        if (dividend == Polynomial{}) {
            if (!normalise(quotient.terms)) return std::nullopt;
            return quotient;
        }
        const Term leading = leadingTerm(dividend);
        if (leading.coefficient % by.coefficient != 0) return std::nullopt;
        if (!std::includes(leading.atoms.begin(), leading.atoms.end(), by.atoms.begin(), by.atoms.end()))
            return std::nullopt;
        Term factor{{}, leading.coefficient / by.coefficient};
        std::set_difference(leading.atoms.begin(), leading.atoms.end(), by.atoms.begin(), by.atoms.end(),
                            std::back_inserter(factor.atoms));
        Polynomial subtracted;
        if (!append(subtracted, Term{factor.atoms, -factor.coefficient})) return std::nullopt;
        const auto product = multiply(subtracted, divisor);
        const auto remaining = product ? add(dividend, *product) : std::nullopt;
        if (!remaining || !append(quotient, std::move(factor))) return std::nullopt;
        dividend = *remaining;
    }
    return std::nullopt;
}

Dim floorQuotient(const Polynomial& dividend, std::int64_t divisor) {
    Polynomial whole{{}, shapewise::floorDivide(dividend.constant, divisor)};
    Polynomial rest{{}, remainderOf(dividend.constant, divisor)};
    std::int64_t common = divisor;
    for (const Term& term : dividend.terms) {
        const std::int64_t quotient = shapewise::floorDivide(term.coefficient, divisor);
        const std::int64_t remainder = remainderOf(term.coefficient, divisor);
        if (quotient != 0) whole.terms.push_back(Term{term.atoms, quotient});
        if (remainder != 0) rest.terms.push_back(Term{term.atoms, remainder});
        common = std::gcd(common, remainder);
    }
    if (rest.terms.empty()) return dimOf(whole);
    for (Term& term : rest.terms) term.coefficient /= common;
    rest.constant /= common;
    divisor /= common;

    Dim fraction;
    if (const auto merged = mergedQuotient(rest, divisor)) {
        fraction = *merged;
    } else {
        const Dim inner = dimOf(rest);
        if (!inner.isSymbolic()) return Dim::unknown();
        const AtomId atom = Table::instance().quotient(inner, divisor, weightOf(rest));
        fraction = dimOf(Polynomial{{Term{{atom}, 1}}, 0});
    }
    if (!fraction.isKnown() && !fraction.isSymbolic()) return fraction;
    const auto sum = add(whole, polynomialOf(fraction));
    return sum ? dimOf(*sum) : Dim::tooLarge();
}

}  // namespace shapewise::tensor::expression
