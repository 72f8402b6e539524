#pragma once

#include "ui/canvas/tools/tool.h"

namespace shapewise::ui {

/// Draws a link from an output to an input or the other way round, or picks up the end of an existing one. Dropped on
/// an occupied input it takes the place of the link there; on a node, it goes to the nearest free port; in the void, a
/// search for a layer opens, or a picked-up link is gone. What is structurally impossible is refused with the reason at
/// the pointer; shapes that do not fit are accepted and shown.
class ConnectTool : public Tool {
  public:
    ConnectTool(ToolCanvas& canvas, const LooseLink& fixed, const PointerEvent& press);
    /// Picks up the input end of a link.
    ConnectTool(ToolCanvas& canvas, const edits::Splice& pickedUp, const PointerEvent& press);

    void move(const PointerEvent& event) override;
    void release(const PointerEvent& event) override;
    void cancel() override;
    [[nodiscard]] QString hint() const override;
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::CrossCursor; }
    void paint(QPainter& painter) const override;

  private:
    void clearPreview();
    /// The edit a drop on `hit` would make; nullopt when there is no port there.
    [[nodiscard]] std::optional<edit::Edit> editFor(const Hit& hit, const QPointF& scene) const;
    [[nodiscard]] std::optional<LooseLink> targetOf(const Hit& hit, const QPointF& scene) const;
    [[nodiscard]] std::optional<std::uint16_t> nearestInput(NodeId node, const QPointF& scene) const;

    LooseLink fixed_;
    std::optional<edits::Splice> pickedUp_;
    PointerEvent press_;
    QPointF now_;
    std::optional<LooseLink> target_;
    QString refusal_;
    bool dragging_ = false;
};

}  // namespace shapewise::ui
