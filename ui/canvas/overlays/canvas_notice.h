#pragma once
// CanvasNotice: why something could not be done, at the place where it was tried, and what can be done instead.

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

    /// Beside that point of the parent, inside of it. Without a way out it goes by itself after a while.
    void show(const QString& text, const QPoint& at, const QString& wayOut = {}, std::function<void()> take = {});
    [[nodiscard]] QString text() const;

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

  private:
    void place(const QPoint& at);

    QLabel* text_;
    QPushButton* wayOut_;
    std::function<void()> take_;
    QTimer patience_;
};

}  // namespace shapewise::ui
