#include "ui/canvas/canvas_controller.h"

#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_actions.h"
#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_menus.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/hit_text.h"
#include "ui/canvas/overlays/canvas_overlays.h"
#include "ui/canvas/tools/place.h"
#include "ui/palette/layer_list_model.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QDropEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

/// What a layer from the palette looks like before it is there.
constexpr QSizeF kPlacedSize{176, 80};

}  // namespace

CanvasController::CanvasController(CanvasView& view, DocumentModel& document)
    : QObject(&view),
      view_(view),
      document_(document),
      sync_(scene_, document),
      picker_(sync_),
      selection_(scene_, sync_),
      marks_(sync_, document) {
    // Edges are long: the scene's own index would be slower than none. SceneSync keeps one.
    scene_.setItemIndexMethod(QGraphicsScene::NoIndex);
    view.setScene(&scene_);
    overlays_ = std::make_unique<CanvasOverlays>(view, document, sync_, picker_, selection_);
    commands_ = std::make_unique<CanvasCommands>(view, document, sync_, picker_, selection_);
    toolCanvas_ =
        std::make_unique<CanvasForTools>(CanvasParts{view, document, sync_, picker_, selection_, marks_, *overlays_});
    connect(overlays_.get(), &CanvasOverlays::layerChosen, this,
            [this](const QString& className, const QPointF& scene, const std::optional<LooseLink>& end) {
                commands_->addTo(end, className, scene);
            });
    connect(overlays_.get(), &CanvasOverlays::renamed, this,
            [this](NodeId node, const QString& name) { commands_->rename(node, name); });
    connect(&selection_, &CanvasSelection::changed, this, &CanvasController::selectionChanged);
    connect(&document, &DocumentModel::changed, this, &CanvasController::documentChanged);
    connect(&document, &DocumentModel::diagnosticsChanged, this, &CanvasController::problemsChanged);
    connect(&document, &DocumentModel::refused, &view, &CanvasView::noticeShown);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, &CanvasController::themeChanged);
    catchUpTimer_.setInterval(0);
    connect(&catchUpTimer_, &QTimer::timeout, this, &CanvasController::catchUp);
    sync_.rebuild();
    problemsChanged();
}

CanvasController::~CanvasController() {
    // Items and small widgets go one by one: nobody is to be told.
    selection_.stop();
    overlays_->stop();
    view_.setScene(nullptr);
}

void CanvasController::themeChanged() {
    forgetPaintCaches();
    forgetCanvasFonts();
    sync_.layOutAgain();
    view_.viewport()->update();
    overlays_->themeChanged();
}

void CanvasController::documentChanged(const session::Change& change) {
    cancelTool();
    // Marks come off while their items are still there.
    marks_.clear();
    if (change.replaced) {
        const QSignalBlocker quiet(&scene_);
        sync_.startRebuild();
        overlays_->graphReplaced();
        view_.fitWhenShown();
    } else {
        sync_.patch(change);
        view_.keepAllVisible();
    }
    if (sync_.isBehind()) catchUpTimer_.start();
    if (change.replaced) selectionChanged();
    viewChanged();
}

void CanvasController::catchUp() {
    sync_.catchUp();
    if (sync_.isBehind()) return;
    catchUpTimer_.stop();
    view_.keepAllVisible();
    viewChanged();
}

void CanvasController::problemsChanged() {
    sync_.updateProblems();
    overlays_->problemsChanged();
}

void CanvasController::selectionChanged() {
    overlays_->selectionChanged();
    Q_EMIT view_.selectionChanged(selection_.nodes());
}

void CanvasController::viewChanged() {
    const QRectF seen = view_.visibleRect();
    sync_.setVisibleRect(seen);
    marks_.setVisibleRect(seen);
    overlays_->viewChanged();
}

void CanvasController::revealProblemOf(NodeId node) {
    selection_.select({node});
    overlays_->openCallout();
}

// Tools

PointerEvent CanvasController::pointer(const QPointF& viewport, Qt::KeyboardModifiers modifiers) const {
    const QPointF scene = view_.viewportTransform().inverted().map(viewport);
    return {scene, viewport, modifiers};
}

Hit CanvasController::hitAt(const QPointF& scene) const { return picker_.hitAt(scene, view_.zoom()); }

void CanvasController::setTool(std::unique_ptr<Tool> tool) {
    tool_ = std::move(tool);
    showCursor();
    announceHint();
    overlays_->setGestureRuns(tool_ != nullptr);
}

void CanvasController::showCursor() {
    view_.viewport()->setCursor(tool_ ? tool_->cursor() : (spaceHeld_ ? Qt::OpenHandCursor : Qt::ArrowCursor));
}

void CanvasController::announceHint() {
    const QString hint = tool_ ? tool_->hint() : QString();
    if (hint == hint_) return;
    hint_ = hint;
    Q_EMIT view_.hintChanged(hint_);
}

