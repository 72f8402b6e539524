#pragma once
// CanvasMarks: how the hand has marked what is on the canvas: what it is over, what a gesture would do. Each mark is
// taken off again by whoever put it on; documentChanged() takes all of them off.

#include "ui/canvas/scene/scene_sync.h"
#include "ui/canvas/tools/tool.h"

#include <set>

namespace shapewise::ui {

class DocumentModel;

class CanvasMarks {
  public:
    CanvasMarks(const SceneSync& sync, const DocumentModel& document) : sync_(sync), document_(document) {}

    /// What the pointer is over.
    void hover(const Hit& hit);
    /// The link a node in the hand would go into.
    void splice(const std::optional<graph::LinkPlace>& link);
    /// The link that is being taken off.
    void fade(const std::optional<graph::LinkPlace>& link);
    /// Grows the ports that would take a link from `end` and fades the rest, in the part of the scene that is seen;
    /// nullopt: all as always.
    void targets(const std::optional<LooseLink>& end);
    /// What of the scene is seen: marks of targets follow.
    void setVisibleRect(const QRectF& scene);
    void clear();

  private:
    void markTargetsIn(const QRectF& scene);
    [[nodiscard]] NodeLook targetLook(const NodeItem& item, bool closesLoop) const;

    const SceneSync& sync_;
    const DocumentModel& document_;
    QRectF visible_;
    Hit hovered_;
    std::optional<graph::LinkPlace> splice_;
    std::optional<graph::LinkPlace> fade_;
    std::optional<LooseLink> end_;
    std::set<NodeId> marked_;  ///< as targets or faded
};

}  // namespace shapewise::ui
