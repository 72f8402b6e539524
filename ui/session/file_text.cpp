#include "ui/session/file_text.h"

#include "ui/base/qt_text.h"

#include <QFile>
#include <QFileInfo>

namespace shapewise::ui {

std::filesystem::path nativePath(const QString& path) {
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

QString failureText(const Error& error, const QString& path) {
    const QString message = toQString(error.where.empty() ? error.message : error.where + ": " + error.message);
    const QString name = QFileInfo(path).fileName();
    return name.isEmpty() || message.contains(name) ? message : QStringLiteral("%1: %2").arg(name, message);
}

}  // namespace shapewise::ui
