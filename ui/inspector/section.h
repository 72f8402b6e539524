#pragma once
// Section: a part of a panel under a small heading in capitals, with a line above.

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace shapewise::ui {

class Section : public QWidget {
    Q_OBJECT

  public:
    explicit Section(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void addWidget(QWidget* widget, int stretch = 0);

  private:
    QLabel* heading_;
    QVBoxLayout* column_;
};

}  // namespace shapewise::ui
