#include "ui/canvas/callout.h"

#include "tests/support/canvas_driver.h"

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
    ASSERT_TRUE(shown.callout.placeBeside(anchor, {below}, {0, 0, 1000, 700}));
    EXPECT_FALSE(QRectF(shown.callout.geometry()).intersects(below));
}

TEST(Callout, HidesWhenThereIsNoRoomBesideTheNode) {
    Shown shown;
    EXPECT_FALSE(shown.callout.placeBeside({10, 10, 180, 60}, {}, {0, 0, 300, 200}));
}

}  // namespace
}  // namespace shapewise::test
