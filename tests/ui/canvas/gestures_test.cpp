#include "tests/support/canvas_driver.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QUrl>
#include <QWheelEvent>

#include <cmath>

namespace shapewise::test {
namespace {

class CanvasGestures : public ::testing::Test {
  protected:
    void SetUp() override {
        data = hand.addSequence({0, 0});
        conv = hand.addNode("Conv1D", {320, 0}, data);
        dense = hand.addNode("Dense", {640, 240});
        hand.settle();
    }
    CanvasDriver hand;
    NodeId data, conv, dense;
};

TEST_F(CanvasGestures, DraggingANodeMovesItOnTheGridAsOneUndoStep) {
    const QPoint from = hand.body(dense);
    hand.drag(from, from + QPoint(53, 30));
    EXPECT_EQ(hand.place(dense), QPointF(696, 272));
    EXPECT_EQ(hand.document.undoText().toStdString(), "Undo Move dense");
    hand.document.undo();
    EXPECT_EQ(hand.place(dense), QPointF(640, 240));
}

TEST_F(CanvasGestures, AltDragsOffTheGrid) {
    const QPoint from = hand.body(dense);
    hand.drag(from, from + QPoint(53, 30), Qt::AltModifier);
    EXPECT_EQ(hand.place(dense), QPointF(693, 270));
}

TEST_F(CanvasGestures, EscapeWhileDraggingLeavesTheProjectAsItWas) {
    const std::uint64_t before = hand.document.revision();
    const QPoint from = hand.body(dense);
    hand.press(from);
    hand.moveTo(from + QPoint(60, 60));
    hand.key(Qt::Key_Escape);
    hand.release(from + QPoint(60, 60));
    EXPECT_EQ(hand.document.revision(), before);
    EXPECT_EQ(hand.controller().picker().bodyOf(dense).topLeft(), QPointF(640, 240));
}

TEST_F(CanvasGestures, DraggingFromAnOutputToAnInputConnects) {
    hand.drag(hand.output(conv), hand.input(dense));
    EXPECT_EQ(hand.links(), "0>1 1>2");
    EXPECT_EQ(hand.document.undoText().toStdString(), "Undo Connect conv1d to dense");
}

TEST_F(CanvasGestures, DraggingFromAnInputToAnOutputConnects) {
    hand.drag(hand.input(dense), hand.output(conv));
    EXPECT_EQ(hand.links(), "0>1 1>2");
}

TEST_F(CanvasGestures, DroppingALinkOnABodyTakesTheNearestPort) {
    hand.drag(hand.output(conv), hand.body(dense));
    EXPECT_EQ(hand.links(), "0>1 1>2");
}

TEST_F(CanvasGestures, DroppingOnAnOccupiedInputReplacesTheLinkInOneStep) {
    hand.drag(hand.output(conv), hand.input(dense));
    hand.drag(hand.output(data), hand.input(dense));
    EXPECT_EQ(hand.links(), "0>1 0>2");
    hand.document.undo();
    EXPECT_EQ(hand.links(), "0>1 1>2");
}

TEST_F(CanvasGestures, PullingALinkOffItsInputIntoTheVoidDisconnects) {
    hand.drag(hand.input(conv), hand.at({200, 500}));
    EXPECT_EQ(hand.links(), "");
    hand.document.undo();
    EXPECT_EQ(hand.links(), "0>1");
}

TEST_F(CanvasGestures, PullingALinkToAnotherInputMovesIt) {
    hand.drag(hand.input(conv), hand.input(dense));
    EXPECT_EQ(hand.links(), "0>2");
    hand.document.undo();
    EXPECT_EQ(hand.links(), "0>1");
}

TEST_F(CanvasGestures, PuttingALinkBackWhereItWasChangesNothing) {
    const std::uint64_t before = hand.document.revision();
    const QPoint end = hand.input(conv);
    hand.press(end);
    hand.moveTo(end + QPoint(-60, 60));
    hand.moveTo(end);
    hand.release(end);
    EXPECT_EQ(hand.document.revision(), before);
}

TEST_F(CanvasGestures, ALoopIsRefusedWithTheReasonAtThePointer) {
    hand.drag(hand.output(conv), hand.input(dense));
    const std::uint64_t before = hand.document.revision();
    const NodeId second = hand.addNode("Conv1D", {960, 0}, conv);
    const std::uint64_t built = hand.document.revision();
    hand.press(hand.output(second));
    hand.moveTo(hand.output(second) + QPoint(-40, 40));
    hand.moveTo(hand.input(conv));
    const QString reason = hand.view.findChild<QWidget*>(QStringLiteral("pointerText"))->property("text").toString();
    EXPECT_TRUE(reason.contains(QStringLiteral("loop"))) << reason.toStdString();
    hand.release(hand.input(conv));
    EXPECT_EQ(hand.document.revision(), built);
    EXPECT_GT(built, before);
}

TEST_F(CanvasGestures, AShapeConflictIsAcceptedAndShown) {
    const NodeId conv2d = hand.addNode("Conv2D", {640, 0});
    hand.drag(hand.output(conv), hand.input(conv2d));
    EXPECT_EQ(hand.document.analysis()[conv2d].state, infer::State::Conflict);
    const ui::EdgeItem* edge = hand.controller().sync().edge({conv2d, 0});
    ASSERT_NE(edge, nullptr);
    EXPECT_TRUE(edge->view().wrong);
    EXPECT_EQ(edge->view().label.toStdString(), "(100, 18, 32) ≠ rank 4");
    const ui::NodeItem* node = hand.controller().sync().node(conv2d);
    EXPECT_EQ(node->view().badge, diag::Severity::Error);
    EXPECT_EQ(node->view().stateText.toStdString(), "no shape: input is incompatible");
}

TEST_F(CanvasGestures, ANodeDroppedOnALinkGoesIntoIt) {
    const QPoint from = hand.body(dense);
    const QPointF middle =
        (hand.controller().picker().portAt({true, data, 0}) + hand.controller().picker().portAt({false, conv, 0})) / 2;
    hand.drag(from, hand.at(middle));
    EXPECT_EQ(hand.links(), "2>1 0>2");
    hand.document.undo();
    EXPECT_EQ(hand.links(), "0>1");
    EXPECT_EQ(hand.place(dense), QPointF(640, 240));
}

TEST_F(CanvasGestures, ANodePutIntoAShortLinkLiesOnNeitherNeighbour) {
    hand.document.perform(ui::edits::move(hand.document.project(), {conv}, {-104, 0}));  // hardly a gap is left
    const QPointF middle =
        (hand.controller().picker().portAt({true, data, 0}) + hand.controller().picker().portAt({false, conv, 0})) / 2;
    hand.drag(hand.body(dense), hand.at(middle));
    ASSERT_EQ(hand.links(), "2>1 0>2");
    const QRectF body = hand.controller().picker().bodyOf(dense);
    EXPECT_FALSE(body.intersects(hand.controller().picker().bodyOf(data)));
    EXPECT_FALSE(body.intersects(hand.controller().picker().bodyOf(conv)));
}

TEST_F(CanvasGestures, AltSuppressesGoingIntoALink) {
    const QPointF middle =
        (hand.controller().picker().portAt({true, data, 0}) + hand.controller().picker().portAt({false, conv, 0})) / 2;
    hand.drag(hand.body(dense), hand.at(middle), Qt::AltModifier);
    EXPECT_EQ(hand.links(), "0>1");
}

TEST_F(CanvasGestures, ABoxSelectsWhatItTouchesAndShiftAdds) {
    hand.drag(hand.at({-60, -60}), hand.at({40, 40}));
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({data}));
    hand.drag(hand.at({560, 200}), hand.at({700, 300}), Qt::ShiftModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({data, dense}));
    hand.drag(hand.at({-60, -60}), hand.at({40, 40}), Qt::ControlModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({dense}));
}

TEST_F(CanvasGestures, ClicksSelectAddAndToggle) {
    hand.click(hand.body(data));
    hand.click(hand.body(conv), Qt::ShiftModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({data, conv}));
    hand.click(hand.body(data), Qt::ControlModifier);
    EXPECT_EQ(hand.view.selection(), std::vector<NodeId>({conv}));
    hand.click(hand.at({100, 600}));
    EXPECT_TRUE(hand.view.selection().empty());
}

TEST_F(CanvasGestures, SelectionIsAnnounced) {
    QSignalSpy spy(&hand.view, &ui::CanvasView::selectionChanged);
    hand.click(hand.body(conv));
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).value<std::vector<NodeId>>(), std::vector<NodeId>({conv}));
}