void CanvasController::press(const QMouseEvent& event) {
    if (tool_) return;
    overlays_->closeSearch();
    overlays_->closeNotice();
    marks_.hover({});
    const PointerEvent at = pointer(event.position(), event.modifiers());
    const Press press{at, event.button(), spaceHeld_, hitAt(at.scene)};
    const ToolRow* row = toolFor(tools_, press);
    setTool(row == nullptr ? nullptr : row->make(*toolCanvas_, press));
}

void CanvasController::move(const QMouseEvent& event) {
    const PointerEvent at = pointer(event.position(), event.modifiers());
    if (!tool_) {
        marks_.hover(hitAt(at.scene));
        return;
    }
    tool_->move(at);
    showCursor();
    announceHint();
}

void CanvasController::release(const QMouseEvent& event) {
    if (!tool_) return;
    // The tool may perform an edit, which cancels the tool in use: by then it is none.
    const std::unique_ptr<Tool> tool = std::move(tool_);
    tool->release(pointer(event.position(), event.modifiers()));
    setTool(nullptr);
}

void CanvasController::cancelTool() {
    if (!tool_) return;
    const std::unique_ptr<Tool> tool = std::move(tool_);
    tool->cancel();
    setTool(nullptr);
}

void CanvasController::doubleClick(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton) return;
    const PointerEvent at = pointer(event.position(), event.modifiers());
    const Hit hit = hitAt(at.scene);
    if (hit.kind == Hit::Kind::Nothing) {
        overlays_->searchLayer(at.scene);
    } else if (hit.kind == Hit::Kind::Node) {
        selection_.select({hit.node});
        if (document_.opens(hit.node)) {
            document_.openGroup(hit.node);
        } else {
            overlays_->rename();
        }
    } else {
        press(event);
    }
}

void CanvasController::paintOverlay(QPainter& painter) const {
    if (tool_) tool_->paint(painter);
}

// Keys, menus and tips

bool CanvasController::keyPress(const QKeyEvent& event) {
    const CanvasAction* row = canvasActionOf(event);
    if (row == nullptr || (row->release != nullptr && event.isAutoRepeat())) return false;
    if (!tool_ || row->runsInGestures) row->run(*this);
    return true;
}

bool CanvasController::keyRelease(const QKeyEvent& event) {
    const CanvasAction* row = event.isAutoRepeat() ? nullptr : canvasActionOf(event);
    if (row == nullptr) return false;
    row->release(*this);
    return true;
}

void CanvasController::holdSpace(bool held) {
    spaceHeld_ = held;
    if (!tool_) showCursor();
}

void CanvasController::stepOut() {
    if (tool_) {
        cancelTool();
    } else if (overlays_->closeNotice() || overlays_->closeCallout()) {
        return;
    } else if (!selection_.isEmpty()) {
        selection_.select({});
    } else {
        document_.closeGroups();
    }
}

void CanvasController::showMenu(const QPoint& viewport, const QPoint& global) {
    if (tool_) return;
    const QPointF scene = view_.mapToScene(viewport);
    const Hit hit = hitAt(scene);
    if (hit.node.isValid()) {
        const std::vector<NodeId> nodes = selection_.nodes();
        if (std::find(nodes.begin(), nodes.end(), hit.node) == nodes.end()) selection_.select({hit.node});
    } else if (hit.kind == Hit::Kind::Edge) {
        selection_.selectLink(hit.link, Selecting::Replace);
    }
    makeCanvasMenu(*this, hit, scene)->popup(global);
}

void CanvasController::showToolTip(const QPoint& viewport, const QPoint& global) const {
    const Hit hit = hitAt(pointer(viewport, {}).scene);
    QToolTip::showText(global, textOf(hit, sync_, document_.diagnostics()), view_.viewport());
}

// What is dragged in from outside

bool CanvasController::dragEnter(QDropEvent& event) {
    const QMimeData& data = *event.mimeData();
    if (data.hasFormat(QString::fromLatin1(kLayerMimeType))) {
        const QByteArray name = data.data(QString::fromLatin1(kLayerMimeType));
        const layers::LayerType* type = layers::findLayer({name.constData(), static_cast<std::size_t>(name.size())});
        if (type == nullptr) return false;
        setTool(std::make_unique<PlaceTool>(*toolCanvas_, *type, kPlacedSize));
        return true;
    }
    return data.hasUrls();
}

void CanvasController::dragMove(QDropEvent& event) {
    if (!tool_) return;
    tool_->move(pointer(event.position(), event.modifiers()));
    announceHint();
}

void CanvasController::drop(QDropEvent& event) {
    const PointerEvent at = pointer(event.position(), event.modifiers());
    view_.stay();
    if (tool_) {
        const std::unique_ptr<Tool> tool = std::move(tool_);
        tool->release(at);
        setTool(nullptr);
        view_.setFocus(Qt::OtherFocusReason);
        return;
    }
    QStringList paths;
    for (const QUrl& url : event.mimeData()->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    if (paths.isEmpty()) return;
    // The first node lies under the pointer, not beside it.
    Q_EMIT view_.filesDropped(paths, snapped(at.scene - QPointF(kPlacedSize.width() / 2, kPlacedSize.height() / 2)));
    view_.setFocus(Qt::OtherFocusReason);
}

}  // namespace shapewise::ui
