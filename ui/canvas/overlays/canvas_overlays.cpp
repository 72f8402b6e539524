#include "ui/canvas/overlays/canvas_overlays.h"

#include "core/layers/framework/layer.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/canvas_notice.h"
#include "ui/canvas/overlays/empty_canvas.h"
#include "ui/canvas/overlays/minimap.h"
#include "ui/canvas/overlays/problem_callout.h"
#include "ui/canvas/overlays/rename_field.h"
#include "ui/palette/quick_add.h"
#include "ui/session/document_model.h"

#include <QLabel>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr std::size_t kMinimapFrom = 6;  ///< fewer nodes need no overview
constexpr QPoint kPointerTextOffset{16, 18};

}  // namespace

CanvasOverlays::CanvasOverlays(CanvasView& view, DocumentModel& document, const SceneSync& sync,
                               const CanvasPicker& picker, const CanvasSelection& selection)
    : view_(view),
      document_(document),
      sync_(sync),
      picker_(picker),
      selection_(selection),
      empty_(*new EmptyCanvas(view.viewport())),
      minimap_(*new Minimap(sync, view.viewport())),
      callout_(*new ProblemCallout(view, document, sync, selection)),
      pointerText_(*new QLabel(view.viewport())),
      notice_(*new CanvasNotice(view.viewport())),
      search_(*new QuickAdd(view.viewport())),
      nameField_(*new RenameField(view.viewport())) {
    callout_.setParent(this);
    minimap_.hide();
    pointerText_.setObjectName(QStringLiteral("pointerText"));
    pointerText_.setAttribute(Qt::WA_TransparentForMouseEvents);
    pointerText_.setMargin(5);
    pointerText_.hide();
    resized_.setSingleShot(true);
    resized_.setInterval(0);
    connectWidgets();
}

void CanvasOverlays::connectWidgets() {
    connect(&empty_, &EmptyCanvas::exampleRequested, &view_, &CanvasView::exampleRequested);
    connect(&minimap_, &Minimap::travelled, this, [this](const QPointF& scene) { view_.centerOn(scene); });
    connect(&callout_, &ProblemCallout::chosen, this, &CanvasOverlays::placeCallout);
    connect(&search_, &QuickAdd::layerChosen, this,
            [this](const QString& className) { Q_EMIT layerChosen(className, searchPlace_, searchEnd_); });
    connect(&search_, &QuickAdd::closed, this, [this] {
        searchEnd_.reset();
        placeCallout();
    });
    connect(&search_, &QuickAdd::closing, this, &CanvasOverlays::takeFocusBack);
    connect(&nameField_, &RenameField::renamed, this, &CanvasOverlays::renamed);
    connect(&nameField_, &RenameField::closing, this, &CanvasOverlays::takeFocusBack);
    connect(&nameField_, &RenameField::refused, this, [this](const QString& why) {
        if (why.isEmpty())
            notice_.hide();
        else
            showNotice(why, nameField_.geometry().bottomLeft() - QPoint(14, 12));
    });
    nameField_.setCheck([this](NodeId node, const QString& name) {
        const graph::Node* other = document_.graph().findByName(name.toStdString());
        return other == nullptr || other->id == node ? QString() : tr("Another node has this name");
    });
    connect(&view_, &CanvasView::noticeShown, this, [this](const QString& text) { showNotice(text, noticePlace()); });
    connect(&document_, &DocumentModel::changed, this, [this] { notice_.hide(); });
    connect(&resized_, &QTimer::timeout, this, &CanvasOverlays::placeCallout);
}

void CanvasOverlays::stop() {
    search_.disconnect(this);
    nameField_.disconnect(this);
    nameField_.setCheck({});  // it outlives the document it would ask
}

void CanvasOverlays::takeFocusBack() {
    // Not from a field elsewhere that was clicked and has the focus by now.
    const QWidget* now = view_.window()->focusWidget();
    if (now == nullptr || now == &view_ || view_.isAncestorOf(now)) view_.setFocus(Qt::OtherFocusReason);
}

void CanvasOverlays::viewChanged() {
    const bool isEmpty = sync_.nodeCount() == 0;
    if (isEmpty) empty_.place();
    empty_.setVisible(isEmpty);
    minimap_.place();
    minimap_.setVisibleRect(view_.visibleRect());
    placeCallout();
}

void CanvasOverlays::graphReplaced() {
    callout_.open();
    nameField_.cancel();
    closeSearch();
}

void CanvasOverlays::problemsChanged() {
    callout_.choose();
    minimap_.contentChanged();
}

void CanvasOverlays::selectionChanged() {
    callout_.selectionChanged();
    minimap_.contentChanged();
}

void CanvasOverlays::themeChanged() {
    callout_.choose();
    minimap_.contentChanged();
}

void CanvasOverlays::setGestureRuns(bool runs) {
    gestureRuns_ = runs;
    placeCallout();
}

void CanvasOverlays::openCallout() {
    callout_.open();
    callout_.choose();
}

