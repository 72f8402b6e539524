#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

#include <utility>

namespace shapewise::ui {
namespace {

QByteArray source(const QString& name) {
    static QHash<QString, QByteArray> read;
    const auto found = read.constFind(name);
    if (found != read.constEnd()) return *found;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    read.insert(name, bytes);
    return bytes;
}

/// Renders the drawing anew for each size, in the colour the theme has then.
class TintedSvg : public QIconEngine {
  public:
    TintedSvg(QByteArray svg, QColor color) : svg_(std::move(svg)), color_(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QColor color = color_.isValid() ? color_ : tokens().text;
        if (mode == QIcon::Disabled) color = tokens().unknown;
        QByteArray tinted = svg_;
        tinted.replace("currentColor", color.name().toLatin1());
        QSvgRenderer(tinted).render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new TintedSvg(svg_, color_); }

  private:
    QByteArray svg_;
    QColor color_;
};

}  // namespace

QIcon icon(const QString& name) { return icon(name, QColor()); }

QIcon icon(const QString& name, const QColor& color) {
    const QByteArray svg = source(name);
    return svg.isEmpty() ? QIcon() : QIcon(new TintedSvg(svg, color));
}

}  // namespace shapewise::ui
