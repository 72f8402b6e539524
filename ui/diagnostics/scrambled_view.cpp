#include "ui/diagnostics/scrambled_view.h"

#include "core/view_math/colormap.h"
#include "ui/base/wording.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <array>

namespace shapewise::ui {
namespace {

constexpr int kSidePx = 84;  ///< the longer side of a map
constexpr int kColumnPx = 116;
constexpr int kGapPx = 4;

/// One pixel for a value, in the colours of the activations.
QImage imageOf(const mistakes::SmallMap& map) {
    const view_math::Colormap& colours = view_math::colormap("viridis");
    QImage image(std::max(1, map.columns), std::max(1, map.rows), QImage::Format_RGB32);
    image.fill(Qt::black);
    const auto last = static_cast<double>(colours.colors.size() - 1);
    std::size_t cell = 0;
    for (int row = 0; row < map.rows; ++row)
        for (int column = 0; column < map.columns; ++column, ++cell) {
            const double value = std::clamp(static_cast<double>(map.values[cell]), 0.0, 1.0);
            image.setPixel(column, row, 0xFF000000U | colours.colors[static_cast<std::size_t>(value * last)]);
        }
    return image;
}

}  // namespace

ScrambledView::ScrambledView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Before and after"));
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, qOverload<>(&QWidget::update));
}

void ScrambledView::show(const mistakes::ScrambledPicture& picture) {
    picture_ = picture;
    setToolTip(
        tr("The axes %1 and %2 in small. Reshape cuts the same row of numbers at other places; Permute moves them.")
            .arg(shown(picture_.before.rowAxis), shown(picture_.before.columnAxis)));
    update();
}

QSize ScrambledView::sizeHint() const {
    return {3 * kColumnPx, kSidePx + 2 * kGapPx + 3 * QFontMetrics(smallFont()).height()};
}

void ScrambledView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(smallFont());
    const int line = QFontMetrics(smallFont()).height();
    const std::array<std::pair<const mistakes::SmallMap*, QString>, 3> parts{
        {{&picture_.before, tr("before")},
         {&picture_.reshaped, tr("Reshape gives")},
         {&picture_.permuted, tr("Permute would give")}}};
    for (std::size_t index = 0; index < parts.size(); ++index) {
        const auto& [map, caption] = parts[index];
        const int left = static_cast<int>(index) * kColumnPx;
        const int longest = std::max({1, map->rows, map->columns});
        const QSize size(std::max(6, kSidePx * map->columns / longest), std::max(6, kSidePx * map->rows / longest));
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRect(left, 0, kColumnPx - kGapPx, line), Qt::AlignLeft, caption);
        const QRect box(QPoint(left, line + kGapPx), size);
        painter.drawImage(box, imageOf(*map));
        const QRect names(left, line + 2 * kGapPx + kSidePx, kColumnPx - kGapPx, 2 * line);
        painter.drawText(names, Qt::AlignLeft,
                         tr("down: %1\nacross: %2").arg(shown(map->rowAxis), shown(map->columnAxis)));
    }
}

}  // namespace shapewise::ui
