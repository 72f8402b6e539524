#include "ui/shell/settings.h"

#include "ui/theme/theme.h"

#include <QFileInfo>
#include <QSettings>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;
constexpr double kMostGib = 4096.0;
constexpr int kMostThreads = 256;

const QString kTheme = QStringLiteral("theme");
const QString kLiveRun = QStringLiteral("run/live");
const QString kMemoryLimit = QStringLiteral("run/memoryLimitGib");
const QString kThreads = QStringLiteral("run/threads");
const QString kRecent = QStringLiteral("recentFiles");

QString themeName(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::Dark: return QStringLiteral("dark");
        case ThemeChoice::Light: return QStringLiteral("light");
        case ThemeChoice::System: break;
    }
    return QStringLiteral("system");
}

ThemeChoice themeFromName(const QString& name) {
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light})
        if (themeName(choice) == name) return choice;
    return ThemeChoice::System;
}

}  // namespace

std::uint64_t Settings::memoryLimitBytes() const {
    return memoryLimitGib <= 0.0 ? 0 : static_cast<std::uint64_t>(memoryLimitGib * kBytesPerGib);
}

Settings loadSettings() {
    const QSettings store;
    Settings settings;
    settings.theme = themeFromName(store.value(kTheme).toString());
    settings.liveRun = store.value(kLiveRun, true).toBool();
    settings.memoryLimitGib = std::clamp(store.value(kMemoryLimit, 0.0).toDouble(), 0.0, kMostGib);
    settings.threads = std::clamp(store.value(kThreads, 0).toInt(), 0, kMostThreads);
    return settings;
}

void saveSettings(const Settings& settings) {
    QSettings store;
    store.setValue(kTheme, themeName(settings.theme));
    store.setValue(kLiveRun, settings.liveRun);
    store.setValue(kMemoryLimit, settings.memoryLimitGib);
    store.setValue(kThreads, settings.threads);
}

QStringList recentFiles() { return QSettings().value(kRecent).toStringList(); }

void addRecentFile(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    while (files.size() > kRecentFiles) files.removeLast();
    QSettings().setValue(kRecent, files);
}

void clearRecentFiles() { QSettings().remove(kRecent); }

Theme themeOf(ThemeChoice choice) {
    static const Theme system = desktopTheme();
    switch (choice) {
        case ThemeChoice::Dark: return Theme::Dark;
        case ThemeChoice::Light: return Theme::Light;
        case ThemeChoice::System: break;
    }
    return system;
}

}  // namespace shapewise::ui
