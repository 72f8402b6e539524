// main() of ui_tests: a QApplication on the offscreen platform that neither reads nor writes the user's
// settings.
#include "ui/shell/application.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <cstdio>

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_SCALE_FACTOR", "1");
    ::testing::InitGoogleTest(&argc, argv);

    QStandardPaths::setTestModeEnabled(true);
    const QTemporaryDir settings;
    if (!settings.isValid()) {
        std::fputs("ui_tests: cannot make a temporary folder for settings\n", stderr);
        return 2;
    }
    for (const auto format : {QSettings::NativeFormat, QSettings::IniFormat})
        for (const auto scope : {QSettings::UserScope, QSettings::SystemScope})
            QSettings::setPath(format, scope, settings.path());

    QApplication application(argc, argv);
    shapewise::ui::setUpApplication();
    return RUN_ALL_TESTS();
}
