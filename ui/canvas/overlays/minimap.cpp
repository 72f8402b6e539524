#include "ui/canvas/overlays/minimap.h"

#include "ui/theme/tokens.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace shapewise::ui {
namespace {
constexpr int kWidth = 150;
constexpr int kHeight = 84;
constexpr int kMargin = 12;
constexpr double kInset = 6.0;
}  // namespace

Minimap::Minimap(const SceneSync& sync, QWidget* parent) : QWidget(parent), sync_(sync) {
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Overview"));
    setCursor(Qt::PointingHandCursor);
    setFixedSize(kWidth, kHeight);
}

void Minimap::place() {
    move(parentWidget()->width() - kWidth - kMargin, parentWidget()->height() - kHeight - kMargin);
}

void Minimap::setVisibleRect(const QRectF& scene) {
    visible_ = scene;
    update();
}

void Minimap::contentChanged() {
    blocks_ = QPixmap();
    update();
}

QTransform Minimap::mapping() const {
    const QRectF content = sync_.contentRect();
    const QRectF room = QRectF(rect()).adjusted(kInset, kInset, -kInset, -kInset);
    if (content.isEmpty()) return {};
    const double scale = std::min({room.width() / content.width(), room.height() / content.height(), 0.14});
    QTransform transform;
    transform.translate(room.center().x(), room.center().y());
    transform.scale(scale, scale);
    transform.translate(-content.center().x(), -content.center().y());
    return transform;
}

void Minimap::paintEvent(QPaintEvent*) {
    const bool isOld = generation_ != sync_.generation() || blocks_.devicePixelRatio() != devicePixelRatioF();
    if (blocks_.isNull() || isOld) paintBlocks();
    QPainter painter(this);
    painter.drawPixmap(0, 0, blocks_);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens().accent, 1.0));
    const QRectF frame = mapping().mapRect(visible_).intersected(QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5));
    if (!frame.isEmpty()) painter.drawRect(frame);
}

void Minimap::paintBlocks() {
    generation_ = sync_.generation();
    blocks_ = QPixmap(size() * devicePixelRatioF());
    blocks_.setDevicePixelRatio(devicePixelRatioF());
    blocks_.fill(Qt::transparent);
    const Tokens& t = tokens();
    QPainter painter(&blocks_);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor back = t.panel;
    back.setAlpha(225);
    painter.setPen(t.line);
    painter.setBrush(back);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kFieldRadius, kFieldRadius);
    const QTransform transform = mapping();
    painter.setPen(Qt::NoPen);
    for (const NodeItem* item : sync_.nodes()) {
        const auto badge = item->view().badge;
        QColor color = item->isSelected() ? t.accent : t.unknown;
        if (badge == diag::Severity::Error) color = t.error;
        if (badge == diag::Severity::Warning) color = t.warning;
        QRectF block = transform.mapRect(item->sceneBody());
        block.setHeight(std::max(2.0, std::min(block.height(), block.width() * 0.45)));
        painter.fillRect(block, color);
        if (!item->isSelected()) continue;
        painter.setPen(QPen(t.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(block.adjusted(-1.5, -1.5, 1.5, 1.5));
        painter.setPen(Qt::NoPen);
    }
}

void Minimap::travel(const QPointF& at) {
    if (sync_.nodeCount() > 0) Q_EMIT travelled(mapping().inverted().map(at));
}

void Minimap::mousePressEvent(QMouseEvent* event) {
    travel(event->position());
    event->accept();
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) travel(event->position());
    event->accept();
}

void Minimap::mouseReleaseEvent(QMouseEvent* event) { event->accept(); }

}  // namespace shapewise::ui
