#pragma once

#include <QLineEdit>

#include "core/base/ids.h"

#include <functional>
#include <utility>

namespace shapewise::ui {

/// The name of a node, edited where it stands. Enter takes it, Esc leaves it. A child of the viewport.
class RenameField : public QLineEdit {
    Q_OBJECT

  public:
    explicit RenameField(QWidget* parent);

    void open(NodeId node, const QString& name, const QRect& box);
    void cancel();
    [[nodiscard]] NodeId node() const { return node_; }
    /// Says why a name cannot be taken; empty when it can.
    void setCheck(std::function<QString(NodeId node, const QString& name)> check) { check_ = std::move(check); }

  Q_SIGNALS:
    void renamed(shapewise::NodeId node, const QString& name);
    /// Still visible: the focus can be taken before it goes to the next widget of the window.
    void closing();
    /// What is typed cannot be taken; empty: it can.
    void refused(const QString& why);

  protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void finish(bool take);
    [[nodiscard]] QString problem() const;
    void showProblem();

    NodeId node_;
    bool isClosing_ = false;
    std::function<QString(NodeId, const QString&)> check_;
};

}  // namespace shapewise::ui
