#include "ui/canvas/canvas_actions.h"

#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/canvas_overlays.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QKeyEvent>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr Qt::KeyboardModifiers kRelevant =
    Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;

QString tr(const char* text) { return QCoreApplication::translate("Canvas", text); }
QString id(const char* text) { return QString::fromLatin1(text); }

QList<QKeySequence> keys(std::initializer_list<QKeySequence> sequences) { return sequences; }

template <int x, int y, int step>
void nudge(CanvasController& canvas) {
    canvas.commands().nudgeOrSelect(QPointF(x, y) * step);
}

std::vector<CanvasAction> editRows() {
    return {
        {.id = id("edit.cut"),
         .text = tr("Cut"),
         .keys = keys({Qt::CTRL | Qt::Key_X}),
         .icon = id("cut"),
         .run = [](CanvasController& canvas) { canvas.commands().cut(); }},
        {.id = id("edit.copy"),
         .text = tr("Copy"),
         .keys = keys({Qt::CTRL | Qt::Key_C}),
         .icon = id("copy"),
         .run = [](CanvasController& canvas) { canvas.commands().copy(); }},
        {.id = id("edit.paste"),
         .text = tr("Paste"),
         .keys = keys({Qt::CTRL | Qt::Key_V}),
         .icon = id("paste"),
         .run = [](CanvasController& canvas) { canvas.commands().paste(canvas.commands().pointerPlace()); }},
        {.id = id("edit.duplicate"),
         .text = tr("Duplicate"),
         .keys = keys({Qt::CTRL | Qt::Key_D}),
         .icon = id("duplicate"),
         .run = [](CanvasController& canvas) { canvas.commands().duplicate(false); }},
        {.id = id("canvas.duplicateLinked"),
         .text = tr("Duplicate with Inputs"),
         .keys = keys({Qt::CTRL | Qt::SHIFT | Qt::Key_D}),
         .run = [](CanvasController& canvas) { canvas.commands().duplicate(true); }},
        {.id = id("edit.delete"),
         .text = tr("Delete"),
         .keys = keys({Qt::Key_Delete}),
         .icon = id("delete"),
         .run = [](CanvasController& canvas) { canvas.commands().remove(false); }},
        {.id = id("edit.heal"),
         .text = tr("Delete and Reconnect"),
         .keys = keys({Qt::CTRL | Qt::Key_Delete}),
         .run = [](CanvasController& canvas) { canvas.commands().remove(true); }},
        {.id = id("canvas.deleteOrLeave"),
         .text = tr("Delete, or Leave the Group When Nothing Is Selected"),
         .keys = keys({Qt::Key_Backspace}),
         .run = [](CanvasController& canvas) { canvas.commands().removeOrLeave(); }},
        {.id = id("edit.rename"),
         .text = tr("Rename"),
         .keys = keys({Qt::Key_F2}),
         .icon = id("rename"),
         .run = [](CanvasController& canvas) { canvas.overlays().rename(); }},
        {.id = id("edit.selectAll"),
         .text = tr("Select All"),
         .keys = keys({Qt::CTRL | Qt::Key_A}),
         .run = [](CanvasController& canvas) { canvas.selection().selectAll(); }},
    };
}

std::vector<CanvasAction> viewRows() {
    return {
        {.id = id("view.fit"),
         .text = tr("Fit"),
         .keys = keys({Qt::Key_Home}),
         .icon = id("fit"),
         .tip = tr("The whole graph"),
         .run = [](CanvasController& canvas) { canvas.view().fitAll(); }},
        {.id = id("view.fitSelection"),
         .text = tr("Fit Selection"),
         .keys = keys({Qt::Key_F}),
         .run = [](CanvasController& canvas) { canvas.view().fitSelection(); }},
        {.id = id("view.zoomIn"),
         .text = tr("Zoom In"),
         .keys = keys({Qt::Key_Plus}),
         .windowKeys = keys({Qt::CTRL | Qt::Key_Plus, Qt::CTRL | Qt::Key_Equal}),
         .icon = id("zoom-in"),
         .run = [](CanvasController& canvas) { canvas.view().zoomIn(); }},
        {.id = id("view.zoomOut"),
         .text = tr("Zoom Out"),
         .keys = keys({Qt::Key_Minus}),
         .windowKeys = keys({Qt::CTRL | Qt::Key_Minus}),
         .icon = id("zoom-out"),
         .run = [](CanvasController& canvas) { canvas.view().zoomOut(); }},
        {.id = id("view.zoom100"),
         .text = tr("Zoom to 100 %"),
         .keys = keys({Qt::CTRL | Qt::Key_0}),
         .run = [](CanvasController& canvas) { canvas.view().zoom100(); }},
        {.id = id("canvas.pan"),
         .text = tr("Hold to Move the View with the Left Button"),
         .keys = keys({Qt::Key_Space}),
         .run = [](CanvasController& canvas) { canvas.holdSpace(true); },
         .release = [](CanvasController& canvas) { canvas.holdSpace(false); }},
    };
}

