#include "ui/canvas/canvas_view.h"

#include "ui/canvas/canvas_actions.h"
#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/overlays/canvas_overlays.h"
#include "ui/session/document_model.h"
#include "ui/theme/tokens.h"

#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr double kSmallestZoom = 0.10;
constexpr double kLargestZoom = 4.0;
constexpr double kWheelBase = 1.0015;  ///< per eighth of a degree
constexpr double kZoomStep = 1.25;
constexpr double kFitMargin = 48.0;
constexpr double kDotStep = 24.0;
constexpr double kDotGap = 18.0;  ///< dots are never nearer to one another on screen
constexpr double kFitSelectionZoom = 1.5;

}  // namespace

CanvasView::CanvasView(DocumentModel* document, QWidget* parent) : QGraphicsView(parent) {
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Canvas"));
    setAccessibleDescription(
        tr("The layers of the model and their links. Tab adds a layer, arrows move the selection"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setDragMode(NoDrag);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAcceptDrops(true);
    setOptimizationFlag(DontSavePainterState);
    setCacheMode(CacheNone);
    const bool isIntegerScale = std::abs(devicePixelRatioF() - std::round(devicePixelRatioF())) < 1e-6;
    setViewportUpdateMode(isIntegerScale ? MinimalViewportUpdate : BoundingRectViewportUpdate);
    controller_ = std::make_unique<CanvasController>(*this, *document);
}

CanvasView::~CanvasView() = default;

std::vector<NodeId> CanvasView::selection() const { return controller_->selection().nodes(); }

bool CanvasView::hasSelection() const { return !controller_->selection().isEmpty(); }

QRectF CanvasView::visibleRect() const { return mapToScene(viewport()->rect()).boundingRect(); }

void CanvasView::run(const CanvasAction& action) { action.run(*controller_); }

QPointF CanvasView::visibleCenter() const { return snapped(mapToScene(viewport()->rect().center())); }

QPointF CanvasView::placeForNew() const { return controller_->picker().freePlace(visibleCenter()); }

QImage CanvasView::picture(double scale) {
    const QRectF content = controller_->sync().contentRect().adjusted(-kFitMargin, -kFitMargin, kFitMargin, kFitMargin);
    QImage image((content.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage::Format_ARGB32_Premultiplied);
    image.fill(tokens().canvas);
    QPainter painter(&image);
    controller_->scene().render(&painter, QRectF(image.rect()), content);
    return image;
}

void CanvasView::fit(const QRectF& scene, double largestZoom) {
    if (scene.isEmpty()) return;
    const QRectF room = scene.adjusted(-kFitMargin, -kFitMargin, kFitMargin, kFitMargin);
    const QSizeF size = viewport()->size();
    const double zoom = std::min(size.width() / room.width(), size.height() / room.height());
    const double shown = std::clamp(zoom, kSmallestZoom, largestZoom);
    setTransform(QTransform::fromScale(shown, shown));
    centerOn(room.center());
    afterZoom();
}

void CanvasView::afterZoom() {
    controller_->viewChanged();
    Q_EMIT zoomChanged(zoom());
}

void CanvasView::showAt(double zoom, const QPointF& middle) {
    fitsItself_ = false;
    const double shown = std::clamp(zoom, kSmallestZoom, kLargestZoom);
    setTransform(QTransform::fromScale(shown, shown));
    centerOn(middle);
    afterZoom();
}

void CanvasView::fitWhenShown() {
    fitsItself_ = true;
    fit(controller_->sync().contentRect(), 1.0);
}

void CanvasView::keepAllVisible() {
    if (!fitsItself_) return;
    const QRectF content = controller_->sync().contentRect();
    if (!visibleRect().contains(content)) fit(content, 1.0);
}

void CanvasView::fitAll() {
    fitsItself_ = true;
    fit(controller_->sync().contentRect(), 1.0);
}

void CanvasView::fitSelection() {
    QRectF rect;
    for (const NodeId id : selection()) rect = rect.united(controller_->picker().bodyOf(id));
    if (rect.isEmpty()) {
        fitAll();
        return;
    }
    fitsItself_ = false;
    fit(rect, kFitSelectionZoom);
}

void CanvasView::zoomAt(double factor, const QPointF& at) {
    const double target = std::clamp(zoom() * factor, kSmallestZoom, kLargestZoom);
    if (std::abs(target - zoom()) < 1e-9) return;
    fitsItself_ = false;
    const QPointF fixed = viewportTransform().inverted().map(at);
    setTransform(QTransform::fromScale(target, target));
    scrollByPixels(at - viewportTransform().map(fixed));
    afterZoom();
}

void CanvasView::scrollByPixels(const QPointF& delta) {
    fitsItself_ = false;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - static_cast<int>(std::lround(delta.x())));
    verticalScrollBar()->setValue(verticalScrollBar()->value() - static_cast<int>(std::lround(delta.y())));
}

void CanvasView::zoom100() { zoomAt(1.0 / zoom(), viewport()->rect().center()); }
void CanvasView::zoomIn() { zoomAt(kZoomStep, viewport()->rect().center()); }
void CanvasView::zoomOut() { zoomAt(1.0 / kZoomStep, viewport()->rect().center()); }

void CanvasView::select(const std::vector<NodeId>& nodes) { controller_->selection().select(nodes); }

void CanvasView::reveal(NodeId node) {
    if (controller_->sync().node(node) == nullptr) return;
    constexpr int kMargin = 60;
    fitsItself_ = false;
    if (zoom() < 0.5) zoomAt(1.0 / zoom(), viewport()->rect().center());
    ensureVisible(controller_->picker().bodyOf(node), kMargin, kMargin);
    controller_->revealProblemOf(node);
}

void CanvasView::revealLink(const graph::LinkPlace& link) {
    const EdgeItem* edge = controller_->sync().edge(link);
    if (edge == nullptr) return;
    reveal(link.to);
    ensureVisible(edge->sceneBoundingRect());
}

void CanvasView::setThumbnail(NodeId node, const QImage& picture) {
    if (controller_->sync().setThumbnail(node, picture)) controller_->overlays().nodesResized();
}

void CanvasView::clearThumbnails() {
    controller_->sync().clearThumbnails();
    controller_->overlays().nodesResized();
}

void CanvasView::setThumbnailsVisible(bool visible) {
    controller_->sync().setThumbnailsVisible(visible);
    controller_->overlays().nodesResized();
}

void CanvasView::setMinimapVisible(bool visible) {
    minimapWanted_ = visible;
    controller_->viewChanged();
}

NodeId CanvasView::addNode(const QString& className) {
    const QString why = controller_->commands().whyNotBehindSelection(className);
    if (!why.isEmpty()) {
        controller_->overlays().offer(selection().front(), why, tr("Place It Anyway"), [this, className] {
            const NodeId node = controller_->commands().add(className, visibleCenter(), true);
            if (node.isValid()) select({node});
            setFocus(Qt::OtherFocusReason);
        });
        return {};
    }
    return controller_->commands().add(className, visibleCenter(), true);
}

bool CanvasView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && hasFocus()) {
        if (canvasActionOf(*static_cast<QKeyEvent*>(event)) != nullptr) {
            event->accept();
            return true;
        }
    }
    // Tab would move the focus before keyPressEvent sees it.
    if (event->type() == QEvent::KeyPress && hasFocus() && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab) {
        keyPressEvent(static_cast<QKeyEvent*>(event));
        return true;
    }
    return QGraphicsView::event(event);
}

