#include "ui/canvas/canvas_picker.h"

#include "tests/support/canvas_driver.h"
#include "ui/theme/tokens.h"

#include <cmath>
#include <random>

namespace shapewise::test {
namespace {

/// What is hit, found by a look at every item of the scene.
ui::Hit hitOfAll(const QGraphicsScene& scene, const QPointF& at, double zoom) {
    const double reach = std::min(ui::kPortTarget / zoom, 16.0);
    const double edgeReach = ui::kEdgeTarget / zoom / 2;
    const QRectF onEdge(at - QPointF(edgeReach, edgeReach), QSizeF(2 * edgeReach, 2 * edgeReach));
    ui::Hit port;
    ui::Hit body;
    ui::Hit link;
    double nearest = zoom >= 0.3 ? reach : 0.0;
    for (const QGraphicsItem* item :
         scene.items(scene.sceneRect(), Qt::IntersectsItemBoundingRect, Qt::DescendingOrder)) {
        if (const auto* node = qgraphicsitem_cast<const ui::NodeItem*>(item)) {
            const auto consider = [&](const std::vector<QPointF>& ports, ui::Hit::Kind kind) {
                for (std::size_t index = 0; index < ports.size(); ++index) {
                    const QPointF off = node->pos() + ports[index] - at;
                    if (std::hypot(off.x(), off.y()) >= nearest) continue;
                    nearest = std::hypot(off.x(), off.y());
                    port = {kind, node->id(), static_cast<std::uint16_t>(index), {}};
                }
            };
            consider(node->layout().inputs, ui::Hit::Kind::Input);
            consider(node->layout().outputs, ui::Hit::Kind::Output);
            if (body.kind == ui::Hit::Kind::Nothing && node->sceneBody().contains(at))
                body = {ui::Hit::Kind::Node, node->id(), 0, {}};
        } else if (const auto* edge = qgraphicsitem_cast<const ui::EdgeItem*>(item)) {
            if (link.kind == ui::Hit::Kind::Nothing && edge->shape().intersects(onEdge))
                link = {ui::Hit::Kind::Edge, {}, 0, edge->view().place};
        }
    }
    if (port.kind != ui::Hit::Kind::Nothing) return port;
    return body.kind != ui::Hit::Kind::Nothing ? body : link;
}

TEST(CanvasPicker, HitsWhatALookAtAllItemsHits) {
    CanvasDriver hand;
    std::mt19937 random(11);
    const auto below = [&](int limit) { return static_cast<double>(random() % static_cast<unsigned>(limit)); };
    NodeId before = hand.addSequence({0, 0});
    for (int count = 0; count < 24; ++count)  // some lie on others
        before = hand.addNode(count % 5 == 4 ? "Flatten" : "Conv1D", {below(1200), below(700)}, before);
    hand.view.select({NodeId(3), NodeId(9)});
    hand.document.perform(ui::edits::move(hand.document.project(), {NodeId(4), NodeId(9)}, {24, 64}));
    hand.document.undo();
    hand.document.perform(ui::edits::remove(hand.document.project(), {NodeId(6)}, {}));
    hand.document.undo();
    for (const double zoom : {1.0, 0.5, 0.2, 3.0}) {
        int hits = 0;
        for (int tries = 0; tries < 500; ++tries) {
            const QPointF at(below(1500) - 50, below(900) - 50);
            const ui::Hit hit = hand.controller().picker().hitAt(at, zoom);
            ASSERT_EQ(hit, hitOfAll(hand.controller().scene(), at, zoom)) << at.x() << ',' << at.y() << " at " << zoom;
            if (hit.kind != ui::Hit::Kind::Nothing) ++hits;
        }
        EXPECT_GT(hits, 50);
    }
}

}  // namespace
}  // namespace shapewise::test