bool CanvasOverlays::closeCallout() { return callout_.close(); }

void CanvasOverlays::placeCallout() {
    callout_.place(!gestureRuns_ && search_.isHidden());
    showMinimap();
}

void CanvasOverlays::showMinimap() {
    const bool isCovered = callout_.isShown() && callout_.geometry().intersects(minimap_.geometry());
    // In a small view it would hide more than it shows.
    const QSize room = view_.viewport()->size();
    const bool hasRoom = room.width() >= 3 * minimap_.width() && room.height() >= 3 * minimap_.height();
    minimap_.setVisible(view_.isMinimapWanted() && sync_.nodeCount() >= kMinimapFrom && hasRoom && !isCovered &&
                        !minimapHidesWhatIsInSight());
}

/// All nodes are in sight, some of them below it: the canvas is the better overview.
bool CanvasOverlays::minimapHidesWhatIsInSight() const {
    if (!view_.visibleRect().contains(sync_.contentRect())) return false;
    const QRectF below = view_.mapToScene(minimap_.geometry()).boundingRect();
    return !sync_.nodesTouching(below).empty();
}

void CanvasOverlays::searchLayer(const QPointF& scene) {
    searchPlace_ = scene;
    searchEnd_.reset();
    const std::vector<NodeId> nodes = selection_.nodes();
    if (nodes.size() == 1 && !document_.graph().find(nodes.front())->type->outputs.empty()) {
        const LooseLink end{true, nodes.front(), 0};
        search_.open(view_.mapFromScene(scene), tr("Add a layer behind %1").arg(document_.nodeName(end.node)),
                     picker_.rankAt(end), true);
        searchEnd_ = end;
        const bool isPointed = view_.viewport()->rect().contains(view_.lastPointer());
        if (!isPointed) searchPlace_ = picker_.placeBehind(end.node);
    } else {
        search_.open(view_.mapFromScene(scene), tr("Add a layer"), -1, false);
    }
    placeCallout();
}

void CanvasOverlays::searchLayerFor(const LooseLink& end, const QPointF& scene) {
    searchEnd_ = end;
    searchPlace_ = scene;
    const QString name = document_.nodeName(end.node);
    const QString title =
        end.fromOutput ? tr("Add a layer behind %1").arg(name) : tr("Add a layer before %1").arg(name);
    search_.open(view_.mapFromScene(scene), title, end.fromOutput ? picker_.rankAt(end) : -1, end.fromOutput);
}

void CanvasOverlays::closeSearch() { search_.cancel(); }

void CanvasOverlays::rename() {
    const std::vector<NodeId> nodes = selection_.nodes();
    const NodeItem* item = nodes.size() == 1 ? sync_.node(nodes.front()) : nullptr;
    if (item == nullptr) {
        Q_EMIT view_.noticeShown(tr("Select one node to rename it"));
        return;
    }
    const QRectF header = item->layout().header.translated(item->pos());
    nameField_.open(item->id(), item->view().name, view_.viewportTransform().mapRect(header).toAlignedRect());
}

QPoint CanvasOverlays::noticePlace() const {
    const QPoint pointer = view_.lastPointer();
    return view_.viewport()->rect().contains(pointer) ? pointer : view_.viewport()->rect().center();
}

void CanvasOverlays::showNotice(const QString& text, const QPoint& viewport) { notice_.show(text, viewport); }

void CanvasOverlays::offer(NodeId node, const QString& text, const QString& wayOut, std::function<void()> take) {
    const QRectF body = view_.viewportTransform().mapRect(picker_.bodyOf(node));
    const QRectF room = view_.viewport()->rect();
    const QRectF anchor = room.intersects(body) ? body : QRectF(room.center(), QSizeF(1, 1));
    notice_.offer(text, wayOut, std::move(take), anchor, boxesOfOthers(node));
}

std::vector<Obstacle> CanvasOverlays::boxesOfOthers(NodeId node) const {
    const QTransform toView = view_.viewportTransform();
    std::vector<Obstacle> boxes;
    for (const NodeItem* item : sync_.nodesTouching(view_.visibleRect()))
        if (item->id() != node) boxes.push_back({toView.mapRect(item->sceneBody())});
    if (callout_.isShown()) boxes.push_back({QRectF(callout_.geometry())});
    return boxes;
}

bool CanvasOverlays::closeNotice() {
    const bool isShown = notice_.isVisible();
    notice_.hide();
    return isShown;
}

void CanvasOverlays::showPointerText(const QString& text, const QPointF& viewport) {
    pointerText_.setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    pointerText_.setText(text);
    pointerText_.adjustSize();
    const QSize room = view_.viewport()->size();
    const QPoint at = viewport.toPoint() + kPointerTextOffset;
    pointerText_.move(std::clamp(at.x(), 0, std::max(0, room.width() - pointerText_.width())),
                      std::clamp(at.y(), 0, std::max(0, room.height() - pointerText_.height())));
    pointerText_.raise();
}

}  // namespace shapewise::ui
