#include "core/kernels/data_movement.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace shapewise::kernels {
namespace {

using reference::Floats;
using reference::randomValues;

Floats permuteByDefinition(const Extents& extents, const std::vector<int>& order, const Floats& x) {
    const Extents result = permutedExtents(extents, order);
    Floats y(x.size());
    for (std::size_t index = 0; index < y.size(); ++index) {
        auto rest = static_cast<std::int64_t>(index);
        Extents at(extents.size());
        for (std::size_t axis = result.size(); axis-- > 0;) {
            at[static_cast<std::size_t>(order[axis])] = rest % result[axis];
            rest /= result[axis];
        }
        std::int64_t source = 0;
        for (std::size_t axis = 0; axis < extents.size(); ++axis) source = source * extents[axis] + at[axis];
        y[index] = x[static_cast<std::size_t>(source)];
    }
    return y;
}

TEST(Permute, AgreesWithTheDefinitionForEveryOrder) {
    for (const Extents& extents :
         {Extents{2, 3, 4, 5}, Extents{1, 17, 1, 33}, Extents{40, 50}, Extents{3, 1, 2, 2}, Extents{7}}) {
        std::vector<int> order(extents.size());
        std::iota(order.begin(), order.end(), 0);
        const Floats x = randomValues(tensor::elementCount(extents), 1);
        do {
            Floats y(x.size());
            permute(extents, order, x.data(), y.data());
            EXPECT_EQ(y, permuteByDefinition(extents, order, x));
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST(ChannelsFirst, ThereAndBackIsTheSame) {
    const Extents first{2, 5, 3, 4};
    EXPECT_EQ(channelsLastExtents(first), (Extents{2, 3, 4, 5}));
    EXPECT_EQ(channelsFirstExtents({2, 3, 4, 5}), first);
    const Floats x = randomValues(120, 1);
    Floats last(120);
    Floats back(120);
    channelsFirstToLast(first, x.data(), last.data());
    channelsLastToFirst({2, 3, 4, 5}, last.data(), back.data());
    EXPECT_EQ(back, x);
    EXPECT_EQ(last, permuteByDefinition(first, {0, 2, 3, 1}, x));
}

TEST(Concatenate, JoinsAlongTheAxis) {
    const Floats a{1, 2, 3, 4};
    const Floats b{5, 6};
    const std::vector<TensorView> inputs{{a.data(), {2, 2}}, {b.data(), {2, 1}}};
    Floats y(6);
    concatenate(inputs, -1, y.data());
    EXPECT_EQ(y, (Floats{1, 2, 5, 3, 4, 6}));
    EXPECT_EQ(concatenatedExtents(inputs, -1), (Extents{2, 3}));
}

TEST(Pad, AddsAndCutsCells) {
    const Floats x{1, 2, 3, 4, 5, 6};
    Floats y(3 * 5);
    pad({2, 3}, {{1, 0}, {0, 2}}, 0.0F, x.data(), y.data());
    EXPECT_EQ(y, (Floats{0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0}));
    Floats cut(2);
    pad({2, 3}, {{0, -1}, {0, -1}}, 0.0F, x.data(), cut.data());
    EXPECT_EQ(cut, (Floats{2, 5}));
    Floats shifted(2 * 3);
    pad({2, 3}, {{-1, -2}, {1, 2}}, 9.0F, x.data(), shifted.data());
    EXPECT_EQ(shifted, (Floats{6, 9, 9, 9, 9, 9}));
}

TEST(Repeat, EachCellOrTheWhole) {
    const Floats x{1, 2};
    Floats y(4);
    repeatEach({1, 2, 1}, 2, x.data(), y.data());
    EXPECT_EQ(y, (Floats{1, 1, 2, 2}));
    repeatWhole({1, 2, 1}, 2, x.data(), y.data());
    EXPECT_EQ(y, (Floats{1, 2, 1, 2}));
}

TEST(UpsampleNearest, RepeatsCellsOnEachAxis) {
    const Floats x{1, 2, 3, 4};
    Floats y(2 * 6);
    upsampleNearest({1, {1, 2, 2}, 1}, {1, 1, 3}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}));
    upsampleNearest({1, {1, 1, 2}, 2}, {1, 3, 1}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}));
}

TEST(GatherRows, LooksUpAndReportsIdsOutside) {
    const Floats table{1, 2, 3, 4, 5, 6};
    Floats ids{2, 0};
    Floats y(4);
    EXPECT_TRUE(gatherRows(table.data(), 3, 2, ids, y.data()).allInside);
    EXPECT_EQ(y, (Floats{5, 6, 1, 2}));
    ids[1] = 3;
    const Gathered gathered = gatherRows(table.data(), 3, 2, ids, y.data());
    EXPECT_FALSE(gathered.allInside);
    EXPECT_EQ(gathered.firstOutside, 1);
    EXPECT_TRUE(std::isnan(y[2]));
}

TEST(EncodeCategories, OneHotMultiHotAndCount) {
    const Floats ids{0, 2, 2};
    Floats y(9);
    EXPECT_TRUE(encodeCategories(CategoryMode::OneHot, {1, 3, 3}, ids.data(), nullptr, y.data()).allInside);
    EXPECT_EQ(y, (Floats{1, 0, 0, 0, 0, 1, 0, 0, 1}));
    y.resize(3);
    EXPECT_TRUE(encodeCategories(CategoryMode::MultiHot, {1, 3, 3}, ids.data(), nullptr, y.data()).allInside);
    EXPECT_EQ(y, (Floats{1, 0, 1}));
    EXPECT_TRUE(encodeCategories(CategoryMode::Count, {1, 3, 3}, ids.data(), nullptr, y.data()).allInside);
    EXPECT_EQ(y, (Floats{1, 0, 2}));
    EXPECT_EQ(encodeCategories(CategoryMode::Count, {1, 3, 2}, ids.data(), nullptr, y.data()).firstOutside, 1);
}

}  // namespace
}  // namespace shapewise::kernels
