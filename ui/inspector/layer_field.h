#pragma once
// LayerField: the layer inside a wrapper (TimeDistributed, Bidirectional): its class and, below, its own parameters.
// The value is Keras' object {"class_name": ..., "config": {...}}.

#include "ui/inspector/field.h"

class QComboBox;

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

class PropertyForm;

class LayerField : public Field {
    Q_OBJECT

  public:
    LayerField(const layers::ParamSpec& spec, QWidget* parent);

  protected:
    void display(const std::optional<Value>& value) override;

  private:
    void chooseClass(const QString& className);
    void setParameter(const QString& key, std::optional<Value> value);
    void presentForm();
    [[nodiscard]] const layers::LayerType* type() const;

    QComboBox* box_;
    PropertyForm* form_;
    Value value_;
    const layers::LayerType* formType_ = nullptr;
};

}  // namespace shapewise::ui
