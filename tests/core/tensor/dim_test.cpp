#include "core/tensor/dim.h"

#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace shapewise::tensor {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

Dim t() { return Dim::symbol("T"); }
Dim s() { return Dim::symbol("S"); }
Dim offset(Dim dim, std::int64_t by) { return addOffset(dim, by).value(); }

/// Size after a window without padding, as convolutions count it.
Dim windows(Dim size, std::int64_t window, std::int64_t stride) {
    return offset(floorDivide(offset(size, -window), stride), 1);
}

TEST(Dim, KnownSizesAreCalculatedAsNumbers) {
    EXPECT_EQ(Dim(20) + Dim(8), Dim(28));
    EXPECT_EQ(Dim(28) * Dim(28), Dim(784));
    EXPECT_EQ(floorDivide(Dim(7), 2), Dim(3));
    EXPECT_EQ(ceilDivide(Dim(7), 2), Dim(4));
    EXPECT_EQ(addOffset(Dim(7), -7), Dim(0));
}

TEST(Dim, KnownResultBelowZeroIsNoSize) {
    EXPECT_EQ(addOffset(Dim(5), -7), std::nullopt);
    EXPECT_EQ(addOffset(Dim(0), std::numeric_limits<std::int64_t>::min()), std::nullopt);
}

TEST(Dim, NegativeNumberIsNone) { EXPECT_TRUE(Dim(-1).isUnknown()); }

TEST(Dim, NoneAbsorbsAllButMultiplicationByZero) {
    const Dim none;
    EXPECT_EQ(none + Dim(3), none);
    EXPECT_EQ(t() + none, none);
    EXPECT_EQ(none * Dim(3), none);
    EXPECT_EQ(none * Dim(0), Dim(0));
    EXPECT_EQ(Dim(0) * none, Dim(0));
    EXPECT_EQ(floorDivide(none, 2), none);
    EXPECT_EQ(ceilDivide(none, 2), none);
    EXPECT_EQ(addOffset(none, -3), none);
    EXPECT_EQ(divideExactly(none, 3), none);
}

TEST(Dim, OverflowIsTooLargeAndStaysSo) {
    EXPECT_EQ(Dim(kLargest) + Dim(1), Dim::tooLarge());
    EXPECT_EQ(Dim(kLargest) * Dim(2), Dim::tooLarge());
    EXPECT_EQ(addOffset(Dim(kLargest), 1), Dim::tooLarge());
    EXPECT_EQ(Dim::tooLarge() + t(), Dim::tooLarge());
    EXPECT_EQ(Dim::tooLarge() * Dim(), Dim::tooLarge());
    EXPECT_EQ(Dim::tooLarge() * Dim(0), Dim(0));
    EXPECT_EQ(floorDivide(Dim::tooLarge(), 2), Dim::tooLarge());
    EXPECT_EQ(addOffset(Dim::tooLarge(), -5), Dim::tooLarge());
    EXPECT_EQ(t() * Dim(kLargest) * Dim(2), Dim::tooLarge());
    EXPECT_EQ(offset(t(), kLargest) + Dim(1), Dim::tooLarge());
    EXPECT_EQ(Dim::tooLarge().text(), "too large");
}

TEST(DimSymbols, SameNameIsSameSize) {
    EXPECT_EQ(Dim::symbol("T"), Dim::symbol("T"));
    EXPECT_NE(Dim::symbol("T"), Dim::symbol("S"));
    EXPECT_TRUE(t().isSymbolic());
    EXPECT_FALSE(t().isKnown());
    EXPECT_FALSE(t().isUnknown());
}

TEST(DimSymbols, EqualArithmeticIsOneEntry) {
    EXPECT_EQ(offset(offset(t(), 2), -2), t());
    EXPECT_EQ(floorDivide(t() * 8, 8), t());
    EXPECT_EQ(t() + s(), s() + t());
    EXPECT_EQ(t() * s(), s() * t());
    EXPECT_EQ((t() + s()) * 3, t() * 3 + s() * 3);
    EXPECT_EQ(t() + Dim(0), t());
    EXPECT_EQ(t() * 1, t());
    EXPECT_EQ(t() * 0, Dim(0));
    EXPECT_EQ(floorDivide(t(), 1), t());
    EXPECT_EQ(floorDivide(t() * 6, 4), floorDivide(t() * 3, 2));
    EXPECT_EQ(floorDivide(offset(t() * 2, 1), 4), floorDivide(t(), 2));
}

