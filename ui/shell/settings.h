#pragma once
// What the program remembers between sessions: theme, limits of a run, recent files.

#include "ui/theme/tokens.h"

#include <QStringList>

#include <cstdint>

namespace shapewise::ui {

enum class ThemeChoice { System, Dark, Light };

struct Settings {
    ThemeChoice theme = ThemeChoice::System;
    bool liveRun = true;
    double memoryLimitGib = 0.0;  ///< 0: half of the machine's memory
    int threads = 0;              ///< 0: chosen by the engine

    [[nodiscard]] std::uint64_t memoryLimitBytes() const;
    friend bool operator==(const Settings&, const Settings&) = default;
};

[[nodiscard]] Settings loadSettings();
void saveSettings(const Settings& settings);

/// Paths of files opened or saved, the latest first; at most kRecentFiles.
inline constexpr qsizetype kRecentFiles = 10;
[[nodiscard]] QStringList recentFiles();
/// What a menu calls them: the name of the file, with as much of its folder as tells equal names apart.
[[nodiscard]] QStringList recentTitles(const QStringList& paths);
void addRecentFile(const QString& path);
void clearRecentFiles();

/// The theme meant by a choice. The desktop's is looked up at the first call, so call it before applyTheme().
[[nodiscard]] Theme themeOf(ThemeChoice choice);

}  // namespace shapewise::ui
