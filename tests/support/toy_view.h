#pragma once
// ToyView: the least a view of tensors is: it remembers what it was given.

#include "ui/viewers/tensor_views.h"

namespace shapewise::test {

class ToyView : public ui::TensorView {
  public:
    using ui::TensorView::TensorView;
    void show(const ui::TensorShown& shown) override {
        setOnScreen(shown);
        ++shows;
    }
    [[nodiscard]] bool isBusy() const override { return false; }
    [[nodiscard]] QImage picture(QSize size, qreal) override { return QImage(size, QImage::Format_RGB32); }
    void fail(const QString& why) { Q_EMIT failed(why); }

    int shows = 0;
};

/// Its row: chosen by nobody, offered for tensors of rank 2.
[[nodiscard]] inline ui::TensorViewSpec toyView() {
    return {.id = QStringLiteral("toy"),
            .title = QStringLiteral("Toy"),
            .accepts = [](const tensor::TensorType& type) { return type.shape.rank() == 2; },
            .make = [](QWidget* parent) -> ui::TensorView* { return new ToyView(parent); },
            .suits = [](const ui::TensorShown&, ui::Room) { return false; }};
}

}  // namespace shapewise::test
