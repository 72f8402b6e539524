#pragma once
// SceneSync: makes the scene show the document. patch() changes what a Change names; the scene is then the same as
// rebuild() would make it (tests hold it to that). The scene is never asked what the document is.

#include "core/session/document.h"
#include "ui/canvas/scene/items.h"

#include <QGraphicsScene>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace shapewise::ui {

class DocumentModel;

class SceneSync {
  public:
    SceneSync(QGraphicsScene& scene, const DocumentModel& document);

    void rebuild();
    /// The same in parts, so that a large graph does not hold the window up: makes the first nodes, then some more at
    /// each continueRebuild() until isRebuilding() is false. What is asked of the scene meanwhile knows the nodes that
    /// are there.
    void startRebuild();
    void continueRebuild();
    [[nodiscard]] bool isRebuilding() const { return !waiting_.empty(); }
    void patch(const session::Change& change);
    /// Badges and suspicious edges from the present diagnostics.
    void updateProblems();
    /// After a change of theme or font.
    void layOutAgain();

    /// Null when there is no such node or link.
    [[nodiscard]] NodeItem* node(NodeId id) const;
    [[nodiscard]] EdgeItem* edge(const graph::LinkPlace& place) const;
    [[nodiscard]] std::vector<NodeItem*> nodes() const;
    [[nodiscard]] std::vector<EdgeItem*> edges() const;
    [[nodiscard]] std::vector<EdgeItem*> edgesOf(NodeId id) const;
    [[nodiscard]] std::size_t nodeCount() const { return nodeCount_; }

    void setThumbnail(NodeId id, const QImage& picture);
    void clearThumbnails();
    void setThumbnailsVisible(bool visible);

    /// Shows nodes somewhere else while a tool drags them; the document does not know.
    void showAt(NodeId id, const QPointF& place);
    /// Back to where the document has them.
    void showAtHome(NodeId id);

    /// Bodies of all nodes, also of those not yet made; empty without nodes.
    [[nodiscard]] QRectF contentRect() const;
    /// Everything shown, in words, for comparing a patched scene with a rebuilt one.
    [[nodiscard]] std::string description() const;

  private:
    using LinkKey = std::pair<std::uint32_t, std::size_t>;

    void reset();
    void showNext();
    [[nodiscard]] QRectF expectedRect() const;
    void showNode(NodeId id);
    void removeNode(NodeId id);
    void showEdgesInto(NodeId id);
    void removeEdgesInto(NodeId id, std::size_t keep);
    void placeEdgesOf(NodeId id);
    void placeEdge(EdgeItem& edge);
    void growScene();
    [[nodiscard]] std::set<NodeId> affected(const session::Change& change) const;

    QGraphicsScene& scene_;
    const DocumentModel& document_;
    std::vector<NodeItem*> nodes_;                       ///< by id
    std::vector<std::vector<EdgeItem*>> edges_;          ///< by consumer, then slot
    std::vector<std::optional<diag::Severity>> badges_;  ///< by id
    std::set<LinkKey> suspicious_;
    std::size_t nodeCount_ = 0;
    std::vector<NodeId> waiting_;     ///< while rebuilding: all nodes
    std::size_t shown_ = 0;           ///< of `waiting_`, first as nodes, then with their edges
    std::map<NodeId, QImage> early_;  ///< pictures of nodes not yet made
    bool thumbnailsVisible_ = true;
};

}  // namespace shapewise::ui
