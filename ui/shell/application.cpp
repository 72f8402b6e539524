#include "ui/shell/application.h"

#include "core/base/version.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIcon>
#include <QString>

// A static library's resources are dropped by the linker unless referred to; the macro must stand outside a
// namespace.
static void initialiseResources() { Q_INIT_RESOURCE(resources); }

namespace shapewise::ui {

void setUpApplication() {
    initialiseResources();
    const auto version = base::version();
    QCoreApplication::setApplicationName(QStringLiteral("shapewise"));
    QCoreApplication::setOrganizationName(QStringLiteral("shapewise"));
    QCoreApplication::setApplicationVersion(QString::fromUtf8(version.data(), static_cast<qsizetype>(version.size())));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Shapewise"));
    QGuiApplication::setDesktopFileName(QStringLiteral("shapewise"));
    if (qobject_cast<QGuiApplication*>(QCoreApplication::instance()) != nullptr)
        QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/shapewise.svg")));
}

}  // namespace shapewise::ui
