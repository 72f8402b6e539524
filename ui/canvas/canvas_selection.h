#pragma once
// CanvasSelection: which nodes and links are selected. The items of the scene know it; here it is asked, changed and
// announced once per change.

#include "ui/canvas/scene/scene_sync.h"
#include "ui/canvas/tools/tool.h"

#include <QObject>

namespace shapewise::ui {

class CanvasSelection : public QObject {
    Q_OBJECT

  public:
    CanvasSelection(QGraphicsScene& scene, const SceneSync& sync);
    /// From now on nobody is told: items go one by one.
    void stop() { scene_.disconnect(this); }

    /// In the order of ids.
    [[nodiscard]] std::vector<NodeId> nodes() const;
    [[nodiscard]] std::vector<edits::Splice> links() const;
    [[nodiscard]] bool isEmpty() const;

    void select(const std::vector<NodeId>& nodes, Selecting how = Selecting::Replace);
    void selectLink(const graph::LinkPlace& link, Selecting how);
    void selectAll();

  Q_SIGNALS:
    void changed();

  private:
    QGraphicsScene& scene_;
    const SceneSync& sync_;
};

}  // namespace shapewise::ui
