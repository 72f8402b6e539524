#include "core/view_math/layout.h"

#include <gtest/gtest.h>
#include <random>

namespace shapewise::view_math {
namespace {

LayoutNode node(std::vector<std::size_t> inputs, double height = 110.0) { return {200.0, height, std::move(inputs)}; }

bool overlap(const LayoutNode& a, LayoutPlace at, const LayoutNode& b, LayoutPlace bt) {
    constexpr double kSlack = 1e-6;
    return at.x + kSlack < bt.x + b.width && bt.x + kSlack < at.x + a.width && at.y + kSlack < bt.y + b.height &&
           bt.y + kSlack < at.y + a.height;
}

TEST(Layout, ChainIsOneStraightRow) {
    const std::vector<LayoutPlace> places = layered({node({}), node({0}), node({1})});
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_DOUBLE_EQ(places[i].x, 300.0 * static_cast<double>(i));
        EXPECT_DOUBLE_EQ(places[i].y, 0.0);
    }
}

TEST(Layout, UnconnectedPartsStandBelowOneAnother) {
    const std::vector<LayoutPlace> places = layered({node({}), node({0}), node({}), node({2})});
    EXPECT_DOUBLE_EQ(places[1].y, 0.0);
    EXPECT_DOUBLE_EQ(places[2].x, 0.0);
    EXPECT_DOUBLE_EQ(places[2].y, 110.0 + LayoutGaps{}.parts);
    EXPECT_DOUBLE_EQ(places[3].y, places[2].y);
}

TEST(Layout, BranchesStandOneBelowTheOtherAndMeetInTheMiddle) {
    const std::vector<LayoutPlace> places = layered({node({}), node({0}), node({0}), node({1, 2})});
    EXPECT_DOUBLE_EQ(places[1].x, places[2].x);
    EXPECT_LT(places[1].y + 110.0, places[2].y);
    EXPECT_NEAR(places[3].y, (places[1].y + places[2].y) / 2.0, 1e-9);
    EXPECT_NEAR(places[0].y, places[3].y, 1e-9);
}

TEST(Layout, LateSourceStandsBesideItsConsumer) {
    const std::vector<LayoutPlace> places = layered({node({}), node({0}), node({1}), node({}), node({2, 3})});
    EXPECT_DOUBLE_EQ(places[3].x, places[2].x);
}

TEST(Layout, NothingOverlapsAndLinksRunRight) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        std::vector<LayoutNode> nodes;
        const std::size_t count = 1 + random() % 60;
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<std::size_t> inputs;
            for (std::size_t link = random() % 4; i > 0 && link > 0; --link) inputs.push_back(random() % i);
            nodes.push_back(node(std::move(inputs), 60.0 + static_cast<double>(random() % 100)));
        }
        const std::vector<LayoutPlace> places = layered(nodes);
        for (std::size_t a = 0; a < count; ++a) {
            for (const std::size_t from : nodes[a].inputs) EXPECT_LT(places[from].x + nodes[from].width, places[a].x);
            for (std::size_t b = a + 1; b < count; ++b) EXPECT_FALSE(overlap(nodes[a], places[a], nodes[b], places[b]));
        }
    }
}

TEST(Layout, LoopsAndLinksToNowhereAreTolerated) {
    EXPECT_EQ(layered({node({1}), node({0}), node({2, 99})}).size(), 3u);
    EXPECT_TRUE(layered({}).empty());
}

TEST(Layout, HundredThousandNodesAreNoMatter) {
    std::vector<LayoutNode> nodes(100000, node({}));
    for (std::size_t i = 1; i < nodes.size(); ++i) nodes[i].inputs = {i - 1};
    const std::vector<LayoutPlace> places = layered(nodes);
    EXPECT_DOUBLE_EQ(places.back().x, 300.0 * 99999.0);
}

}  // namespace
}  // namespace shapewise::view_math
