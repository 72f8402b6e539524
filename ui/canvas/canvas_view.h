#pragma once
// CanvasView: the graph on screen and everything the hand does to it. Draws what DocumentModel holds, changes it only
// by edits. Knows no files, no engine and no other panel: those listen to its signals and call its slots.

#include "core/diag/codes.h"
#include "core/graph/node.h"

#include <QGraphicsView>
#include <QImage>
#include <QStringList>

#include <memory>
#include <vector>

namespace shapewise::ui {

class CanvasController;
class DocumentModel;
struct CanvasAction;

class CanvasView : public QGraphicsView {
    Q_OBJECT

  public:
    explicit CanvasView(DocumentModel* document, QWidget* parent = nullptr);
    ~CanvasView() override;

    /// In the order of ids.
    [[nodiscard]] std::vector<NodeId> selection() const;
    [[nodiscard]] double zoom() const { return transform().m11(); }
    [[nodiscard]] bool hasSelection() const;
    /// The middle of what is visible, on the grid.
    [[nodiscard]] QPointF visibleCenter() const;
    /// Where a node lands that nobody placed: in the middle, or below what is there.
    [[nodiscard]] QPointF placeForNew() const;
    /// Everything of the scene in 1:1, for "Export Picture". The background is the canvas colour.
    [[nodiscard]] QImage picture(double scale = 1.0);

    /// Does what that row of canvasActions() says.
    void run(const CanvasAction& action);

    // For the parts of the canvas
    /// What of the scene is seen.
    [[nodiscard]] QRectF visibleRect() const;
    /// Shows everything now, and again when the size changes, until the user zooms, scrolls or edits.
    void fitWhenShown();
    /// True while the view follows the graph, so that all of it is seen.
    [[nodiscard]] bool fitsItself() const { return fitsItself_; }
    /// That zoom, with that point of the scene in the middle.
    void showAt(double zoom, const QPointF& middle);
    /// From now on a change of size leaves the picture where it is.
    void stay() { fitsItself_ = false; }
    /// After an edit from elsewhere, such as a repair: fits again where the graph has outgrown a view that fits itself.
    void keepAllVisible();
    void scrollByPixels(const QPointF& delta);
    [[nodiscard]] bool isMinimapWanted() const { return minimapWanted_; }
    /// Last seen position of the pointer over the viewport; outside of it when it has left.
    [[nodiscard]] QPoint lastPointer() const { return lastPointer_; }

  public Q_SLOTS:
    void fitAll();
    void fitSelection();  ///< all, when nothing is selected
    void zoom100();
    void zoomIn();
    void zoomOut();

    void select(const std::vector<shapewise::NodeId>& nodes);
    /// Selects and brings into view, with the callout of its first problem open.
    void reveal(shapewise::NodeId node);
    void revealLink(const shapewise::graph::LinkPlace& link);

    /// The small live picture of a node's output; a null image takes it away. Kept until the node goes.
    void setThumbnail(shapewise::NodeId node, const QImage& picture);
    void clearThumbnails();
    void setMinimapVisible(bool visible);
    void setThumbnailsVisible(bool visible);

    /// Adds a layer; connected behind the only selected node. Where that is not possible, it is not added: the canvas
    /// says why, and offers to place it all the same. Returns an invalid id then, and when there is no such layer.
    shapewise::NodeId addNode(const QString& className);

  Q_SIGNALS:
    void selectionChanged(const std::vector<shapewise::NodeId>& nodes);
    /// Enter on a node: its properties are wanted.
    void nodeActivated(shapewise::NodeId node);
    /// "Why? ..." of a callout: the page of that code is wanted.
    void explainRequested(shapewise::diag::Code code);
    void filesDropped(const QStringList& paths, const QPointF& scenePosition);
    void kerasCodeRequested(const std::vector<shapewise::NodeId>& nodes);
    /// One of the cards of the empty canvas: 0 ... 2.
    void exampleRequested(int index);
    /// What the active tool waits for, for the status bar.
    void hintChanged(const QString& hint);
    /// Why something could not be done, for the status bar.
    void noticeShown(const QString& text);
    void zoomChanged(double zoom);

  protected:
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& exposed) override;
    void drawForeground(QPainter* painter, const QRectF& exposed) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void zoomAt(double factor, const QPointF& viewport);
    void fit(const QRectF& scene, double largestZoom);
    void afterZoom();

    std::unique_ptr<CanvasController> controller_;
    QPoint lastPointer_{-1, -1};
    bool fitsItself_ = true;
    bool minimapWanted_ = true;
};

}  // namespace shapewise::ui
