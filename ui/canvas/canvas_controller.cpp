#include "ui/canvas/canvas_controller.h"

#include "core/layers/framework/catalog.h"
#include "ui/base/wording.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/callout.h"
#include "ui/canvas/overlays/empty_canvas.h"
#include "ui/canvas/overlays/minimap.h"
#include "ui/canvas/overlays/rename_field.h"
#include "ui/canvas/tools/connect.h"
#include "ui/canvas/tools/pan.h"
#include "ui/canvas/tools/place.h"
#include "ui/canvas/tools/rubber_band.h"
#include "ui/canvas/tools/select_move.h"
#include "ui/palette/palette_dock.h"
#include "ui/palette/quick_add.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QUrl>

#include <algorithm>

namespace shapewise::ui {
namespace {

/// What a layer from the palette looks like before it is there.
constexpr QSizeF kPlacedSize{176, 80};

}  // namespace

CanvasController::CanvasController(CanvasView& view, DocumentModel& document)
    : QObject(&view), view_(view), document_(document), sync_(scene_, document) {
    // Edges are long: the index would be slower than none (measured in ux.md, section 6).
    scene_.setItemIndexMethod(QGraphicsScene::NoIndex);
    view.setScene(&scene_);
    buildWidgets();
    connect(&scene_, &QGraphicsScene::selectionChanged, this, &CanvasController::selectionMoved);
    connect(&document, &DocumentModel::changed, this, &CanvasController::documentChanged);
    connect(&document, &DocumentModel::diagnosticsChanged, this, &CanvasController::problemsChanged);
    connect(&document, &DocumentModel::refused, &view, &CanvasView::noticeShown);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, &CanvasController::themeChanged);
    rebuildTimer_.setInterval(0);
    connect(&rebuildTimer_, &QTimer::timeout, this, &CanvasController::continueRebuild);
    sync_.rebuild();
    problemsChanged();
}

CanvasController::~CanvasController() {
    // Items and small widgets go one by one: nobody is to be told.
    scene_.disconnect(this);
    quickAdd_->disconnect(this);
    renameField_->disconnect(this);
    view_.setScene(nullptr);
}

void CanvasController::themeChanged() {
    forgetPaintCaches();
    forgetCanvasFonts();
    sync_.layOutAgain();
    view_.viewport()->update();
    chooseProblem();
}

void CanvasController::documentChanged(const session::Change& change) {
    if (tool_) cancelTool();
    // Marks come off while their items are still there.
    hover(Hit());
    markSplice(std::nullopt);
    fadeLink(std::nullopt);
    if (change.replaced) {
        const QSignalBlocker quiet(&scene_);
        sync_.startRebuild();
        if (sync_.isRebuilding()) rebuildTimer_.start();
        closedProblem_.clear();
        renameField_->cancel();
        quickAdd_->cancel();
        view_.fitWhenShown();
    } else {
        sync_.patch(change);
        view_.keepAllVisible();
    }
    empty_->setVisible(sync_.nodeCount() == 0);
    if (change.replaced) selectionMoved();
    viewChanged();
}

void CanvasController::continueRebuild() {
    sync_.continueRebuild();
    if (sync_.isRebuilding()) return;
    rebuildTimer_.stop();
    view_.keepAllVisible();
    viewChanged();
}

PointerEvent CanvasController::pointer(const QPointF& viewport, Qt::KeyboardModifiers modifiers) const {
    const QPointF scene = view_.viewportTransform().inverted().map(viewport);
    return {scene, viewport, modifiers};
}

std::unique_ptr<Tool> CanvasController::toolFor(const QMouseEvent& event) {
    const PointerEvent at = pointer(event.position(), event.modifiers());
    const bool isPan = event.button() == Qt::MiddleButton || (event.button() == Qt::LeftButton && spaceHeld_);
    if (isPan) return std::make_unique<PanTool>(*this, at);
    if (event.button() != Qt::LeftButton) return nullptr;
    const Hit hit = hitAt(at.scene);
    switch (hit.kind) {
        case Hit::Kind::Output: return std::make_unique<ConnectTool>(*this, LooseLink{true, hit.node, hit.port}, at);
        case Hit::Kind::Input: {
            const graph::Node& node = *project().graph.find(hit.node);
            // The last link of that port is the one on top.
            for (std::size_t slot = node.inputs.size(); slot-- > 0;)
                if (node.inputs[slot].toPort == hit.port)
                    return std::make_unique<ConnectTool>(*this, edits::at(project(), {hit.node, slot}), at);
            return std::make_unique<ConnectTool>(*this, LooseLink{false, hit.node, hit.port}, at);
        }
        case Hit::Kind::Node: return std::make_unique<SelectMoveTool>(*this, hit.node, at);
        case Hit::Kind::Edge: selectLink(hit.link, selectingOf(event.modifiers())); return nullptr;
        case Hit::Kind::Nothing: break;
    }
    return std::make_unique<RubberBandTool>(*this, at);
}

