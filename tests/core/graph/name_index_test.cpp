#include "core/graph/name_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace shapewise::graph {

namespace {

constexpr auto kAny = [](NodeId) { return true; };

}  // namespace

TEST(NameIndex, FindsNothingWhileEmpty) { EXPECT_FALSE(NameIndex().find(7, kAny).isValid()); }

TEST(NameIndex, FindsTheLowestIdAmongEqualNames) {
    NameIndex index;
    index.insert(7, NodeId(5));
    index.insert(7, NodeId(2));
    EXPECT_EQ(index.find(7, kAny), NodeId(2));
    index.erase(7, NodeId(2));
    EXPECT_EQ(index.find(7, kAny), NodeId(5));
}

TEST(NameIndex, AsksForTheNameWhenHashesAgree) {
    NameIndex index;
    index.insert(7, NodeId(1));
    EXPECT_FALSE(index.find(7, [](NodeId) { return false; }).isValid());
}

TEST(NameIndex, ErasingWhatIsNotThereChangesNothing) {
    NameIndex index;
    index.insert(7, NodeId(1));
    index.erase(7, NodeId(2));
    index.erase(8, NodeId(1));
    EXPECT_EQ(index.find(7, kAny), NodeId(1));
}

TEST(NameIndex, AgreesWithAMapAfterRandomChanges) {
    constexpr unsigned kSeed = 20240601;
    std::mt19937 random(kSeed);
    NameIndex index;
    std::map<std::uint32_t, NodeId> expected;  // one id per hash
    for (std::uint32_t step = 0; step < 20000; ++step) {
        const std::uint32_t hash = static_cast<std::uint32_t>(random() % 700) * 0x01000193u;
        if (const auto found = expected.find(hash); found != expected.end()) {
            index.erase(hash, found->second);
            expected.erase(found);
        } else {
            index.insert(hash, NodeId(step));
            expected.emplace(hash, NodeId(step));
        }
        const std::uint32_t asked = static_cast<std::uint32_t>(random() % 700) * 0x01000193u;
        const auto found = expected.find(asked);
        ASSERT_EQ(index.find(asked, kAny), found == expected.end() ? NodeId() : found->second)
            << "seed " << kSeed << ", step " << step;
    }
}

}  // namespace shapewise::graph
