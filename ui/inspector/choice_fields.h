#pragma once
// Fields one chooses in: a tick, one of a list, or one of a list with a search.

#include "ui/inspector/field.h"

class QCheckBox;
class QComboBox;

namespace shapewise::ui {

class CheckField : public Field {
    Q_OBJECT

  public:
    CheckField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    QCheckBox* box_;
};

/// A name that is none of the choices (from a file) stays visible as the first entry.
class ChoiceField : public Field {
    Q_OBJECT

  public:
    ChoiceField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    void fill();
    QComboBox* box_;
};

/// Activation and Window: type or choose; finds by any part of the name.
class SuggestionField : public Field {
    Q_OBJECT

  public:
    SuggestionField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    QComboBox* box_;
};

}  // namespace shapewise::ui
