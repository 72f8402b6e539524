#include "ui/canvas/overlays/callout.h"

#include "tests/support/canvas_driver.h"
#include "ui/canvas/scene/items.h"
#include "ui/diagnostics/scrambled_view.h"

#include <QGraphicsScene>
#include <QLabel>
#include <QPushButton>

namespace shapewise::test {
namespace {

diag::Diagnostic rankProblem() {
    diag::Diagnostic problem;
    problem.node = NodeId(2);
    problem.rootCause = NodeId(0);
    problem.title = "conv2d needs rank 4, but conv1d gives rank 3";
    problem.wanted = "(batch, height, width, channels)";
    problem.got = "(100, 18, 32) = (batch, time, channels)";
    problem.why = "The rank was set by data: one-dimensional samples";
    for (const char* title : {"Use Conv1D instead", "Insert Reshape", "Third", "Fourth", "Fifth"}) {
        diag::Fix fix;
        fix.title = title;
        fix.note = "note";
        problem.fixes.push_back(fix);
    }
    return problem;
}

struct Shown {
    Shown() {
        host.resize(1000, 700);
        host.show();
        callout.show(rankProblem(), QStringLiteral("data"));
    }
    [[nodiscard]] QPushButton* button(const char* text) {
        for (auto* button : callout.findChildren<QPushButton*>())
            if (button->text() == QString::fromUtf8(text)) return button;
        return nullptr;
    }
    QWidget host;
    ui::Callout callout{&host};
};

TEST(Callout, OffersTheFirstRepairAsPrimaryAndTheRestInAMenu) {
    Shown shown;
    ASSERT_NE(shown.button("Use Conv1D instead"), nullptr);
    EXPECT_TRUE(shown.button("Use Conv1D instead")->property("primary").toBool());
    EXPECT_FALSE(shown.button("Insert Reshape")->property("primary").toBool());
    EXPECT_EQ(shown.button("Fifth"), nullptr);
    ASSERT_NE(shown.button("More"), nullptr);
    QSignalSpy spy(&shown.callout, &ui::Callout::fixChosen);
    shown.button("Insert Reshape")->click();
    ASSERT_EQ(spy.count(), 1);
}

TEST(Callout, ShowsWhatAReshapeScrambles) {
    Shown shown;
    const auto* view = shown.callout.findChild<ui::ScrambledView*>();
    ASSERT_NE(view, nullptr);
    EXPECT_TRUE(view->isHidden());
    const int plain = shown.callout.height();
    const mistakes::SmallMap map{2, 3, {0.0F, 0.2F, 0.4F, 0.6F, 0.8F, 1.0F}, "time 2", "channels 3"};
    shown.callout.show(rankProblem(), QStringLiteral("data"), mistakes::ScrambledPicture{map, map, map});
    EXPECT_FALSE(view->isHidden());
    EXPECT_GT(shown.callout.height(), plain);
    EXPECT_FALSE(shown.callout.grab().isNull());
}

TEST(Callout, LinksTheRootNodeInsideTheSentence) {
    Shown shown;
    bool found = false;
    for (const auto* label : shown.callout.findChildren<QLabel*>())
        found = found || label->text().contains(QStringLiteral("set by <a href=\"root\">data</a>: one"));
    EXPECT_TRUE(found);
}

TEST(Callout, NeverCoversItsNodeAndStaysInside) {
    Shown shown;
    const QRect room(0, 0, 1000, 700);
    for (const QRectF& anchor : {QRectF(20, 20, 180, 90), QRectF(800, 20, 180, 90), QRectF(20, 600, 180, 90),
                                 QRectF(800, 600, 180, 90), QRectF(400, 300, 180, 90)}) {
        ASSERT_TRUE(shown.callout.placeBeside(anchor, {}, room));
        EXPECT_FALSE(QRectF(shown.callout.geometry()).intersects(anchor));
        EXPECT_TRUE(room.contains(shown.callout.geometry()));
    }
}

TEST(Callout, PrefersThePlaceThatHidesNoOtherNode) {
    Shown shown;
    const QRectF anchor(400, 320, 180, 60);
    const QRectF below(300, 400, 500, 200);
    ASSERT_TRUE(shown.callout.placeBeside(anchor, {{below, 1.0}}, {0, 0, 1000, 700}));
    EXPECT_FALSE(QRectF(shown.callout.geometry()).intersects(below));
}

TEST(Callout, FindsTheFreePlaceBetweenOtherNodes) {
    Shown shown;
    const QRectF anchor(20, 20, 180, 60);
    // A row of nodes beside it, two rows below; free is a strip at the bottom on the right.
    const std::vector<ui::Callout::Obstacle> nodes{{QRectF(220, 20, 180, 60)},  {QRectF(420, 20, 180, 60)},
                                                   {QRectF(620, 20, 180, 60)},  {QRectF(820, 20, 180, 60)},
                                                   {QRectF(20, 120, 180, 60)},  {QRectF(220, 120, 180, 60)},
                                                   {QRectF(20, 260, 180, 400)}, {QRectF(420, 200, 180, 60)}};
    ASSERT_TRUE(shown.callout.placeBeside(anchor, nodes, {0, 0, 1020, 700}));
    for (const auto& node : nodes) EXPECT_FALSE(QRectF(shown.callout.geometry()).intersects(node.box));
}

TEST(Callout, SaysLessWhereThereIsLessRoom) {
    Shown shown;
    const int whole = shown.callout.height();
    const QRectF anchor(300, 20, 180, 60);
    const ui::Callout::Obstacle below{QRectF(0, 96 + whole - 20, 1000, 600)};
    ASSERT_TRUE(shown.callout.placeBeside(anchor, {below}, {0, 0, 640, 700}));
    EXPECT_LT(shown.callout.height(), whole);
    EXPECT_FALSE(QRectF(shown.callout.geometry()).intersects(below.box));
    EXPECT_NE(shown.button("Use Conv1D instead"), nullptr);
    ASSERT_TRUE(shown.callout.placeBeside(anchor, {}, {0, 0, 640, 700}));
    EXPECT_EQ(shown.callout.height(), whole);
}

TEST(Callout, StaysAwayWhereItWouldCoverANode) {
    Shown shown;
    EXPECT_FALSE(shown.callout.placeBeside({400, 20, 180, 60}, {{QRectF(0, 90, 1000, 600)}}, {0, 0, 1000, 700}));
}

TEST(Callout, HidesWhenThereIsNoRoomBesideTheNode) {
    Shown shown;
    EXPECT_FALSE(shown.callout.placeBeside({10, 10, 180, 60}, {}, {0, 0, 300, 200}));
}

class CalloutOnCanvas : public ::testing::Test {
  protected:
    void SetUp() override {
        data = hand.addSequence({0, 0});
        conv1d = hand.addNode("Conv1D", {320, 0}, data, {{"filters", 32}, {"kernel_size", 3}});
        conv2d = hand.addNode("Conv2D", {640, 0}, conv1d);
        hand.settle();
        callout = hand.view.findChild<ui::Callout*>();
        EXPECT_TRUE(QTest::qWaitFor([this] { return callout->isVisible(); }));
    }
    CanvasDriver hand;
    NodeId data, conv1d, conv2d;
    ui::Callout* callout = nullptr;
};

TEST_F(CalloutOnCanvas, ShowsTheFirstErrorWithoutBeingAsked) {
    EXPECT_EQ(callout->node(), conv2d);
    EXPECT_FALSE(QRectF(callout->geometry()).intersects(QRectF(hand.body(conv2d), QSizeF(1, 1))));
}

TEST_F(CalloutOnCanvas, GivesWayToNodesThatGrowWithTheirPictures) {
    QImage picture(40, 20, QImage::Format_RGB32);
    picture.fill(Qt::blue);
    for (const NodeId node : {data, conv1d}) hand.view.setThumbnail(node, picture);
    const auto coversNone = [this] {
        for (const QGraphicsItem* item : hand.view.scene()->items()) {
            const auto* node = dynamic_cast<const ui::NodeItem*>(item);
            if (node != nullptr &&
                QRectF(callout->geometry()).intersects(hand.view.viewportTransform().mapRect(node->sceneBody())))
                return false;
        }
        return true;
    };
    EXPECT_TRUE(QTest::qWaitFor(coversNone, 1000));
    EXPECT_TRUE(callout->isVisible());
}

TEST_F(CalloutOnCanvas, TheFirstRepairTakesTheErrorAwayInOneStep) {
    const std::size_t steps = hand.document.document().history().position();
    for (auto* button : callout->findChildren<QPushButton*>()) {
        if (!button->property("primary").toBool()) continue;
        QTest::mouseClick(button, Qt::LeftButton);
        break;
    }
    EXPECT_EQ(hand.document.document().history().position(), steps + 1);
    EXPECT_TRUE(hand.document.analysis().nodesInConflict().empty());
    EXPECT_TRUE(QTest::qWaitFor([this] { return !callout->isVisible(); }));
    hand.document.undo();
    EXPECT_EQ(hand.document.analysis()[conv2d].state, infer::State::Conflict);
}

TEST_F(CalloutOnCanvas, EscapeClosesItUntilItsNodeIsAskedFor) {
    hand.key(Qt::Key_Escape);
    EXPECT_FALSE(callout->isVisible());
    hand.click(hand.body(data));
    EXPECT_FALSE(callout->isVisible());
    hand.view.reveal(conv2d);
    EXPECT_TRUE(callout->isVisible());
}

TEST_F(CalloutOnCanvas, IsHiddenWhereNodesAreTooSmallToRead) {
    for (int step = 0; step < 6; ++step) hand.view.zoomOut();
    EXPECT_LT(hand.view.zoom(), 0.4);
    EXPECT_FALSE(callout->isVisible());
    hand.view.zoom100();
    EXPECT_TRUE(callout->isVisible());
}

TEST_F(CalloutOnCanvas, WhyAsksForThePageOfTheMistake) {
    QSignalSpy spy(&hand.view, &ui::CanvasView::explainRequested);
    callout->findChildren<QPushButton*>().constLast()->click();
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).value<diag::Code>(), diag::Code::RankTooLow);
}

TEST_F(CalloutOnCanvas, ABlockedNodeHasNoBadge) {
    const NodeId flatten = hand.addNode("Flatten", {960, 0}, conv2d);
    EXPECT_EQ(hand.controller().sync().node(flatten)->view().badge, std::nullopt);
    EXPECT_EQ(hand.controller().sync().node(conv2d)->view().badge, diag::Severity::Error);
}

}  // namespace
}  // namespace shapewise::test
