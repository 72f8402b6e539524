#pragma once
// Paths and failures of files, between core and the window.

#include "core/base/result.h"

#include <QString>

#include <filesystem>

namespace shapewise::ui {

/// In the encoding of the file system.
[[nodiscard]] std::filesystem::path nativePath(const QString& path);

/// What went wrong, the file named.
[[nodiscard]] QString failureText(const Error& error, const QString& path);

}  // namespace shapewise::ui
