#include "ui/canvas/overlays/canvas_notice.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kPatienceMs = 6000;
constexpr int kWidest = 360;
constexpr QPoint kOffset{14, 16};

}  // namespace

CanvasNotice::CanvasNotice(QWidget* parent) : QFrame(parent), text_(new QLabel(this)), wayOut_(new QPushButton(this)) {
    setObjectName(QStringLiteral("canvasNotice"));
    setAccessibleName(tr("Notice"));
    setCursor(Qt::ArrowCursor);
    text_->setObjectName(QStringLiteral("canvasNoticeText"));
    text_->setTextFormat(Qt::PlainText);
    text_->setWordWrap(true);
    wayOut_->setObjectName(QStringLiteral("canvasNoticeWayOut"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 6, 10, 6);
    row->addWidget(text_, 1);
    row->addWidget(wayOut_, 0, Qt::AlignBottom);
    patience_.setSingleShot(true);
    patience_.setInterval(kPatienceMs);
    connect(&patience_, &QTimer::timeout, this, &QWidget::hide);
    connect(wayOut_, &QPushButton::clicked, this, [this] {
        hide();
        if (const auto take = std::exchange(take_, {})) take();
    });
    hide();
}

void CanvasNotice::show(const QString& text, const QPoint& at) {
    take_ = {};
    fit(text, {});
    moveInside(at + kOffset);
    patience_.start();
}

void CanvasNotice::offer(const QString& text, const QString& wayOut, std::function<void()> take, const QRectF& node,
                         const std::vector<Obstacle>& others) {
    take_ = std::move(take);
    fit(text, wayOut);
    const QRectF inside(parentWidget()->rect());
    moveInside(freePlace(size(), node, others, inside).value_or(node.topRight() + kOffset).toPoint());
    patience_.stop();
}

QString CanvasNotice::text() const { return isHidden() ? QString() : text_->text(); }

void CanvasNotice::fit(const QString& text, const QString& wayOut) {
    text_->setText(text);
    wayOut_->setText(wayOut);
    wayOut_->setVisible(!wayOut.isEmpty());
    const QSize room = parentWidget()->size();
    const QMargins margins = layout()->contentsMargins();
    const int beside = wayOut_->isHidden() ? 0 : wayOut_->sizeHint().width() + layout()->spacing();
    const int most = std::min(kWidest, room.width()) - margins.left() - margins.right() - beside;
    text_->setFixedWidth(std::min(text_->fontMetrics().horizontalAdvance(text_->text()) + 4, std::max(most, 80)));
    layout()->invalidate();
    layout()->activate();
    resize(sizeHint());
    setVisible(true);
    raise();
}

void CanvasNotice::moveInside(const QPoint& to) {
    const QSize room = parentWidget()->size();
    move(std::clamp(to.x(), 0, std::max(0, room.width() - width())),
         std::clamp(to.y(), 0, std::max(0, room.height() - height())));
}

void CanvasNotice::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

void CanvasNotice::mousePressEvent(QMouseEvent* event) { event->accept(); }

}  // namespace shapewise::ui
