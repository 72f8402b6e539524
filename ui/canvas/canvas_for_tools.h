#pragma once
// CanvasForTools: the canvas as gestures see it: passes on to who knows or does it.

#include "ui/canvas/canvas_marks.h"
#include "ui/canvas/canvas_picker.h"
#include "ui/canvas/canvas_selection.h"

namespace shapewise::ui {

class CanvasOverlays;
class CanvasView;
class DocumentModel;

struct CanvasParts {
    CanvasView& view;
    DocumentModel& document;
    SceneSync& sync;
    const CanvasPicker& picker;
    CanvasSelection& selection;
    CanvasMarks& marks;
    CanvasOverlays& overlays;
};

class CanvasForTools final : public ToolCanvas {
  public:
    explicit CanvasForTools(const CanvasParts& parts) : parts_(parts) {}

    [[nodiscard]] const graph::Project& project() const override;
    [[nodiscard]] const edit::WiringIndex& wiring() const override;
    [[nodiscard]] Hit hitAt(const QPointF& scene) const override;
    [[nodiscard]] double zoom() const override;
    [[nodiscard]] std::vector<NodeId> selectedNodes() const override;
    [[nodiscard]] std::vector<NodeId> nodesTouching(const QRectF& scene) const override;
    [[nodiscard]] QRectF bodyOf(NodeId node) const override;
    [[nodiscard]] QPointF portAt(const LooseLink& end) const override;
    [[nodiscard]] int rankAt(const LooseLink& end) const override;
    [[nodiscard]] std::optional<graph::LinkPlace> linkUnder(const QRectF& body, NodeId except) const override;

    void showNodeAt(NodeId node, const QPointF& place) override;
    void showNodeAtHome(NodeId node) override;
    void markSplice(const std::optional<graph::LinkPlace>& link) override;
    void markTargets(const std::optional<LooseLink>& end) override;
    void fadeLink(const std::optional<graph::LinkPlace>& link) override;
    void showPointerText(const QString& text, const QPointF& viewport) override;
    void overlayChanged() override;

    bool perform(const edit::Edit& edit) override;
    void selectNodes(const std::vector<NodeId>& nodes, Selecting how) override;
    void selectLink(const graph::LinkPlace& link, Selecting how) override;
    void scrollBy(const QPointF& viewportDelta) override;
    void searchLayerFor(const LooseLink& end, const QPointF& scene) override;

  private:
    CanvasParts parts_;
};

}  // namespace shapewise::ui
