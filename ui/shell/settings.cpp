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

QStringList recentTitles(const QStringList& paths) {
    const auto tail = [](const QString& path, int folders) {
        return path.section(QChar(u'/'), -1 - folders, -1, QString::SectionIncludeLeadingSep);
    };
    QStringList titles;
    for (const QString& path : paths) {
        int folders = 0;
        const auto isTaken = [&](const QString& other) {
            return other != path && tail(other, folders) == tail(path, folders);
        };
        while (tail(path, folders) != path && std::any_of(paths.begin(), paths.end(), isTaken)) ++folders;
        const QString name = QFileInfo(path).fileName();
        QString folder = tail(path, folders).chopped(name.size());
        while (folder.endsWith(QChar(u'/')) && folder.size() > 1) folder.chop(1);
        if (folder != path.chopped(name.size() + 1) && folder.startsWith(QChar(u'/'))) folder.remove(0, 1);
        titles += folders == 0 ? name : QStringLiteral("%1 — %2").arg(name, folder);
    }
    return titles;
}

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