TEST(DimSymbols, QuotientOfQuotientIsOneQuotient) {
    EXPECT_EQ(floorDivide(floorDivide(t(), 2), 2), floorDivide(t(), 4));
    EXPECT_EQ(ceilDivide(ceilDivide(t(), 2), 2), ceilDivide(t(), 4));
    EXPECT_EQ(floorDivide(floorDivide(t() * 2, 3), 2), floorDivide(t(), 3));
    EXPECT_EQ(windows(windows(t(), 3, 2), 3, 2), windows(t(), 7, 4));
}

TEST(DimSymbols, FloorOfOneLessPlusOneIsTheCeiling) {
    EXPECT_EQ(offset(floorDivide(offset(t(), -1), 2), 1), ceilDivide(t(), 2));
    EXPECT_EQ(offset(floorDivide(offset(t(), 4), 5), 0), ceilDivide(t(), 5));
}

TEST(DimText, ReadsAsOneWouldWriteIt) {
    EXPECT_EQ(Dim(28).text(), "28");
    EXPECT_EQ(Dim().text(), "None");
    EXPECT_EQ(t().text(), "T");
    EXPECT_EQ((t() * 2).text(), "2T");
    EXPECT_EQ(offset(t(), 3).text(), "T + 3");
    EXPECT_EQ(offset(t(), -3).text(), "T - 3");
    EXPECT_EQ((t() + s()).text(), "S + T");
    EXPECT_EQ((t() * s()).text(), "S·T");
    EXPECT_EQ((t() * t() + s()).text(), "T² + S");
    EXPECT_EQ(floorDivide(t(), 2).text(), "⌊T/2⌋");
    EXPECT_EQ(ceilDivide(t(), 2).text(), "⌈T/2⌉");
    EXPECT_EQ((ceilDivide(t(), 2) * 16).text(), "16⌈T/2⌉");
    EXPECT_EQ(ceilDivide(t() + s(), 2).text(), "⌈(S + T)/2⌉");
    EXPECT_EQ(offset(ceilDivide(t(), 2), 3).text(), "⌈T/2⌉ + 3");
}

TEST(DimText, WindowsReadAsInTheFormulaOfConvolutions) {
    EXPECT_EQ(windows(t(), 3, 2).text(), "⌊(T - 3)/2⌋ + 1");
    EXPECT_EQ(windows(t(), 256, 128).text(), "⌊(T - 256)/128⌋ + 1");
    EXPECT_EQ(windows(t(), 2, 3).text(), "⌊(T - 2)/3⌋ + 1");
    EXPECT_EQ((windows(t(), 3, 2) * 8).text(), "8(⌊(T - 3)/2⌋ + 1)");
    EXPECT_EQ(windows(windows(t(), 3, 2), 3, 2).text(), "⌊(T - 7)/4⌋ + 1");
    EXPECT_EQ(windows(t(), 2, 2).text(), "⌊T/2⌋");
}

TEST(DimText, DoesNotDependOnWhichNameCameFirst) {
    const Dim later = Dim::symbol("zebra");
    const Dim earlier = Dim::symbol("apple");
    EXPECT_EQ((later + earlier).text(), "apple + zebra");
    EXPECT_EQ((later * earlier).text(), "apple·zebra");
}

TEST(DimDivision, ExactDivisionUndoesMultiplication) {
    EXPECT_EQ(divideExactly(Dim(24), 8), Dim(3));
    EXPECT_EQ(divideExactly(Dim(25), 8), std::nullopt);
    EXPECT_EQ(divideExactly(t() * 8, 8), t());
    EXPECT_EQ(divideExactly(t() * 8, t()), Dim(8));
    EXPECT_EQ(divideExactly(t() * s(), s()), t());
    EXPECT_EQ(divideExactly(t() * 3, 2), std::nullopt);
    EXPECT_EQ(divideExactly(t(), s()), std::nullopt);
    EXPECT_EQ(divideExactly(Dim(8), t()), std::nullopt);
    EXPECT_EQ(divideExactly(Dim(8), 0), std::nullopt);
    const Dim window = windows(t(), 3, 2);
    EXPECT_EQ(divideExactly(window * offset(s(), 3), window), offset(s(), 3));
    EXPECT_EQ(divideExactly(window * offset(s(), 3), offset(s(), 3)), window);
    EXPECT_EQ(divideExactly(offset(t(), 3) * offset(t(), 3), offset(t(), 3)), offset(t(), 3));
}

TEST(DimKnowledge, OnlyDifferentNumbersCannotBeEqual) {
    EXPECT_FALSE(mayBeEqual(3, 4));
    EXPECT_TRUE(mayBeEqual(3, 3));
    EXPECT_TRUE(mayBeEqual(3, Dim()));
    EXPECT_TRUE(mayBeEqual(3, t()));
    EXPECT_TRUE(mayBeEqual(s(), t()));
}

