#pragma once
// Tool: one gesture from press to release. The view sends events to the tool in use; what a tool previews is drawn by
// the overlay, the project changes only on release, by one edit. Esc cancels and leaves everything as it was.
// Tools know the canvas only through ToolCanvas, so that they run in tests without a window.

#include "core/edit/edit.h"
#include "ui/canvas/canvas_edits.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

struct PointerEvent {
    QPointF scene;
    QPointF viewport;  ///< device-independent pixels
    Qt::KeyboardModifiers modifiers;
};

/// What lies under the pointer, the topmost first: ports, then nodes, then edges.
struct Hit {
    enum class Kind { Nothing, Node, Input, Output, Edge };
    Kind kind = Kind::Nothing;
    NodeId node;
    std::uint16_t port = 0;
    graph::LinkPlace link;  ///< of Edge
    friend bool operator==(const Hit&, const Hit&) = default;
};

/// One end of a link that is being drawn.
struct LooseLink {
    bool fromOutput = true;  ///< the fixed end is an output
    NodeId node;
    std::uint16_t port = 0;
    friend bool operator==(const LooseLink&, const LooseLink&) = default;
};

enum class Selecting { Replace, Add, Toggle };

/// What a gesture may ask.
class CanvasQueries {
  public:
    virtual ~CanvasQueries() = default;

    [[nodiscard]] virtual const graph::Project& project() const = 0;
    /// Of project().
    [[nodiscard]] virtual const edit::WiringIndex& wiring() const = 0;
    [[nodiscard]] virtual Hit hitAt(const QPointF& scene) const = 0;
    [[nodiscard]] virtual double zoom() const = 0;
    [[nodiscard]] virtual std::vector<NodeId> selectedNodes() const = 0;
    [[nodiscard]] virtual std::vector<NodeId> nodesTouching(const QRectF& scene) const = 0;
    [[nodiscard]] virtual QRectF bodyOf(NodeId node) const = 0;
    /// Where a port is drawn.
    [[nodiscard]] virtual QPointF portAt(const LooseLink& end) const = 0;
    /// Rank of the tensor at that end; -1 when not known.
    [[nodiscard]] virtual int rankAt(const LooseLink& end) const = 0;
    /// A link whose curve crosses the middle of that body, other than those of `except`.
    [[nodiscard]] virtual std::optional<graph::LinkPlace> linkUnder(const QRectF& body, NodeId except) const = 0;
};

/// What a gesture may show before it has done anything.
class CanvasPreviews {
  public:
    virtual ~CanvasPreviews() = default;

    virtual void showNodeAt(NodeId node, const QPointF& place) = 0;
    virtual void showNodeAtHome(NodeId node) = 0;
    virtual void markSplice(const std::optional<graph::LinkPlace>& link) = 0;
    /// Grows the ports that would take the link and fades the rest; nullopt: as always.
    virtual void markTargets(const std::optional<LooseLink>& end) = 0;
    virtual void fadeLink(const std::optional<graph::LinkPlace>& link) = 0;
    virtual void showPointerText(const QString& text, const QPointF& viewport) = 0;
    virtual void overlayChanged() = 0;
};

/// That, and what it may do.
class ToolCanvas : public CanvasQueries, public CanvasPreviews {
  public:
    virtual bool perform(const edit::Edit& edit) = 0;
    virtual void selectNodes(const std::vector<NodeId>& nodes, Selecting how) = 0;
    virtual void selectLink(const graph::LinkPlace& link, Selecting how) = 0;
    virtual void scrollBy(const QPointF& viewportDelta) = 0;
    /// The search for a layer at that place, to be connected to that end.
    virtual void searchLayerFor(const LooseLink& end, const QPointF& scene) = 0;
};

class Tool {
  public:
    explicit Tool(ToolCanvas& canvas) : canvas_(canvas) {}
    virtual ~Tool() = default;
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;

    virtual void move(const PointerEvent& event) = 0;
    /// The gesture ends here: previews are gone afterwards.
    virtual void release(const PointerEvent& event) = 0;
    /// Everything is as before the press.
    virtual void cancel() = 0;
    /// For the status bar.
    [[nodiscard]] virtual QString hint() const = 0;
    [[nodiscard]] virtual Qt::CursorShape cursor() const { return Qt::ArrowCursor; }
    /// Painted over the scene, in scene coordinates.
    virtual void paint(QPainter&) const {}

  protected:
    [[nodiscard]] ToolCanvas& canvas() const { return canvas_; }

  private:
    ToolCanvas& canvas_;
};

/// Farther than this from the press, a click has become a drag. Pixels.
[[nodiscard]] bool isDrag(const QPointF& pressed, const QPointF& now);
[[nodiscard]] Selecting selectingOf(Qt::KeyboardModifiers modifiers);
[[nodiscard]] QPointF snapped(const QPointF& place);

}  // namespace shapewise::ui
