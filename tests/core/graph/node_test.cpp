#include "core/graph/project.h"

#include <gtest/gtest.h>

namespace shapewise::graph {

TEST(Node, GivesTheValueThatWasSet) {
    Node node;
    node.set("filters", 32);
    ASSERT_NE(node.setting("filters"), nullptr);
    EXPECT_EQ(*node.setting("filters"), Value(32));
}

TEST(Node, SettingAgainReplacesTheValueInItsPlace) {
    Node node;
    node.set("filters", 32);
    node.set("padding", "same");
    node.set("filters", 64);
    ASSERT_EQ(node.settings.size(), 2u);
    EXPECT_EQ(node.settings[0].key, "filters");
    EXPECT_EQ(node.settings[0].value, Value(64));
}

TEST(Node, KeepsNoneAsAValueOfItsOwn) {
    Node node;
    node.set("activation", nullptr);
    ASSERT_NE(node.setting("activation"), nullptr);
    EXPECT_TRUE(node.setting("activation")->isNone());
}

TEST(Node, HasNoValueAfterAReset) {
    Node node;
    node.set("filters", 32);
    node.reset("filters");
    EXPECT_EQ(node.setting("filters"), nullptr);
}

TEST(Canvas, PlacesEveryNodeAtTheOriginUntilItIsMoved) {
    Canvas canvas;
    EXPECT_EQ(canvas.place(NodeId(500)), CanvasPlace{});
    canvas.setPlace(NodeId(500), {10.0, 20.0, true});
    EXPECT_EQ(canvas.place(NodeId(500)), (CanvasPlace{10.0, 20.0, true}));
    EXPECT_EQ(canvas.place(NodeId(499)), CanvasPlace{});
}

TEST(Canvas, KeepsPlacesOfACopyApart) {
    Canvas canvas;
    canvas.setPlace(NodeId(0), {1.0, 2.0, false});
    const Canvas copy = canvas;
    canvas.setPlace(NodeId(0), {3.0, 4.0, false});
    EXPECT_EQ(copy.place(NodeId(0)).x, 1.0);
    EXPECT_EQ(canvas.place(NodeId(0)).x, 3.0);
}

}  // namespace shapewise::graph