TEST(DimKnowledge, NumberIsBetterKnownThanNameAndNameThanNone) {
    EXPECT_EQ(moreKnown(Dim(), 3), Dim(3));
    EXPECT_EQ(moreKnown(3, t()), Dim(3));
    EXPECT_EQ(moreKnown(Dim(), t()), t());
    EXPECT_EQ(moreKnown(t(), Dim()), t());
}

TEST(DimParse, ReadsNumbersNamesAndNone) {
    EXPECT_EQ(parseDim(" 28 "), Dim(28));
    EXPECT_EQ(parseDim("None"), Dim());
    EXPECT_EQ(parseDim("?"), Dim());
    EXPECT_EQ(parseDim("-1"), Dim());
    EXPECT_EQ(parseDim("T"), t());
    EXPECT_EQ(parseDim("time_steps2"), Dim::symbol("time_steps2"));
}

TEST(DimParse, RefusesAllElse) {
    for (const char* text : {"", "-2", "2.5", "9223372036854775808", "2T", "T+1", "+3", "é", "0x10"})
        EXPECT_EQ(parseDim(text), std::nullopt) << text;
}

TEST(DimBounds, LongExpressionBecomesNone) {
    Dim sum = 0;
    for (int index = 0; index < 33; ++index) sum = sum + Dim::symbol("n" + std::to_string(index));
    EXPECT_TRUE(sum.isUnknown());
}

TEST(DimBounds, ExpressionThatDoublesAtEachStepBecomesNone) {
    Dim dim = t();
    for (int step = 0; step < 40; ++step) dim = dim + floorDivide(offset(dim * 2, 1), 3);
    EXPECT_TRUE(dim.isUnknown());
}

/// The same random arithmetic on a name and on numbers in its place must agree.
TEST(DimLaws, ArithmeticOnNamesAgreesWithNumbersInTheirPlace) {
    struct Step {
        int operation;
        std::int64_t number;
    };
    std::mt19937 random(20240607);
    std::map<std::int64_t, std::vector<std::int64_t>> valuesOfEntry;  // code of a result -> its values for each T
    int symbolic = 0;
    for (int round = 0; round < 4000; ++round) {
        std::vector<Step> steps(1 + random() % 5);
        for (Step& step : steps) step = {static_cast<int>(random() % 5), static_cast<std::int64_t>(1 + random() % 6)};
        const auto apply = [&](Dim start) {
            Dim dim = start;
            for (const auto& [operation, number] : steps) {
                if (operation == 0) dim = dim + Dim(number);
                if (operation == 1) dim = dim * Dim(number);
                if (operation == 2) dim = floorDivide(dim, number);
                if (operation == 3) dim = ceilDivide(dim, number);
                if (operation == 4) dim = dim + start;
            }
            return dim;
        };
        std::vector<std::int64_t> values;
        for (std::int64_t size = 0; size < 60; ++size) values.push_back(apply(size).size());
        const Dim result = apply(t());
        if (result.isSymbolic()) {
            ++symbolic;
            const auto [place, isNew] = valuesOfEntry.emplace(result.code(), values);
            EXPECT_EQ(place->second, values) << result.text();
        }
    }
    EXPECT_GT(symbolic, 3500);
}

TEST(DimLaws, SumAndProductAreCommutativeAssociativeAndDistributive) {
    std::mt19937 random(7);
    const auto dim = [&random]() -> Dim {
        const auto number = static_cast<std::int64_t>(random() % 5);
        switch (random() % 5) {
            case 0: return number;
            case 1: return t() * number;
            case 2: return offset(s(), -number);
            case 3: return floorDivide(t(), number + 1);
            default: return offset(ceilDivide(s(), number + 1), number);
        }
    };
    for (int round = 0; round < 2000; ++round) {
        const Dim a = dim();
        const Dim b = dim();
        const Dim c = dim();
        EXPECT_EQ(a + b, b + a);
        EXPECT_EQ(a * b, b * a);
        EXPECT_EQ((a + b) + c, a + (b + c));
        EXPECT_EQ((a * b) * c, a * (b * c));
        EXPECT_EQ(a * (b + c), a * b + a * c);
    }
}

TEST(DimLaws, SymbolsMayBeMadeByManyThreads) {
    std::vector<std::vector<Dim>> made(4);
    {
        std::vector<std::jthread> threads;
        for (std::vector<Dim>& mine : made) {
            threads.emplace_back([&mine] {
                for (int index = 0; index < 500; ++index) {
                    const Dim name = Dim::symbol("thread_" + std::to_string(index));
                    mine.push_back(ceilDivide(offset(name * 3, index), 4));
                }
            });
        }
    }
    for (const std::vector<Dim>& mine : made) EXPECT_EQ(mine, made[0]);
    EXPECT_EQ(made[0].size(), 500u);
}

}  // namespace
}  // namespace shapewise::tensor
