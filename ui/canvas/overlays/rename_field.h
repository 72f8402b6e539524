#pragma once

#include <QLineEdit>

#include "core/base/ids.h"

namespace shapewise::ui {

/// The name of a node, edited where it stands. Enter takes it, Esc leaves it. A child of the viewport.
class RenameField : public QLineEdit {
    Q_OBJECT

  public:
    explicit RenameField(QWidget* parent);

    void open(NodeId node, const QString& name, const QRect& box);
    void cancel();
    [[nodiscard]] NodeId node() const { return node_; }

  Q_SIGNALS:
    void renamed(shapewise::NodeId node, const QString& name);
    /// Still visible: the focus can be taken before it goes to the next widget of the window.
    void closing();

  protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void finish(bool take);

    NodeId node_;
    bool isClosing_ = false;
};

}  // namespace shapewise::ui
