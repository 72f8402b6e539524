#include "core/base/persistent_vector.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace shapewise {
namespace {

template <class Persistent>
auto elementsOf(const Persistent& vector) {
    std::vector<std::decay_t<decltype(vector[0])>> elements;
    for (std::size_t index = 0; index < vector.size(); ++index) elements.push_back(vector[index]);
    return elements;
}

TEST(PersistentVector, StartsEmpty) {
    const PersistentVector<int> vector;
    EXPECT_TRUE(vector.empty());
    EXPECT_EQ(vector.size(), 0u);
}

TEST(PersistentVector, CopySharesUntilItIsChanged) {
    PersistentVector<int, 4> first;
    for (int index = 0; index < 10; ++index) first.push_back(index);
    PersistentVector<int, 4> second = first;
    EXPECT_TRUE(second.sharesAllWith(first));
    second.set(5, 50);
    EXPECT_FALSE(second.sharesAllWith(first));
    EXPECT_EQ(first[5], 5);
    EXPECT_EQ(second[5], 50);
    EXPECT_EQ(&first[0], &second[0]) << "chunks without a change stay shared";
    EXPECT_NE(&first[4], &second[4]) << "the chunk of the change is copied whole";
}

TEST(PersistentVector, ElementsThatComeBackAfterShrinkingAreNew) {
    PersistentVector<int, 4> vector;
    for (int index = 0; index < 10; ++index) vector.push_back(7);
    const PersistentVector<int, 4> before = vector;
    vector.resize(3);
    vector.resize(10);
    EXPECT_EQ(elementsOf(vector), (std::vector<int>{7, 7, 7, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(elementsOf(before), std::vector<int>(10, 7));
    vector.resize(0);
    EXPECT_TRUE(vector.empty());
}

TEST(PersistentVector, DifferencesAreFoundByChunk) {
    PersistentVector<int, 4> first;
    first.resize(12);
    PersistentVector<int, 4> second = first;
    second.set(6, 1);
    std::vector<std::size_t> visited;
    second.forEachIndexInDifferentChunks(first, [&](std::size_t index) { visited.push_back(index); });
    EXPECT_EQ(visited, (std::vector<std::size_t>{4, 5, 6, 7}));
    second.push_back(2);
    std::set<std::size_t> seen;
    second.forEachIndexInDifferentChunks(first, [&](std::size_t index) { seen.insert(index); });
    EXPECT_TRUE(seen.contains(6));
    EXPECT_TRUE(seen.contains(12));
}

/// Random writes on many copies at once: each copy must equal a plain vector that went through the same.
TEST(PersistentVectorLaws, CopiesBehaveAsVectorsOfTheirOwn) {
    for (const unsigned seed : {1u, 2u, 3u, 4u}) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        std::vector<PersistentVector<std::string, 8>> copies(6);
        std::vector<std::vector<std::string>> models(6);
        for (int step = 0; step < 3000; ++step) {
            const std::size_t which = random() % copies.size();
            const std::size_t other = random() % copies.size();
            const std::string text = std::to_string(step);
            switch (random() % 6) {
                case 0:
                    copies[which] = copies[other];
                    models[which] = models[other];
                    break;
                case 1: {
                    const std::size_t size = random() % 50;
                    copies[which].resize(size);
                    models[which].resize(size);
                    break;
                }
                case 2:
                case 3:
                    copies[which].push_back(text);
                    models[which].push_back(text);
                    break;
                default:
                    if (models[which].empty()) break;
                    const std::size_t index = random() % models[which].size();
                    copies[which].set(index, text);
                    models[which][index] = text;
            }
            if (step % 50 != 0) continue;
            for (std::size_t copy = 0; copy < copies.size(); ++copy)
                ASSERT_EQ(elementsOf(copies[copy]), models[copy]) << "copy " << copy << " after step " << step;
        }
    }
}

/// Whatever differs between two copies must be among the visited indices.
TEST(PersistentVectorLaws, NoDifferenceIsOverlooked) {
    std::mt19937 random(99);
    PersistentVector<int, 8> vector;
    vector.resize(40);
    for (int round = 0; round < 500; ++round) {
        const PersistentVector<int, 8> before = vector;
        for (std::size_t change = random() % 4; change > 0; --change)
            if (!vector.empty()) vector.set(random() % vector.size(), round);
        if (random() % 3 == 0) vector.resize(random() % 60);
        std::set<std::size_t> visited;
        vector.forEachIndexInDifferentChunks(before, [&](std::size_t index) { visited.insert(index); });
        for (std::size_t index = 0; index < std::max(vector.size(), before.size()); ++index) {
            const bool isInBoth = index < vector.size() && index < before.size();
            const bool differs = !isInBoth || vector[index] != before[index];
            ASSERT_TRUE(!differs || visited.contains(index)) << "index " << index << " in round " << round;
        }
    }
}

}  // namespace
}  // namespace shapewise
