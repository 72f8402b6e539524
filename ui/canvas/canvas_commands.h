#pragma once
// CanvasCommands: what menus, keys and the search make of the selection: each one edit, or none.

#include "ui/canvas/canvas_picker.h"
#include "ui/canvas/canvas_selection.h"

#include <QCoreApplication>

namespace shapewise::ui {

class CanvasView;
class DocumentModel;

class CanvasCommands {
    Q_DECLARE_TR_FUNCTIONS(Canvas)

  public:
    CanvasCommands(CanvasView& view, DocumentModel& document, const SceneSync& sync, const CanvasPicker& picker,
                   CanvasSelection& selection)
        : view_(view), document_(document), sync_(sync), picker_(picker), selection_(selection) {}

    /// With `heal`, what fed a removed node feeds its consumers.
    void remove(bool heal);
    /// Removes the selection; without one, leads out of the open group.
    void removeOrLeave();
    bool copy();
    void cut();
    void paste(const QPointF& scene);
    /// With `keepIncoming`, the copies are fed by what feeds the originals.
    void duplicate(bool keepIncoming);
    void rename(NodeId node, const QString& name);
    void nudge(const QPointF& by);
    /// Nudges the selection; without one, selects the first node.
    void nudgeOrSelect(const QPointF& by);
    /// The selection goes along a link.
    void follow(bool forward);
    void replaceSelected(const layers::LayerType& type);
    /// A group opens; of any other node the properties are asked for.
    void openSelected();

    /// Adds a layer there; behind the only selected node where it fits, with `connectToSelection`. Invalid when there
    /// is no such layer.
    NodeId add(const QString& className, const QPointF& scene, bool connectToSelection);
    /// Why add() would not connect the layer behind the only selected node; empty when it would, or has nothing to
    /// connect.
    [[nodiscard]] QString whyNotBehindSelection(const QString& className) const;
    /// A layer that was chosen for one end of a link. One that does not fit is added all the same, with the problem on
    /// show.
    void addTo(const std::optional<LooseLink>& end, const QString& className, const QPointF& scene);

    /// Where the pointer is when it is over the canvas, else the middle of the view. Scene coordinates.
    [[nodiscard]] QPointF pointerPlace() const;

  private:
    NodeId perform(const edits::NewLayer& layer);

    CanvasView& view_;
    DocumentModel& document_;
    const SceneSync& sync_;
    const CanvasPicker& picker_;
    CanvasSelection& selection_;
    int pasteCount_ = 0;
};

}  // namespace shapewise::ui