TEST_F(CanvasGestures, DraggingASelectionMovesAllOfIt) {
    hand.view.select({data, conv});
    const QPoint from = hand.body(conv);
    hand.drag(from, from + QPoint(80, 160));
    EXPECT_EQ(hand.place(data), QPointF(80, 160));
    EXPECT_EQ(hand.place(conv), QPointF(400, 160));
    EXPECT_EQ(hand.document.undoText().toStdString(), "Undo Move 2 Nodes");
}

TEST_F(CanvasGestures, TheMiddleButtonPans) {
    const QPointF before = hand.view.mapToScene(700, 450);
    hand.drag({700, 450}, {640, 420}, {}, Qt::MiddleButton);
    EXPECT_NEAR(hand.view.mapToScene(640, 420).x(), before.x(), 1.0);
    EXPECT_NEAR(hand.view.mapToScene(640, 420).y(), before.y(), 1.0);
}

TEST_F(CanvasGestures, SpaceAndTheLeftButtonPan) {
    const QPointF before = hand.view.mapToScene(700, 450);
    QTest::keyPress(&hand.view, Qt::Key_Space);
    hand.drag({700, 450}, {640, 420});
    QTest::keyRelease(&hand.view, Qt::Key_Space);
    EXPECT_NEAR(hand.view.mapToScene(640, 420).x(), before.x(), 1.0);
}

