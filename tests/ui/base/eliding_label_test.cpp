#include "ui/base/eliding_label.h"

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

TEST(ElidingLabel, WidensNothingAndSaysThatThereIsMore) {
    const QString text = QStringLiteral("OUTPUT OF A_LAYER_WITH_A_LONG_NAME (SAMPLE 0, MAP 25)");
    ElidingLabel label(nullptr, Qt::ElideMiddle);
    label.setText(text);
    EXPECT_EQ(label.minimumSizeHint().width(), 0);
    label.resize(label.sizeHint());
    EXPECT_EQ(label.shownText(), text);
    label.resize(label.sizeHint().width() / 2, label.height());
    EXPECT_TRUE(label.shownText().contains(QChar(0x2026)));
    EXPECT_TRUE(label.shownText().endsWith(QStringLiteral("25)")));
    EXPECT_EQ(label.text(), text);
}

}  // namespace
}  // namespace shapewise::ui
