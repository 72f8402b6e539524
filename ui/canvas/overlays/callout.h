#pragma once
// Callout: the first problem of a node, beside it: what is wanted, what is got, why, and buttons that repair it.
// A child of the view's viewport, so that its text and buttons are real widgets at any zoom.

#include "core/diag/diagnostic.h"
#include "core/mistakes/rules/scrambling.h"
#include "ui/canvas/overlays/free_place.h"

#include <QFrame>

#include <optional>
#include <vector>

class QLabel;
class QToolButton;

namespace shapewise::ui {

class FlowLayout;
class ScrambledView;

class Callout : public QFrame {
    Q_OBJECT

  public:
    explicit Callout(QWidget* parent);

    /// `picture`: what a Reshape does to its axes, where that is the problem.
    void show(const diag::Diagnostic& diagnostic, const QString& rootName,
              const std::optional<mistakes::ScrambledPicture>& picture = std::nullopt);
    [[nodiscard]] NodeId node() const { return node_; }
    /// Where the refused data come from; not valid when nothing does.
    [[nodiscard]] NodeId producer() const { return producer_; }

    /// What is better not hidden, and how bad each pixel of it would be; a node never is.
    using Obstacle = ui::Obstacle;

    /// Puts it as near to `anchor` as is free, over neither it nor another node, with the title and the repairs alone
    /// where there is no room for more. All in viewport coordinates. False when there is no room at all.
    bool placeBeside(const QRectF& anchor, const std::vector<Obstacle>& obstacles, const QRect& room);

  Q_SIGNALS:
    void fixChosen(const shapewise::diag::Fix& fix);
    void explainRequested(shapewise::diag::Code code);
    void nodeRequested(shapewise::NodeId node);
    void closed();

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    void setShort(bool isShort);
    void fillButtons(const diag::Diagnostic& diagnostic);

    NodeId node_;
    NodeId producer_;
    NodeId root_;
    QLabel* title_ = nullptr;
    QLabel* shapes_ = nullptr;
    bool hasPicture_ = false;
    QLabel* why_ = nullptr;
    ScrambledView* picture_ = nullptr;
    QWidget* buttons_ = nullptr;
    FlowLayout* flow_ = nullptr;
};

}  // namespace shapewise::ui
