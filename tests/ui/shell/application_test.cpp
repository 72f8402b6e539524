#include "ui/shell/application.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>
#include <QSettings>

#include <gtest/gtest.h>

TEST(Application, FindsItsCompiledInIcon) {
    shapewise::ui::setUpApplication();
    EXPECT_TRUE(QFile::exists(QStringLiteral(":/icons/shapewise.svg")));
    EXPECT_FALSE(QApplication::windowIcon().isNull());
}

TEST(Application, TestsKeepTheirSettingsOutOfTheHomeDirectory) {
    const QSettings settings;
    EXPECT_TRUE(settings.fileName().startsWith(QDir::tempPath())) << settings.fileName().toStdString();
}
