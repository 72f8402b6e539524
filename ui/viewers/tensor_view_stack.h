#pragma once
// TensorViewStack: the views of the table, one at a time, or a sentence in their place. A view is made when it is first
// wanted.

#include "ui/viewers/tensor_views.h"

#include <QStackedWidget>

#include <vector>

class QLabel;

namespace shapewise::ui {

class TensorViewStack : public QStackedWidget {
    Q_OBJECT

  public:
    explicit TensorViewStack(std::vector<TensorViewSpec> views, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<TensorViewSpec>& views() const { return views_; }
    /// Null when there is none of that id.
    [[nodiscard]] const TensorViewSpec* view(const QString& id) const;
    /// Brings a row of views() to the front and has it show the tensor.
    void present(const TensorViewSpec& spec, const TensorShown& shown);
    void showMessage(const QString& text);
    /// Lets go of all tensors.
    void clear();

    [[nodiscard]] QLabel* message() const { return message_; }
    /// Null while the message is on screen.
    [[nodiscard]] TensorView* current() const;
    [[nodiscard]] bool isCurrent(const TensorViewSpec& spec) const;
    /// A null picture while the message is on screen.
    [[nodiscard]] QImage picture() const;
    [[nodiscard]] bool isBusy() const;

  Q_SIGNALS:
    /// The value under the pointer, as text; empty when there is none.
    void readOutChanged(const QString& text);
    /// In current().
    void cellChosen(const shapewise::ui::TensorIndex& index);
    void pagesChanged();

  private:
    [[nodiscard]] TensorView* made(const TensorViewSpec& spec);

    std::vector<TensorViewSpec> views_;
    std::vector<TensorView*> made_;  ///< one a row; null: not wanted yet
    QLabel* message_;
};

}  // namespace shapewise::ui
