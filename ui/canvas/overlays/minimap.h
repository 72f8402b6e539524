#pragma once

#include "ui/canvas/scene/scene_sync.h"

#include <QPixmap>
#include <QWidget>

namespace shapewise::ui {

/// The whole graph, small, in a corner of the canvas: nodes as blocks, problems in their colour, and what is visible as
/// a frame. Press or drag to travel. The blocks are painted when the content has changed, not at each scroll.
class Minimap : public QWidget {
    Q_OBJECT

  public:
    Minimap(const SceneSync& sync, QWidget* parent);

    /// In the lower right corner of the parent.
    void place();
    void setVisibleRect(const QRectF& scene);
    /// Selection, problems or theme are others now. Nodes that come, go or move are noticed without that.
    void contentChanged();

  Q_SIGNALS:
    void travelled(const QPointF& scene);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

  private:
    /// From the scene to this widget.
    [[nodiscard]] QTransform mapping() const;
    void paintBlocks();
    void travel(const QPointF& at);

    const SceneSync& sync_;
    QRectF visible_;
    QPixmap blocks_;  ///< null when to be painted anew
    std::uint64_t generation_ = 0;
};

}  // namespace shapewise::ui
