// Keys and context menus of the canvas. They belong to the view, not to the window: letters and Delete must not compete
// with typing in the inspector.
#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/callout.h"
#include "ui/palette/layer_list_model.h"
#include "ui/palette/layer_search.h"
#include "ui/session/document_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QKeyEvent>
#include <QMenu>

#include <array>

namespace shapewise::ui {
namespace {

constexpr Qt::KeyboardModifiers kRelevant =
    Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;

bool isArrow(int key) {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

QPointF direction(int key) {
    switch (key) {
        case Qt::Key_Left: return {-1, 0};
        case Qt::Key_Right: return {1, 0};
        case Qt::Key_Up: return {0, -1};
        default: return {0, 1};
    }
}

}  // namespace

bool CanvasController::wants(const QKeyEvent& event) const {
    const Qt::KeyboardModifiers modifiers = event.modifiers() & kRelevant;
    const int key = event.key();
    if (modifiers == Qt::ControlModifier) {
        constexpr std::array kKeys = {Qt::Key_C, Qt::Key_X,      Qt::Key_V,    Qt::Key_D,    Qt::Key_A,
                                      Qt::Key_0, Qt::Key_Delete, Qt::Key_Left, Qt::Key_Right};
        return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
    }
    if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier)) return key == Qt::Key_D;
    if (modifiers == Qt::ShiftModifier) return key == Qt::Key_A || isArrow(key);
    if (modifiers != Qt::NoModifier) return false;
    constexpr std::array kKeys = {Qt::Key_Tab,   Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_Home,
                                  Qt::Key_F,     Qt::Key_F2,     Qt::Key_Escape,    Qt::Key_Return,
                                  Qt::Key_Enter, Qt::Key_Space,  Qt::Key_Plus,      Qt::Key_Minus};
    return isArrow(key) || std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

bool CanvasController::keyPress(const QKeyEvent& event) {
    if (event.key() == Qt::Key_Space && !event.isAutoRepeat() && !tool_) {
        spaceHeld_ = true;
        view_.viewport()->setCursor(Qt::OpenHandCursor);
        return true;
    }
    if (event.key() == Qt::Key_Escape) {
        if (tool_) {
            cancelTool();
        } else if (callout_->isVisible()) {
            Q_EMIT callout_->closed();
        } else if (!selectedNodes().empty() || !selectedLinks().empty()) {
            selectNodes({}, Selecting::Replace);
        } else {
            document_.closeGroups();
        }
        return true;
    }
    if (tool_) return wants(event);
    return wants(event) && (editKey(event) || viewKey(event));
}

bool CanvasController::editKey(const QKeyEvent& event) {
    const Qt::KeyboardModifiers modifiers = event.modifiers() & kRelevant;
    const bool control = modifiers == Qt::ControlModifier;
    switch (event.key()) {
        case Qt::Key_Delete: deleteSelection(control); return true;
        case Qt::Key_Backspace:
            if (selectedNodes().empty() && selectedLinks().empty()) {
                document_.closeGroups();
            } else {
                deleteSelection(false);
            }
            return true;
        case Qt::Key_F2: rename(); return true;
        case Qt::Key_Tab: openQuickAdd(pointerPlace()); return true;
        case Qt::Key_C: copy(); return true;
        case Qt::Key_X:
            if (copy()) deleteSelection(false);
            return true;
        case Qt::Key_V: paste(pointerPlace()); return true;
        case Qt::Key_D: duplicate(modifiers & Qt::ShiftModifier); return true;
        case Qt::Key_A:
            if (control) {
                view_.selectAll();
            } else {
                openQuickAdd(pointerPlace());
            }
            return true;
        default: break;
    }
    if (!isArrow(event.key())) return false;
    if (control) {
        followLink(event.key() == Qt::Key_Right);
    } else if (selectedNodes().empty()) {
        if (const auto nodes = sync_.nodes(); !nodes.empty()) selectNodes({nodes.front()->id()}, Selecting::Replace);
    } else {
        nudge(direction(event.key()) * (modifiers == Qt::ShiftModifier ? 1.0 : kGrid));
    }
    return true;
}

bool CanvasController::viewKey(const QKeyEvent& event) {
    switch (event.key()) {
        case Qt::Key_Home: view_.fitAll(); return true;
        case Qt::Key_F: view_.fitSelection(); return true;
        case Qt::Key_0: view_.zoom100(); return true;
        case Qt::Key_Plus: view_.zoomIn(); return true;
        case Qt::Key_Minus: view_.zoomOut(); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (const std::vector<NodeId> nodes = selectedNodes();
                nodes.size() == 1 && document_.opens(nodes.front())) {
                document_.openGroup(nodes.front());
            } else if (!nodes.empty()) {
                Q_EMIT view_.nodeActivated(nodes.front());
            }
            return true;
        default: return false;
    }
}

bool CanvasController::keyRelease(const QKeyEvent& event) {
    if (event.key() != Qt::Key_Space || event.isAutoRepeat()) return false;
    spaceHeld_ = false;
    if (!tool_) view_.viewport()->setCursor(Qt::ArrowCursor);
    return true;
}

void CanvasController::showMenu(const QPoint& viewport, const QPoint& global) {
    if (tool_) return;
    const QPointF scene = view_.mapToScene(viewport);
    const Hit hit = hitAt(scene);
    const bool onNode = hit.node.isValid();
    if (onNode) {
        const std::vector<NodeId> nodes = selectedNodes();
        if (std::find(nodes.begin(), nodes.end(), hit.node) == nodes.end()) selectNodes({hit.node}, Selecting::Replace);
    } else if (hit.kind == Hit::Kind::Edge) {
        selectLink(hit.link, Selecting::Replace);
    }
    auto* menu = new QMenu(&view_);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (onNode) {
        fillNodeMenu(*menu);
    } else if (hit.kind == Hit::Kind::Edge) {
        menu->addAction(icon(QStringLiteral("delete")), tr("Delete Link"), QKeySequence(Qt::Key_Delete), this,
                        [this] { deleteSelection(false); });
    } else {
        fillCanvasMenu(*menu, scene);
    }
    menu->popup(global);
}

void CanvasController::fillNodeMenu(QMenu& menu) {
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.size() == 1) {
        if (const NodeId group = nodes.front(); document_.opens(group)) {
            menu.addAction(icon(QStringLiteral("open")), tr("Open Group"), QKeySequence(Qt::Key_Return), this,
                           [this, group] { document_.openGroup(group); });
            menu.addSeparator();
        }
        menu.addAction(icon(QStringLiteral("rename")), tr("Rename"), QKeySequence(Qt::Key_F2), this,
                       [this] { rename(); });
        fillReplaceMenu(menu);
        menu.addSeparator();
    }
    menu.addAction(icon(QStringLiteral("cut")), tr("Cut"), QKeySequence::Cut, this, [this] {
        if (copy()) deleteSelection(false);
    });
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy"), QKeySequence::Copy, this, [this] { copy(); });
    menu.addAction(icon(QStringLiteral("duplicate")), tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D), this,
                   [this] { duplicate(false); });
    menu.addAction(tr("Duplicate with Inputs"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), this,
                   [this] { duplicate(true); });
    menu.addAction(icon(QStringLiteral("code")), tr("Copy as Keras Code"), this,
                   [this] { Q_EMIT view_.kerasCodeRequested(selectedNodes()); });
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("delete")), tr("Delete"), QKeySequence(Qt::Key_Delete), this,
                   [this] { deleteSelection(false); });
    menu.addAction(tr("Delete and Reconnect"), QKeySequence(Qt::CTRL | Qt::Key_Delete), this,
                   [this] { deleteSelection(true); });
}

