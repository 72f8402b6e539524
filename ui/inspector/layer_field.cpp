#include "ui/inspector/layer_field.h"

#include "core/layers/framework/catalog.h"
#include "ui/base/qt_text.h"
#include "ui/inspector/property_form.h"

#include <QComboBox>
#include <QCompleter>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

ValueDict configOf(const Value& value) {
    const Value* config = value.find("config");
    return config != nullptr && config->isDict() ? config->asDict() : ValueDict{};
}

Value layerValue(std::string className, ValueDict config) {
    return Value(ValueDict{{"class_name", Value(std::move(className))}, {"config", Value(std::move(config))}});
}

bool mayBeInside(const layers::LayerType& type) {
    return type.inputs.size() == 1 && !type.inputs.front().many && type.infer != nullptr && type.isLayer() &&
           !type.isSource();
}

}  // namespace

LayerField::LayerField(const layers::ParamSpec& spec, QWidget* parent)
    : Field(spec, parent), box_(new QComboBox(this)), form_(new PropertyForm(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(box_);
    column->addWidget(form_);
    form_->layout()->setContentsMargins(0, 4, 0, 0);
    box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box_->setMinimumContentsLength(8);
    for (const layers::LayerType* type : layers::allLayers())
        if (mayBeInside(*type)) box_->addItem(toQString(type->className));
    box_->setCurrentIndex(-1);
    setEditor(box_);
    connect(box_, &QComboBox::textActivated, this, &LayerField::chooseClass);
    connect(form_, &PropertyForm::edited, this, &LayerField::setParameter);
    connect(form_, &PropertyForm::resetRequested, this,
            [this](const QString& key) { setParameter(key, std::nullopt); });
}

const layers::LayerType* LayerField::type() const {
    const Value* name = value_.find("class_name");
    return name != nullptr && name->isText() ? layers::findLayer(name->asText()) : nullptr;
}

void LayerField::display(const std::optional<Value>& value) {
    value_ = value.value_or(Value());
    const Value* name = value_.find("class_name");
    const QString text = name != nullptr && name->isText() ? toQString(name->asText()) : QString();
    if (!text.isEmpty() && box_->findText(text) < 0) box_->addItem(text);
    box_->setCurrentIndex(box_->findText(text));
    presentForm();
}

void LayerField::presentForm() {
    const layers::LayerType* now = type();
    if (now != formType_) {
        formType_ = now;
        std::vector<const layers::ParamSpec*> specs;
        if (now != nullptr)
            for (const layers::ParamSpec& spec : now->params) specs.push_back(&spec);
        form_->setSpecs(specs);
    }
    form_->setVisible(now != nullptr);
    const ValueDict config = configOf(value_);
    form_->present([&](const layers::ParamSpec& spec) {
        const auto found =
            std::find_if(config.begin(), config.end(), [&](const auto& entry) { return entry.first == spec.key; });
        PropertyForm::Shown shown;
        shown.isChanged = found != config.end() && !(found->second == spec.fallback);
        shown.value = found != config.end() ? found->second : spec.fallback;
        return shown;
    });
}

void LayerField::chooseClass(const QString& className) {
    const layers::LayerType* chosen = layers::findLayer(className.toStdString());
    if (chosen == nullptr || chosen == type()) return;
    ValueDict config{{"name", Value(layers::automaticName(*chosen))}};
    for (const layers::ParamSpec& spec : chosen->params)
        if (spec.required && !spec.initial.isNone()) config.emplace_back(std::string(spec.key), spec.initial);
    value_ = layerValue(std::string(chosen->className), std::move(config));
    presentForm();
    take(value_);
}

void LayerField::setParameter(const QString& key, std::optional<Value> value) {
    const layers::LayerType* inside = type();
    if (inside == nullptr) return;
    ValueDict config = configOf(value_);
    const std::string name = key.toStdString();
    std::erase_if(config, [&](const auto& entry) { return entry.first == name; });
    if (value) config.emplace_back(name, std::move(*value));
    value_ = layerValue(std::string(inside->className), std::move(config));
    presentForm();
    take(value_);
}

}  // namespace shapewise::ui
