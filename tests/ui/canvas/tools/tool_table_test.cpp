#include "ui/canvas/tools/tool_table.h"

#include "core/edit/builders.h"
#include "tests/support/canvas_driver.h"

#include <array>

namespace shapewise::test {
namespace {

/// Alt and a press on a node: gives it another name when let go.
class StampTool : public ui::Tool {
  public:
    StampTool(ui::ToolCanvas& canvas, NodeId node) : Tool(canvas), node_(node) {}
    void move(const ui::PointerEvent&) override {}
    void release(const ui::PointerEvent&) override { canvas().perform(edit::renameNode(node_, "stamped")); }
    void cancel() override {}
    [[nodiscard]] QString hint() const override { return QStringLiteral("Release to stamp"); }

    static constexpr ui::ToolRow kRow{"stamp",
                                      [](const ui::Press& press) {
                                          return press.hit.kind == ui::Hit::Kind::Node &&
                                                 (press.at.modifiers & Qt::AltModifier) != 0;
                                      },
                                      [](ui::ToolCanvas& canvas, const ui::Press& press) -> std::unique_ptr<ui::Tool> {
                                          return std::make_unique<StampTool>(canvas, press.hit.node);
                                      }};

  private:
    NodeId node_;
};

class ToolTable : public ::testing::Test {
  protected:
    void SetUp() override {
        dense = hand.addNode("Dense", {320, 120});
        hand.settle();
        rows.push_back(StampTool::kRow);
        rows.insert(rows.end(), ui::toolTable().begin(), ui::toolTable().end());
        hand.controller().setTools(rows);
    }
    std::vector<ui::ToolRow> rows;
    CanvasDriver hand;
    NodeId dense;
};

TEST_F(ToolTable, AToolIsOneRowMore) {
    QSignalSpy hints(&hand.view, &ui::CanvasView::hintChanged);
    hand.press(hand.body(dense), Qt::AltModifier);
    ASSERT_EQ(hints.count(), 1);
    EXPECT_EQ(hints.at(0).at(0).toString(), QStringLiteral("Release to stamp"));
    EXPECT_EQ(hand.node(dense)->name, "dense");
    hand.release(hand.body(dense), Qt::AltModifier);
    EXPECT_EQ(hand.node(dense)->name, "stamped");
}

TEST_F(ToolTable, EscapeCancelsItToo) {
    hand.press(hand.body(dense), Qt::AltModifier);
    hand.key(Qt::Key_Escape);
    hand.release(hand.body(dense), Qt::AltModifier);
    EXPECT_EQ(hand.node(dense)->name, "dense");
}

TEST_F(ToolTable, TheOthersWorkAsBefore) {
    const QPoint from = hand.body(dense);
    hand.drag(from, from + QPoint(80, 0));
    EXPECT_EQ(hand.place(dense), QPointF(400, 120));
}

TEST(ToolTableRows, TheFirstThatMatchesIsTaken) {
    const auto nameFor = [](const ui::Press& press) {
        const ui::ToolRow* row = ui::toolFor(ui::toolTable(), press);
        return std::string(row == nullptr ? "none" : row->name);
    };
    const auto on = [](ui::Hit::Kind kind) {
        ui::Press press;
        press.hit.kind = kind;
        return press;
    };
    EXPECT_EQ(nameFor(on(ui::Hit::Kind::Nothing)), "rubber band");
    EXPECT_EQ(nameFor(on(ui::Hit::Kind::Node)), "select and move");
    EXPECT_EQ(nameFor(on(ui::Hit::Kind::Output)), "connect");
    EXPECT_EQ(nameFor(on(ui::Hit::Kind::Input)), "connect or pick up");
    EXPECT_EQ(nameFor(on(ui::Hit::Kind::Edge)), "select a link");
    ui::Press held = on(ui::Hit::Kind::Node);
    held.spaceHeld = true;
    EXPECT_EQ(nameFor(held), "pan");
    ui::Press right = on(ui::Hit::Kind::Node);
    right.button = Qt::RightButton;
    EXPECT_EQ(nameFor(right), "none");
}

}  // namespace
}  // namespace shapewise::test