void CanvasController::fillReplaceMenu(QMenu& menu) {
    const graph::Node& node = *project().graph.find(selectedNodes().front());
    QMenu* replaceMenu = menu.addMenu(icon(QStringLiteral("replace")), tr("Replace With"));
    const auto offer = [&](const layers::LayerType& type) {
        QAction* action = replaceMenu->addAction(categoryIcon(Tokens::category(type.category)), layerTitle(type), this,
                                                 [this, &type] { replaceSelected(type); });
        action->setToolTip(layerSummary(type));
    };
    // The same layer for other numbers of axes first, then the rest of its category.
    std::vector<const layers::LayerType*> siblings;
    for (int rank = 1; rank <= 3 && !node.type->family.name.empty(); ++rank)
        if (const layers::LayerType* type = layers::sibling(*node.type, rank); type != nullptr && type != node.type)
            siblings.push_back(type);
    for (const layers::LayerType* type : siblings) offer(*type);
    if (!siblings.empty()) replaceMenu->addSeparator();
    for (const layers::LayerType* type : layers::allLayers()) {
        const bool isListed = type == node.type || std::find(siblings.begin(), siblings.end(), type) != siblings.end();
        if (!isListed && type->category == node.type->category) offer(*type);
    }
    replaceMenu->setEnabled(!replaceMenu->isEmpty());
    replaceMenu->setToolTipsVisible(true);
}

void CanvasController::fillCanvasMenu(QMenu& menu, const QPointF& scene) {
    menu.addAction(icon(QStringLiteral("plus")), tr("Add Layer…"), QKeySequence(Qt::Key_Tab), this,
                   [this, scene] { openQuickAdd(scene); });
    menu.addAction(icon(QStringLiteral("paste")), tr("Paste"), QKeySequence::Paste, this,
                   [this, scene] { paste(scene); });
    if (!document_.openPath().empty())
        menu.addAction(tr("Back to the Outer Graph"), QKeySequence(Qt::Key_Escape), this,
                       [this] { document_.closeGroups(); });
    menu.addSeparator();
    menu.addAction(tr("Select All"), QKeySequence::SelectAll, &view_, &CanvasView::selectAll);
    menu.addAction(icon(QStringLiteral("fit")), tr("Fit All"), QKeySequence(Qt::Key_Home), &view_, &CanvasView::fitAll);
    menu.addAction(tr("Zoom to 100 %"), QKeySequence(Qt::CTRL | Qt::Key_0), &view_, &CanvasView::zoom100);
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("code")), tr("Copy as Keras Code"), this,
                   [this] { Q_EMIT view_.kerasCodeRequested({}); });
}

}  // namespace shapewise::ui
