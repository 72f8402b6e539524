#pragma once

#include <QWidget>

namespace shapewise::ui {

/// What an empty canvas shows: three examples as cards, and the two keys to press.
class EmptyCanvas : public QWidget {
    Q_OBJECT

  public:
    explicit EmptyCanvas(QWidget* parent);
    /// In the middle of the parent.
    void place();

  Q_SIGNALS:
    void exampleRequested(int index);
};

}  // namespace shapewise::ui
