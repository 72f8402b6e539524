#include "ui/theme/theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace shapewise::ui {
namespace {

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// Relative luminance and contrast as WCAG 2.1 defines them.
double luminance(const QColor& color) {
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

class EveryTheme : public ::testing::TestWithParam<Theme> {};

TEST_P(EveryTheme, TextIsReadableOnEverySurface) {
    const Tokens& t = tokens(GetParam());
    for (const QColor& surface : {t.canvas, t.nodeBody, t.panel, t.raised, t.field, t.accentFill}) {
        EXPECT_GE(contrast(t.text, surface), 7.0) << surface.name().toStdString();
        EXPECT_GE(contrast(t.secondaryText, surface), 4.0) << surface.name().toStdString();
    }
    EXPECT_GE(contrast(t.errorText, t.errorFill), 7.0);
    EXPECT_GE(contrast(t.errorText, t.nodeBody), 5.0);
    EXPECT_GE(contrast(t.warningText, t.warningFill), 7.0);
}

TEST_P(EveryTheme, StatusColoursStandOutFromCanvasAndNodes) {
    const Tokens& t = tokens(GetParam());
    for (const QColor& status : {t.error, t.warning, t.ok, t.info}) {
        EXPECT_GE(contrast(status, t.canvas), 4.4) << status.name().toStdString();
        EXPECT_GE(contrast(status, t.nodeBody), 4.4) << status.name().toStdString();
    }
    EXPECT_GE(contrast(t.unknown, t.canvas), 3.0);
    EXPECT_GE(contrast(t.accent, t.canvas), 3.0);
}

TEST_P(EveryTheme, RanksAreSeenAndTheirNumbersRead) {
    const Tokens& t = tokens(GetParam());
    for (const QColor& rank : t.ranks) {
        EXPECT_GE(contrast(rank, t.canvas), 3.0) << rank.name().toStdString();
        EXPECT_GE(contrast(rank, t.portText), 3.0) << rank.name().toStdString();
    }
}

TEST_P(EveryTheme, WhiteNamesAreReadableOnEveryHeader) {
    const Tokens& t = tokens(GetParam());
    for (int category = 0; category <= static_cast<int>(layers::Category::Annotation); ++category)
        EXPECT_GE(contrast(t.textOnColor, Tokens::category(static_cast<layers::Category>(category))), 4.5) << category;
    EXPECT_GE(contrast(t.textOnColor, t.errorHeader), 4.5);
}

INSTANTIATE_TEST_SUITE_P(Themes, EveryTheme, ::testing::Values(Theme::Dark, Theme::Light),
                         [](const auto& name) { return name.param == Theme::Dark ? "Dark" : "Light"; });

TEST(Theme, ColoursOfTheDesignAreExact) {
    const Tokens& dark = tokens(Theme::Dark);
    EXPECT_EQ(dark.canvas.name().toUpper().toStdString(), "#1E2126");
    EXPECT_EQ(dark.error.name().toUpper().toStdString(), "#F47C7C");
    EXPECT_EQ(dark.ranks[3].name().toUpper().toStdString(), "#86E3D0");
    const Tokens& light = tokens(Theme::Light);
    EXPECT_EQ(light.canvas.name().toUpper().toStdString(), "#F4F5F7");
    EXPECT_EQ(light.error.name().toUpper().toStdString(), "#7A0C1C");
}

TEST(Theme, EdgesGrowWiderWithRank) {
    EXPECT_DOUBLE_EQ(edgeWidth(1), 1.5);
    EXPECT_DOUBLE_EQ(edgeWidth(5), 3.0);
    EXPECT_DOUBLE_EQ(edgeWidth(-1), 1.5);
}

TEST(Theme, StyleSheetNamesNoTokenThatDoesNotExist) {
    applyTheme(Theme::Dark);
    EXPECT_FALSE(qApp->styleSheet().contains(QLatin1Char('@')));
    EXPECT_FALSE(qApp->styleSheet().isEmpty());
}

TEST(Icons, EveryNameUsedInTheSourcesExists) {
    const QRegularExpression use(QStringLiteral("icon\\(QStringLiteral\\(\"([a-z0-9-]+)\"\\)"));
    int checked = 0;
    QStringList folders{QStringLiteral(SHAPEWISE_SOURCE_DIR "/ui")};
    while (!folders.isEmpty()) {
        const QDir folder(folders.takeFirst());
        for (const QFileInfo& entry : folder.entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
            if (entry.isDir()) folders << entry.filePath();
            if (entry.suffix() != QStringLiteral("cpp")) continue;
            QFile file(entry.filePath());
            ASSERT_TRUE(file.open(QIODevice::ReadOnly));
            auto matches = use.globalMatch(QString::fromUtf8(file.readAll()));
            while (matches.hasNext()) {
                const QString name = matches.next().captured(1);
                EXPECT_FALSE(icon(name).isNull()) << name.toStdString() << " in " << entry.fileName().toStdString();
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 5);
}

TEST(Icons, AreTintedWithTheTextColour) {
    applyTheme(Theme::Dark);
    const QImage picture = icon(QStringLiteral("play")).pixmap(16, 16).toImage();
    EXPECT_EQ(picture.pixelColor(7, 8).name(), tokens(Theme::Dark).text.name());
}

}  // namespace
}  // namespace shapewise::ui
