#include "ui/canvas/canvas_for_tools.h"

#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/canvas_overlays.h"
#include "ui/session/document_model.h"

namespace shapewise::ui {

const graph::Project& CanvasForTools::project() const { return parts_.document.project(); }
const edit::WiringIndex& CanvasForTools::wiring() const { return parts_.document.analysis(); }
Hit CanvasForTools::hitAt(const QPointF& scene) const { return parts_.picker.hitAt(scene, zoom()); }
double CanvasForTools::zoom() const { return parts_.view.zoom(); }
std::vector<NodeId> CanvasForTools::selectedNodes() const { return parts_.selection.nodes(); }
std::vector<NodeId> CanvasForTools::nodesTouching(const QRectF& scene) const {
    return parts_.picker.nodesTouching(scene);
}
QRectF CanvasForTools::bodyOf(NodeId node) const { return parts_.picker.bodyOf(node); }
QPointF CanvasForTools::portAt(const LooseLink& end) const { return parts_.picker.portAt(end); }
int CanvasForTools::rankAt(const LooseLink& end) const { return parts_.picker.rankAt(end); }
std::optional<graph::LinkPlace> CanvasForTools::linkUnder(const QRectF& body, NodeId except) const {
    return parts_.picker.linkUnder(body, except);
}

void CanvasForTools::showNodeAt(NodeId node, const QPointF& place) { parts_.sync.showAt(node, place); }
void CanvasForTools::showNodeAtHome(NodeId node) { parts_.sync.showAtHome(node); }
void CanvasForTools::markSplice(const std::optional<graph::LinkPlace>& link) { parts_.marks.splice(link); }
void CanvasForTools::markTargets(const std::optional<LooseLink>& end) { parts_.marks.targets(end); }
void CanvasForTools::fadeLink(const std::optional<graph::LinkPlace>& link) { parts_.marks.fade(link); }
void CanvasForTools::showPointerText(const QString& text, const QPointF& viewport) {
    parts_.overlays.showPointerText(text, viewport);
}
void CanvasForTools::overlayChanged() { parts_.view.viewport()->update(); }

bool CanvasForTools::perform(const edit::Edit& edit) { return parts_.document.perform(edit); }
void CanvasForTools::selectNodes(const std::vector<NodeId>& nodes, Selecting how) {
    parts_.selection.select(nodes, how);
}
void CanvasForTools::selectLink(const graph::LinkPlace& link, Selecting how) { parts_.selection.selectLink(link, how); }
void CanvasForTools::scrollBy(const QPointF& viewportDelta) { parts_.view.scrollByPixels(viewportDelta); }
void CanvasForTools::searchLayerFor(const LooseLink& end, const QPointF& scene) {
    parts_.overlays.searchLayerFor(end, scene);
}

}  // namespace shapewise::ui
