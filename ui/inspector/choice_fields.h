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

/// One of a list; typing goes to the entry that begins so. A name that is none of the choices (from a file) stays
/// visible as the first entry.
class ChoiceField : public Field {
    Q_OBJECT

  public:
    ChoiceField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    void fill();
    [[nodiscard]] bool meansLinear(const Value& value) const;
    QComboBox* box_;
};

/// Window, and texts with suggestions: type or choose; finds by any part of the name. Of a Window, a name that is none
/// of the choices is refused.
class SuggestionField : public Field {
    Q_OBJECT

  public:
    SuggestionField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    [[nodiscard]] Result<Value> read(const QString& text) const;

    QComboBox* box_;
};

}  // namespace shapewise::ui