TEST_F(CanvasGestures, TheWheelZoomsAtThePointerWithinBounds) {
    const QPoint at(300, 200);
    const QPointF before = hand.view.mapToScene(at);
    const auto turn = [&](int angle) {
        QWheelEvent event(at, hand.view.viewport()->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(hand.view.viewport(), &event);
    };
    turn(120);
    EXPECT_NEAR(hand.view.zoom(), std::pow(1.0015, 120), 1e-6);
    EXPECT_NEAR(hand.view.mapToScene(at).x(), before.x(), 1.5);
    EXPECT_NEAR(hand.view.mapToScene(at).y(), before.y(), 1.5);
    for (int step = 0; step < 40; ++step) turn(120);
    EXPECT_DOUBLE_EQ(hand.view.zoom(), 4.0);
    for (int step = 0; step < 80; ++step) turn(-120);
    EXPECT_DOUBLE_EQ(hand.view.zoom(), 0.1);
    hand.key(Qt::Key_0, Qt::ControlModifier);
    EXPECT_DOUBLE_EQ(hand.view.zoom(), 1.0);
}

TEST_F(CanvasGestures, CompatiblePortsGrowAndOthersFadeWhileALinkIsDrawn) {
    const NodeId flat = hand.addNode("Conv2D", {960, 0});
    hand.press(hand.output(conv));
    hand.moveTo(hand.output(conv) + QPoint(30, 60));
    hand.moveTo(hand.output(conv) + QPoint(40, 80));
    const auto& sync = hand.controller().sync();
    EXPECT_EQ(sync.node(dense)->look().grownInputs, std::vector<int>({0}));
    EXPECT_TRUE(sync.node(flat)->look().grownInputs.empty());
    EXPECT_TRUE(sync.node(data)->look().faded);
    hand.key(Qt::Key_Escape);
    EXPECT_FALSE(sync.node(data)->look().faded);
    hand.release(hand.output(conv));
}

TEST_F(CanvasGestures, MarksOfTargetsFollowTheViewAndGoWithTheGesture) {
    hand.view.stay();
    const NodeId far = hand.addNode("Conv1D", {4000, 3000});
    const auto& sync = hand.controller().sync();
    hand.press(hand.output(conv));
    hand.moveTo(hand.output(conv) + QPoint(30, 60));
    EXPECT_TRUE(sync.node(dense)->look().faded);
    EXPECT_FALSE(sync.node(far)->look().faded);
    hand.view.centerOn(4000, 3000);
    EXPECT_TRUE(sync.node(far)->look().faded);
    EXPECT_EQ(sync.node(far)->look().grownInputs, std::vector<int>({0}));
    hand.key(Qt::Key_Escape);
    EXPECT_EQ(sync.node(far)->look(), ui::NodeLook());
    EXPECT_EQ(sync.node(dense)->look(), ui::NodeLook());
}

TEST_F(CanvasGestures, NoPortGrowsThatWouldCloseALoop) {
    const NodeId second = hand.addNode("Conv1D", {640, 0}, conv);
    const NodeId third = hand.addNode("Conv1D", {960, 0}, second);
    const auto& sync = hand.controller().sync();
    hand.press(hand.output(second));
    hand.moveTo(hand.output(second) + QPoint(30, 60));
    EXPECT_TRUE(sync.node(conv)->look().grownInputs.empty());
    EXPECT_EQ(sync.node(third)->look().grownInputs, std::vector<int>({0}));
    hand.key(Qt::Key_Escape);
    hand.press(hand.input(dense));
    hand.moveTo(hand.input(dense) + QPoint(30, 60));
    EXPECT_EQ(sync.node(third)->look().grownOutputs, std::vector<int>({0}));
    hand.key(Qt::Key_Escape);
}

TEST_F(CanvasGestures, DroppedFilesAreHandedOnWithAPlaceUnderThePointer) {
    QSignalSpy spy(&hand.view, &ui::CanvasView::filesDropped);
    QMimeData data_;
    data_.setUrls({QUrl::fromLocalFile(QStringLiteral("/data/bird.wav"))});
    QDragEnterEvent enter({200, 300}, Qt::CopyAction, &data_, Qt::LeftButton, {});
    QCoreApplication::sendEvent(hand.view.viewport(), &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(200, 300), Qt::CopyAction, &data_, Qt::LeftButton, {});
    QCoreApplication::sendEvent(hand.view.viewport(), &drop);
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).toStringList(), QStringList({QStringLiteral("/data/bird.wav")}));
    const QRectF node(spy.at(0).at(1).toPointF(), QSizeF(160, 64));
    EXPECT_TRUE(node.contains(hand.view.mapToScene(200, 300)));
}

}  // namespace
}  // namespace shapewise::test
