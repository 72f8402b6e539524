#pragma once
// Fields one types text into: numbers, sizes, lists, and spatial sizes with one box for each axis.

#include "ui/inspector/field.h"

class QLineEdit;
class QToolButton;

namespace shapewise::ui {

class NumberBox;

/// Integer and Real.
class NumberField : public Field {
    Q_OBJECT

  public:
    NumberField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    NumberBox* box_;
};

/// Text, Sizes, IntegerList and Padding; Any as read-only text.
class TextField : public Field {
    Q_OBJECT

  public:
    TextField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    QLineEdit* line_;
};

/// One box for each axis, linked while their numbers agree: typing 5 sets all, typing 5x3 in any of them sets each.
/// A value of another form (three numbers for two axes) is shown as it is in one line.
class SpatialField : public Field {
    Q_OBJECT

  public:
    SpatialField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    void boxEdited(std::size_t axis, const QString& text);
    void setLinked(bool linked);
    void showLink();
    void showForm(bool asLine);

    std::vector<NumberBox*> boxes_;
    std::vector<QWidget*> signs_;
    QLineEdit* line_ = nullptr;
    QToolButton* link_ = nullptr;
};

}  // namespace shapewise::ui
