#pragma once
// SceneSync: makes the scene show the document. patch() changes what a Change names; the scene is then the same as
// rebuild() would make it (tests hold it to that). The scene is never asked what the document is. What lies where is
// kept beside the items, so that no question about a place looks at all of them.

#include "core/session/document.h"
#include "ui/canvas/scene/items.h"
#include "ui/canvas/scene/problem_marks.h"
#include "ui/canvas/scene/rect_index.h"

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
    /// each catchUp() until isBehind() is false. What is asked of the scene meanwhile knows the nodes that are there.
    void startRebuild();
    /// Where many shapes come out different, what is visible shows them at once and the rest at each catchUp().
    void patch(const session::Change& change);
    void catchUp();
    [[nodiscard]] bool isBehind() const { return !waiting_.empty() || lateCount_ > 0; }
    /// The part of the scene on screen: it is the first to be up to date.
    void setVisibleRect(const QRectF& scene);
    /// Badges and suspicious edges from the present diagnostics.
    void updateProblems();
    /// After a change of theme or font.
    void layOutAgain();

    /// Null when there is no such node or link.
    [[nodiscard]] NodeItem* node(NodeId id) const;
    [[nodiscard]] EdgeItem* edge(const graph::LinkPlace& place) const;
    /// The one with the lowest id; null without nodes.
    [[nodiscard]] NodeItem* firstNode() const;
    [[nodiscard]] std::vector<NodeItem*> nodes() const;
    [[nodiscard]] std::vector<EdgeItem*> edges() const;
    [[nodiscard]] std::vector<EdgeItem*> edgesOf(NodeId id) const;
    [[nodiscard]] std::size_t nodeCount() const { return nodeCount_; }
    /// Nodes whose bodies meet that rectangle, in the order they were made. O(what lies near).
    [[nodiscard]] std::vector<NodeItem*> nodesTouching(const QRectF& scene) const { return nodeIndex_.touching(scene); }
    /// Edges whose bounding rectangles do.
    [[nodiscard]] std::vector<EdgeItem*> edgesTouching(const QRectF& scene) const { return edgeIndex_.touching(scene); }
    /// Another number after every change of what is where or how it is marked by problems.
    [[nodiscard]] std::uint64_t generation() const { return generation_; }

    /// Whether the size of the node is another now.
    bool setThumbnail(NodeId id, const QImage& picture);
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
    void reset();
    void finishRebuild();
    void showNext();
    void showLate(NodeId id);
    void showLateIn(const QRectF& scene);
    void postpone(NodeId id);
    void showNode(NodeId id);
    void removeNode(NodeId id);
    void showEdgesInto(NodeId id);
    void removeEdgesInto(NodeId id, std::size_t keep);
    void placeEdgesOf(NodeId id);
    void placeEdge(EdgeItem& edge);
    void placed(NodeItem& node);
    void growScene();
    void waitFor(NodeId id, NodeId cause);
    [[nodiscard]] std::vector<NodeId> affected(const session::Change& change) const;

    QGraphicsScene& scene_;
    const DocumentModel& document_;
    std::vector<NodeItem*> nodes_;               ///< by id
    std::vector<std::vector<EdgeItem*>> edges_;  ///< by consumer, then slot
    ProblemMarks marks_;
    std::size_t nodeCount_ = 0;
    RectIndex<NodeItem> nodeIndex_;  ///< by body
    RectIndex<EdgeItem> edgeIndex_;  ///< by bounding rectangle
    std::vector<QRectF> bodies_;     ///< by id, as they are in extent_; empty without a node
    RectExtent extent_;              ///< of all bodies
    std::uint64_t generation_ = 0;
    std::vector<NodeId> causes_;                     ///< by id: what a blocked node waits for
    std::map<NodeId, std::set<NodeId>> waitingFor_;  ///< the same from the cause
    std::vector<NodeId> waiting_;                    ///< while rebuilding: all nodes
    std::size_t shown_ = 0;                          ///< of `waiting_`, first as nodes, then with their edges
    QRectF expected_;                                ///< while rebuilding: where all of them will be
    std::map<NodeId, QImage> early_;                 ///< pictures of nodes not yet made
    std::vector<NodeId> late_;                       ///< nodes that show what was true before
    std::size_t lateNext_ = 0;                       ///< of `late_`
    std::vector<bool> isLate_;                       ///< by id
    std::size_t lateCount_ = 0;
    QRectF visible_;
    std::set<NodeId> withThumbnail_;
    bool thumbnailsVisible_ = true;
};

}  // namespace shapewise::ui
