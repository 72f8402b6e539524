#include "core/kernels/contraction.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>
#include <map>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

/// The sum over all letters, as the equation reads. Without "...".
Floats einsumByDefinition(const std::string& equation, const Extents& a, const Floats& x, const Extents& b,
                          const Floats& z, const Extents& result) {
    const std::size_t comma = equation.find(',');
    const std::size_t arrow = equation.find("->");
    const std::string termA = equation.substr(0, comma);
    const std::string termB = equation.substr(comma + 1, arrow - comma - 1);
    const std::string termResult = equation.substr(arrow + 2);
    std::map<char, std::int64_t> sizes;
    for (std::size_t i = 0; i < termA.size(); ++i) sizes[termA[i]] = a[i];
    for (std::size_t i = 0; i < termB.size(); ++i) sizes[termB[i]] = b[i];
    std::int64_t total = 1;
    for (const auto& [label, size] : sizes) total *= size;
    std::vector<double> sums(static_cast<std::size_t>(tensor::elementCount(result)), 0.0);
    for (std::int64_t index = 0; index < total; ++index) {
        std::map<char, std::int64_t> at;
        std::int64_t rest = index;
        for (const auto& [label, size] : sizes) {
            at[label] = rest % size;
            rest /= size;
        }
        const auto place = [&](const std::string& term) {
            std::int64_t offset = 0;
            for (const char label : term) offset = offset * sizes[label] + at[label];
            return static_cast<std::size_t>(offset);
        };
        sums[place(termResult)] += static_cast<double>(x[place(termA)]) * static_cast<double>(z[place(termB)]);
    }
    Floats y;
    for (const double sum : sums) y.push_back(static_cast<float>(sum));
    return y;
}

TEST(Einsum, AgreesWithTheDefinition) {
    struct Case {
        const char* equation;
        Extents a, b;
    };
    for (const Case& one : {Case{"ab,bc->ac", {3, 4}, {4, 5}}, Case{"abc,cd->abd", {2, 3, 4}, {4, 5}},
                            Case{"bthk,hkd->btd", {2, 3, 2, 4}, {2, 4, 5}}, Case{"ab,cb->ca", {3, 4}, {5, 4}},
                            Case{"abc,abd->acd", {2, 3, 4}, {2, 3, 5}}, Case{"ab,cd->dacb", {2, 3}, {4, 5}},
                            Case{"abc,cd->ad", {2, 3, 4}, {4, 5}}, Case{"aab,b->a", {3, 3, 4}, {4}},
                            Case{"abc,abc->b", {2, 3, 4}, {2, 3, 4}}, Case{"a,a->", {6}, {6}}}) {
        const auto extents = einsumExtents(one.equation, one.a, one.b);
        ASSERT_TRUE(extents.has_value()) << one.equation;
        const Floats x = randomValues(tensor::elementCount(one.a), 1);
        const Floats z = randomValues(tensor::elementCount(one.b), 2);
        Floats y(static_cast<std::size_t>(tensor::elementCount(*extents)));
        einsum(one.equation, {x.data(), one.a}, {z.data(), one.b}, y.data());
        EXPECT_LT(deviation(y, einsumByDefinition(one.equation, one.a, x, one.b, z, *extents)), 1e-5) << one.equation;
    }
}

TEST(Einsum, EllipsisStandsForTheOtherAxes) {
    EXPECT_EQ(*einsumExtents("...x,xy->...y", {2, 3, 4, 5}, {5, 6}), (Extents{2, 3, 4, 6}));
    const Floats x = randomValues(2 * 3 * 4, 1);
    const Floats z = randomValues(4 * 5, 2);
    Floats y(30);
    Floats plain(30);
    einsum("...x, xy -> ...y", {x.data(), {2, 3, 4}}, {z.data(), {4, 5}}, y.data());
    einsum("abx,xy->aby", {x.data(), {2, 3, 4}}, {z.data(), {4, 5}}, plain.data());
    EXPECT_EQ(y, plain);
}

TEST(Einsum, RefusesWhatItCannotRead) {
    EXPECT_FALSE(einsumExtents("ab,bc", {2, 3}, {3, 4}).has_value());
    EXPECT_FALSE(einsumExtents("ab->a", {2, 3}, {3, 4}).has_value());
    EXPECT_FALSE(einsumExtents("ab,bc->ac", {2, 3}, {4, 5}).has_value());
    EXPECT_FALSE(einsumExtents("ab,bc->ad", {2, 3}, {3, 5}).has_value());
    EXPECT_FALSE(einsumExtents("abc,bc->ac", {2, 3}, {3, 5}).has_value());
    EXPECT_FALSE(einsumExtents("a1,1c->ac", {2, 3}, {3, 5}).has_value());
}

TEST(Dot, ContractsOneAxisOfEach) {
    EXPECT_EQ(dotExtents({2, 3, 4}, {2, 4, 5}, {2, 1}), (Extents{2, 3, 5}));
    EXPECT_EQ(dotExtents({2, 3}, {2, 3}, {-1, -1}), (Extents{2, 1}));
    const Floats a{1, 2, 3, 4};
    const Floats b{5, 6, 7, 8};
    Floats y(2);
    dot({a.data(), {2, 2}}, {b.data(), {2, 2}}, {1, 1}, false, y.data());
    EXPECT_EQ(y, (Floats{17, 53}));
    dot({a.data(), {2, 2}}, {b.data(), {2, 2}}, {1, 1}, true, y.data());
    EXPECT_NEAR(y[0], 17.0F / std::sqrt(5.0F * 61.0F), 1e-6F);
}

}  // namespace
}  // namespace shapewise::kernels
