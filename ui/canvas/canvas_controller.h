#pragma once
// CanvasController: what CanvasView has behind it. Owns the parts of the canvas, gives events of the view to the tool
// in use and keys to the table of actions, and tells the parts of changes.

#include "ui/canvas/canvas_for_tools.h"
#include "ui/canvas/tools/tool_table.h"

#include <QGraphicsScene>
#include <QObject>
#include <QTimer>

#include <memory>

class QDropEvent;
class QKeyEvent;
class QMouseEvent;

namespace shapewise::ui {

class CanvasCommands;

class CanvasController : public QObject {
    Q_OBJECT

  public:
    CanvasController(CanvasView& view, DocumentModel& document);
    ~CanvasController() override;

    // Events of the view; true when used up
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void doubleClick(const QMouseEvent& event);
    bool keyPress(const QKeyEvent& event);
    bool keyRelease(const QKeyEvent& event);
    void showMenu(const QPoint& viewport, const QPoint& global);
    void showToolTip(const QPoint& viewport, const QPoint& global) const;
    bool dragEnter(QDropEvent& event);
    void dragMove(QDropEvent& event);
    void drop(QDropEvent& event);
    void viewChanged();
    void cancelTool();
    void paintOverlay(QPainter& painter) const;

    /// Cancels the gesture, closes the callout, deselects, or leaves the open group: the first that there is.
    void stepOut();
    /// While held, the left button moves the view.
    void holdSpace(bool held);
    void revealProblemOf(NodeId node);

    /// Other tools than those of toolTable(), which outlive this.
    void setTools(std::span<const ToolRow> tools) { tools_ = tools; }

    [[nodiscard]] CanvasView& view() { return view_; }
    [[nodiscard]] DocumentModel& document() { return document_; }
    [[nodiscard]] QGraphicsScene& scene() { return scene_; }
    [[nodiscard]] SceneSync& sync() { return sync_; }
    [[nodiscard]] const CanvasPicker& picker() const { return picker_; }
    [[nodiscard]] CanvasSelection& selection() { return selection_; }
    [[nodiscard]] CanvasOverlays& overlays() { return *overlays_; }
    [[nodiscard]] CanvasCommands& commands() { return *commands_; }

  private:
    [[nodiscard]] PointerEvent pointer(const QPointF& viewport, Qt::KeyboardModifiers modifiers) const;
    [[nodiscard]] Hit hitAt(const QPointF& scene) const;
    void setTool(std::unique_ptr<Tool> tool);
    void showCursor();
    void announceHint();
    void documentChanged(const session::Change& change);
    void catchUp();
    void themeChanged();
    void problemsChanged();
    void selectionChanged();

    CanvasView& view_;
    DocumentModel& document_;
    QGraphicsScene scene_;
    SceneSync sync_;
    CanvasPicker picker_;
    CanvasSelection selection_;
    CanvasMarks marks_;
    std::unique_ptr<CanvasOverlays> overlays_;
    std::unique_ptr<CanvasCommands> commands_;
    std::unique_ptr<ToolCanvas> toolCanvas_;
    std::span<const ToolRow> tools_ = toolTable();
    std::unique_ptr<Tool> tool_;
    QTimer catchUpTimer_;
    QString hint_;
    bool spaceHeld_ = false;
};

}  // namespace shapewise::ui
