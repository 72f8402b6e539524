#include "tests/support/canvas_driver.h"
#include "ui/canvas/overlays/canvas_notice.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QVBoxLayout>

namespace shapewise::test {
namespace {

class CanvasKeys : public ::testing::Test {
  protected:
    void SetUp() override {
        data = hand.addSequence({0, 0});
        conv = hand.addNode("Conv1D", {320, 0}, data);
        dense = hand.addNode("Dense", {640, 0}, conv);
        hand.settle();
    }
    [[nodiscard]] QLineEdit* searchField() { return hand.view.findChild<QLineEdit*>(QStringLiteral("quickAddField")); }
    void type(QLineEdit* field, const char* text) { QTest::keyClicks(field, QString::fromUtf8(text)); }

    CanvasDriver hand;
    NodeId data, conv, dense;
};

TEST_F(CanvasKeys, DeleteRemovesNodesWithTheirLinks) {
    hand.view.select({conv});
    hand.key(Qt::Key_Delete);
    EXPECT_EQ(hand.node(conv), nullptr);
    EXPECT_EQ(hand.links(), "");
    hand.document.undo();
    EXPECT_EQ(hand.links(), "0>1 1>2");
}

TEST_F(CanvasKeys, BackspaceRemovesASelectedLink) {
    const QPointF middle =
        (hand.controller().picker().portAt({true, data, 0}) + hand.controller().picker().portAt({false, conv, 0})) / 2;
    hand.click(hand.at(middle));
    hand.key(Qt::Key_Backspace);
    EXPECT_EQ(hand.links(), "1>2");
}

TEST_F(CanvasKeys, ControlDeleteHealsTheWire) {
    hand.view.select({conv});
    hand.key(Qt::Key_Delete, Qt::ControlModifier);
    EXPECT_EQ(hand.node(conv), nullptr);
    EXPECT_EQ(hand.links(), "0>2");
}

TEST_F(CanvasKeys, CopyAndPasteKeepLinksAmongTheCopies) {
    hand.view.select({conv, dense});
    hand.key(Qt::Key_C, Qt::ControlModifier);
    hand.key(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(hand.document.graph().nodeCount(), 5u);
    const std::vector<NodeId> pasted = hand.view.selection();
    ASSERT_EQ(pasted.size(), 2u);
    EXPECT_EQ(hand.node(pasted[0])->name, "conv1d_1");
    EXPECT_TRUE(hand.node(pasted[0])->inputs.empty());
    ASSERT_EQ(hand.node(pasted[1])->inputs.size(), 1u);
    EXPECT_EQ(hand.node(pasted[1])->inputs[0].from, pasted[0]);
}

TEST_F(CanvasKeys, PastingWordsChangesNothingAndSaysSo) {
    QGuiApplication::clipboard()->setText(QStringLiteral("just words"));
    QSignalSpy spy(&hand.view, &ui::CanvasView::noticeShown);
    const std::uint64_t before = hand.document.revision();
    hand.key(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(hand.document.revision(), before);
    EXPECT_EQ(spy.count(), 1);
}

TEST_F(CanvasKeys, CutTakesAwayWhatPasteBringsBack) {
    hand.view.select({dense});
    hand.key(Qt::Key_X, Qt::ControlModifier);
    EXPECT_EQ(hand.document.graph().nodeCount(), 2u);
    hand.key(Qt::Key_V, Qt::ControlModifier);
    EXPECT_EQ(hand.document.graph().nodeCount(), 3u);
    EXPECT_NE(hand.document.graph().findByName("dense"), nullptr);
}

TEST_F(CanvasKeys, DuplicateSelectsTheCopies) {
    hand.view.select({conv});
    hand.key(Qt::Key_D, Qt::ControlModifier);
    ASSERT_EQ(hand.view.selection().size(), 1u);
    EXPECT_NE(hand.view.selection()[0], conv);
    EXPECT_EQ(hand.place(hand.view.selection()[0]), QPointF(344, 24));
}

TEST_F(CanvasKeys, ControlShiftDKeepsIncomingLinks) {
    hand.view.select({conv});
    hand.key(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(hand.links(), "0>1 1>2 0>3");
}

TEST_F(CanvasKeys, TheSearchLeavesTheFocusToAFieldThatIsClicked) {
    QWidget window;
    QVBoxLayout layout(&window);
    QLineEdit other;
    layout.addWidget(&hand.view);
    layout.addWidget(&other);
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
    hand.view.setFocus();
    hand.key(Qt::Key_Tab);
    ASSERT_TRUE(searchField()->hasFocus());
    other.setFocus(Qt::MouseFocusReason);
    EXPECT_FALSE(searchField()->isVisible());
    EXPECT_TRUE(other.hasFocus());
    hand.view.setParent(nullptr);
    other.setParent(nullptr);
}

TEST_F(CanvasKeys, TheCanvasHasTheFocusAgainAfterSearchAndRename) {
    QWidget window;
    QVBoxLayout layout(&window);
    QLineEdit other;
    layout.addWidget(&other);
    layout.addWidget(&hand.view);
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
    hand.view.setFocus();
    hand.key(Qt::Key_Tab);
    type(searchField(), "dropout");
    QTest::keyClick(searchField(), Qt::Key_Return);
    EXPECT_TRUE(hand.view.hasFocus());
    hand.key(Qt::Key_F2);
    auto* field = hand.view.findChild<QLineEdit*>(QStringLiteral("renameField"));
    ASSERT_TRUE(field->hasFocus());
    type(field, "noise");
    QTest::keyClick(field, Qt::Key_Escape);
    EXPECT_TRUE(hand.view.hasFocus());
    EXPECT_NE(hand.document.graph().findByName("dropout"), nullptr);
    hand.view.setParent(nullptr);
    other.setParent(nullptr);
}

TEST_F(CanvasKeys, ArrowsNudgeByTheGridAndWithShiftByOne) {
    hand.view.select({conv});
    hand.key(Qt::Key_Right);
    hand.key(Qt::Key_Down, Qt::ShiftModifier);
    EXPECT_EQ(hand.place(conv), QPointF(328, 1));
}

TEST_F(CanvasKeys, ControlArrowsFollowTheLinks) {
    hand.view.select({conv});
    hand.key(Qt::Key_Right, Qt::ControlModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({dense}));
    hand.key(Qt::Key_Left, Qt::ControlModifier);
    hand.key(Qt::Key_Left, Qt::ControlModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({data}));
}

TEST_F(CanvasKeys, TabAddsALayerBehindTheSelectedNode) {
    hand.view.select({dense});
    hand.key(Qt::Key_Tab);
    ASSERT_TRUE(searchField()->isVisible());
    type(searchField(), "flat");
    QTest::keyClick(searchField(), Qt::Key_Return);
    const graph::Node* flatten = hand.document.graph().findByName("flatten");
    ASSERT_NE(flatten, nullptr);
    ASSERT_EQ(flatten->inputs.size(), 1u);
    EXPECT_EQ(flatten->inputs[0].from, dense);
    EXPECT_FALSE(searchField()->isVisible());
    EXPECT_TRUE(hand.view.hasFocus());
}

TEST_F(CanvasKeys, ALayerAddedWithThePointerOnItsProducerLiesBesideIt) {
    QTest::mouseMove(hand.view.viewport(), hand.body(dense));
    hand.view.select({dense});
    hand.key(Qt::Key_Tab);
    type(searchField(), "flat");
    QTest::keyClick(searchField(), Qt::Key_Return);
    const NodeId flatten = hand.document.graph().findByName("flatten")->id;
    EXPECT_GT(hand.controller().picker().bodyOf(flatten).left(), hand.controller().picker().bodyOf(dense).right());
}

TEST_F(CanvasKeys, LayersAddedBehindTheSameNodeLieBelowOneAnother) {
    for (int round = 0; round < 2; ++round) {
        hand.view.select({dense});
        hand.view.addNode(QStringLiteral("Flatten"));
    }
    const QRectF first = hand.controller().picker().bodyOf(hand.document.graph().findByName("flatten")->id);
    const QRectF second = hand.controller().picker().bodyOf(hand.document.graph().findByName("flatten_1")->id);
    EXPECT_FALSE(first.intersects(second));
}

TEST_F(CanvasKeys, EscapeClosesTheSearchWithoutAChange) {
    const std::uint64_t before = hand.document.revision();
    hand.key(Qt::Key_A, Qt::ShiftModifier);
    ASSERT_TRUE(searchField()->isVisible());
    QTest::keyClick(searchField(), Qt::Key_Escape);
    EXPECT_FALSE(searchField()->isVisible());
    EXPECT_EQ(hand.document.revision(), before);
}

TEST_F(CanvasKeys, DoubleClickOnEmptyCanvasAddsALayerThere) {
    QTest::mouseDClick(hand.view.viewport(), Qt::LeftButton, {}, hand.at({200, 400}));
    ASSERT_TRUE(searchField()->isVisible());
    type(searchField(), "dropout");
    QTest::keyClick(searchField(), Qt::Key_Return);
    const graph::Node* dropout = hand.document.graph().findByName("dropout");
    ASSERT_NE(dropout, nullptr);
    EXPECT_EQ(hand.place(dropout->id), QPointF(200, 400));
}

TEST_F(CanvasKeys, ALinkDroppedInTheVoidOpensTheSearchAndConnects) {
    hand.drag(hand.output(conv), hand.at({640, 300}));
    ASSERT_TRUE(searchField()->isVisible());
    type(searchField(), "maxpooling1d");
    QTest::keyClick(searchField(), Qt::Key_Return);
    const graph::Node* pool = hand.document.graph().findByName("max_pooling1d");
    ASSERT_NE(pool, nullptr);
    ASSERT_EQ(pool->inputs.size(), 1u);
    EXPECT_EQ(pool->inputs[0].from, conv);
    hand.document.undo();
    EXPECT_EQ(hand.document.graph().findByName("max_pooling1d"), nullptr);
}

TEST_F(CanvasKeys, F2RenamesInPlace) {
    hand.view.select({conv});
    hand.key(Qt::Key_F2);
    auto* field = hand.view.findChild<QLineEdit*>(QStringLiteral("renameField"));
    ASSERT_TRUE(field->isVisible());
    type(field, "edges");
    QTest::keyClick(field, Qt::Key_Return);
    EXPECT_EQ(hand.node(conv)->name, "edges");
    EXPECT_EQ(hand.document.undoText().toStdString(), "Undo Rename to edges");
}

TEST_F(CanvasKeys, ATakenNameIsRefusedWithANotice) {
    hand.view.select({conv});
    hand.key(Qt::Key_F2);
    auto* field = hand.view.findChild<QLineEdit*>(QStringLiteral("renameField"));
    type(field, "dense");
    QTest::keyClick(field, Qt::Key_Return);
    EXPECT_EQ(hand.node(conv)->name, "conv1d");
    EXPECT_TRUE(field->isVisible());
    EXPECT_EQ(hand.view.findChild<ui::CanvasNotice*>()->text(), QStringLiteral("Another node has this name"));
}

TEST_F(CanvasKeys, HomeShowsEverythingAndFTheSelection) {
    hand.addNode("Dense", {6000, 4000});
    hand.key(Qt::Key_Home);
    const QRectF seen = hand.view.mapToScene(hand.view.viewport()->rect()).boundingRect();
    EXPECT_TRUE(seen.contains(hand.controller().sync().contentRect()));
    hand.view.select({conv});
    hand.key(Qt::Key_F);
    EXPECT_NEAR(hand.view.mapToScene(hand.view.viewport()->rect()).boundingRect().center().x(),
                hand.controller().picker().bodyOf(conv).center().x(), 2.0);
}

TEST_F(CanvasKeys, EnterAsksForTheNodesProperties) {
    QSignalSpy spy(&hand.view, &ui::CanvasView::nodeActivated);
    hand.view.select({dense});
    hand.key(Qt::Key_Return);
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).value<NodeId>(), dense);
}

}  // namespace
}  // namespace shapewise::test
