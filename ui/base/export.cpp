#include "ui/base/export.h"

#include "core/io/files/files.h"

#include <QBuffer>
#include <QCoreApplication>

namespace shapewise::ui {

Export pictureExport(const QString& title, const QString& name, const QImage& picture) {
    Export what;
    what.title = title;
    what.name = name;
    what.suffix = QStringLiteral("png");
    what.filter = QCoreApplication::translate("Export", "PNG picture (*.png)");
    what.write = [picture](const std::filesystem::path& path) -> Result<void> {
        QByteArray png;
        QBuffer buffer(&png);
        if (!buffer.open(QIODevice::WriteOnly) || !picture.save(&buffer, "PNG"))
            return failure("The picture is too large for a PNG file", "Make the view smaller and save again");
        return io::writeFileAtomically(path, std::string_view(png.constData(), static_cast<std::size_t>(png.size())));
    };
    return what;
}

}  // namespace shapewise::ui