bool CanvasView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        controller_->showToolTip(help->pos(), help->globalPos());
        return true;
    }
    if (event->type() == QEvent::Leave) lastPointer_ = QPoint(-1, -1);
    return QGraphicsView::viewportEvent(event);
}

void CanvasView::mousePressEvent(QMouseEvent* event) {
    lastPointer_ = event->position().toPoint();
    fitsItself_ = false;
    controller_->press(*event);
    event->accept();
}

void CanvasView::mouseMoveEvent(QMouseEvent* event) {
    lastPointer_ = event->position().toPoint();
    controller_->move(*event);
    event->accept();
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event) {
    controller_->release(*event);
    event->accept();
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event) {
    controller_->doubleClick(*event);
    event->accept();
}

void CanvasView::wheelEvent(QWheelEvent* event) {
    const bool isTouchpad = !event->pixelDelta().isNull() && !(event->modifiers() & Qt::ControlModifier);
    if (isTouchpad) {
        scrollByPixels(event->pixelDelta());
    } else if (event->modifiers() & Qt::ShiftModifier) {
        scrollByPixels(QPointF(event->angleDelta().y() + event->angleDelta().x(), 0));
    } else {
        // Alt turns the wheel sideways on X11.
        const int turned = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
        zoomAt(std::pow(kWheelBase, turned), event->position());
    }
    event->accept();
}

void CanvasView::keyPressEvent(QKeyEvent* event) {
    if (!controller_->keyPress(*event)) event->ignore();
}

void CanvasView::keyReleaseEvent(QKeyEvent* event) {
    if (!controller_->keyRelease(*event)) event->ignore();
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QPoint at = byKey ? viewport()->rect().center() : event->pos();
    controller_->showMenu(at, byKey ? viewport()->mapToGlobal(at) : event->globalPos());
    event->accept();
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event) {
    if (controller_->dragEnter(*event)) event->acceptProposedAction();
}

void CanvasView::dragMoveEvent(QDragMoveEvent* event) {
    controller_->dragMove(*event);
    event->acceptProposedAction();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent*) { controller_->cancelTool(); }

void CanvasView::dropEvent(QDropEvent* event) {
    controller_->drop(*event);
    event->acceptProposedAction();
}

void CanvasView::drawBackground(QPainter* painter, const QRectF& exposed) {
    painter->fillRect(exposed, tokens().canvas);
    double step = kDotStep;
    while (step * zoom() < kDotGap) step *= 2;
    const double left = std::floor(exposed.left() / step) * step;
    const double top = std::floor(exposed.top() / step) * step;
    QVector<QPointF> dots;
    dots.reserve(static_cast<qsizetype>((exposed.width() / step + 2) * (exposed.height() / step + 2)));
    for (double x = left; x < exposed.right(); x += step)
        for (double y = top; y < exposed.bottom(); y += step) dots.append({x, y});
    painter->setPen(QPen(tokens().canvasDot, 0));  // one device pixel: the fast way to draw points
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

void CanvasView::drawForeground(QPainter* painter, const QRectF&) {
    painter->save();
    controller_->paintOverlay(*painter);
    painter->restore();
}

void CanvasView::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    if (!controller_) return;
    if (fitsItself_) {
        fit(controller_->sync().contentRect(), 1.0);
    }
    controller_->viewChanged();
}

void CanvasView::scrollContentsBy(int dx, int dy) {
    QGraphicsView::scrollContentsBy(dx, dy);
    // Small widgets are moved with the picture by scrolling; each goes to its own place again.
    if (controller_) controller_->viewChanged();
}

void CanvasView::focusOutEvent(QFocusEvent* event) {
    QGraphicsView::focusOutEvent(event);
    controller_->cancelTool();
}

}  // namespace shapewise::ui
