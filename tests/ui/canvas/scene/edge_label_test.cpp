#include "ui/canvas/scene/edge_painter.h"
#include "ui/canvas/scene/node_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shapewise::ui {
namespace {

const QString kLabel = QStringLiteral("(None, 26, 26, 32) \u2260 rank 3");

TEST(EdgeLabel, ThatFitsStandsAboveItsEdge) {
    const QRectF box = labelBox({0, 100}, {pillSize(kLabel).width() + 40, 100}, kLabel);
    EXPECT_LT(box.bottom(), 100);
    EXPECT_GT(box.bottom(), 100 - firstPortBelowTop());
}

TEST(EdgeLabel, ThatIsWiderThanTheGapHidesNoTitle) {
    for (const double otherPort : {100.0, 104.0, 96.0}) {
        const QRectF box = labelBox({0, 100}, {40, otherPort}, kLabel);
        ASSERT_FALSE(labelFits({0, 100}, {40, otherPort}, kLabel));
        EXPECT_LT(box.bottom(), std::min(100.0, otherPort) - firstPortBelowTop()) << otherPort;
        EXPECT_DOUBLE_EQ(box.center().x(), 20) << otherPort;
    }
}

TEST(EdgeLabel, OfASteepOrBackwardEdgeStaysWithIt) {
    EXPECT_TRUE(labelBox({0, 0}, {40, 300}, kLabel).contains(QPointF(20, 150)));
    EXPECT_GT(labelBox({40, 100}, {0, 100}, kLabel).bottom(), 100 - firstPortBelowTop());
}

}  // namespace
}  // namespace shapewise::ui
