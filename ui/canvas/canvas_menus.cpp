#include "ui/canvas/canvas_menus.h"

#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_actions.h"
#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/canvas_overlays.h"
#include "ui/palette/layer_list_model.h"
#include "ui/palette/layer_search.h"
#include "ui/session/document_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QMenu>

#include <algorithm>

namespace shapewise::ui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Canvas", text); }

QAction* addBare(QMenu& menu, const char* id) {
    const CanvasAction& row = canvasAction(QString::fromLatin1(id));
    QAction* action = menu.addAction(row.text);
    action->setShortcut(row.keys.front());
    if (!row.icon.isEmpty()) action->setIcon(icon(row.icon));
    return action;
}

QAction* add(QMenu& menu, CanvasController& canvas, const char* id) {
    QAction* action = addBare(menu, id);
    const auto run = canvasAction(QString::fromLatin1(id)).run;
    QObject::connect(action, &QAction::triggered, &canvas, [&canvas, run] { run(canvas); });
    return action;
}

void addCode(QMenu& menu, CanvasController& canvas, const std::vector<NodeId>& nodes) {
    menu.addAction(icon(QStringLiteral("code")), tr("Copy as Keras Code"), &canvas,
                   [&canvas, nodes] { Q_EMIT canvas.view().kerasCodeRequested(nodes); });
}

void fillReplaceMenu(QMenu& menu, CanvasController& canvas, NodeId id) {
    const graph::Node& node = *canvas.document().graph().find(id);
    QMenu* replaceMenu = menu.addMenu(icon(QStringLiteral("replace")), tr("Replace With"));
    const auto offer = [&](const layers::LayerType& type) {
        QAction* action =
            replaceMenu->addAction(categoryIcon(Tokens::category(type.category)), layerTitle(type), &canvas,
                                   [&canvas, &type] { canvas.commands().replaceSelected(type); });
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

void fillNodeMenu(QMenu& menu, CanvasController& canvas) {
    const std::vector<NodeId> nodes = canvas.selection().nodes();
    if (nodes.size() == 1) {
        if (canvas.document().opens(nodes.front())) {
            add(menu, canvas, "graph.open");
            menu.addSeparator();
        }
        add(menu, canvas, "edit.rename");
        fillReplaceMenu(menu, canvas, nodes.front());
        menu.addSeparator();
    }
    for (const char* id : {"edit.cut", "edit.copy", "edit.duplicate", "canvas.duplicateLinked"}) add(menu, canvas, id);
    addCode(menu, canvas, nodes);
    menu.addSeparator();
    for (const char* id : {"edit.delete", "edit.heal"}) add(menu, canvas, id);
}

void fillGroundMenu(QMenu& menu, CanvasController& canvas, const QPointF& scene) {
    QObject::connect(addBare(menu, "graph.add"), &QAction::triggered, &canvas,
                     [&canvas, scene] { canvas.overlays().searchLayer(scene); });
    QObject::connect(addBare(menu, "edit.paste"), &QAction::triggered, &canvas,
                     [&canvas, scene] { canvas.commands().paste(scene); });
    if (!canvas.document().openPath().empty()) {
        QAction* back = addBare(menu, "canvas.stepOut");
        back->setText(tr("Back to the Outer Graph"));
        QObject::connect(back, &QAction::triggered, &canvas, [&canvas] { canvas.document().closeGroups(); });
    }
    menu.addSeparator();
    add(menu, canvas, "edit.selectAll");
    add(menu, canvas, "view.fit")->setText(tr("Fit All"));
    add(menu, canvas, "view.zoom100");
    menu.addSeparator();
    addCode(menu, canvas, {});
}

}  // namespace

QMenu* makeCanvasMenu(CanvasController& canvas, const Hit& hit, const QPointF& scene) {
    auto* menu = new QMenu(&canvas.view());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (hit.node.isValid()) {
        fillNodeMenu(*menu, canvas);
    } else if (hit.kind == Hit::Kind::Edge) {
        add(*menu, canvas, "edit.delete")->setText(tr("Delete Link"));
    } else {
        fillGroundMenu(*menu, canvas, scene);
    }
    return menu;
}

}  // namespace shapewise::ui
