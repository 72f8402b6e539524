#include "ui/canvas/scene/node_metrics.h"

#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QHash>

#include <algorithm>
#include <cmath>
#include <optional>

namespace shapewise::ui {
namespace {

constexpr double kMinimumWidth = 160.0;
constexpr double kMaximumWidth = 240.0;
constexpr double kPadding = 9.0;
constexpr double kHeaderPadding = 5.0;
constexpr double kBodyTop = 6.0;
constexpr double kBodyBottom = 8.0;
constexpr double kLineGap = 2.0;
constexpr double kThumbnailHeight = 58.0;
constexpr double kThumbnailGap = 6.0;
constexpr double kPortSpacing = 20.0;
constexpr double kNameTypeGap = 10.0;
constexpr double kOutline = 7.0;  ///< ports and badge stick out, and the selection is drawn outside the body

/// Metrics that remember the widths of texts: most of a graph's texts are alike, and shaping is what layout costs.
class Ruler {
  public:
    explicit Ruler(const QFont& font) : metrics_(font) {}
    double horizontalAdvance(const QString& text) const {
        const auto found = widths_.constFind(text);
        if (found != widths_.constEnd()) return *found;
        if (widths_.size() > kMostRemembered) widths_.clear();
        return *widths_.insert(text, metrics_.horizontalAdvance(text));
    }
    double height() const { return metrics_.height(); }
    double averageCharWidth() const { return metrics_.averageCharWidth(); }
    QString elidedText(const QString& text, Qt::TextElideMode mode, double width) const {
        return horizontalAdvance(text) <= width ? text : metrics_.elidedText(text, mode, width);
    }

