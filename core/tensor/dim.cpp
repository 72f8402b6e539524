#include "core/tensor/dim.h"

#include "core/tensor/dim_expression.h"

#include <fmt/format.h>
#include <array>
#include <cassert>
#include <charconv>

namespace shapewise::tensor {
namespace {

enum class Operation : std::uint8_t { Add, Multiply, FloorDivide, CeilDivide };

/// Recent results of one thread. Entries of the table never change, so a result stays good for ever.
struct Remembered {
    std::int64_t left = 0;
    std::int64_t right = 0;
    Operation operation = Operation::Add;
    Dim result = Dim(0);  // 0 + 0
};
constexpr std::size_t kRemembered = 512;

template <class Compute>
Dim remembered(Operation operation, std::int64_t left, std::int64_t right, Compute&& compute) {
    thread_local std::array<Remembered, kRemembered> results;
    const std::uint64_t mixed = (static_cast<std::uint64_t>(left) * 0x9E3779B97F4A7C15u) ^
                                (static_cast<std::uint64_t>(right) * 0xC2B2AE3D27D4EB4Fu) ^
                                (static_cast<std::uint64_t>(operation) << 60);
    Remembered& place = results[(mixed >> 40) % kRemembered];
    if (place.left != left || place.right != right || place.operation != operation)
        place = Remembered{left, right, operation, compute()};
    return place.result;
}

Dim fromPolynomial(const std::optional<expression::Polynomial>& polynomial) {
    return polynomial ? expression::dimOf(*polynomial) : Dim::tooLarge();
}

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isName(std::string_view text) {
    if (text.empty() || !isLetter(text.front())) return false;
    for (const char c : text)
        if (!isLetter(c) && !isDigit(c)) return false;
    return true;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Dim Dim::symbol(std::string_view name) {
    assert(isName(name));
    return expression::symbolNamed(name);
}

std::string Dim::factorText() const {
    std::string all = text();
    int depth = 0;
    for (std::size_t at = 0; at < all.size(); ++at) {
        const std::string_view rest = std::string_view(all).substr(at);
        if (rest.starts_with("(") || rest.starts_with("⌊") || rest.starts_with("⌈")) ++depth;
        if (rest.starts_with(")") || rest.starts_with("⌋") || rest.starts_with("⌉")) --depth;
        if (depth == 0 && (rest.starts_with(" + ") || rest.starts_with(" - "))) return "(" + all + ")";
    }
    return all;
}

std::string Dim::text() const {
    if (isKnown()) return fmt::format("{}", code_);
    if (isUnknown()) return "None";
    if (isTooLarge()) return "too large";
    return expression::text(expression::polynomialOf(*this));
}

namespace detail {

Dim addGeneral(Dim a, Dim b) {
    if (a.isTooLarge() || b.isTooLarge()) return Dim::tooLarge();
    if (a.isUnknown() || b.isUnknown()) return Dim::unknown();
    return remembered(Operation::Add, a.code(), b.code(), [&] {
        return fromPolynomial(expression::add(expression::polynomialOf(a), expression::polynomialOf(b)));
    });
}

Dim multiplyGeneral(Dim a, Dim b) {
    if (a == Dim(0) || b == Dim(0)) return Dim(0);
    if (a.isTooLarge() || b.isTooLarge()) return Dim::tooLarge();
    if (a.isUnknown() || b.isUnknown()) return Dim::unknown();
    return remembered(Operation::Multiply, a.code(), b.code(), [&] {
        return fromPolynomial(expression::multiply(expression::polynomialOf(a), expression::polynomialOf(b)));
    });
}

Dim addOffsetGeneral(Dim dim, std::int64_t offset) {
    if (!dim.isSymbolic() || offset == 0) return dim;
    if (offset > 0) return addGeneral(dim, Dim(offset));
    return fromPolynomial(expression::add(expression::polynomialOf(dim), expression::Polynomial{{}, offset}));
}

Dim floorDivideGeneral(Dim dim, std::int64_t divisor) {
    assert(divisor > 0);
    if (!dim.isSymbolic()) return dim;
    return remembered(Operation::FloorDivide, dim.code(), divisor,
                      [&] { return expression::floorQuotient(expression::polynomialOf(dim), divisor); });
}

Dim ceilDivideGeneral(Dim dim, std::int64_t divisor) {
    assert(divisor > 0);
    if (!dim.isSymbolic()) return dim;
    return remembered(Operation::CeilDivide, dim.code(), divisor, [&] {
        const auto dividend = expression::add(expression::polynomialOf(dim), expression::Polynomial{{}, divisor - 1});
        return dividend ? expression::floorQuotient(*dividend, divisor) : Dim::tooLarge();
    });
}

}  // namespace detail

std::optional<Dim> divideExactly(Dim dim, Dim divisor) {
    if (divisor == Dim(0)) return std::nullopt;
    if (dim == Dim(0)) return dim;
    if (dim.isTooLarge() || divisor.isTooLarge()) return Dim::tooLarge();
    if (dim.isUnknown() || divisor.isUnknown()) return Dim::unknown();
    if (dim.isKnown() && divisor.isKnown()) {
        if (dim.size() % divisor.size() != 0) return std::nullopt;
        return Dim(dim.size() / divisor.size());
    }
    const auto quotient = expression::divideExactly(expression::polynomialOf(dim), expression::polynomialOf(divisor));
    if (!quotient) return std::nullopt;
    return expression::dimOf(*quotient);
}

bool mayBeEqual(Dim a, Dim b) { return !a.isKnown() || !b.isKnown() || a == b; }

Dim moreKnown(Dim a, Dim b) {
    const auto knowledge = [](Dim dim) { return dim.isKnown() ? 3 : dim.isSymbolic() ? 2 : dim.isTooLarge() ? 1 : 0; };
    return knowledge(b) > knowledge(a) ? b : a;
}

std::optional<Dim> parseDim(std::string_view text) {
    const std::string_view word = trimmed(text);
    if (word == "None" || word == "none" || word == "null" || word == "?" || word == "-1") return Dim::unknown();
    if (isName(word)) return Dim::symbol(word);
    if (word.empty() || !isDigit(word.front())) return std::nullopt;
    std::int64_t size = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), size);
    if (fault != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return Dim(size);
}

}  // namespace shapewise::tensor
