#pragma once
// Export: something a view can write to a file: what to ask for, and how it is written. The window asks for the name
// and has it written on another thread.

#include "core/base/result.h"

#include <QImage>
#include <QString>

#include <filesystem>
#include <functional>

namespace shapewise::ui {

struct Export {
    QString title;   ///< of the dialog
    QString name;    ///< proposed, without folder and suffix; empty: that of the document
    QString suffix;  ///< without a dot
    QString filter;  ///< "PNG picture (*.png)"
    /// Runs on another thread and owns all it reads.
    std::function<Result<void>(const std::filesystem::path& path)> write;
};

/// A picture as PNG.
[[nodiscard]] Export pictureExport(const QString& title, const QString& name, const QImage& picture);

}  // namespace shapewise::ui
