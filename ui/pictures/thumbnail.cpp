#include "ui/pictures/thumbnail.h"

#include "core/view_math/picture_colours.h"
#include "ui/pictures/colour_picture.h"
#include "ui/pictures/map_picture.h"
#include "ui/theme/tokens.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr std::int64_t kMostTiles = 12;   // channel maps side by side on one node
constexpr std::int64_t kMostCells = 256;  // along one side of a map
constexpr std::int64_t kMostCurves = 1;   // more channels than this are a map

const QColor& curveColor(bool dark) { return tokens(dark ? Theme::Dark : Theme::Light).curve; }

QImage blank(QSize size, qreal ratio) {
    QImage image(QSize(std::max(1, qRound(size.width() * ratio)), std::max(1, qRound(size.height() * ratio))),
                 QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    image.setDevicePixelRatio(ratio);
    return image;
}

QImage curvePicture(const view_math::Map& map, QSize size, qreal ratio, bool dark) {
    QImage image = blank(size, ratio);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const view_math::Envelope envelope = view_math::decimate(map.values, size.width());
    const view_math::ValueStatistics statistics = view_math::statisticsOf(envelope.values);
    const double span = statistics.isConstant() ? 1.0 : statistics.maximum - statistics.minimum;
    const double last = std::max(1.0, static_cast<double>(map.values.size()) - 1.0);
    QPolygonF line;
    const QColor strange = QColor::fromRgb(view_math::kNotANumberColor);
    for (std::size_t index = 0; index < envelope.values.size(); ++index) {
        if (!std::isfinite(envelope.values[index])) {
            const double x = envelope.positions[index] / last * (size.width() - 1);
            painter.fillRect(QRectF(x - 0.5, 0.0, 1.5, size.height()), strange);
            continue;
        }
        const double part = (static_cast<double>(envelope.values[index]) - statistics.minimum) / span;
        line.append({envelope.positions[index] / last * (size.width() - 1),
                     2.0 + (1.0 - (statistics.isConstant() ? 0.5 : part)) * (size.height() - 4.0)});
    }
    painter.setPen(QPen(curveColor(dark), 1.2));
    painter.drawPolyline(line);
    return image;
}

QImage barPicture(const view_math::Map& map, QSize size, qreal ratio, bool dark) {
    QImage image = blank(size, ratio);
    QPainter painter(&image);
    double low = 0.0;
    double high = 0.0;
    for (const float value : map.values)
        if (std::isfinite(value)) {
            low = std::min(low, static_cast<double>(value));
            high = std::max(high, static_cast<double>(value));
        }
    const double span = high > low ? high - low : 1.0;
    const double width = static_cast<double>(size.width()) / static_cast<double>(map.values.size());
    const double zero = high / span * size.height();
    for (std::size_t index = 0; index < map.values.size(); ++index) {
        if (!std::isfinite(map.values[index])) {
            painter.fillRect(QRectF(static_cast<double>(index) * width, 0.0, std::max(1.0, width * 0.8), size.height()),
                             QColor::fromRgb(view_math::kNotANumberColor));
            continue;
        }
        const double height = static_cast<double>(map.values[index]) / span * size.height();
        const QRectF bar(static_cast<double>(index) * width, height >= 0 ? zero - height : zero,
                         std::max(1.0, width * 0.8), std::abs(height));
        painter.fillRect(bar, curveColor(dark));
    }
    return image;
}

/// Tiles of one row of channel maps, or one map, scaled with whole pixels kept whole.
QImage mapsPicture(const tensor::Tensor& values, const tensor::TensorType& type, const view_math::MapLayout& layout,
                   QSize size, qreal ratio) {
    const view_math::ValueDisplay display = view_math::valueDisplay(type);
    const view_math::ValueStatistics statistics = view_math::statisticsOf(values.values());
    const MapStyle style;
    const view_math::Colormap& colors = chooseColormap(style, display, statistics);
    const view_math::ValueRange range = chooseRange(style, display, colors, shownStatistics(statistics, display));

    const auto rows = static_cast<double>(layout.rows < 0 ? 1 : values.size(layout.rows));
    const auto columns = static_cast<double>(layout.columns < 0 ? 1 : values.size(layout.columns));
    const std::int64_t maps = view_math::mapCount(values, layout);
    // As many tiles as fill the width at the height of the picture, each with the proportions of its map.
    const double tileWidth = std::clamp(size.height() * columns / rows, 14.0, static_cast<double>(size.width()));
    const auto fitting = static_cast<std::int64_t>(std::max(1.0, std::floor((size.width() + 2.0) / (tileWidth + 2.0))));
    const std::int64_t tiles = std::min({maps, fitting, kMostTiles});
    const double width = (size.width() - 2.0 * static_cast<double>(tiles - 1)) / static_cast<double>(tiles);

    QImage image = blank(size, ratio);
    QPainter painter(&image);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        // No more cells than pixels: a cell that is NaN is not to fall between two of them.
        const auto pixels = static_cast<std::int64_t>(std::max<double>(width, size.height()) * ratio);
        view_math::Map map =
            view_math::cutMap(values, layout, {0, tile, 0}, std::clamp<std::int64_t>(pixels, 1, kMostCells));
        convertToShown(map, display);
        painter.drawImage(QRectF(static_cast<double>(tile) * (width + 2.0), 0.0, width, size.height()),
                          mapImage(map, range, colors));
    }
    return image;
}

/// With its own proportions, in the middle.
QImage coloursPicture(const tensor::Tensor& values, int channels, QSize size, qreal ratio) {
    const std::int64_t perSample = values.count() / std::max<std::int64_t>(1, values.size(0));
    const view_math::ValueStatistics statistics =
        view_math::statisticsOf(values.values().first(static_cast<std::size_t>(perSample)));
    const QImage picture =
        colourImage(view_math::paintColours(values, channels, 0, view_math::colourRange(statistics), kMostCells));
    QImage image = blank(size, ratio);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QSizeF fitting = QSizeF(picture.size()).scaled(QSizeF(size), Qt::KeepAspectRatio);
    painter.drawImage(
        QRectF(QPointF((size.width() - fitting.width()) / 2.0, (size.height() - fitting.height()) / 2.0), fitting),
        picture);
    return image;
}

}  // namespace

QImage thumbnail(const tensor::Tensor& values, const tensor::TensorType& type, QSize size, qreal devicePixelRatio,
                 bool dark, bool isPicture) {
    if (values.count() == 0 || values.rank() == 0 || size.isEmpty()) return {};
    if (const int colours = isPicture ? view_math::colourAxis(type.shape, values) : -1; colours > 0)
        return coloursPicture(values, colours, size, devicePixelRatio);
    const view_math::MapLayout layout =
        view_math::chooseLayout(type.shape.rank() == values.rank() ? type.shape : values.shape());
    if (layout.isCurve) {
        const std::int64_t channels = layout.rows < 0 ? 1 : values.size(layout.rows);
        if (channels <= kMostCurves) {
            const view_math::Map map = view_math::cutMap(values, layout, {}, std::int64_t{1} << 40);
            return layout.rows < 0 && map.columns <= 64 ? barPicture(map, size, devicePixelRatio, dark)
                                                        : curvePicture(map, size, devicePixelRatio, dark);
        }
    }
    return mapsPicture(values, type, layout, size, devicePixelRatio);
}

}  // namespace shapewise::ui