std::vector<CanvasAction> graphRows() {
    return {
        {.id = id("graph.add"),
         .text = tr("Add Layer…"),
         .keys = keys({Qt::Key_Tab, Qt::SHIFT | Qt::Key_A}),
         .icon = id("plus"),
         .run = [](CanvasController& canvas) { canvas.overlays().searchLayer(canvas.commands().pointerPlace()); }},
        {.id = id("graph.open"),
         .text = tr("Open Group"),
         .keys = keys({Qt::Key_Return, Qt::Key_Enter}),
         .icon = id("open"),
         .tip = tr("The graph inside a nested model; of any other node the properties"),
         .run = [](CanvasController& canvas) { canvas.commands().openSelected(); }},
        {.id = id("canvas.stepOut"),
         .text = tr("Cancel, Close, Deselect, or Leave the Group"),
         .keys = keys({Qt::Key_Escape}),
         .run = [](CanvasController& canvas) { canvas.stepOut(); },
         .runsInGestures = true},
    };
}

std::vector<CanvasAction> moveRows() {
    return {
        {.id = id("canvas.nextAlongLink"),
         .text = tr("Go On Along the Link"),
         .keys = keys({Qt::CTRL | Qt::Key_Right}),
         .run = [](CanvasController& canvas) { canvas.commands().follow(true); }},
        {.id = id("canvas.backAlongLink"),
         .text = tr("Go Back Along the Link"),
         .keys = keys({Qt::CTRL | Qt::Key_Left}),
         .run = [](CanvasController& canvas) { canvas.commands().follow(false); }},
        {.id = id("canvas.left"),
         .text = tr("Nudge Left by the Grid"),
         .keys = keys({Qt::Key_Left}),
         .run = nudge<-1, 0, kGrid>},
        {.id = id("canvas.right"),
         .text = tr("Nudge Right by the Grid"),
         .keys = keys({Qt::Key_Right}),
         .run = nudge<1, 0, kGrid>},
        {.id = id("canvas.up"),
         .text = tr("Nudge Up by the Grid"),
         .keys = keys({Qt::Key_Up}),
         .run = nudge<0, -1, kGrid>},
        {.id = id("canvas.down"),
         .text = tr("Nudge Down by the Grid"),
         .keys = keys({Qt::Key_Down}),
         .run = nudge<0, 1, kGrid>},
        {.id = id("canvas.leftByOne"),
         .text = tr("Nudge Left by One"),
         .keys = keys({Qt::SHIFT | Qt::Key_Left}),
         .run = nudge<-1, 0, 1>},
        {.id = id("canvas.rightByOne"),
         .text = tr("Nudge Right by One"),
         .keys = keys({Qt::SHIFT | Qt::Key_Right}),
         .run = nudge<1, 0, 1>},
        {.id = id("canvas.upByOne"),
         .text = tr("Nudge Up by One"),
         .keys = keys({Qt::SHIFT | Qt::Key_Up}),
         .run = nudge<0, -1, 1>},
        {.id = id("canvas.downByOne"),
         .text = tr("Nudge Down by One"),
         .keys = keys({Qt::SHIFT | Qt::Key_Down}),
         .run = nudge<0, 1, 1>},
    };
}

}  // namespace

const std::vector<CanvasAction>& canvasActions() {
    static const std::vector<CanvasAction> table = [] {
        std::vector<CanvasAction> rows;
        for (const auto& part : {editRows(), viewRows(), graphRows(), moveRows()})
            rows.insert(rows.end(), part.begin(), part.end());
        return rows;
    }();
    return table;
}

const CanvasAction& canvasAction(const QString& id) {
    const auto& rows = canvasActions();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const CanvasAction& row) { return row.id == id; });
    Q_ASSERT_X(found != rows.end(), "canvasAction", qPrintable(id));
    return *found;
}

const CanvasAction* canvasActionOf(const QKeyEvent& event) {
    const QKeySequence pressed(QKeyCombination(event.modifiers() & kRelevant, static_cast<Qt::Key>(event.key())));
    for (const CanvasAction& row : canvasActions()) {
        if (event.type() != QEvent::KeyRelease) {
            if (row.keys.contains(pressed)) return &row;
            continue;
        }
        // A held key is let go whatever else is held by then.
        const auto isLetGo = [&](const QKeySequence& sequence) { return sequence[0].key() == event.key(); };
        if (row.release != nullptr && std::any_of(row.keys.begin(), row.keys.end(), isLetGo)) return &row;
    }
    return nullptr;
}

}  // namespace shapewise::ui
