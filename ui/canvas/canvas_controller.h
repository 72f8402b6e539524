#pragma once
// CanvasController: what CanvasView has behind it: the scene, the tool in use, hover, and the small widgets on top.
// Implements what tools may ask and do.

#include "ui/canvas/scene/scene_sync.h"
#include "ui/canvas/tools/tool.h"

#include <QGraphicsScene>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>

class QDropEvent;
class QKeyEvent;
class QLabel;
class QMenu;
class QMouseEvent;

namespace shapewise::ui {

class Callout;
class CanvasView;
class DocumentModel;
class EmptyCanvas;
class Minimap;
class QuickAdd;
class RenameField;

class CanvasController : public QObject, public ToolCanvas {
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
    /// Whether the canvas wants that key for itself while it has the focus.
    [[nodiscard]] bool wants(const QKeyEvent& event) const;
    void showMenu(const QPoint& viewport, const QPoint& global);
    void showToolTip(const QPoint& viewport, const QPoint& global) const;
    bool dragEnter(QDropEvent& event);
    void dragMove(QDropEvent& event);
    void dragLeave();
    void drop(QDropEvent& event);
    void viewChanged();
    void cancelTool();
    void paintOverlay(QPainter& painter) const;

    // Actions
    void deleteSelection(bool heal);
    bool copy();
    void paste(const QPointF& scene);
    /// With `keepIncoming`, the copies are fed by what feeds the originals.
    void duplicate(bool keepIncoming);
    void rename();
    void nudge(const QPointF& by);
    NodeId addLayer(const QString& className, const QPointF& scene, bool connectToSelection);
    void openQuickAdd(const QPointF& scene);
    void replaceSelected(const layers::LayerType& type);
    void revealProblemOf(NodeId node);
    void setMinimapVisible(bool visible);

    [[nodiscard]] SceneSync& sync() { return sync_; }
    [[nodiscard]] QGraphicsScene& scene() { return scene_; }
    [[nodiscard]] std::vector<edits::Splice> selectedLinks() const;
    /// Where the pointer is when it is over the canvas, else the middle of the view. Scene coordinates.
    [[nodiscard]] QPointF pointerPlace() const;
    /// That place, or one below it where a node of usual size covers no other.
    [[nodiscard]] QPointF freePlace(QPointF wanted) const;

    // ToolCanvas
    [[nodiscard]] const graph::Project& project() const override;
    bool perform(const edit::Edit& edit) override;
    [[nodiscard]] Hit hitAt(const QPointF& scene) const override;
    [[nodiscard]] double zoom() const override;
    [[nodiscard]] std::vector<NodeId> selectedNodes() const override;
    void selectNodes(const std::vector<NodeId>& nodes, Selecting how) override;
    void selectLink(const graph::LinkPlace& link, Selecting how) override;
    [[nodiscard]] std::vector<NodeId> nodesTouching(const QRectF& scene) const override;
    [[nodiscard]] QRectF bodyOf(NodeId node) const override;
    [[nodiscard]] QPointF portAt(const LooseLink& end) const override;
    [[nodiscard]] int rankAt(const LooseLink& end) const override;
    [[nodiscard]] std::optional<graph::LinkPlace> linkUnder(const QRectF& body, NodeId except) const override;
    [[nodiscard]] bool canSplice(NodeId node) const override;
    void showNodeAt(NodeId node, const QPointF& place) override;
    void showNodeAtHome(NodeId node) override;
    void markSplice(const std::optional<graph::LinkPlace>& link) override;
    void markTargets(const std::optional<LooseLink>& end) override;
    void fadeLink(const std::optional<graph::LinkPlace>& link) override;
    void showPointerText(const QString& text, const QPointF& viewport) override;
    void overlayChanged() override;
    void scrollBy(const QPointF& viewportDelta) override;
    void searchLayerFor(const LooseLink& end, const QPointF& scene) override;

  private:
    [[nodiscard]] PointerEvent pointer(const QPointF& viewport, Qt::KeyboardModifiers modifiers) const;
    [[nodiscard]] std::unique_ptr<Tool> toolFor(const QMouseEvent& event);
    void setTool(std::unique_ptr<Tool> tool);
    void hover(const Hit& hit);
    void announceHint();
    void documentChanged(const session::Change& change);
    void continueRebuild();
    void themeChanged();
    void problemsChanged();
    void chooseProblem();
    void placeCallout();
    void showMinimap();
    void selectionMoved();
    void addChosen(const QString& className);
    [[nodiscard]] const diag::Diagnostic* problemToShow() const;
    [[nodiscard]] bool isFree(const QPointF& place) const;
    [[nodiscard]] QPointF placeBehind(NodeId node) const;
    bool editKey(const QKeyEvent& event);
    bool viewKey(const QKeyEvent& event);
    void followLink(bool forward);
    void fillNodeMenu(QMenu& menu);
    void fillReplaceMenu(QMenu& menu);
    void fillCanvasMenu(QMenu& menu, const QPointF& scene);
    void buildWidgets();
    void takeFocusBack();

    CanvasView& view_;
    DocumentModel& document_;
    QGraphicsScene scene_;
    SceneSync sync_;
    QTimer rebuildTimer_;
    std::unique_ptr<Tool> tool_;
    QString hint_;
    bool spaceHeld_ = false;
    Hit hovered_;
    std::optional<graph::LinkPlace> spliceMark_;
    std::optional<graph::LinkPlace> fadeMark_;
    bool targetsMarked_ = false;

    QLabel* pointerText_ = nullptr;
    Callout* callout_ = nullptr;
    QuickAdd* quickAdd_ = nullptr;
    RenameField* renameField_ = nullptr;
    EmptyCanvas* empty_ = nullptr;
    Minimap* minimap_ = nullptr;
    QPointF quickAddPlace_;
    std::optional<LooseLink> quickAddEnd_;
    std::string closedProblem_;  ///< key of the problem whose callout was closed
    std::string shownProblem_;
    int pasteCount_ = 0;
};

}  // namespace shapewise::ui
