#pragma once
// CanvasNotice: why something could not be done, at the place where it was tried, and what can be done instead.

#include "ui/canvas/overlays/free_place.h"

#include <QFrame>
#include <QTimer>

#include <functional>

class QLabel;
class QPushButton;

namespace shapewise::ui {

class CanvasNotice : public QFrame {
    Q_OBJECT

  public:
    explicit CanvasNotice(QWidget* parent);

    /// Beside that point of the parent, inside of it. Goes by itself after a while.
    void show(const QString& text, const QPoint& at);
    /// Beside that node, over no other where there is room for that, with what can be done instead. Stays.
    void offer(const QString& text, const QString& wayOut, std::function<void()> take, const QRectF& node,
               const std::vector<Obstacle>& others);
    [[nodiscard]] QString text() const;

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

  private:
    void fit(const QString& text, const QString& wayOut);
    void moveInside(const QPoint& to);

    QLabel* text_;
    QPushButton* wayOut_;
    std::function<void()> take_;
    QTimer patience_;
};

}  // namespace shapewise::ui