  private:
    static constexpr qsizetype kMostRemembered = 8000;
    QFontMetricsF metrics_;
    mutable QHash<QString, double> widths_;
};

struct Fonts {
    CanvasFonts fonts;
    Ruler name;
    Ruler type;
    Ruler text;
    Ruler shape;
    explicit Fonts(const CanvasFonts& f) : fonts(f), name(f.name), type(f.type), text(f.text), shape(f.shape) {}
};

CanvasFonts makeFonts() {
    CanvasFonts fonts;
    fonts.name = boldFont();
    fonts.type = smallFont();
    fonts.text = smallFont();
    fonts.text.setPointSizeF(std::max(6.0, boldFont().pointSizeF() - 0.5));
    fonts.shape = fixedFont();
    fonts.port = smallFont();
    fonts.port.setPixelSize(9);
    fonts.port.setBold(true);
    fonts.badge = fonts.port;
    return fonts;
}

std::optional<Fonts>& cache() {
    static std::optional<Fonts> fonts;
    return fonts;
}

const Fonts& fonts() {
    if (!cache()) cache().emplace(makeFonts());
    return *cache();
}

const Ruler& rulerOf(TextLine::Role role) { return role == TextLine::Role::Shape ? fonts().shape : fonts().text; }

double wantedWidth(const NodeView& view) {
    const Fonts& f = fonts();
    const double header = f.name.horizontalAdvance(view.name) + kNameTypeGap + f.type.horizontalAdvance(view.typeName);
    double widest = std::max(header, f.text.horizontalAdvance(view.telling));
    widest = std::max(widest, f.shape.horizontalAdvance(view.shape));
    widest = std::max(widest, f.text.horizontalAdvance(view.stateText));
    const double onGrid = std::ceil((widest + 2 * kPadding) / kGrid) * kGrid;
    return std::clamp(onGrid, kMinimumWidth, kMaximumWidth);
}

/// Adds a line at `y`; returns the y below it.
double addLine(NodeLayout& layout, TextLine::Role role, const QString& text, double y) {
    const Ruler& metrics = rulerOf(role);
    const double width = layout.body.width() - 2 * kPadding;
    TextLine line;
    line.role = role;
    line.text = metrics.elidedText(text, Qt::ElideRight, width);
    line.box = QRectF(kPadding, y, width, std::ceil(metrics.height()));
    layout.lines.push_back(line);
    return line.box.bottom() + kLineGap;
}

double addShapeAndCount(NodeLayout& layout, const NodeView& view, double y) {
    if (view.shape.isEmpty()) return y;
    const Fonts& f = fonts();
    const double shapeTop = y;
    y = addLine(layout, TextLine::Role::Shape, view.shape, y);
    if (view.count.isEmpty()) return y;
    const double used = f.shape.horizontalAdvance(view.shape);
    const QString behind = QStringLiteral(" · %1").arg(view.count);
    const double width = layout.body.width() - 2 * kPadding;
    if (used + f.text.horizontalAdvance(behind) > width) return addLine(layout, TextLine::Role::Count, view.count, y);
    TextLine line;
    line.role = TextLine::Role::Count;
    line.text = behind;
    line.box = QRectF(kPadding + used, shapeTop, width - used, layout.lines.back().box.height());
    layout.lines.push_back(line);
    return y;
}

void layOutHeader(NodeLayout& layout, const NodeView& view) {
    const Fonts& f = fonts();
    const double room = layout.header.width() - 2 * kPadding;
    const double nameWidth = f.name.horizontalAdvance(view.name);
    layout.name = f.name.elidedText(view.name, Qt::ElideMiddle, room);
    const double left = std::min(nameWidth, room);
    layout.nameBox = QRectF(kPadding, 0, left + 2, layout.header.height());
    const double typeRoom = room - left - kNameTypeGap;
    if (typeRoom > f.type.averageCharWidth() * 4)
        layout.typeName = f.type.elidedText(view.typeName, Qt::ElideRight, typeRoom);
    layout.typeBox = QRectF(layout.nameBox.right(), 0, layout.header.right() - kPadding - layout.nameBox.right(),
                            layout.header.height());
}

std::vector<QPointF> portCentres(std::size_t count, double x, double top) {
    std::vector<QPointF> centres;
    for (std::size_t index = 0; index < count; ++index)
        centres.emplace_back(x, top + static_cast<double>(index) * kPortSpacing);
    return centres;
}

double heightOfHeader() { return std::ceil(fonts().name.height()) + 2 * kHeaderPadding; }

}  // namespace

QRectF NodeLayout::bounds() const {
    return body.adjusted(-kPortRadius - kOutline, -kOutline - 6, kPortRadius + kOutline, kOutline + 2 * kStackStep);
}

const CanvasFonts& canvasFonts() { return fonts().fonts; }

void forgetCanvasFonts() { cache().reset(); }

std::shared_ptr<const NodeLayout> layOut(const NodeView& view, bool withThumbnail) {
    auto layout = std::make_shared<NodeLayout>();
    const double width = wantedWidth(view);
    const double headerHeight = heightOfHeader();
    layout->body = QRectF(0, 0, width, headerHeight);
    layout->header = QRectF(0, 0, width, headerHeight);
    layOutHeader(*layout, view);

    double y = headerHeight + kBodyTop;
    if (!view.telling.isEmpty()) y = addLine(*layout, TextLine::Role::Telling, view.telling, y);
    y = addShapeAndCount(*layout, view, y);
    if (!view.stateText.isEmpty()) y = addLine(*layout, TextLine::Role::State, view.stateText, y);
    if (withThumbnail) {
        y += kThumbnailGap - kLineGap;
        layout->thumbnail = QRectF(kPadding, y, width - 2 * kPadding, kThumbnailHeight);
        y = layout->thumbnail.bottom() + kLineGap;
    }
    const double portTop = firstPortBelowTop();
    const auto ports = static_cast<double>(std::max(view.inputs.size(), view.outputs.size()));
    const double portsBottom = ports > 0 ? portTop + (ports - 1) * kPortSpacing + kPortRadius : 0.0;
    const double height = std::max(y - kLineGap + kBodyBottom, portsBottom + kBodyBottom);
    layout->body.setHeight(std::ceil(height));

    layout->inputs = portCentres(view.inputs.size(), 0, portTop);
    layout->outputs = portCentres(view.outputs.size(), width, portTop);
    layout->badge = QPointF(width - 1, 1);
    return layout;
}

double firstPortBelowTop() { return heightOfHeader() + kBodyTop + kPortRadius + 2; }

QSizeF pillSize(const QString& label) {
    const Ruler& metrics = fonts().shape;
    return {std::ceil(metrics.horizontalAdvance(label)) + 16, std::ceil(metrics.height()) + 4};
}

}  // namespace shapewise::ui
