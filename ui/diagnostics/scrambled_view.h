#pragma once
// ScrambledView: a pattern before a Reshape that exchanges axes, after it, and as Permute would leave it.

#include "core/mistakes/rules/scrambling.h"

#include <QWidget>

namespace shapewise::ui {

class ScrambledView : public QWidget {
    Q_OBJECT

  public:
    explicit ScrambledView(QWidget* parent);

    void show(const mistakes::ScrambledPicture& picture);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    mistakes::ScrambledPicture picture_;
};

}  // namespace shapewise::ui