void CanvasController::setTool(std::unique_ptr<Tool> tool) {
    tool_ = std::move(tool);
    view_.viewport()->setCursor(tool_ ? tool_->cursor() : (spaceHeld_ ? Qt::OpenHandCursor : Qt::ArrowCursor));
    announceHint();
    placeCallout();
}

void CanvasController::announceHint() {
    const QString hint = tool_ ? tool_->hint() : QString();
    if (hint == hint_) return;
    hint_ = hint;
    Q_EMIT view_.hintChanged(hint_);
}

void CanvasController::press(const QMouseEvent& event) {
    if (tool_) return;
    quickAdd_->cancel();
    hover(Hit());
    setTool(toolFor(event));
}

void CanvasController::move(const QMouseEvent& event) {
    const PointerEvent at = pointer(event.position(), event.modifiers());
    if (!tool_) {
        hover(hitAt(at.scene));
        return;
    }
    tool_->move(at);
    view_.viewport()->setCursor(tool_->cursor());
    announceHint();
    placeCallout();
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
        openQuickAdd(at.scene);
    } else if (hit.kind == Hit::Kind::Node) {
        selectNodes({hit.node}, Selecting::Replace);
        if (document_.opens(hit.node)) {
            document_.openGroup(hit.node);
        } else {
            rename();
        }
    } else {
        press(event);
    }
}

void CanvasController::hover(const Hit& hit) {
    if (hit == hovered_) return;
    const auto mark = [this](const Hit& at, bool on) {
        if (NodeItem* node = sync_.node(at.node)) {
            NodeLook look = node->look();
            look.hovered = on && at.kind == Hit::Kind::Node;
            look.grownInputs = on && at.kind == Hit::Kind::Input ? std::vector<int>{at.port} : std::vector<int>{};
            look.grownOutputs = on && at.kind == Hit::Kind::Output ? std::vector<int>{at.port} : std::vector<int>{};
            node->setLook(look);
        }
        if (at.kind != Hit::Kind::Edge) return;
        if (EdgeItem* edge = sync_.edge(at.link)) {
            EdgeLook look = edge->look();
            look.hovered = on;
            edge->setLook(look);
        }
    };
    mark(hovered_, false);
    hovered_ = hit;
    mark(hovered_, true);
}

void CanvasController::showToolTip(const QPoint& viewport, const QPoint& global) const {
    const Hit hit = hitAt(pointer(viewport, {}).scene);
    QString text;
    if (const NodeItem* node = sync_.node(hit.node)) {
        const NodeView& view = node->view();
        if (hit.kind == Hit::Kind::Node) text = spokenText(view);
        const bool isPort = hit.kind == Hit::Kind::Input || hit.kind == Hit::Kind::Output;
        if (isPort) {
            const PortView& port = (hit.kind == Hit::Kind::Input ? view.inputs : view.outputs)[hit.port];
            text = port.rank >= 0 ? tr("%1: rank %2").arg(port.name).arg(port.rank) : port.name;
            if (port.wantedRank >= 0 && port.wantedRank != port.rank)
                text += tr(", wants rank %1").arg(port.wantedRank);
            if (port.optional) text += tr(" (optional)");
        }
    }
    if (hit.kind == Hit::Kind::Edge)
        if (const EdgeItem* edge = sync_.edge(hit.link)) text = edge->view().label;
    if (hit.kind == Hit::Kind::Node)
        for (const diag::Diagnostic& problem : document_.diagnostics())
            if (problem.node == hit.node) text += QStringLiteral("\n") + shown(problem.title);
    QToolTip::showText(global, text, view_.viewport());
}

bool CanvasController::dragEnter(QDropEvent& event) {
    const QMimeData& data = *event.mimeData();
    if (data.hasFormat(QString::fromLatin1(kLayerMimeType))) {
        const QByteArray name = data.data(QString::fromLatin1(kLayerMimeType));
        const layers::LayerType* type = layers::findLayer({name.constData(), static_cast<std::size_t>(name.size())});
        if (type == nullptr) return false;
        setTool(std::make_unique<PlaceTool>(*this, *type, kPlacedSize));
        return true;
    }
    return data.hasUrls();
}

void CanvasController::dragMove(QDropEvent& event) {
    if (!tool_) return;
    tool_->move(pointer(event.position(), event.modifiers()));
    announceHint();
}

void CanvasController::dragLeave() { cancelTool(); }

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

void CanvasController::paintOverlay(QPainter& painter) const {
    if (tool_) tool_->paint(painter);
}

}  // namespace shapewise::ui
