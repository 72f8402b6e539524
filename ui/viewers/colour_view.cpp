#include "ui/viewers/colour_view.h"

#include "ui/base/qt_text.h"
#include "ui/pictures/colour_picture.h"
#include "ui/viewers/plot_painter.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kMargin = 8.0;
constexpr std::int64_t kMostPixels = 2048;  // along one side

}  // namespace

ColourView::ColourView(QWidget* parent) : TensorView(parent), job_([this](const QString& why) { Q_EMIT failed(why); }) {
    setMouseTracking(true);
    setMinimumSize(120, 90);
    setAccessibleName(tr("Picture in its colours"));
}

ColourView::Painted ColourView::paintedOf(const TensorShown& shown) {
    Painted painted;
    painted.shown = shown;
    if (shown.isEmpty()) return painted;
    painted.channels = view_math::colourAxis(shown.type.shape, *shown.values);
    if (painted.channels < 0) return painted;
    painted.range = view_math::colourRange(shown.statistics);
    const view_math::ColourPicture picture =
        view_math::paintColours(*shown.values, painted.channels, shown.place.sample, painted.range, kMostPixels);
    painted.step = picture.step;
    painted.image = colourImage(picture);
    return painted;
}

void ColourView::show(const TensorShown& shown) {
    const bool hasSamples = !shown.isEmpty() && shown.values->rank() > 0;
    const std::int64_t numbers = hasSamples ? shown.values->count() / shown.values->size(0) : 0;
    job_.start(
        numbers, [shown] { return paintedOf(shown); },
        [this](Painted painted) {
            painted_ = std::move(painted);
            setOnScreen(painted_.shown);
            update();
        });
}

QRectF ColourView::areaIn(const QRectF& bounds) const {
    const QRectF room = bounds.adjusted(kMargin, kMargin, -kMargin, -kMargin - fontMetrics().height() - 4.0);
    const QSizeF size = QSizeF(painted_.image.size()).scaled(room.size(), Qt::KeepAspectRatio);
    return {room.center().x() - size.width() / 2.0, room.top() + (room.height() - size.height()) / 2.0, size.width(),
            size.height()};
}

QString ColourView::caption() const {
    const auto number = [](double value) { return toQString(view_math::valueText(value)); };
    const std::int64_t count = painted_.shown.size(painted_.channels);
    QString text = tr("%1: %2 is black, %3 is white")
                       .arg(count == 4 ? tr("red, green, blue and opacity") : tr("red, green and blue"),
                            number(painted_.range.low), number(painted_.range.high));
    const view_math::ValueStatistics& statistics = painted_.shown.statistics;
    if (statistics.notANumber + statistics.infinite > 0)
        text += tr(" · magenta: NaN or infinite (%1)").arg(statistics.notANumber + statistics.infinite);
    return text;
}

void ColourView::paintAll(QPainter& painter, const QRectF& bounds) const {
    const PlotColors colors = plotColors();
    if (painted_.image.isNull()) {
        painter.setPen(colors.secondaryText);
        if (!painted_.shown.isEmpty())
            painter.drawText(bounds, Qt::AlignCenter, tr("This tensor is no picture: it has no 3 or 4 channels"));
        return;
    }
    const QRectF area = areaIn(bounds);
    // Small pictures keep their pixels, large ones are smoothed.
    painter.setRenderHint(QPainter::SmoothPixmapTransform, area.width() < painted_.image.width());
    painter.drawImage(area, painted_.image);
    painter.setPen(colors.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area);
    painter.setPen(colors.secondaryText);
    const QRectF below(bounds.left() + kMargin, bounds.bottom() - fontMetrics().height() - 4.0,
                       bounds.width() - 2.0 * kMargin, fontMetrics().height() + 2.0);
    painter.drawText(below, Qt::AlignCenter,
                     fontMetrics().elidedText(caption(), Qt::ElideRight, static_cast<int>(below.width())));
}

void ColourView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintAll(painter, rect());
}

QImage ColourView::picture(QSize size, qreal devicePixelRatio) {
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(plotColors().background);
    QPainter painter(&image);
    painter.setFont(font());
    paintAll(painter, QRectF(QPointF(0, 0), QSizeF(size)));
    return image;
}

TensorIndex ColourView::indexAt(const QPointF& at) const {
    if (painted_.image.isNull()) return {};
    const QRectF area = areaIn(rect());
    if (!area.contains(at)) return {};
    const bool isFirst = painted_.channels == 1;
    const auto cell = [](double place, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place * static_cast<double>(cells)), 0, cells - 1);
    };
    return view_math::colourIndex(
        painted_.channels, painted_.shown.place.sample,
        cell((at.y() - area.top()) / area.height(), painted_.shown.values->size(isFirst ? 2 : 1)),
        cell((at.x() - area.left()) / area.width(), painted_.shown.values->size(isFirst ? 3 : 2)));
}

void ColourView::mouseMoveEvent(QMouseEvent* event) {
    const TensorIndex index = indexAt(event->position());
    if (index.empty()) return leaveEvent(event);
    isHovered_ = true;
    Q_EMIT cellHovered(index);
}

void ColourView::mouseReleaseEvent(QMouseEvent* event) {
    const TensorIndex index = indexAt(event->position());
    if (!index.empty() && event->button() == Qt::LeftButton) Q_EMIT cellChosen(index);
}

void ColourView::leaveEvent(QEvent*) {
    if (std::exchange(isHovered_, false)) Q_EMIT cellHovered({});
}

}  // namespace shapewise::ui
