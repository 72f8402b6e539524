#pragma once
// CanvasOverlays: the small widgets above the canvas, as children of its viewport: when each is shown, and where.

#include "ui/canvas/canvas_picker.h"
#include "ui/canvas/canvas_selection.h"
#include "ui/canvas/overlays/free_place.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <vector>

class QLabel;

namespace shapewise::ui {

class CanvasNotice;
class CanvasView;
class DocumentModel;
class EmptyCanvas;
class Minimap;
class ProblemCallout;
class QuickAdd;
class RenameField;

class CanvasOverlays : public QObject {
    Q_OBJECT

  public:
    CanvasOverlays(CanvasView& view, DocumentModel& document, const SceneSync& sync, const CanvasPicker& picker,
                   const CanvasSelection& selection);
    /// Widgets go one by one: nobody is to be told.
    void stop();

    /// Size, zoom or scrolling: each goes to its place again.
    void viewChanged();
    /// Another graph: what was open closes.
    void graphReplaced();
    void problemsChanged();
    void selectionChanged();
    void themeChanged();
    /// While a gesture runs, no callout is in its way.
    void setGestureRuns(bool runs);

    /// The search for a layer, to be added behind the only selected node where there is one.
    void searchLayer(const QPointF& scene);
    /// The same for a link that was drawn to that place.
    void searchLayerFor(const LooseLink& end, const QPointF& scene);
    void closeSearch();
    /// The name of the only selected node, edited where it stands.
    void rename();
    /// Shows the callout of the selection's problem, also when it was closed.
    void openCallout();
    /// False when none is visible.
    bool closeCallout();
    /// Why something could not be done, where it was tried.
    void showNotice(const QString& text, const QPoint& viewport);
    /// The same beside that node, with what can be done instead.
    void offer(NodeId node, const QString& text, const QString& wayOut, std::function<void()> take);
    /// Nodes have grown or shrunk: once for all that do so at one time.
    void nodesResized() { resized_.start(); }
    /// False when none is visible.
    bool closeNotice();
    /// One line beside the pointer; empty: none.
    void showPointerText(const QString& text, const QPointF& viewport);

  Q_SIGNALS:
    /// Of the search: a layer for that place, to be connected to that end.
    void layerChosen(const QString& className, const QPointF& scene,
                     const std::optional<shapewise::ui::LooseLink>& end);
    void renamed(shapewise::NodeId node, const QString& name);

  private:
    void connectWidgets();
    void placeCallout();
    [[nodiscard]] std::vector<Obstacle> boxesOfOthers(NodeId node) const;
    void showMinimap();
    [[nodiscard]] bool minimapHidesWhatIsInSight() const;
    void takeFocusBack();
    [[nodiscard]] QPoint noticePlace() const;

    CanvasView& view_;
    DocumentModel& document_;
    const SceneSync& sync_;
    const CanvasPicker& picker_;
    const CanvasSelection& selection_;
    EmptyCanvas& empty_;
    Minimap& minimap_;
    ProblemCallout& callout_;
    QLabel& pointerText_;
    CanvasNotice& notice_;
    QuickAdd& search_;
    RenameField& nameField_;
    QTimer resized_;
    bool gestureRuns_ = false;
    QPointF searchPlace_;
    std::optional<LooseLink> searchEnd_;
};

}  // namespace shapewise::ui
